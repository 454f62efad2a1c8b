import type { Limit } from './limits.js';

/** Which headers tell callers of their limits, as `[gateway.rate_limit_headers]` says. */
export interface RateLimitHeaderSettings {
  /** `X-RateLimit-Limit`, `-Remaining`, `-Reset`. */
  readonly xRateLimit: boolean;
  /** `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-11). */
  readonly rateLimit: boolean;
}

/** Tells the most restrictive of the limits on the number of requests: the one of which the least is left. */
export class RateLimitHeaders {
  private constructor(private readonly settings: RateLimitHeaderSettings) {}

  /** Null when callers are not told of their limits but by a refusal. */
  static of(settings: RateLimitHeaderSettings): RateLimitHeaders | null {
    return settings.xRateLimit || settings.rateLimit ? new RateLimitHeaders(settings) : null;
  }

  /** Names and values in turn, once the request has been charged or refused by `reached`; null where no number of requests is limited. */
  tell(limits: readonly Limit[], now: number, reached: Limit | undefined): readonly string[] | null {
    const limit = isTold(reached) ? reached : mostRestrictive(limits, now);
    if (limit === undefined) return null;
    const left = limit === reached ? 0 : limit.left(now);
    const end = limit.windowEnd(now);
    const { name } = limit.refusal;
    return [
      ...(this.settings.xRateLimit
        ? ['X-RateLimit-Limit', String(limit.max), 'X-RateLimit-Remaining', String(left), 'X-RateLimit-Reset', String(end / 1_000)]
        : []),
      ...(this.settings.rateLimit
        ? [
            'RateLimit-Policy',
            `"${name}";q=${limit.max};w=${limit.windowMs / 1_000}`,
            'RateLimit',
            `"${name}";r=${left};t=${Math.ceil(limit.msLeft(now) / 1_000)}`,
          ]
        : []),
    ];
  }
}

const isTold = (limit: Limit | undefined): limit is Limit => limit !== undefined && limit.counts === 'requests' && !limit.isLenient;

/** Of two with as little left, the one that stays so longer. */
const mostRestrictive = (limits: readonly Limit[], now: number): Limit | undefined => {
  let least: Limit | undefined;
  let leastLeft = Number.POSITIVE_INFINITY;
  for (const limit of limits) {
    if (!isTold(limit)) continue;
    const left = limit.left(now);
    if (left > leastLeft || (least !== undefined && left === leastLeft && limit.windowEnd(now) <= least.windowEnd(now))) continue;
    least = limit;
    leastLeft = left;
  }
  return least;
};
