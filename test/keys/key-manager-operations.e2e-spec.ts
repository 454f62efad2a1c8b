import { type Actor, expected, type OAuthClient, requestToken } from '../support/actor.js';
import { type Body, management, NOBODY } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';
import { introspect } from './oauth.js';

interface Registered {
  readonly client_id: string;
  readonly client_secret: string;
  readonly redirect_uris: readonly string[];
  readonly ext_application_owner: string;
}

interface Secret {
  readonly id: string;
  readonly client_secret: string;
  readonly client_secret_expires_at: number;
}

const REGISTER = 'POST /dcr/register';
const ONE = '/dcr/register/{client_id}';
const OWN_TOKEN = { grant_type: 'client_credentials' };
const MASK = /^\w{3}\*{13}$/;

const registration = (further: Body = {}): Body => ({
  client_name: unique('dcr'),
  redirect_uris: ['https://example.com/back'],
  grant_types: ['client_credentials', 'authorization_code'],
  ...further,
});

const registered = async (by: Actor = given.superAdmin, further: Body = {}): Promise<Registered> =>
  expected(await by.keyManagerOperations<Registered>(REGISTER, { body: registration(further) }), 201);

const clientOf = ({ client_id: clientId, client_secret: clientSecret }: Registered): OAuthClient => ({ clientId, clientSecret });
const pathOf = ({ client_id }: Pick<Registered, 'client_id'>) => ({ client_id, clientId: client_id });
const claimsOf = (jwt: string): Body => JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
const tokenStatus = async (client: OAuthClient): Promise<number> => (await requestToken(client, OWN_TOKEN)).status;

it('decides for which audiences a client’s tokens are, beside itself', async () => {
  const { admin } = await given.organization();
  const { api, application, keys } = await given.subscriber({
    by: admin,
    backend: await given.backend(),
    probe: false,
    with: { audiences: ['urn:orders'] },
  });
  const client = { clientId: keys.consumerKey, clientSecret: keys.consumerSecret };
  const token = async () => expected(await requestToken(client, OWN_TOKEN), 200).access_token;
  const path = { client_id: keys.consumerKey, clientId: keys.consumerKey };
  const refused = await eventually(
    async () => gateway(`${api.url}/x`, { token: await token() }),
    ({ body }) => JSON.stringify(body).includes('900914'),
  );
  expect(refused.status).toBe(403);

  const changed = await admin.keyManagerOperations<Body>(`PUT ${ONE}`, { path, body: { audiences: ['urn:orders', 'urn:b', 'urn:b'] } });

  expect(changed.status).toBe(200);
  const fresh = await token();
  expect(claimsOf(fresh)['aud']).toEqual([keys.consumerKey, 'urn:orders', 'urn:b']);
  expect((await gateway(`${api.url}/x`, { token: fresh })).status).toBe(200);
  // The application's owner, who changes the keys, does not change that.
  const changedKeys = await admin.devportal('PUT /applications/{applicationId}/oauth-keys/{keyMappingId}', {
    path: { applicationId: application.applicationId, keyMappingId: keys.keyMappingId },
    body: { supportedGrantTypes: ['client_credentials', 'password'], callbackUrl: '' },
  });
  expect(changedKeys.status).toBe(200);
  expect(claimsOf(await token())['aud']).toEqual([keys.consumerKey, 'urn:orders', 'urn:b']);
  expect((await admin.keyManagerOperations(`PUT ${ONE}`, { path, body: { audiences: ['x'.repeat(300)] } })).status).toBe(400);
  expected(await admin.keyManagerOperations(`PUT ${ONE}`, { path, body: { audiences: [] } }), 200);
  expect(claimsOf(await token())['aud']).toBe(keys.consumerKey);
});

