import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import { IsNull, type Repository } from 'typeorm';
import type { Api, ApiRef } from '../../domain/api.js';
import { shownName } from '../../domain/organization.js';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { onConflict, Transactions, type Tx } from '../../platform/database/transactions.js';
import type { PageQuery } from '../../platform/http/page.js';
import { ApisForChange } from '../apis-for-change.js';
import { ApiCopies } from '../versions/api-copies.js';
import { attachedIds, mapAttached } from './attached-flows.js';
import { AttachedPolicies } from './attached-policies.js';
import { DefinitionChecks } from './definition-checks.js';
import { LISTED, type ListedPolicy, OperationPolicyEntity, type PolicyContent } from './operation-policy.entity.js';
import { PolicyExists, PolicyNotFound } from './policies.problems.js';

/** Policies that one API alone may attach. All throw ApiNotFound (404), and Forbidden for a caller whom the API's access roles keep out. */
@Injectable()
export class ApiPoliciesService implements OnModuleInit {
  constructor(
    @InjectRepository(OperationPolicyEntity) private readonly policies: Repository<OperationPolicyEntity>,
    private readonly apis: ApisForChange,
    private readonly attached: AttachedPolicies,
    private readonly copies: ApiCopies,
    private readonly definitions: DefinitionChecks,
    private readonly transactions: Transactions,
  ) {}

  onModuleInit(): void {
    this.copies.register(copyUnattached);
  }

  /** One page by name and version, and how many there are; copies of common policies are not among them. */
  async list(
    caller: User,
    ref: ApiRef,
    { limit, offset }: Pick<PageQuery, 'limit' | 'offset'>,
  ): Promise<{ readonly items: readonly ListedPolicy[]; readonly total: number }> {
    const { organization, id: apiId } = await this.apis.read(caller, ref);
    const [items, total] = await this.policies.findAndCount({
      select: LISTED,
      where: { organization, apiId, clonedFrom: IsNull(), removed: false },
      order: { name: 'ASC', version: 'ASC' },
      skip: offset,
      take: limit,
    });
    return { items, total };
  }

  /** One of the API's own, or its copy of a common one; with its files. @throws PolicyNotFound (404). */
  async get(caller: User, ref: ApiRef, id: string): Promise<OperationPolicyEntity> {
    const api = await this.apis.read(caller, ref);
    const policy = isUUID(id) ? await this.policies.findOneBy({ organization: api.organization, apiId: api.id, id }) : null;
    return found(policy && isKept(policy, api) ? policy : null, PolicyNotFound, id);
  }

  /** Whether the API is there is asked before the policy is read. @throws PolicyExists (903001), UnusableDefinition (902006), the problems of `read`. */
  async create(caller: User, ref: ApiRef, read: () => PolicyContent): Promise<OperationPolicyEntity> {
    await this.apis.read(caller, ref);
    const content = read();
    await this.definitions.policies([content]);
    return this.transactions.run(async (tx) => {
      const { organization, id: apiId } = await this.apis.hold(tx, caller, ref);
      const policy = { ...content, id: randomUUID(), organization, apiId, clonedFrom: null, removed: false };
      const refusal = () => PolicyExists(content.name, content.version);
      await tx.em.insert(OperationPolicyEntity, policy).catch(onConflict('operation_policies_of_api', refusal));
      return policy;
    });
  }

  /** Takes the policy off the API, wherever it is attached; revisions that use it keep it. @throws PolicyNotFound (404), LiveApiNeedsPublisher (403). */
  async remove(caller: User, ref: ApiRef, id: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const api = await this.apis.lock(tx, caller, ref);
      const where = { organization: api.organization, apiId: api.id, id };
      const policy = isUUID(id) ? await tx.em.findOne(OperationPolicyEntity, { select: LISTED, where }) : null;
      found(policy && isKept(policy, api) ? policy : null, PolicyNotFound, id);
      const details = mapAttached(api.details, (policy) => (policy.policyId === id ? undefined : policy));
      const updatedAt = new Date(Math.max(Date.now(), api.updatedAt.getTime() + 1));
      await tx.em.save(Object.assign(api, { details, updatedAt, updatedBy: shownName(caller) }));
      await tx.em.update(OperationPolicyEntity, where, { removed: true });
      await this.attached.prune(tx, api);
    });
  }
}

/** One that was removed counts while it is attached: a restored revision brought it back and another one has its name by now. */
const isKept = ({ id, removed }: ListedPolicy, { details }: Api): boolean => !removed || attachedIds(details).includes(id);

/** Gives the new version those of the API's policies that it did not get by attaching them. */
const copyUnattached = async ({ em }: Tx, from: Api, to: Api): Promise<void> => {
  await em.query(
    `INSERT INTO operation_policies (id, organization, api_id, name, version, md5, specification, synapse, language, choreo)
     SELECT gen_random_uuid(), organization, $3, name, version, md5, specification, synapse, language, choreo FROM operation_policies
     WHERE organization = $1 AND api_id = $2 AND cloned_from IS NULL AND NOT removed
     ON CONFLICT (api_id, name, version) WHERE api_id IS NOT NULL AND cloned_from IS NULL AND NOT removed DO NOTHING`,
    [from.organization, from.id, to.id],
  );
};
