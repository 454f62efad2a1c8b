import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import { SUPER_TENANT } from '../../domain/organization.js';
import { ADMIN_ROLE } from '../../domain/user.js';
import { ExpiringCache } from '../../platform/cache/expiring-cache.js';
import type { Tx } from '../../platform/database/transactions.js';
import { Events } from '../../platform/events/events.js';
import {
  DEFAULT_SCOPE_ROLES,
  IDENTITY_ADMIN_SCOPES,
  isIdentityScope,
  LOGIN_SCOPE,
  SCOPES_ADDED_WHEN_ABSENT,
  TENANT_ADMIN_SCOPES,
} from '../default-scopes.js';
import { TenantConfigEntity } from '../tenant-config/tenant-config.entity.js';
import { ScopeRolesEntity } from './role.entity.js';
import { aliasesIn } from './role-lists.js';

const REMEMBERED_MS = 15_000;
const TENANTS_MAX = 10_000;
const FIXED_SCOPES = new Set([...IDENTITY_ADMIN_SCOPES, ...TENANT_ADMIN_SCOPES, LOGIN_SCOPE]);

interface TenantMap {
  readonly scopes: ReadonlySet<string>;
  /** By the role's name in lower case, the tenant's aliases included. */
  readonly byRole: ReadonlyMap<string, readonly string[]>;
}

/** Which roles open which scopes, tenant by tenant. */
@Injectable()
export class ScopeRoles implements OnModuleInit {
  private readonly maps = new ExpiringCache<TenantMap>(REMEMBERED_MS, TENANTS_MAX);

  constructor(
    @InjectRepository(ScopeRolesEntity) private readonly rows: Repository<ScopeRolesEntity>,
    private readonly events: Events,
  ) {}

  onModuleInit(): void {
    this.events.on('role.changed', () => this.maps.clear());
  }

  /**
   * The scopes that holders of these roles may have in this tenant; roles compare without regard to case. An alias of a role opens what the tenant's map
   * gives the original; what no map gives anybody, such as the scopes over users, stays with the role `admin` itself.
   */
  async scopesOf(organization: string, roles: readonly string[]): Promise<ReadonlySet<string>> {
    const { byRole } = await this.mapOf(organization);
    const held = roles.map((role) => role.toLowerCase());
    const scopes = new Set(held.flatMap((role) => byRole.get(role) ?? []));
    scopes.add(LOGIN_SCOPE);
    if (held.includes(ADMIN_ROLE)) for (const scope of IDENTITY_ADMIN_SCOPES) scopes.add(scope);
    if (held.includes(ADMIN_ROLE) && organization === SUPER_TENANT) for (const scope of TENANT_ADMIN_SCOPES) scopes.add(scope);
    return scopes;
  }

  /** Whether the tenant maps the scope to any role at all. */
  async isMapped(organization: string, scope: string): Promise<boolean> {
    return FIXED_SCOPES.has(scope) || (await this.mapOf(organization)).scopes.has(scope);
  }

  /** The whole map of a tenant, by scope; inside a transaction when its manager is given. */
  async list(organization: string, em: EntityManager = this.rows.manager): Promise<readonly ScopeRolesEntity[]> {
    return mappable(await em.find(ScopeRolesEntity, { where: { organization }, order: { scope: 'ASC' } }));
  }

  /**
   * Gives a tenant this map in place of its own; scopes that came with newer versions are added where it lacks them. Rows of scopes whose roles stay are left
   * alone, so that the audit tells which ones changed.
   */
  async replace(tx: Tx, organization: string, map: ReadonlyMap<string, readonly string[]>): Promise<void> {
    const scopes = new Map([...SCOPES_ADDED_WHEN_ABSENT, ...map]);
    await tx.em.query('DELETE FROM scope_roles WHERE organization = $1 AND scope <> ALL ($2)', [organization, [...scopes.keys()]]);
    await this.insert(
      tx,
      organization,
      scopes,
      'ON CONFLICT (organization, scope) DO UPDATE SET roles = excluded.roles WHERE known.roles IS DISTINCT FROM excluded.roles',
    );
    tx.raise('role.changed', { organization });
  }

  /** Gives a tenant the default map, or adds to its own what newer versions brought; what it has stays. */
  async seed(tx: Tx, organization: string): Promise<void> {
    const isNew = !(await tx.em.existsBy(ScopeRolesEntity, { organization }));
    await this.insert(tx, organization, isNew ? DEFAULT_SCOPE_ROLES : SCOPES_ADDED_WHEN_ABSENT, 'ON CONFLICT DO NOTHING');
  }

  /** In one statement with two parameters: a map has over a hundred scopes. */
  private async insert(tx: Tx, organization: string, map: ReadonlyMap<string, readonly string[]>, onConflict: string): Promise<void> {
    await tx.em.query(
      `INSERT INTO scope_roles AS known (organization, scope, roles)
       SELECT $1, scope, roles FROM jsonb_to_recordset($2::jsonb) AS given(scope text, roles text[]) ${onConflict}`,
      [organization, JSON.stringify(Array.from(map, ([scope, roles]) => ({ scope, roles })))],
    );
  }

  private mapOf(organization: string): Promise<TenantMap> {
    return this.maps.get(organization, async () => {
      const rows = mappable(await this.rows.findBy({ organization }));
      const aliases = await this.aliasesOf(organization);
      const byRole = new Map<string, string[]>();
      for (const { scope, roles } of rows) {
        const opening = roles.flatMap((role) => [role, ...(aliases.get(role.toLowerCase()) ?? [])]);
        for (const role of new Set(opening.map((name) => name.toLowerCase()))) byRole.set(role, [...(byRole.get(role) ?? []), scope]);
      }
      return { scopes: new Set(rows.map(({ scope }) => scope)), byRole };
    });
  }

  private async aliasesOf(organization: string): Promise<ReadonlyMap<string, readonly string[]>> {
    const config = await this.rows.manager.findOneBy(TenantConfigEntity, { organization });
    return aliasesIn(config?.document.RoleMappings);
  }
}

/** Maps of earlier releases may hold scopes that are not a tenant's to give. */
const mappable = (rows: readonly ScopeRolesEntity[]): readonly ScopeRolesEntity[] => rows.filter(({ scope }) => !isIdentityScope(scope));
