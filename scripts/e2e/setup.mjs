import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startJudge } from './judge.mjs';
import { running, start } from './server.mjs';

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
  process.env.GATEHOUSE_E2E_SERVER = JSON.stringify(server.description);
}
