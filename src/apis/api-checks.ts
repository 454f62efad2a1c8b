import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CategoriesService } from '../categories/categories.service.js';
import type { Api, ApiScope, ApiType } from '../domain/api.js';
import { isSubscriptionlessPolicy } from '../domain/subscriptionless.js';
import { RolesService } from '../identity/roles/roles.service.js';
import { KeyManagersService } from '../keys/managers/key-managers.service.js';
import type { Tx } from '../platform/database/transactions.js';
import { ThrottlingPoliciesService } from '../throttling/throttling-policies.service.js';
import type { ApiContent, DefinedContent } from './api-content.js';
import { checkScopeNames, checkTransports } from './api-rules.js';
import {
  ApiContextExists,
  ApiExists,
  ApiNameExists,
  ContextOfOtherApi,
  InvalidApiThrottlingPolicy,
  InvalidCategory,
  InvalidRoles,
  InvalidTier,
  KeyManagerUnknown,
  NoKeyManager,
  ScopeRoleUnknown,
} from './apis.problems.js';
import { checkEndpointConfig } from './endpoint-config.js';
import { holdTenantApis } from './tenant-lock.js';

const ALL = 'all';

/** Checks an API against its own rules and against what else the tenant has (`reference/publisher.md` §3.1). */
@Injectable()
export class ApiChecks {
  constructor(
    private readonly roles: RolesService,
    private readonly throttling: ThrottlingPoliciesService,
    private readonly keyManagers: KeyManagersService,
    private readonly categories: CategoriesService,
  ) {}

  /** @throws the problem (400, 404) of the first rule that is broken. */
  async content(organization: string, name: string, content: ApiContent, type: ApiType = 'HTTP'): Promise<void> {
    const { details } = content;
    checkTransports(details.transport);
    if (details.endpointConfig) checkEndpointConfig(details.endpointConfig, type);
    await this.inCategories({ organization, name, categories: content.categories });
    await this.checkRoles(organization, content);
    await this.checkPolicies(organization, content);
    await this.checkKeyManagers(organization, details.keyManagers);
    await this.defined(organization, details);
  }

  /** What a definition can change. @throws ReservedScope (400), ScopeRoleUnknown (404). */
  async defined(organization: string, { scopes }: Pick<DefinedContent, 'scopes'>): Promise<void> {
    checkScopeNames(scopes.filter(({ shared }) => !shared).map(({ name }) => name));
    await this.checkBindings(organization, scopes);
  }

  /** Those of the advanced policies that the tenant does not have. */
  unknownAdvanced(organization: string, names: readonly string[]): Promise<readonly string[]> {
    return this.throttling.missing(organization, 'advanced', names);
  }

  private async checkRoles(organization: string, { visibility, visibleRoles, accessControlRoles }: ApiContent): Promise<void> {
    if (visibility === 'RESTRICTED' && visibleRoles.length === 0) throw InvalidRoles();
    const missing = await this.roles.missing(organization, [...visibleRoles, ...accessControlRoles]);
    if (missing.length > 0) throw InvalidRoles();
  }

  private async checkPolicies(organization: string, content: ApiContent): Promise<void> {
    const { plans, advanced } = policiesOf(content);
    if ((await this.throttling.missing(organization, 'subscription', plans)).length > 0) throw InvalidTier();
    if ((await this.unknownAdvanced(organization, advanced)).length > 0) throw InvalidApiThrottlingPolicy();
  }

  /** Keeps the throttling policies that an API is to name; those it named `before` stay anyway. @throws InvalidTier (400) and the like when one is gone meanwhile. */
  async holdPolicies(tx: Tx, organization: string, content: PolicyNames, before?: PolicyNames): Promise<void> {
    const [wanted, known] = [policiesOf(content), before && policiesOf(before)];
    const plans = wanted.plans.filter((name) => !known?.plans.includes(name));
    if ((await this.throttling.hold(tx, organization, 'subscription', plans)).length > 0) throw InvalidTier();
    const advanced = wanted.advanced.filter((name) => !known?.advanced.includes(name));
    if ((await this.throttling.hold(tx, organization, 'advanced', advanced)).length > 0) throw InvalidApiThrottlingPolicy();
  }

