import type { KeyObject } from 'node:crypto';

/** A public key that signs access tokens, and the issuer whose tokens it may sign. */
export interface VerificationKey {
  readonly key: KeyObject;
  readonly issuer: string;
  readonly organization: string;
}

/** Claims of a verified access token that the REST APIs use. */
export interface AccessTokenClaims {
  readonly iss: string;
  readonly sub: string;
  readonly jti: string;
  readonly iat: number;
  readonly exp?: number;
  readonly azp?: string;
  readonly scope?: string;
  readonly entity_id?: string;
  readonly token_type?: string;
}

/** What authentication asks of the key manager; the keys module provides it. */
export abstract class AccessTokens {
  /** The signing key of this id, of any tenant. */
  abstract verificationKey(kid: string): Promise<VerificationKey | undefined>;
  /** Whether the token was revoked by its id, its client or its subject. */
  abstract isRevoked(claims: AccessTokenClaims): Promise<boolean>;
  /** The user on whose behalf the token acts: the resource owner, or, for an application token, the owner of the client. */
  abstract userIdOf(claims: AccessTokenClaims): Promise<string | undefined>;
  /** Claims of an opaque token of ours, when it is live. */
  abstract ofOpaque(token: string): Promise<AccessTokenClaims | undefined>;
}