describe('POST /dcr/register', () => {
  it('makes a client that gets tokens', async () => {
    const body = registration({
      ext_application_token_lifetime: 77,
      ext_client_secret_description: 'first',
      ext_client_secret_expires_in: 3600,
      pkceMandatory: true,
      token_type_extension: 'JWT',
    });

    const answer = await given.superAdmin.keyManagerOperations<Registered>(REGISTER, { body });

    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      client_id: expect.stringMatching(/^\w{20,}$/),
      client_secret: expect.stringMatching(/^\w{20,}$/),
      client_secret_expires_at: expect.stringMatching(/^[1-9]\d+$/),
      redirect_uris: body['redirect_uris'],
      client_name: body['client_name'],
      grant_types: body['grant_types'],
      ext_application_owner: 'admin',
      ext_application_token_lifetime: 77,
      ext_user_token_lifetime: 3600,
      ext_refresh_token_lifetime: 86_400,
      ext_id_token_lifetime: 3600,
      pkceMandatory: true,
      pkceSupportPlain: false,
      bypassClientCredentials: false,
      token_type_extension: 'JWT',
      application_scopes: [],
      ext_client_secret_description: 'first',
    });
    expect((await requestToken(clientOf(answer.body), OWN_TOKEN)).body.expires_in).toBe(77);
  });

  it('takes the id and the secret that the caller chose', async () => {
    const chosen = { ext_param_client_id: unique('my-client.'), ext_param_client_secret: 'cor%rect+horse' };

    const client = await registered(given.superAdmin, chosen);

    expect(clientOf(client)).toEqual({ clientId: chosen.ext_param_client_id, clientSecret: chosen.ext_param_client_secret });
    expect(await tokenStatus(clientOf(client))).toBe(200);
    expect(await tokenStatus({ ...clientOf(client), clientSecret: 'cor%rect+horsf' })).toBe(401);
    expect(await tokenStatus({ ...clientOf(client), clientSecret: encodeURIComponent('cor%rect+horse') })).toBe(200);
  });

  it('keeps several redirect URIs', async () => {
    const redirect_uris = ['https://a.example/cb', 'https://b.example/cb?x=1'];

    const client = await registered(given.superAdmin, { redirect_uris });

    expect(client.redirect_uris).toEqual(redirect_uris);
    const read = await given.superAdmin.keyManagerOperations<Registered>(`GET ${ONE}`, { path: pathOf(client) });
    expect(read.body.redirect_uris).toEqual(redirect_uris);
  });

  it('refuses a name and an id that are taken', async () => {
    const name = unique('dcr');
    const taken = await registered(given.superAdmin, { client_name: name });

    for (const again of [{ client_name: name }, { ext_param_client_id: taken.client_id }]) {
      const answer = await given.superAdmin.keyManagerOperations(REGISTER, { body: registration(again) });
      expect(answer).toMatchObject({ status: 409, body: { code: '900951' } });
    }
  });

  it.each([
    ['no name', { client_name: undefined }],
    ['redirect URIs that are no list', { redirect_uris: 'https://example.com' }],
    ['a life that is no number', { ext_user_token_lifetime: 'soon' }],
    ['a negative life', { ext_user_token_lifetime: -1 }],
    ['a short secret', { ext_param_client_secret: 'short' }],
    ['an id with blanks', { ext_param_client_id: 'a b c' }],
    ['an unknown owner', { ext_application_owner: 'nobody-at-all' }],
    ['an owner of another tenant', { ext_application_owner: 'admin@elsewhere.com' }],
    ['an unknown property', { colour: 'red' }],
  ])('refuses %s', async (_, change) => {
    const answer = await given.superAdmin.keyManagerOperations(REGISTER, { body: registration(change) });

    expect(answer).toMatchObject({ status: 400, body: { code: '400', message: expect.any(String), description: expect.any(String) } });
  });
});

