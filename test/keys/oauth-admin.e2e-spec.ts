import { type Actor, expected, type OAuthClient, registerClient, requestToken } from '../support/actor.js';
import { oauthAdmin } from '../support/admin-services.js';
import { auditOf } from '../support/audit.js';
import { management } from '../support/client.js';
import { given } from '../support/given.js';

const { superAdmin } = given;
const admin = oauthAdmin(superAdmin);
const DONE = { status: 200, returned: [null], fault: undefined };

const registered = (by: Actor = superAdmin): Promise<OAuthClient> => registerClient(by.username, by.password);
const tokenOf = (client: OAuthClient) =>
  requestToken(client, {
    grant_type: 'password',
    username: superAdmin.username,
    password: superAdmin.password,
    scope: 'openid apim:subscribe',
  });
const stateOf = async ({ clientId: consumerKey }: OAuthClient): Promise<unknown> =>
  ((await admin('getOAuthApplicationData', { consumerKey })).returned[0] as { state: string }).state; // the bean of the schema
const setState = ({ clientId: consumerKey }: OAuthClient, newState: string) => admin('updateConsumerAppState', { consumerKey, newState });

it('shows a client', async () => {
  const { clientId, clientSecret } = await registered();

  const answer = await admin('getOAuthApplicationData', { consumerKey: clientId });

  expect(answer).toMatchObject({
    status: 200,
    returned: [
      {
        ...{
          OAuthVersion: 'OAuth-2.0',
          oauthConsumerKey: clientId,
          oauthConsumerSecret: `${clientSecret.slice(0, 3)}*************`,
          state: 'ACTIVE',
          username: 'admin',
        },
        ...{ callbackUrl: 'www.example.com', grantTypes: 'client_credentials password refresh_token', bypassClientCredentials: 'false' },
        ...{ applicationAccessTokenExpiryTime: expect.stringMatching(/^\d+$/), pkceMandatory: 'false', tokenType: expect.any(String) },
      },
    ],
  });
  expect(answer.text).toContain('"http://dto.oauth.identity.carbon.wso2.org/xsd"');
});

it('takes a client out of use, which ends its tokens, and puts it back', async () => {
  const client = await registered();
  const { access_token: bearer, refresh_token: refresh = '' } = expected(await tokenOf(client), 200);
  const userinfo = () => management.request('GET /oauth2/userinfo', { as: { bearer } });
  const applications = () => management.request('GET /api/am/devportal/v3/applications', { as: { bearer } });
  expect([(await userinfo()).status, (await applications()).status]).toEqual([200, 200]);

  expect(await setState(client, 'REVOKED')).toMatchObject(DONE);

  expect(await stateOf(client)).toBe('REVOKED');
  expect(await tokenOf(client)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  expect(await requestToken(client, { grant_type: 'refresh_token', refresh_token: refresh })).toMatchObject({ status: 401 });
  expect([(await userinfo()).status, (await applications()).status]).toEqual([401, 401]);
  const query = { response_type: 'code', client_id: client.clientId, redirect_uri: 'www.example.com', scope: 'openid' };
  expect(String((await management.request('GET /oauth2/authorize', { query })).headers['location'])).not.toContain('login.do');

  expect(await setState(client, 'ACTIVE')).toMatchObject(DONE);
  expect(await stateOf(client)).toBe('ACTIVE');
  expect(await tokenOf(client)).toMatchObject({ status: 200 });
  expect((await applications()).status).toBe(401);
  expect(await requestToken(client, { grant_type: 'refresh_token', refresh_token: refresh })).toMatchObject({ status: 400 });
});

it('leaves the keys of an application to be seen and changed while their client is out of use', async () => {
  const application = await given.application();
  const { consumerKey, consumerSecret, keyMappingId } = await given.keys(application);
  const path = { applicationId: application.applicationId, keyMappingId };
  expect(await setState({ clientId: consumerKey, clientSecret: consumerSecret }, 'REVOKED')).toMatchObject(DONE);

  expect(await superAdmin.devportal('GET /applications/{applicationId}/oauth-keys/{keyMappingId}', { path })).toMatchObject({
    status: 200,
    body: { consumerKey },
  });
  const body = { supportedGrantTypes: ['client_credentials'], keyType: 'PRODUCTION', callbackUrl: '', additionalProperties: {} };
  expect(await superAdmin.devportal('PUT /applications/{applicationId}/oauth-keys/{keyMappingId}', { path, body })).toMatchObject({
    status: 200,
  });
  expect(await stateOf({ clientId: consumerKey, clientSecret: consumerSecret })).toBe('REVOKED');
  const token = await superAdmin.devportal('POST /applications/{applicationId}/oauth-keys/{keyMappingId}/generate-token', {
    path,
    body: { consumerSecret, validityPeriod: 3600, scopes: [], additionalProperties: {} },
  });
  expect(token.status).toBeGreaterThanOrEqual(400);
  expect(token.status).toBeLessThan(500);
});

it('removes a client, which ends its tokens', async () => {
  const client = await registered();
  const { access_token: bearer } = expected(await tokenOf(client), 200);

  expect(await admin('removeOAuthApplicationData', { consumerKey: client.clientId })).toMatchObject(DONE);

  expect(await management.request('GET /oauth2/userinfo', { as: { bearer } })).toMatchObject({ status: 401 });
  expect(await tokenOf(client)).toMatchObject({ status: 401 });
  expect(await admin('getOAuthApplicationData', { consumerKey: client.clientId })).toMatchObject({
    status: 500,
    fault: { faultcode: 'soapenv:Server', faultstring: expect.stringContaining(client.clientId), detail: expect.anything() },
  });
});

it('refuses another state, clients that are none, and whoever is no administrator of the tenant', async () => {
  const client = await registered();
  const { clientId: consumerKey } = client;
  const { admin: other } = await given.organization();
  const plain = await given.user({ roles: ['Internal/subscriber', 'Internal/creator'] });

  expect(await setState(client, 'SLEEPING')).toMatchObject({ status: 500, fault: { faultcode: 'soapenv:Client' } });
  for (const [operation, parts] of [
    ['getOAuthApplicationData', {}],
    ['updateConsumerAppState', { newState: 'REVOKED' }],
    ['removeOAuthApplicationData', {}],
  ] as const) {
    expect(await admin(operation, { consumerKey: 'nobody', ...parts })).toMatchObject({
      status: 500,
      fault: { faultcode: 'soapenv:Server' },
    });
    expect(await oauthAdmin(other)(operation, { consumerKey, ...parts })).toMatchObject({
      status: 500,
      fault: { faultcode: 'soapenv:Server' },
    });
    expect(await oauthAdmin(plain)(operation, { consumerKey, ...parts })).toMatchObject({ status: 500, fault: { faultcode: '50978' } });
  }
  expect(await tokenOf(client)).toMatchObject({ status: 200 });
});

it('is in the audit entries', async () => {
  const client = await registered();
  await setState(client, 'REVOKED');

  const [entry] = (await auditOf(superAdmin, { kind: 'OAuthClient' })).filter(({ entityId }) => entityId === client.clientId);

  expect(entry).toMatchObject({ action: 'updated', entityId: client.clientId, user: `${superAdmin.username}@carbon.super` });
  expect(JSON.stringify(entry?.after)).toContain('"isRevoked":true');
});
