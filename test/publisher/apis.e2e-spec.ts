import { randomUUID } from 'node:crypto';
import { ApiExists, ApiNotFound, InvalidRoles, NoOperations } from '../../src/apis/apis.problems.js';
import { Conflict, PreconditionFailed, Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';

type Api = Body & { readonly id: string; readonly name: string };

const get = async (by: Actor, apiId: string): Promise<Api> =>
  expected(await by.publisher<Api>('GET /apis/{apiId}', { path: { apiId } }), 200);
const put = (by: Actor, api: Api, change: Body = {}) =>
  by.publisher<Api>('PUT /apis/{apiId}', { path: { apiId: api.id }, body: { ...api, ...change } });
const made = async (by: Actor, properties: Body = {}): Promise<Api> => get(by, (await given.api({ by, with: properties })).id);

let admin: Actor;
beforeAll(async () => {
  ({ admin } = await given.organization());
});

describe('creating', () => {
  it('fills in every default', async () => {
    const answer = await admin.publisher<Api>('POST /apis', { body: { name: '  Pizza   Shack ', context: 'pizza', version: '1.0' } });

    expect(answer.status).toBe(201);
    expect(answer.headers['location']).toBe(`/apis/${answer.body.id}`);
    expect(answer.body).toMatchObject({
      name: 'Pizza Shack',
      displayName: 'Pizza Shack',
      context: `/t/${admin.organization}/pizza`,
      version: '1.0',
      provider: admin.username,
      type: 'HTTP',
      lifeCycleStatus: 'CREATED',
      transport: ['http', 'https'],
      securityScheme: ['oauth_basic_auth_api_key_mandatory', 'oauth2'],
      visibility: 'PUBLIC',
      visibleRoles: [],
      visibleOrganizations: ['none'],
      accessControl: 'NONE',
      accessControlRoles: [],
      subscriptionAvailability: 'CURRENT_TENANT',
      keyManagers: ['all'],
      authorizationHeader: 'Authorization',
      apiKeyHeader: 'ApiKey',
      cacheTimeout: 300,
      audiences: ['all'],
      endpointConfig: null,
      endpointImplementationType: 'ENDPOINT',
      enableSchemaValidation: false,
      responseCachingEnabled: false,
      gatewayType: 'wso2/synapse',
      gatewayVendor: 'wso2',
      policies: [],
      tags: [],
      categories: [],
      additionalProperties: [],
      additionalPropertiesMap: {},
      isDefaultVersion: false,
      apiThrottlingPolicy: null,
      corsConfiguration: { corsConfigurationEnabled: false, accessControlAllowOrigins: ['*'], accessControlAllowCredentials: false },
      websubSubscriptionConfiguration: { enable: false, secret: '', signingAlgorithm: 'SHA1', signatureHeader: 'x-hub-signature' },
      advertiseInfo: { advertised: false, apiOwner: admin.username, vendor: 'WSO2' },
    });
    expect(answer.body['operations']).toEqual(
      ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'].map((verb) =>
        expect.objectContaining({
          target: '/*',
          verb,
          authType: 'Application & Application User',
          throttlingPolicy: 'Unlimited',
          scopes: [],
        }),
      ),
    );
    expect(await get(admin, answer.body.id)).toEqual(answer.body);
  });

  it('keeps what was sent', async () => {
    const sent = {
      description: 'Pizza – “all of it”',
      tags: ['food', 'Pizza'],
      policies: ['Gold', 'Unlimited'],
      lifeCycleStatus: 'PROTOTYPED',
      visibility: 'RESTRICTED',
      visibleRoles: ['Internal/creator'],
      businessInformation: { businessOwner: 'Ann', businessOwnerEmail: 'ann@example.com' },
      additionalProperties: [
        { name: 'colour', value: 'red', display: true },
        { name: 'size', value: 'xl', display: false },
      ],
      securityScheme: ['api_key', 'nonsense'],
      scopes: [
        { scope: { name: 'order', displayName: 'Order', description: 'May order', bindings: ['Internal/subscriber'] }, shared: false },
      ],
      operations: [
        { target: '/menu', verb: 'get', authType: 'None', throttlingPolicy: 'Unlimited' },
        { target: '/order', verb: 'POST', scopes: ['order', 'unknown'] },
      ],
    };

    const api = await made(admin, sent);

    expect(api).toMatchObject({
      description: sent.description,
      tags: sent.tags,
      policies: sent.policies,
      lifeCycleStatus: 'PROTOTYPED',
      visibility: 'RESTRICTED',
      visibleRoles: ['internal/creator'],
      businessInformation: { ...sent.businessInformation, technicalOwner: null },
      additionalProperties: sent.additionalProperties,
      additionalPropertiesMap: {
        colour__display: { name: 'colour__display', value: 'red', display: false },
        size: { name: 'size', value: 'xl', display: false },
      },
      securityScheme: ['api_key', 'oauth_basic_auth_api_key_mandatory'],
      scopes: [
        { scope: { name: 'order', displayName: 'Order', description: 'May order', bindings: ['Internal/subscriber'] }, shared: false },
      ],
      operations: [
        { target: '/menu', verb: 'GET', authType: 'None' },
        { target: '/order', verb: 'POST', scopes: ['order'] },
      ],
    });
  });

  it.each([
    ['v3', { openapi: '3.0.1' }],
    ['v2', { swagger: '2.0' }],
  ])('writes a definition of version %s', async (openAPIVersion, expectedVersion) => {
    const { id } = expected(await admin.publisher<Api>('POST /apis', { query: { openAPIVersion }, body: given.apiProperties() }), 201);

    const definition = await admin.publisher('GET /apis/{apiId}/swagger', { path: { apiId: id } });

    expect(definition.body).toMatchObject({ ...expectedVersion, info: { version: '1.0.0' }, paths: { '/*': { get: {}, patch: {} } } });
  });

  it('puts the API of the super tenant at its plain context', async () => {
    const api = await given.api();

    expect(api.context).toBe(`/${api.name.toLowerCase()}`);
  });

  it('lets an administrator name the provider, and nobody else', async () => {
    const bob = await given.user({ roles: ['Internal/creator'], by: admin });
    const ann = await given.user({ roles: ['Internal/creator'], by: admin });

    expect((await made(admin, { provider: ann.username }))['provider']).toBe(ann.username);
    expect((await made(bob, { provider: ann.username }))['provider']).toBe(bob.username);
  });
});

