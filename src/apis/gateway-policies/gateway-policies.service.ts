import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import { In, type Repository } from 'typeorm';
import type { PolicyFlows } from '../../domain/api.js';
import { BadRequest, found } from '../../domain/problem.js';
import { EnvironmentUses } from '../../environments/environment-uses.js';
import { EnvironmentsService } from '../../environments/environments.service.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import type { PageQuery } from '../../platform/http/page.js';
import { policiesIn } from '../policies/attached-flows.js';
import { AttachedPolicies } from '../policies/attached-policies.js';
import { AttachedPolicyUnknown } from '../policies/policies.problems.js';
import { DeployedGatewayPolicies } from './deployed-gateway-policies.js';
import type { GatewayPolicy } from './gateway-policies.mapper.js';
import {
  EmptyMapping,
  GatewayLabelNotFound,
  GatewayPolicyDeployed,
  GatewayPolicyNotFound,
  LabelTaken,
  PolicyDeploymentsExist,
} from './gateway-policies.problems.js';
import { GatewayPolicyDeploymentEntity, GatewayPolicyEntity } from './gateway-policy.entity.js';

/** Characters. */
const NAME_MAX = 255;

/** What a caller decides about a set of gateway policies. */
export type GatewayPolicyContent = Pick<GatewayPolicyEntity, 'displayName' | 'description' | 'flows'>;

/** Whether the gateways of a label are to run a set of policies. */
export interface LabelTarget {
  readonly label: string;
  readonly deployed: boolean;
  /** The set that is meant, where the caller says so. */
  readonly mappingId: string | null;
}

/** Policies that run for every API of a tenant, and which gateways run them. */
@Injectable()
export class GatewayPoliciesService implements OnModuleInit {
  constructor(
    @InjectRepository(GatewayPolicyEntity) private readonly mappings: Repository<GatewayPolicyEntity>,
    @InjectRepository(GatewayPolicyDeploymentEntity) private readonly deployments: Repository<GatewayPolicyDeploymentEntity>,
    private readonly attached: AttachedPolicies,
    private readonly environments: EnvironmentsService,
    private readonly uses: EnvironmentUses,
    private readonly deployed: DeployedGatewayPolicies,
    private readonly transactions: Transactions,
  ) {}

  onModuleInit(): void {
    const isDeployedTo = (tx: Tx, organization: string, label: string) =>
      tx.em.existsBy(GatewayPolicyDeploymentEntity, { organization, label });
    this.uses.register(isDeployedTo, PolicyDeploymentsExist);
  }

  /** One page by display name, and how many there are; with a label only the set that its gateways run. */
  async list(
    organization: string,
    label: string | undefined,
    { limit, offset }: Pick<PageQuery, 'limit' | 'offset'>,
  ): Promise<{ readonly items: readonly GatewayPolicy[]; readonly total: number }> {
    const deployed = label === undefined ? undefined : await this.deployments.findBy({ organization, label });
    const [mappings, total] = await this.mappings.findAndCount({
      where: { organization, ...(deployed && { id: In(deployed.map(({ mappingId }) => mappingId)) }) },
      order: { displayName: 'ASC', createdAt: 'ASC' },
      skip: offset,
      take: limit,
    });
    const all = await this.deployments.find({
      where: { organization, mappingId: In(mappings.map(({ id }) => id)) },
      order: { label: 'ASC' },
    });
    return { items: mappings.map((mapping) => withLabels(mapping, all)), total };
  }

  /** @throws GatewayPolicyNotFound (404). */
  async get(organization: string, id: string): Promise<GatewayPolicy> {
    const mapping = found(isUUID(id) ? await this.mappings.findOneBy({ organization, id }) : null, GatewayPolicyNotFound, id);
    return withLabels(mapping, await this.deployments.find({ where: { organization, mappingId: id }, order: { label: 'ASC' } }));
  }

  /** @throws EmptyMapping, BadRequest for a name that is empty or too long (400), the problems of {@link AttachedPolicies.resolvedFlows}. */
  async create(organization: string, content: GatewayPolicyContent): Promise<GatewayPolicy> {
    const flows = await this.resolved(organization, content);
    return this.transactions.run(async (tx) => {
      const { displayName, description } = content;
      const mapping = { id: randomUUID(), organization, displayName, description, flows, createdAt: new Date() };
      await tx.em.save(Object.assign(new GatewayPolicyEntity(), mapping));
      await use(tx, organization, mapping.id, flows);
      return { ...mapping, labels: [] };
    });
  }

  /** Replaces the set, also where gateways run it. @throws GatewayPolicyNotFound (404) and as {@link create}. */
  async update(organization: string, id: string, content: GatewayPolicyContent): Promise<GatewayPolicy> {
    const before = await this.get(organization, id);
    const flows = await this.resolved(organization, content, before.flows);
    return this.transactions.run(async (tx) => {
      const current = await lock(tx, organization, id);
      const { displayName, description } = content;
      const changed = await tx.em.save(Object.assign(current, { displayName, description, flows }));
      await use(tx, organization, id, flows);
      const deployments = await tx.em.find(GatewayPolicyDeploymentEntity, {
        where: { organization, mappingId: id },
        order: { label: 'ASC' },
      });
      const view = withLabels(changed, deployments);
      await this.deployed.serve(tx, changed, view.labels);
      return view;
    });
  }

