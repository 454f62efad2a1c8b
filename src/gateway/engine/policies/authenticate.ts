import type { Exchange } from '../exchange.js';
import type { LinkedApi } from '../link.js';
import type { Policy } from '../pipeline.js';
import type { Refusal } from '../refusal.js';

/**
 * One way to prove who calls. `identify` gives `absent` when its credential was not presented, a refusal when it is wrong, and undefined after it has
 * put the caller into the exchange; a promise only where the answer is not in memory. `strip` puts back whatever of the credential's header is to reach the backend.
 */
export interface Authenticator {
  identify(exchange: Exchange): 'absent' | Refusal | undefined | Promise<Refusal | undefined>;
  strip(exchange: Exchange): void;
}

/**
 * Asks the API's authenticators in their order: the first credential presented decides, none at all is 900902
 * (`reference/key-manager.md` §5). A test key goes before all of them. Open resources ask nobody.
 */
export const authenticate =
  (api: LinkedApi, isOpen: boolean, authenticators: readonly Authenticator[], internalKey: Policy): Policy =>
  (exchange) => {
    for (const authenticator of authenticators) authenticator.strip(exchange);
    if (isOpen) {
      exchange.isAnonymous = true;
      return undefined;
    }
    if (exchange.internalKey !== null) return internalKey(exchange);
    for (const authenticator of authenticators) {
      const outcome = authenticator.identify(exchange);
      if (outcome !== 'absent') return outcome;
    }
    return api.challenges.missing;
  };
