import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import type { EntityManager, Repository } from 'typeorm';
import { found } from '../domain/problem.js';
import { POLICY_LEVELS, type PolicyLevel, UNLIMITED } from '../domain/throttling.js';
import { EVERYONE_ROLE } from '../domain/user.js';
import { RolesService } from '../identity/roles/roles.service.js';
import { DEFAULT_TENANT_CONFIG } from '../identity/tenant-config/tenant-config.js';
import { TenantConfigs } from '../identity/tenant-config/tenant-configs.js';
import { ApimConfig } from '../platform/config/sections/apim.config.js';
import { onConflict, Transactions, type Tx, unaudited } from '../platform/database/transactions.js';
import { Feed } from '../platform/feed/feed.js';
import { TenantSeeds } from '../platform/tenancy/tenant-seeds.js';
import { DEFAULT_POLICIES } from './default-policies.js';
import { checkPolicyName } from './policy-name.js';
import { PolicyUses } from './policy-uses.js';
import {
  AiQuotaTypeFixed,
  InvalidTier,
  PlanRolesEmpty,
  PolicyExists,
  PolicyInUse,
  PolicyIsDefault,
  PolicyNotFound,
  UnknownPlanRoles,
} from './throttling.problems.js';
import { ThrottlingPolicyEntity } from './throttling-policy.entity.js';
import { isInternal, type PolicyContent, type ThrottlingPolicy } from './throttling-policy.js';

const AI_QUOTA = 'AIAPIQUOTALIMIT';

/** Where the tenant configuration names the default of a level. */
const DEFAULT_TIER_KEYS = {
  advanced: 'DefaultAPILevelTier',
  subscription: 'DefaultSubscriptionLevelTier',
  application: 'DefaultApplicationLevelTier',
} as const satisfies Record<PolicyLevel, string>;

/** The throttling policies of each tenant: what APIs, applications and subscriptions may name, and what the gateway enforces. */
@Injectable()
export class ThrottlingPoliciesService implements OnModuleInit {
  constructor(
    @InjectRepository(ThrottlingPolicyEntity) private readonly policies: Repository<ThrottlingPolicyEntity>,
    private readonly transactions: Transactions,
    private readonly feed: Feed,
    private readonly seeds: TenantSeeds,
    private readonly uses: PolicyUses,
    private readonly tenantConfigs: TenantConfigs,
    private readonly roles: RolesService,
    private readonly config: ApimConfig,
  ) {}

  onModuleInit(): void {
    this.seeds.register(2, (tx, organization) => this.seed(tx, organization));
  }

  /** All policies of the level in the order of their names, internal plans included; `Unlimited` only where the configuration offers it. */
  async list(organization: string, level: PolicyLevel, em = this.policies.manager): Promise<readonly ThrottlingPolicy[]> {
    const policies = await em.findBy(ThrottlingPolicyEntity, { organization, level });
    return policies.filter((policy) => this.isOffered(policy.name)).sort(byName);
  }

  /** The policies of all levels, each level in the order of its names. */
  async all(organization: string): Promise<readonly ThrottlingPolicy[]> {
    const policies = (await this.policies.findBy({ organization })).filter((policy) => this.isOffered(policy.name)).sort(byName);
    return POLICY_LEVELS.flatMap((level) => policies.filter((policy) => policy.level === level));
  }

  /** The policy of this name, in its exact spelling. */
  async find(organization: string, level: PolicyLevel, name: string): Promise<ThrottlingPolicy | undefined> {
    // Postgres refuses a zero byte in a text.
    if (!this.isOffered(name) || name.includes('\0')) return undefined;
    return (await this.policies.findOneBy({ organization, level, name })) ?? undefined;
  }

  /** @throws PolicyNotFound (404) for an id that the level does not have. */
  async get(organization: string, level: PolicyLevel, id: string): Promise<ThrottlingPolicy> {
    return found(await this.byId(organization, level, id), PolicyNotFound, id, level);
  }

