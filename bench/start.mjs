import { setTimeout as wait } from 'node:timers/promises';
import { memoryMb, until } from './processes.mjs';
import { startServer } from './server.mjs';
import { median } from './statistics.mjs';

const SETTLE_MS = 5_000;
const ROOT = new URL('..', import.meta.url).pathname;

/** From the command to the first 200 of `/readyz`, with an empty data folder and with a used one, and the memory of the idle tree. */
export const start = async ({ rounds }) => {
  const first = [];
  const later = [];
  const memory = [];
  const command = ['npm', '--prefix', ROOT, 'start', '--silent'];
  for (let round = 0; round < rounds; round++) {
    const fresh = await startServer({ command });
    first.push(fresh.readyMs);
    await end(fresh);
    const again = await startServer({ command, dataDir: fresh.dataDir });
    later.push(again.readyMs);
    await wait(SETTLE_MS);
    memory.push(memoryMb(again.child.pid));
    await end(again);
  }
  return {
    firstStartMs: Math.round(median(first)),
    laterStartMs: Math.round(median(later)),
    idleMemoryMb: Math.round(median(memory)),
    all: { first: first.map(Math.round), later: later.map(Math.round), memory: memory.map(Math.round) },
  };
};

const end = async ({ child }) => {
  // npm does not pass signals on to what it runs, and ends before it: the whole group is told and waited for.
  process.kill(-child.pid, 'SIGTERM');
  await until(() => isGone(child.pid), 'the end of the server', 15_000);
};

const isGone = (group) => {
  try {
    process.kill(-group, 0);
    return false;
  } catch {
    return true;
  }
};
