import { PreconditionFailed, Unauthenticated } from '../../src/domain/problem.js';
import { RolesMissing, ScopeNotOfUser, ScopeUnknown, UserUnknown } from '../../src/identity/system-scopes/system-scopes.problems.js';
import { InvalidTenantConfig } from '../../src/identity/tenant-config/tenant-config.problems.js';
import { type Actor, expected } from '../support/actor.js';
import { auditOf } from '../support/audit.js';
import { given } from '../support/given.js';
import { tenantConfig } from '../support/tenant-config.js';
import { unique } from '../support/unique.js';

interface Scope {
  readonly tag: string;
  readonly name: string;
  readonly description: string;
  readonly roles: readonly string[];
}

interface ScopeList {
  readonly count: number;
  readonly list: readonly Scope[];
}

interface RoleAliases {
  readonly count: number;
  readonly list: readonly { readonly role: string; readonly aliases: readonly string[] }[];
}

let admin: Actor;
beforeAll(async () => {
  ({ admin } = await given.organization());
});

const scopes = async (by = admin) => expected(await by.admin<ScopeList>('GET /system-scopes'), 200);
const put = (list: unknown, by = admin, headers = {}) => by.admin<ScopeList>('PUT /system-scopes', { body: { list }, headers });
const putAliases = (by: Actor, list: unknown, headers = {}) =>
  by.admin<RoleAliases>('PUT /system-scopes/role-aliases', { body: { count: 1, list }, headers });
const rolesOf = ({ list }: ScopeList, name: string) => list.find((scope) => scope.name === name)?.roles;
/** The tenant's list with other roles for one scope. */
const withRoles = async (name: string, ...roles: readonly string[]) =>
  (await scopes()).list.map((scope) => (scope.name === name ? { ...scope, roles } : scope));

