import type { PolicyLevel } from '../domain/throttling.js';
import { toPermissions } from './admin-policies.mapper.js';
import type { DevportalThrottlingPolicyDto, PlanMonetizationDto } from './dto/throttling-policy.devportal.dto.js';
import type { StreamingThrottleLimitDto, SubscriptionPolicyDto, ThrottlingPolicyDto } from './dto/throttling-policy.publisher.dto.js';
import { toBurst, toLimit } from './quota.mapper.js';
import { numberOf, type ThrottlingPolicy } from './throttling-policy.js';

const toAttributes = ({ plan }: ThrottlingPolicy): Record<string, string> =>
  Object.fromEntries((plan?.customAttributes ?? []).map(({ name, value }) => [name, value]));

const toTierPlan = ({ plan }: ThrottlingPolicy) => (plan?.billingPlan === 'COMMERCIAL' ? 'COMMERCIAL' : 'FREE');

/** Event quotas have no word of their own in the portals' contracts: their type is left out. */
const toQuotaType = ({ quota }: ThrottlingPolicy) => {
  if (quota.type === 'REQUESTCOUNTLIMIT') return 'REQUESTCOUNT';
  return quota.type === 'BANDWIDTHLIMIT' ? 'BANDWIDTHVOLUME' : undefined;
};

const toQuota = (policy: ThrottlingPolicy) => ({
  requestCount: policy.quota.count,
  dataUnit: policy.quota.dataUnit ?? '',
});

const toWindow = (policy: ThrottlingPolicy) => ({
  unitTime: policy.quota.unitTime,
  timeUnit: policy.quota.timeUnit,
  ...toBurst(policy.burst),
});

export const toPublisherPolicy = (policy: ThrottlingPolicy): ThrottlingPolicyDto => {
  const quotaPolicyType = policy.quota.type === 'AIAPIQUOTALIMIT' ? 'AIAPIQUOTA' : toQuotaType(policy);
  return {
    name: policy.name,
    description: policy.description,
    policyLevel: policy.level === 'advanced' ? 'api' : 'subscription',
    displayName: policy.displayName,
    attributes: toAttributes(policy),
    ...toQuota(policy),
    totalTokenCount: policy.quota.totalTokens ?? 0,
    promptTokenCount: policy.quota.promptTokens ?? 0,
    completionTokenCount: policy.quota.completionTokens ?? 0,
    ...toWindow(policy),
    ...(quotaPolicyType && { quotaPolicyType }),
    tierPlan: toTierPlan(policy),
    stopOnQuotaReach: policy.stopOnQuotaReach,
    monetizationProperties: { ...policy.plan?.monetization?.properties },
  };
};

export const toDevportalPolicy = (policy: ThrottlingPolicy, level: Exclude<PolicyLevel, 'advanced'>): DevportalThrottlingPolicyDto => {
  const quotaPolicyType = toQuotaType(policy);
  const { permissionType, roles } = toPermissions(policy);
  return {
    name: policy.name,
    description: policy.description,
    policyLevel: level,
    attributes: toAttributes(policy),
    ...toQuota(policy),
    ...toWindow(policy),
    ...(quotaPolicyType && { quotaPolicyType }),
    tierPlan: toTierPlan(policy),
    stopOnQuotaReach: policy.stopOnQuotaReach,
    monetizationAttributes: toMonetization(policy),
    throttlingPolicyPermissions: { type: permissionType === 'DENY' ? 'deny' : 'allow', roles },
  };
};

const toMonetization = ({ plan }: ThrottlingPolicy): PlanMonetizationDto => {
  const { monetizationPlan, properties = {} } = plan?.monetization ?? {};
  const { billingCycle = '', fixedPrice = '', pricePerRequest = '', currencyType = '' }: Readonly<Record<string, string>> = properties;
  return {
    ...(monetizationPlan && { billingType: monetizationPlan === 'FIXEDRATE' ? 'fixedPrice' : 'dynamicRate' }),
    billingCycle,
    fixedPrice,
    pricePerRequest,
    currencyType,
  };
};

/** A plan for asynchronous APIs, in the admin's shape. */
export const toStreamingPolicy = (policy: ThrottlingPolicy, tenantId: number): SubscriptionPolicyDto => ({
  policyId: numberOf(policy),
  uuid: policy.id,
  policyName: policy.name,
  displayName: policy.displayName,
  description: policy.description,
  isDeployed: true,
  tenantId,
  tenantDomain: policy.organization,
  // Only event quotas are listed here, which the publisher's form of a limit has.
  defaultLimit: toLimit(policy.quota) as StreamingThrottleLimitDto,
  ...toBurst(policy.burst),
  subscriberCount: policy.plan?.subscriberCount ?? 0,
  customAttributes: [...(policy.plan?.customAttributes ?? [])],
  stopOnQuotaReach: policy.stopOnQuotaReach,
  billingPlan: policy.plan?.billingPlan ?? 'FREE',
  permissions: toPermissions(policy),
});
