import type { ApiDetails, AttachedPolicy, PolicyFlows } from '../../domain/api.js';
import { POLICY_FLOWS, type PolicyFlow } from './policy-specification.js';

/** Where policies are attached: to the API as a whole (`''`), or to one operation (`<verb> <target>`). */
export interface AttachmentPlace {
  readonly owner: string;
  readonly flow: PolicyFlow;
}

type Change = (policy: AttachedPolicy, place: AttachmentPlace) => AttachedPolicy | undefined;

export const NO_FLOWS: PolicyFlows = { request: [], response: [], fault: [] };

/** The flows with every policy changed, in their order; those whose change is undefined are left out. */
export const mapFlows = (flows: PolicyFlows, owner: string, change: Change): PolicyFlows => {
  const changed = (flow: PolicyFlow) => flows[flow].flatMap((policy) => change(policy, { owner, flow }) ?? []);
  return { request: changed('request'), response: changed('response'), fault: changed('fault') };
};

type Attaching = Pick<ApiDetails, 'apiPolicies' | 'operations'>;

/** The details of an API with all its attached policies changed, as {@link mapFlows}. */
export const mapAttached = <T extends Attaching>(details: T, change: Change): T => ({
  ...details,
  apiPolicies: mapFlows(details.apiPolicies, '', change),
  operations: details.operations.map((operation) => ({
    ...operation,
    operationPolicies: mapFlows(operation.operationPolicies, `${operation.verb} ${operation.target}`, change),
  })),
});

/** All policies of the flows, those of the request first. */
export const policiesIn = (flows: PolicyFlows): readonly AttachedPolicy[] => POLICY_FLOWS.flatMap((flow) => flows[flow]);

/** All policies that an API has attached, those of the whole API first. */
export const attachedIn = ({ apiPolicies, operations }: Attaching): readonly AttachedPolicy[] => [
  ...policiesIn(apiPolicies),
  ...operations.flatMap(({ operationPolicies }) => policiesIn(operationPolicies)),
];

/** The ids of the attached policies, once each. */
export const attachedIds = (details: Attaching): readonly string[] => [
  ...new Set(attachedIn(details).flatMap(({ policyId }) => policyId ?? [])),
];
