import { verify } from 'node:crypto';
import type { KeyManagerDocument } from '../../../domain/gateway-documents.js';
import { type KeyWanted, keyFor, type LinkedKeyManager, RESIDENT_KEY_MANAGER } from './key-manager.js';
import { VerifiedToken } from './tokens.js';

const ALGORITHMS: ReadonlyMap<unknown, string> = new Map([
  ['RS256', 'RSA-SHA256'],
  ['RS384', 'RSA-SHA384'],
  ['RS512', 'RSA-SHA512'],
]);
/** Token kinds that are signed with the same key but are no access tokens (`reference/key-manager.md` §4). */
const OTHER_KINDS: ReadonlySet<unknown> = new Set(['InternalKey', 'apiKey', 'refresh_token']);
/** Claims that only ID tokens have (OpenID Connect Core §3.1.3.6); those are signed with the same key and name the same client. */
const ID_TOKEN_CLAIMS = ['at_hash', 'c_hash'];
/** How far ahead a key manager's clock may be. */
const CLOCK_LEEWAY_SECONDS = 60;

interface JoseHeader {
  /** Node's name of the algorithm; undefined when we do not accept it. */
  readonly algorithm: string | undefined;
  readonly kid: string | null;
  /** Whether it says that it is an access token (RFC 9068). */
  readonly isAccessToken: boolean;
}

const REFUSED: JoseHeader = { algorithm: undefined, kid: null, isAccessToken: false };
const ACCESS_TOKEN = /^(application\/)?at\+jwt$/i;
const HEADERS_MAX = 256;
/** A key manager signs all its tokens with the same few headers. */
const headers = new Map<string, JoseHeader>();

const joseHeader = (encoded: string): JoseHeader => {
  const known = headers.get(encoded);
  if (known !== undefined) return known;
  const json = decode(encoded);
  const mayBeOne = json !== undefined && json['typ'] !== 'rt+jwt' && json['crit'] === undefined;
  const header: JoseHeader = mayBeOne
    ? {
        algorithm: ALGORITHMS.get(json['alg']),
        kid: typeof json['kid'] === 'string' ? json['kid'] : null,
        isAccessToken: typeof json['typ'] === 'string' && ACCESS_TOKEN.test(json['typ']),
      }
    : REFUSED;
  if (headers.size >= HEADERS_MAX) headers.clear();
  headers.set(encoded, header);
  return header;
};

/** The JSON object behind base64url; undefined for anything else. */
export const decode = (encoded: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString());
    // A JSON object, as just checked; its members are looked at one by one.
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};

const strings = (claim: unknown): readonly string[] => {
  if (typeof claim === 'string') return claim.split(' ').filter((part) => part !== '');
  return Array.isArray(claim) ? claim.filter((part): part is string => typeof part === 'string') : [];
};

const audiences = (claim: unknown): readonly string[] => (typeof claim === 'string' ? [claim] : strings(claim));

const string = (claim: unknown): string => (typeof claim === 'string' ? claim : '');

/** Whether tokens of the key manager are taken as they are, and checked by its keys: asking our own would give no other answer. */
const checksHere = ({ enabled, tokenType, isSelfValidated, name }: KeyManagerDocument): boolean =>
  enabled && tokenType !== 'EXCHANGED' && (isSelfValidated || name === RESIDENT_KEY_MANAGER);

/** Finds the key manager that issues under a name; undefined when nobody does. */
export type IssuerLookup = (issuer: string) => LinkedKeyManager | undefined;

/**
 * Checks a JWT access token (`reference/key-manager.md` §4.1) and gives its claims, or undefined when it is malformed, of another kind, not
 * signed by a known key manager, not yet or no longer valid. `presented` is the header value it came in; `keyWanted` is told of keys that are not known.
 * What is cheap comes before the signature.
 */
export const verifyJwt = (
  presented: string,
  token: string,
  keyManagerOf: IssuerLookup,
  keyWanted: KeyWanted,
  now: number,
): VerifiedToken | undefined => {
  const headerEnd = token.indexOf('.');
  const payloadEnd = token.indexOf('.', headerEnd + 1);
  if (headerEnd < 1 || payloadEnd < 0 || token.indexOf('.', payloadEnd + 1) >= 0) return undefined;
  const header = joseHeader(token.slice(0, headerEnd));
  if (header.algorithm === undefined) return undefined;
  const claims = decode(token.slice(headerEnd + 1, payloadEnd));
  if (claims === undefined || OTHER_KINDS.has(claims['token_type']) || ID_TOKEN_CLAIMS.some((claim) => claim in claims)) return undefined;
  const keyManager = keyManagerOf(string(claims['iss']));
  if (keyManager === undefined || !checksHere(keyManager.document)) return undefined;
  // Our own key signs ID tokens too, some of them without the claims above; those of others may not say what they are.
  if (!header.isAccessToken && keyManager.document.name === RESIDENT_KEY_MANAGER) return undefined;
  const expiresAt = claims['exp'] === undefined ? Number.POSITIVE_INFINITY : Number(claims['exp']) * 1_000;
  // Written so that a value that is no number refuses the token.
  if (!(expiresAt > now)) return undefined;
  if (claims['nbf'] !== undefined && !(Number(claims['nbf']) <= now / 1_000 + CLOCK_LEEWAY_SECONDS)) return undefined;
  const key = keyFor(keyManager, header.kid, keyWanted);
  if (key === undefined) return undefined;
  const signature = Buffer.from(token.slice(payloadEnd + 1), 'base64url');
  if (!verify(header.algorithm, Buffer.from(token.slice(0, payloadEnd), 'latin1'), key, signature)) return undefined;
  const { consumerKeyClaim, scopesClaim } = keyManager.document;
  const subject = string(claims['sub']);
  return new VerifiedToken(
    presented,
    keyManager,
    strings(claims[consumerKeyClaim])[0] ?? '',
    subject,
    string(claims['entity_id']) || subject,
    string(claims['jti']),
    typeof claims['iat'] === 'number' ? claims['iat'] : 0,
    expiresAt,
    strings(claims[scopesClaim]),
    audiences(claims['aud']),
  );
};