  /** @throws GatewayPolicyNotFound (404), GatewayPolicyDeployed (412). */
  async remove(organization: string, id: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      await lock(tx, organization, id);
      if (await tx.em.existsBy(GatewayPolicyDeploymentEntity, { organization, mappingId: id })) throw GatewayPolicyDeployed(id);
      await tx.em.delete(GatewayPolicyEntity, { organization, id });
    });
  }

  /**
   * Puts the set on gateways and takes it off them, all or nothing. What a label does not run is taken off without a word.
   * @throws GatewayPolicyNotFound, GatewayLabelNotFound (404), BadRequest for targets that mean another set or none, LabelTaken (409) for a label that runs
   * another one.
   */
  async deploy(organization: string, id: string, targets: readonly LabelTarget[]): Promise<void> {
    const known = new Set((await this.environments.list(organization)).map(({ name }) => name));
    await this.transactions.run(async (tx) => {
      const mapping = await lock(tx, organization, id);
      if (targets.length === 0) throw BadRequest('The request names no gateway');
      for (const { label, mappingId } of targets) {
        if (mappingId !== null && mappingId !== id) throw BadRequest(`The mappingUUID ${mappingId} is not the mapping of the path`);
        if (!known.has(label)) throw GatewayLabelNotFound(label);
      }
      const [gone] = await this.environments.hold(
        tx,
        organization,
        targets.map(({ label }) => label),
      );
      if (gone !== undefined) throw GatewayLabelNotFound(gone);
      // Once each, the last one counts; in one order, so that two requests do not wait for each other.
      const wanted = new Map(targets.map(({ label, deployed }) => [label, deployed]));
      for (const [label, deployed] of [...wanted].sort()) {
        if (deployed) await put(tx, organization, id, label);
        else {
          const { affected } = await tx.em.delete(GatewayPolicyDeploymentEntity, { organization, label, mappingId: id });
          if (affected) await this.deployed.remove(tx, organization, label);
        }
      }
      const served = [...wanted].flatMap(([label, deployed]) => (deployed ? [label] : []));
      await this.deployed.serve(tx, mapping, served);
    });
  }

  private resolved(organization: string, { displayName, flows }: GatewayPolicyContent, before?: PolicyFlows): Promise<PolicyFlows> {
    if (displayName.trim() === '' || displayName.length > NAME_MAX) throw BadRequest(`displayName has 1 to ${NAME_MAX} characters`);
    if (policiesIn(flows).length === 0) throw EmptyMapping();
    return this.attached.resolvedFlows(organization, flows, before);
  }
}

const withLabels = (mapping: GatewayPolicyEntity, deployments: readonly GatewayPolicyDeploymentEntity[]): GatewayPolicy => ({
  ...mapping,
  labels: deployments.filter(({ mappingId }) => mappingId === mapping.id).map(({ label }) => label),
});

const lock = async (tx: Tx, organization: string, id: string): Promise<GatewayPolicyEntity> => {
  const query = { where: { organization, id }, lock: { mode: 'pessimistic_write' } } as const;
  return found(isUUID(id) ? await tx.em.findOne(GatewayPolicyEntity, query) : null, GatewayPolicyNotFound, id);
};

/** Notes which policies the set uses, so that none of them is deleted. @throws AttachedPolicyUnknown (902005) for one that is gone meanwhile. */
const use = async (tx: Tx, organization: string, mappingId: string, flows: PolicyFlows): Promise<void> => {
  const ids = [...new Set(policiesIn(flows).flatMap(({ policyId }) => policyId ?? []))];
  const held: readonly unknown[] = await tx.em.query(
    'SELECT id FROM operation_policies WHERE organization = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR KEY SHARE',
    [organization, ids],
  );
  if (held.length < ids.length) throw AttachedPolicyUnknown();
  await tx.em.query('DELETE FROM gateway_policy_uses WHERE mapping_id = $1', [mappingId]);
  await tx.em.query(
    'INSERT INTO gateway_policy_uses (mapping_id, policy_id) SELECT $1, policy_id FROM unnest($2::uuid[]) AS used(policy_id)',
    [mappingId, ids],
  );
};

/** One set a label: the database decides between two that come at once. */
const put = async (tx: Tx, organization: string, mappingId: string, label: string): Promise<void> => {
  const rows: readonly { mapping_id: string }[] = await tx.em.query(
    `INSERT INTO gateway_policy_deployments (organization, label, mapping_id, deployed_at) VALUES ($1, $2, $3, now())
     ON CONFLICT (organization, label) DO UPDATE SET
       deployed_at = CASE WHEN gateway_policy_deployments.mapping_id = excluded.mapping_id THEN excluded.deployed_at
         ELSE gateway_policy_deployments.deployed_at END
     RETURNING mapping_id`,
    [organization, label, mappingId],
  );
  if (rows[0]?.mapping_id !== mappingId) throw LabelTaken(label);
};
