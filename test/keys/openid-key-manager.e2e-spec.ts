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
const connected = async (changes: Body = {}): Promise<string> => {
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
  return expected(await admin.admin<{ name: string }>('POST /key-managers', { body }), 201).name;
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
