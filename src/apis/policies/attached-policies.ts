import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import { type FindOptionsWhere, In, IsNull, type Repository } from 'typeorm';
import { type Api, type ApiDetails, type ApiType, type AttachedPolicy, type PolicyFlows, PRODUCT_TYPE } from '../../domain/api.js';
import { Secrets } from '../../platform/crypto/secrets.js';
import { onConflict, type Tx } from '../../platform/database/transactions.js';
import { type AttachmentPlace, attachedIds, attachedIn, mapAttached, mapFlows, NO_FLOWS, policiesIn } from './attached-flows.js';
import { type AttachmentTarget, attachmentOf, checkTarget } from './attachment.js';
import { DefinitionChecks } from './definition-checks.js';
import { LISTED, type ListedPolicy, OperationPolicyEntity, type PolicyContent } from './operation-policy.entity.js';
import { AttachedPolicyUnknown, PolicyExists, PolicyIdMismatch } from './policies.problems.js';
import { isShippedTemplate } from './shipped/shipped-policies.js';

/** A policy that an archive brings along, with the id by which the API object of the archive names it. */
export interface ArchivedPolicy extends PolicyContent {
  readonly id: string;
}

/** What an API is before it gets the details whose policies are looked up. */
export interface Attaching {
  readonly organization: string;
  /** Null for an API that is not there yet. */
  readonly apiId: string | null;
  readonly type: ApiType;
  readonly before: ApiDetails | null;
  readonly archived: readonly ArchivedPolicy[];
}

type Owner = Pick<Api, 'organization' | 'id'>;

/** Types for which attached policies are dropped (`reference/publisher.md` §14). */
const WITHOUT_POLICIES: readonly ApiType[] = ['SSE', 'WEBSUB', 'WEBHOOK'];
const GATEWAY = 'wso2/synapse';

/**
 * The policies that APIs attach. In two steps, because an API is checked before the transaction that writes it: {@link resolved} finds and checks them,
 * {@link adopt} gives the API its own copies.
 */
@Injectable()
export class AttachedPolicies {
  constructor(
    @InjectRepository(OperationPolicyEntity) private readonly policies: Repository<OperationPolicyEntity>,
    private readonly secrets: Secrets,
    private readonly definitions: DefinitionChecks,
  ) {}

  /**
   * The details with every attached policy found, checked, and named by its id; secrets are encrypted, or kept where they were sent empty.
   * @throws AttachedPolicyUnknown (902005), PolicyIdMismatch (903211), PolicyNotAllowed (902008), AttributesMissing (902009), InvalidParameter (903212),
   * UnusableParameters (903212) where the policy cannot be compiled with its parameters.
   */
  async resolved({ organization, apiId, type, before, archived }: Attaching, details: ApiDetails): Promise<ApiDetails> {
    if (WITHOUT_POLICIES.includes(type)) return mapAttached(details, () => undefined);
    const sent = attachedIn(details);
    if (sent.length === 0) return details;
    const had = new Set(before === null ? [] : attachedIds(before));
    const candidates = (await this.candidates(organization, apiId, sent)).filter(({ id, removed }) => !removed || had.has(id));
    const known = [...archived.map((policy) => archivedRow(organization, policy)), ...candidates];
    const { gatewayType } = details;
    const resolved = mapAttached(details, this.attach(known, storedIn(before), { gatewayType, apiType: type }));
    await this.compile(organization, attachedIn(resolved), before === null ? [] : attachedIn(before), archived);
    return resolved;
  }

  /** As {@link resolved}, for what a gateway runs for every API: common policies only. */
  async resolvedFlows(organization: string, flows: PolicyFlows, before: PolicyFlows = NO_FLOWS): Promise<PolicyFlows> {
    const sent = policiesIn(flows);
    const candidates = sent.length === 0 ? [] : await this.candidates(organization, null, sent);
    const attach = this.attach(
      candidates,
      storedBy((see) => mapFlows(before, '', see)),
      { gatewayType: GATEWAY, apiType: null },
    );
    const resolved = mapFlows(flows, '', attach);
    await this.compile(organization, policiesIn(resolved), policiesIn(before), []);
    return resolved;
  }

