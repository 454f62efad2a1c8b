import type { ApiDetails, AttachedPolicy, PolicyFlows } from '../../domain/api.js';
import type { APIOperationPoliciesDto, OperationPolicyDto } from '../dto/api-operations.dto.js';
import { mapAttached } from './attached-flows.js';

const none = null as unknown as undefined; // JSON has no undefined

/** Attached policies as callers see them: secrets read back empty, and come back empty when they are to stay. */
export const shownFlows = ({ request, response, fault }: PolicyFlows): Required<APIOperationPoliciesDto> => ({
  request: request.map(shown),
  response: response.map(shown),
  fault: fault.map(shown),
});

/** The details with the secrets of their policies in clear, for an archive that is to keep its credentials. */
export const openPolicies = (details: ApiDetails, decrypt: (sealed: string) => string): ApiDetails =>
  mapAttached(details, ({ secrets = [], parameters = {}, ...policy }) => {
    const open = secrets.map((name) => {
      const sealed = parameters[name];
      return [name, typeof sealed === 'string' && sealed !== '' ? decrypt(sealed) : ''] as const;
    });
    return { ...policy, parameters: { ...parameters, ...Object.fromEntries(open) } };
  });

const shown = ({ policyName, policyVersion, policyType, policyId, parameters, secrets = [] }: AttachedPolicy): OperationPolicyDto => ({
  policyName,
  policyVersion: policyVersion ?? 'v1',
  policyType: policyType ?? none,
  policyId: policyId ?? none,
  parameters: { ...parameters, ...Object.fromEntries(secrets.map((name) => [name, ''])) },
});
