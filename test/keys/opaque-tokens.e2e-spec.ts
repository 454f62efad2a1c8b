import { randomUUID } from 'node:crypto';
import { expected, type OAuthClient } from '../support/actor.js';
import { management } from '../support/client.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';
import { unique } from '../support/unique.js';
import { basic, introspect, passwordTokens, type Tokens, tokenOf, useAtRestApi } from './oauth.js';

const INACTIVE = { active: false };
const OPAQUE = /^[\w-]{43}$/;

/** A client whose tokens are opaque. */
const opaqueClient = async (as = server.admin): Promise<OAuthClient> =>
  expected(
    await management.request<OAuthClient>('POST /client-registration/v0.17/register', {
      as: { basic: as },
      body: {
        ...{ callbackUrl: '', clientName: unique('opaque'), owner: as.username, saasApp: true },
        ...{ grantType: 'client_credentials password refresh_token', tokenType: 'OAUTH' },
      },
    }),
    200,
  );

const revoke = (client: OAuthClient, token: string) =>
  management.request('POST /oauth2/revoke', { as: basic(client), urlencoded: { token } });

const refresh = (client: OAuthClient, refresh_token: string) => tokenOf(client, { grant_type: 'refresh_token', refresh_token });

describe('the tokens of a client of type OAUTH', () => {
  it('say nothing by themselves, and are new each time', async () => {
    const client = await opaqueClient();

    const [one, two] = [await passwordTokens(client), await passwordTokens(client)];

    expect([one.access_token, one.refresh_token]).toEqual([expect.stringMatching(OPAQUE), expect.stringMatching(OPAQUE)]);
    expect(new Set([one.access_token, one.refresh_token, two.access_token, two.refresh_token]).size).toBe(4);
    expect(one).toMatchObject({ expires_in: 3600, token_type: 'Bearer', scope: 'apim:api_view' });
  });

  it('open the REST APIs for their scopes', async () => {
    const client = await opaqueClient();
    const { access_token } = await passwordTokens(client);
    const other = await passwordTokens(client, server.admin, 'apim:subscribe');

    expect((await useAtRestApi(access_token)).status).toBe(200);
    expect((await useAtRestApi(other.access_token)).status).toBe(401);
    expect((await useAtRestApi(randomUUID())).status).toBe(401);
  });

  it('are explained by introspection, with the user behind them', async () => {
    const client = await opaqueClient();
    const { access_token, refresh_token } = await passwordTokens(client);

    expect(await introspect(access_token)).toEqual({
      ...{ active: true, token_type: 'Bearer', scope: 'apim:api_view', aut: 'APPLICATION_USER' },
      ...{ client_id: client.clientId, azp: client.clientId, aud: client.clientId },
      ...{ iss: `${server.management}/oauth2/token`, username: `${server.admin.username}@carbon.super` },
      ...{ sub: expect.any(String), jti: expect.any(String), iat: expect.any(Number), nbf: expect.any(Number), exp: expect.any(Number) },
    });
    expect(await introspect(refresh_token)).toMatchObject({ active: true, token_type: 'Refresh' });
  });

  it('tell who the user is where openid was granted', async () => {
    const client = await opaqueClient();
    const { access_token } = await passwordTokens(client, server.admin, 'openid');

    const { status, body } = await management.request('GET /oauth2/userinfo', { as: { bearer: access_token } });

    expect({ status, body }).toMatchObject({ status: 200, body: { sub: (await introspect(access_token))['sub'] } });
  });

  it('die when they are given back', async () => {
    const client = await opaqueClient();
    const { access_token, refresh_token } = await passwordTokens(client);

    await revoke(client, access_token);

    expect((await useAtRestApi(access_token)).status).toBe(401);
    expect(await introspect(access_token)).toEqual(INACTIVE);
    expect(await introspect(refresh_token)).toMatchObject({ active: true });
  });

  it('die together when the refresh token is given back', async () => {
    const client = await opaqueClient();
    const { access_token, refresh_token } = await passwordTokens(client);

    await revoke(client, refresh_token);

    expect(await introspect(access_token)).toEqual(INACTIVE);
    expect(await refresh(client, refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('are another client’s business no more than a JWT', async () => {
    const [client, other] = [await opaqueClient(), await opaqueClient()];
    const { access_token, refresh_token } = await passwordTokens(client);

    await revoke(other, access_token);

    expect(await refresh(other, refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(await introspect(access_token)).toMatchObject({ active: true });
  });

  it('give new ones for the refresh token, which is used up', async () => {
    const client = await opaqueClient();
    const { refresh_token } = await passwordTokens(client);

    const next: Tokens = expected(await refresh(client, refresh_token), 200);

    expect((await useAtRestApi(next.access_token)).status).toBe(200);
    expect((await refresh(client, refresh_token)).status).toBe(400);
    expect((await refresh(client, next.refresh_token)).status).toBe(200);
  });

  it('of the application itself work too', async () => {
    const client = await opaqueClient();

    const { access_token, refresh_token } = expected(await tokenOf(client, { grant_type: 'client_credentials' }), 200);

    expect(refresh_token).toBeUndefined();
    expect(await introspect(access_token)).toMatchObject({ active: true, aut: 'APPLICATION', sub: client.clientId });
  });

  it('die with the lock of their user', async () => {
    const user = await given.user();
    const client = await opaqueClient();
    const { access_token } = await passwordTokens(client, { username: user.username, password: user.password }, 'openid');
    expect(await introspect(access_token)).toMatchObject({ active: true });

    const found = await given.superAdmin.scim<{ Resources: { id: string }[] }>('GET /Users', {
      query: { filter: `userName eq ${user.username}` },
    });
    await given.superAdmin.scim('PATCH /Users/{id}', {
      path: { id: found.body.Resources[0]?.id ?? '' },
      body: {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: [{ op: 'replace', value: { 'urn:scim:wso2:schema': { accountLocked: true } } }],
      },
    });

    expect(await introspect(access_token)).toEqual(INACTIVE);
  });
});
