import { join } from 'node:path';
import pg from 'pg';
import { Cli } from '../server/cli.js';
import { OAuthServer } from '../server/oauth-server.js';
import { eventually } from '../support/eventually.js';
import { partsOf } from './oauth.js';

/** How long another process's rotation may stay unseen, and then some. */
const SEEN_MS = 20_000;
const APPLICATION = { grant_type: 'client_credentials' };

let server: OAuthServer;

beforeAll(async () => {
  server = await OAuthServer.start({});
});

afterAll(() => server.stop());

/** Runs the command beside the server, on its data. */
const rotate = async (...parameters: readonly string[]) =>
  Cli.run(['keys', 'rotate', ...parameters], {}, server.offset, server.dataDir).end();

const kidOf = (token: string) => String(partsOf(token).header['kid']);
const published = async (): Promise<readonly string[]> =>
  (await server.ask<{ keys: { kid: string }[] }>('GET /oauth2/jwks')).body.keys.map(({ kid }) => kid);

it('changes the signing key under a running server, and no live token is refused', async () => {
  const { path, client } = await server.subscriber();
  const before = (await server.token(client, APPLICATION)).body.access_token;
  const user = await server.passwordTokens(await server.client());
  await eventually(
    () => server.atGateway(path, before),
    ({ status }) => status === 200,
  );

  const { code, output } = await rotate('--after', '1');
  const [, kid = ''] = /^carbon\.super: key (\S+) signs from/m.exec(output) ?? [];

  expect({ code, kid }).toEqual({ code: 0, kid: expect.stringMatching(/^[\w-]{43}$/) });
  await eventually(published, (kids) => kids.includes(kid), SEEN_MS);
  const after = await eventually(
    async () => (await server.token(client, APPLICATION)).body.access_token,
    (token) => kidOf(token) === kid,
    SEEN_MS,
  );
  // The old token, and one of a user at the REST APIs, are as good as the new one.
  expect(kidOf(before)).not.toBe(kid);
  expect((await published()).toSorted()).toEqual([kidOf(before), kid].toSorted());
  for (const token of [before, after]) {
    expect((await server.atGateway(path, token)).status).toBe(200);
    expect(await server.introspect(token)).toMatchObject({ active: true });
  }
  expect((await server.ask('GET /api/am/publisher/v4/key-managers', { bearer: user.access_token })).status).toBe(200);
  // What was signed with the old key can still be given back.
  await server.ask('POST /oauth2/revoke', { basic: client, form: { token: before } });
  expect(await server.introspect(before)).toEqual({ active: false });
  // ID tokens are signed with the new one too.
  const again = await server.token(await server.client(), {
    grant_type: 'password',
    username: 'admin',
    password: 'admin',
    scope: 'openid',
  });
  expect(kidOf(String((again.body as unknown as Record<string, unknown>)['id_token']))).toBe(kid);
});

it('makes a key known long before it signs', async () => {
  const client = await server.client();
  const signing = kidOf((await server.token(client, APPLICATION)).body.access_token);

  const { output } = await rotate('--tenant', 'carbon.super', '--after', '3600');
  const [, kid = ''] = /key (\S+) signs from/.exec(output) ?? [];

  await eventually(published, (kids) => kids.includes(kid), SEEN_MS);
  expect(kidOf((await server.token(client, APPLICATION)).body.access_token)).toBe(signing);
});

it('removes a key whose last token has ended, and no other', async () => {
  const before = await published();
  const database = new pg.Client({ host: join(server.dataDir, 'postgres'), user: 'gatehouse', database: 'postgres' });
  await database.connect();
  // As if a day had passed since the oldest key, and with it its tokens, ended.
  const { rows } = await database.query<{ kid: string }>(
    `UPDATE signing_keys SET covers_until = 1, signs_from = '2020-01-01' WHERE kid =
       (SELECT kid FROM signing_keys WHERE organization = 'carbon.super' ORDER BY signs_from LIMIT 1) RETURNING kid`,
  );
  await database.query(
    `UPDATE signing_keys SET signs_from = '2020-01-02' WHERE kid =
       (SELECT kid FROM signing_keys WHERE organization = 'carbon.super' ORDER BY signs_from LIMIT 1 OFFSET 1)`,
  );
  await database.end();

  await rotate('--after', '3600');

  const after = await eventually(published, (kids) => !kids.includes(rows[0]?.kid ?? ''), SEEN_MS);
  expect(before).toContain(rows[0]?.kid);
  expect(after).toEqual(expect.arrayContaining(before.filter((kid) => kid !== rows[0]?.kid)));
});

it.each([
  [['--tenant', 'nobody.org'], 'there is no tenant nobody.org'],
  [['--after', 'soon'], 'It must be a number of seconds'],
] as const)(
  'refuses %j',
  async (parameters, text) => {
    const { code, output } = await rotate(...parameters);

    expect(code).not.toBe(0);
    expect(output).toContain(text);
  },
  30_000,
);

it('goes on with the new key after a restart, and works without a server', async () => {
  const client = await server.client();
  const live = (await server.token(client, APPLICATION)).body.access_token;
  const { dataDir, offset } = server;
  await server.stop();

  const { code, output } = await Cli.run(['keys', 'rotate', '--after', '0'], {}, offset, dataDir).end();
  server = await OAuthServer.start({}, dataDir);
  const [, kid = ''] = /key (\S+) signs from/.exec(output) ?? [];

  expect(code).toBe(0);
  expect(kidOf((await server.token(client, APPLICATION)).body.access_token)).toBe(kid);
  // The tokens of a server say where it is: this one has other ports, so its own word for the old token is another. The key is known.
  expect(await published()).toContain(kidOf(live));
});
