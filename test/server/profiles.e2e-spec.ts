import { expected } from '../support/actor.js';
import { startBackend } from '../support/backend.js';
import { type Body, Client, NOBODY } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Cli, freeOffset, temporaryFolder } from './cli.js';
import { hasExternalPostgres, ownDatabase } from './own-database.js';

const PASSWORD = 'another one';
const ADMIN = { basic: { username: 'admin', password: PASSWORD } };
const database = ownDatabase();
const environment = {
  APIM_DATABASE__URL: database.url,
  APIM_SUPER_ADMIN__PASSWORD: PASSWORD,
  APIM_ENCRYPTION__KEY: 'ab'.repeat(32),
  APIM_APIM__OAUTH_CONFIG__SET_JWT_AS_OPAQUE_TOKEN: 'true',
};
const isReachable = await hasExternalPostgres();
const whenReachable = isReachable ? it : it.skip;
const running: Cli[] = [];
afterAll(async () => {
  await Promise.all(running.map((cli) => cli.stop()));
  if (isReachable) await database.drop();
});

const started = async (profile: string, offset: number): Promise<Cli> => {
  const cli = Cli.run(['start', '--profile', profile], environment, offset, temporaryFolder());
  running.push(cli);
  await cli.ready();
  return cli;
};

/** What a library or we ourselves might warn of at a start: nobody should have to read that. */
const ALARMING = /warn|deprecat|unsupported|"level":[456]0/i;

/** An API that takes tokens and API keys, with an application that may call it: all that the control plane is needed for. */
const prepared = async ({ management }: Cli, backend: string) => {
  const http = new Client('', () => ADMIN, management);
  const publisher = (operation: string, body?: unknown, query = {}) =>
    http.request<Body & { id: string }>(operation.replace(' ', ' /api/am/publisher/v4'), { body, query });
  const devportal = async (operation: string, body?: unknown): Promise<Record<string, string>> =>
    expected(await http.request<Record<string, string>>(operation.replace(' ', ' /api/am/devportal/v3'), { body }), 200, 201);
  const api = {
    name: 'Books',
    version: '1.0',
    context: '/books',
    policies: ['Unlimited'],
    securityScheme: ['oauth2', 'api_key', 'oauth_basic_auth_api_key_mandatory'],
    endpointConfig: { endpoint_type: 'http', production_endpoints: { url: backend } },
    operations: [
      { target: '/*', verb: 'GET', authType: 'Application & Application User', throttlingPolicy: 'Unlimited' },
      {
        target: '/once',
        verb: 'GET',
        operationPolicies: { request: [{ policyName: 'revokeOneTimeToken', parameters: { scope: 'OTT' } }] },
      },
    ],
  };
  const { id: apiId } = expected(await publisher('POST /apis', api), 201);
  const { id: revisionId } = expected(await publisher(`POST /apis/${apiId}/revisions`, {}), 201);
  const where = [{ name: 'Default', vhost: 'localhost', displayOnDevportal: true }];
  expected(await publisher(`POST /apis/${apiId}/deploy-revision`, where, { revisionId }), 201);
  expected(await publisher('POST /apis/change-lifecycle', undefined, { apiId, action: 'Publish' }), 200);

  const { applicationId } = await devportal('POST /applications', { name: 'Reader', throttlingPolicy: 'Unlimited' });
  await devportal('POST /subscriptions', { apiId, applicationId, throttlingPolicy: 'Unlimited' });
  const keys = await devportal(`POST /applications/${applicationId}/generate-keys`, {
    keyType: 'PRODUCTION',
    grantTypesToBeSupported: ['client_credentials'],
  });
  const { apikey = '' } = await devportal(`POST /apis/${apiId}/api-keys/generate`, { keyName: 'k', keyType: 'PRODUCTION' });
  const made = await http.request<{ list: readonly { keyUUID: string }[] }>(`GET /api/am/devportal/v3/apis/${apiId}/api-keys`);
  const keyUUID = expected(made, 200).list[0]?.keyUUID;
  await devportal(`POST /apis/${apiId}/api-keys/associate`, { keyUUID, applicationUUID: applicationId });
  return { client: { basic: { username: keys['consumerKey'] ?? '', password: keys['consumerSecret'] ?? '' } }, apikey };
};

whenReachable(
  'a key manager issues what a gateway takes, each in a process of its own, while the control plane is down',
  async () => {
    await database.create();
    const [backend, offset] = [await startBackend((_, response) => response.end('a book')), await freeOffset()];
    const controlPlane = await started('control-plane', offset);
    const { client, apikey } = await prepared(controlPlane, backend.url);
    await controlPlane.stop();
    // At the same address, which the issuer of the tokens is made of.
    const keyManager = await started('key-manager', offset);
    const gateway = await started('gateway', await freeOffset());
    const http = new Client('', () => NOBODY, keyManager.management);
    const call = async (headers: Record<string, string>, book = '1'): Promise<number> =>
      (await new Client('', () => NOBODY, gateway.gateway).request(`GET /books/1.0/${book}`, { headers })).status;

    for (const [path, status] of [
      ['/oauth2/token/.well-known/openid-configuration', 200],
      ['/oauth2/jwks', 200],
      ['/oauth2/device', 200],
      ['/oidc/checksession', 400],
      ['/authenticationendpoint/oauth2_logout.do', 200],
      ['/scim2/Users', 401],
      ['/keymanager-operations/dcr/register/none', 401],
      ['/api/am/publisher/v4/apis', 404],
    ] as const)
      expect([path, await keyManager.status(path)]).toEqual([path, status]);
    const body = { clientName: 'tool', owner: 'admin', grantType: 'client_credentials', saasApp: true };
    expect((await http.request('POST /client-registration/v0.17/register', { as: ADMIN, body })).status).toBe(200);

    const urlencoded = { grant_type: 'client_credentials' };
    const { access_token: token } = expected(
      await http.request<{ access_token: string }>('POST /oauth2/token', { as: client, urlencoded }),
      200,
    );
    expect(token).not.toContain('.');
    expect(await call({ authorization: `Bearer ${token}` })).toBe(200);
    expect(await call({ apikey })).toBe(200);
    expect(await call({ apikey: `${apikey}x` })).toBe(401);
    expect((await http.request('POST /oauth2/revoke', { as: client, urlencoded: { token } })).status).toBe(200);
    await eventually(
      () => call({ authorization: `Bearer ${token}` }),
      (status) => status === 401,
    );

    const asked = await http.request<{ access_token: string }>('POST /oauth2/token', {
      as: client,
      urlencoded: { ...urlencoded, scope: 'OTT' },
    });
    const authorization = `Bearer ${expected(asked, 200).access_token}`;
    expect([await call({ authorization }, 'once'), await call({ authorization }, 'once')]).toEqual([200, 401]);
    const question = { token: authorization.slice('Bearer '.length) };
    await eventually(
      () => http.request<{ active: boolean }>('POST /oauth2/introspect', { as: client, urlencoded: question }),
      (answer) => answer.body.active === false,
    );

    for (const cli of [controlPlane, keyManager, gateway]) expect(cli.output).not.toMatch(ALARMING);
    await backend.close();
  },
  120_000,
);