describe('the scopes of a tenant', () => {
  it('are listed once each, with the portal, a description and the roles', async () => {
    const { count, list } = await scopes();

    expect(count).toBe(list.length);
    expect(new Set(list.map(({ name }) => name)).size).toBe(count);
    expect(list.find(({ name }) => name === 'apim:api_publish')).toEqual({
      tag: 'publisher',
      name: 'apim:api_publish',
      description: expect.stringMatching(/./),
      roles: ['admin', 'Internal/publisher'],
    });
    expect(list.filter(({ tag, description }) => tag === 'other' || description === '')).toEqual([]);
  });

  it('are opened by the roles that were put, from then on, for the tenant alone', async () => {
    const other = (await given.organization()).admin;
    const before = await scopes(other);
    const observer = await given.user({ roles: ['Internal/observer'], by: admin });
    const policies = (by: Actor) => by.admin('GET /throttling/policies/application');
    expect(await policies(observer)).toFailWith(Unauthenticated());

    const list = await withRoles('apim:admin_tier_view', 'admin', 'Internal/observer');
    const answer = expected(await put(list), 200);

    expect(rolesOf(answer, 'apim:admin_tier_view')).toEqual(['admin', 'Internal/observer']);
    expect(await scopes()).toEqual(answer);
    expect(await policies(observer.withScopes('apim:admin_tier_view'))).toMatchObject({ status: 200 });
    expect(await observer.admin('GET /throttling/policies/application', { as: observer.basic })).toMatchObject({ status: 200 });
    expect((await tenantConfig(admin)).RESTAPIScopes.Scope).toContainEqual({
      Name: 'apim:admin_tier_view',
      Roles: 'admin,Internal/observer',
    });
    expect(await scopes(other)).toEqual(before);
  });

  it('may be more than the product knows', async () => {
    const name = unique('own');

    const answer = expected(await put([...(await scopes()).list, { name, roles: [' admin ', 'admin'] }]), 200);

    expect(answer.list.find((scope) => scope.name === name)).toEqual({ tag: 'other', name, description: '', roles: ['admin'] });
  });

  it('leave the rest of the configuration as it is', async () => {
    const { admin: own } = await given.organization();
    const { RESTAPIScopes: _, ...before } = await tenantConfig(own);

    expected(await put((await scopes(own)).list, own), 200);

    expect(await tenantConfig(own)).toMatchObject(before);
  });

  it.each([
    ['no roles', async () => withRoles('apim:api_view'), RolesMissing()],
    ['null for roles', async () => [...(await scopes()).list, { name: 'own:scope', roles: null }], RolesMissing()],
    [
      'more roles than anybody has',
      async () => withRoles('apim:api_view', ...Array.from({ length: 2_000 }, (_, at) => `role-${at}`)),
      { status: 400, code: 902001 },
    ],
    ['a role without a name', async () => withRoles('apim:api_view', ' '), { status: 400, code: 400 }],
    ['a role with a comma', async () => withRoles('apim:api_view', 'a,b'), { status: 400, code: 400 }],
    ['a name that is too long', async () => withRoles('apim:api_view', 'a'.repeat(256)), { status: 400, code: 400 }],
    ['two opinions', async () => [...(await scopes()).list, { name: 'apim:api_view', roles: ['x'] }], { status: 400, code: 400 }],
    ['no list', async () => undefined, { status: 400, code: 400 }],
    ['a text for a list', async () => 'all', { status: 400, code: 400 }],
    ['roles that are no texts', async () => [{ name: 'apim:api_view', roles: [1] }], { status: 400, code: 400 }],
    [
      'a scope over tenants',
      async () => [...(await scopes()).list, { name: 'internal_modify_tenants', roles: ['admin'] }],
      InvalidTenantConfig('#/RESTAPIScopes/Scope: the scope internal_modify_tenants stays with the role admin'),
    ],
    [
      'a default scope left out',
      async () => (await scopes()).list.filter(({ name }) => name !== 'apim:admin'),
      InvalidTenantConfig('#/RESTAPIScopes/Scope: the scope apim:admin is missing'),
    ],
  ])('are not replaced by a list with %s', async (_, list, problem) => {
    const before = await scopes();

    expect(await put(await list())).toFailWith(problem);
    expect(await scopes()).toEqual(before);
  });

  it('leave an audit entry for each scope that other roles open now, and none for the others', async () => {
    const own = (await given.organization()).admin;
    const { list } = await scopes(own);
    const known = rolesOf({ count: 0, list }, 'apim:bot_data');
    const changed = list.map((scope) => (scope.name === 'apim:bot_data' ? { ...scope, roles: ['admin', 'watcher'] } : scope));
    const before = (await auditOf(own, { kind: 'ScopeRoles' })).map(({ id }) => id);
    const news = async () => (await auditOf(own, { kind: 'ScopeRoles' })).filter(({ id }) => !before.includes(id));

    expected(await put([...changed, { name: 'own:scope', roles: ['admin'] }], own), 200);
    expected(await put(changed, own), 200);
    expected(await putAliases(own, [{ role: 'admin', aliases: ['boss'] }]), 200);

    expect(await news()).toEqual([
      expect.objectContaining({ action: 'deleted', entityId: 'own:scope', user: own.username }),
      expect.objectContaining({ action: 'created', entityId: 'own:scope' }),
      expect.objectContaining({
        ...{ action: 'updated', entityId: 'apim:bot_data' },
        ...{ before: { roles: known }, after: { roles: ['admin', 'watcher'] } },
      }),
    ]);
  });

  it('are not replaced on the strength of an older list', async () => {
    const { headers } = await admin.admin('GET /system-scopes');
    expected(await put(await withRoles('apim:bot_data', 'admin', unique('role'))), 200);

    expect(await put((await scopes()).list, admin, { 'if-match': headers['etag'] })).toFailWith(PreconditionFailed());
  });
});