describe('updating', () => {
  it('answers the same object when it is sent back whole', async () => {
    const api = await made(admin, { additionalProperties: [{ name: 'colour', value: 'red', display: true }] });

    const answer = await put(admin, api);

    expect(answer.status).toBe(200);
    const { lastUpdatedTime, lastUpdatedTimestamp, ...same } = answer.body;
    expect(api).toMatchObject(same);
  });

  it('takes back visible tenants, which are shown in place of the roles', async () => {
    const visibleTenants = ['partner.example'];
    const { id } = await given.api({ by: admin, with: { visibility: 'RESTRICTED', visibleRoles: ['admin'], visibleTenants } });
    const path = { apiId: id };
    const { body } = await admin.publisher('GET /apis/{apiId}', { path });

    expect(expected(await admin.publisher('PUT /apis/{apiId}', { path, body }), 200)).toMatchObject({ visibleRoles: visibleTenants });

    const change = { ...body, visibleTenants: [], visibleRoles: undefined };
    expect(await admin.publisher('PUT /apis/{apiId}', { path, body: change })).toFailWith(InvalidRoles);
    expect((await admin.publisher('GET /apis/{apiId}', { path })).body).toMatchObject({ visibility: 'RESTRICTED', visibleTenants });
  });

  it('ignores what may not change', async () => {
    const api = await made(admin);

    const answer = await put(admin, api, {
      name: 'Other',
      version: '9',
      context: '/other',
      provider: 'nobody',
      type: 'SOAP',
      lifeCycleStatus: 'PUBLISHED',
    });

    const { name, version, context, provider, type, lifeCycleStatus } = api as Record<string, unknown>;
    expect(answer).toMatchObject({ status: 200, body: { name, version, context, provider, type, lifeCycleStatus } });
  });

  it('brings the definition in step with the operations', async () => {
    const definition = {
      openapi: '3.0.1',
      info: { title: 'Pets', version: '1' },
      paths: {
        '/z': {
          get: { operationId: 'z', 'x-own': 1, responses: { 200: { description: 'OK' } } },
          put: { responses: { 200: { description: 'OK' } } },
        },
        '/a': { get: { responses: { 200: { description: 'OK' } } } },
      },
      'x-last': true,
    };
    const api = await get(admin, (await given.api({ by: admin, definition })).id);

    const operations = [
      { target: '/z', verb: 'GET', authType: 'None' },
      { target: '/new/{id}', verb: 'POST' },
    ];
    expected(await put(admin, api, { operations }), 200);

    const { body } = await admin.publisher<{ paths: Record<string, Record<string, Body>> }>('GET /apis/{apiId}/swagger', {
      path: { apiId: api.id },
    });
    expect(Object.keys(body.paths)).toEqual(['/z', '/new/{id}']);
    expect(Object.keys(body.paths['/z'] ?? {})).toEqual(['get']);
    expect(body.paths['/z']?.['get']).toMatchObject({ operationId: 'z', 'x-own': 1, 'x-auth-type': 'None' });
    expect(body).toMatchObject({ info: { title: 'Pets' }, 'x-last': true });
  });

  it('refuses to leave an API without operations', async () => {
    expect(await put(admin, await made(admin), { operations: [] })).toFailWith(NoOperations());
  });

  it('gives a published API without plans the hidden one', async () => {
    const api = await made(admin);
    expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: api.id, action: 'Publish' } }), 200);

    expect((await put(admin, api, { policies: [] })).body['policies']).toEqual(['DefaultSubscriptionless']);
    expect((await put(admin, api, { policies: ['DefaultSubscriptionless', 'Gold'] })).body['policies']).toEqual(['Gold']);
  });

  it('has one default version of a name', async () => {
    const first = await made(admin, { isDefaultVersion: true });
    const second = await made(admin, { name: first.name, context: '/other', version: '2.0.0', isDefaultVersion: true });
    expect([(await get(admin, first.id))['isDefaultVersion'], second['isDefaultVersion']]).toEqual([false, true]);

    expected(await put(admin, first, { isDefaultVersion: true }), 200);

    expect([(await get(admin, first.id))['isDefaultVersion'], (await get(admin, second.id))['isDefaultVersion']]).toEqual([true, false]);
  });

  it('has one default version even when all versions become it at once', async () => {
    const first = await made(admin);
    const others = await Promise.all(
      ['2', '3'].map((version) => made(admin, { name: first.name, context: `/v${first.id}${version}`, version })),
    );
    const versions = [first, ...others];

    const answers = await Promise.all(versions.map((api) => put(admin, api, { isDefaultVersion: true })));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const defaults = await Promise.all(versions.map(async ({ id }) => (await get(admin, id))['isDefaultVersion']));
    expect(defaults.filter((isDefault) => isDefault)).toHaveLength(1);
  });

  it('lets a crowd of writers take their turns', async () => {
    const api = await made(admin);
    const tags = Array.from({ length: 40 }, (_, index) => `tag${index}`);

    const answers = await Promise.all(tags.map((tag) => put(admin, api, { tags: [tag] })));

    expect(answers.map(({ status }) => status)).toEqual(tags.map(() => 200));
  });

  it('loses no change when two are made at once', async () => {
    const api = await made(admin);

    const answers = await Promise.all(['a', 'b', 'c'].map((description) => put(admin, api, { description })));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(['a', 'b', 'c']).toContain((await get(admin, api.id))['description']);
  });

  it('honours If-Match', async () => {
    const api = await made(admin);
    const { headers } = await admin.publisher('GET /apis/{apiId}', { path: { apiId: api.id } });
    const send = (tag: string, description: string) =>
      admin.publisher('PUT /apis/{apiId}', { path: { apiId: api.id }, headers: { 'if-match': tag }, body: { ...api, description } });

    expect(await send('"other"', 'x')).toFailWith(PreconditionFailed);
    expect((await send(headers['etag'] ?? '', 'y')).status).toBe(200);
    expect(await send(headers['etag'] ?? '', 'z')).toFailWith(PreconditionFailed);
    expect((await get(admin, api.id))['description']).toBe('y');
  });

  it('keeps the secrets of the endpoints to itself', async () => {
    const security = { enabled: true, type: 'BASIC', username: 'ann', password: 'top secret' };
    const endpointConfig = {
      endpoint_type: 'http',
      production_endpoints: { url: 'http://127.0.0.1:9' },
      endpoint_security: { production: security },
    };

    const api = await made(admin, { endpointConfig });
    const again = expected(await put(admin, api), 200);

    for (const seen of [api, again]) {
      expect(seen['endpointConfig']).toEqual({ ...endpointConfig, endpoint_security: { production: { ...security, password: '' } } });
    }
    const definition = await admin.publisher('GET /apis/{apiId}/swagger', { path: { apiId: api.id } });
    expect(JSON.stringify(definition.body)).not.toMatch(/top secret|v1:/);
  });
});

