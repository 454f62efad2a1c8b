import type { Exchange } from '../exchange.js';
import type { Refusal } from '../refusal.js';
import { chargeAll, chargeLater, type Limit, type TokenKind } from './limits.js';

/** How many tokens of an AI model a request took, by kind. */
export type TokenUsage = Readonly<Record<TokenKind, number>>;

/** Charges what an answer of an AI model took: the answer that crosses a limit is delivered, the next request refused (`reference/throttling.md` §4). */
export const chargeTokens = ({ limits }: Pick<Exchange, 'limits'>, usage: TokenUsage, now: number): void => {
  if (limits === null) return;
  for (const limit of limits.tokens) {
    const tokens = usage[limit.counts as TokenKind]; // those of `tokens` count nothing else
    // The backend says so, and may say anything: nothing is given back for less than none.
    if (tokens > 0) limit.charge(now, Math.min(Math.ceil(tokens), limit.max));
  }
};

/**
 * Charges one event of a stream (a frame, a delivery), or refuses it: none passes once the count would exceed the limit (`reference/throttling.md` §2).
 * A promise only where other gateways share the limit and have to be heard.
 */
export const takeEvent = ({ limits }: Pick<Exchange, 'limits'>, now: number): Refusal | undefined | Promise<Refusal | undefined> => {
  if (limits === null || limits.events.length === 0) return undefined;
  const { events } = limits;
  const refusalOf = (reached: Limit | undefined): Refusal | undefined =>
    reached === undefined || reached.isLenient ? undefined : reached.refusal.until(reached.windowEnd(now));
  const reached = chargeAll(events, now, 0);
  const more = reached?.more(now, 1);
  return more === undefined ? refusalOf(reached) : chargeLater(events, 0, more, () => now).then(refusalOf);
};
