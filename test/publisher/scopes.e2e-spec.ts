import { ScopeNotFound } from '../../src/apis/apis.problems.js';
import {
  ScopeAttached,
  ScopeDisplayNameMissing,
  ScopeExists,
  ScopeNameMissing,
} from '../../src/apis/shared-scopes/shared-scopes.problems.js';
import { type Actor, expected, requestToken } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

interface Scope {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly bindings: readonly string[];
  readonly usageCount: number;
}

let admin: Actor;
beforeAll(async () => {
  ({ admin } = await given.organization());
});

const nobodysId = '00000000-0000-4000-8000-000000000000';
const encoded = (name: string) => Buffer.from(name).toString('base64url');
const content = (properties: Body = {}) => ({ name: unique('scope'), displayName: 'Orders', description: 'Reads orders', ...properties });

const sharedScope = async (properties: Body = {}, by = admin): Promise<Scope> =>
  expected(await by.publisher<Scope>('POST /scopes', { body: content(properties) }), 201);

/** What an API needs to ask for the scope at one of its two resources. */
const attaching = (name: string, properties: Body = {}) => ({
  scopes: [{ scope: { name, ...properties }, shared: true }],
  operations: [
    { target: '/orders', verb: 'GET', scopes: [name] },
    { target: '/open', verb: 'GET' },
  ],
});

const scopesOf = async (id: string): Promise<unknown> =>
  expected(await admin.publisher<{ scopes: unknown }>('GET /apis/{apiId}', { path: { apiId: id } }), 200).scopes;

