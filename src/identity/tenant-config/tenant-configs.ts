import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import { Secrets } from '../../platform/crypto/secrets.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { rolesOf } from '../roles/role-lists.js';
import { ScopeRoles } from '../roles/scope-roles.js';
import { differences } from './config-differences.js';
import { movedService, withoutTokens, withSealedTokens } from './service-tokens.js';
import { storeWithoutPassword, withoutPasswords, withSealedPasswords } from './store-passwords.js';
import { TenantConfigEntity } from './tenant-config.entity.js';
import { DEFAULT_TENANT_CONFIG, type TenantConfig } from './tenant-config.js';
import { InvalidTenantConfig } from './tenant-config.problems.js';
import { checked, type WholeTenantConfig } from './tenant-config-rules.js';
import { withoutSecrets, withSealedSecrets, workflowWithoutSecret } from './workflow-secrets.js';

/** What other operations than that of the whole document may change of it. */
export type Amendment = Partial<Pick<WholeTenantConfig, 'RESTAPIScopes' | 'RoleMappings'>>;

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
    const configured = withoutTokens(withoutSecrets(withoutPasswords(await this.of(organization, em))));
    return { ...DEFAULT_TENANT_CONFIG, ...configured, RESTAPIScopes: { Scope } };
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
      await this.hold(tx, organization);
      const current = await this.whole(organization, tx.em);
      unchanged(current);
      await this.write(tx, organization, this.sealed(rest, await this.of(organization, tx.em)));
      await this.openBy(tx, organization, Scope);
      return this.audited(tx, organization, current);
    });
  }

  /**
   * Changes some keys of the document and leaves the others as they are, absent ones included. `unchanged` may refuse on seeing the current one.
   * @throws InvalidTenantConfig (902001).
   */
  amend(organization: string, keys: Amendment, unchanged: (current: WholeTenantConfig) => void): Promise<WholeTenantConfig> {
    return this.transactions.run(async (tx) => {
      await this.hold(tx, organization);
      const current = await this.whole(organization, tx.em);
      unchanged(current);
      const verdict = checked({ ...current, ...keys });
      if ('fault' in verdict) throw InvalidTenantConfig(verdict.fault);
      const { RESTAPIScopes, ...rest } = keys;
      await this.write(tx, organization, { ...(await this.of(organization, tx.em)), ...rest });
      // Whoever remembers which roles open which scopes is told either way: aliases count there too.
      await this.openBy(tx, organization, (RESTAPIScopes ?? current.RESTAPIScopes).Scope);
      return this.audited(tx, organization, current);
    });
  }

  /** The row is held from here on, so that two changes come one after the other. */
  private async hold({ em }: Tx, organization: string): Promise<void> {
    await em.query('INSERT INTO tenant_configs (organization, document) VALUES ($1, $2) ON CONFLICT (organization) DO NOTHING', [
      organization,
      {},
    ]);
    await em.findOne(TenantConfigEntity, { where: { organization }, lock: { mode: 'pessimistic_write' } });
  }

  private async write({ em }: Tx, organization: string, document: TenantConfig): Promise<void> {
    await em.query('UPDATE tenant_configs SET document = $2 WHERE organization = $1', [organization, document]);
  }

  private async openBy(tx: Tx, organization: string, scopes: WholeTenantConfig['RESTAPIScopes']['Scope']): Promise<void> {
    await this.scopeRoles.replace(tx, organization, new Map(scopes.map(({ Name, Roles }) => [Name, rolesOf(Roles)])));
  }

  /** The document as it is now. */
  private async audited(tx: Tx, organization: string, before: WholeTenantConfig): Promise<WholeTenantConfig> {
    const after = await this.whole(organization, tx.em);
    const info = differences(before, after);
    if (info.keys.length > 0) tx.raise('audited', { organization, type: 'TenantConfig', action: 'changed', info });
    return after;
  }

  private sealed(config: TenantConfig, before: TenantConfig): TenantConfig {
    const store = storeWithoutPassword(config, before);
    if (store !== undefined) throw InvalidTenantConfig(`#/ExternalStores: the store ${store} has no password`);
    const element = workflowWithoutSecret(config, before);
    if (element !== undefined) throw InvalidTenantConfig(`#/Workflows/${element}: the address has no secret`);
    const moved = movedService(config, before);
    if (moved !== undefined) throw InvalidTenantConfig(`#/${moved}: the new address needs the token again`);
    const seal = (secret: string) => this.secrets.encrypt(secret);
    return withSealedTokens(withSealedSecrets(withSealedPasswords(config, before, seal), before, seal), before, seal);
  }
}
