import type { KeyObject } from 'node:crypto';
import type { Account } from './accounts.js';

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
  /** On whose behalf the token acts: the resource owner, or, for an application token, the owner of the client. Undefined when it is gone or locked. */
  abstract accountOf(claims: AccessTokenClaims): Promise<Account | undefined>;
  /** Claims of an opaque token of ours, when it is live. */
  abstract ofOpaque(token: string): Promise<AccessTokenClaims | undefined>;
}
