import { type Actor, expected } from '../support/actor.js';
import type { Body, RequestOptions } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { type GivenApplication, given } from '../support/given.js';
import { type IdentityProvider, startIdentityProvider } from '../support/identity-provider.js';
import { unique } from '../support/unique.js';

interface Keys {
  readonly keyMappingId: string;
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly supportedGrantTypes: readonly string[];
  readonly callbackUrl: string;
  readonly token: { readonly accessToken: string } | null;
  readonly additionalProperties: Readonly<Record<string, unknown>>;
}

let admin: Actor;
let idp: IdentityProvider;
let application: GivenApplication;
beforeAll(async () => {
  idp = await startIdentityProvider();
});
afterAll(() => idp.close());
beforeEach(async () => {
  ({ admin } = await given.organization());
  application = await given.application(admin);
});

/** A key manager that makes clients at the provider; gives its name. */
const connected = async (changes: Body = {}, by = admin, path = '/key-managers'): Promise<string> => {
  const discovered = expected(
    await admin.admin<{ value: Body }>('POST /key-managers/discover', {
      form: { url: `${idp.issuer}/.well-known/openid-configuration`, type: 'oidc' },
    }),
    200,
  ).value;
  const body = {
    ...discovered,
    name: unique('Idp'),
    enableTokenGeneration: true,
    enableOAuthAppCreation: true,
    enableMapOAuthConsumerApps: true,
    additionalProperties: { registration_authentication: 'InitialAccessToken', initial_access_token: idp.initialAccessToken },
    ...changes,
  };
  return expected(await by.admin<{ name: string }>(`POST ${path}`, { body }), 201).name;
};

const on = <T = Keys>(operation: string, options: RequestOptions = {}, keyMappingId = '') =>
  admin.devportal<T>(operation, { path: { applicationId: application.applicationId, keyMappingId }, ...options });
const generate = (keyManager: string, changes: Body = {}) =>
  on('POST /applications/{applicationId}/generate-keys', {
    body: { keyType: 'PRODUCTION', keyManager, grantTypesToBeSupported: ['client_credentials'], ...changes },
  });
const MAPPING = '/applications/{applicationId}/oauth-keys/{keyMappingId}';

it('makes clients at an OpenID provider, whose tokens open APIs', async () => {
  const name = await connected();
  const api = await given.publishedApi({ by: admin, backend: await given.backend() });
  await given.subscription(api, application, { by: admin });

  const keys = expected(await generate(name), 200);

  expect(keys.supportedGrantTypes).toEqual(['client_credentials']);
  expect(JSON.stringify(keys)).not.toContain('registration_access_token');
  const own = await idp.token({ clientId: keys.consumerKey, clientSecret: keys.consumerSecret });
  for (const token of [own, keys.token?.accessToken ?? '']) {
    const answer = await eventually(
      () => gateway(`${api.url}/x`, { token }),
      ({ status }) => status === 200,
    );
    expect(answer.status).toBe(200);
  }
});

it('changes and removes them there', async () => {
  const name = await connected();
  const keys = expected(await generate(name), 200);
  const client = { clientId: keys.consumerKey, clientSecret: keys.consumerSecret };
  const change = { supportedGrantTypes: ['authorization_code', 'client_credentials'], callbackUrl: 'https://app.test/cb' };

  const changed = expected(await on(`PUT ${MAPPING}`, { body: change }, keys.keyMappingId), 200);

  expect(changed).toMatchObject({ supportedGrantTypes: change.supportedGrantTypes, callbackUrl: change.callbackUrl });
  expect(await idp.token(client)).toMatch(/\./);
  expected(await on(`DELETE ${MAPPING}`, {}, keys.keyMappingId), 200);
  const gone = await eventually(
    () => idp.token(client).catch((err: Error) => err.message),
    (answer) => answer.includes('invalid_client'),
  );
  expect(gone).toContain('invalid_client');
});

it('hands on what the provider refuses, and keeps no half-made keys', async () => {
  const name = await connected();

  const refused = await generate(name, { grantTypesToBeSupported: ['made-up'] });

  expect(refused.status).toBe(400);
  expect(JSON.stringify(refused.body)).toContain('grant_types');
  expect((await on<{ count: number }>('GET /applications/{applicationId}/oauth-keys')).body.count).toBe(0);
  expected(await generate(name), 200);
});

