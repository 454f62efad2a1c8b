import { Cli } from '../server/cli.js';
import { expected } from '../support/actor.js';
import { type Body, Client } from '../support/client.js';
import { unique } from '../support/unique.js';

const PASSWORD = 'Passw0rd1';
const APPLICATION = '/applications/{applicationId}';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** A server of its own with two subscribers of the group `sales`; the first has an application that is to be shared with the group. */
const started = async (environment: NodeJS.ProcessEnv) => {
  const cli = await Cli.start(environment);
  const as = (username: string, password: string, base: string) =>
    new Client(base, () => ({ basic: { username, password } }), cli.management);
  const scim = as('admin', 'admin', '/scim2');
  const subscriber = async () => {
    const name = unique('user');
    const body = { schemas: [ENTERPRISE], userName: name, password: PASSWORD, [ENTERPRISE]: { organization: 'sales' } };
    const { id } = expected(await scim.request<{ id: string }>('POST /Users', { body }), 201);
    const query = { filter: 'displayName eq subscriber' };
    const roles = expected(await scim.request<{ Resources: readonly { id: string }[] }>('GET /Roles', { query }), 200);
    const operations = [{ op: 'add', path: 'users', value: [{ value: id }] }];
    const patch = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations };
    expected(await scim.request('PATCH /Roles/{id}', { path: { id: roles.Resources[0]?.id ?? '' }, body: patch }), 200);
    return as(name, PASSWORD, '/api/am/devportal/v3');
  };
  const [ann, bob] = [await subscriber(), await subscriber()];
  const body = { name: unique('App'), throttlingPolicy: '50PerMin', groups: ['sales'] };
  const application = expected(await ann.request<Body & { applicationId: string }>('POST /applications', { body }), 201);
  return { cli, ann, bob, application, path: { applicationId: application.applicationId } };
};

describe('a server where members may change what is shared with them', () => {
  let on: Awaited<ReturnType<typeof started>>;
  beforeAll(async () => {
    on = await started({
      APIM_APIM__DEVPORTAL__ENABLE_APPLICATION_SHARING: 'true',
      APIM_APIM__DEVPORTAL__ORG_WIDE_APP_UPDATE_ENABLED: 'true',
    });
  });
  afterAll(() => on.cli.stop());

  it('says so in the settings', async () => {
    const { body } = await on.bob.request('GET /settings');

    expect(body).toMatchObject({ applicationSharingEnabled: true, orgWideAppUpdateEnabled: true });
  });

  it('lets them change the application and its keys, which stay the owner’s to delete', async () => {
    const { bob, path, application } = on;
    const generation = { keyType: 'PRODUCTION', grantTypesToBeSupported: ['client_credentials'] };
    const key = expected(await bob.request<{ keyMappingId: string }>(`POST ${APPLICATION}/generate-keys`, { path, body: generation }), 200);
    const keyPath = { ...path, keyMappingId: key.keyMappingId };

    const changed = await bob.request(`PUT ${APPLICATION}`, { path, body: { ...application, description: 'ours' } });

    expect(changed).toMatchObject({ status: 200, body: { description: 'ours', owner: application['owner'], groups: ['sales'] } });
    const update = { supportedGrantTypes: ['client_credentials', 'password'] };
    expect((await bob.request(`PUT ${APPLICATION}/oauth-keys/{keyMappingId}`, { path: keyPath, body: update })).status).toBe(200);
    expect((await bob.request(`DELETE ${APPLICATION}/oauth-keys/{keyMappingId}`, { path: keyPath })).status).toBe(200);
    expect((await bob.request(`DELETE ${APPLICATION}`, { path })).status).toBe(403);
    expect((await bob.request(`POST ${APPLICATION}/map-keys`, { path, body: { consumerKey: 'x', keyType: 'SANDBOX' } })).status).toBe(403);
  });
});

describe('a server without sharing and without the policy Unlimited', () => {
  let on: Awaited<ReturnType<typeof started>>;
  beforeAll(async () => {
    on = await started({ APIM_APIM__THROTTLING__ENABLE_UNLIMITED_TIER: 'false' });
  });
  afterAll(() => on.cli.stop());

  it('takes no application under that policy, and gives new users one under another', async () => {
    const body = { name: unique('App'), throttlingPolicy: 'Unlimited' };

    expect(await on.ann.request('POST /applications', { body })).toMatchObject({ status: 400, body: { code: 900305 } });
    const { list } = (await on.bob.request<{ list: readonly Body[] }>('GET /applications')).body;
    expect(list).toMatchObject([{ name: 'DefaultApplication', throttlingPolicy: '10PerMin' }]);
  });

  it('shares nothing with groups, whatever an application says', async () => {
    const { bob, path, application } = on;

    expect((await bob.request('GET /settings')).body).toMatchObject({ applicationSharingEnabled: false, orgWideAppUpdateEnabled: false });
    expect(application['groups']).toEqual([]);
    expect((await bob.request(`GET ${APPLICATION}`, { path })).status).toBe(403);
    expect((await bob.request<{ list: readonly Body[] }>('GET /applications')).body.list).toHaveLength(1);
  });
});
