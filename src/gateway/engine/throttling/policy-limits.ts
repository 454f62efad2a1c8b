import type { ApplicationDocument, KeyType, PolicyDocument } from '../../../domain/gateway-documents.js';
import {
  type BackendLimitDocument,
  burstWindowMs,
  isUnlimited,
  type PolicyLevel,
  type Quota,
  UNLIMITED_COUNT,
  windowMs,
} from '../../../domain/throttling.js';
import type { LinkedApi, Operation } from '../link.js';
import {
  ApiThrottled,
  ApplicationBurst,
  ApplicationThrottled,
  BackendThrottled,
  EventsThrottled,
  ResourceThrottled,
  SubscriptionBurst,
  SubscriptionThrottled,
  type Throttled,
} from '../refusal.js';
import type { Snapshot } from '../snapshot.js';
import { ConditionalLimits } from './conditional-limits.js';
import type { CounterTable } from './counters.js';
import { limitMaker } from './leased-limit.js';
import type { LeaseStores } from './leases.js';
import type { Counted, Limit, LimitKind, MakeLimit } from './limits.js';
import { RequestLimits } from './request-limits.js';

const DATA_UNITS = { KB: 1_024, MB: 1_048_576 } as const;
const BURST = '#burst';
/** What backends are limited by. */
const OF_BACKENDS = [
  'requests',
  'promptTokens',
  'completionTokens',
  'totalTokens',
] as const satisfies readonly (keyof BackendLimitDocument & Counted)[];

/** Makes the limits that policies set, and publishers for their backends. The key of a counter tells nothing of the policy's numbers: they may change under it. */
export class PolicyLimits {
  private readonly makeLimit: MakeLimit;

  constructor(
    private readonly snapshot: Pick<Snapshot, 'policy'>,
    table: CounterTable,
    /** The stores of limits that other gateways share. */
    stores: LeaseStores = {},
  ) {
    this.makeLimit = limitMaker(table, stores);
  }

  /** Of a subscription, or what stands in for one: the plan's quota, then its burst. */
  ofPlan(api: LinkedApi, plan: string, key: string): readonly Limit[] {
    const policy = this.snapshot.policy(api.organization, 'subscription', plan)?.document;
    return this.ofPolicy(policy, api.organization, key, SubscriptionThrottled, SubscriptionBurst);
  }

  /** Of an application and one of its users: quota, then burst. */
  ofApplication(application: ApplicationDocument, key: string): readonly Limit[] {
    const policy = this.snapshot.policy(application.organization, 'application', application.policy)?.document;
    return this.ofPolicy(policy, application.organization, key, ApplicationThrottled, ApplicationBurst);
  }

  /** The same limits with those of the advanced policy in front, which the API or the operation names. */
  ofOperation({ api, target, method }: Operation, name: string, others: RequestLimits): RequestLimits | ConditionalLimits {
    const { context, version, path } = api.document;
    const policy = this.snapshot.policy(api.organization, 'advanced', name);
    if (policy === undefined) return others;
    const isOfApi = api.throttlingPolicy !== null;
    const parent = isOfApi ? `${context}:${version}` : `${path}${target}:${method}`;
    const reached = isOfApi ? ApiThrottled : ResourceThrottled;
    const limits = (group: string, quota: Quota): RequestLimits =>
      others.after(this.ofQuota(quota, throttleKey('advanced', api.organization, `${parent}_${group}`), reached, false));
    const usual = limits('default', policy.document.quota);
    return policy.groups.length === 0 ? usual : new ConditionalLimits(policy.groups, limits, usual);
  }

  /** Of the backend, over all callers with keys of the type. */
  ofBackend({ organization, document }: LinkedApi, keyType: KeyType): readonly Limit[] {
    const rule = keyType === 'PRODUCTION' ? document.backendLimits?.production : document.backendLimits?.sandbox;
    if (rule === undefined) return [];
    const key = throttleKey('backend', organization, `${document.context}:${document.version}:${keyType}`);
    return OF_BACKENDS.flatMap((counts) => {
      const max = rule[counts];
      return max === undefined ? [] : [this.limit('bursts', key, counts, max, rule.windowMs, BackendThrottled, false)];
    });
  }

  /** An unknown policy limits nothing, as in the product; policies reach the gateway before what names them. */
  private ofPolicy(
    policy: PolicyDocument | undefined,
    organization: string,
    key: string,
    quotaReached: Throttled,
    burstReached: Throttled,
  ): readonly Limit[] {
    if (policy === undefined) return [];
    const { level, quota, burst, stopOnQuotaReach } = policy;
    const name = throttleKey(level, organization, key);
    const isLenient = level === 'subscription' && !stopOnQuotaReach;
    const limits = [...this.ofQuota(quota, name, quotaReached, isLenient)];
    if (burst !== null && burst.count > 0)
      limits.push(this.limit('bursts', `${name}${BURST}`, 'requests', burst.count, burstWindowMs(burst), burstReached, isLenient));
    return limits;
  }

  private ofQuota(quota: Quota, key: string, reached: Throttled, isLenient: boolean): readonly Limit[] {
    return countsOf(quota).map(([counts, max]) =>
      this.limit('quotas', key, counts, max, windowMs(quota), counts === 'events' ? EventsThrottled : reached, isLenient),
    );
  }

  private limit(kind: LimitKind, key: string, counts: Counted, max: number, window: number, refusal: Throttled, isLenient: boolean): Limit {
    return this.makeLimit(kind, counterKey(key, counts), { counts, max, windowMs: window, isLenient, refusal });
  }
}

/** What a quota counts, and up to where: nothing for one without a limit. */
const countsOf = (quota: Quota): readonly (readonly [counts: Counted, max: number])[] => {
  switch (quota.type) {
    case 'BANDWIDTHLIMIT':
      return isUnlimited(quota) ? [] : [['bytes', quota.count * DATA_UNITS[quota.dataUnit ?? 'KB']]];
    case 'AIAPIQUOTALIMIT':
      return (
        [
          ['requests', quota.count],
          ['promptTokens', quota.promptTokens ?? 0],
          ['completionTokens', quota.completionTokens ?? 0],
          ['totalTokens', quota.totalTokens ?? 0],
        ] as const
      ).filter(([, max]) => max > 0 && max < UNLIMITED_COUNT);
    default:
      return isUnlimited(quota) ? [] : [[quota.type === 'EVENTCOUNTLIMIT' ? 'events' : 'requests', quota.count]];
  }
};

/** Levels that have counters. */
export type ThrottleLevel = PolicyLevel | 'custom' | 'backend';

/** The name a counter is found by: levels and tenants never share one. */
export const throttleKey = (level: ThrottleLevel, organization: string, key: string): string => `${level}:${organization}:${key}`;

/** What counts different things has a counter for each. */
const counterKey = (key: string, counts: Counted): string => (counts === 'requests' ? key : `${key}#${counts}`);

/**
 * Key of an application's limit for one of its users (`reference/throttling.md` §1): the user carries the API's tenant, unless the name has it already.
 */
export const applicationUser = ({ id, resets }: Pick<ApplicationDocument, 'id' | 'resets'>, subject: string, tenant: string): string => {
  const user = subject.endsWith(`@${tenant}`) ? subject : `${subject}@${tenant}`;
  const resetAt = resets?.[user];
  return resetAt === undefined ? `${id}:${user}` : `${id}:${user}#${resetAt}`;
};