it('fails promptly when the credentials are wrong or nobody is there', async () => {
  const stranger = await connected({
    additionalProperties: { registration_authentication: 'InitialAccessToken', initial_access_token: 'wrong' },
  });
  const gone = await connected({ clientRegistrationEndpoint: 'http://127.0.0.1:9/register' });

  expect(await generate(stranger)).toMatchObject({ status: 400, body: { description: expect.stringContaining('answered 401') } });
  expect(await generate(gone)).toMatchObject({ status: 409, body: { description: `The key manager ${gone} cannot be reached` } });
});

describe('a global key manager', () => {
  const idOf = async (name: string): Promise<string> => {
    const { list } = expected(await admin.admin<{ list: readonly { id: string; name: string }[] }>('GET /key-managers'), 200);
    return list.find((one) => one.name === name)?.id ?? '';
  };
  const remove = (keyManagerId: string) =>
    given.superAdmin.admin<Body>('DELETE /global-key-managers/{keyManagerId}', { path: { keyManagerId } });

  it('makes clients for the applications of every tenant, which one tenant cannot take from another', async () => {
    const name = await connected({}, given.superAdmin, '/global-key-managers');
    const api = await given.publishedApi({ by: admin, backend: await given.backend() });
    await given.subscription(api, application, { by: admin });
    const keys = expected(await generate(name), 200);
    const client = { clientId: keys.consumerKey, clientSecret: keys.consumerSecret };

    const answer = await eventually(
      async () => gateway(`${api.url}/x`, { token: await idp.token(client) }),
      ({ status }) => status === 200,
    );

    expect(answer.status).toBe(200);
    // Client ids are no secrets: another tenant may map one, and gets nothing that the secret would open.
    const { admin: other } = await given.organization();
    const { applicationId } = await given.application(other);
    const body = { keyType: 'PRODUCTION', keyManager: name, consumerKey: keys.consumerKey };
    const mapped = await other.devportal<Keys>('POST /applications/{applicationId}/map-keys', { path: { applicationId }, body });
    const path = { applicationId, keyMappingId: expected(mapped, 200).keyMappingId };
    expect(mapped.body.consumerSecret).toBe('');
    for (const operation of [`PUT ${MAPPING}`, `POST ${MAPPING}/regenerate-secret`]) {
      expect((await other.devportal(operation, { path, body: { supportedGrantTypes: ['password'] } })).status).toBe(403);
    }
    expect((await other.devportal(`POST ${MAPPING}/generate-token`, { path, body: {} })).status).toBe(400);
    expected(await other.devportal(`DELETE ${MAPPING}`, { path }), 200);
    expect(await idp.token(client)).toMatch(/\./);

    expected(await on(`DELETE ${MAPPING}`, {}, keys.keyMappingId), 200);
    expect((await remove(await idOf(name))).status).toBe(200);
  });

  it('lets a client that exists act for an application, and stays while it does', async () => {
    const name = await connected({}, given.superAdmin, '/global-key-managers');
    const api = await given.publishedApi({ by: admin, backend: await given.backend() });
    await given.subscription(api, application, { by: admin });
    const client = await idp.client();
    const body = { keyType: 'PRODUCTION', keyManager: name, consumerKey: client.clientId, consumerSecret: client.clientSecret };
    const mapping = expected(await on('POST /applications/{applicationId}/map-keys', { body }), 200);
    await eventually(
      async () => gateway(`${api.url}/x`, { token: await idp.token(client) }),
      ({ status }) => status === 200,
    );
    const token = expected(await on<{ accessToken: string }>(`POST ${MAPPING}/generate-token`, { body: {} }, mapping.keyMappingId), 200);
    expect((await gateway(`${api.url}/x`, { token: token.accessToken })).status).toBe(200);

    const path = { keyManagerId: await idOf(name) };
    expect(await remove(path.keyManagerId)).toMatchObject({ status: 412, body: { code: 902015 } });
    const uses = await admin.admin<Body>('GET /key-managers/{keyManagerId}/app-usages', { path });
    expect(uses.body).toMatchObject({ applicationCount: 1, applications: [{ uuid: application.applicationId }] });
    expected(await on(`DELETE ${MAPPING}`, {}, mapping.keyMappingId), 200);
    expect((await remove(path.keyManagerId)).status).toBe(200);
    expect(
      await eventually(
        async () => gateway(`${api.url}/x`, { token: token.accessToken }),
        ({ status }) => status === 401,
      ),
    ).toMatchObject({ status: 401, body: { code: '900901' } });
  });
});
