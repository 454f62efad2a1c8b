import { randomUUID } from 'node:crypto';
import { ApiNotFound } from '../../src/apis/apis.problems.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import { type Credential, NOBODY } from '../support/client.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';
import { unique } from '../support/unique.js';

interface Info {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly throttlingPolicies: readonly string[];
  readonly monetizationLabel: string | null;
}
interface List {
  readonly count: number;
  readonly list: readonly Info[];
  readonly pagination: { readonly total: number; readonly next: string };
}

const publish = async (by: Actor, apiId: string): Promise<void> => {
  expected(await by.publisher('POST /apis/change-lifecycle', { query: { apiId, action: 'Publish' } }), 200);
};

/** Published, and on no gateway. */
const listedApi = async (by: Actor, properties: Readonly<Record<string, unknown>> = {}) => {
  const api = await given.api({ by, with: properties });
  await publish(by, api.id);
  return api;
};

const list = async (by: Actor, query: Readonly<Record<string, string | number | readonly string[]>> = {}) =>
  expected(await by.devportal<List>('GET /apis', { query }), 200);

const ids = ({ list: apis }: List) => apis.map(({ id }) => id);

/** A guest of the tenant's portal. */
const asGuestOf = (domain: string): { readonly as: Credential; readonly headers: Readonly<Record<string, string>> } => ({
  as: NOBODY,
  headers: { 'x-wso2-tenant': domain },
});

describe('GET /apis', () => {
  it('shows a published API with all its fields', async () => {
    const { admin, domain } = await given.organization();
    const { id, name, context } = await listedApi(admin, {
      description: 'all about it',
      additionalProperties: [
        { name: 'shown', value: '1', display: true },
        { name: 'hidden', value: '2', display: false },
      ],
    });

    const { list: apis } = await list(admin);

    expect(apis).toMatchObject([
      {
        id,
        name,
        displayName: name,
        description: 'all about it',
        context,
        version: '1.0.0',
        type: 'HTTP',
        provider: `admin@${domain}`,
        lifeCycleStatus: 'PUBLISHED',
        thumbnailUri: null,
        avgRating: '0.0',
        throttlingPolicies: ['Unlimited'],
        advertiseInfo: { advertised: false },
        businessInformation: { businessOwner: null },
        isSubscriptionAvailable: true,
        monetizationLabel: 'FREE',
        additionalProperties: [{ name: 'shown', value: '1', display: true }],
        monetizedInfo: false,
        subtype: 'DEFAULT',
      },
    ]);
  });

  it('shows published and prototyped ones, and no others', async () => {
    const { admin } = await given.organization();
    const act = async (...actions: readonly string[]) => {
      const { id } = await given.api({ by: admin });
      for (const action of actions) expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: id, action } }), 200);
      return id;
    };
    const shown = [await act('Publish'), await act('Deploy as a Prototype')];
    await act();
    await act('Publish', 'Block');
    await act('Publish', 'Deprecate');
    await act('Publish', 'Deprecate', 'Retire');

    expect(ids(await list(admin)).sort()).toEqual(shown.sort());
  });

  it('shows every version, in order', async () => {
    const { admin } = await given.organization();
    const properties = given.apiProperties();
    const versions = ['1.9', '1.10', '1.2'];
    for (const version of versions) await listedApi(admin, { ...properties, version });

    expect((await list(admin)).list.map(({ version }) => version)).toEqual(['1.2', '1.9', '1.10']);
    expect((await list(admin, { query: `name:${properties.name}` })).list.map(({ version }) => version)).toEqual(['1.2', '1.9', '1.10']);
    expect((await list(admin, { query: [`name:${properties.name}`, 'name:x'] })).list).toHaveLength(3);
  });

  it('gives a page', async () => {
    const { admin } = await given.organization();
    for (const name of ['Aaa', 'Bbb', 'Ccc']) await listedApi(admin, { name });

    const page = await list(admin, { limit: 1, offset: 1 });

    expect(page).toMatchObject({ count: 1, list: [{ name: 'Bbb' }], pagination: { total: 3, next: '/apis?limit=1&offset=2' } });
    expect((await list(admin, { offset: 9 })).list).toEqual([]);
  });

  it.each([
    ['Aaa', ['Aaa']],
    ['name:"aaa"', ['Aaa']],
    ['tag:fish', ['Bbb']],
    ['tags:FISH name:a', []],
    ['name:aaa name:bbb', ['Aaa', 'Bbb']],
    ['description:wet', ['Bbb']],
    ['shown:one', ['Bbb']],
    ['hidden:two', []],
    ['status:published', []],
    ['context:/nowhere', []],
    ["x' OR '1'='1", []],
    ['%', []],
  ])('finds by %p: %j', async (query, names) => {
    const { admin } = await given.organization();
    await listedApi(admin, { name: 'Aaa', description: 'dry' });
    await listedApi(admin, {
      name: 'Bbb',
      description: 'wet',
      tags: ['fish'],
      additionalProperties: [
        { name: 'shown', value: 'one', display: true },
        { name: 'hidden', value: 'two', display: false },
      ],
    });

    expect((await list(admin, { query })).list.map(({ name }) => name)).toEqual(names);
  });

  it.each(['-1', 'x', '1.5'])('refuses the limit %p', async (limit) => {
    expect(await given.superAdmin.devportal('GET /apis', { query: { limit } })).toFailWith({ status: 400, code: 400 });
  });
});

