import { randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import { SUPER_TENANT, SUPER_TENANT_ID } from '../../domain/organization.js';
import { found } from '../../domain/problem.js';
import { ADMIN_ROLE } from '../../domain/user.js';
import { ExpiringCache } from '../../platform/cache/expiring-cache.js';
import { SuperAdminConfig } from '../../platform/config/sections/server.config.js';
import { Transactions, type Tx, unaudited } from '../../platform/database/transactions.js';
import { Events } from '../../platform/events/events.js';
import { Feed } from '../../platform/feed/feed.js';
import { TenantSeeds } from '../../platform/tenancy/tenant-seeds.js';
import { DEFAULT_ROLES } from '../default-scopes.js';
import { RolesService } from '../roles/roles.service.js';
import { ScopeRoles } from '../roles/scope-roles.js';
import { isStorable } from '../users/user-rules.js';
import { type NewUser, type UserChange, UsersService } from '../users/users.service.js';
import { TenantEntity } from './tenant.entity.js';
import { checkDomain } from './tenant-rules.js';
import { DomainExists, OwnerUnknown, TenantUnknown } from './tenants.problems.js';

/** Creating tenants and seeding them happens one at a time, over all processes on the database. */
const TENANTS_LOCK = 4_207_849_486;
const REMEMBERED_MS = 15_000;
const REMEMBERED_MAX = 10_000;
export interface NewTenant {
  readonly domain: string;
  readonly name: string;
  readonly owner: NewUser;
}

/** The tenants: made with all they start with, and switched on and off. */
@Injectable()
export class TenantsService implements OnModuleInit, OnApplicationBootstrap {
  private readonly states = new ExpiringCache<'active' | 'inactive' | 'absent'>(REMEMBERED_MS, REMEMBERED_MAX);

  constructor(
    @InjectRepository(TenantEntity) private readonly tenants: Repository<TenantEntity>,
    private readonly transactions: Transactions,
    private readonly users: UsersService,
    private readonly roles: RolesService,
    private readonly scopes: ScopeRoles,
    private readonly seeds: TenantSeeds,
    private readonly feed: Feed,
    private readonly events: Events,
    private readonly superAdmin: SuperAdminConfig,
  ) {}

  onModuleInit(): void {
    this.events.on('organization.created', () => this.states.clear());
    this.events.on('organization.activation-changed', () => this.states.clear());
  }

  onApplicationBootstrap(): Promise<void> {
    return this.seedAll();
  }

  async exists(domain: string): Promise<boolean> {
    return (await this.stateOf(domain)) !== 'absent';
  }

  async isActive(domain: string): Promise<boolean> {
    return (await this.stateOf(domain)) === 'active';
  }

  /** The tenant of this domain, the super tenant included; inside a transaction when its manager is given. */
  async byDomain(domain: string, em: EntityManager = this.tenants.manager): Promise<TenantEntity | undefined> {
    if (!isStorable(domain)) return undefined;
    return (await em.findOneBy(TenantEntity, { organization: domain })) ?? undefined;
  }

  /** A created tenant; the super tenant has no id here. @throws TenantUnknown (400). */
  async get(id: string): Promise<TenantEntity> {
    const tenant = await this.tenants.findOneBy({ id });
    return found(tenant?.organization === SUPER_TENANT ? undefined : tenant, TenantUnknown, id);
  }

  /** Makes the super tenant and its administrator when they are not there, and gives every tenant what newer versions start with. */
  async seedAll(): Promise<void> {
    const { username, password, createAdminAccount } = this.superAdmin;
    const admin =
      createAdminAccount && !(await this.users.byName(SUPER_TENANT, username)) ? { name: username, password, claims: {} } : undefined;
    const passwordHash = admin ? await this.users.hash(password) : null;
    await this.transactions.run(async (tx) => {
      await this.lock(tx);
      const isNew = !(await tx.em.existsBy(TenantEntity, { organization: SUPER_TENANT }));
      if (isNew) await this.insert(tx, SUPER_TENANT, SUPER_TENANT, SUPER_TENANT_ID);
      else await this.seedIdentity(tx, SUPER_TENANT);
      // Another process may have added the administrator while this one waited for the lock.
      if (admin && !(await this.users.byName(SUPER_TENANT, username))) await this.addOwner(tx, SUPER_TENANT, admin, passwordHash);
      await this.seeds.run(tx, SUPER_TENANT);
    });
    const others = await this.tenants.find({ select: { organization: true }, order: { tenantId: 'ASC' } });
    for (const { organization } of others.filter((tenant) => tenant.organization !== SUPER_TENANT)) {
      await this.transactions.run(async (tx) => {
        await this.lock(tx);
        await this.seedIdentity(tx, organization);
        await this.seeds.run(tx, organization);
      });
    }
  }

  /** Makes a tenant with its owner and everything a tenant starts with, at once. @throws the domain's refusals and the owner's (400). */
  async create(tenant: NewTenant): Promise<TenantEntity> {
    const { domain, name, owner } = tenant;
    if (domain === SUPER_TENANT) throw DomainExists(domain);
    checkDomain(domain);
    this.users.check(owner);
    if (await this.byDomain(domain)) throw DomainExists(domain);
    // Before the lock, which tenants are made under one at a time: these two are most of the work.
    const [passwordHash, seed] = await Promise.all([this.users.hash(owner.password), this.seeds.prepared(domain)]);
    return this.transactions.run(async (tx) => {
      await this.lock(tx);
      if (await tx.em.existsBy(TenantEntity, { organization: domain })) throw DomainExists(domain);
      const [{ next }]: [{ next: number }] = await tx.em.query('SELECT greatest(max(tenant_id), 0) + 1 AS next FROM tenants');
      const entity = await this.insert(tx, domain, name, next);
      const ownerId = await this.addOwner(tx, domain, owner, passwordHash);
      await seed(tx, domain);
      tx.raise('organization.created', { organization: domain });
      return Object.assign(entity, { ownerId });
    });
  }

  /** Switches a tenant on or off; its users' logins, its tokens and its APIs follow. @throws TenantUnknown (400). */
  async setActive(id: string, active: boolean): Promise<TenantEntity> {
    const tenant = await this.get(id);
    const { organization } = tenant;
    await this.transactions.run(async (tx) => {
      const { affected } = await tx.em.update(TenantEntity, { organization, active: !active }, { active });
      if (!affected) return;
      await this.feed.put(tx, organization, 'organization', organization, { active });
      tx.raise('organization.activation-changed', { organization, active });
    });
    return Object.assign(tenant, { active });
  }

  /** Changes the owner's own data. @throws TenantUnknown, OwnerUnknown (400) and the user rules' refusals. */
  async changeOwner(id: string, ownerId: string, edit: (claims: NewUser['claims']) => UserChange): Promise<void> {
    const { organization, ownerId: actual } = await this.get(id);
    if (ownerId !== actual) throw OwnerUnknown(ownerId);
    await this.transactions.run((tx) => this.users.change(tx, organization, ownerId, (user) => edit(user.claims)));
  }

  private async insert(tx: Tx, organization: string, name: string, tenantId: number): Promise<TenantEntity> {
    const entity = Object.assign(new TenantEntity(), {
      organization,
      id: randomUUID(),
      tenantId,
      name,
      active: true,
      ownerId: null,
      createdAt: new Date(),
    });
    await tx.em.insert(TenantEntity, entity);
    await this.feed.put(tx, organization, 'organization', organization, { active: true });
    await unaudited(tx, () => this.seedIdentity(tx, organization));
    return entity;
  }

  private async seedIdentity(tx: Tx, organization: string): Promise<void> {
    await this.roles.addAbsent(tx, organization, DEFAULT_ROLES);
    await this.scopes.seed(tx, organization);
  }

  private async addOwner(tx: Tx, organization: string, owner: NewUser, passwordHash: string | null): Promise<string> {
    const { id } = await this.users.insert(tx, organization, owner, passwordHash);
    await this.roles.grant(tx, organization, id, [ADMIN_ROLE]);
    await tx.em.query('UPDATE tenants SET owner_id = $2 WHERE organization = $1 AND owner_id IS NULL', [organization, id]);
    return id;
  }

  private async lock(tx: Tx): Promise<void> {
    await tx.em.query('SELECT pg_advisory_xact_lock($1)', [TENANTS_LOCK]);
  }

  private stateOf(domain: string): Promise<'active' | 'inactive' | 'absent'> {
    return this.states.get(domain, async () => {
      const tenant = await this.byDomain(domain);
      if (!tenant) return 'absent';
      return tenant.active ? 'active' : 'inactive';
    });
  }
}
