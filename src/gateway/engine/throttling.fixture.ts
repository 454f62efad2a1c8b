import type { ConditionalGroup } from '../../domain/conditional-groups.js';
import type { FeedRow } from '../../domain/gateway-documents.js';
import type { Burst, PolicyLevel, Quota } from '../../domain/throttling.js';
import { row, TENANT } from './engine.fixture.js';

/** A day, so that no test falls on the edge of a window but at midnight. */
export const quota = (changes: Partial<Quota> = {}): Quota => ({
  type: 'REQUESTCOUNTLIMIT',
  timeUnit: 'day',
  unitTime: 1,
  count: 2_147_483_647,
  ...changes,
});

/** A policy whose quota is unlimited but for the changes. */
export const policy = (
  level: PolicyLevel,
  name: string,
  changes: Partial<Quota>,
  burst: Burst | null = null,
  stopOnQuotaReach = true,
): FeedRow => row('policy', `${level}:${name}`, { level, name, quota: quota(changes), burst, stopOnQuotaReach });

export const advancedPolicy = (name: string, changes: Partial<Quota>, conditionalGroups: readonly ConditionalGroup[]): FeedRow =>
  row('policy', `advanced:${name}`, {
    level: 'advanced',
    name,
    quota: quota(changes),
    burst: null,
    stopOnQuotaReach: true,
    conditionalGroups,
  });

/** The usual application, under another policy. */
export const application = (policyName: string): FeedRow =>
  row('application', 'app-1', { uuid: 'app-1', id: 1, name: 'App', owner: 'admin', policy: policyName, organization: TENANT });

/** The usual subscription, under another policy. */
export const subscription = (policyName: string): FeedRow =>
  row('subscription', 'sub-1', { subscriptionId: 'sub-1', apiId: 'pizza', applicationId: 'app-1', policy: policyName, state: 'UNBLOCKED' });
