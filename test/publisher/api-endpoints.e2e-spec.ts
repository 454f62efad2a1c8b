import { randomUUID } from 'node:crypto';
import { ApiNotFound, EndpointCredentialMissing, EndpointUrlMissing } from '../../src/apis/apis.problems.js';
import { LiveApiNeedsPublisher } from '../../src/apis/apis-for-change.js';
import {
  ApiEndpointNotFound,
  ApiEndpointReadOnly,
  ApiEndpointUrlInvalid,
  EndpointConfigMissing,
  InvalidApiEndpoint,
  PrimaryEndpointKept,
  PrimaryEndpointUnknown,
} from '../../src/apis/endpoints/api-endpoints.problems.js';
import { PreconditionFailed, Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body, RequestOptions } from '../support/client.js';
import { given } from '../support/given.js';

interface Endpoint {
  readonly id: string;
  readonly name: string;
  readonly deploymentStage: string;
  readonly endpointConfig: Body;
}
interface List {
  readonly count: number;
  readonly list: readonly Endpoint[];
  readonly pagination: { readonly total: number; readonly next: string };
}

const ALL = '/apis/{apiId}/endpoints';
const ONE = `${ALL}/{endpointId}`;
const DEFAULT = 'default_production_endpoint';

const SECURITY = { enabled: true, type: 'apikey', apiKeyIdentifier: 'x-key', apiKeyIdentifierType: 'HEADER', apiKeyValue: 'top secret' };
const CONFIG = {
  endpoint_type: 'http',
  production_endpoints: { url: 'https://one.example.com' },
  endpoint_security: { production: SECURITY },
};
const ONE_ENDPOINT = { name: 'One', deploymentStage: 'PRODUCTION', endpointConfig: CONFIG };
const AI = {
  subtypeConfiguration: { subtype: 'AIAPI', configuration: { llmProviderName: 'Any', llmProviderApiVersion: '1' } },
  egress: true,
};

let admin: Actor;
let apiId: string;
beforeAll(async () => {
  ({ admin } = await given.organization());
});
beforeEach(async () => {
  ({ id: apiId } = await given.api({ by: admin, backend: 'https://default.example.com' }));
});

const on = <T = Endpoint>(operation: string, endpointId = '', options: RequestOptions & { by?: Actor } = {}) => {
  const { by = admin, path, ...rest } = options;
  return by.publisher<T>(operation, { path: { apiId, endpointId, ...path }, ...rest });
};
const add = (change: Body = {}, by = admin) => on(`POST ${ALL}`, '', { by, body: { ...ONE_ENDPOINT, ...change } });
const added = async (change: Body = {}): Promise<Endpoint> => expected(await add(change), 201);
const list = async (options: RequestOptions = {}) => expected(await on<List>(`GET ${ALL}`, '', options), 200);
const api = async (): Promise<Body> => expected(await admin.publisher('GET /apis/{apiId}', { path: { apiId } }), 200);
const putApi = async (change: Body) => admin.publisher('PUT /apis/{apiId}', { path: { apiId }, body: { ...(await api()), ...change } });

