// Runs the built supervisor with two workers, has them die, and prints what became of them as JSON. Workers cannot be started inside Jest.
import { readdirSync, readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createCounterTable } from '../../dist/gateway/engine/throttling/counters.js';
import { WorkerSupervisor } from '../../dist/gateway/workers/worker-supervisor.js';

const WORKERS = 2;
const WAIT_MS_MAX = 30_000;

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
  http2: true,
  http2StreamsMax: 128,
  reusePort: true,
  labels: ['Default'],
  headerBytesMax: 8_192,
  clientIdleMs: 30_000,
  upstreamTimeoutMs: 30_000,
  connectTimeoutMs: 2_000,
  connectionsPerBackend: 64,
  backendHttp2: false,
  proxy: null,
  conditions: { headers: false, queryParameters: false, claims: false },
  rateLimitHeaders: { xRateLimit: false, rateLimit: false },
  trustedProxies: [],
  authHeader: 'Authorization',
  enableOutboundAuthHeader: false,
  verifiedTokensMax: 100,
  apiKeysMax: 100,
  memoryMb: 256,
  apiKeySigners: [],
  servesJwks: true,
  verdictMs: 900_000,
  retriesWithNewToken: true,
  awsLambdaUrl: '',
  awsStsUrl: '',
  scripts: { cpuMs: 5, memoryBytesMax: 16_777_216 },
  mediatedBodyBytesMax: 1_048_576,
  responseCacheBytesMax: 1_048_576,
  clientCertificates: { header: 'X-WSO2-CLIENT-CERTIFICATE', validatesClients: true, isEncoded: false, isForwarded: false, followsChains: false, trustedProxies: [] },
  counters: createCounterTable(),
};

let seq = 0;
const operation = { method: 'GET', target: '/*', authType: 'Application', throttlingPolicy: 'Unlimited', scopes: [] };
const api = (name, url = 'http://127.0.0.1:1', authType = operation.authType) => {
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
    operations: [{ ...operation, authType }],
    endpoints: { production: { url, onTimeout: 'fault', timeoutMs: null }, sandbox: null },
  };
  return { seq, organization: 'carbon.super', kind: 'api', key: `${name}:Default`, body };
};

// Answers when told, all at once.
const held = new Set();
const slow = createHttpServer((request, reply) => {
  held.add(reply);
  reply.on('close', () => held.delete(reply));
});
await new Promise((resolve) => slow.listen(0, '127.0.0.1', resolve));

const known = [api('before'), api('slow', `http://127.0.0.1:${slow.address().port}`, 'None')];
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

// Forty connections are spread over the workers; one worker ends with its share, the others' requests end well.
const calls = Array.from({ length: 40 }, () =>
  fetch(`http://127.0.0.1:${httpPort}/slow/1.0.0/x`, { headers: { connection: 'close' } }).then(
    async (response) => (await response.text()) === 'late',
    () => false,
  ),
);
await until(() => held.size === calls.length);
await supervisor.running[0].worker.terminate();
await until(() => held.size < calls.length && supervisor.listening === WORKERS);
const unharmed = held.size;
for (const reply of held) reply.end('late');
const ended = (await Promise.all(calls)).filter(Boolean).length;
slow.closeAllConnections();
slow.close();

const result = { before: [...new Set(before)], after: [...new Set(after)], backMs, threads: threads(), later: [...new Set(await statuses('later'))], unharmed, ended };
await supervisor.stop(1_000);
console.log(JSON.stringify({ ...result, left: threads() }));