  async byId(organization: string, level: PolicyLevel, id: string): Promise<ThrottlingPolicy | undefined> {
    const policy = isUUID(id) ? await this.policies.findOneBy({ organization, level, id }) : null;
    return policy && this.isOffered(policy.name) ? policy : undefined;
  }

  /** Those of the names that are no policies of the level. */
  async missing(organization: string, level: PolicyLevel, names: readonly string[], em = this.policies.manager): Promise<string[]> {
    if (names.length === 0) return [];
    const known = new Set((await this.list(organization, level, em)).map(({ name }) => name));
    return [...new Set(names)].filter((name) => !known.has(name));
  }

  /** Those of the names that are no policies of the level; the others stay there until the transaction ends, so that what names them may be written. */
  async hold(tx: Tx, organization: string, level: PolicyLevel, names: readonly string[]): Promise<readonly string[]> {
    if (names.length === 0) return [];
    const rows: readonly { name: string }[] = await tx.em.query(
      'SELECT name FROM throttling_policies WHERE organization = $1 AND level = $2 AND name = ANY ($3) ORDER BY name FOR KEY SHARE',
      [organization, level, [...names]],
    );
    const held = new Set(rows.map(({ name }) => name));
    return names.filter((name) => !held.has(name));
  }

  /**
   * What is taken where nothing was chosen: what the tenant configuration names if there is such a policy, else `Unlimited`, else the first by name
   * (`reference/admin.md` §2).
   */
  async defaultName(organization: string, level: PolicyLevel, em?: EntityManager): Promise<string> {
    const names = (await this.list(organization, level, em)).filter((policy) => !isInternal(policy)).map(({ name }) => name);
    const configured = await this.configuredDefault(organization, level, em);
    return found(
      [configured, UNLIMITED, ...names].find((name) => names.includes(name)),
      InvalidTier,
    );
  }

  /** Creates a policy and tells the gateways. @throws PolicyExists (409), InvalidTier, UnknownPlanRoles and the refusals of {@link checkPolicyName} (400). */
  async create(organization: string, level: PolicyLevel, content: PolicyContent): Promise<ThrottlingPolicy> {
    checkPolicyName(content.name);
    if (!this.isOffered(content.name)) throw InvalidTier();
    await this.checkRoles(organization, content);
    return this.transactions.run(async (tx) => {
      const policy = { ...content, displayName: content.displayName || content.name, id: randomUUID(), organization, level };
      await tx.em
        .insert(ThrottlingPolicyEntity, policy)
        .catch(onConflict('throttling_policies_organization_level_name', () => PolicyExists(content.name)));
      await this.announce(tx, policy);
      return policy;
    });
  }

  /**
   * Replaces what a policy says; its name stays. `expects` is called with the current state and may refuse.
   * @throws PolicyNotFound (404), AiQuotaTypeFixed, UnknownPlanRoles (400).
   */
  async update(
    organization: string,
    level: PolicyLevel,
    id: string,
    content: PolicyContent,
    expects: (current: ThrottlingPolicy) => void,
  ): Promise<ThrottlingPolicy> {
    await this.checkRoles(organization, content, await this.byId(organization, level, id));
    return this.transactions.run(async (tx) => {
      const current = await this.locked(tx, organization, level, id);
      expects(current);
      if (level === 'subscription' && (current.quota.type === AI_QUOTA) !== (content.quota.type === AI_QUOTA)) throw AiQuotaTypeFixed();
      const { name } = current;
      const policy = { ...content, name, displayName: content.displayName || name, id, organization, level };
      await tx.em.save(ThrottlingPolicyEntity, policy);
      await this.announce(tx, policy);
      return policy;
    });
  }

