import type { FlatClaims } from '../credentials/caller-claims.js';
import type { Exchange } from '../exchange.js';
import type { LinkedGroup } from './conditional-groups.js';
import type { RequestLimits } from './request-limits.js';

/** Limits that depend on the request: those of the first group whose conditions it meets, or the usual ones (`reference/throttling.md` §5). */
export class ConditionalLimits {
  /** Whether the claims of a caller must be known to choose. */
  readonly needsClaims: boolean;
  private readonly made = new Map<LinkedGroup, RequestLimits>();

  constructor(
    private readonly groups: readonly LinkedGroup[],
    private readonly make: (id: string, quota: LinkedGroup['quota']) => RequestLimits,
    private readonly usual: RequestLimits,
  ) {
    this.needsClaims = groups.some((group) => group.needsClaims);
  }

  /** `claims` is null for a caller without any. */
  of(exchange: Exchange, claims: FlatClaims | null): RequestLimits {
    for (const group of this.groups) if (group.holds(exchange, claims)) return this.ofGroup(group);
    return this.usual;
  }

  private ofGroup(group: LinkedGroup): RequestLimits {
    const known = this.made.get(group);
    if (known !== undefined) return known;
    const limits = this.make(group.id, group.quota);
    this.made.set(group, limits);
    return limits;
  }
}
