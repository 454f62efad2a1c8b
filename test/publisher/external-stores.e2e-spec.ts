import { Agent, request } from 'undici';
import { ExternalStoreNotFound, NotInDevportal } from '../../src/apis/external-stores/external-stores.problems.js';
import { NotFound, PreconditionFailed, Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import type { Backend } from '../support/backend.js';
import type { Body } from '../support/client.js';
import { type GivenApi, given, type Organization } from '../support/given.js';
import { server } from '../support/server.js';
import { configure } from '../support/tenant-config.js';

interface Published {
  readonly count: number;
  readonly list: readonly { readonly id: string; readonly lastUpdatedTime: string }[];
}

const agent = new Agent({ connect: { rejectUnauthorized: false } });
afterAll(() => agent.close());

/** The server under test behind a plain address: the other server. Requests that `refuses` names are answered as nothing there would. */
const otherServer = (refuses: (line: string) => boolean = () => false): Promise<Backend> =>
  given.backend(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer); // a request without an encoding gives bytes
    if (refuses(`${incoming.method} ${incoming.url}`)) return void response.writeHead(404).end();
    const { authorization = '', 'content-type': type } = incoming.headers;
    const answer = await request(server.management + incoming.url, {
      method: incoming.method as 'GET', // any method name works; the type lists a few
      dispatcher: agent,
      headers: { authorization, ...(type && { 'content-type': type }) },
      body: chunks.length > 0 ? Buffer.concat(chunks) : null,
    });
    response.writeHead(answer.statusCode, { 'content-type': 'application/json' }).end(Buffer.from(await answer.body.arrayBuffer()));
  });

const storeOf = ({ admin }: Organization, id: string, endpoint: string): Body => {
  const { username, password } = admin;
  return { id, displayName: `The ${id} store`, type: 'wso2', endpoint, username, password };
};

interface Installation {
  readonly admin: Actor;
  readonly api: GivenApi;
  /** The tenant of the other server that is the store `uk`. */
  readonly uk: Organization;
  readonly ukServer: Backend;
}

/** A published API of a tenant with the stores `uk` and, where asked for, others of other tenants. */
const installation = async ({
  others = [],
  refuses,
}: {
  readonly others?: readonly Body[];
  readonly refuses?: (line: string) => boolean;
} = {}): Promise<Installation> => {
  const [{ admin }, uk, ukServer] = await Promise.all([given.organization(), given.organization(), otherServer(refuses)]);
  await configure(admin, { ExternalStores: [storeOf(uk, 'uk', ukServer.url), ...others] });
  const api = await given.publishedApi({ by: admin, with: { description: 'All pets', tags: ['pets'] } });
  return { admin, api, uk, ukServer };
};

const publish = (by: Actor, { id: apiId }: Pick<GivenApi, 'id'>, ids?: string, headers: Record<string, string> = {}) =>
  by.publisher<Published>('POST /apis/{apiId}/publish-to-external-stores', { path: { apiId }, query: { externalStoreIds: ids }, headers });
const publishedTo = (by: Actor, { id: apiId }: Pick<GivenApi, 'id'>) =>
  by.publisher<Published>('GET /apis/{apiId}/external-stores', { path: { apiId } });
const idsIn = ({ list }: Published) => list.map(({ id }) => id);

/** The APIs of this name that the store offers. */
const offered = async ({ admin }: Organization, { name }: GivenApi): Promise<readonly Body[]> => {
  const found = expected(await admin.publisher<{ list: readonly { id: string; name: string }[] }>('GET /apis'), 200);
  const ids = found.list.filter((api) => api.name === name).map(({ id }) => id);
  return Promise.all(ids.map(async (apiId) => expected(await admin.publisher('GET /apis/{apiId}', { path: { apiId } }), 200)));
};

it('lists the stores of the tenant, without their accounts', async () => {
  const { admin, ukServer } = await installation();

  const stores = await admin.publisher('GET /external-stores');

  expect(stores).toMatchObject({ status: 200 });
  expect(stores.body).toEqual([{ id: 'uk', displayName: 'The uk store', type: 'wso2', endpoint: ukServer.url }]);
  expect((await given.superAdmin.publisher('GET /external-stores')).body).toEqual([]);
});

it('tells in the settings whether there are any', async () => {
  const { admin } = await given.organization();
  expect((await admin.publisher('GET /settings')).body).toMatchObject({ externalStoresEnabled: false });

  await configure(admin, { ExternalStores: [storeOf({ admin, domain: '' }, 'uk', 'https://uk.example.com')] });

  expect((await admin.publisher('GET /settings')).body).toMatchObject({ externalStoresEnabled: true });
});