describe('the collection', () => {
  it('adds a scope, shows it and lists it', async () => {
    const body = content({ bindings: ['Internal/creator'] });

    const answer = await admin.publisher<Scope>('POST /scopes', { body });
    const { id } = expected(answer, 201);

    expect(answer.headers['location']).toContain(`/scopes/${id}`);
    expect(answer.body).toEqual({ id, ...body, usageCount: 0 });
    expect((await admin.publisher('GET /scopes/{scopeId}', { path: { scopeId: id } })).body).toEqual(answer.body);
    const { admin: other } = await given.organization();
    const scopes = [
      await sharedScope({ name: 'b' }, other),
      await sharedScope({ name: 'a' }, other),
      await sharedScope({ name: 'c' }, other),
    ];
    const list = await other.publisher('GET /scopes', { query: { limit: 2 } });
    expect(list.body).toEqual({
      count: 2,
      list: [scopes[1], scopes[0]],
      pagination: { offset: 0, limit: 2, total: 3, next: '/scopes?limit=2&offset=2', previous: '' },
    });
  });

  it.each([
    ['nothing but blanks for a name', { name: '  ' }, ScopeNameMissing()],
    ['no display name', { displayName: undefined }, ScopeDisplayNameMissing()],
    ['a blank display name', { displayName: ' ' }, ScopeDisplayNameMissing()],
    ['a reserved prefix', { name: 'apim:orders' }, { status: 400, code: 901004 }],
    ['a blank in the name', { name: 'two words' }, { status: 400, code: 901004 }],
    ['a role nobody has', { bindings: ['nobody-has-it'] }, { status: 404, code: 903250 }],
    ['no name', { name: undefined }, { status: 400, code: 400, description: 'Validation Error' }],
    ['a name that is too long', { name: 'x'.repeat(256) }, { status: 400, code: 400, description: 'Validation Error' }],
    ['bindings that are no list', { bindings: 'admin' }, { status: 400, code: 400 }],
  ])('refuses %s and keeps nothing', async (_, properties, problem) => {
    const { total } = (await admin.publisher<{ pagination: { total: number } }>('GET /scopes')).body.pagination;

    const answer = await admin.publisher('POST /scopes', { body: content(properties) });

    expect(answer).toFailWith(problem);
    expect((await admin.publisher<{ pagination: { total: number } }>('GET /scopes')).body.pagination.total).toBe(total);
  });

  it('has each name once in a tenant, also when two are added at once, and again in another tenant', async () => {
    const { name } = await sharedScope();
    const once = content();

    const again = await admin.publisher('POST /scopes', { body: content({ name }) });
    const both = await Promise.all([1, 2].map(() => admin.publisher('POST /scopes', { body: once })));

    expect(again).toFailWith(ScopeExists(name));
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    const { admin: stranger } = await given.organization();
    expect((await stranger.publisher('POST /scopes', { body: content({ name }) })).status).toBe(201);
  });

  it('changes everything but the name, and honours If-Match', async () => {
    const scope = await sharedScope({ bindings: ['Internal/creator'] });
    const path = { scopeId: scope.id };
    const { headers } = await admin.publisher('GET /scopes/{scopeId}', { path });
    const body = { ...scope, name: unique('other'), displayName: 'All orders', description: '', bindings: [] };

    const changed = await admin.publisher('PUT /scopes/{scopeId}', { path, body, headers: { 'if-match': headers['etag'] ?? '' } });
    const late = await admin.publisher('PUT /scopes/{scopeId}', { path, body, headers: { 'if-match': headers['etag'] ?? '' } });
    const lateDelete = await admin.publisher('DELETE /scopes/{scopeId}', { path, headers: { 'if-match': headers['etag'] ?? '' } });

    expect(changed).toMatchObject({ status: 200, body: { ...body, name: scope.name, usageCount: 0 } });
    expect(late.status).toBe(412);
    expect(lateDelete.status).toBe(412);
    expect((await admin.publisher('PUT /scopes/{scopeId}', { path, body })).status).toBe(200);
    expect(await admin.publisher('PUT /scopes/{scopeId}', { path, body: { ...body, displayName: '' } })).toFailWith(
      ScopeDisplayNameMissing(),
    );
    expect((await admin.publisher('GET /scopes/{scopeId}', { path })).body).toEqual(changed.body);
  });

  it('forgets a deleted scope', async () => {
    const { id, name } = await sharedScope();
    const path = { scopeId: id };

    expect((await admin.publisher('DELETE /scopes/{scopeId}', { path })).status).toBe(200);

    expect(await admin.publisher('GET /scopes/{scopeId}', { path })).toFailWith(ScopeNotFound(id));
    expect(await admin.publisher('DELETE /scopes/{scopeId}', { path })).toFailWith(ScopeNotFound(id));
    expect((await sharedScope({ name })).name).toBe(name);
  });

  it('tells whether a name is taken, by a shared scope or by an API’s own', async () => {
    const { name } = await sharedScope();
    const local = unique('local');
    await given.api({ by: admin, with: { scopes: [{ scope: { name: local }, shared: false }] } });
    const status = async (text: string) => (await admin.publisher('HEAD /scopes/{scopeId}', { path: { scopeId: text } })).status;

    expect(await status(encoded(name))).toBe(200);
    expect(await status(encoded(local))).toBe(200);
    expect(await status(encoded(unique('free')))).toBe(404);
    expect(await status(encoded('a\0b'))).toBe(404);
    expect(await status('%25')).toBe(404);
  });

  it('knows nothing of unknown ids and of other tenants’ scopes', async () => {
    const { id, name } = await sharedScope();
    const { admin: stranger } = await given.organization();

    for (const scopeId of [id, nobodysId, 'no-uuid']) {
      const path = { scopeId };
      expect(await stranger.publisher('GET /scopes/{scopeId}', { path })).toFailWith(ScopeNotFound(scopeId));
      expect(await stranger.publisher('GET /scopes/{scopeId}/usage', { path })).toFailWith(ScopeNotFound(scopeId));
      expect(await stranger.publisher('PUT /scopes/{scopeId}', { path, body: content() })).toFailWith(ScopeNotFound(scopeId));
      expect(await stranger.publisher('DELETE /scopes/{scopeId}', { path })).toFailWith(ScopeNotFound(scopeId));
    }
    expect((await stranger.publisher('HEAD /scopes/{scopeId}', { path: { scopeId: encoded(name) } })).status).toBe(404);
    expect((await stranger.publisher('GET /scopes')).body).toMatchObject({ count: 0, list: [] });
  });

  it('is open to those with its scopes alone', async () => {
    const { id } = await sharedScope();
    const path = { scopeId: id };
    const creator = await given.user({ roles: ['Internal/creator'], by: admin });
    const stranger = admin.withScopes('apim:subscribe');

    expect((await creator.publisher('GET /scopes/{scopeId}', { path })).status).toBe(200);
    expect((await creator.publisher('POST /scopes', { body: content() })).status).toBe(401);
    expect((await creator.publisher('PUT /scopes/{scopeId}', { path, body: content() })).status).toBe(401);
    expect((await creator.publisher('DELETE /scopes/{scopeId}', { path })).status).toBe(401);
    expect((await stranger.publisher('GET /scopes')).status).toBe(401);
    expect((await stranger.publisher('GET /scopes/{scopeId}', { path })).status).toBe(401);
    expect((await stranger.publisher('GET /scopes/{scopeId}/usage', { path })).status).toBe(401);
    expect((await stranger.publisher('HEAD /scopes/{scopeId}', { path })).status).toBe(401);
  });
});