describe('a client', () => {
  it('is read with its secret masked, by its id as it is and encoded', async () => {
    const client = await registered();

    for (const client_id of [client.client_id, Buffer.from(client.client_id).toString('base64url')]) {
      const answer = await given.superAdmin.keyManagerOperations<Registered>(`GET ${ONE}`, { path: { client_id } });
      expect(answer).toMatchObject({ status: 200, body: { client_id: client.client_id, client_secret: expect.stringMatching(MASK) } });
    }
  });

  it('changes what a request names, and keeps the rest', async () => {
    const client = await registered(given.superAdmin, { ext_user_token_lifetime: 60 });
    const path = pathOf(client);
    const read = (await given.superAdmin.keyManagerOperations<Registered>(`GET ${ONE}`, { path })).body;

    const { client_secret_expires_at, ext_client_secret_description, ...sent } = read as Registered & Record<string, unknown>;
    const answer = await given.superAdmin.keyManagerOperations(`PUT ${ONE}`, { path, body: { ...sent, grant_types: ['password'] } });

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ ...read, grant_types: ['password'] });
    expect(await tokenStatus(clientOf(client))).toBe(400);
  });

  it.each([
    ['another id', { client_id: 'another' }],
    ['another secret', { client_secret: 'another-secret' }],
    ['an unknown owner', { ext_application_owner: 'nobody-at-all' }],
  ])('does not change to %s', async (_, body) => {
    const path = pathOf(await registered());

    expect((await given.superAdmin.keyManagerOperations(`PUT ${ONE}`, { path, body })).status).toBe(400);
  });

  it('goes, and its tokens with it', async () => {
    const client = await registered();
    const { access_token: token } = expected(await requestToken(clientOf(client), OWN_TOKEN), 200);
    const path = pathOf(client);

    expect((await given.superAdmin.keyManagerOperations(`DELETE ${ONE}`, { path })).status).toBe(204);

    expect(await tokenStatus(clientOf(client))).toBe(401);
    await eventually(
      () => introspect(token),
      (body) => body['active'] === false,
    );
    for (const operation of [`GET ${ONE}`, `DELETE ${ONE}`])
      expect((await given.superAdmin.keyManagerOperations(operation, { path })).status).toBe(404);
  });

  it('moves to another owner, whose roles its tokens then have', async () => {
    const { admin } = await given.organization();
    const ann = await given.user({ roles: ['Internal/creator'], by: admin });
    const client = await registered(admin);
    const path = pathOf(client);
    const move = (applicationOwner?: string) =>
      admin.keyManagerOperations<Registered>('POST /dcr/register/{clientId}/change-owner', { path, query: { applicationOwner } });

    const moved = await move(ann.username);

    expect(moved).toMatchObject({ status: 201, body: { ext_application_owner: ann.username } });
    const { body } = await requestToken(clientOf(client), { ...OWN_TOKEN, scope: 'apim:api_create apim:admin' });
    expect(body.scope).toBe('apim:api_create');
    expect((await move('nobody-at-all')).status).toBe(400);
    expect((await move()).status).toBe(400);
  });

  it('is hidden from other tenants, though not from the super tenant’s administrator', async () => {
    const { admin, domain } = await given.organization();
    const { admin: other } = await given.organization();
    const path = pathOf(await registered(admin));
    const secretsPath = '/dcr/register/{clientId}/secrets';

    for (const operation of [`GET ${ONE}`, `DELETE ${ONE}`, `GET ${secretsPath}`]) {
      expect((await other.keyManagerOperations(operation, { path })).status).toBe(404);
      expect((await given.superAdmin.keyManagerOperations(operation, { path })).status).toBe(404);
      const there = `${operation.split(' ')[0]} /t/${domain}/keymanager-operations${operation.split(' ')[1]}`;
      expect((await management.request(there, { path, as: other.basic })).status).toBe(403);
    }
    const there = await management.request<Registered>(`GET /t/${domain}/keymanager-operations${ONE}`, {
      path,
      as: given.superAdmin.basic,
    });
    expect(there).toMatchObject({ status: 200, body: { ext_application_owner: admin.username } });
    expect((await management.request(`GET /t/${domain}/keymanager-operations${ONE}`, { path, as: admin.basic })).status).toBe(200);
  });
});

