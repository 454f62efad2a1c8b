import type { AttachedPolicy, PolicyFlows } from '../../domain/api.js';
import type { APIOperationPoliciesDto, OperationPolicyDto } from '../dto/api-operations.dto.js';
import { shownFlows } from '../policies/shown-flows.js';
import type {
  GatewayPolicyMappingDeploymentInfoDto,
  GatewayPolicyMappingInfoDto,
  GatewayPolicyMappingsDto,
} from './gateway-policies.dto.js';
import type { GatewayPolicyEntity } from './gateway-policy.entity.js';

/** A set of policies with the labels whose gateways run it. */
export interface GatewayPolicy extends Pick<GatewayPolicyEntity, 'id' | 'displayName' | 'description' | 'flows'> {
  readonly labels: readonly string[];
}

export const toGatewayPolicyMappingsDto = ({ id, flows, description, displayName, labels }: GatewayPolicy): GatewayPolicyMappingsDto => ({
  id,
  policyMapping: shownFlows(flows),
  description,
  displayName,
  appliedGatewayLabels: [...labels],
});

export const toGatewayPolicyInfoDto = ({ id, description, displayName }: GatewayPolicy): GatewayPolicyMappingInfoDto => ({
  id,
  description,
  displayName,
});

export const toGatewayPolicyDeploymentInfoDto = (mapping: GatewayPolicy): GatewayPolicyMappingDeploymentInfoDto => ({
  ...toGatewayPolicyInfoDto(mapping),
  appliedGatewayLabels: mapping.labels,
});

export const fromFlowsDto = ({ request, response, fault }: APIOperationPoliciesDto): PolicyFlows => ({
  request: (request ?? []).map(fromPolicyDto),
  response: (response ?? []).map(fromPolicyDto),
  fault: (fault ?? []).map(fromPolicyDto),
});

const fromPolicyDto = ({ policyName, policyVersion, policyType, policyId, parameters }: OperationPolicyDto): AttachedPolicy => ({
  policyName,
  policyVersion: policyVersion ?? 'v1',
  ...(policyType && { policyType }),
  ...(policyId && { policyId }),
  parameters: parameters ?? {},
});
