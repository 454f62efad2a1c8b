import type { OperationPolicyDataDto, OperationPolicySpecAttributeDto } from './operation-policies.dto.js';
import type { ListedPolicy } from './operation-policy.entity.js';
import type { PolicyAttribute } from './policy-specification.js';

/** A copy of a common policy counts as its API's own. */
export const toOperationPolicyDataDto = ({ id, apiId, name, version, md5, specification }: ListedPolicy): OperationPolicyDataDto => ({
  category: specification.category,
  id,
  name,
  version,
  displayName: specification.displayName,
  description: specification.description,
  applicableFlows: specification.applicableFlows,
  supportedGateways: specification.supportedGateways,
  supportedApiTypes: specification.supportedApiTypes,
  isAPISpecific: apiId !== null,
  md5,
  policyAttributes: specification.policyAttributes.map(attributeDto),
});

const attributeDto = (attribute: PolicyAttribute): OperationPolicySpecAttributeDto => ({
  name: attribute.name,
  displayName: attribute.displayName,
  description: attribute.description ?? '',
  validationRegex: attribute.validationRegex ?? null,
  type: attribute.type,
  required: attribute.required,
  // A text on the wire, whatever the specification has.
  defaultValue: attribute.defaultValue === undefined ? null : String(attribute.defaultValue),
  allowedValues: attribute.allowedValues ?? [],
});
