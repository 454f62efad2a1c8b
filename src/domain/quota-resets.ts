import { type Burst, burstWindowMs, type Quota, windowMs } from './throttling.js';

/**
 * When users of an application were last given their quotas anew, in milliseconds since the epoch by `user@tenant`. The gateway counts such a user under a
 * name that holds this time: the counts from before are left behind, however often a gateway is told of it.
 */
export type QuotaResets = Readonly<Record<string, number>>;

/** The newest are kept: for users beyond, what they had used before counts again. */
const RESETS_MAX = 1_000;

/** Adds the users; those go whose counts from before have ended by themselves, with the windows of the policy. */
export const withResets = (
  resets: QuotaResets,
  users: readonly string[],
  { quota, burst }: { readonly quota: Quota; readonly burst: Burst | null },
  now: number,
): QuotaResets => {
  const windows = [windowMs(quota), ...(burst === null ? [] : [burstWindowMs(burst)])];
  const isCounted = (at: number) => windows.some((window) => Math.floor(at / window) === Math.floor(now / window));
  const others = Object.entries(resets).filter(([user, at]) => !users.includes(user) && isCounted(at));
  const kept = others.toSorted(([, a], [, b]) => b - a).slice(0, Math.max(0, RESETS_MAX - users.length));
  // Two resets in one millisecond must not look like one.
  const added = users.map((user) => [user, Math.max(now, (resets[user] ?? 0) + 1)] as const);
  return Object.fromEntries([...kept, ...added]);
};