describe('deleting', () => {
  it('takes the API away', async () => {
    const { id } = await given.api({ by: admin });

    const answer = await admin.publisher('DELETE /apis/{apiId}', { path: { apiId: id } });

    expect(answer).toMatchObject({ status: 200, body: undefined });
    expect(await admin.publisher('GET /apis/{apiId}', { path: { apiId: id } })).toFailWith(ApiNotFound(id));
    expect(await admin.publisher('DELETE /apis/{apiId}', { path: { apiId: id } })).toFailWith(ApiNotFound(id));
  });

  it('takes many APIs away at once, though they are more than there are connections to the database', async () => {
    const apis = await Promise.all(Array.from({ length: 30 }, () => given.api({ by: admin })));

    const answers = await Promise.all(apis.map(({ id }) => admin.publisher('DELETE /apis/{apiId}', { path: { apiId: id } })));

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('takes a deployed API off the gateway and frees its name', async () => {
    const api = await given.publishedApi({ by: admin });

    expected(await admin.publisher('DELETE /apis/{apiId}', { path: { apiId: api.id } }), 200);

    const gone = await eventually(
      () => gateway(`${api.url}/`),
      ({ status }) => status === 404,
    );
    expect(gone.status).toBe(404);
    const again = { ...given.apiProperties(), name: api.name, context: api.context };
    expect((await admin.publisher('POST /apis', { body: again })).status).toBe(201);
  });

  it('is refused while an application is subscribed', async () => {
    const api = await given.publishedApi({ by: admin });
    await given.subscription(api, await given.application(admin), { by: admin });

    const answer = await admin.publisher('DELETE /apis/{apiId}', { path: { apiId: api.id } });

    expect(answer).toFailWith(Conflict(`Cannot remove the API ${api.id} as active subscriptions exist`));
    expect((await get(admin, api.id)).id).toBe(api.id);
  });
});

describe('an API', () => {
  it.each(['GET', 'PUT', 'DELETE'])('is unknown to another tenant: %s', async (method) => {
    const { admin: stranger } = await given.organization();
    const api = await made(admin);

    const answer = await stranger.publisher(`${method} /apis/{apiId}`, { path: { apiId: api.id }, ...(method === 'PUT' && { body: api }) });

    expect(answer).toFailWith(ApiNotFound(api.id));
    expect((await get(admin, api.id)).id).toBe(api.id);
  });

  it.each([randomUUID(), 'no-uuid', '%00'])('with the id %s does not exist', async (apiId) => {
    expect(await admin.publisher('GET /apis/{apiId}', { path: { apiId } })).toFailWith({ status: 404, code: 404 });
  });

  it.each([
    'GET /apis',
    'POST /apis',
    'GET /apis/{apiId}',
    'PUT /apis/{apiId}',
    'DELETE /apis/{apiId}',
  ])('needs the right scope: %s', async (operation) => {
    const api = await made(admin);
    const body = /^P/.test(operation) ? { body: api } : {};

    const answer = await admin.withScopes('apim:subscribe').publisher(operation, { path: { apiId: api.id }, ...body });

    expect(answer).toFailWith(Unauthenticated());
  });

  it('that exists is not made twice, however many try', async () => {
    const body = given.apiProperties();

    const answers = await Promise.all([1, 2, 3, 4].map(() => admin.publisher('POST /apis', { body })));

    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 409)).toFailWith(ApiExists());
  });
});
