import { LOCAL_DIALECT } from '../../identity/users/user-rules.js';
import type { ClaimMapping } from '../managers/key-manager.js';

type Claims = Readonly<Record<string, unknown>>;

/** Local claims that hold roles, by their short names. */
const ROLE_CLAIMS: readonly string[] = ['role', 'roles'];
const ROLES_MAX = 200;
const ROLE_LENGTH_MAX = 255;
const CLAIMS_BYTES_MAX = 8 * 1024;

/** Claims that speak of the token and not of the user: those of an outside token mean nothing in ours. */
const OF_THE_TOKEN: ReadonlySet<string> = new Set([
  ...[
    'iss',
    'sub',
    'aud',
    'exp',
    'nbf',
    'iat',
    'jti',
    'azp',
    'client_id',
    'cid',
    'scope',
    'scp',
    'typ',
    'token_type',
    'cnf',
    'act',
    'may_act',
  ],
  ...['nonce', 'at_hash', 'c_hash', 's_hash', 'sid', 'acr', 'amr', 'auth_time', 'session_state', 'events'],
  ...['aut', 'entity_id', 'realm', 'binding_type', 'binding_ref', 'authorization_details'],
  ...['application', 'tierInfo', 'keytype', 'subscribedAPIs', 'consumerKey', 'permittedIP', 'permittedReferer', 'rt_scope', '__proto__'],
]);

/** The user's roles: of the remote claims that the mapping names as role claims. Without such a mapping there is none. */
export const rolesIn = (claims: Claims, mapping: readonly ClaimMapping[]): readonly string[] => {
  const roles = mapping
    .filter(({ localClaim }) => ROLE_CLAIMS.includes(localClaim.replace(LOCAL_DIALECT, '')))
    .flatMap(({ remoteClaim }) => namesIn(Object.hasOwn(claims, remoteClaim) ? claims[remoteClaim] : undefined))
    .filter((role) => role.length <= ROLE_LENGTH_MAX);
  return [...new Set(roles)].slice(0, ROLES_MAX);
};

/** A list, or the names of a text with commas between, which is how some providers send several values. */
const namesIn = (value: unknown): readonly string[] => {
  const texts = Array.isArray(value) ? value.filter((one) => typeof one === 'string') : typeof value === 'string' ? value.split(',') : [];
  return texts.map((text) => text.trim()).filter((text) => text !== '');
};

/** The user's claims under our names: mapped ones renamed, the others unchanged, lists kept as lists (`reference/key-manager.md` §2.3). */
export const userClaims = (claims: Claims, mapping: readonly ClaimMapping[]): Claims => {
  const names = new Map(mapping.map(({ remoteClaim, localClaim }) => [remoteClaim, localClaim]));
  const kept = Object.entries(claims).filter(([name]) => !OF_THE_TOKEN.has(name));
  const named = kept.map(([name, value]) => [names.get(name) ?? name, value] as const);
  return Object.fromEntries(named.filter(([name]) => name !== '' && !OF_THE_TOKEN.has(name)));
};

/** Whether the claims can become part of tokens, which travel in a header. */
export const fitIntoToken = (claims: Claims): boolean => Buffer.byteLength(JSON.stringify(claims)) <= CLAIMS_BYTES_MAX;