describe('the secrets of a client', () => {
  const SECRETS = '/dcr/register/{clientId}/secrets';

  it('may be several, each of which works until it is removed', async () => {
    const client = await registered();
    const path = pathOf(client);
    const add = (body: Body) =>
      given.superAdmin.keyManagerOperations<Secret>('POST /dcr/register/{clientId}/generate-secret', { path, body });

    const made = expected(await add({ description: 'rotation', expires_in: 3600 }), 201);
    const chosen = expected(await add({ client_secret: 'correct-horse' }), 201);

    expect(made).toMatchObject({ description: 'rotation', client_secret: expect.stringMatching(/^\w{20,}$/) });
    expect(chosen).toMatchObject({ client_secret: 'correct-horse', client_secret_expires_at: 0 });
    const secrets = [client.client_secret, made.client_secret, chosen.client_secret];
    const statuses = () => Promise.all(secrets.map((clientSecret) => tokenStatus({ ...clientOf(client), clientSecret })));
    expect(await statuses()).toEqual([200, 200, 200]);
    const list = await given.superAdmin.keyManagerOperations<{ count: number; list: readonly Secret[] }>(`GET ${SECRETS}`, { path });
    expect(list.body).toMatchObject({ count: 3, list: [{}, { id: made.id }, { id: chosen.id }] });
    expect(list.body.list.every((one) => /^.{3}\*{13}$/.test(one.client_secret))).toBe(true);
    const one = { ...path, secretId: made.id };
    const read = await given.superAdmin.keyManagerOperations<Secret>(`GET ${SECRETS}/{secretId}`, { path: one });
    expect(read.body).toEqual(list.body.list[1]);

    expect((await given.superAdmin.keyManagerOperations(`DELETE ${SECRETS}/{secretId}`, { path: one })).status).toBe(204);

    expect(await statuses()).toEqual([200, 401, 200]);
    for (const method of ['GET', 'DELETE'])
      expect((await given.superAdmin.keyManagerOperations(`${method} ${SECRETS}/{secretId}`, { path: one })).status).toBe(404);
    const newest = { ...path, secretId: chosen.id };
    expect((await given.superAdmin.keyManagerOperations(`DELETE ${SECRETS}/{secretId}`, { path: newest })).status).toBe(400);
  });

  it('are not regenerated where there may be several', async () => {
    const path = pathOf(await registered());

    const answer = await given.superAdmin.keyManagerOperations('POST /dcr/register/{clientId}/regenerate-consumer-secret', { path });

    expect(answer).toMatchObject({ status: 400, body: { code: '900917' } });
  });
});

describe('the claims of a user', () => {
  const CLAIMS = 'GET /user-info/claims';
  const GENERATE = 'POST /user-info/claims/generate';

  it('are told by name, in the dialect asked for', async () => {
    const { admin } = await given.organization();

    const local = await admin.keyManagerOperations<{ count: number; list: readonly Body[] }>(CLAIMS, { query: { username: 'admin' } });
    const oidc = await admin.keyManagerOperations(CLAIMS, {
      query: { username: admin.username, domain: 'PRIMARY', dialect: 'http://wso2.org/oidc/claim' },
    });

    expect(local.body.count).toBe(local.body.list.length);
    expect(local.body.list).toContainEqual({ uri: 'http://wso2.org/claims/givenname', value: 'Anna' });
    expect(local.body.list).toContainEqual({ uri: 'http://wso2.org/claims/username', value: 'admin' });
    expect(oidc.body['list']).toContainEqual({ uri: 'given_name', value: 'Anna' });
  });

  it('are told for the user of a token', async () => {
    const { admin } = await given.organization();
    const ann = await given.user({ by: admin });
    const accessToken = await ann.token('openid');

    const byToken = await admin.keyManagerOperations(GENERATE, { body: { accessToken } });
    const byBoth = await admin.keyManagerOperations(GENERATE, {
      body: { accessToken, username: ann.username, bindFederatedUserClaims: true },
    });

    expect(byToken.status).toBe(200);
    expect(byToken.body['list']).toContainEqual({ uri: 'http://wso2.org/claims/username', value: ann.username.split('@')[0] });
    expect(byBoth.body).toEqual(byToken.body);
    expect((await admin.keyManagerOperations(GENERATE, { body: { accessToken, username: 'admin' } })).status).toBe(400);
    expect((await admin.keyManagerOperations(GENERATE, { body: { accessToken: 'no-token' } })).status).toBe(400);
    expect((await given.superAdmin.keyManagerOperations(GENERATE, { body: { accessToken } })).status).toBe(400);
    expect((await admin.keyManagerOperations(GENERATE, { body: {} })).status).toBe(400);
  });

  it.each([
    ['an unknown user', { username: 'nobody-at-all' }, 404],
    ['a user of another tenant', { username: 'admin@elsewhere.com' }, 404],
    ['a user store that is not there', { username: 'admin', domain: 'SECONDARY.COM' }, 404],
    ['no user', {}, 400],
    ['an unknown dialect', { username: 'admin', dialect: 'urn:example' }, 400],
  ])('are not told for %s', async (_, query: Readonly<Record<string, string>>, status) => {
    expect((await given.superAdmin.keyManagerOperations(CLAIMS, { query })).status).toBe(status);
  });
});

