import { In } from 'typeorm';
import type { AttachedPolicy, PolicyFlows } from '../../domain/api.js';
import type { AttachedPolicyDocument, PolicyFlowsDocument } from '../../domain/gateway-documents.js';
import type { Tx } from '../../platform/database/transactions.js';
import { OperationPolicyEntity } from './operation-policy.entity.js';
import { isShippedTemplate } from './shipped/shipped-policies.js';

/** The ids among those given that are copies of shipped policies: what the gateway has built in. */
export const builtInAmong = async (tx: Tx, organization: string, ids: readonly string[]): Promise<ReadonlySet<string>> => {
  if (ids.length === 0) return new Set();
  const rows = await tx.em.find(OperationPolicyEntity, {
    select: { id: true, name: true, version: true, synapse: true },
    where: { organization, id: In([...ids]) },
  });
  return new Set(rows.filter(isShippedTemplate).map(({ id }) => id));
};

/** Attached policies as the gateway gets them; undefined when there are none. */
export const flowsDocument = ({ request, response, fault }: PolicyFlows, builtIn: ReadonlySet<string>): PolicyFlowsDocument | undefined => {
  if (request.length === 0 && response.length === 0 && fault.length === 0) return undefined;
  const documents = (policies: readonly AttachedPolicy[]) => policies.map((policy) => policyDocument(policy, builtIn));
  return { request: documents(request), response: documents(response), fault: documents(fault) };
};

const policyDocument = (
  { policyName, policyVersion = 'v1', policyId = '', parameters = {} }: AttachedPolicy,
  builtIn: ReadonlySet<string>,
): AttachedPolicyDocument => ({ name: policyName, version: policyVersion, isBuiltIn: builtIn.has(policyId), parameters });
