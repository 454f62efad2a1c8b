import type { Exchange } from '../exchange.js';
import type { Policy } from '../pipeline.js';
import type { Refusal } from '../refusal.js';
import { chargeAll, chargeLater, type Limit, takeBackAll } from '../throttling/limits.js';
import type { ThrottleDeps } from './throttle.js';

/**
 * The custom rules about what policies of the request say: checked when those have run. A request that one of them refuses is charged nowhere, so
 * it is given back what the checks before have charged.
 */
export const lateRules =
  ({ customRules, rateLimitHeaders }: Pick<ThrottleDeps, 'customRules' | 'rateLimitHeaders'>): Policy =>
  (exchange) => {
    const { limits } = exchange;
    if (!customRules.hasLateRules || limits === null) return undefined;
    const further = customRules.lateLimitsFor(exchange);
    if (further.length === 0) return undefined;
    const bytes = announcedBytes(exchange);
    const decide = (reached: Limit | undefined): Refusal | undefined => {
      const now = exchange.resumedAt;
      exchange.limits = limits.with(further);
      if (rateLimitHeaders !== null) exchange.rateLimit = rateLimitHeaders.tell(exchange.limits.checked, now, reached);
      if (reached === undefined) return undefined;
      takeBackAll(limits.checked, exchange.chargedAt, bytes);
      exchange.limits = null;
      return reached.refusal.until(reached.windowEnd(now));
    };
    // Policies may have taken their time.
    const now = exchange.resumedAt;
    const reached = chargeAll(further, now, bytes);
    // The bound on waiting is one for the whole request.
    const { waitedMs } = exchange;
    const more = reached?.more(now, reached.amountOf(bytes), waitedMs);
    return more === undefined ? decide(reached) : chargeLater(further, bytes, more, () => exchange.resume(), waitedMs).then(decide);
  };

/** What the checks before have charged: policies may have put another body in its place. */
const announcedBytes = ({ request: { headers } }: Exchange): number =>
  headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : 0;