describe('one scope', () => {
  const ask = (scope: string, username?: string, by = admin) =>
    by.admin('GET /system-scopes/{scopeName}', {
      path: { scopeName: Buffer.from(scope).toString('base64url') },
      query: { username },
    });

  it('is there', async () => {
    expect(await ask('apim:subscribe')).toMatchObject({ status: 200, body: { name: 'apim:subscribe' } });
    expect(await ask('apim:nothing')).toFailWith(ScopeUnknown());
    expect(await admin.admin('GET /system-scopes/{scopeName}', { path: { scopeName: 'a:b' } })).toFailWith(ScopeUnknown());
  });

  it('is one that a user may have, or not', async () => {
    const subscriber = await given.user({ roles: ['Internal/subscriber'], by: admin });
    const name = subscriber.username.split('@')[0] ?? '';

    for (const username of [name, subscriber.username]) {
      expect(await ask('apim:subscribe', username)).toMatchObject({ status: 200, body: { name: 'apim:subscribe' } });
      expect(await ask('apim:api_create', username)).toFailWith(ScopeNotOfUser());
      expect(await ask('apim:nothing', username)).toFailWith(ScopeUnknown());
    }
  });

  it('says nothing of users who do not exist or are of another tenant', async () => {
    const stranger = await given.user({ roles: ['Internal/subscriber'], by: (await given.organization()).admin });

    for (const username of [unique('nobody'), stranger.username, 'admin@carbon.super', 'a\0b']) {
      expect(await ask('apim:subscribe', username)).toFailWith(UserUnknown());
    }
    expect(await ask('apim:subscribe', stranger.username, given.superAdmin)).toFailWith(UserUnknown());
  });
});

