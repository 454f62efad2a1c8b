import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { Api } from '../../domain/api.js';
import { isHiddenFromPortal } from '../../domain/lifecycle.js';
import { found, NotFound, Unauthenticated } from '../../domain/problem.js';
import { EnvironmentsService } from '../../environments/environments.service.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import type { Tx } from '../../platform/database/transactions.js';
import type { PageQuery } from '../../platform/http/page.js';
import { type WorkFile, WorkPool } from '../../platform/worker-pool/work-pool.js';
import { SubscriptionReads } from '../../subscriptions/subscription-reads.js';
import { ThrottlingPoliciesService } from '../../throttling/throttling-policies.service.js';
import { mayUse } from '../../throttling/throttling-policy.js';
import type { ApiEntity } from '../api.entity.js';
import { ApiDefinitionEntity } from '../api-definition.entity.js';
import { ApiNotFound } from '../apis.problems.js';
import { DeploymentsQueries } from '../revisions/deployments.queries.js';
import { endpointsOf, isOpenTo, type PortalApi, type PortalEndpoint, serversOf } from './portal-api.js';
import { HiddenApi, PortalApisQueries, type Viewer } from './portal-apis.queries.js';
import { portalDefinition } from './portal-definition.js';
import type * as worker from './portal-definition.worker.js';

const WORKER: WorkFile<typeof worker> = { url: new URL('./portal-definition.worker.js', import.meta.url) };
const TIMEOUT_MS = 60_000;
/** Characters; below this, sending a definition to another thread costs more than rewriting it. */
const REWRITTEN_HERE_MAX = 100_000;

const EnvironmentNotFound = NotFound('Gateway Environment');

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
    private readonly pool: WorkPool,
    private readonly config: ApimConfig,
  ) {}

  /** One page, and how many there are. */
  async list(viewer: Viewer, query: string, page: PageQuery): ReturnType<PortalApisQueries['list']> {
    this.refuseGuests(viewer);
    return this.queries.list(viewer, query.trim(), page);
  }

  /** @throws ApiNotFound (404) also for what the viewer may not see, Forbidden (403) for an API that is not published or retired, or closed to the viewer's consumer organization. */
  async get(viewer: Viewer, id: string): Promise<PortalApi> {
    const api = await this.readable(viewer, id);
    const endpoints = await this.endpoints(api);
    const plans = await this.plans.list(api.organization, 'subscription');
    const denied = new Set(plans.filter((plan) => !mayUse(plan, viewer.caller)).map(({ name }) => name));
    return {
      api: { ...api, policies: api.policies.filter((policy) => !denied.has(policy)) },
      endpoints,
      plans,
      definition: (await this.definition(api, endpoints[0])) ?? '',
      subscriptions: await this.subscriptions.countByApi(api.organization, api.id),
      isSubscriptionAvailable: isOpenTo(viewer.caller?.organization ?? viewer.organization, api),
    };
  }

  /** The definition with the addresses of the named environment, or of any one; as {@link get}, and 404 where the API is not deployed there. */
  async swagger(viewer: Viewer, id: string, environmentName: string | undefined): Promise<string> {
    const api = await this.readable(viewer, id);
    const endpoints = await this.endpoints(api);
    const named = endpoints.find(({ environment }) => environment.name === environmentName);
    const endpoint = environmentName ? found(named, EnvironmentNotFound, environmentName) : endpoints[0];
    return found(await this.definition(api, endpoint), ApiNotFound, id);
  }

  /** The API with its definition, undefined for a type without one, and the addresses of any environment; as {@link get}. */
  async described(viewer: Viewer, id: string): Promise<{ readonly api: Api; readonly definition: string | undefined }> {
    const api = await this.readable(viewer, id);
    const [endpoint] = await this.endpoints(api);
    return { api, definition: await this.definition(api, endpoint) };
  }

  /** The API if the viewer may open it. @throws ApiNotFound, HiddenApi (403). */
  async readable(viewer: Viewer, id: string): Promise<ApiEntity> {
    this.refuseGuests(viewer);
    return opened(await this.queries.byId(viewer, id), id);
  }

  /**
   * As {@link readable}, and kept from being changed or deleted until the transaction ends: what is written about the API then still holds.
   * Locked after the application and before the subscription, by everybody who needs more than one of them.
   */
  async hold(tx: Tx, viewer: Viewer, id: string): Promise<ApiEntity> {
    return opened(await this.queries.hold(tx, viewer, id), id);
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

  private refuseGuests({ caller }: Viewer): void {
    if (caller === undefined && !this.config.devportal.enableAnonymousMode) throw Unauthenticated();
  }
}

/** @throws ApiNotFound, HiddenApi (403). */
const opened = (api: ApiEntity | null, id: string): ApiEntity => {
  const known = found(api, ApiNotFound, id);
  if (isHiddenFromPortal(known.status)) throw HiddenApi();
  return known;
};