it('has another server advertise an API, with a link back', async () => {
  const { admin, api, uk } = await installation();

  const published = expected(await publish(admin, api, 'uk'), 200);

  expect(published).toEqual({ count: 1, list: [{ id: 'uk', lastUpdatedTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+$/) }] });
  expect((await publishedTo(admin, api)).body).toEqual(published);
  const [there, ...more] = await offered(uk, api);
  expect(more).toEqual([]);
  expect(there).toMatchObject({
    name: api.name,
    version: api.version,
    description: 'All pets',
    tags: ['pets'],
    lifeCycleStatus: 'PUBLISHED',
    advertiseInfo: {
      advertised: true,
      apiExternalProductionEndpoint: server.gatewayTls + api.url,
      originalDevPortalUrl: `${server.management}/devportal/apis/${api.id}/overview?tenant=${admin.organization}`,
      apiOwner: admin.username,
    },
  });
});

it('has a streaming API advertised as one', async () => {
  const { admin, uk } = await installation();
  const operations = [{ target: '/*', verb: 'SUBSCRIBE' }];
  const api = await given.api({ by: admin, policies: ['AsyncUnlimited'], backend: 'ws://127.0.0.1:9', with: { type: 'WS', operations } });
  expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: api.id, action: 'Publish' } }), 200);

  expected(await publish(admin, api, 'uk'), 200);

  expect(await offered(uk, api)).toMatchObject([{ type: 'ASYNC', lifeCycleStatus: 'PUBLISHED', policies: ['AsyncUnlimited'], operations }]);
});

it('tells the store again what has changed since', async () => {
  const { admin, api, uk } = await installation();
  const first = expected(await publish(admin, api, 'uk'), 200);
  const path = { apiId: api.id };
  const current = expected(await admin.publisher('GET /apis/{apiId}', { path }), 200);
  expected(await admin.publisher('PUT /apis/{apiId}', { path, body: { ...current, description: 'Cats only' } }), 200);

  const again = expected(await publish(admin, api, 'uk'), 200);

  expect(await offered(uk, api)).toMatchObject([{ description: 'Cats only', lifeCycleStatus: 'PUBLISHED' }]);
  expect(Date.parse(again.list[0]?.lastUpdatedTime ?? '')).toBeGreaterThan(Date.parse(first.list[0]?.lastUpdatedTime ?? ''));
});

it('makes the API anew where the store has lost it', async () => {
  const { admin, api, uk } = await installation();
  expected(await publish(admin, api, 'uk'), 200);
  const [lost] = await offered(uk, api);
  expected(await uk.admin.publisher('DELETE /apis/{apiId}', { path: { apiId: String(lost?.['id']) } }), 200);

  expected(await publish(admin, api, 'uk'), 200);

  expect(await offered(uk, api)).toMatchObject([{ lifeCycleStatus: 'PUBLISHED' }]);
});

it('takes the API out of the stores that are not named any more', async () => {
  const [us, usServer] = await Promise.all([given.organization(), otherServer()]);
  const { admin, api, uk } = await installation({ others: [storeOf(us, 'us', usServer.url)] });
  expect(idsIn(expected(await publish(admin, api, 'us, uk'), 200))).toEqual(['uk', 'us']);

  expect(idsIn(expected(await publish(admin, api, 'us'), 200))).toEqual(['us']);
  expect(await offered(uk, api)).toEqual([]);

  expect(expected(await publish(admin, api), 200)).toEqual({ count: 0, list: [] });
  expect(await offered(us, api)).toEqual([]);
});

it('reports the store that fails and records the others', async () => {
  const usServer = await otherServer(() => true);
  const us = await given.organization();
  const { admin, api, uk } = await installation({ others: [storeOf(us, 'us', usServer.url)] });

  const answer = await publish(admin, api, 'uk,us');

  expect(answer).toMatchObject({
    status: 400,
    body: { description: 'Error while publishing to external stores. us: It answered 404.' },
  });
  expect(idsIn(expected(await publishedTo(admin, api), 200))).toEqual(['uk']);
  expect(await offered(uk, api)).toHaveLength(1);
});

