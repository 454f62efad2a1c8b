import { bearerToken } from '../policies/jwt-authenticator.js';
import { decode } from './jwt.js';
import type { VerifiedToken } from './tokens.js';

export type Claims = Readonly<Record<string, unknown>>;

/** Where other key managers have the name of a user whose `sub` is a pseudonym: RFC 7662, OpenID Connect Core §5.1, and as a mapping calls it. */
export const USER_NAME_CLAIMS: readonly string[] = ['username', 'preferred_username', 'http://wso2.org/claims/username'];

const read = new WeakMap<VerifiedToken, Claims>();

/**
 * The claims of an access token, under the names that its key manager's mapping gives them; of an opaque one those that its key manager told. They are
 * read when somebody first asks, since few APIs do.
 */
export const claimsOf = (token: VerifiedToken): Claims => {
  const known = read.get(token);
  if (known !== undefined) return known;
  const claims = mapped(token.verdict === null ? claimsOfJwt(token) : toldOf(token), token);
  read.set(token, claims);
  return claims;
};

const claimsOfJwt = ({ presented }: VerifiedToken): Claims => decode((bearerToken(presented) ?? '').split('.')[1] ?? '') ?? {};

const toldOf = ({ subject, consumerKey, scopes, jti, issuedAt, expiresAt, audiences, verdict }: VerifiedToken): Claims => ({
  sub: subject,
  azp: consumerKey,
  client_id: consumerKey,
  scope: scopes.join(' '),
  jti,
  iat: issuedAt,
  aud: audiences,
  ...(Number.isFinite(expiresAt) && { exp: Math.floor(expiresAt / 1_000) }),
  ...(verdict?.isUser !== null && { aut: verdict?.isUser === true ? 'APPLICATION_USER' : 'APPLICATION' }),
});

const mapped = (claims: Claims, { keyManager }: VerifiedToken): Claims => {
  const { claimMapping } = keyManager.document;
  if (claimMapping.length === 0) return claims;
  const names = new Map(claimMapping.map(({ remoteClaim, localClaim }) => [remoteClaim, localClaim]));
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [names.get(name) ?? name, value]));
};
