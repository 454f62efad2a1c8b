import { randomUUID } from 'node:crypto';
import { BadRequest } from '../../domain/problem.js';
import type { ArchiveFiles } from '../../platform/archives/read-archive.js';
import { nextTurn } from '../../platform/turns/turns.js';
import { APIDto } from '../dto/api.dto.js';
import type { APIOperationPoliciesDto, OperationPolicyDto } from '../dto/api-operations.dto.js';
import type { ArchivedPolicy } from './attached-policies.js';
import type { PolicyContent } from './operation-policy.entity.js';
import { policyContent, SCRIPT_EXTENSION, writtenPolicy } from './policy-content.js';
import { readSpecification } from './read-specification.js';
import { shippedAlike } from './shipped/shipped-policies.js';

/** Where the policies are in an archive of an API (`reference/publisher.md` §20.2). */
export const POLICIES_FOLDER = 'Policies/';
/** Ends the file names of policies that belong to the API alone. */
export const OWN_SUFFIX = '_api';

const SPECIFICATION = /^Policies\/([^/]+)\.(?:ya?ml|json)$/i;

/** A policy in an archive. */
export interface FoundPolicy {
  readonly content: PolicyContent;
  /** Whether it was its API's own. */
  readonly own: boolean;
}

/** What an archive makes of an API object. */
export interface AdaptedApi {
  /** The API object with its attached policies named as this tenant has them. */
  readonly dto: APIDto;
  /** To be given along with the object when the API is created or updated. */
  readonly policies: readonly ArchivedPolicy[];
}

/** The policies of an archive, whose paths are below the API's folder. @throws problems (400) for a broken one, BadRequest for two of one name. */
export const policiesInArchive = async (files: ArchiveFiles): Promise<readonly FoundPolicy[]> => {
  const found = new Map<string, FoundPolicy>();
  for (const [path, bytes] of files) {
    const [, base] = SPECIFICATION.exec(path) ?? [];
    if (base === undefined) continue;
    const template = (extension: string) => {
      const name = `${POLICIES_FOLDER}${base}${extension}`;
      const content = files.get(name);
      return content && { name, bytes: content };
    };
    const content = writtenPolicy(readSpecification(bytes), template('.j2') ?? template(SCRIPT_EXTENSION), template('.gotmpl'));
    const own = base.endsWith(OWN_SUFFIX) && !content.version.endsWith(OWN_SUFFIX);
    const key = JSON.stringify([content.name, content.version, own]);
    const before = found.get(key);
    if (before && before.content.md5 !== content.md5)
      throw BadRequest(`The archive holds two policies ${content.name} of version ${content.version}.`);
    found.set(key, { content, own });
    // There may be thousands.
    await nextTurn();
  }
  return [...found.values()];
};

/**
 * The API object with its attached policies as this tenant has them. A common policy that the tenant does not have, or has with another content, becomes
 * one of the API's own, named `<name>_imported`. What the archive does not hold is looked up by name later.
 */
export const adaptPolicies = (
  found: readonly FoundPolicy[],
  commons: readonly Pick<PolicyContent, 'name' | 'version' | 'md5'>[],
  dto: APIDto,
): AdaptedApi => {
  const brought = new Map<FoundPolicy, ArchivedPolicy>();
  const change = (sent: OperationPolicyDto): OperationPolicyDto => {
    const { policyName, policyVersion, policyType } = sent;
    const meant = found.filter(({ content }) => content.name === policyName && content.version === (policyVersion ?? 'v1'));
    const policy = meant.find(({ own }) => own === (policyType === 'api')) ?? meant[0];
    // Its id is of the installation it comes from.
    const { policyId, ...named } = sent;
    if (policy === undefined) return named;
    if (!policy.own && commons.some((common) => isSame(common, policy.content))) return { ...named, policyType: 'common' };
    const archived = brought.get(policy) ?? { id: randomUUID(), ...(policy.own ? policy.content : imported(policy.content)) };
    brought.set(policy, archived);
    return { ...named, policyName: archived.name, policyType: 'api', policyId: archived.id };
  };
  return { dto: withPolicies(dto, change), policies: [...brought.values()] };
};

/** Equal content; of the shipped policies, whose texts each vendor words for itself, equal parameters. */
const isSame = (common: Pick<PolicyContent, 'name' | 'version' | 'md5'>, content: PolicyContent): boolean =>
  common.name === content.name &&
  common.version === content.version &&
  (common.md5 === content.md5 || common.md5 === shippedAlike(content)?.md5);

const imported = ({ specification, synapse, language, choreo }: PolicyContent): PolicyContent => {
  const renamed = { name: `${specification.name}_imported`, displayName: `${specification.displayName} Imported` };
  return policyContent({ ...specification, ...renamed }, synapse, choreo, language);
};

const withPolicies = (dto: APIDto, change: (policy: OperationPolicyDto) => OperationPolicyDto): APIDto => {
  const flows = ({ request, response, fault }: APIOperationPoliciesDto): APIOperationPoliciesDto => ({
    request: (request ?? []).map(change),
    response: (response ?? []).map(change),
    fault: (fault ?? []).map(change),
  });
  const apiPolicies = dto.apiPolicies && flows(dto.apiPolicies);
  const operations = dto.operations?.map(({ operationPolicies, ...operation }) => ({
    ...operation,
    ...(operationPolicies && { operationPolicies: flows(operationPolicies) }),
  }));
  return Object.assign(new APIDto(), dto, apiPolicies && { apiPolicies }, operations && { operations });
};
