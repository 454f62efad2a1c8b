import { PreconditionFailed, Unauthenticated } from '../../src/domain/problem.js';
import { InvalidTenantConfig } from '../../src/identity/tenant-config/tenant-config.problems.js';
import { type Actor, expected } from '../support/actor.js';
import { given } from '../support/given.js';
import { configure, tenantConfig } from '../support/tenant-config.js';

const put = (by: Actor, body: unknown, headers: Record<string, string> = {}) => by.admin('PUT /tenant-config', { body, headers });

const rolesOf = (config: Awaited<ReturnType<typeof tenantConfig>>, scope: string) =>
  config.RESTAPIScopes.Scope.find(({ Name }) => Name === scope)?.Roles;

it('shows the defaults with the scopes that roles open, and takes the document back as it is', async () => {
  const { admin } = await given.organization();

  const config = await tenantConfig(admin);

  expect(config).toMatchObject({ EnableMonetization: false, ExtensionHandlerPosition: 'bottom', NotificationsEnabled: 'false' });
  expect(rolesOf(config, 'apim:api_publish')).toBe('admin,Internal/publisher');
  expect(rolesOf(config, 'apim:subscription_approval_view')).toBe('admin,Internal/publisher');
  expect(expected(await put(admin, config), 200)).toEqual(config);
  expect(await tenantConfig(admin)).toEqual(config);
});

it('keeps what was written, unknown keys included, for the tenant alone', async () => {
  const { admin } = await given.organization();
  const other = (await given.organization()).admin;
  const own = { Theme: { colour: 'blue' }, DefaultAPILevelTier: 'Gold' };

  await configure(admin, own);

  expect(await tenantConfig(admin)).toMatchObject(own);
  expect(await tenantConfig(other)).not.toHaveProperty('Theme');
});

it('decides which roles open a scope', async () => {
  const { admin } = await given.organization();
  const creator = await given.user({ roles: ['Internal/creator'], by: admin });
  const { id } = await given.api({ by: creator });
  const publish = (by: Actor) => by.publisher('POST /apis/change-lifecycle', { query: { apiId: id, action: 'Publish' } });
  expect(await publish(creator)).toFailWith(Unauthenticated());
  const { RESTAPIScopes } = await tenantConfig(admin);
  const Scope = RESTAPIScopes.Scope.map(({ Name, Roles }) =>
    Name === 'apim:api_publish' ? { Name, Roles: 'admin, Internal/creator' } : { Name, Roles },
  );

  const config = await configure(admin, { RESTAPIScopes: { Scope: [...Scope, { Name: 'apim:own', Roles: 'admin' }] } });

  expect(rolesOf(config, 'apim:api_publish')).toBe('admin,Internal/creator');
  expect(rolesOf(config, 'apim:own')).toBe('admin');
  expect(await publish(creator.withScopes('apim:api_publish'))).toMatchObject({ status: 200 });
});

it('adds the scopes that came later where a document lacks them', async () => {
  const { admin } = await given.organization();
  const { RESTAPIScopes } = await tenantConfig(admin);
  const Scope = RESTAPIScopes.Scope.filter(({ Name }) => Name !== 'apim:organization_read');

  const config = await configure(admin, { RESTAPIScopes: { Scope } });

  expect(rolesOf(config, 'apim:organization_read')).toBe('admin');
});

describe('refuses', () => {
  const state = (State: string, Target?: string) => ({ State, Transitions: Target ? [{ Event: 'Go', Target }] : [] });

  it.each([
    ['a value of another type', { EnableMonetization: 'no' }],
    ['a missing key', { DefaultRoles: undefined }],
    ['scopes without a list', { RESTAPIScopes: {} }],
    ['an empty list of scopes', { RESTAPIScopes: { Scope: [] } }],
    ['a life cycle without a state Created', { LifeCycle: { States: [state('Published')] } }],
    ['a transition to nowhere', { LifeCycle: { States: [state('Created', 'Elsewhere')] } }],
    ['a state that is there twice', { LifeCycle: { States: [state('Created'), state('CREATED')] } }],
    ['an executor that does not exist', { Workflows: { SubscriptionCreation: { executor: 'ask' } } }],
    ['an approval of transitions that are not listed', { Workflows: { APIStateChange: { executor: 'approval' } } }],
    ['a kind of change that is not known', { Workflows: { Deletion: { executor: 'approval' } } }],
    [
      'attributes of applications for a kind of change that has none',
      { Workflows: { UserSignUp: { executor: 'approval', applicationAttributesVisibility: true } } },
    ],
    ['a number of revisions below one', { ApiMaxRevisionCount: 0 }],
  ])('%s', async (_, keys) => {
    const { admin } = await given.organization();
    const before = await tenantConfig(admin);

    expect(await put(admin, { ...before, ...keys })).toFailWith(InvalidTenantConfig());
    expect(await tenantConfig(admin)).toEqual(before);
  });

  it('more scopes than anybody needs', async () => {
    const { admin } = await given.organization();
    const config = await tenantConfig(admin);
    const Scope = Array.from({ length: 30_000 }, (_, at) => ({ Name: `own:${at}`, Roles: 'admin' }));

    expect(await put(admin, { ...config, RESTAPIScopes: { Scope: [...config.RESTAPIScopes.Scope, ...Scope] } })).toFailWith(
      InvalidTenantConfig('#/RESTAPIScopes/Scope: must NOT have more than 2000 items'),
    );
  });

  it('a document without one of the default scopes, and names it', async () => {
    const { admin } = await given.organization();
    const config = await tenantConfig(admin);
    const Scope = config.RESTAPIScopes.Scope.filter(({ Name }) => Name !== 'apim:admin');

    expect(await put(admin, { ...config, RESTAPIScopes: { Scope } })).toFailWith(
      InvalidTenantConfig('#/RESTAPIScopes/Scope: the scope apim:admin is missing'),
    );
  });

  it.each([
    ['a text', 'text'],
    ['a list', []],
    ['a zero byte', { Theme: 'a\0b' }],
    ['half a surrogate pair', { Theme: '\ud800' }],
  ])('%s', async (_, body) => {
    const { admin } = await given.organization();
    const config = await tenantConfig(admin);

    const answer = await put(admin, typeof body === 'object' && !Array.isArray(body) ? { ...config, ...body } : body);

    expect(answer).toFailWith({ status: 400, code: 400 });
  });

  it('a change on the strength of an older document', async () => {
    const { admin } = await given.organization();
    const { headers, body } = await admin.admin('GET /tenant-config');
    await configure(admin, { ApiMaxRevisionCount: 7 });

    expect(await put(admin, body, { 'if-match': headers['etag'] ?? '' })).toFailWith(PreconditionFailed());
    expect(await tenantConfig(admin)).toMatchObject({ ApiMaxRevisionCount: 7 });
  });
});

