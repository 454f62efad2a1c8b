import type { Condition, ConditionalGroup } from '../domain/conditional-groups.js';
import { BadRequest } from '../domain/problem.js';
import type { PolicyLevel } from '../domain/throttling.js';
import { groupFaults } from './condition-rules.js';
import type {
  AdvancedThrottlePolicyDto,
  AdvancedThrottlePolicyInfoDto,
  ConditionalGroupDto,
  IPConditionDto,
  ThrottleConditionDto,
} from './dto/advanced-policy.dto.js';
import type {
  ApplicationThrottlePolicyDto,
  SubscriptionThrottlePolicyDto,
  ThrottlePolicyDetailsDto,
  ThrottlePolicyDto,
} from './dto/throttle-policy.dto.js';
import { fromBurst, fromLimit, toBurst, toLimit } from './quota.mapper.js';
import { EVERYBODY, numberOf, type Plan, type PolicyContent, type ThrottlingPolicy } from './throttling-policy.js';

const TYPES = {
  application: 'ApplicationThrottlePolicy',
  subscription: 'SubscriptionThrottlePolicy',
  advanced: 'AdvancedThrottlePolicy',
} as const satisfies Record<PolicyLevel, string>;

/** The words of the search and of export for the levels. */
export const SEARCH_TYPES = { application: 'app', subscription: 'sub', advanced: 'api' } as const satisfies Record<PolicyLevel, string>;

const toCommon = (policy: ThrottlingPolicy) => ({
  policyId: policy.id,
  policyName: policy.name,
  displayName: policy.displayName,
  description: policy.description,
  isDeployed: true,
  type: TYPES[policy.level],
});

const fromCommon = (dto: ThrottlePolicyDto) => ({
  name: dto.policyName,
  displayName: dto.displayName ?? '',
  description: dto.description ?? '',
});

export const toDetails = (policy: ThrottlingPolicy): ThrottlePolicyDetailsDto => ({
  policyId: numberOf(policy),
  uuid: policy.id,
  policyName: policy.name,
  displayName: policy.displayName,
  description: policy.description,
  isDeployed: true,
  type: SEARCH_TYPES[policy.level],
});

export const toApplicationPolicy = (policy: ThrottlingPolicy): ApplicationThrottlePolicyDto => ({
  ...toCommon(policy),
  defaultLimit: toLimit(policy.quota),
  burstLimit: toBurst(policy.burst),
});

export const fromApplicationPolicy = (dto: ApplicationThrottlePolicyDto): PolicyContent => ({
  ...fromCommon(dto),
  quota: fromLimit(dto.defaultLimit),
  burst: fromBurst(dto.burstLimit),
  stopOnQuotaReach: true,
  plan: null,
  conditionalGroups: [],
});

export const toSubscriptionPolicy = (policy: ThrottlingPolicy): SubscriptionThrottlePolicyDto => ({
  ...toCommon(policy),
  graphQLMaxComplexity: policy.plan?.graphQLMaxComplexity ?? 0,
  graphQLMaxDepth: policy.plan?.graphQLMaxDepth ?? 0,
  defaultLimit: toLimit(policy.quota),
  monetization: policy.plan?.monetization ? { ...policy.plan.monetization } : { properties: {} },
  ...toBurst(policy.burst),
  subscriberCount: policy.plan?.subscriberCount ?? 0,
  customAttributes: [...(policy.plan?.customAttributes ?? [])],
  stopOnQuotaReach: policy.stopOnQuotaReach,
  billingPlan: policy.plan?.billingPlan ?? 'FREE',
  permissions: toPermissions(policy),
});

export const toPermissions = ({ plan }: Pick<ThrottlingPolicy, 'plan'>) => {
  const { permissionType, roles } = plan?.permissions ?? EVERYBODY;
  return { permissionType, roles: [...roles] };
};

export const fromSubscriptionPolicy = (dto: SubscriptionThrottlePolicyDto): PolicyContent => ({
  ...fromCommon(dto),
  quota: fromLimit(dto.defaultLimit),
  burst: fromBurst(dto),
  stopOnQuotaReach: dto.stopOnQuotaReach ?? false,
  plan: planOf(dto),
  conditionalGroups: [],
});

