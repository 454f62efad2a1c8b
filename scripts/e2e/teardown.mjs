import { stop } from './server.mjs';

/** Jest's global tear-down: stops what the set-up started. */
export default async function teardown() {
  globalThis.gatehouseJudge?.stop();
  const server = globalThis.gatehouseServer;
  if (server) await stop(server.child, server.folder);
}
