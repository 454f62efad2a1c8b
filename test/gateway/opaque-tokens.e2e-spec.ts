import { join } from 'node:path';
import { Cli } from '../server/cli.js';
import { OAuthServer } from '../server/oauth-server.js';
import { eventually } from '../support/eventually.js';

const OPAQUE = /^[\w-]{43}$/;
const APPLICATION = { grant_type: 'client_credentials' };

let server: OAuthServer;
let path: string;
let client: Awaited<ReturnType<OAuthServer['client']>>;

beforeAll(async () => {
  server = await OAuthServer.start({
    APIM_APIM__OAUTH_CONFIG__SET_JWT_AS_OPAQUE_TOKEN: 'true',
    APIM_OAUTH__TOKEN_PERSISTENCE__ENABLE: 'true',
    APIM_OAUTH__REVOKED_TOKEN_HEADERS_IN_RESPONSE__ENABLE: 'true',
  });
  ({ path, client } = await server.subscriber());
  const { body } = await server.token(client, APPLICATION);
  await eventually(
    () => server.atGateway(path, body.access_token),
    ({ status }) => status === 200,
  );
});

afterAll(() => server.stop());

const revoke = (token: string) => server.ask('POST /oauth2/revoke', { basic: client, form: { token } });
const passwordTokens = () => server.passwordTokens(client, `own${Math.random()}`);
const statusOf = async (token: string) => (await server.atGateway(path, token)).status;

describe('with set_jwt_as_opaque_token, an application’s tokens', () => {
  it('are opaque, and open its APIs at the gateway', async () => {
    const { body } = await server.token(client, APPLICATION);

    expect(body.access_token).toMatch(OPAQUE);
    expect(await statusOf(body.access_token)).toBe(200);
  });

  it('that were revoked are refused at the gateway within a second, though they were in its memory', async () => {
    const { access_token } = await passwordTokens();
    expect(await statusOf(access_token)).toBe(200);

    await revoke(access_token);

    const refused = await eventually(
      () => server.atGateway(path, access_token),
      ({ status }) => status === 401,
      1_000,
    );
    expect(refused.body.code).toBe('900901');
  });

  it('die at the gateway with the refresh token they came with', async () => {
    const { access_token, refresh_token } = await passwordTokens();
    const { body: next } = await server.token(client, { grant_type: 'refresh_token', refresh_token });
    expect([await statusOf(access_token), await statusOf(next.access_token)]).toEqual([200, 200]);

    await revoke(next.refresh_token);

    for (const token of [access_token, next.access_token])
      await eventually(
        () => statusOf(token),
        (status) => status === 401,
        1_000,
      );
  });

  it('are not refresh tokens, nor made up', async () => {
    const { refresh_token } = await passwordTokens();

    expect((await server.atGateway(path, refresh_token)).body).toMatchObject({ code: '900901' });
    expect((await server.atGateway(path, 'x'.repeat(43))).body).toMatchObject({ code: '900901' });
  });
});

describe('with persistence, opaque tokens', () => {
  it('are handed out again while they live, for the same user and scopes in whatever order', async () => {
    const first = await server.passwordTokens(client, 'a b');
    const again = await server.passwordTokens(client, 'b a');
    const other = await server.passwordTokens(client, 'a');

    expect(again).toEqual({ ...first, scope: 'b a', expires_in: expect.any(Number) });
    expect(again.expires_in).toBeLessThanOrEqual(first.expires_in);
    expect(other.access_token).not.toBe(first.access_token);
  });

  it('are one, however many ask at once', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => server.passwordTokens(client, 'at-once')));

    expect(new Set(all.map(({ access_token }) => access_token)).size).toBe(1);
  });

  it('are new after they were revoked, and after the refresh token was used', async () => {
    const first = await server.passwordTokens(client, 'revoked');
    await revoke(first.access_token);
    const second = await server.passwordTokens(client, 'revoked');
    await server.token(client, { grant_type: 'refresh_token', refresh_token: second.refresh_token });
    const third = await server.passwordTokens(client, 'revoked');

    expect(new Set([first, second, third].map(({ access_token }) => access_token)).size).toBe(3);
    expect(new Set([first, second, third].map(({ refresh_token }) => refresh_token)).size).toBe(3);
  });

  it('live on after a restart, and the revoked ones stay dead', async () => {
    const live = await server.passwordTokens(client, 'restart');
    const dead = await server.passwordTokens(client, 'restart dead');
    await revoke(dead.access_token);

    await server.restart();

    await eventually(
      () => statusOf(live.access_token),
      (status) => status === 200,
    );
    expect(await server.introspect(live.access_token)).toMatchObject({ active: true });
    expect((await server.passwordTokens(client, 'restart')).access_token).toBe(live.access_token);
    expect(await server.introspect(dead.access_token)).toEqual({ active: false });
    expect(await statusOf(dead.access_token)).toBe(401);
  });
});

describe('with revoked_token_headers_in_response, a revocation', () => {
  it('names the token and its user', async () => {
    const { access_token, refresh_token } = await passwordTokens();

    const access = await revoke(access_token);
    const refresh = await revoke(refresh_token);

    expect(access.headers.get('RevokedAccessToken')).toBe(access_token);
    expect(access.headers.get('AuthorizedUser')).toBe('admin@carbon.super');
    expect(refresh.headers.get('RevokedRefreshToken')).toBe(refresh_token);
  });

  it('names nothing that was no token of the client', async () => {
    const { access_token } = await server.passwordTokens(await server.client());

    const { status, headers } = await revoke(access_token);

    expect(status).toBe(200);
    expect(headers.get('RevokedAccessToken')).toBeNull();
    expect(headers.get('AuthorizedUser')).toBeNull();
  });
});

it('a gateway on its own looks opaque tokens up by itself', async () => {
  const socket = join(server.dataDir, 'postgres');
  const alone = await Cli.start(
    { APIM_DATABASE__URL: `postgres://gatehouse@localhost/postgres?host=${encodeURIComponent(socket)}` },
    undefined,
    ['--profile', 'gateway'],
  );
  const { access_token } = await passwordTokens();
  const call = (token: string) => server.ask(`GET ${path}`, { bearer: token }, alone.gateway);

  const served = await eventually(
    () => call(access_token),
    ({ status }) => status === 200,
  );
  await revoke(access_token);
  const refused = await eventually(
    () => call(access_token),
    ({ status }) => status === 401,
  );
  const madeUp = await call('y'.repeat(43));
  await alone.stop();

  expect([served.status, refused.status, madeUp.status]).toEqual([200, 401, 401]);
});
