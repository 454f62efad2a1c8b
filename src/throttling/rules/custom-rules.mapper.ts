import type { ThrottlePolicyDetailsDto } from '../dto/throttle-policy.dto.js';
import { numberOf } from '../throttling-policy.js';
import type { CustomRuleDto } from './custom-rule.dto.js';
import type { CustomRule, CustomRuleContent } from './custom-rule.js';

export const toCustomRule = (rule: CustomRule): CustomRuleDto => ({
  policyId: rule.id,
  policyName: rule.name,
  displayName: rule.displayName,
  description: rule.description,
  isDeployed: true,
  type: 'CustomRule',
  siddhiQuery: rule.siddhiQuery,
  keyTemplate: rule.keyTemplate,
});

export const toRuleDetails = (rule: CustomRule): ThrottlePolicyDetailsDto => ({
  policyId: numberOf(rule),
  uuid: rule.id,
  policyName: rule.name,
  displayName: rule.displayName,
  description: rule.description,
  isDeployed: true,
  type: 'global',
});

export const fromCustomRule = (dto: CustomRuleDto): CustomRuleContent => ({
  name: dto.policyName,
  displayName: dto.displayName ?? '',
  description: dto.description ?? '',
  siddhiQuery: dto.siddhiQuery,
  keyTemplate: dto.keyTemplate,
});