describe('plans', () => {
  const plan = async (by: Actor, further: Readonly<Record<string, unknown>>): Promise<string> => {
    const policyName = unique('Plan');
    const defaultLimit = { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'min', unitTime: 1, requestCount: 5 } };
    expected(await by.admin('POST /throttling/policies/subscription', { body: { policyName, defaultLimit, ...further } }), 201);
    return policyName;
  };

  it('say what an API costs, those apart that the viewer may not choose', async () => {
    const { admin } = await given.organization();
    const ann = await given.user({ roles: ['Internal/subscriber'], by: admin });
    const properties = { fixedPrice: '10', currencyType: 'USD', billingCycle: 'month' };
    const paid = await plan(admin, { billingPlan: 'COMMERCIAL', monetization: { monetizationPlan: 'FIXEDRATE', properties } });
    const closed = await plan(admin, { permissions: { permissionType: 'DENY', roles: ['Internal/subscriber'] } });
    await listedApi(admin, { name: 'Aaa', policies: [paid] });
    await listedApi(admin, { name: 'Bbb', policies: ['Unlimited', paid] });
    const { id: apiId } = await listedApi(admin, { name: 'Ccc', policies: [closed, paid] });
    const seen = async (by: Actor) =>
      (await list(by)).list.map(({ name, throttlingPolicies, monetizationLabel }) => [
        name,
        monetizationLabel,
        [...throttlingPolicies].sort(),
      ]);

    expect(await seen(admin)).toEqual([
      ['Aaa', 'PAID', [paid]],
      ['Bbb', 'FREEMIUM', [paid, 'Unlimited'].sort()],
      ['Ccc', 'FREEMIUM', [closed, paid].sort()],
    ]);
    expect((await seen(ann)).at(-1)).toEqual(['Ccc', 'PAID', [paid]]);
    expect(expected(await ann.devportal('GET /apis/{apiId}', { path: { apiId } }), 200)['tiers']).toEqual([
      { tierName: paid, tierPlan: 'COMMERCIAL', monetizationAttributes: { ...properties, pricePerRequest: '' } },
    ]);
  });
});

describe('visibility', () => {
  const three = async (admin: Actor) => ({
    open: (await listedApi(admin)).id,
    internal: (await listedApi(admin, { visibility: 'PRIVATE' })).id,
    restricted: (await listedApi(admin, { visibility: 'RESTRICTED', visibleRoles: ['Internal/creator'] })).id,
  });

  const seenBy = async (by: Actor, { open, internal, restricted }: Awaited<ReturnType<typeof three>>, options: object = {}) => {
    const listed = ids(expected(await by.devportal<List>('GET /apis', options), 200));
    const readable = [];
    for (const apiId of [open, internal, restricted]) {
      const { status } = await by.devportal('GET /apis/{apiId}', { path: { apiId }, ...options });
      if (status === 200) readable.push(apiId);
    }
    expect(readable.sort()).toEqual([...listed].sort());
    return listed.sort();
  };

  it('depends on who asks', async () => {
    const { admin, domain } = await given.organization();
    const apis = await three(admin);
    const all = Object.values(apis).sort();
    const stranger = (await given.organization()).admin;
    const as = async (...roles: readonly string[]) => seenBy(await given.user({ roles, by: admin }), apis);

    expect(await seenBy(admin, apis)).toEqual(all);
    expect(await as('Internal/subscriber')).toEqual([apis.open, apis.internal].sort());
    expect(await as('Internal/creator')).toEqual(all);
    expect(await as('Internal/publisher')).toEqual(all);
    expect(await seenBy(admin, apis, asGuestOf(domain))).toEqual([apis.open]);
    expect(await seenBy(stranger, apis, { headers: { 'x-wso2-tenant': domain } })).toEqual([apis.open]);
    expect(await seenBy(stranger, apis)).toEqual([]);
  });

  it('knows no unknown tenant', async () => {
    const answer = await given.superAdmin.devportal('GET /apis', asGuestOf('unknown.example.com'));

    expect(answer).toFailWith({ status: 400, code: 901300 });
  });
});

