// Rebuilds and restarts the server when a source changes. Workers run from dist/, so development does too.
import { spawn, spawnSync } from 'node:child_process';
import { watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const QUIET_MS = 200;
let server;
let timer;

const start = () => {
  server = spawn(process.execPath, ['dist/cli.js', 'start', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
};

const restart = async () => {
  const built = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' });
  if (built.status !== 0) return; // the old server goes on until the sources build again
  if (server && server.exitCode === null && server.signalCode === null) {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGTERM');
    await ended;
  }
  start();
};

start();
watch(join(root, 'src'), { recursive: true }, (_, name) => {
  if (name === 'metadata.ts') return;
  clearTimeout(timer);
  timer = setTimeout(restart, QUIET_MS);
});
// The server ends in order, and this process with it.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    if (server.exitCode !== null || server.signalCode !== null) process.exit();
    server.once('exit', (code) => process.exit(code ?? 1));
    server.kill(signal);
  });
}
