import { expected } from './actor.js';
import { eventually } from './eventually.js';
import { given } from './given.js';
import { unique } from './unique.js';

const MINUTE_MS = 60_000;
/** A run of calls must not straddle the window's edge: one that begins in the last seconds waits for the next window. */
const ROOM_MS = 12_000;

/** Waits until enough of the minute is left for some calls. */
export const roomInTheMinute = async (): Promise<void> => {
  const left = () => MINUTE_MS - (Date.now() % MINUTE_MS);
  if (left() < ROOM_MS)
    await eventually(
      async () => left(),
      (now) => now > ROOM_MS,
      MINUTE_MS,
    );
};

/** The statuses of calls one after the other. */
export const statuses = async (times: number, call: () => Promise<{ readonly status: number }>): Promise<readonly number[]> => {
  const seen: number[] = [];
  for (let index = 0; index < times; index++) seen.push((await call()).status);
  return seen;
};

export const requestsADay = (requestCount: number) => ({
  type: 'REQUESTCOUNTLIMIT',
  requestCount: { timeUnit: 'day', unitTime: 1, requestCount },
});

export interface AdvancedPolicy {
  readonly policyId: string;
  readonly policyName: string;
}

/** A new advanced policy of the super tenant, a day's quota for each group and for all other requests. */
export const advancedPolicy = async (requestCount: number, groups: readonly object[] = []): Promise<AdvancedPolicy> => {
  const body = { policyName: unique('Advanced'), defaultLimit: requestsADay(requestCount), conditionalGroups: groups };
  return expected(await given.superAdmin.admin<AdvancedPolicy>('POST /throttling/policies/advanced', { body }), 201);
};
