import { createHmac, createPublicKey, generateKeyPairSync, type JsonWebKeyInput, sign } from 'node:crypto';
import { expected } from '../support/actor.js';
import { management } from '../support/client.js';
import { partsOf } from './oauth.js';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The attacker's own key, in the forms in which a token could bring it along. */
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ownJwk = publicKey.export({ format: 'jwk' });

/** The key that verifies tokens, as anybody can read it. */
export const publishedKey = async (kid: unknown): Promise<JsonWebKeyInput['key']> => {
  const { keys } = expected(
    await management.request<{ keys: readonly (JsonWebKeyInput['key'] & { kid: string })[] }>('GET /oauth2/jwks'),
    200,
  );
  const key = keys.find((known) => known.kid === kid);
  if (!key) throw new Error(`no key ${kid} is published`);
  return key;
};

/** The token with other members of header and claims. */
const unsigned = (token: string, header: object, claims: object = {}): string => {
  const parts = partsOf(token);
  return `${part({ ...parts.header, ...header })}.${part({ ...parts.claims, ...claims })}`;
};

/** With the signature that the token had. */
const altered = (token: string, header: object, claims: object = {}): string => `${unsigned(token, header, claims)}.${token.split('.')[2]}`;

/** With a right signature of the attacker's own key. */
const resigned = (token: string, header: object, claims: object = {}): string => {
  const text = unsigned(token, header, claims);
  return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
};

const hmac = (token: string, secret: string | Buffer): string => {
  const text = unsigned(token, { alg: 'HS256' });
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
};

/** Where the attacker would have the server fetch a key from, and the key ids that could be taken for one of the server's. */
export interface Lures {
  readonly address: string;
  readonly foreignKid: string;
}

type Forge = (token: string, lures: Lures) => string | Promise<string>;

/** Ways to make a token out of another one without the key (RFC 8725 §2). */
export const FORGERIES: Readonly<Record<string, Forge>> = {
  'alg none': (token) => `${unsigned(token, { alg: 'none' })}.`,
  'alg NONE in other letters': (token) => `${unsigned(token, { alg: 'nOnE' })}.`,
  'alg none, with the signature it had': (token) => altered(token, { alg: 'none' }),
  'no alg': (token) => altered(token, { alg: undefined }),
  'HS256 with the public key as the secret, in PEM': async (token) => {
    const key = createPublicKey({ key: await publishedKey(partsOf(token).header['kid']), format: 'jwk' });
    return hmac(token, key.export({ type: 'spki', format: 'pem' }));
  },
  'HS256 with the public key as the secret, in DER': async (token) => {
    const key = createPublicKey({ key: await publishedKey(partsOf(token).header['kid']), format: 'jwk' });
    return hmac(token, key.export({ type: 'spki', format: 'der' }));
  },
  'HS256 with an empty secret': (token) => hmac(token, ''),
  'ES256 with a signature of zeros': (token) => `${unsigned(token, { alg: 'ES256' })}.${Buffer.alloc(64).toString('base64url')}`,
  'an unknown kid': (token) => resigned(token, { kid: 'nobody' }),
  'the kid of another tenant': (token, { foreignKid }) => altered(token, { kid: foreignKid }),
  'a kid that is a path': (token) => resigned(token, { kid: '../../../../dev/null' }),
  'a kid that is SQL': (token) => resigned(token, { kid: "' OR '1'='1" }),
  'no kid': (token) => resigned(token, { kid: undefined }),
  'a foreign key under the right kid': (token) => resigned(token, {}),
  'a key of its own in jwk': (token) => resigned(token, { jwk: { ...ownJwk, kid: partsOf(token).header['kid'] } }),
  'a key of its own at jku': (token, { address }) => resigned(token, { jku: `${address}/jwks` }),
  'a certificate of its own at x5u': (token, { address }) => resigned(token, { x5u: `${address}/cert.pem` }),
  'a certificate of its own in x5c': (token) =>
    resigned(token, { x5c: [publicKey.export({ type: 'spki', format: 'der' }).toString('base64')] }),
  'an extension that must be understood': (token) => resigned(token, { crit: ['b64'], b64: false }),
  'another issuer': (token) => altered(token, {}, { iss: 'https://elsewhere.example.com' }),
  'another audience': (token) => altered(token, {}, { aud: 'somebody' }),
  'a later end': (token) => altered(token, {}, { exp: 4_000_000_000 }),
  'more scopes': (token) => altered(token, {}, { scope: 'apim:admin openid', rt_scope: 'apim:admin openid' }),
  'another user': (token) => altered(token, {}, { sub: 'somebody', entity_id: 'somebody' }),
  'no signature': (token) => token.split('.').slice(0, 2).join('.'),
  'an empty signature': (token) => `${token.split('.').slice(0, 2).join('.')}.`,
  'half of a signature': (token) => token.slice(0, -170),
};