describe('POST /revoke-one-time-token', () => {
  const REVOKE = 'POST /revoke-one-time-token';
  const isActive = async (token: string) => (await introspect(token))['active'];

  it('ends the token, of the client it names', async () => {
    const client = await registered();
    const { access_token: token } = expected(await requestToken(clientOf(client), OWN_TOKEN), 200);
    const { admin: other } = await given.organization();

    expected(await given.superAdmin.keyManagerOperations(REVOKE, { body: { token, consumer_key: 'another' } }), 200);
    expected(await other.keyManagerOperations(REVOKE, { body: { token, consumer_key: client.client_id } }), 200);
    expect(await isActive(token)).toBe(true);

    expected(await given.superAdmin.keyManagerOperations(REVOKE, { body: { token, consumer_key: client.client_id } }), 200);
    expect(await isActive(token)).toBe(false);
    expect((await given.superAdmin.keyManagerOperations(REVOKE, { body: { token: 'no-token' } })).status).toBe(200);
    expect((await given.superAdmin.keyManagerOperations(REVOKE, { body: {} })).status).toBe(400);
  });
});

describe('the operations of the key manager', () => {
  const OPERATIONS = [
    REGISTER,
    `GET ${ONE}`,
    `PUT ${ONE}`,
    `DELETE ${ONE}`,
    'POST /dcr/register/{clientId}/change-owner',
    'POST /dcr/register/{clientId}/regenerate-consumer-secret',
    'POST /dcr/register/{clientId}/generate-secret',
    'GET /dcr/register/{clientId}/secrets',
    'GET /dcr/register/{clientId}/secrets/{secretId}',
    'DELETE /dcr/register/{clientId}/secrets/{secretId}',
    'GET /user-info/claims',
    'POST /user-info/claims/generate',
    'POST /revoke-one-time-token',
  ];

  it.each(OPERATIONS)('%s is for administrators', async (operation) => {
    const path = { client_id: 'x', clientId: 'x', secretId: 'x' };
    const ann = await given.user({ roles: ['Internal/creator', 'Internal/publisher', 'Internal/subscriber'] });

    expect((await ann.keyManagerOperations(operation, { path })).status).toBe(403);
    expect((await ann.keyManagerOperations(operation, { path, as: NOBODY })).status).toBe(401);
    const wrong = { basic: { username: 'admin', password: 'wrong' } };
    expect((await ann.keyManagerOperations(operation, { path, as: wrong })).status).toBe(401);
  });

  it('take a token with their scope, and no other', async () => {
    const path = pathOf(await registered());
    const bearer = await given.superAdmin.token('internal_application_mgt_view');

    expect((await given.superAdmin.keyManagerOperations(`GET ${ONE}`, { path, as: { bearer } })).status).toBe(200);
    expect((await given.superAdmin.keyManagerOperations(`DELETE ${ONE}`, { path, as: { bearer } })).status).toBe(403);
  });
});
