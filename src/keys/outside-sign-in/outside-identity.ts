import type { IdentityProviderConfig } from '../../platform/config/sections/outside-sign-in.config.js';
import type { OAuthParameters } from '../edge/oauth-body.js';

/** What an identity provider vouches for, once its word was verified. */
export interface OutsideIdentity {
  /** Its own name of the user, which it never gives to another one. */
  readonly subject: string;
  /** What names the user unless a claim is configured to. */
  readonly name: string | undefined;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** What an attempt leaves with us until the browser is back: an answer that does not fit it is refused. */
export type Expected = Readonly<Record<string, string>>;

export interface Attempt {
  /** Where the browser goes. */
  readonly url: string;
  readonly expected: Expected;
}

/** One protocol to sign in with. */
export interface Authenticator {
  /** `state` comes back with the answer. */
  begin(provider: IdentityProviderConfig, state: string): Promise<Attempt>;
  /** Verifies the answer to an attempt. @throws Error saying what is wrong with it, for the log */
  finish(provider: IdentityProviderConfig, expected: Expected, answer: OAuthParameters): Promise<OutsideIdentity>;
}
