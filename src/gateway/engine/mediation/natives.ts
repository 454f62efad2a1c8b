import type { OneTimeTokens } from './one-time-tokens.js';
import type { OpaDeps } from './opa/opa-policy.js';

/** What the shipped policies need of the gateway that runs them, beyond the request. */
export interface Natives {
  readonly oneTimeTokens: Pick<OneTimeTokens, 'use'>;
  readonly opa: OpaDeps;
}
