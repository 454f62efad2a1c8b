import { join } from 'node:path';
import pg from 'pg';
import { type Client, OAuthServer } from '../server/oauth-server.js';
import { partsOf } from './oauth.js';

const INACTIVE = { active: false };
let plain: OAuthServer;
let keeping: OAuthServer;

beforeAll(async () => {
  [plain, keeping] = await Promise.all([
    OAuthServer.start({ APIM_OAUTH__RESTRICT_UNASSIGNED_SCOPES: 'true', APIM_OAUTH__ALLOWED_SCOPES: '["^own_.*"]' }),
    OAuthServer.start({ APIM_OAUTH__TOKEN_PERSISTENCE__ENABLE: 'true' }),
  ]);
});
afterAll(() => Promise.all([plain.stop(), keeping.stop()]));

/** Looks into the server's own database. */
const rows = async <T extends object>(server: OAuthServer, text: string): Promise<readonly T[]> => {
  const client = new pg.Client({ host: join(server.dataDir, 'postgres'), user: 'gatehouse', database: 'postgres' });
  await client.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
  }
};

/** The client's tokens in the database; those of all clients unless one is named. */
const kept = async (server: OAuthServer, client?: Client) =>
  rows<{ kind: string; jti: string; scope: string; text: string }>(
    server,
    `SELECT kind, jti, scope, oauth_tokens::text AS text FROM oauth_tokens ${client ? `WHERE client_id = '${client.clientId}'` : ''} ORDER BY kind`,
  );

const revoke = (server: OAuthServer, client: Client, token: string) =>
  server.ask('POST /oauth2/revoke', { basic: client, form: { token } });

it('leaves no JWT behind unless told to, only revocations, and those outlive a restart', async () => {
  const server = plain;
  const client = await server.client();
  const [live, dead] = [await server.passwordTokens(client), await server.passwordTokens(client)];
  const { headers } = await revoke(server, client, dead.access_token);
  await server.token(client, { grant_type: 'refresh_token', refresh_token: live.refresh_token });

  await server.restart();

  expect(await kept(server)).toEqual([]);
  expect(headers.get('RevokedAccessToken')).toBeNull();
  expect(await server.introspect(live.access_token)).toMatchObject({ active: true });
  expect(await server.introspect(dead.access_token)).toEqual(INACTIVE);
  expect(await server.token(client, { grant_type: 'refresh_token', refresh_token: live.refresh_token })).toMatchObject({ status: 400 });
});

it('keeps JWTs by their hash where persistence is on, never the token itself', async () => {
  const server = keeping;
  const client = await server.client();

  const [one, two] = [await server.passwordTokens(client), await server.passwordTokens(client)];

  const tokens = await kept(server, client);
  expect(tokens.map(({ kind }) => kind)).toEqual(['access', 'access', 'refresh', 'refresh']);
  expect(new Set(tokens.map(({ jti }) => jti))).toEqual(
    new Set(
      [one, two].flatMap(({ access_token, refresh_token }) => [access_token, refresh_token].map((token) => partsOf(token).claims.jti)),
    ),
  );
  // A JWT is a new one each time, also then.
  expect(one.access_token).not.toBe(two.access_token);
  for (const { text } of tokens)
    for (const secret of [one, two].flatMap(({ access_token, refresh_token }) => [access_token, refresh_token]))
      expect(text).not.toContain(secret.split('.')[2]);
});

it('a revoked one is kept no longer, and what came with a revoked refresh token is dead', async () => {
  const server = keeping;
  const client = await server.client();
  const { access_token, refresh_token } = await server.passwordTokens(client);

  await revoke(server, client, refresh_token);

  expect((await kept(server, client)).map(({ kind }) => kind)).toEqual(['access']);
  await server.restart();
  expect(await server.introspect(access_token)).toEqual(INACTIVE);
});

it('grants scopes that no API has to nobody where unassigned ones are restricted', async () => {
  const server = plain;
  const client = await server.client();

  const { scope } = await server.passwordTokens(client, 'made_up own_1 device_1 apim:api_view');

  expect(scope).toBe('own_1 device_1 apim:api_view');
  expect((await server.passwordTokens(client, 'made_up')).scope).toBe('default');
});