  /** @throws PolicyNotFound (404), PolicyInUse (403), PolicyIsDefault (409). */
  remove(organization: string, level: PolicyLevel, id: string): Promise<void> {
    return this.transactions.run(async (tx) => {
      const { name } = await this.locked(tx, organization, level, id);
      if (await this.uses.isUsed(tx, organization, level, name)) throw PolicyInUse(level, name);
      if (name === (await this.configuredDefault(organization, level, tx.em))) throw PolicyIsDefault(name, DEFAULT_TIER_KEYS[level]);
      await tx.em.delete(ThrottlingPolicyEntity, { id, organization });
      await this.feed.remove(tx, organization, 'policy', `${level}:${name}`);
    });
  }

  private async locked(tx: Tx, organization: string, level: PolicyLevel, id: string): Promise<ThrottlingPolicy> {
    const policy = isUUID(id)
      ? await tx.em.findOne(ThrottlingPolicyEntity, { where: { id, organization, level }, lock: { mode: 'pessimistic_write' } })
      : null;
    return found(policy && this.isOffered(policy.name) ? policy : null, PolicyNotFound, id, level);
  }

  /** The policy that the tenant configuration names as the default, whether there is one of that name or not. */
  private async configuredDefault(organization: string, level: PolicyLevel, em?: EntityManager): Promise<string> {
    const name = { ...DEFAULT_TENANT_CONFIG, ...(await this.tenantConfigs.of(organization, em)) }[DEFAULT_TIER_KEYS[level]];
    return typeof name === 'string' ? name : '';
  }

  /** Roles that the plan named before may be gone since. @throws PlanRolesEmpty, UnknownPlanRoles (400). */
  private async checkRoles(organization: string, { plan }: PolicyContent, before?: PolicyContent): Promise<void> {
    if (plan?.permissions.roles.length === 0) throw PlanRolesEmpty();
    const known = [EVERYONE_ROLE, ...(before?.plan?.permissions.roles ?? [])].map((role) => role.toLowerCase());
    const named = plan?.permissions.roles.filter((role) => !known.includes(role.toLowerCase())) ?? [];
    const missing = await this.roles.missing(organization, named);
    if (missing.length > 0) throw UnknownPlanRoles(missing);
  }

  private isOffered(name: string): boolean {
    return name !== UNLIMITED || this.config.throttling.enableUnlimitedTier;
  }

  private announce(tx: Tx, policy: ThrottlingPolicy): Promise<void> {
    const { organization, level, name, quota, burst, stopOnQuotaReach, conditionalGroups } = policy;
    return this.feed.put(tx, organization, 'policy', `${level}:${name}`, {
      level,
      name,
      quota,
      burst,
      stopOnQuotaReach,
      ...(conditionalGroups.length > 0 && { conditionalGroups }),
    });
  }

  /**
   * Gives a new tenant the shipped policies, `Unlimited` always among them: the configuration may hide and show it at any start. Later starts leave out
   * what an administrator has deleted unless they are to make it again.
   */
  private async seed(tx: Tx, organization: string): Promise<void> {
    const first: readonly unknown[] = await tx.em.query(
      'INSERT INTO throttling_seeded (organization) VALUES ($1) ON CONFLICT DO NOTHING RETURNING organization',
      [organization],
    );
    if (first.length === 0 && !this.config.throttling.enablePolicyRecreationOnStartup) return;
    const shipped = POLICY_LEVELS.flatMap((level) =>
      DEFAULT_POLICIES[level].map((content) => ({ ...content, id: randomUUID(), organization, level })),
    );
    const insertion = tx.em.createQueryBuilder().insert().into(ThrottlingPolicyEntity).values(shipped).orIgnore().returning('id');
    // What is made again at a later start is a change like any other.
    const { raw } = await (first.length === 0 ? insertion.execute() : unaudited(tx, () => insertion.execute()));
    const made = new Set((raw as readonly { id: string }[]).map(({ id }) => id)); // as the statement says
    for (const policy of shipped) if (made.has(policy.id)) await this.announce(tx, policy);
  }
}

/** Byte order, as the product compares names: digits, capitals, small letters. */
const byName = (a: ThrottlingPolicy, b: ThrottlingPolicy): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
