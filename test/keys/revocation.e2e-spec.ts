import { management } from '../support/client.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';
import { basic, introspect, isSignedByJwks, partsOf, passwordTokens, register, tokenOf, useAtRestApi } from './oauth.js';

const { admin } = server;
const INACTIVE = { active: false };

const revoke = (client: Parameters<typeof basic>[0], token: string) =>
  management.request('POST /oauth2/revoke', { as: basic(client), urlencoded: { token } });

describe('introspection', () => {
  it('tells an administrator about a user’s token', async () => {
    const client = await register();
    const { access_token } = await passwordTokens(client);

    const body = await introspect(access_token);

    const { claims } = partsOf(access_token);
    const { iss, sub, jti, iat, nbf, exp, scope, aut, azp, aud } = claims;
    expect(body).toEqual({
      active: true,
      username: `${admin.username}@carbon.super`,
      client_id: client.clientId,
      token_type: 'Bearer',
      ...{ iss, sub, jti, iat, nbf, exp, scope, aut, azp, aud },
    });
  });

  it('shows a client only its own tokens', async () => {
    const [client, other] = [await register(), await register()];
    const { access_token } = await passwordTokens(client);
    const ask = (as: typeof client) =>
      management.request('POST /oauth2/introspect', { as: basic(as), urlencoded: { token: access_token } });

    expect((await ask(client)).body).toMatchObject({ active: true });
    expect((await ask(other)).body).toEqual(INACTIVE);
  });

  it('refuses a user who is no administrator, and a wrong password', async () => {
    const user = await given.user();
    const ask = (username: string, password: string) =>
      management.request('POST /oauth2/introspect', { as: { basic: { username, password } }, urlencoded: { token: 'x' } });

    expect((await ask(user.username, user.password)).status).toBe(401);
    expect((await ask(admin.username, 'wrong')).status).toBe(401);
  });

  it.each(['nonsense', 'a.b.c', ''.padEnd(5000, 'x')])('calls %.10s inactive', async (token) =>
    expect(await introspect(token)).toEqual(INACTIVE));

  it('needs a token', async () => {
    const answer = await management.request('POST /oauth2/introspect', { as: { basic: admin }, urlencoded: {} });

    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });
});

describe('revocation', () => {
  it('kills an access token at once, and answers nothing', async () => {
    const client = await register();
    const { access_token } = await passwordTokens(client);
    expect((await useAtRestApi(access_token)).status).toBe(200);

    const { status, body } = await revoke(client, access_token);

    expect({ status, body }).toEqual({ status: 200, body: undefined });
    expect((await useAtRestApi(access_token)).status).toBe(401);
    expect(await introspect(access_token)).toEqual(INACTIVE);
    expect(await isSignedByJwks(access_token)).toBe(true);
  });

  it('of a refresh token kills the access token that came with it', async () => {
    const client = await register();
    const { access_token, refresh_token } = await passwordTokens(client);

    await revoke(client, refresh_token);

    expect((await useAtRestApi(access_token)).status).toBe(401);
    expect(await tokenOf(client, { grant_type: 'refresh_token', refresh_token })).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });

  it('answers the same for a foreign and for an unknown token, and leaves the foreign one alive', async () => {
    const [client, other] = [await register(), await register()];
    const { access_token } = await passwordTokens(client);

    expect((await revoke(other, access_token)).status).toBe(200);
    expect((await revoke(other, 'unknown')).status).toBe(200);

    expect(await introspect(access_token)).toMatchObject({ active: true });
  });

  it('needs a client, and a token', async () => {
    const client = await register();

    expect(await revoke({ ...client, clientSecret: 'wrong' }, 'x')).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect(await management.request('POST /oauth2/revoke', { as: basic(client), urlencoded: {} })).toMatchObject({ status: 400 });
  });
});

describe('user info', () => {
  it('is for tokens with the scope openid', async () => {
    const client = await register();
    const { access_token } = await passwordTokens(client);

    const { status, headers, body } = await management.request('GET /oauth2/userinfo', { as: { bearer: access_token } });

    expect({ status, body }).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } });
    expect(headers['www-authenticate']).toContain('error="insufficient_scope"');
  });

  it('refuses refresh tokens, ID tokens, revoked ones and none', async () => {
    const client = await register();
    const tokens = await passwordTokens(client, admin, 'openid');
    await revoke(client, tokens.access_token);

    for (const bearer of [tokens.access_token, tokens.refresh_token, tokens.id_token, 'x']) {
      expect(await management.request('GET /oauth2/userinfo', { as: { bearer } })).toMatchObject({
        status: 401,
        body: { error: 'invalid_token' },
      });
    }
    expect((await management.request('GET /oauth2/userinfo')).status).toBe(401);
  });
});