describe('GET /apis/{apiId}', () => {
  it('shows everything about an API', async () => {
    const { admin } = await given.organization();
    const api = await given.api({
      by: admin,
      policies: ['Gold', 'Unlimited'],
      with: {
        tags: ['fish'],
        isDefaultVersion: true,
        operations: [{ target: '/fish', verb: 'GET', scopes: ['read'] }],
        scopes: [{ scope: { name: 'read', displayName: 'Reading', description: 'reads', bindings: ['admin'] }, shared: false }],
      },
    });
    await given.deployment(api, admin);
    await publish(admin, api.id);

    const { status, body } = await admin.devportal('GET /apis/{apiId}', { path: { apiId: api.id } });

    const at = (port: number, scheme: string, path: string) => `${scheme}://localhost:${port + server.offset}${path}`;
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: api.id,
      context: api.context,
      lifeCycleStatus: 'PUBLISHED',
      isDefaultVersion: true,
      transport: ['http', 'https'],
      operations: [{ target: '/fish', verb: 'GET' }],
      authorizationHeader: 'Authorization',
      apiKeyHeader: 'ApiKey',
      securityScheme: expect.arrayContaining(['oauth2']),
      tags: ['fish'],
      tiers: [
        { tierName: 'Gold', tierPlan: 'FREE' },
        { tierName: 'Unlimited', tierPlan: 'FREE' },
      ],
      hasThumbnail: false,
      endpointURLs: [
        {
          environmentName: 'Default',
          environmentType: 'hybrid',
          URLs: { http: at(8280, 'http', api.url), https: at(8243, 'https', api.url), ws: null, wss: null },
          defaultVersionURLs: { http: at(8280, 'http', api.context), https: at(8243, 'https', api.context), ws: null, wss: null },
        },
      ],
      environmentList: ['Default'],
      scopes: [{ key: 'read', name: 'Reading', roles: ['admin'], description: 'reads' }],
      keyManagers: ['all'],
      subscriptions: 0,
      isSubscriptionAvailable: true,
      monetization: { enabled: false },
    });
    expect(JSON.parse(String(body['apiDefinition']))).toMatchObject({ servers: [{ url: at(8243, 'https', api.url) }] });
  });

  it('shows the addresses in each environment, with the keys that it takes', async () => {
    const { admin } = await given.organization();
    const name = unique('Env');
    const vhosts = [{ host: 'gw.example.com', httpContext: 'apis', httpPort: 80, httpsPort: 8444, wsPort: 9099, wssPort: 8099 }];
    expected(await admin.admin('POST /environments', { body: { name, displayName: 'Try it', type: 'sandbox', vhosts } }), 201);
    const api = await given.api({ by: admin, with: { transport: ['https'] } });
    const revisionId = await given.deployment(api, admin);
    const body = [{ name, vhost: 'gw.example.com', displayOnDevportal: true }];
    const path = { apiId: api.id };
    expected(await admin.publisher('POST /apis/{apiId}/deploy-revision', { path, query: { revisionId }, body }), 201);
    await publish(admin, api.id);

    const { endpointURLs, environmentList } = expected(await admin.devportal('GET /apis/{apiId}', { path }), 200);

    expect(environmentList).toHaveLength(2);
    expect(environmentList).toEqual(expect.arrayContaining(['Default', name]));
    expect(endpointURLs).toContainEqual({
      ...{ environmentName: name, environmentDisplayName: 'Try it', environmentType: 'sandbox' },
      URLs: { http: null, https: `https://gw.example.com:8444/apis${api.url}`, ws: null, wss: null },
      defaultVersionURLs: { http: null, https: null, ws: null, wss: null },
    });
  });

  it('shows no environment that is hidden from the portal', async () => {
    const { admin } = await given.organization();
    const api = await given.api({ by: admin });
    await given.deployment(api, admin);
    await publish(admin, api.id);
    const path = { apiId: api.id, deploymentId: Buffer.from('Default').toString('base64') };
    const body = { vhost: 'localhost', displayOnDevportal: false };
    expected(await admin.publisher('PUT /apis/{apiId}/deployments/{deploymentId}', { path, body }), 200);

    const answer = await admin.devportal('GET /apis/{apiId}', { path });

    expect(answer.body).toMatchObject({ endpointURLs: [], environmentList: [] });
  });
});

