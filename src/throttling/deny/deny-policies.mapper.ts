import type { BlockingConditionDto } from './deny-policies.dto.js';
import type { DenyPolicy } from './deny-policy.js';

export const toBlockingCondition = ({ id, type, value, active }: DenyPolicy): BlockingConditionDto => ({
  conditionId: id,
  conditionType: type,
  conditionValue: value,
  conditionStatus: active,
});