  /**
   * Makes the attached policies the API's own, in the transaction that writes its details: what belongs to the tenant, to another API or to an archive is
   * copied, copies that nothing uses any more are deleted. Gives the details with the ids of the copies. Those of a product stay its members'.
   * @throws AttachedPolicyUnknown (902005) for a policy that is gone meanwhile.
   */
  async adopt(
    tx: Tx,
    { organization, id, type }: Owner & Pick<Api, 'type'>,
    details: ApiDetails,
    archived: readonly ArchivedPolicy[] = [],
  ): Promise<ApiDetails> {
    if (type === PRODUCT_TYPE) return details;
    const wanted = attachedIds(details);
    const rows: readonly ListedPolicy[] = await tx.em.find(OperationPolicyEntity, {
      select: LISTED,
      where: [
        { organization, apiId: id },
        { organization, id: In(wanted.filter((one) => isUUID(one))) },
      ],
    });
    const own = rows.filter(({ apiId }) => apiId === id);
    const renamed = new Map<string, string>();
    const copies: (readonly [from: string, to: string])[] = [];
    for (const policyId of wanted) {
      const brought = archived.find((policy) => policy.id === policyId);
      if (brought) renamed.set(policyId, await this.store(tx, { organization, id }, own, brought));
      else if (!own.some((row) => row.id === policyId)) {
        const row = rows.find((other) => other.id === policyId);
        if (row === undefined) throw AttachedPolicyUnknown();
        const same = own.find((copy) => copy.clonedFrom !== null && copy.clonedFrom === (row.clonedFrom ?? row.id) && copy.md5 === row.md5);
        const to = same?.id ?? randomUUID();
        if (same === undefined) copies.push([policyId, to]);
        renamed.set(policyId, to);
      }
    }
    if (copies.length > 0) await copyRows(tx, { organization, id }, copies);
    const adopted = renamed.size === 0 ? details : mapAttached(details, (policy) => withId(policy, renamed));
    // What an archive replaced is seen only by reading again.
    await this.prune(tx, { organization, id, details: adopted }, archived.length > 0 ? undefined : own);
    return adopted;
  }

  /** Deletes the copies and removed policies of the API that neither it nor one of its revisions uses. */
  async prune(tx: Tx, { organization, id, details }: Owner & Pick<Api, 'details'>, known?: readonly ListedPolicy[]): Promise<void> {
    const own = known ?? (await tx.em.find(OperationPolicyEntity, { select: LISTED, where: { organization, apiId: id } }));
    const used = new Set(attachedIds(details));
    const unused = own.filter((row) => (row.clonedFrom !== null || row.removed) && !used.has(row.id)).map((row) => row.id);
    if (unused.length > 0) await tx.em.query(DELETE_UNUSED, [organization, id, unused]);
    const back = own.filter((row) => row.removed && used.has(row.id)).map((row) => row.id);
    if (back.length > 0) await tx.em.query(SHOW_AGAIN, [organization, id, back]);
  }

  /** Gives the API a policy of its own in place of the one it has by that name and version; gives its id. @throws PolicyExists (903001) for a second one. */
  async store(
    tx: Tx,
    { organization, id }: Owner,
    own: readonly ListedPolicy[],
    { id: policyId, ...content }: ArchivedPolicy,
  ): Promise<string> {
    const before = own.find(
      (row) => row.clonedFrom === null && !row.removed && row.name === content.name && row.version === content.version,
    );
    if (before?.md5 === content.md5) return before.id;
    if (before) await tx.em.update(OperationPolicyEntity, { organization, id: before.id }, { removed: true });
    const row = { ...content, id: policyId, organization, apiId: id, clonedFrom: null, removed: false };
    const refusal = () => PolicyExists(content.name, content.version);
    await tx.em.insert(OperationPolicyEntity, row).catch(onConflict('operation_policies_of_api', refusal));
    return policyId;
  }