describe('GET /apis/{apiId}/swagger', () => {
  const definition = {
    openapi: '3.0.1',
    info: { title: 'Fish', version: '1.0.0' },
    servers: [{ url: 'http://backend.example.com' }],
    paths: { '/fish': { get: { responses: { 200: { description: 'OK' } } } } },
  };
  const swagger = (by: Actor, apiId: string, query: Readonly<Record<string, string>> = {}) =>
    by.devportal<Record<string, unknown>>('GET /apis/{apiId}/swagger', { path: { apiId }, query });

  it('leads to the gateway and hides what is the publisher’s', async () => {
    const { admin } = await given.organization();
    const api = await given.publishedApi({ by: admin, definition });

    const { status, headers, body } = await swagger(admin, api.id, { environmentName: 'Default' });

    expect(status).toBe(200);
    expect(headers['content-type']).toMatch('application/json');
    expect(body).toMatchObject({
      servers: [{ url: `https://localhost:${8243 + server.offset}${api.url}` }],
      components: { securitySchemes: { default: { type: 'oauth2' } } },
      paths: { '/fish': { get: { 'x-auth-type': 'Application & Application User' } } },
    });
    expect(JSON.stringify(body)).not.toMatch(/x-wso2-(?!api-key-header)|127\.0\.0\.1|backend/);
  });

  it('names no server while the API is nowhere', async () => {
    const { admin } = await given.organization();
    const { id } = await listedApi(admin);

    expect((await swagger(admin, id)).body['servers']).toEqual([]);
    expect(await swagger(admin, id, { environmentName: 'Default' })).toFailWith({ status: 404, code: 404 });
  });
});

it('answers 204 for the picture of an API without one', async () => {
  const { admin } = await given.organization();
  const { id } = await listedApi(admin);

  expect(await admin.devportal('GET /apis/{apiId}/thumbnail', { path: { apiId: id } })).toMatchObject({ status: 204, body: undefined });
});

describe.each(['GET /apis/{apiId}', 'GET /apis/{apiId}/swagger', 'GET /apis/{apiId}/thumbnail'])('%s', (operation) => {
  it('is open to guests', async () => {
    const { admin, domain } = await given.organization();
    const { id } = await listedApi(admin);

    const { status } = await admin.devportal(operation, { path: { apiId: id }, ...asGuestOf(domain) });

    expect([200, 204]).toContain(status);
  });

  it('does not find what is unknown, hidden or another tenant’s', async () => {
    const { admin } = await given.organization();
    const { id } = await listedApi(admin);
    const restricted = await listedApi(admin, { visibility: 'RESTRICTED', visibleRoles: ['admin'] });
    const subscriber = await given.user({ roles: ['Internal/subscriber'], by: admin });
    const stranger = (await given.organization()).admin;
    const unknown = randomUUID();

    expect(await admin.devportal(operation, { path: { apiId: unknown } })).toFailWith(ApiNotFound(unknown));
    expect(await admin.devportal(operation, { path: { apiId: 'no-uuid' } })).toFailWith(ApiNotFound('no-uuid'));
    expect(await subscriber.devportal(operation, { path: { apiId: restricted.id } })).toFailWith(ApiNotFound(restricted.id));
    expect(await stranger.devportal(operation, { path: { apiId: id } })).toFailWith(ApiNotFound(id));
  });

  it('refuses one that is not published', async () => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin });

    expect(await admin.devportal(operation, { path: { apiId: id } })).toFailWith({ status: 403, code: 403 });
  });

  it('refuses a token that is none', async () => {
    const answer = await given.superAdmin.devportal(operation, { path: { apiId: randomUUID() }, as: { bearer: 'nonsense' } });

    expect(answer).toFailWith(Unauthenticated());
  });
});
