import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { eventually } from '../support/eventually.js';
import { Cli } from './cli.js';
import { OAuthServer } from './oauth-server.js';

const APPLICATION = { grant_type: 'client_credentials' };
const SECRETS = 2_000;

const query = async <T extends object>(dataDir: string, text: string): Promise<readonly T[]> => {
  const host = readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[4] ?? '';
  const client = new Client({ host, user: 'gatehouse', database: 'postgres' });
  await client.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
  }
};

const keysIn = (dataDir: string): readonly string[] => readFileSync(join(dataDir, 'encryption.key'), 'utf8').trim().split('\n');

/** Ids of the keys that stored secrets of clients are under, with how many each. */
const sealedUnder = (dataDir: string) =>
  query<{ id: string; n: number }>(
    dataDir,
    `SELECT split_part(secret, ':', 2) AS id, count(*)::int AS n FROM oauth_client_secrets GROUP BY 1`,
  );

it('loses nothing when a rotation of the encryption key and the server are killed in the middle', async () => {
  const server = await OAuthServer.start({});
  const { dataDir } = server;
  const client = await server.client();
  const token = (await server.token(client, APPLICATION)).body.access_token;
  await query(
    dataDir,
    `INSERT INTO oauth_client_secrets (id, organization, client_id, secret, hash, description)
     SELECT gen_random_uuid(), organization, client_id, secret, hash, 'copy' FROM oauth_client_secrets, generate_series(1, ${SECRETS})
     WHERE client_id = '${client.clientId}'`,
  );

  const command = Cli.run(['secrets', 'rotate'], {}, 0, dataDir);
  await eventually(
    () => sealedUnder(dataDir),
    (keys) => keys.length === 2,
  );
  await Promise.all([command.stop('SIGKILL'), server.kill()]);
  expect(keysIn(dataDir)).toHaveLength(2);
  await server.restart();

  expect((await sealedUnder(dataDir)).length).toBe(2);
  expect(await server.token(client, APPLICATION)).toMatchObject({ status: 200 });
  expect(await server.introspect(token)).toMatchObject({ active: true });
  const finished = await Cli.run(['secrets', 'rotate', '--finish'], {}, 0, dataDir).end();
  expect(finished).toMatchObject({ code: 0, output: expect.stringContaining('the older keys are gone') });
  expect(await sealedUnder(dataDir)).toHaveLength(1);
  expect(await server.token(client, APPLICATION)).toMatchObject({ status: 200 });
  expect(await server.introspect(token)).toMatchObject({ active: true });

  // A rotation of the signing keys is one transaction for each tenant: whenever it is killed, gateways know the keys there are.
  for (const afterMs of [300, 500, 700]) {
    const rotation = Cli.run(['keys', 'rotate', '--after', '0'], {}, 0, dataDir);
    await pause(afterMs);
    await rotation.stop('SIGKILL');
    const [row] = await query<{ keys: readonly string[]; announced: readonly string[] }>(
      dataDir,
      `SELECT (SELECT array_agg(kid ORDER BY kid) FROM signing_keys WHERE organization = 'carbon.super') AS keys,
         (SELECT array_agg(jwk ->> 'kid' ORDER BY jwk ->> 'kid') FROM gateway_document, jsonb_array_elements(body -> 'jwks') AS jwk
          WHERE organization = 'carbon.super' AND kind = 'key-manager' AND body ->> 'type' = 'default') AS announced`,
    );
    expect(row?.announced).toEqual(row?.keys);
  }
  expect((await Cli.run(['keys', 'rotate', '--after', '0'], {}, 0, dataDir).end()).code).toBe(0);
  expect(await server.token(client, APPLICATION)).toMatchObject({ status: 200 });
  expect(await server.introspect(token)).toMatchObject({ active: true });
  await server.stop();
});
