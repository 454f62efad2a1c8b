import type { CallerClaims } from '../credentials/caller-claims.js';
import type { Exchange } from '../exchange.js';
import type { Operation } from '../link.js';
import type { Policy } from '../pipeline.js';
import type { Refusal } from '../refusal.js';
import { ConditionalLimits } from '../throttling/conditional-limits.js';
import type { CustomLimits } from '../throttling/custom-limits.js';
import type { Grants } from '../throttling/grants.js';
import { chargeAll, chargeLater, type Limit } from '../throttling/limits.js';
import type { RateLimitHeaders } from '../throttling/rate-limit-headers.js';
import type { RequestLimits } from '../throttling/request-limits.js';

export interface ThrottleDeps {
  readonly grants: Grants;
  readonly customLimits: CustomLimits;
  /** Null: nobody's claims are known. */
  readonly callerClaims: CallerClaims | null;
  /** Null: callers are not told of their limits. */
  readonly rateLimitHeaders: RateLimitHeaders | null;
}

/**
 * Charges the request to the limits of its API or resource, subscription, application, custom rules and backend, or to none of them
 * (`reference/throttling.md` §2). The first limit in the way decides the answer.
 */
export const throttle = (operation: Operation, { grants, customLimits, callerClaims, rateLimitHeaders }: ThrottleDeps): Policy => {
  const decide = (exchange: Exchange, checked: readonly Limit[], reached: Limit | undefined): Refusal | undefined => {
    // The window in which it goes on to the backend.
    const now = exchange.resumedAt;
    if (rateLimitHeaders !== null) exchange.rateLimit = rateLimitHeaders.tell(checked, now, reached);
    if (reached === undefined) return undefined;
    if (!reached.isLenient) return reached.refusal.until(reached.windowEnd(now));
    exchange.isOverQuota = true;
    return undefined;
  };

  /** The limit in the way may yet let more through: the request waits for it. */
  const decideLater = async (exchange: Exchange, checked: readonly Limit[], more: Promise<void>): Promise<Refusal | undefined> => {
    const resume = (): number | undefined => {
      // Whoever went away meanwhile is not counted.
      if (exchange.reply.destroyed) return undefined;
      exchange.resumedAt = Date.now();
      return exchange.resumedAt;
    };
    return decide(exchange, checked, await chargeLater(checked, Math.max(0, exchange.bodyBytes), more, resume));
  };

  const check = (exchange: Exchange, usual: RequestLimits): Refusal | undefined | Promise<Refusal | undefined> => {
    const limits = customLimits.hasRules ? usual.with(customLimits.limitsFor(exchange)) : usual;
    const { checked } = limits;
    exchange.limits = limits;
    if (checked.length === 0) return undefined;
    const now = exchange.resumedAt;
    const bytes = Math.max(0, exchange.bodyBytes);
    const reached = chargeAll(checked, now, bytes);
    const more = reached?.more(now, reached.amountOf(bytes));
    return more === undefined ? decide(exchange, checked, reached) : decideLater(exchange, checked, more);
  };

  /** The claims of a caller may have to be signed first. */
  const choose = (exchange: Exchange, limits: ConditionalLimits): Refusal | undefined | Promise<Refusal | undefined> => {
    const claims = limits.needsClaims && callerClaims !== null ? callerClaims.of(exchange) : null;
    if (!(claims instanceof Promise)) return check(exchange, limits.of(exchange, claims));
    return claims.then((known) => {
      // Whoever went away meanwhile is not counted.
      if (exchange.reply.destroyed) return undefined;
      exchange.resumedAt = Date.now();
      return check(exchange, limits.of(exchange, known));
    });
  };

  return (exchange) => {
    const { grant } = exchange;
    if (grant === null) return undefined;
    const limits = grants.limits(grant, operation);
    return limits instanceof ConditionalLimits ? choose(exchange, limits) : check(exchange, limits);
  };
};