describe('an endpoint', () => {
  it('is added, and shown without its secrets', async () => {
    const answer = await add();

    const { id } = expected(answer, 201);
    expect(answer.headers['location']).toContain(`/apis/${apiId}/endpoints/${id}`);
    const shown = { ...CONFIG, endpoint_security: { production: { ...SECURITY, apiKeyValue: '' } } };
    expect(answer.body).toEqual({ ...ONE_ENDPOINT, id, endpointConfig: shown, apiDefinition: null });
    expect((await on(`GET ${ONE}`, id)).body).toEqual(answer.body);
  });

  it('is replaced, and takes back what a read gave', async () => {
    const { id, ...endpoint } = await added();

    const answer = await on(`PUT ${ONE}`, id, { body: { ...endpoint, name: 'Two' } });

    expect(answer).toMatchObject({ status: 200, body: { ...endpoint, name: 'Two' } });
    expect((await on(`GET ${ONE}`, id)).body).toEqual(answer.body);
  });

  it('is not changed by who saw an older one', async () => {
    const { id } = await added();
    const { headers } = await on(`GET ${ONE}`, id);
    const body = { ...ONE_ENDPOINT, name: 'Two' };
    const headersOfOld = { 'if-match': headers['etag'] ?? '' };

    expect((await on(`PUT ${ONE}`, id, { body, headers: headersOfOld })).status).toBe(200);

    expect(await on(`PUT ${ONE}`, id, { body, headers: headersOfOld })).toFailWith(PreconditionFailed);
    expect(await on(`DELETE ${ONE}`, id, { headers: headersOfOld })).toFailWith(PreconditionFailed);
  });

  it('is deleted', async () => {
    const { id } = await added();

    expect((await on(`DELETE ${ONE}`, id)).status).toBe(200);

    expect(await on(`GET ${ONE}`, id)).toFailWith(ApiEndpointNotFound(id));
    expect(await on(`DELETE ${ONE}`, id)).toFailWith(ApiEndpointNotFound(id));
  });

  it.each<[Body, ReturnType<typeof InvalidApiEndpoint>]>([
    [{ name: ' ' }, InvalidApiEndpoint()],
    [{ deploymentStage: 'TEST' }, InvalidApiEndpoint()],
    [{ endpointConfig: {} }, EndpointConfigMissing()],
    [{ endpointConfig: null }, EndpointConfigMissing()],
    [{ deploymentStage: 'SANDBOX' }, EndpointUrlMissing('http')],
    [{ endpointConfig: { production_endpoints: { url: 'nowhere' } } }, ApiEndpointUrlInvalid()],
    [
      { endpointConfig: { ...CONFIG, endpoint_security: { production: { type: 'BASIC' } } } },
      EndpointCredentialMissing('username of the production endpoint is missing'),
    ],
  ])('is refused with %j', async (change, refusal) => {
    const { id } = await added();

    expect(await add(change)).toFailWith(refusal);
    expect(await on(`PUT ${ONE}`, id, { body: { ...ONE_ENDPOINT, ...change } })).toFailWith(refusal);
  });

  it('is refused without a name, with other properties, and as no object', async () => {
    const { name: _, ...nameless } = ONE_ENDPOINT;

    expect(await on(`POST ${ALL}`, '', { body: nameless })).toFailWith({ status: 400, code: 400 });
    expect(await add({ other: 1 })).toFailWith({ status: 400, code: 400 });
    expect(await add({ name: 'a\0b' })).toFailWith({ status: 400, code: 400 });
    expect(await on(`POST ${ALL}`, '', { body: [] })).toFailWith({ status: 400, code: 400 });
  });

  it.each([randomUUID(), 'no-uuid'])('is unknown as %s', async (id) => {
    expect(await on(`GET ${ONE}`, id)).toFailWith(ApiEndpointNotFound(id));
    expect(await on(`PUT ${ONE}`, id, { body: ONE_ENDPOINT })).toFailWith(ApiEndpointNotFound(id));
    expect(await on(`DELETE ${ONE}`, id)).toFailWith(ApiEndpointNotFound(id));
  });
});

describe('the endpoints of endpointConfig', () => {
  it('come first in the list', async () => {
    for (const name of ['C', 'B']) await added({ name });

    const { count, list: all, pagination } = await list();

    expect(count).toBe(4);
    expect(pagination.total).toBe(4);
    expect(all.map(({ name }) => name)).toEqual(['Default Production Endpoint', 'Default Sandbox Endpoint', 'B', 'C']);
    expect((await list({ query: { limit: 2, offset: 1 } })).list.map(({ name }) => name)).toEqual(['Default Sandbox Endpoint', 'B']);
    expect((await list({ query: { limit: 2, offset: 3 } })).list.map(({ name }) => name)).toEqual(['C']);
    expect((await list({ query: { limit: 1 } })).list).toHaveLength(1);
  });

  it('can be read, and not changed', async () => {
    expect((await on(`GET ${ONE}`, DEFAULT)).body).toEqual({
      id: DEFAULT,
      name: 'Default Production Endpoint',
      deploymentStage: 'PRODUCTION',
      endpointConfig: { endpoint_type: 'http', production_endpoints: { url: 'https://default.example.com' } },
      apiDefinition: null,
    });
    expect(await on(`PUT ${ONE}`, DEFAULT, { body: ONE_ENDPOINT })).toFailWith(ApiEndpointReadOnly(DEFAULT));
    expect(await on(`DELETE ${ONE}`, DEFAULT)).toFailWith(ApiEndpointReadOnly(DEFAULT));
  });

  it('are not there without one', async () => {
    expected(await putApi({ endpointConfig: null }), 200);

    expect(await on(`GET ${ONE}`, DEFAULT)).toFailWith(ApiEndpointNotFound(DEFAULT));
    expect((await list()).count).toBe(0);
  });
});

