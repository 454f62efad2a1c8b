import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Client } from 'pg';
import { Agent, fetch } from 'undici';
import { eventually } from '../support/eventually.js';
import { Cli } from './cli.js';

const insecure = new Agent({ connect: { rejectUnauthorized: false } });

/** Asks the database of a running server. */
const rows = async <T extends object>({ dataDir }: Cli, text: string, values: readonly unknown[] = []): Promise<readonly T[]> => {
  const database = new Client({ host: join(dataDir, 'postgres'), user: 'gatehouse', database: 'postgres' });
  await database.connect();
  try {
    return (await database.query<T>(text, [...values])).rows;
  } finally {
    await database.end();
  }
};

const addUser = async (server: Cli, userName: string, address: string): Promise<number> => {
  const headers = { Authorization: `Basic ${btoa('admin:admin')}`, 'Content-Type': 'application/json', 'X-Forwarded-For': address };
  const body = JSON.stringify({ userName, password: 'Secret12' });
  return (await fetch(`${server.management}/scim2/Users`, { method: 'POST', dispatcher: insecure, headers, body })).status;
};

const addressOf = (server: Cli, name: string) =>
  rows(server, `SELECT actor, address FROM audit_entries WHERE kind = 'User' AND entity_name = $1`, [name]);

it('records the client behind a trusted proxy, forgets what is older than it is kept, and does not take a new key for a change', async () => {
  const environment = { APIM_GATEWAY__TRUSTED_PROXIES: '["127.0.0.0/8"]', APIM_AUDIT__RETENTION_DAYS: '30' };
  const first = await Cli.start(environment);
  expect(await addUser(first, 'anna', '192.0.2.7')).toBe(201);
  expect(await addressOf(first, 'anna')).toEqual([{ actor: 'admin@carbon.super', address: '192.0.2.7' }]);
  await rows(
    first,
    `INSERT INTO audit_entries (organization, at, actor, address, action, kind, entity_id, transaction_id)
     SELECT 'carbon.super', now() - age * interval '1 day', 'a@b', '', 'created', 'Label', n::text, n
     FROM generate_series(1, 1100) AS n, (VALUES (29), (31)) AS ages (age)`,
  );
  const before = await rows<{ id: string }>(first, `SELECT id FROM audit_entries WHERE actor = 'system' ORDER BY id`);
  const rotated = spawnSync(process.execPath, [join(process.cwd(), 'dist', 'cli.js'), 'secrets', 'rotate'], {
    ...{ encoding: 'utf8' as const },
    env: { ...process.env, NODE_OPTIONS: '', APIM_SERVER__DATA_DIR: first.dataDir },
  });
  expect(rotated.stdout + rotated.stderr).toMatch(/signing_keys.private_key: [1-9]\d* re-encrypted/);
  expect(await rows(first, `SELECT id FROM audit_entries WHERE actor = 'system' ORDER BY id`)).toEqual(before);
  await first.stop();

  const second = await Cli.start({ APIM_AUDIT__RETENTION_DAYS: '30' }, first.dataDir);

  await eventually(
    () => rows<{ at: Date }>(second, `SELECT at FROM audit_entries WHERE at < now() - interval '30 days'`),
    (old) => old.length === 0,
  );
  expect(await rows(second, `SELECT 1 FROM audit_entries WHERE actor = 'a@b'`)).toHaveLength(1100);
  expect(await addUser(second, 'bert', '192.0.2.8')).toBe(201);
  expect(await addressOf(second, 'bert')).toEqual([{ actor: 'admin@carbon.super', address: '127.0.0.1' }]);
  await second.stop();
});