  /** Compiles the templates that users have written with their new parameters; what was attached before is left alone. */
  private async compile(
    organization: string,
    attached: readonly AttachedPolicy[],
    before: readonly AttachedPolicy[],
    archived: readonly ArchivedPolicy[],
  ): Promise<void> {
    const known = new Set(before.map(attachmentKey));
    const changed = new Map(attached.flatMap((policy) => (known.has(attachmentKey(policy)) ? [] : [[attachmentKey(policy), policy]])));
    if (changed.size === 0) return;
    const ids = [...new Set([...changed.values()].flatMap(({ policyId = '' }) => (isUUID(policyId) ? policyId : [])))];
    const select = { id: true, name: true, version: true, synapse: true, language: true } as const;
    const rows = await this.policies.find({ select, where: { organization, id: In(ids) } });
    const written = [...archived, ...rows].filter((policy) => policy.language === 'sequence' && !isShippedTemplate(policy));
    const templates = new Map(written.map(({ id, synapse }) => [id, synapse]));
    await this.definitions.attachments(
      [...changed.values()].flatMap((policy) => {
        const definition = templates.get(policy.policyId ?? '');
        return definition ? [{ policyName: policy.policyName, definition, parameters: this.opened(policy) }] : [];
      }),
    );
  }

  private opened({ parameters = {}, secrets = [] }: AttachedPolicy): Readonly<Record<string, unknown>> {
    const values = Object.entries(parameters).map(([name, value]) => {
      const isSealed = secrets.includes(name) && typeof value === 'string' && value !== '';
      return [name, isSealed ? this.secrets.decrypt(value) : value] as const;
    });
    return Object.fromEntries(values);
  }

  /** Everything an attachment could mean: the tenant's and the API's policies of its id or its name. */
  private async candidates(organization: string, apiId: string | null, sent: readonly AttachedPolicy[]): Promise<readonly ListedPolicy[]> {
    const ids = [...new Set(sent.flatMap(({ policyId }) => (isUUID(policyId) ? policyId : [])))] as string[]; // what is a UUID is a text
    const names = [...new Set(sent.map(({ policyName }) => policyName))];
    const among = (where: FindOptionsWhere<OperationPolicyEntity>) => [
      { ...where, id: In(ids) },
      { ...where, name: In(names) },
    ];
    const where = [...among({ organization, apiId: IsNull() }), ...(apiId === null ? [] : among({ organization, apiId }))];
    return this.policies.find({ select: LISTED, where });
  }

  private attach(
    known: readonly ListedPolicy[],
    stored: (policy: AttachedPolicy, place: AttachmentPlace) => AttachedPolicy | undefined,
    target: Omit<AttachmentTarget, 'flow'>,
  ) {
    return (sent: AttachedPolicy, place: AttachmentPlace): AttachedPolicy => {
      const policy = meant(known, sent);
      checkTarget(policy.specification, { ...target, flow: place.flow });
      return attachmentOf(policy, sent.parameters ?? {}, stored(sent, place), (plain) => this.secrets.encrypt(plain));
    };
  }
}

/** The policy that an attachment names. By name an API's own one comes first unless the common one is asked for. */
const meant = (
  known: readonly ListedPolicy[],
  { policyName, policyVersion = 'v1', policyType, policyId }: AttachedPolicy,
): ListedPolicy => {
  if (policyId) {
    const policy = known.find(({ id }) => id === policyId);
    if (policy === undefined) throw AttachedPolicyUnknown();
    if (policy.name !== policyName || policy.version !== policyVersion) throw PolicyIdMismatch(policyName, policyVersion, policyId);
    return policy;
  }
  const named = known.filter(({ name, version, removed }) => name === policyName && version === policyVersion && !removed);
  const own = policyType === 'common' ? undefined : named.find(({ apiId, clonedFrom }) => apiId !== null && clonedFrom === null);
  const common =
    policyType === 'api' ? undefined : (named.find(({ apiId }) => apiId === null) ?? named.find(({ clonedFrom }) => clonedFrom !== null));
  const policy = own ?? common;
  if (policy === undefined) throw AttachedPolicyUnknown();
  return policy;
};

const attachmentKey = ({ policyId, parameters }: AttachedPolicy): string => JSON.stringify([policyId, parameters]);