const planOf = (dto: SubscriptionThrottlePolicyDto): Plan => {
  const { monetizationPlan, properties = {} } = dto.monetization ?? {};
  const isPriced = Boolean(monetizationPlan) || Object.keys(properties).length > 0;
  return {
    billingPlan: dto.billingPlan?.toUpperCase() === 'COMMERCIAL' ? 'COMMERCIAL' : 'FREE',
    monetization: isPriced ? { ...(monetizationPlan && { monetizationPlan }), properties } : null,
    customAttributes: (dto.customAttributes ?? []).map(({ name, value }) => ({ name, value })),
    graphQLMaxComplexity: dto.graphQLMaxComplexity ?? 0,
    graphQLMaxDepth: dto.graphQLMaxDepth ?? 0,
    subscriberCount: dto.subscriberCount ?? 0,
    permissions: dto.permissions ?? EVERYBODY,
  };
};

export const toAdvancedPolicyInfo = (policy: ThrottlingPolicy): AdvancedThrottlePolicyInfoDto => ({
  ...toCommon(policy),
  defaultLimit: toLimit(policy.quota),
});

export const toAdvancedPolicy = (policy: ThrottlingPolicy): AdvancedThrottlePolicyDto => ({
  ...toCommon(policy),
  defaultLimit: toLimit(policy.quota),
  conditionalGroups: policy.conditionalGroups.map(({ description, conditions, quota }) => ({
    description,
    conditions: [...conditions],
    limit: toLimit(quota),
  })),
});

/** @throws BadRequest naming what is wrong with the conditional groups. */
export const fromAdvancedPolicy = (dto: AdvancedThrottlePolicyDto): PolicyContent => {
  const conditionalGroups = (dto.conditionalGroups ?? []).map(fromGroup);
  const faults = groupFaults(conditionalGroups);
  if (faults.length > 0) throw BadRequest('Validation Error').withFindings(faults);
  return { ...fromCommon(dto), quota: fromLimit(dto.defaultLimit), burst: null, stopOnQuotaReach: true, plan: null, conditionalGroups };
};

const fromGroup = ({ description, conditions, limit }: ConditionalGroupDto): ConditionalGroup => ({
  description: description ?? '',
  conditions: conditions.map(fromCondition),
  quota: fromLimit(limit),
});

/** Of a condition only what its type compares: clients leave the rest as null, or as it was before the type was chosen. */
const fromCondition = (dto: ThrottleConditionDto): Condition => {
  const { type, invertCondition, headerCondition, ipCondition, jwtClaimsCondition, queryParameterCondition } = dto;
  const condition = { type, invertCondition: invertCondition ?? false };
  switch (type) {
    case 'HEADERCONDITION':
      return { ...condition, ...(headerCondition && { headerCondition: { ...headerCondition } }) };
    case 'IPCONDITION':
      return { ...condition, ...(ipCondition && { ipCondition: fromAddresses(ipCondition) }) };
    case 'JWTCLAIMSCONDITION':
      return { ...condition, ...(jwtClaimsCondition && { jwtClaimsCondition: { ...jwtClaimsCondition } }) };
    case 'QUERYPARAMETERCONDITION':
      return { ...condition, ...(queryParameterCondition && { queryParameterCondition: { ...queryParameterCondition } }) };
  }
};

/** Without a type, what is given tells it. */
const fromAddresses = ({ ipConditionType, specificIP, startingIP, endingIP }: IPConditionDto): NonNullable<Condition['ipCondition']> => {
  const isRange = ipConditionType === 'IPRANGE' || (!ipConditionType && !specificIP);
  return isRange
    ? { ipConditionType: 'IPRANGE', startingIP: startingIP ?? '', endingIP: endingIP ?? '' }
    : { ipConditionType: 'IPSPECIFIC', specificIP: specificIP ?? '' };
};
