import type { Condition } from '../../domain/conditional-groups.js';
import { toBurst, toLimit } from '../../throttling/quota.mapper.js';
import type { CustomRule } from '../../throttling/rules/custom-rule.js';
import { numberOf, type ThrottlingPolicy } from '../../throttling/throttling-policy.js';

/** A policy with the number of its tenant. */
export type PolicyRow = ThrottlingPolicy & { readonly tenantId: number };
export type RuleRow = CustomRule & { readonly tenantId: number };

const QUOTA_TYPES = {
  REQUESTCOUNTLIMIT: 'requestCount',
  BANDWIDTHLIMIT: 'bandwidthVolume',
  EVENTCOUNTLIMIT: 'eventCount',
  AIAPIQUOTALIMIT: 'aiApiQuota',
} as const;

const limitOf = ({ quota }: Pick<ThrottlingPolicy, 'quota'>) => {
  const { type, ...limit } = toLimit(quota);
  return { quotaType: QUOTA_TYPES[quota.type], ...limit };
};

const policyOf = (policy: PolicyRow) => ({
  id: numberOf(policy),
  tenantId: policy.tenantId,
  tenantDomain: policy.organization,
  name: policy.name,
  quotaType: QUOTA_TYPES[policy.quota.type],
});

export const toSubscriptionPolicy = (policy: PolicyRow) => ({
  ...policyOf(policy),
  graphQLMaxComplexity: policy.plan?.graphQLMaxComplexity ?? 0,
  graphQLMaxDepth: policy.plan?.graphQLMaxDepth ?? 0,
  ...toBurst(policy.burst),
  stopOnQuotaReach: policy.stopOnQuotaReach,
  defaultLimit: limitOf(policy),
});

export const toApplicationPolicy = (policy: PolicyRow) => ({
  ...policyOf(policy),
  defaultLimit: limitOf(policy),
  burstLimit: toBurst(policy.burst),
});

/** Groups are numbered from 1, in the order in which they are tried. */
export const toApiPolicy = (policy: PolicyRow) => ({
  ...policyOf(policy),
  conditionGroups: policy.conditionalGroups.map(({ quota, conditions }, at) => ({
    policyId: numberOf(policy),
    quotaType: QUOTA_TYPES[quota.type],
    conditionGroupId: at + 1,
    condition: conditions.flatMap(conditionsOf),
    defaultLimit: limitOf({ quota }),
  })),
  applicableLevel: 'apiLevel',
  defaultLimit: limitOf(policy),
});

/** A range of addresses is two of the product's conditions. */
const conditionsOf = (condition: Condition) => {
  const { invertCondition: isInverted, headerCondition, ipCondition, jwtClaimsCondition, queryParameterCondition } = condition;
  if (headerCondition)
    return [{ conditionType: 'Header', name: headerCondition.headerName, value: headerCondition.headerValue, isInverted }];
  if (jwtClaimsCondition)
    return [{ conditionType: 'JWTClaims', name: jwtClaimsCondition.claimUrl, value: jwtClaimsCondition.attribute, isInverted }];
  if (queryParameterCondition) {
    const { parameterName: name, parameterValue: value } = queryParameterCondition;
    return [{ conditionType: 'QueryParameterType', name, value, isInverted }];
  }
  if (ipCondition?.ipConditionType === 'IPRANGE') {
    return [
      { conditionType: 'IPRange', name: 'startingIP', value: ipCondition.startingIP ?? '', isInverted },
      { conditionType: 'IPRange', name: 'endingIP', value: ipCondition.endingIP ?? '', isInverted },
    ];
  }
  return ipCondition ? [{ conditionType: 'IPSpecific', name: 'specificIp', value: ipCondition.specificIP ?? '', isInverted }] : [];
};

/** Its limit, and what uses that up, are in the query. */
export const toGlobalPolicy = (rule: RuleRow) => ({
  id: numberOf(rule),
  tenantId: rule.tenantId,
  tenantDomain: rule.organization,
  name: rule.name,
  siddhiQuery: rule.siddhiQuery,
  keyTemplate: rule.keyTemplate,
});
