import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import { IsNull, type Repository } from 'typeorm';
import { Conflict, found } from '../../domain/problem.js';
import { md5Checksum } from '../../platform/crypto/checksum.js';
import { onConflict, Transactions, type Tx, unaudited } from '../../platform/database/transactions.js';
import type { PageQuery } from '../../platform/http/page.js';
import { TenantSeeds } from '../../platform/tenancy/tenant-seeds.js';
import { DefinitionChecks } from './definition-checks.js';
import { LISTED, type ListedPolicy, OperationPolicyEntity, type PolicyContent } from './operation-policy.entity.js';
import { NamedPolicyNotFound, PolicyExists, PolicyNotFound } from './policies.problems.js';
import type { PolicyFilter } from './policy-query.js';
import { SHIPPED_POLICIES } from './shipped/shipped-policies.js';

const SHIPPED_DIGEST = md5Checksum(SHIPPED_POLICIES.map(({ md5 }) => md5).join());

/** The common policies of a tenant: those it started with and those its people made. */
@Injectable()
export class OperationPoliciesService implements OnModuleInit {
  constructor(
    @InjectRepository(OperationPolicyEntity) private readonly policies: Repository<OperationPolicyEntity>,
    private readonly seeds: TenantSeeds,
    private readonly definitions: DefinitionChecks,
    private readonly transactions: Transactions,
  ) {}

  onModuleInit(): void {
    this.seeds.register(2, seed);
  }

  /** One page by name and version, and how many there are. */
  async list(
    organization: string,
    filter: PolicyFilter,
    { limit, offset }: Pick<PageQuery, 'limit' | 'offset'>,
  ): Promise<{ readonly items: readonly ListedPolicy[]; readonly total: number }> {
    const [items, total] = await this.policies.findAndCount({
      select: LISTED,
      where: { organization, apiId: IsNull(), ...filter },
      order: { name: 'ASC', version: 'ASC' },
      skip: offset,
      take: limit,
    });
    return { items, total };
  }

  /** With its files. @throws PolicyNotFound (404). */
  async get(organization: string, id: string): Promise<OperationPolicyEntity> {
    const policy = isUUID(id) ? await this.policies.findOneBy({ organization, apiId: IsNull(), id }) : null;
    return found(policy, PolicyNotFound, id);
  }

  /** With its files. @throws NamedPolicyNotFound (903004). */
  async named(organization: string, name: string, version: string): Promise<OperationPolicyEntity> {
    const policy = await this.policies.findOneBy({ organization, apiId: IsNull(), name, version });
    return found(policy, NamedPolicyNotFound, name, version);
  }

  /** @throws PolicyExists (903001), UnusableDefinition (902006) for what the gateway could not run. */
  async create(organization: string, content: PolicyContent): Promise<OperationPolicyEntity> {
    await this.definitions.policies([content]);
    return this.transactions.run(async (tx) => {
      const policy = { ...content, id: randomUUID(), organization, apiId: null, clonedFrom: null, removed: false };
      const refusal = () => PolicyExists(content.name, content.version);
      await tx.em.insert(OperationPolicyEntity, policy).catch(onConflict('operation_policies_common', refusal));
      return policy;
    });
  }

  /** APIs that have it attached keep their copies. @throws PolicyNotFound (404), Conflict (409) while gateway policies use it. */
  async remove(organization: string, id: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const where = { organization, apiId: IsNull(), id };
      const lock = { mode: 'pessimistic_write' } as const;
      found(isUUID(id) ? await tx.em.findOne(OperationPolicyEntity, { select: LISTED, where, lock }) : null, PolicyNotFound, id);
      const uses: readonly unknown[] = await tx.em.query('SELECT 1 FROM gateway_policy_uses WHERE policy_id = $1 LIMIT 1', [id]);
      if (uses.length > 0) throw Conflict(`Cannot delete the operation policy ${id} as gateway policies use it`);
      await tx.em.delete(OperationPolicyEntity, { organization, id });
    });
  }
}

/** Adds the shipped policies that the tenant does not have, once for every set of them: what somebody deleted stays away. */
const seed = async (tx: Tx, organization: string): Promise<void> => {
  const [seen]: readonly { digest: string }[] = await tx.em.query('SELECT digest FROM operation_policy_seeds WHERE organization = $1', [
    organization,
  ]);
  if (seen?.digest === SHIPPED_DIGEST) return;
  // A new release's policies in a tenant that has others are a change like any other.
  await (seen ? addShipped(tx, organization) : unaudited(tx, () => addShipped(tx, organization)));
};

const addShipped = async ({ em }: Tx, organization: string): Promise<void> => {
  await em.query(
    `INSERT INTO operation_policies (id, organization, name, version, md5, specification, synapse, choreo)
     SELECT gen_random_uuid(), $1, name, version, md5, specification, synapse, choreo
     FROM jsonb_to_recordset($2::jsonb) AS shipped(name text, version text, md5 text, specification jsonb, synapse text, choreo text)
     ON CONFLICT (organization, name, version) WHERE api_id IS NULL DO NOTHING`,
    [organization, JSON.stringify(SHIPPED_POLICIES)],
  );
  await em.query(
    `INSERT INTO operation_policy_seeds (organization, digest) VALUES ($1, $2)
     ON CONFLICT (organization) DO UPDATE SET digest = excluded.digest`,
    [organization, SHIPPED_DIGEST],
  );
};