  private async checkKeyManagers(organization: string, names: readonly string[]): Promise<void> {
    const wanted = names.filter((name) => name !== ALL);
    const known = new Set((await this.keyManagers.list(organization)).map((keyManager) => keyManager.name));
    // A tenant without any can have no APIs (`reference/key-manager-connectors.md` §4).
    if (known.size === 0) throw NoKeyManager();
    const unknown = wanted.filter((name) => !known.has(name));
    if (unknown.length === names.length) throw NoKeyManager();
    if (unknown.length > 0) throw KeyManagerUnknown();
  }

  /** Keeps the key managers that an API is to name; those `before` it names already. @throws KeyManagerUnknown (400) when one is gone meanwhile. */
  async holdKeyManagers(tx: Tx, organization: string, names: readonly string[], before: readonly string[] = []): Promise<void> {
    const added = names.filter((name) => name !== ALL && !before.includes(name));
    if ((await this.keyManagers.hold(tx, organization, added)).length > 0) throw KeyManagerUnknown();
  }

  private async checkBindings(organization: string, scopes: readonly ApiScope[]): Promise<void> {
    // The roles of a shared scope are not this API's to decide.
    const local = scopes.filter(({ shared }) => !shared);
    const [missing] = await this.roles.missing(organization, [...new Set(local.flatMap(({ bindings }) => bindings))]);
    if (missing !== undefined) throw ScopeRoleUnknown(missing);
  }

  /**
   * Whether the categories are there; within a transaction that holds the tenant's APIs, given its entity manager, they are there when it commits.
   * @throws InvalidCategory (400).
   */
  async inCategories(
    { organization, name, categories }: Pick<Api, 'organization' | 'name' | 'categories'>,
    em?: EntityManager,
  ): Promise<void> {
    if ((await this.categories.missing(organization, categories, em)).length > 0) throw InvalidCategory(name);
  }

  /** See {@link holdTenantApis}. */
  hold(tx: Tx, organization: string): Promise<void> {
    return holdTenantApis(tx, organization);
  }

  /**
   * Whether a new API may have this name, version and context; needs {@link hold}.
   * @throws ApiExists, ApiNameExists, ApiContextExists (409), ContextOfOtherApi (400).
   */
  async place(tx: Tx, api: Pick<Api, 'organization' | 'name' | 'version' | 'context' | 'contextTemplate'>): Promise<void> {
    const others: readonly { name: string; version: string; context_template: string }[] = await tx.em.query(
      'SELECT name, version, context_template FROM apis WHERE organization = $1 AND (lower(name) = lower($2) OR context_template = $3)',
      [api.organization, api.name, api.contextTemplate],
    );
    const namesakes = others.filter(({ name }) => name.toLowerCase() === api.name.toLowerCase());
    if (namesakes.some(({ version }) => version.toLowerCase() === api.version.toLowerCase())) throw ApiExists();
    if (namesakes.some(({ name }) => name !== api.name)) throw ApiNameExists(api.name);
    if (others.some(({ name, context_template }) => name !== api.name && context_template === api.contextTemplate)) {
      throw namesakes.length > 0 ? ContextOfOtherApi() : ApiContextExists(api.context);
    }
  }
}

type PolicyNames = Pick<ApiContent, 'policies' | 'details'>;

/** The throttling policies that an API names, but for the plans that stand for having none. */
const policiesOf = ({ policies, details }: PolicyNames): { readonly plans: readonly string[]; readonly advanced: readonly string[] } => {
  const plans = [...policies, ...details.organizationPolicies.flatMap((entry) => entry.policies)];
  const advanced = [details.apiThrottlingPolicy ?? [], details.operations.map((operation) => operation.throttlingPolicy)].flat();
  return { plans: [...new Set(plans)].filter((name) => !isSubscriptionlessPolicy(name)), advanced: [...new Set(advanced)] };
};
