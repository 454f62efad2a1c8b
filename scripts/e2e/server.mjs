import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freeOffset } from './ports.mjs';

const START_MS_MAX = 60_000;
const STOP_MS_MAX = 15_000;

const answers200 = (url) =>
  new Promise((resolve) => {
    // The server has just made its own certificate: nothing to verify it with yet.
    const probe = request(url, { rejectUnauthorized: false, timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    probe.once('error', () => resolve(false));
    probe.once('timeout', () => probe.destroy());
    probe.end();
  });

const describe = (offset, dataDir, admin) => ({
  offset,
  management: `https://localhost:${9443 + offset}`,
  gateway: `http://localhost:${8280 + offset}`,
  gatewayTls: `https://localhost:${8243 + offset}`,
  mailPort: 3025 + offset,
  aiPort: 3026 + offset,
  tracePort: 3027 + offset,
  admin,
  dataDir,
});

/** A server that somebody started already, named by its offset; it is neither started nor stopped here. */
export const running = (offset, environment = process.env) =>
  describe(offset, '', { username: environment.E2E_ADMIN_USERNAME ?? 'admin', password: environment.E2E_ADMIN_PASSWORD ?? 'admin' });

/**
 * Starts the built server on free ports with an empty data folder of its own and waits for `/readyz`.
 * Throws with the end of its log when it stops early or is not ready within a minute.
 */
export const start = async (root) => {
  const offset = await freeOffset();
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-e2e-'));
  const log = join(folder, 'server.log');
  const dataDir = join(folder, 'data');
  const child = spawn(process.execPath, ['dist/cli.js', 'start'], {
    cwd: root,
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      APIM_SERVER__OFFSET: String(offset),
      APIM_SERVER__DATA_DIR: dataDir,
      APIM_APIM__NOTIFICATION__PORT: String(3025 + offset),
      APIM_APIM__AI__ENDPOINT: `http://127.0.0.1:${3026 + offset}`,
      APIM_APIM__AI__TOKEN: 'e2e',
      APIM_APIM__DEVPORTAL__ENABLE_LEGACY_API_KEYS: 'true',
      APIM_APIM__DEVPORTAL__ENABLE_CROSS_TENANT_SUBSCRIPTIONS: 'true',
      APIM_APIM__DEVPORTAL__ENABLE_APPLICATION_SHARING: 'true',
      APIM_GATEWAY__METRICS__ENABLE: 'true',
      APIM_GATEWAY__ACCESS_LOG__ENABLE: 'true',
      APIM_HTTP_ACCESS_LOG__ENABLED: 'true',
      // Only what a test asks for by a traceparent of its own.
      APIM_APIM__OPEN_TELEMETRY__SAMPLING_RATIO: '0',
      APIM_APIM__OPEN_TELEMETRY__REMOTE_TRACER__ENABLE: 'true',
      APIM_APIM__OPEN_TELEMETRY__REMOTE_TRACER__URL: `http://127.0.0.1:${3027 + offset}/v1/traces`,
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=e2e',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // A test run that ends without its tear-down takes the server along.
  process.once('exit', () => child.kill());
  const file = createWriteStream(log);
  let tail = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.pipe(file, { end: false });
    stream.on('data', (chunk) => {
      tail = (tail + chunk).slice(-4000);
    });
  }
  const description = describe(offset, dataDir, { username: 'admin', password: 'admin' });
  const deadline = Date.now() + START_MS_MAX;
  while (!(await answers200(`${description.management}/readyz`))) {
    const late = Date.now() > deadline;
    if (late || child.exitCode !== null) {
      const reason = late ? `was not ready within ${START_MS_MAX / 1000} s` : `stopped with code ${child.exitCode}`;
      await stop(child, folder);
      throw new Error(`the server ${reason}:\n${tail}`);
    }
    await pause(100);
  }
  return { child, folder, log, description };
};

/** Stops a started server, by force when it does not go by itself, and removes its folder. */
export const stop = async (child, folder) => {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
    await gone;
    clearTimeout(force);
  }
  if (!process.env.E2E_KEEP_DATA) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
};
