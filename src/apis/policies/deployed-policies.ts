import { In } from 'typeorm';
import type { AttachedPolicy, PolicyFlows } from '../../domain/api.js';
import type {
  AttachedPolicyDocument,
  PolicyCarrierDocument,
  PolicyDefinitionDocument,
  PolicyFlowsDocument,
} from '../../domain/gateway-documents.js';
import { md5Checksum } from '../../platform/crypto/checksum.js';
import type { Tx } from '../../platform/database/transactions.js';
import { OperationPolicyEntity } from './operation-policy.entity.js';
import { isShippedTemplate } from './shipped/shipped-policies.js';

/** What the gateway runs for stored policies. */
export interface DeployedPolicies {
  /** Ids of copies of shipped policies: what the gateway has built in. */
  readonly builtIn: ReadonlySet<string>;
  /** What users have written, by the policy's id. */
  readonly written: ReadonlyMap<string, WrittenPolicy>;
}

export interface WrittenPolicy extends PolicyDefinitionDocument {
  /** Of the content: policies of one text have one key. */
  readonly key: string;
}

export const NO_DEPLOYED_POLICIES: DeployedPolicies = { builtIn: new Set(), written: new Map() };

/** What the gateway runs for the policies of the given ids. */
export const deployedAmong = async (tx: Tx, organization: string, ids: readonly string[]): Promise<DeployedPolicies> => {
  if (ids.length === 0) return NO_DEPLOYED_POLICIES;
  const rows = await tx.em.find(OperationPolicyEntity, {
    select: { id: true, name: true, version: true, synapse: true, language: true },
    where: { organization, id: In([...ids]) },
  });
  const written = rows.flatMap(({ id, name, version, synapse, language }) =>
    synapse === null || isShippedTemplate({ name, version, synapse }) ? [] : [[id, writtenPolicy(synapse, language)] as const],
  );
  return { builtIn: new Set(rows.filter(isShippedTemplate).map(({ id }) => id)), written: new Map(written) };
};

const writtenPolicy = (text: string, language: WrittenPolicy['language']): WrittenPolicy => ({
  key: md5Checksum(`${language}\n${text}`),
  text,
  language,
});

/** Attached policies as the gateway gets them; undefined when there are none. */
export const flowsDocument = ({ request, response, fault }: PolicyFlows, deployed: DeployedPolicies): PolicyFlowsDocument | undefined => {
  if (request.length === 0 && response.length === 0 && fault.length === 0) return undefined;
  const documents = (policies: readonly AttachedPolicy[]) => policies.map((policy) => policyDocument(policy, deployed));
  return { request: documents(request), response: documents(response), fault: documents(fault) };
};

/** The texts of the attached policies, once each, and whether some of them have secrets. */
export const carrierDocument = (attached: readonly AttachedPolicy[], { written }: DeployedPolicies): PolicyCarrierDocument => {
  const definitions = new Map<string, PolicyDefinitionDocument>();
  for (const { policyId = '' } of attached) {
    const policy = written.get(policyId);
    if (policy !== undefined) definitions.set(policy.key, { text: policy.text, language: policy.language });
  }
  return {
    ...(definitions.size > 0 && { definitions: Object.fromEntries(definitions) }),
    ...(attached.some((policy) => sealedIn(policy).length > 0) && { hasPolicySecrets: true }),
  };
};

const policyDocument = (policy: AttachedPolicy, { builtIn, written }: DeployedPolicies): AttachedPolicyDocument => {
  const { policyName, policyVersion = 'v1', policyId = '', parameters = {} } = policy;
  const definition = written.get(policyId);
  const secrets = sealedIn(policy);
  return {
    name: policyName,
    version: policyVersion,
    isBuiltIn: builtIn.has(policyId),
    parameters,
    ...(definition && { definitionKey: definition.key }),
    ...(secrets.length > 0 && { secrets }),
  };
};

/** The parameters that hold a sealed text: an empty one is no secret. */
const sealedIn = ({ parameters = {}, secrets = [] }: AttachedPolicy): readonly string[] =>
  secrets.filter((name) => typeof parameters[name] === 'string' && parameters[name] !== '');
