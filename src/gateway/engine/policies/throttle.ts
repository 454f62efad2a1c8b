import type { Operation } from '../link.js';
import type { Policy } from '../pipeline.js';
import type { Grants } from '../throttling/grants.js';
import { chargeAll } from '../throttling/limits.js';

/**
 * Charges the request to the limits of its API or resource, subscription and application, or to none of them
 * (`reference/throttling.md` §2). The first limit in the way decides the answer.
 */
export const throttle =
  (operation: Operation, grants: Grants): Policy =>
  (exchange) => {
    const { grant, now } = exchange;
    if (grant === null) return undefined;
    const limits = grants.limits(grant, operation);
    if (limits.length === 0) return undefined;
    const reached = chargeAll(limits, now, Math.max(0, exchange.bodyBytes));
    if (reached !== undefined) return reached.refusal.until(reached.windowEnd(now));
    // A body of unknown length is charged when it has passed.
    if (exchange.bodyBytes < 0) exchange.bodyLimits = limits.filter((limit) => limit.bytes);
    return undefined;
  };