it('has a schema for the document', async () => {
  const schema = expected(await given.superAdmin.admin('GET /tenant-config-schema'), 200);

  expect(schema).toMatchObject({ type: 'object', required: expect.arrayContaining(['RESTAPIScopes', 'DefaultRoles']) });
});

it.each(['GET /tenant-config', 'PUT /tenant-config', 'GET /tenant-config-schema'])('%s is for administrators', async (operation) => {
  const body = operation.startsWith('PUT') ? { body: {} } : {};

  expect(await given.superAdmin.withScopes('apim:api_view').admin(operation, body)).toFailWith(Unauthenticated());
});

it('limits the revisions of an API', async () => {
  const { admin } = await given.organization();
  const { id } = await given.api({ by: admin });
  const revise = () => admin.publisher('POST /apis/{apiId}/revisions', { path: { apiId: id }, body: {} });
  await configure(admin, { ApiMaxRevisionCount: 1 });
  expected(await revise(), 201);

  expect(await revise()).toFailWith({ status: 400, code: 900351 });
  await configure(admin, { ApiMaxRevisionCount: 6 });
  for (let number = 2; number <= 6; number++) expected(await revise(), 201);
  expect(await revise()).toFailWith({ status: 400, code: 900351 });
});

const STORE = { id: 'uk', displayName: 'UK', type: 'wso2', endpoint: 'https://uk.example.com', username: 'ann', password: 'Passw0rd1' };

it('shows no password of an external store and keeps it when it comes back empty', async () => {
  const { admin } = await given.organization();

  const written = await configure(admin, { ExternalStores: [STORE] });

  expect(written['ExternalStores']).toEqual([{ ...STORE, password: '' }]);
  expect(await tenantConfig(admin)).toEqual(written);
  expect(expected(await put(admin, written), 200)).toEqual(written);
});

it.each([
  ['without a password', [{ ...STORE, password: '' }]],
  ['twice', [STORE, STORE]],
  ['of another type', [{ ...STORE, type: 'other' }]],
  ['with a comma in its id', [{ ...STORE, id: 'u,k' }]],
  ['at an address that is none', [{ ...STORE, endpoint: 'http://' }]],
  ['of another scheme', [{ ...STORE, endpoint: 'ftp://uk.example.com' }]],
])('refuses an external store %s', async (_, ExternalStores) => {
  const { admin } = await given.organization();
  const body = { ...(await tenantConfig(admin)), ExternalStores };

  expect(await put(admin, body)).toMatchObject({ status: 400, body: { code: 902001 } });
});

it('asks for the password of an external store again when its address changes', async () => {
  const { admin } = await given.organization();
  const written = await configure(admin, { ExternalStores: [STORE] });

  const moved = await put(admin, { ...written, ExternalStores: [{ ...STORE, password: '', endpoint: 'https://elsewhere.example.com' }] });

  expect(moved).toFailWith(InvalidTenantConfig('#/ExternalStores: the store uk has no password'));
});

it('says which values there are, and which key there is not', async () => {
  const { admin } = await given.organization();
  const before = await tenantConfig(admin);
  const refusal = async (Workflows: object) => (await put(admin, { ...before, Workflows })).body;

  expect(await refusal({ SubscriptionCreation: { executor: 'ask' } })).toMatchObject({
    description: expect.stringContaining('allowed values: simple, approval, http'),
  });
  expect(await refusal({ Deletion: { executor: 'approval' } })).toMatchObject({
    description: expect.stringContaining('must NOT have additional properties: Deletion'),
  });
});
