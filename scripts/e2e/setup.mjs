import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { startJudge } from './judge.mjs';
import { running, start } from './server.mjs';

/** What a database need not do that nobody reads after a crash; servers that tests start themselves, and crash, do all of it. */
const UNSAFE_SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', wal_init_zero: 'off' };

/** Has the server's own database, which goes with the run, spare what only durability needs. */
const relax = async (dataDir) => {
  const client = new Client({ host: join(dataDir, 'postgres'), user: 'gatehouse', database: 'postgres' });
  await client.connect();
  for (const [name, value] of Object.entries(UNSAFE_SETTINGS)) await client.query(`ALTER SYSTEM SET ${name} = ${value}`);
  await client.query('SELECT pg_reload_conf()');
  await client.end();
};

/** Jest's global set-up: one server for all files, and one judge of its answers; where they are travels to the workers in the environment. */
export default async function setup({ rootDir }) {
  // What a second try of single files sees is added to what the first saw.
  if (!process.env.CONFORMANCE_KEEP)
    rmSync(join(process.env.CONFORMANCE_DIR ?? join(rootDir, '.conformance'), 'observed'), { recursive: true, force: true });
  globalThis.gatehouseJudge = await startJudge();
  process.env.GATEHOUSE_E2E_JUDGE = globalThis.gatehouseJudge.url;
  const offset = process.env.E2E_SERVER_OFFSET;
  if (offset !== undefined) {
    process.env.GATEHOUSE_E2E_SERVER = JSON.stringify(running(Number(offset)));
    return;
  }
  const server = await start(rootDir);
  globalThis.gatehouseServer = server;
  await relax(server.description.dataDir);
  process.env.GATEHOUSE_E2E_SERVER = JSON.stringify(server.description);
}
