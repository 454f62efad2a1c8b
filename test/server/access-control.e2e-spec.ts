import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, NOBODY } from '../support/client.js';
import { Cli, freeOffset, temporaryFolder } from './cli.js';

const ADMIN = { basic: { username: 'admin', password: 'admin' } };
const SUBSCRIBER = { basic: { username: 'ann', password: 'Passw0rd1' } };
const ENTRIES = `
[[resource.access_control]]
context = "/services/(.*)"
secure = true
http_method = "GET"

[[resource.access_control]]
context = "/metrics"
secure = true
scopes = ["apim:admin"]

[[resource.access_control]]
context = "(.*)/api/am/admin/v4/labels(.*)"
deny = true
http_method = "POST, PUT, DELETE"

[[resource.access_control]]
context = "(.*)/scim2/ServiceProviderConfig"
permissions = ["/permission/admin/manage/api/subscribe"]

[[resource.access_control]]
context = "(.*)/oauth2/jwks"
secure = true

[[resource.access_control]]
context = "(.*)/oauth2/jwks"
deny = true

[[resource.access_control]]
context = "(.*)/oauth2/token"
secure = false

[[resource.access_control]]
context = "(.*)/scim2/Groups(.*)"
scopes = ["apim:admin"]

[[resource.access_control]]
context = "(.*)/identity-that-is-not-here"
`;

const fileOf = (text: string): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'gatehouse-rules-')), 'deployment.toml');
  writeFileSync(file, text);
  return file;
};

describe('rules of resource.access_control', () => {
  let server: Cli;
  let client: Client;
  beforeAll(async () => {
    server = await Cli.start({ APIM_GATEWAY__METRICS__ENABLE: 'true' }, temporaryFolder(), ['--config', fileOf(ENTRIES)]);
    client = new Client('', () => ADMIN, server.management);
    const body = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'ann', password: SUBSCRIBER.basic.password };
    expect((await client.request('POST /scim2/Users', { body })).status).toBe(201);
  });
  const statuses = async (operation: string) => [
    (await client.request(operation, { as: NOBODY })).status,
    (await client.request(operation, { as: SUBSCRIBER })).status,
    (await client.request(operation)).status,
  ];

  it.each([
    // By nobody, a user without roles, and an administrator.
    ['GET /services/Version', [401, 200, 200]],
    ['HEAD /services/Version', [401, 200, 200]],
    ['GET /services/Version/', [401, 200, 200]],
    ['GET /metrics', [401, 403, 200]],
    ['GET /scim2/ServiceProviderConfig', [401, 403, 200]],
    ['GET /t/carbon.super/scim2/ServiceProviderConfig', [401, 403, 200]],
    ['GET /oauth2/jwks', [401, 200, 200]],
    ['GET /scim2/Groups', [401, 403, 200]],
    ['GET /api/am/admin/v4/labels', [401, 401, 200]],
    ['POST /api/am/admin/v4/labels', [403, 403, 403]],
    ['POST /api/am/admin/labels', [403, 403, 403]],
    ['DELETE /api/am/admin/v4/l%61bels/1', [403, 403, 403]],
    ['DELETE /api/am/admin/v4/labels/%31', [403, 403, 403]],
    ['GET /healthz', [200, 200, 200]],
    ['GET /oauth2/authorize', [302, 302, 302]],
  ])('%s', async (operation, wanted) => expect(await statuses(operation)).toEqual(wanted));

  it('refuse in the form of the resource', async () => {
    const plain = await client.request('POST /api/am/admin/v4/labels');
    const oauth = await client.request('GET /oauth2/jwks', { as: NOBODY });
    const identity = await client.request('GET /scim2/ServiceProviderConfig', { as: NOBODY });

    expect(plain.body).toMatchObject({
      code: 403,
      message: 'Forbidden',
      description: 'The configuration of this server closes the resource',
    });
    expect(oauth.body).toMatchObject({ error: 'access_denied' });
    expect(oauth.headers['www-authenticate']).toContain('Basic');
    expect(identity.body).toBeUndefined();
  });

  it('lose nothing of a caller whose body they refuse to read', async () => {
    const refused = await client.request('POST /api/am/admin/v4/labels', { body: { name: 'x'.repeat(500_000) } });

    expect(refused.status).toBe(403);
    expect((await client.request('GET /healthz')).status).toBe(200);
  });

  it('leave the credentials of clients alone', async () => {
    const registered = await client.request<{ clientId: string; clientSecret: string }>('POST /client-registration/v0.17/register', {
      body: { callbackUrl: 'x', clientName: 'rules', owner: 'admin', grantType: 'client_credentials', saasApp: true },
    });
    const { clientId: username, clientSecret: password } = registered.body;

    const answer = await client.request('POST /oauth2/token', {
      as: { basic: { username, password } },
      urlencoded: { grant_type: 'client_credentials' },
    });

    expect(answer.status).toBe(200);
  });

  it('are shown with the resources, and those about nothing are warned of', async () => {
    const { body } = await client.request<{ list: readonly { path: string; rule: string | null }[] }>(
      'GET /api/gatehouse/v1/resources?limit=5000',
    );

    expect(body.list.find(({ path }) => path === '/metrics')?.rule).toBe('resource.access_control, entry 2 (context = "/metrics")');
    expect(body.list.find(({ path }) => path === '/healthz')?.rule).toBeNull();
    expect(server.output).toMatch(/entry 6 .*is about no resource/);
    expect(server.output).toMatch(/entry 9 .*is about no resource/);
    expect(server.output).not.toMatch(/entry [1-57] .*is about no resource/);
  });
});

describe('the server does not start', () => {
  it.each([
    [
      'with an operation opened that works for a caller',
      '[[resource.access_control]]\ncontext = "(.*)/keymanager-operations/(.*)"\nsecure = false',
      /entry 1 .*cannot be honoured for \w+ \/keymanager-operations\/\S+: it works for a caller/,
    ],
    [
      'with everything opened that is not listed',
      '[resource_access_control]\ndefault_access_allow = true',
      /default_access_allow = true cannot be honoured/,
    ],
    ['with a pattern that is none', '[[resource.access_control]]\ncontext = "/a(?=b)"', /entry 1 .*patterns are those of RE2/],
    [
      'with a key that is not served',
      '[[resource.access_control]]\ncontext = "/a"\nsecured = true',
      /unknown configuration key resource.access_control.secured/,
    ],
  ])('%s', async (_, text, message) => {
    const started = Cli.run(['start', '--config', fileOf(text)], {}, await freeOffset());

    const { code, output } = await started.end();

    expect(code).toBe(2);
    expect(output).toMatch(message);
  });
});
