import { join } from 'node:path';
import { Pool } from 'pg';
import {
  ApiNotFound,
  EndpointCredentialMissing,
  EndpointUrlMissing,
  InvalidEndpointConfig,
  InvalidEndpointSecurity,
  InvalidEndpointUrl,
} from '../../src/apis/apis.problems.js';
import type { Problem } from '../../src/domain/problem.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';

const URL_OK = 'https://backend.example.com/v1';
const HTTP = { endpoint_type: 'http', production_endpoints: { url: URL_OK } };
const OAUTH = {
  enabled: true,
  type: 'OAUTH',
  grantType: 'PASSWORD',
  tokenUrl: 'https://idp.example.com/token',
  clientId: 'client',
  clientSecret: 'first secret',
  username: 'ann',
  password: 'second secret',
  customParameters: { audience: 'x', hidden: { value: 'third secret', secured: true } },
  connectionTimeoutDuration: -1,
  proxyConfigs: {
    proxyEnabled: true,
    proxyHost: 'proxy',
    proxyPort: 3128,
    proxyProtocol: 'http',
    proxyUsername: 'p',
    proxyPassword: 'fourth secret',
  },
};
const LAMBDA = {
  endpoint_type: 'awslambda',
  access_method: 'stored',
  amznAccessKey: 'AKIA',
  amznSecretKey: 'fifth secret',
  amznRegion: 'no region!',
};

const database = new Pool({ host: join(server.dataDir, 'postgres'), user: 'gatehouse', database: 'postgres', max: 1 });
afterAll(() => database.end());

let admin: Actor;
beforeAll(async () => {
  ({ admin } = await given.organization());
});

const create = (endpointConfig: unknown, by = admin, further: Body = {}) =>
  by.publisher('POST /apis', { body: given.apiProperties({ with: { endpointConfig, ...further } }) });
const made = async (endpointConfig: object, by = admin): Promise<Body & { readonly id: string }> => {
  const body = expected(await create(endpointConfig, by), 201);
  return { ...body, id: String(body['id']) };
};
const put = (api: Body & { readonly id: string }, change: Body = {}, by = admin) =>
  by.publisher('PUT /apis/{apiId}', { path: { apiId: api.id }, body: { ...api, ...change } });
const stored = async ({ id }: { readonly id: string }): Promise<Body> => {
  const { rows } = await database.query<{ config: Body }>("SELECT details -> 'endpointConfig' AS config FROM apis WHERE id = $1", [id]);
  return rows[0]?.config ?? {};
};

it.each<[string, object]>([
  ['http', { ...HTTP, sandbox_endpoints: { url: 'http://{uri.var.host}/x' } }],
  ['address', { endpoint_type: 'address', production_endpoints: { url: URL_OK } }],
  ['default', { endpoint_type: 'default', production_endpoints: { url: 'default' } }],
  ['service', { endpoint_type: 'service', production_endpoints: { url: URL_OK } }],
  ['graphql', { endpoint_type: 'graphql', production_endpoints: { url: URL_OK } }],
  [
    'load_balance',
    {
      endpoint_type: 'load_balance',
      algoCombo: 'org.apache.synapse.endpoints.algorithms.RoundRobin',
      algoClassName: 'org.apache.synapse.endpoints.algorithms.RoundRobin',
      sessionManagement: 'transport',
      sessionTimeOut: '600000',
      production_endpoints: [{ url: URL_OK }, { endpoint_type: 'http', template_not_supported: false, url: URL_OK }],
    },
  ],
  [
    'failover',
    {
      endpoint_type: 'failover',
      production_endpoints: { url: URL_OK, config: { actionSelect: 'discard', actionDuration: '30000', retryErroCode: ['101503'] } },
      production_failovers: [{ endpoint_type: 'http', url: URL_OK, config: { suspendDuration: 0, factor: 1.5 } }],
    },
  ],
  ['sequence_backend', { endpoint_type: 'sequence_backend' }],
  ['awslambda', { endpoint_type: 'awslambda', access_method: 'role-supplied', amznAccessKey: '', amznSecretKey: 'AWS_SECRET_KEY' }],
  ['a prototype', { ...HTTP, implementation_status: 'prototyped' }],
])('keeps an endpoint of type %s whole', async (_, endpointConfig) => {
  const api = await made(endpointConfig);

  expect(api['endpointConfig']).toEqual(endpointConfig);
  expect((await put(api)).body['endpointConfig']).toEqual(endpointConfig);
});

