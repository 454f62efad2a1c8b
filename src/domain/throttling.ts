export const POLICY_LEVELS = ['application', 'subscription', 'advanced'] as const;
export type PolicyLevel = (typeof POLICY_LEVELS)[number];

export const QUOTA_TYPES = ['REQUESTCOUNTLIMIT', 'BANDWIDTHLIMIT', 'EVENTCOUNTLIMIT', 'AIAPIQUOTALIMIT'] as const;
export type QuotaType = (typeof QUOTA_TYPES)[number];

/** How "Unlimited" is stored, per minute (events: per day). */
export const UNLIMITED_COUNT = 2_147_483_647;
export const UNLIMITED = 'Unlimited';

/** A quota: `count` requests, bytes, events or tokens in a window of `unitTime` × `timeUnit`. */
export interface Quota {
  readonly type: QuotaType;
  readonly timeUnit: string;
  readonly unitTime: number;
  /** Requests, events, or the data amount in `dataUnit`. */
  readonly count: number;
  readonly dataUnit?: 'KB' | 'MB';
  /** AI quotas only; 0 means not limited. */
  readonly totalTokens?: number;
  readonly promptTokens?: number;
  readonly completionTokens?: number;
}

/** A short-term limit beside the quota. Unit `min` is 60 s, anything else 1 s (`reference/throttling.md` §4). */
export interface Burst {
  readonly count: number;
  readonly timeUnit: string;
}

/** How much the backends of an API take from all its callers together, by the type of their keys; a type without a limit is absent. */
export interface BackendLimitsDocument {
  readonly production?: BackendLimitDocument;
  readonly sandbox?: BackendLimitDocument;
}

/** A count that is absent is not limited. */
export interface BackendLimitDocument {
  readonly windowMs: number;
  readonly requests?: number;
  readonly promptTokens?: number;
  readonly completionTokens?: number;
  readonly totalTokens?: number;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Months count as 30 days: windows are aligned to the epoch, not to the calendar. */
const UNIT_MS: readonly (readonly [RegExp, number])[] = [
  [/^s(ec(ond)?s?)?$/i, SECOND_MS],
  [/^min(ute)?s?$/i, MINUTE_MS],
  [/^h(our)?s?$/i, HOUR_MS],
  [/^days?$/i, DAY_MS],
  [/^weeks?$/i, 7 * DAY_MS],
  [/^months?$/i, 30 * DAY_MS],
  [/^years?$/i, 365 * DAY_MS],
];

/** Length of a quota's window in milliseconds; an unknown unit counts as a minute, as units are stored unchecked. */
export const windowMs = (quota: Pick<Quota, 'timeUnit' | 'unitTime'>): number =>
  (UNIT_MS.find(([pattern]) => pattern.test(quota.timeUnit))?.[1] ?? MINUTE_MS) * Math.max(1, quota.unitTime);

export const burstWindowMs = (burst: Pick<Burst, 'timeUnit'>): number => (/^min/i.test(burst.timeUnit) ? MINUTE_MS : SECOND_MS);

export const isUnlimited = (quota: Pick<Quota, 'count'>): boolean => quota.count >= UNLIMITED_COUNT;