it('keeps in mind what a store that is out may still offer', async () => {
  let isOut = false;
  const { admin, api, uk } = await installation({ refuses: () => isOut });
  expected(await publish(admin, api, 'uk'), 200);
  isOut = true;

  expect((await publish(admin, api)).status).toBe(400);

  expect(idsIn(expected(await publishedTo(admin, api), 200))).toEqual(['uk']);
  expect(await offered(uk, api)).toHaveLength(1);
});

it('takes up what a failed attempt left at the store', async () => {
  let isOut = true;
  const { admin, api, uk } = await installation({ refuses: (line) => isOut && line.includes('change-lifecycle') });
  expect((await publish(admin, api, 'uk')).status).toBe(400);
  expect(expected(await publishedTo(admin, api), 200).count).toBe(0);
  expect(await offered(uk, api)).toMatchObject([{ lifeCycleStatus: 'CREATED' }]);
  isOut = false;

  expected(await publish(admin, api, 'uk'), 200);

  expect(await offered(uk, api)).toMatchObject([{ lifeCycleStatus: 'PUBLISHED' }]);
});

it("leaves the store's own API of that name alone", async () => {
  const { admin, api, uk } = await installation();
  const { name, version } = api;
  await given.api({ by: uk.admin, with: { name, version, description: 'Theirs' } });

  const answer = await publish(admin, api, 'uk');

  expect(answer.status).toBe(400);
  expect(JSON.stringify(answer.body)).toContain('uk: It answered 409');
  expect(await offered(uk, api)).toMatchObject([{ description: 'Theirs', advertiseInfo: { advertised: false } }]);
});

it('says when a store cannot be reached', async () => {
  const { admin, domain } = await given.organization();
  await configure(admin, { ExternalStores: [storeOf({ admin, domain }, 'uk', 'http://127.0.0.1:1')] });
  const api = await given.publishedApi({ by: admin });

  expect(await publish(admin, api, 'uk')).toMatchObject({
    status: 400,
    body: { description: 'Error while publishing to external stores. uk: It cannot be reached.' },
  });
});

it.each(['elsewhere', 'uk,elsewhere', 'u\0k'])('knows no store %j and asks nobody', async (ids) => {
  const { admin, api, ukServer } = await installation();

  expect(await publish(admin, api, ids)).toFailWith(ExternalStoreNotFound());
  expect(ukServer.requests).toEqual([]);
});

it('offers nothing that the developer portal does not show', async () => {
  const { admin } = await installation();
  const api = await given.api({ by: admin });

  expect(await publish(admin, api, 'uk')).toFailWith(NotInDevportal());
});

it('refuses a parameter that is given twice', async () => {
  const { admin, api } = await installation();
  const path = { apiId: api.id };

  const answer = await admin.publisher('POST /apis/{apiId}/publish-to-external-stores', {
    path,
    query: { externalStoreIds: ['uk', 'us'] },
  });

  expect(answer.status).toBe(400);
});

it('publishes only over the list that was read', async () => {
  const { admin, api } = await installation();
  const { headers } = await publishedTo(admin, api);
  expected(await publish(admin, api, 'uk', { 'if-match': headers['etag'] ?? '' }), 200);

  expect(await publish(admin, api, '', { 'if-match': headers['etag'] ?? '' })).toFailWith(
    PreconditionFailed('The resource was changed meanwhile. Read it again and repeat the change.'),
  );
  expect(idsIn(expected(await publishedTo(admin, api), 200))).toEqual(['uk']);
});

it('needs the scopes', async () => {
  const { admin, api } = await installation();
  const [viewer, publisher] = [admin.withScopes('apim:api_view'), admin.withScopes('apim:api_publish')];

  expect(await publish(viewer, api, 'uk')).toFailWith(Unauthenticated());
  expect(await publishedTo(publisher, api)).toFailWith(Unauthenticated());
  expect(await publisher.publisher('GET /external-stores')).toFailWith(Unauthenticated());
});

it.each(['not-a-uuid', '00000000-0000-0000-0000-000000000000'])('knows no API %s', async (id) => {
  const { admin } = await given.organization();

  expect(await publishedTo(admin, { id })).toFailWith(NotFound('API')(id));
  expect(await publish(admin, { id }, 'uk')).toFailWith(NotFound('API')(id));
});

it("hides other tenants' APIs", async () => {
  const { api, uk } = await installation();

  expect(await publishedTo(uk.admin, api)).toFailWith(NotFound('API')(api.id));
  expect(await publish(uk.admin, api)).toFailWith(NotFound('API')(api.id));
});
