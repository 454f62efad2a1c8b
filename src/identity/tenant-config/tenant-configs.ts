import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import { Secrets } from '../../platform/crypto/secrets.js';
import { Transactions } from '../../platform/database/transactions.js';
import { ScopeRoles } from '../roles/scope-roles.js';
import { storeWithoutPassword, withoutPasswords, withSealedPasswords } from './store-passwords.js';
import { TenantConfigEntity } from './tenant-config.entity.js';
import { DEFAULT_TENANT_CONFIG, type TenantConfig } from './tenant-config.js';
import { InvalidTenantConfig } from './tenant-config.problems.js';
import { checked, rolesOf, type WholeTenantConfig } from './tenant-config-rules.js';
import { withoutSecrets, withSealedSecrets, workflowWithoutSecret } from './workflow-secrets.js';

/** The configurations of tenants (`reference/admin.md` §10): as the features that honour a key read them, and as administrators edit them. */
@Injectable()
export class TenantConfigs {
  constructor(
    @InjectRepository(TenantConfigEntity) private readonly configs: Repository<TenantConfigEntity>,
    private readonly scopeRoles: ScopeRoles,
    private readonly transactions: Transactions,
    private readonly secrets: Secrets,
  ) {}

  /** What the tenant's administrator configured, passwords encrypted; empty as long as nothing was. Within a transaction, give its entity manager. */
  async of(organization: string, em: EntityManager = this.configs.manager): Promise<TenantConfig> {
    return (await em.findOneBy(TenantConfigEntity, { organization }))?.document ?? {};
  }

  /** The whole document as it is shown: what was configured without its passwords, the defaults of the rest, and the scopes with the roles that open them now. */
  async whole(organization: string, em: EntityManager = this.configs.manager): Promise<WholeTenantConfig> {
    const scopes = await this.scopeRoles.list(organization, em);
    const Scope = scopes.map(({ scope, roles }) => ({ Name: scope, Roles: roles.join(',') }));
    return { ...DEFAULT_TENANT_CONFIG, ...withoutSecrets(withoutPasswords(await this.of(organization, em))), RESTAPIScopes: { Scope } };
  }

  /**
   * Replaces the whole document; roles open scopes as it says from now on. `unchanged` may refuse on seeing the current one.
   * @throws InvalidTenantConfig (902001).
   */
  replace(organization: string, document: unknown, unchanged: (current: WholeTenantConfig) => void): Promise<WholeTenantConfig> {
    const verdict = checked(document);
    if ('fault' in verdict) throw InvalidTenantConfig(verdict.fault);
    const {
      RESTAPIScopes: { Scope },
      ...rest
    } = verdict.config;
    return this.transactions.run(async (tx) => {
      // The row is held from here on, so that two changes come one after the other.
      await tx.em.query('INSERT INTO tenant_configs (organization, document) VALUES ($1, $2) ON CONFLICT (organization) DO NOTHING', [
        organization,
        {},
      ]);
      await tx.em.findOne(TenantConfigEntity, { where: { organization }, lock: { mode: 'pessimistic_write' } });
      unchanged(await this.whole(organization, tx.em));
      await tx.em.query('UPDATE tenant_configs SET document = $2 WHERE organization = $1', [
        organization,
        this.sealed(rest, await this.of(organization, tx.em)),
      ]);
      await this.scopeRoles.replace(tx, organization, new Map(Scope.map(({ Name, Roles }) => [Name, rolesOf(Roles)])));
      return this.whole(organization, tx.em);
    });
  }

  private sealed(config: TenantConfig, before: TenantConfig): TenantConfig {
    const store = storeWithoutPassword(config, before);
    if (store !== undefined) throw InvalidTenantConfig(`#/ExternalStores: the store ${store} has no password`);
    const element = workflowWithoutSecret(config, before);
    if (element !== undefined) throw InvalidTenantConfig(`#/Workflows/${element}: the address has no secret`);
    const seal = (secret: string) => this.secrets.encrypt(secret);
    return withSealedSecrets(withSealedPasswords(config, before, seal), before, seal);
  }
}
