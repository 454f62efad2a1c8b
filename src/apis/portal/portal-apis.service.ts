import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { Api } from '../../domain/api.js';
import { isHiddenFromPortal } from '../../domain/lifecycle.js';
import { found, NotFound } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { EnvironmentsService } from '../../environments/environments.service.js';
import type { Tx } from '../../platform/database/transactions.js';
import type { PageQuery } from '../../platform/http/page.js';
import { type WorkFile, WorkPool } from '../../platform/worker-pool/work-pool.js';
import { SubscriptionReads } from '../../subscriptions/subscription-reads.js';
import { ThrottlingPoliciesService } from '../../throttling/throttling-policies.service.js';
import { mayUse, type ThrottlingPolicy } from '../../throttling/throttling-policy.js';
import type { ApiEntity } from '../api.entity.js';
import { ApiDefinitionEntity } from '../api-definition.entity.js';
import { ApiNotFound } from '../apis.problems.js';
import type { ApiListItem } from '../apis.queries.js';
import { RatingReads } from '../ratings/rating-reads.js';
import { DeploymentsQueries } from '../revisions/deployments.queries.js';
import { CrossTenant } from './cross-tenant.js';
import { endpointsOf, type ListedPortalApi, type PortalApi, type PortalEndpoint, serversOf } from './portal-api.js';
import { HiddenApi, PortalApisQueries } from './portal-apis.queries.js';
import { portalDefinition } from './portal-definition.js';
import type * as worker from './portal-definition.worker.js';
import type { PortalDoor } from './portal-door.js';
import type { Viewer } from './portal-sight.js';
import { PortalSights } from './portal-sights.js';

const WORKER: WorkFile<typeof worker> = { url: new URL('./portal-definition.worker.js', import.meta.url) };
const TIMEOUT_MS = 60_000;
/** Characters; below this, sending a definition to another thread costs more than rewriting it. */
const REWRITTEN_HERE_MAX = 100_000;

const EnvironmentNotFound = NotFound('Gateway Environment');

export interface PortalApiPage {
  readonly items: readonly ListedPortalApi[];
  /** All plans of the tenant. */
  readonly plans: readonly ThrottlingPolicy[];
  readonly total: number;
}

/** APIs as subscribers and guests see them. */
@Injectable()
export class PortalApisService {
  constructor(
    private readonly queries: PortalApisQueries,
    @InjectRepository(ApiDefinitionEntity) private readonly definitions: Repository<ApiDefinitionEntity>,
    private readonly deployments: DeploymentsQueries,
    private readonly environments: EnvironmentsService,
    private readonly plans: ThrottlingPoliciesService,
    private readonly subscriptions: SubscriptionReads,
    private readonly ratings: RatingReads,
    private readonly crossTenant: CrossTenant,
    private readonly pool: WorkPool,
    private readonly sights: PortalSights,
  ) {}

  /** One page, and how many there are; each API names the plans that are open to the viewer, and `plans` has them all. */
  async list(viewer: Viewer, query: string, page: PageQuery): Promise<PortalApiPage> {
    const { items, total } = await this.queries.list(viewer, query.trim(), page);
    const plans = await this.plans.list(viewer.organization, 'subscription');
    const averages = await this.ratings.averages(items);
    const shown = items.map((api) => ({ ...withOpenPlans(api, plans, viewer.caller), rating: averages.get(api.id) ?? 0 }));
    return { items: shown, plans, total };
  }

  /** @throws ApiNotFound (404) also for what the viewer may not see, Forbidden (403) for an API that is not published or retired, or closed to the viewer's consumer organization. */
  async get(viewer: Viewer, id: string): Promise<PortalApi> {
    const api = await this.readable(viewer, id);
    const endpoints = await this.endpoints(api);
    const plans = await this.plans.list(api.organization, 'subscription');
    return {
      api: withOpenPlans(api, plans, viewer.caller),
      endpoints,
      plans,
      definition: (await this.definition(api, endpoints[0])) ?? '',
      subscriptions: await this.subscriptions.countByApi(api.organization, api.id),
      rating: (await this.ratings.averages([api])).get(api.id) ?? 0,
      isSubscriptionAvailable: this.crossTenant.isOpen(viewer.caller?.organization ?? viewer.organization, api),
    };
  }