describe('aliases of roles', () => {
  const role = async (by: Actor): Promise<string> => {
    const name = unique('developer').slice(0, 30);
    expected(await by.scim('POST /Groups', { body: { displayName: name } }), 201);
    return name;
  };
  const aliases = async (by: Actor) => expected(await by.admin<RoleAliases>('GET /system-scopes/role-aliases'), 200);

  it('are none at first', async () => {
    const { admin: own } = await given.organization();

    expect(await aliases(own)).toEqual({ count: 0, list: [] });
  });

  it('pass as the original role, in tokens and with Basic, until they are taken back', async () => {
    const { admin: own } = await given.organization();
    const developer = await role(own);
    const ann = await given.user({ roles: [developer], by: own });
    const apis = (by: Actor) => by.publisher('GET /apis');
    expect(await apis(ann)).toFailWith(Unauthenticated());

    const answer = await putAliases(own, [{ role: 'Internal/creator', aliases: [developer.toUpperCase(), 'architect'] }]);

    expect(answer).toMatchObject({
      status: 200,
      body: { count: 1, list: [{ role: 'Internal/creator', aliases: [developer.toUpperCase(), 'architect'] }] },
    });
    expect(await aliases(own)).toEqual(answer.body);
    expect(await apis(ann.withScopes('apim:api_view'))).toMatchObject({ status: 200 });
    expect(await ann.publisher('GET /apis', { as: ann.basic })).toMatchObject({ status: 200 });
    await given.api({ by: ann.withScopes('apim:api_create', 'apim:api_view') });
    const encoded = Buffer.from('apim:api_create').toString('base64url');
    const asked = { path: { scopeName: encoded }, query: { username: ann.username } };
    expect(await own.admin('GET /system-scopes/{scopeName}', asked)).toMatchObject({ status: 200 });

    expected(await putAliases(own, [{ role: 'Internal/creator', aliases: [] }]), 200);
    expect(await aliases(own)).toEqual({ count: 0, list: [] });
    expect(await apis(ann.withScopes('apim:api_view', 'apim:api_create'))).toFailWith(Unauthenticated());
    expect(await ann.publisher('GET /apis', { as: ann.basic })).toFailWith(Unauthenticated());
  });

  it('leave the holders of the original role what they have', async () => {
    const { admin: own } = await given.organization();
    const creator = await given.user({ roles: ['Internal/creator'], by: own });

    expected(await putAliases(own, [{ role: 'Internal/creator', aliases: ['developer'] }]), 200);

    expect(await creator.publisher('GET /apis')).toMatchObject({ status: 200 });
  });

  it('do not lead on to further aliases, nor to what the role admin alone may do', async () => {
    const { admin: own } = await given.organization();
    const [first, second] = [await role(own), await role(own)];
    const [bob, eve] = [await given.user({ roles: [first], by: own }), await given.user({ roles: [second], by: own })];

    const list = [
      { role: 'admin', aliases: [first] },
      { role: first, aliases: [second] },
    ];
    expected(await putAliases(own, list), 200);

    expect(await bob.admin('GET /system-scopes')).toMatchObject({ status: 200 });
    expect(await eve.admin('GET /system-scopes')).toFailWith(Unauthenticated());
    expect((await own.scim('GET /Users', { as: bob.basic })).status).not.toBe(200);
  });

  it('are part of the tenant configuration, and of no other tenant', async () => {
    const [{ admin: own }, { admin: other }] = [await given.organization(), await given.organization()];
    const { RESTAPIScopes, ...before } = await tenantConfig(own);

    expected(await putAliases(own, [{ role: 'Internal/creator', aliases: ['a', 'b'] }]), 200);

    const after = await tenantConfig(own);
    expect(after).toEqual({ ...before, RoleMappings: { 'Internal/creator': 'a,b' }, RESTAPIScopes });
    expect(await aliases(other)).toEqual({ count: 0, list: [] });
    const written = { ...after, RoleMappings: { 'Internal/publisher': 'c, d' } };
    expected(await own.admin('PUT /tenant-config', { body: written }), 200);
    expect((await aliases(own)).list).toEqual([{ role: 'Internal/publisher', aliases: ['c', 'd'] }]);
  });

  it.each([
    ['no list', undefined],
    ['a role without a name', [{ role: '', aliases: ['a'] }]],
    ['no role', [{ aliases: ['a'] }]],
    ['an alias with a comma', [{ role: 'admin', aliases: ['a,b'] }]],
    ['an alias without a name', [{ role: 'admin', aliases: [''] }]],
    [
      'a role twice',
      [
        { role: 'admin', aliases: ['a'] },
        { role: 'Admin', aliases: ['b'] },
      ],
    ],
  ])('are not replaced by a list with %s', async (_, list) => {
    const before = await aliases(admin);

    expect(await putAliases(admin, list)).toFailWith({ status: 400, code: 400 });
    expect(await aliases(admin)).toEqual(before);
  });

  it('are none for a role that comes with null', async () => {
    const { admin: own } = await given.organization();

    expect(await putAliases(own, [{ role: 'admin', aliases: null }])).toMatchObject({ status: 200, body: { count: 0, list: [] } });
  });

  it('are not replaced on the strength of an older list', async () => {
    const { admin: own } = await given.organization();
    const { headers } = await own.admin('GET /system-scopes/role-aliases');
    expected(await putAliases(own, [{ role: 'admin', aliases: ['a'] }]), 200);

    expect(await putAliases(own, [], { 'if-match': headers['etag'] })).toFailWith(PreconditionFailed());
  });
});

it.each([
  'GET /system-scopes',
  'PUT /system-scopes',
  'GET /system-scopes/role-aliases',
  'PUT /system-scopes/role-aliases',
  'GET /system-scopes/{scopeName}',
])('%s wants apim:admin or apim:scope_manage', async (operation) => {
  const options = { path: { scopeName: 'YXBpbTphZG1pbg' }, ...(operation.startsWith('PUT') && { body: { list: [] } }) };

  expect(await admin.withScopes('apim:admin_settings', 'apim:role_manage').admin(operation, options)).toFailWith(Unauthenticated());
  expect((await admin.withScopes('apim:scope_manage').admin(operation, options)).status).not.toBe(401);
});
