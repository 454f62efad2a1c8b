export type TokenUser = 'APPLICATION' | 'APPLICATION_USER';

export interface AccessTokenFacts {
  readonly issuer: string;
  /** The tenant whose key signs. */
  readonly organization: string;
  readonly clientId: string;
  /** The user's id, or its name at an outside identity provider; for a token of the application itself the consumer key. */
  readonly subject: string;
  /** The user's id here, by which revocations name it; the subject unless given. */
  readonly entityId?: string | undefined;
  /** Further claims of the user; none takes the place of another below. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
  readonly kind: TokenUser;
  readonly scope: string;
  /** Whom the token is for besides the client itself. */
  readonly audiences: readonly string[];
  readonly jti: string;
  /** Epoch seconds. */
  readonly issuedAt: number;
  /** Epoch seconds; undefined never ends. */
  readonly expiresAt: number | undefined;
}

/** Claims of an access token (`reference/key-manager.md` §4). */
export const accessTokenClaims = (facts: AccessTokenFacts) => ({
  ...facts.claims,
  sub: facts.subject,
  aut: facts.kind,
  iss: facts.issuer,
  client_id: facts.clientId,
  aud: facts.audiences.length === 0 ? facts.clientId : [facts.clientId, ...facts.audiences],
  nbf: facts.issuedAt,
  azp: facts.clientId,
  scope: facts.scope,
  realm: { signing_tenant: facts.organization },
  ...(facts.expiresAt === undefined ? {} : { exp: facts.expiresAt }),
  entity_id: facts.entityId ?? facts.subject,
  iat: facts.issuedAt,
  jti: facts.jti,
});

export type RefreshTokenFacts = Omit<AccessTokenFacts, 'kind' | 'organization' | 'claims' | 'audiences'>;

export const REFRESH_TOKEN = 'refresh_token';

/** Claims of a refresh token, which is a JWT too and kept nowhere. */
export const refreshTokenClaims = (facts: RefreshTokenFacts) => ({
  iss: facts.issuer,
  sub: facts.subject,
  aud: facts.issuer,
  azp: facts.clientId,
  client_id: facts.clientId,
  iat: facts.issuedAt,
  ...(facts.expiresAt === undefined ? {} : { exp: facts.expiresAt }),
  jti: facts.jti,
  token_type: REFRESH_TOKEN,
  ...(facts.entityId === undefined || facts.entityId === facts.subject ? {} : { entity_id: facts.entityId }),
  rt_scope: facts.scope,
});
