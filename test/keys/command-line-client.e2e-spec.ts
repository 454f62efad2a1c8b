import { type Actor, expected, type OAuthClient } from '../support/actor.js';
import { unzip } from '../support/archives.js';
import { type Body, Client, management, NOBODY } from '../support/client.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';
import { unique } from '../support/unique.js';
import { type Tokens, tokenOf } from './oauth.js';

/** What the product's command-line client asks for (`reference/publisher.md` §20.3). */
const SCOPES = [
  'apim:app_import_export',
  'apim:api_import_export',
  'apim:api_product_import_export',
  'apim:app_manage',
  'apim:sub_manage',
  'apim:api_view',
  'apim:api_delete',
  'apim:app_owner_change',
  'apim:subscribe',
  'apim:api_publish',
  'apim:admin',
  'apim:policies_import_export',
];

/** A login as the client makes it: it registers under its one name each time, and keeps nothing but the credentials. */
const login = async ({ username, password }: Actor): Promise<{ readonly client: OAuthClient; readonly tokens: Tokens }> => {
  const body = {
    clientName: 'default-apictl-app',
    callbackUrl: 'www.google.lk',
    grantType: 'password refresh_token',
    saasApp: true,
    owner: username,
    tokenScope: 'Production',
  };
  const as = { basic: { username, password } };
  const client = expected(await management.request<OAuthClient>('POST /client-registration/v0.17/register', { as, body }), 200);
  const asked = { grant_type: 'password', username, password, scope: SCOPES.join(' '), validity_period: '-1' };
  return { client, tokens: expected(await tokenOf(client, asked), 200) };
};

describe.each<[string, () => Promise<Actor>]>([
  ['the administrator', async () => given.superAdmin],
  ['the administrator of a tenant', async () => (await given.organization()).admin],
])('the product’s command-line client, for %s,', (_, somebody) => {
  let user: Actor;
  let publisher: Client;
  let session: Awaited<ReturnType<typeof login>>;
  beforeAll(async () => {
    user = await somebody();
    session = await login(user);
    publisher = new Client('/api/am/publisher/v4', () => ({ bearer: session.tokens.access_token }));
  });

  it('logs in, and again under the same name with the same credentials', async () => {
    expect((await login(user)).client).toMatchObject({ clientId: session.client.clientId, clientSecret: session.client.clientSecret });
    expect(session.tokens.scope.split(' ')).toEqual(SCOPES);
    expect(session.tokens.expires_in).toBeGreaterThan(0);
  });

  it('exports an API, removes it and brings it back', async () => {
    const api = await given.api({ by: user });
    const find = async (): Promise<readonly Body[]> =>
      expected(await publisher.request<{ list: readonly Body[] }>('GET /apis', { query: { query: `name:"${api.name}"` } }), 200).list;
    const query = { name: api.name, version: api.version, providerName: user.username, format: 'YAML', preserveStatus: true };

    const archive = Buffer.from(expected(await publisher.request<Uint8Array>('GET /apis/export', { query }), 200));
    expected(await publisher.request('DELETE /apis/{apiId}', { path: { apiId: api.id } }), 200);
    expect(await find()).toEqual([]);
    const file = { file: archive, name: 'api.zip', type: 'application/zip' };
    const back = await publisher.request('POST /apis/import', { query: { preserveProvider: false, overwrite: true }, form: { file } });

    expect([...(await unzip(archive)).keys()]).toContain(`${api.name}-${api.version}/api.yaml`);
    expect(back.status).toBe(200);
    expect(await find()).toEqual([expect.objectContaining({ name: api.name, version: api.version })]);
  });

  it('makes keys and a token for an application', async () => {
    const devportal = new Client('/api/am/devportal/v3', () => ({ bearer: session.tokens.access_token }));
    const body = { name: unique('ctl'), throttlingPolicy: 'Unlimited' };
    const { applicationId } = expected(await devportal.request<{ applicationId: string }>('POST /applications', { body }), 201);
    const keys = expected(
      await devportal.request<{ consumerKey: string; consumerSecret: string }>('POST /applications/{applicationId}/generate-keys', {
        path: { applicationId },
        body: { keyType: 'PRODUCTION', grantTypesToBeSupported: ['client_credentials', 'password'] },
      }),
      200,
    );

    const token = await tokenOf({ clientId: keys.consumerKey, clientSecret: keys.consumerSecret }, { grant_type: 'client_credentials' });

    expect(token).toMatchObject({ status: 200, body: { token_type: 'Bearer', scope: 'default' } });
  });

  it('logs out', async () => {
    const { client, tokens } = await login(user);
    const { clientId: username, clientSecret: password } = client;
    const as = { basic: { username, password } };

    const gone = await management.request('POST /oauth2/revoke', { as, urlencoded: { token: tokens.access_token } });

    expect(gone.status).toBe(200);
    expect((await publisher.as({ bearer: tokens.access_token }).request('GET /apis')).status).toBe(401);
  });
});

it('without the administrator’s password the command-line client gets nothing', async () => {
  const body = { clientName: unique('ctl'), owner: 'admin', grantType: 'password', saasApp: true };
  const basic = { username: server.admin.username, password: 'wrong' };

  expect((await management.request('POST /client-registration/v0.17/register', { as: { basic }, body })).status).toBe(401);
  expect((await management.request('POST /client-registration/v0.17/register', { as: NOBODY, body })).status).toBe(401);
});