it.each<[object, Problem]>([
  [{ endpoint_type: 'http', production_endpoints: {} }, EndpointUrlMissing('http')],
  [{ endpoint_type: 'load_balance', production_endpoints: [{ url: '' }] }, EndpointUrlMissing('load_balance')],
  [{ endpoint_type: 'http', production_endpoints: { url: 'x' } }, InvalidEndpointUrl()],
  [{ endpoint_type: 'ws', production_endpoints: { url: URL_OK } }, InvalidEndpointUrl()],
  [{ ...HTTP, sessionTimeOut: 'soon' }, InvalidEndpointConfig()],
  [{ endpoint_type: 'http', production_endpoints: { url: URL_OK, config: { actionSelect: 'wait' } } }, InvalidEndpointConfig()],
  [{ ...LAMBDA, access_method: 'guessed' }, InvalidEndpointConfig()],
  [{ ...HTTP, endpoint_security: { sandbox: { type: 'MAGIC' } } }, InvalidEndpointSecurity('sandbox')],
  [{ ...HTTP, endpoint_security: { production: { ...OAUTH, grantType: 'IMPLICIT' } } }, InvalidEndpointSecurity('production')],
  [
    { ...HTTP, endpoint_security: { production: { ...OAUTH, password: undefined } } },
    EndpointCredentialMissing('password of the production endpoint is missing'),
  ],
])('refuses %j, on create and on update', async (endpointConfig, refusal) => {
  const api = await made(HTTP);

  expect(await create(endpointConfig)).toFailWith(refusal);
  expect(await put(api, { endpointConfig })).toFailWith(refusal);
});

const SOCKET = { type: 'WS', operations: [{ target: '/*', verb: 'SUBSCRIBE' }] };
it('refuses an address without a socket protocol for a WebSocket API', async () => {
  expect(await create(HTTP, admin, SOCKET)).toFailWith(InvalidEndpointUrl());
  expect((await create({ ...HTTP, production_endpoints: { url: 'wss://backend.example.com' } }, admin, SOCKET)).status).toBe(201);
});

