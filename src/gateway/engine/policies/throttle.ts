import type { CallerClaims, FlatClaims } from '../credentials/caller-claims.js';
import type { Exchange } from '../exchange.js';
import type { Operation } from '../link.js';
import type { Policy } from '../pipeline.js';
import type { Refusal } from '../refusal.js';
import { ConditionalLimits } from '../throttling/conditional-limits.js';
import type { CustomRules } from '../throttling/custom-rules.js';
import type { Grants } from '../throttling/grants.js';
import { chargeAll, chargeLater, type Limit } from '../throttling/limits.js';
import type { RateLimitHeaders } from '../throttling/rate-limit-headers.js';
import type { RequestLimits } from '../throttling/request-limits.js';

export interface ThrottleDeps {
  readonly grants: Grants;
  readonly customRules: CustomRules;
  /** Null: nobody's claims are known. */
  readonly callerClaims: CallerClaims | null;
  /** Null: callers are not told of their limits. */
  readonly rateLimitHeaders: RateLimitHeaders | null;
}

/**
 * Charges the request to the limits of its API or resource, subscription, application, custom rules and backend, or to none of them
 * (`reference/throttling.md` §2). The first limit in the way decides the answer.
 */
export const throttle = (operation: Operation, { grants, customRules, callerClaims, rateLimitHeaders }: ThrottleDeps): Policy => {
  const decide = (exchange: Exchange, checked: readonly Limit[], reached: Limit | undefined): Refusal | undefined => {
    // The window in which it goes on to the backend.
    const now = exchange.resumedAt;
    exchange.chargedAt = now;
    if (rateLimitHeaders !== null) exchange.rateLimit = rateLimitHeaders.tell(checked, now, reached);
    if (reached === undefined) return undefined;
    if (!reached.isLenient) return reached.refusal.until(reached.windowEnd(now));
    exchange.isOverQuota = true;
    return undefined;
  };

  /** The limit in the way may yet let more through: the request waits for it. */
  const decideLater = async (exchange: Exchange, checked: readonly Limit[], more: Promise<void>): Promise<Refusal | undefined> => {
    const since = performance.now();
    const reached = await chargeLater(checked, Math.max(0, exchange.bodyBytes), more, () => exchange.resume());
    exchange.waitedMs = performance.now() - since;
    // Whoever went away meanwhile was charged nothing, which nobody may take back.
    if (exchange.reply.destroyed) exchange.limits = null;
    return decide(exchange, checked, reached);
  };

  const check = (
    exchange: Exchange,
    known: RequestLimits | ConditionalLimits,
    claims: FlatClaims | null,
  ): Refusal | undefined | Promise<Refusal | undefined> => {
    const usual = known instanceof ConditionalLimits ? known.of(exchange, claims) : known;
    const limits = customRules.hasRules ? usual.with(customRules.limitsFor(exchange, claims)) : usual;
    const { checked } = limits;
    exchange.limits = limits;
    if (checked.length === 0) return undefined;
    const now = exchange.resumedAt;
    const bytes = Math.max(0, exchange.bodyBytes);
    const reached = chargeAll(checked, now, bytes);
    const more = reached?.more(now, reached.amountOf(bytes));
    return more === undefined ? decide(exchange, checked, reached) : decideLater(exchange, checked, more);
  };

  return (exchange) => {
    const { grant } = exchange;
    if (grant === null) return undefined;
    const limits = grants.limits(grant, operation);
    if (callerClaims === null || !(customRules.needsClaims || (limits instanceof ConditionalLimits && limits.needsClaims)))
      return check(exchange, limits, null);
    const claims = callerClaims.of(exchange);
    if (!(claims instanceof Promise)) return check(exchange, limits, claims);
    // They had to be signed first; whoever went away meanwhile is not counted.
    return claims.then((signed) => (exchange.resume() === undefined ? undefined : check(exchange, limits, signed)));
  };
};
