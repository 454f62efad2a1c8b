import { type Outbound, OutboundError } from '../../platform/outbound/outbound.js';
import type { ConnectedKeyManager, TokenFacts } from './connector.js';
import { KeyManagerUnreachable, RefusedByKeyManager } from './connector.problems.js';
import { basicCredentials } from './key-manager-http.js';

const ANSWER_BYTES_MAX = 262_144;
/** RFC 7617: users and passwords go as they are, other than an OAuth client's. */
const basicUser = (user: string, password: string): string => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** Under which names the types of key managers keep the credential that may ask, and how it is written. */
const CREDENTIALS = [
  ['client_id', 'client_secret', basicCredentials],
  ['management_client_id', 'management_client_secret', basicCredentials],
  ['management_username', 'management_password', basicUser],
  ['Username', 'Password', basicUser],
  ['username', 'password', basicUser],
] as const;
const INACTIVE: TokenFacts = { active: false, clientId: '', scopes: [], subject: '', expiresAt: undefined, claims: {} };

/** Asks a key manager about a token by RFC 7662, where there is no connector: in a gateway on its own. @throws Problem when it refuses, or cannot be reached */
export const introspect = async (outbound: Outbound, keyManager: ConnectedKeyManager, token: string): Promise<TokenFacts> => {
  const { status, body } = await outbound
    .send(
      keyManager.introspectionEndpoint,
      {
        method: 'POST',
        headers: { accept: 'application/json', ...authorization(keyManager) },
        form: new URLSearchParams({ token, token_type_hint: 'access_token' }),
      },
      ANSWER_BYTES_MAX,
    )
    .catch((err: unknown) => {
      throw err instanceof OutboundError ? KeyManagerUnreachable(err.message) : err;
    });
  if (status !== 200) throw RefusedByKeyManager(`introspection was answered with ${status}`);
  const claims = parsed(body);
  if (!claims) throw KeyManagerUnreachable('introspection was answered with something that is no JSON object');
  return claims['active'] === true ? factsOf(keyManager, claims) : INACTIVE;
};

const authorization = ({ properties }: ConnectedKeyManager): Readonly<Record<string, string>> => {
  for (const [name, secret, written] of CREDENTIALS) {
    const [user, password] = [properties[name], properties[secret]];
    if (typeof user === 'string' && user !== '' && typeof password === 'string') return { authorization: written(user, password) };
  }
  return {};
};

const parsed = (body: Buffer): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
};

const factsOf = ({ consumerKeyClaim, scopesClaim }: ConnectedKeyManager, claims: Readonly<Record<string, unknown>>): TokenFacts => {
  const text = (name: string): string => (typeof claims[name] === 'string' ? claims[name] : '');
  const scopes = claims[scopesClaim || 'scope'];
  return {
    active: true,
    clientId: text(consumerKeyClaim) || text('client_id') || text('azp'),
    scopes: Array.isArray(scopes)
      ? scopes.map(String)
      : typeof scopes === 'string'
        ? scopes.split(' ').filter((scope) => scope !== '')
        : [],
    subject: text('sub') || text('username'),
    expiresAt: typeof claims['exp'] === 'number' ? claims['exp'] : undefined,
    claims,
  };
};
