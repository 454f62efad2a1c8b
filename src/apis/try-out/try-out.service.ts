import { Injectable } from '@nestjs/common';
import type { Api } from '../../domain/api.js';
import { found, NotFound } from '../../domain/problem.js';
import { WorkFailed, type WorkFile, WorkPool } from '../../platform/worker-pool/work-pool.js';
import type { PortalApi } from '../portal/portal-api.js';
import { serversOf } from '../portal/portal-api.js';
import { PortalApisService } from '../portal/portal-apis.service.js';
import type { Viewer } from '../portal/portal-sight.js';
import type { CurlCommand } from './curl-commands.js';
import type { CallCredential, CollectionInput } from './postman-collection.js';
import { NotConvertible, NothingToTry } from './try-out.problems.js';
import type * as worker from './try-out.worker.js';

const WORKER: WorkFile<typeof worker> = { url: new URL('./try-out.worker.js', import.meta.url) };
const TIMEOUT_MS = 60_000;

const EnvironmentNotFound = NotFound('Gateway Environment');

/** Requests by which a subscriber tries an API, made from its definition. */
@Injectable()
export class TryOutService {
  constructor(
    private readonly apis: PortalApisService,
    private readonly pool: WorkPool,
  ) {}

  /** A Postman collection, as JSON. @throws as {@link PortalApisService.get}; NothingToTry (404); NotConvertible (400). */
  async collection(viewer: Viewer, apiId: string, environmentName: string | undefined): Promise<string> {
    return this.made('collection', await this.apis.get(viewer, apiId), environmentName);
  }

  /** One curl command for each operation; fails as {@link collection}. */
  async commands(viewer: Viewer, apiId: string, environmentName: string | undefined): Promise<readonly CurlCommand[]> {
    const text = await this.made('commands', await this.apis.get(viewer, apiId), environmentName);
    return JSON.parse(text) as readonly CurlCommand[]; // written by the worker
  }

  private async made(what: 'collection' | 'commands', portalApi: PortalApi, environmentName: string | undefined): Promise<string> {
    if (portalApi.definition === '') throw NothingToTry(portalApi.api.id);
    try {
      const made = await this.pool.run(WORKER, what, inputOf(portalApi, environmentName), TIMEOUT_MS);
      if ('reason' in made) throw NotConvertible(made.reason);
      return made.text;
    } catch (err) {
      if (err instanceof WorkFailed) throw NotConvertible('it takes too long');
      throw err;
    }
  }
}

const inputOf = ({ api, definition, endpoints }: PortalApi, environmentName: string | undefined): CollectionInput => {
  const named = endpoints.find(({ environment }) => environment.name === environmentName);
  const endpoint = environmentName ? found(named, EnvironmentNotFound, environmentName) : endpoints[0];
  const [gateway] = endpoint === undefined ? [] : serversOf(endpoint);
  return {
    definition,
    baseUrl: gateway ?? api.details.advertiseInfo.apiExternalProductionEndpoint ?? '',
    credential: credentialOf(api),
  };
};

/** What a call presents: a token where the API takes one, else an API key, else a user's name and password. */
const credentialOf = ({ details: { securityScheme, authorizationHeader, apiKeyHeader } }: Api): CallCredential | undefined => {
  if (securityScheme.includes('oauth2')) return { header: authorizationHeader, prefix: 'Bearer ', variable: 'accessToken' };
  if (securityScheme.includes('api_key')) return { header: apiKeyHeader, prefix: '', variable: 'apiKey' };
  if (securityScheme.includes('basic_auth')) return { header: authorizationHeader, prefix: 'Basic ', variable: 'credentials' };
  return undefined;
};
