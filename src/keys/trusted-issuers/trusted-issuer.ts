import type { ClaimMapping, KeyManagerCertificates } from '../managers/key-manager.js';

/** An outside identity provider whose word on users is taken in a tenant. */
export interface TrustedIssuer {
  /** The key manager that registers it. */
  readonly name: string;
  /** `iss` of its tokens, entity id of its SAML assertions. */
  readonly issuer: string;
  /** An audience that means us; empty for none besides our own addresses. */
  readonly alias: string;
  readonly certificates: KeyManagerCertificates | null;
  readonly claimMapping: readonly ClaimMapping[];
}

/** What an issuer says of one of its users. */
export interface RemoteUser {
  readonly subject: string;
  /** Roles in our tenant: those of the claim that the issuer's claim mapping names as the role claim. */
  readonly roles: readonly string[];
  /** What goes on into our tokens, by our names. */
  readonly claims: Readonly<Record<string, unknown>>;
}