describe('the primary endpoint of an AI API', () => {
  beforeEach(async () => {
    ({ id: apiId } = await given.api({ by: admin, with: AI }));
  });

  it('is one of its endpoints, of the right stage', async () => {
    const { id } = await added();

    expect(await putApi({ primaryProductionEndpointId: id, primarySandboxEndpointId: 'default_sandbox_endpoint' })).toMatchObject({
      status: 200,
      body: { primaryProductionEndpointId: id, primarySandboxEndpointId: 'default_sandbox_endpoint' },
    });
    expect(await putApi({ primarySandboxEndpointId: id })).toFailWith(PrimaryEndpointUnknown(id));
    expect(await putApi({ primaryProductionEndpointId: 'unknown' })).toFailWith(PrimaryEndpointUnknown('unknown'));
  });

  it('cannot be deleted while it is that', async () => {
    const { id } = await added();
    expected(await putApi({ primaryProductionEndpointId: id }), 200);

    expect(await on(`DELETE ${ONE}`, id)).toFailWith(PrimaryEndpointKept(id));
    expected(await putApi({ primaryProductionEndpointId: null }), 200);
    expect((await on(`DELETE ${ONE}`, id)).status).toBe(200);
  });
});

it('has no primary endpoint when it is no AI API', async () => {
  const { id } = await added();

  expect(await putApi({ primaryProductionEndpointId: id })).toMatchObject({ status: 200, body: { primaryProductionEndpointId: null } });
});

it('go along into a new version under their ids, with their secrets', async () => {
  const { id } = await added();

  const copy = await admin.publisher<{ id: string }>('POST /apis/copy-api', { query: { apiId, newVersion: '2.0.0' } });

  const path = { apiId: expected(copy, 201).id };
  expect((await on(`DELETE ${ONE}`, id)).status).toBe(200);
  expect((await on(`GET ${ONE}`, id, { path })).body).toMatchObject({ id, name: 'One' });
});

it('are what they were when a revision is restored', async () => {
  const kept = await added();
  const revision = expected(await admin.publisher<{ id: string }>('POST /apis/{apiId}/revisions', { path: { apiId }, body: {} }), 201);
  expect((await on(`DELETE ${ONE}`, kept.id)).status).toBe(200);
  await added({ name: 'Later' });

  expected(await admin.publisher('POST /apis/{apiId}/restore-revision', { path: { apiId }, query: { revisionId: revision.id } }), 201);

  expect((await list()).list.slice(2)).toEqual([kept]);
});

it('cannot be changed without publish rights once the API is published', async () => {
  const published = await given.publishedApi({ by: admin });
  apiId = published.id;
  const creator = (await given.user({ roles: ['Internal/creator'], by: admin })).withScopes('apim:api_create');

  expect(await add({}, creator)).toFailWith(LiveApiNeedsPublisher('PUBLISHED'));
});

it('are hidden from other tenants, and not for every scope', async () => {
  const { admin: stranger } = await given.organization();
  const { id } = await added();
  const viewer = admin.withScopes('apim:api_view');

  expect(await on(`GET ${ONE}`, id, { by: stranger })).toFailWith(ApiNotFound(apiId));
  expect(await on(`GET ${ALL}`, '', { by: stranger })).toFailWith(ApiNotFound(apiId));
  expect(await on(`PUT ${ONE}`, id, { by: stranger, body: ONE_ENDPOINT })).toFailWith(ApiNotFound(apiId));
  expect(await on(`DELETE ${ONE}`, id, { by: stranger })).toFailWith(ApiNotFound(apiId));
  expect(await add({}, stranger)).toFailWith(ApiNotFound(apiId));
  expect((await on(`GET ${ONE}`, id, { by: viewer })).status).toBe(200);
  expect(await add({}, viewer)).toFailWith(Unauthenticated());
  expect(await on(`PUT ${ONE}`, id, { by: viewer, body: ONE_ENDPOINT })).toFailWith(Unauthenticated());
  expect(await on(`DELETE ${ONE}`, id, { by: viewer })).toFailWith(Unauthenticated());
  const nobody = admin.withScopes('apim:subscription_view');
  for (const operation of [`GET ${ALL}`, `GET ${ONE}`]) expect(await on(operation, id, { by: nobody })).toFailWith(Unauthenticated());
});