const archivedRow = (organization: string, policy: ArchivedPolicy): ListedPolicy => ({
  ...policy,
  organization,
  // Whichever API it will be: it is none of the tenant's.
  apiId: '',
  clonedFrom: null,
  removed: false,
});

type See = (policy: AttachedPolicy, place: AttachmentPlace) => undefined;
type Find = (policy: AttachedPolicy, place: AttachmentPlace) => AttachedPolicy | undefined;

/** Finds the attachment that was in a place before: of several of one policy in one flow that with the same parameters, else the first that is left. */
const storedBy = (walk: (see: See) => unknown): Find => {
  const before = new Map<string, AttachedPolicy[]>();
  const listOf = ({ policyName, policyVersion = 'v1' }: AttachedPolicy, { owner, flow }: AttachmentPlace) => {
    const key = JSON.stringify([owner, flow, policyName, policyVersion]);
    const list = before.get(key) ?? [];
    before.set(key, list);
    return list;
  };
  walk((policy, place) => void listOf(policy, place).push(policy));
  return (policy, place) => {
    const list = listOf(policy, place);
    const same = list.findIndex((other) => isSameBesideSecrets(other, policy));
    return list.splice(Math.max(same, 0), 1)[0];
  };
};

const isSameBesideSecrets = ({ parameters = {}, secrets = [] }: AttachedPolicy, { parameters: sent = {} }: AttachedPolicy): boolean => {
  const open = (values: object) => Object.fromEntries(Object.entries(values).filter(([name]) => !secrets.includes(name)));
  return isDeepStrictEqual(open(parameters), open(sent));
};

const storedIn = (before: ApiDetails | null): Find => storedBy((see) => before && mapAttached(before, see));

const withId = (policy: AttachedPolicy, renamed: ReadonlyMap<string, string>): AttachedPolicy => ({
  ...policy,
  policyId: renamed.get(policy.policyId ?? '') ?? policy.policyId ?? '',
});

const copyRows = async (tx: Tx, { organization, id }: Owner, copies: readonly (readonly [from: string, to: string])[]): Promise<void> => {
  const made: readonly unknown[] = await tx.em.query(
    `INSERT INTO operation_policies (id, organization, api_id, cloned_from, removed, name, version, md5, specification, synapse, language, choreo)
     SELECT copy_id, organization, $2, CASE WHEN api_id IS NULL THEN id ELSE cloned_from END, removed, name, version, md5, specification,
       synapse, language, choreo
     FROM operation_policies JOIN unnest($3::uuid[], $4::uuid[]) AS wanted(source_id, copy_id) ON id = source_id WHERE organization = $1
     RETURNING id`,
    [organization, id, copies.map(([from]) => from), copies.map(([, to]) => to)],
  );
  if (made.length < copies.length) throw AttachedPolicyUnknown();
};

/** $3: what the working copy does not use. Revisions of products may have it, too. */
const DELETE_UNUSED = `
  DELETE FROM operation_policies WHERE organization = $1 AND api_id = $2 AND id = ANY ($3::uuid[]) AND id::text NOT IN (
    SELECT used.policy #>> '{}' FROM api_revisions revision CROSS JOIN LATERAL (
      SELECT jsonb_path_query(revision.snapshot -> 'details', '$.apiPolicies.*[*].policyId') AS policy
      UNION ALL
      SELECT jsonb_path_query(revision.snapshot -> 'details', '$.operations[*].operationPolicies.*[*].policyId')) used
    WHERE revision.organization = $1
      AND (revision.api_id = $2 OR revision.api_id IN (SELECT id FROM apis WHERE organization = $1 AND type = '${PRODUCT_TYPE}'))
      AND used.policy #>> '{}' IS NOT NULL)`;

/** Unless another one took the name meanwhile. */
const SHOW_AGAIN = `
  UPDATE operation_policies policy SET removed = false WHERE organization = $1 AND api_id = $2 AND id = ANY ($3::uuid[])
    AND NOT EXISTS (SELECT 1 FROM operation_policies other WHERE other.api_id = $2 AND other.cloned_from IS NULL AND NOT other.removed
      AND other.name = policy.name AND other.version = policy.version)`;
