import type { Exchange } from '../exchange.js';
import type { Operation } from '../link.js';
import type { Policy } from '../pipeline.js';
import type { Refusal } from '../refusal.js';
import type { Grants } from '../throttling/grants.js';
import { chargeAll, type Limit } from '../throttling/limits.js';

/**
 * Charges the request to the limits of its API or resource, subscription and application, or to none of them
 * (`reference/throttling.md` §2). The first limit in the way decides the answer; one that may yet let more through is waited for, for `waitMs` at most.
 */
export const throttle =
  (operation: Operation, grants: Grants): Policy =>
  (exchange) => {
    const { grant, now } = exchange;
    if (grant === null) return undefined;
    const limits = grants.limits(grant, operation);
    if (limits.length === 0) return undefined;
    const bytes = Math.max(0, exchange.bodyBytes);
    const reached = chargeAll(limits, now, bytes);
    if (reached === undefined) return passed(exchange, limits);
    const more = reached.more(now, reached.bytes ? bytes : 1, grants.waitMs);
    return more === undefined ? reached.refusal.until(reached.windowEnd(now)) : chargeLater(exchange, limits, bytes, more, grants.waitMs);
  };

const chargeLater = async (
  exchange: Exchange,
  limits: readonly Limit[],
  bytes: number,
  first: Promise<unknown>,
  waitMs: number,
): Promise<Refusal | undefined> => {
  const { now } = exchange;
  const deadline = performance.now() + waitMs;
  for (let more: Promise<unknown> | undefined = first; ; ) {
    await more;
    // Whoever went away meanwhile is not counted.
    if (exchange.reply.destroyed) return undefined;
    const reached = chargeAll(limits, now, bytes);
    if (reached === undefined) return passed(exchange, limits);
    more = reached.more(now, reached.bytes ? bytes : 1, deadline - performance.now());
    if (more === undefined) return reached.refusal.until(reached.windowEnd(now));
  }
};

/** A body of unknown length is charged when it has passed. */
const passed = (exchange: Exchange, limits: readonly Limit[]): undefined => {
  if (exchange.bodyBytes < 0) exchange.bodyLimits = limits.filter((limit) => limit.bytes);
  return undefined;
};
