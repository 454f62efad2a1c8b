import type { ApiDetails, AttachedPolicy, PolicyFlows } from '../../domain/api.js';
import type { APIOperationPoliciesDto, OperationPolicyDto } from '../dto/api-operations.dto.js';
import { mapAttached, mapFlows } from './attached-flows.js';

const none = null as unknown as undefined; // JSON has no undefined

/** Attached policies as callers see them: secrets read back empty, and come back empty when they are to stay. */
export const shownFlows = ({ request, response, fault }: PolicyFlows): Required<APIOperationPoliciesDto> => ({
  request: request.map(shown),
  response: response.map(shown),
  fault: fault.map(shown),
});

/** The details with the secrets of their policies in clear, for an archive that is to keep its credentials. */
export const openPolicies = (details: ApiDetails, decrypt: Decrypt): ApiDetails =>
  mapAttached(details, (policy) => opened(policy, decrypt));

/** The flows with the secrets of their policies in clear, for a gateway that runs them. */
export const openFlows = (flows: PolicyFlows, decrypt: Decrypt): PolicyFlows => mapFlows(flows, '', (policy) => opened(policy, decrypt));

type Decrypt = (sealed: string) => string;

const opened = ({ secrets = [], parameters = {}, ...policy }: AttachedPolicy, decrypt: Decrypt): AttachedPolicy => {
  const open = secrets.map((name) => {
    const sealed = parameters[name];
    return [name, typeof sealed === 'string' && sealed !== '' ? decrypt(sealed) : ''] as const;
  });
  return { ...policy, parameters: { ...parameters, ...Object.fromEntries(open) } };
};

const shown = ({ policyName, policyVersion, policyType, policyId, parameters, secrets = [] }: AttachedPolicy): OperationPolicyDto => ({
  policyName,
  policyVersion: policyVersion ?? 'v1',
  policyType: policyType ?? none,
  policyId: policyId ?? none,
  parameters: { ...parameters, ...Object.fromEntries(secrets.map((name) => [name, ''])) },
});