describe('attached to APIs', () => {
  it('is shown as the tenant has it, whatever the API says, and follows its changes', async () => {
    const scope = await sharedScope({ bindings: ['Internal/creator'] });
    const { id } = await given.api({ by: admin, with: attaching(scope.name, { displayName: 'Mine', bindings: ['no-such-role'] }) });
    const shown = { name: scope.name, displayName: 'Orders', description: 'Reads orders', bindings: ['Internal/creator'] };
    expect(await scopesOf(id)).toEqual([{ scope: expect.objectContaining(shown), shared: true }]);

    const body = { ...scope, displayName: 'All orders', bindings: ['Internal/publisher'] };
    expected(await admin.publisher('PUT /scopes/{scopeId}', { path: { scopeId: scope.id }, body }), 200);

    const changed = { displayName: 'All orders', bindings: ['Internal/publisher'] };
    expect(await scopesOf(id)).toEqual([{ scope: expect.objectContaining(changed), shared: true }]);
  });

  it('changes its roles in the definitions of APIs too', async () => {
    const scope = await sharedScope({ bindings: ['Internal/creator'] });
    const { id } = await given.api({ by: admin, with: attaching(scope.name) });

    const body = { ...scope, bindings: ['Internal/publisher'] };
    expected(await admin.publisher('PUT /scopes/{scopeId}', { path: { scopeId: scope.id }, body }), 200);

    const { body: definition } = await admin.publisher('GET /apis/{apiId}/swagger', { path: { apiId: id } });
    expect(JSON.stringify(definition)).toContain(`"x-scopes-bindings":{"${scope.name}":"Internal/publisher"}`);
  });

  it('is recognized by its name alone; one that is said to be shared must be', async () => {
    const { name } = await sharedScope();
    const { id } = await given.api({ by: admin, with: { scopes: [{ scope: { name }, shared: false }] } });

    const unknown = await admin.publisher('POST /apis', { body: given.apiProperties({ with: attaching('nobodys') }) });

    expect(await scopesOf(id)).toMatchObject([{ scope: { name }, shared: true }]);
    expect(unknown).toFailWith(ScopeNotFound('nobodys'));
  });

  it('is no other tenant’s', async () => {
    const { admin: stranger } = await given.organization();
    const { name } = await sharedScope({}, stranger);

    const answer = await admin.publisher('POST /apis', { body: given.apiProperties({ with: attaching(name) }) });

    expect(answer).toFailWith(ScopeNotFound(name));
  });

  it('cannot take the name of an API’s own scope', async () => {
    const name = unique('local');
    await given.api({ by: admin, with: { scopes: [{ scope: { name }, shared: false }] } });

    expect(await admin.publisher('POST /scopes', { body: content({ name }) })).toFailWith(ScopeExists(name));
  });

  it('is either attached or deleted when both are asked for at once', async () => {
    const rounds = Array.from({ length: 6 }, async () => {
      const { id, name } = await sharedScope();
      const [api, removal] = await Promise.all([
        admin.publisher('POST /apis', { body: given.apiProperties({ with: attaching(name) }) }),
        admin.publisher('DELETE /scopes/{scopeId}', { path: { scopeId: id } }),
      ]);
      return [api.status, removal.status].join();
    });

    for (const outcome of await Promise.all(rounds)) expect(['201,409', '404,200']).toContain(outcome);
  });

  it('lists the APIs and resources that use it, and stays while there are any', async () => {
    const scope = await sharedScope();
    const path = { scopeId: scope.id };
    const api = await given.api({ by: admin, with: attaching(scope.name) });
    const revision = expected(
      await admin.publisher<{ id: string }>('POST /apis/{apiId}/revisions', { path: { apiId: api.id }, body: {} }),
      201,
    );
    const { context, name, version } = api;
    const use = { name, version, context, provider: admin.username, usedResourceList: [{ target: '/orders', verb: 'GET' }] };

    const usage = await admin.publisher('GET /scopes/{scopeId}/usage', { path });

    expect(usage.body).toEqual({
      id: scope.id,
      name: scope.name,
      usedApiList: [
        { ...use, revisionID: '' },
        { ...use, revisionID: 'Revision 1' },
      ],
      usages: [
        { ...use, revisionId: '', type: 'HTTP' },
        { ...use, revisionId: 'Revision 1', type: 'HTTP' },
      ],
    });
    expect((await admin.publisher<Scope>('GET /scopes/{scopeId}', { path })).body.usageCount).toBe(1);
    expect(await admin.publisher('DELETE /scopes/{scopeId}', { path })).toFailWith(ScopeAttached(scope.name));

    // A revision may be deployed or restored: without its scope its resources would be open.
    const body = expected(await admin.publisher<Body>('GET /apis/{apiId}', { path: { apiId: api.id } }), 200);
    expected(await admin.publisher('PUT /apis/{apiId}', { path: { apiId: api.id }, body: { ...body, scopes: [] } }), 200);
    expect(await admin.publisher('DELETE /scopes/{scopeId}', { path })).toFailWith(ScopeAttached(scope.name));
    const query = { revisionId: revision.id };
    expected(await admin.publisher('POST /apis/{apiId}/restore-revision', { path: { apiId: api.id }, query }), 201);
    expect(await scopesOf(api.id)).toMatchObject([{ scope: { name: scope.name }, shared: true }]);

    expected(await admin.publisher('DELETE /apis/{apiId}', { path: { apiId: api.id } }), 200);
    expect((await admin.publisher('DELETE /scopes/{scopeId}', { path })).status).toBe(200);
  });

  it('opens a resource at the gateway to tokens of users with the role, and a change of roles to new tokens alone', async () => {
    const scope = await sharedScope({ bindings: ['Internal/creator'] });
    const { api, keys } = await given.subscriber({
      by: admin,
      backend: await given.backend(),
      with: attaching(scope.name),
      probe: '/open',
    });
    const creator = await given.user({ roles: ['Internal/creator'], by: admin });
    const publisher = await given.user({ roles: ['Internal/publisher'], by: admin });
    const tokenOf = async ({ username, password }: Actor): Promise<string> => {
      const client = { clientId: keys.consumerKey, clientSecret: keys.consumerSecret };
      return expected(await requestToken(client, { grant_type: 'password', username, password, scope: scope.name }), 200).access_token;
    };
    const status = async (token: string) => (await gateway(`${api.url}/orders`, { token })).status;
    const before = { creator: await tokenOf(creator), publisher: await tokenOf(publisher) };
    expect(
      await eventually(
        () => status(before.creator),
        (found) => found === 200,
      ),
    ).toBe(200);
    const refused = await gateway(`${api.url}/orders`, { token: before.publisher });
    expect(refused).toMatchObject({ status: 403, body: { code: '900910' } });
    expect((await gateway(`${api.url}/open`, { token: before.publisher })).status).toBe(200);

    const body = { ...scope, bindings: ['Internal/publisher'] };
    expected(await admin.publisher('PUT /scopes/{scopeId}', { path: { scopeId: scope.id }, body }), 200);

    expect(await status(before.creator)).toBe(200);
    expect(await status(before.publisher)).toBe(403);
    expect(await status(await tokenOf(publisher))).toBe(200);
    expect(await status(await tokenOf(creator))).toBe(403);
  });
});