describe('secrets', () => {
  const SECURED = { ...HTTP, endpoint_security: { production: OAUTH } };
  const SHOWN = {
    ...HTTP,
    endpoint_security: {
      production: {
        ...OAUTH,
        clientSecret: '',
        password: '',
        customParameters: { audience: 'x', hidden: { value: '', secured: true } },
        proxyConfigs: { ...OAUTH.proxyConfigs, proxyPassword: '' },
      },
    },
  };

  it('are never shown and never stored in clear', async () => {
    const api = await made(SECURED);

    expect(api['endpointConfig']).toEqual(SHOWN);
    expect(JSON.stringify(await stored(api))).not.toMatch(/secret"/);
  });

  it('are kept when they come back as they were shown, and replaced one by one', async () => {
    const api = await made(SECURED);
    const before = await stored(api);

    expected(await put(api), 200);
    expect(await stored(api)).toEqual(before);
    const production = { ...SHOWN.endpoint_security.production, password: 'new secret' };
    expected(await put(api, { endpointConfig: { ...SHOWN, endpoint_security: { production } } }), 200);

    const after = await stored(api);
    expect(after).not.toEqual(before);
    expect(after).toMatchObject({
      endpoint_security: { production: { clientSecret: expect.stringMatching(/^v\d+:/), password: expect.stringMatching(/^v\d+:/) } },
    });
  });

  it('of lambda are shown as one word, which keeps them', async () => {
    const api = await made(LAMBDA);
    const before = await stored(api);

    expect(api['endpointConfig']).toEqual({ ...LAMBDA, amznSecretKey: 'AWS_SECRET_KEY' });
    expected(await put(api), 200);

    expect(before['amznSecretKey']).toMatch(/^v\d+:/);
    expect(await stored(api)).toEqual(before);
  });

  it('go with the configuration', async () => {
    const api = await made(SECURED);

    expect((await put(api, { endpointConfig: null })).body['endpointConfig']).toBeNull();
    expected(await put(api, { endpointConfig: SHOWN }), 200);

    expect(await stored(api)).toMatchObject({ endpoint_security: { production: { password: '' } } });
  });
});

describe('a tenant that exposes passwords', () => {
  const BASIC = { ...HTTP, endpoint_security: { production: { enabled: true, type: 'BASIC', username: 'ann', password: 'open' } } };
  let owner: Actor;
  beforeAll(async () => {
    const { domain, admin: made } = await given.organization();
    owner = made;
    await database.query(
      'INSERT INTO tenant_configs (organization, document) VALUES ($1, $2) ON CONFLICT (organization) DO UPDATE SET document = $2',
      [domain, { ExposeEndpointPassword: true }],
    );
  });

  it('sees them, and keeps them when they come back', async () => {
    const api = await made(BASIC, owner);
    const before = await stored(api);

    expect(api['endpointConfig']).toEqual(BASIC);
    expect((await owner.publisher('GET /apis/{apiId}', { path: { apiId: api.id } })).body).toEqual(api);
    const again = await put(api, {}, owner);
    expect(again).toMatchObject({ status: 200, body: { endpointConfig: BASIC } });
    expect(await stored(api)).toEqual(before);
    const endpoint = { name: 'One', deploymentStage: 'PRODUCTION', endpointConfig: BASIC };
    const added = await owner.publisher('POST /apis/{apiId}/endpoints', { path: { apiId: api.id }, body: endpoint });
    expect(added.body['endpointConfig']).toEqual(BASIC);
  });

  it('sees no other secrets', async () => {
    const api = await made({ ...HTTP, endpoint_security: { production: OAUTH } }, owner);

    expect(api['endpointConfig']).toMatchObject({ endpoint_security: { production: { password: 'second secret', clientSecret: '' } } });
  });

  it('lets a publisher send the API back', async () => {
    const api = await made(BASIC, owner);
    const publisher = owner.withScopes('apim:api_publish');

    expect(await put(api, { tags: ['new'] }, publisher)).toMatchObject({ status: 200, body: { tags: ['new'] } });
  });
});

describe('circuit breakers', () => {
  const breakers = {
    circuitBreakers: { maxConnections: 10, maxPendingRequests: 5, maxRequests: 20, maxRetries: 1, maxConnectionPools: 2 },
  };
  const define = (apiId: string, extensions: object) => {
    const definition = {
      openapi: '3.0.1',
      info: { title: 'x', version: '1' },
      paths: { '/a': { get: { responses: { 200: { description: 'OK' } } } } },
      ...extensions,
    };
    return admin.publisher<Body>('PUT /apis/{apiId}/swagger', { path: { apiId }, form: { apiDefinition: JSON.stringify(definition) } });
  };
  const configOf = async (apiId: string) => (await admin.publisher('GET /apis/{apiId}', { path: { apiId } })).body['endpointConfig'];

  it('of a definition reach the endpoints that exist', async () => {
    const { id } = await made(HTTP);

    const extension = { urls: ['https://other.example.com'], advanceEndpointConfig: breakers };
    const answer = await define(id, { 'x-wso2-production-endpoints': extension, 'x-wso2-sandbox-endpoints': extension });

    expect(answer.status).toBe(200);
    expect(answer.body['x-wso2-production-endpoints']).toEqual({ urls: [URL_OK], type: 'http', advanceEndpointConfig: breakers });
    expect(await configOf(id)).toEqual({ ...HTTP, production_endpoints: { url: URL_OK, advanceEndpointConfig: breakers } });
    expected(await define(id, {}), 200);
    expect(await configOf(id)).toEqual(HTTP);
  });

  it('are refused when they are no numbers', async () => {
    const { id } = await made(HTTP);
    const advanceEndpointConfig = { circuitBreakers: { maxConnections: 'many' } };

    expect(await define(id, { 'x-wso2-production-endpoints': { advanceEndpointConfig } })).toFailWith(InvalidEndpointConfig());
  });
});

describe('GET /apis/{apiId}/amznResourceNames', () => {
  const names = (apiId: string, by = admin) => by.publisher<unknown>('GET /apis/{apiId}/amznResourceNames', { path: { apiId } });

  it('has no functions for an API of another type', async () => {
    const { id } = await made(HTTP);

    expect(await names(id)).toMatchObject({ status: 200, body: { count: 0, list: [] } });
  });

  it('refuses an account that cannot be asked', async () => {
    const { id } = await made(LAMBDA);
    const keyless = await made({ endpoint_type: 'awslambda', access_method: 'role-supplied', amznRegion: 'eu-west-1' });

    expect(await names(id)).toFailWith({ status: 400, code: 400 });
    expect(await names(keyless.id)).toFailWith({ status: 400, code: 400 });
  });

  it('is hidden from other tenants and other scopes', async () => {
    const { id } = await made(HTTP);
    const { admin: stranger } = await given.organization();

    expect(await names(id, stranger)).toFailWith(ApiNotFound(id));
    expect(await names(id, admin.withScopes('apim:subscription_view'))).toFailWith(Unauthenticated());
  });
});