  /** The definition with the addresses of the named environment, or of any one; as {@link get}, and 404 where the API is not deployed there. */
  async swagger(viewer: Viewer, id: string, environmentName: string | undefined): Promise<string> {
    const { api, endpoint } = await this.readableAt(viewer, id, environmentName);
    return found(await this.definition(api, endpoint), ApiNotFound, id);
  }

  /** As {@link readable}, with the named environment, or any one; as {@link get}, and 404 where the API is not deployed there. */
  async readableAt(
    viewer: Viewer,
    id: string,
    environmentName: string | undefined,
  ): Promise<{ readonly api: ApiEntity; readonly endpoint: PortalEndpoint | undefined }> {
    const api = await this.readable(viewer, id);
    const endpoints = await this.endpoints(api);
    const named = endpoints.find(({ environment }) => environment.name === environmentName);
    return { api, endpoint: environmentName ? found(named, EnvironmentNotFound, environmentName) : endpoints[0] };
  }

  /** The API with its definition, undefined for a type without one, and the addresses of any environment; as {@link get}. */
  async described(viewer: Viewer, id: string): Promise<{ readonly api: Api; readonly definition: string | undefined }> {
    const api = await this.readable(viewer, id);
    const [endpoint] = await this.endpoints(api);
    return { api, definition: await this.definition(api, endpoint) };
  }

  /** The API if the viewer may open it. @throws ApiNotFound, HiddenApi (403). */
  async readable(viewer: Viewer, id: string): Promise<ApiEntity> {
    await this.sights.admit(viewer);
    return opened(await this.queries.byId(viewer, id), id);
  }

  /**
   * As {@link readable}, and kept from being changed or deleted until the transaction ends: what is written about the API then still holds.
   * Locked after the application and before the subscription, by everybody who needs more than one of them.
   */
  async hold(tx: Tx, viewer: Viewer, id: string): Promise<ApiEntity> {
    return opened(await this.queries.hold(tx, viewer, id), id);
  }

  /** The way to an API for what people say about it. */
  door(viewer: Viewer, id: string): PortalDoor {
    return { read: () => this.readable(viewer, id), hold: (tx) => this.hold(tx, viewer, id) };
  }

  private async endpoints(api: Api): Promise<readonly PortalEndpoint[]> {
    const deployments = await this.deployments.ofApi(api.organization, api.id);
    return endpointsOf(api, deployments, await this.environments.list(api.organization));
  }

  /** Undefined for an API type without a definition. */
  private async definition(api: Api, endpoint: PortalEndpoint | undefined): Promise<string | undefined> {
    const stored = await this.definitions.findOneBy({ organization: api.organization, apiId: api.id });
    if (stored === null) return undefined;
    const { scopes, securityScheme, apiKeyHeader } = api.details;
    const input = {
      ...{ content: stored.text, servers: endpoint === undefined ? [] : serversOf(endpoint), scopes },
      apiKeyHeader: securityScheme.includes('api_key') ? apiKeyHeader : undefined,
    };
    return stored.text.length <= REWRITTEN_HERE_MAX
      ? portalDefinition(input)
      : this.pool.run(WORKER, 'portalDefinition', input, TIMEOUT_MS);
  }
}

/** Without the plans that the caller's roles keep closed; one that is gone keeps its name. */
const withOpenPlans = <A extends ApiListItem>(api: A, plans: readonly ThrottlingPolicy[], caller: User | undefined): A => {
  const denied = new Set(plans.filter((plan) => !mayUse(plan, caller)).map(({ name }) => name));
  return { ...api, policies: api.policies.filter((policy) => !denied.has(policy)) };
};

/** @throws ApiNotFound, HiddenApi (403). */
const opened = (api: ApiEntity | null, id: string): ApiEntity => {
  const known = found(api, ApiNotFound, id);
  if (isHiddenFromPortal(known.status)) throw HiddenApi();
  return known;
};
