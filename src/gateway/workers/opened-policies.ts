import type { AttachedPolicyDocument, FeedRow, PolicyFlowsDocument } from '../../domain/gateway-documents.js';
import type { Decrypt } from './opened-documents.js';

type CarrierRow = FeedRow & { readonly kind: 'api' | 'gateway-policies'; readonly body: object };

/** Whether the row has attached policies with secret parameters. */
export const hasSealedPolicies = (row: FeedRow): row is CarrierRow =>
  (row.kind === 'api' || row.kind === 'gateway-policies') && row.body?.hasPolicySecrets === true;

/** The row with the secret parameters of its policies in clear; `secrets` is null where one could not be opened. */
export const withOpenedPolicies = (row: FeedRow, decrypt: Decrypt): FeedRow => {
  if (!hasSealedPolicies(row)) return row;
  const opened = (flows: PolicyFlowsDocument) => openedFlows(flows, decrypt);
  if (row.kind === 'gateway-policies') return { ...row, body: { ...row.body, policies: opened(row.body.policies) } };
  const { policies, operations } = row.body;
  const body = {
    ...row.body,
    ...(policies && { policies: opened(policies) }),
    operations: operations.map((operation) => (operation.policies ? { ...operation, policies: opened(operation.policies) } : operation)),
  };
  return { ...row, body };
};

/** Whether all secret parameters of the row's policies can be opened. */
export const arePoliciesOpenable = (row: FeedRow, decrypt: Decrypt): boolean => {
  if (!hasSealedPolicies(row)) return true;
  const flows = row.kind === 'api' ? row.body.operations.map(({ policies }) => policies) : [];
  return [row.body.policies, ...flows].every(
    (policies) => policies === undefined || attachedIn(openedFlows(policies, decrypt)).every(({ secrets }) => secrets !== null),
  );
};

const attachedIn = ({ request, response, fault }: PolicyFlowsDocument) => [...request, ...response, ...fault];

const openedFlows = ({ request, response, fault }: PolicyFlowsDocument, decrypt: Decrypt): PolicyFlowsDocument => {
  const opened = (policies: readonly AttachedPolicyDocument[]) => policies.map((policy) => openedPolicy(policy, decrypt));
  return { request: opened(request), response: opened(response), fault: opened(fault) };
};

const openedPolicy = (policy: AttachedPolicyDocument, decrypt: Decrypt): AttachedPolicyDocument => {
  const { secrets } = policy;
  if (!secrets) return policy;
  try {
    return {
      ...policy,
      parameters: Object.fromEntries(
        Object.entries(policy.parameters).map(([name, value]) => [name, secrets.includes(name) ? decrypt(String(value)) : value]),
      ),
    };
  } catch {
    return { ...policy, secrets: null }; // made with a key that is not at hand
  }
};
