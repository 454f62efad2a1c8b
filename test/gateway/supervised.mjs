// Runs the built supervisor with two workers, has them die, and prints what became of them as JSON. Workers cannot be started inside Jest.
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createCounterTable } from '../../dist/gateway/engine/counters.js';
import { WorkerSupervisor } from '../../dist/gateway/workers/worker-supervisor.js';

const WORKERS = 2;
const WAIT_MS_MAX = 10_000;

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

const httpPort = await freePort();
const settings = {
  host: '127.0.0.1',
  httpPort,
  httpsPort: null,
  tls: null,
  reusePort: true,
  labels: ['Default'],
  headerBytesMax: 8_192,
  clientIdleMs: 30_000,
  upstreamTimeoutMs: 30_000,
  connectTimeoutMs: 2_000,
  connectionsPerBackend: 16,
  trustedProxies: [],
  authHeader: 'Authorization',
  enableOutboundAuthHeader: false,
  verifiedTokensMax: 100,
  apiKeysMax: 100,
  apiKeySigners: [],
  servesJwks: true,
  verdictMs: 900_000,
  counters: createCounterTable(),
};

let seq = 0;
const api = (name) => {
  seq += 1;
  const body = {
    apiId: name,
    revisionId: 'revision-1',
    environment: 'Default',
    vhost: 'localhost',
    name,
    version: '1.0.0',
    context: `/${name}`,
    path: `/${name}/1.0.0`,
    provider: 'admin',
    type: 'HTTP',
    status: 'PUBLISHED',
    isDefaultVersion: false,
    transports: ['http'],
    securityScheme: ['oauth2'],
    authorizationHeader: 'Authorization',
    apiKeyHeader: 'ApiKey',
    keyManagers: ['all'],
    audiences: [],
    apiThrottlingPolicy: null,
    subscriptionless: false,
    cors: null,
    operations: [{ method: 'GET', target: '/*', authType: 'Application', throttlingPolicy: 'Unlimited', scopes: [] }],
    endpoints: { production: { url: 'http://127.0.0.1:1', onTimeout: 'fault', timeoutMs: null }, sandbox: null },
  };
  return { seq, organization: 'carbon.super', kind: 'api', key: `${name}:Default`, body };
};

const known = [api('before')];
let unreadable = 0;
const log = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };
const supervisor = new WorkerSupervisor(
  WORKERS,
  settings,
  async () => {
    if (unreadable > 0) {
      unreadable -= 1;
      throw new Error('the copy cannot be read');
    }
    return known;
  },
  () => undefined,
  log,
);

const until = async (check) => {
  const start = performance.now();
  while (!(await check())) {
    if (performance.now() - start > WAIT_MS_MAX) throw new Error('waited in vain');
    await pause(5);
  }
  return performance.now() - start;
};
const statuses = (name) =>
  Promise.all(
    Array.from({ length: 20 }, async () => {
      const response = await fetch(`http://127.0.0.1:${httpPort}/${name}/1.0.0/x`, { headers: { connection: 'close' } });
      await response.arrayBuffer();
      return response.status;
    }),
  );
const threads = () =>
  readdirSync('/proc/self/task').filter((task) => readFileSync(`/proc/self/task/${task}/comm`, 'utf8').startsWith('gateway-')).length;
// No feed holds such a row: reading it is a mistake of ours, the like of which ends a worker.
const kill = async () => {
  supervisor.deliver([null]);
  await until(() => supervisor.listening === 0);
};

await supervisor.start();
const before = await statuses('before');
await kill();
// Committed while no worker runs.
known.push(api('meanwhile'));
supervisor.deliver(known.slice(-1));
const backMs = await until(() => supervisor.listening === WORKERS);
const after = [...(await statuses('before')), ...(await statuses('meanwhile'))];
unreadable = 3;
await kill();
await until(() => supervisor.listening === WORKERS);
known.push(api('later'));
supervisor.deliver(known.slice(-1));
await until(async () => (await statuses('later')).every((status) => status === 401));
await pause(500); // a second restart of the same worker would come within this time
const result = { before: [...new Set(before)], after: [...new Set(after)], backMs, threads: threads(), later: [...new Set(await statuses('later'))] };
await supervisor.stop(1_000);
console.log(JSON.stringify({ ...result, left: threads() }));
