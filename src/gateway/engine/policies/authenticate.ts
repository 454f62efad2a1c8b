import type { Exchange } from '../exchange.js';
import type { LinkedApi } from '../link.js';
import type { Policy } from '../pipeline.js';
import type { Refusal } from '../refusal.js';

/**
 * One way to prove who calls. `identify` gives `absent` when its credential was not presented, a refusal when it is wrong, and undefined after it has
 * put the caller into the exchange; a promise only where the answer is not in memory. `strip` puts back whatever of the credential's header is to reach
 * the backend.
 */
export interface Authenticator {
  identify(exchange: Exchange): 'absent' | Refusal | undefined | Promise<Refusal | undefined>;
  strip(exchange: Exchange): void;
}

export type Outcome = ReturnType<Policy>;

/** The answer of the authenticators from the given one on; `failure` is what the ones before said, `missing` what it comes to when nothing was presented. */
export const askAll = (
  exchange: Exchange,
  authenticators: readonly Authenticator[],
  missing: Refusal,
  from = 0,
  failure?: Refusal,
): Outcome => {
  let first = failure;
  for (let i = from; i < authenticators.length; i += 1) {
    const authenticator = authenticators[i];
    if (authenticator === undefined) break;
    const outcome = authenticator.identify(exchange);
    if (outcome === undefined) return undefined;
    if (outcome instanceof Promise)
      return outcome.then((answer) => answer && askAll(exchange, authenticators, missing, i + 1, first ?? answer));
    if (outcome !== 'absent') first ??= outcome;
  }
  return first ?? missing;
};

/**
 * Asks the API's authenticators in their order until one knows the caller. When none does, the first credential presented says why; none at all is
 * 900902 (`reference/key-manager.md` §5). A test key goes before all of them. Open resources ask nobody.
 */
export const authenticate = (api: LinkedApi, isOpen: boolean, authenticators: readonly Authenticator[], internalKey: Policy): Policy => {
  const { missing } = api.challenges;
  return (exchange) => {
    for (const authenticator of authenticators) authenticator.strip(exchange);
    if (isOpen) {
      exchange.isAnonymous = true;
      return undefined;
    }
    return exchange.internalKey === null ? askAll(exchange, authenticators, missing) : internalKey(exchange);
  };
};
