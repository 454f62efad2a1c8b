import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import { Any, Not, type Repository } from 'typeorm';
import { found } from '../domain/problem.js';
import { onConflict, Transactions, type Tx } from '../platform/database/transactions.js';
import { ConfiguredEnvironments } from './configured-environments.js';
import { EnvironmentEntity } from './environment.entity.js';
import { type Environment, type EnvironmentContent, OWN_GATEWAY_TYPE, PLATFORM_GATEWAY_TYPE, servedKeyType } from './environment.js';
import { EnvironmentUses } from './environment-uses.js';
import {
  DuplicateVhosts,
  EnvironmentExists,
  EnvironmentNotFound,
  EnvironmentReadOnly,
  NameFixed,
  UnknownGatewayType,
} from './environments.problems.js';

export type TypeChange = (tx: Tx, organization: string, environment: Pick<Environment, 'name' | 'type'>) => Promise<void>;

/** Gateway environments: those of the configuration file, and those a tenant's administrators made. */
@Injectable()
export class EnvironmentsService {
  private readonly typeChanges: TypeChange[] = [];

  constructor(
    @InjectRepository(EnvironmentEntity) private readonly environments: Repository<EnvironmentEntity>,
    private readonly configured: ConfiguredEnvironments,
    private readonly transactions: Transactions,
    private readonly uses: EnvironmentUses,
  ) {}

  /** The configured ones in the file's order, then the tenant's own by name. Platform gateways have a list of their own (`reference/federation.md` §5.1). */
  async list(organization: string): Promise<readonly Environment[]> {
    const where = { organization, gatewayType: Not(PLATFORM_GATEWAY_TYPE) };
    return [...this.configured.all, ...(await this.environments.find({ where, order: { name: 'ASC' } }))];
  }

  /** Those of the configuration file. */
  get allConfigured(): readonly Environment[] {
    return this.configured.all;
  }

  /** Tells whoever writes documents for gateways that an environment serves another kind of keys now, in the transaction of that change. */
  onTypeChange(follow: TypeChange): void {
    this.typeChanges.push(follow);
  }

  /** As it is until the transaction ends. */
  async heldByName({ em }: Tx, organization: string, name: string): Promise<Environment | undefined> {
    const configured = this.configuredAs(name);
    if (configured) return configured;
    return (await em.findOne(EnvironmentEntity, { where: { organization, name }, lock: { mode: 'pessimistic_read' } })) ?? undefined;
  }

  /** Keeps the environments from being changed or deleted until the transaction ends; gives those of the names that are gone already. */
  async hold({ em }: Tx, organization: string, names: readonly string[]): Promise<readonly string[]> {
    const own = names.filter((name) => !this.configuredAs(name));
    if (own.length === 0) return [];
    const where = { organization, name: Any(own) };
    const held = await em.find(EnvironmentEntity, {
      where,
      select: { name: true },
      order: { name: 'ASC' },
      lock: { mode: 'pessimistic_read' },
    });
    return own.filter((name) => !held.some((environment) => environment.name === name));
  }

  /** @throws EnvironmentNotFound (404). */
  async get(organization: string, id: string): Promise<Environment> {
    return found(
      this.configuredAs(id) ?? (isUUID(id) ? await this.environments.findOneBy({ organization, id }) : null),
      EnvironmentNotFound,
      id,
    );
  }

  /** @throws EnvironmentExists, DuplicateVhosts, UnknownGatewayType (400). */
  create(organization: string, content: EnvironmentContent): Promise<Environment> {
    if (this.configuredAs(content.name)) throw EnvironmentExists(content.name);
    check(content);
    return this.transactions.run(async (tx) => {
      const environment = { ...content, id: randomUUID(), organization };
      await tx.em
        .insert(EnvironmentEntity, environment)
        .catch(onConflict('environments_organization_name', () => EnvironmentExists(content.name)));
      return { ...environment, isReadOnly: false };
    });
  }

  /**
   * Replaces everything but the name. `expects` is called with the current state and may refuse.
   * @throws EnvironmentNotFound (404), EnvironmentReadOnly, NameFixed, DuplicateVhosts, UnknownGatewayType (400).
   */
  update(organization: string, id: string, content: EnvironmentContent, expects: (current: Environment) => void): Promise<Environment> {
    return this.transactions.run(async (tx) => {
      const current = await this.locked(tx, organization, id);
      expects(current);
      if (current.name !== content.name) throw NameFixed();
      check(content);
      await tx.em.save(EnvironmentEntity, { ...content, id, organization });
      if (servedKeyType(content) !== servedKeyType(current)) for (const follow of this.typeChanges) await follow(tx, organization, content);
      return { ...content, id, isReadOnly: false };
    });
  }

  /** @throws EnvironmentNotFound (404), EnvironmentReadOnly (400), EnvironmentInUse (409). */
  remove(organization: string, id: string): Promise<void> {
    return this.transactions.run(async (tx) => {
      const { name } = await this.locked(tx, organization, id);
      const refusal = await this.uses.refusal(tx, organization, name);
      if (refusal) throw refusal(id);
      await tx.em.delete(EnvironmentEntity, { id, organization });
    });
  }

  private configuredAs(name: string): Environment | undefined {
    return this.configured.all.find((environment) => environment.name === name);
  }

  private async locked(tx: Tx, organization: string, id: string): Promise<Environment> {
    if (this.configuredAs(id)) throw EnvironmentReadOnly(id);
    const environment = isUUID(id)
      ? await tx.em.findOne(EnvironmentEntity, { where: { id, organization }, lock: { mode: 'pessimistic_write' } })
      : null;
    // A platform gateway is changed as one, not as the environment it is too.
    if (environment?.gatewayType === PLATFORM_GATEWAY_TYPE) throw EnvironmentReadOnly(id);
    return found(environment, EnvironmentNotFound, id);
  }
}

const check = ({ vhosts, gatewayType }: EnvironmentContent): void => {
  if (gatewayType !== OWN_GATEWAY_TYPE) throw UnknownGatewayType(OWN_GATEWAY_TYPE);
  if (new Set(vhosts.map(({ host }) => host.toLowerCase())).size < vhosts.length) throw DuplicateVhosts();
};
