import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Pool } from 'undici';
import { CounterTable, createCounterTable } from '../dist/gateway/engine/throttling/counters.js';
import { CONNECTIONS, load, measuredLoad } from './load.mjs';
import { nginxBackend } from './peers/configs.mjs';
import { populate, write } from './population.mjs';
import { freePort, has, launch, stop, until } from './processes.mjs';
import { adminToken, CLI, call, publishedApi, startServer } from './server.mjs';
import { comparison, median, spread } from './statistics.mjs';

const PROXY_CORE = 0;
const LOAD_CORE = 1;
const WORKERS = 4;
const REQUESTS = 200_000;
const LIMIT = 50_000;
/** The application's, where two levels are charged at once. */
const LOWER_LIMIT = 30_000;
/** So often for each round asked for. */
const REPEATS_A_ROUND = 4;
const COUNTERS = 1_000_000;
const NEVER_REACHED = 1_000_000_000;
const DAY_MS = 86_400_000;
const GATEWAYS = 3;
/** Of the Redis server: nobody else's, it is emptied. */
const DATABASE = 10;
const REDIS_URL = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379';
const SCOPES = 'apim:api_view apim:api_create apim:api_publish apim:api_manage';

/** Whether limits are exact under load, in one process and over several with one Redis; what five levels of them cost; and what a million counters take up. */
export const throttling = async ({ rounds, seconds }) => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const port = await freePort();
  const backend = launch(
    has('nginx') ? nginxBackend(folder, port) : [process.execPath, new URL('./peers/backend.mjs', import.meta.url).pathname, String(port)],
    { core: LOAD_CORE },
  );
  const url = `http://127.0.0.1:${port}`;
  const exact = await exactness(url, rounds * REPEATS_A_ROUND);
  const shared = await overGateways(url, rounds);
  const { rows, ratio } = await fiveLevels(url, folder, rounds, seconds);
  await stop(backend);
  return {
    settings: { rounds, seconds, workers: WORKERS, requests: REQUESTS },
    rows,
    ratios: { 'five levels / none': ratio },
    ...exact,
    overThreeGateways: shared,
    ...manyCounters(),
  };
};

const policy = (level, name, count, timeUnit, burst = null) => [
  'policy',
  `${level}:${name}`,
  { level, name, quota: { type: 'REQUESTCOUNTLIMIT', timeUnit, unitTime: 1, count }, burst, stopOnQuotaReach: true },
];

/** Floods one application after the other, each with counters of its own, and counts what was let through. */
const exactness = async (backend, repeats) => {
  const server = await startServer({ env: { APIM_GATEWAY__WORKERS: String(WORKERS), APIM_LOG__LEVEL: 'warn' } });
  const token = await adminToken(server, SCOPES);
  const api = await publishedApi(server, token, { name: 'Bench', context: '/bench', backend });
  const { tokens } = await populate(server, [api], { applications: 2 * repeats, tokens: 2 * repeats });
  const url = `http://127.0.0.1:${server.gatewayPort}/bench/1.0.0/x`;
  await write(server, [policy('subscription', 'BenchPlan', LIMIT, 'day')]);
  const oneLevel = await admittedOf(tokens.slice(0, repeats), url);
  await write(server, [policy('application', 'BenchApplication', LOWER_LIMIT, 'day')]);
  const twoLevels = await admittedOf(tokens.slice(repeats), url);
  await stop(server.child);
  return {
    oneLevel: { limit: LIMIT, repeats, admitted: ranged(oneLevel) },
    twoLevels: { limit: LOWER_LIMIT, repeats, admitted: ranged(twoLevels) },
  };
};

const ranged = (numbers) => ({ least: Math.min(...numbers), most: Math.max(...numbers) });

const admittedOf = async (tokens, url) => {
  // A request that no limit is asked about tells when the documents are known.
  await until(
    async () => (await fetch(url, { headers: { authorization: `Bearer ${tokens[0]}` }, method: 'HEAD' })).status !== 403,
    'the documents',
  );
  const all = [];
  for (const token of tokens) all.push(await admitted([url], token));
  return all;
};

/** As many requests as asked for, over all connections at once, and every one of them answered: a load that is cut off by the clock does not know what became of the last. */
const admitted = async (urls, token) => {
  const { pathname: path } = new URL(urls[0]);
  const pools = urls.map((url) => new Pool(new URL(url).origin, { connections: CONNECTIONS }));
  const headers = { authorization: `Bearer ${token}` };
  let [sent, passed] = [0, 0];
  const connection = async (_, index) => {
    const pool = pools[index % pools.length];
    while (sent++ < REQUESTS) {
      const { statusCode, body } = await pool.request({ path, method: 'GET', headers });
      await body.dump();
      if (statusCode === 200) passed += 1;
      else if (statusCode !== 429) throw new Error(`a request was answered ${statusCode}`);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  await Promise.all(pools.map((pool) => pool.close()));
  return passed;
};

/** The same over three gateway processes that lease parts of the limit from one Redis, and how many questions that takes. */
const overGateways = async (backend, repeats) => {
  const { hostname, port } = new URL(REDIS_URL);
  const redis = new Redis(REDIS_URL, { db: DATABASE });
  await redis.flushdb();
  const store = 'APIM_APIM__DISTRIBUTED_THROTTLING__';
  const env = {
    ...{ APIM_GATEWAY__WORKERS: '1', APIM_LOG__LEVEL: 'warn', [`${store}ENABLE`]: 'true', [`${store}TYPE`]: 'redis' },
    [`${store}KEYVALUE_STORE__HOST`]: hostname,
    [`${store}KEYVALUE_STORE__PORT`]: port || '6379',
    [`${store}KEYVALUE_STORE__DATABASE_ID`]: String(DATABASE),
  };
  const first = await startServer({ env });
  const database = `postgres://gatehouse@localhost/postgres?host=${encodeURIComponent(join(first.dataDir, 'postgres'))}`;
  const gatewayOnly = { env: { ...env, APIM_DATABASE__URL: database }, command: [process.execPath, CLI, 'start', '--profile', 'gateway'] };
  const gateways = [first];
  while (gateways.length < GATEWAYS) gateways.push(await startServer(gatewayOnly));
  const token = await adminToken(first, SCOPES);
  const api = await publishedApi(first, token, { name: 'Bench', context: '/bench', backend });
  const { tokens } = await populate(first, [api], { applications: repeats, tokens: repeats });
  await write(first, [policy('subscription', 'BenchPlan', LIMIT, 'day')]);
  const urls = gateways.map(({ gatewayPort }) => `http://127.0.0.1:${gatewayPort}/bench/1.0.0/x`);
  const isKnown = async (url) => (await fetch(url, { method: 'OPTIONS' })).status !== 404;
  for (const url of urls) await until(() => isKnown(url), 'the API');
  await until(async () => JSON.stringify(await call(first, 'GET', '/readyz')).includes('"sharedCounters":"up"'), 'the store');
  const before = await questions(redis);
  const all = [];
  for (const each of tokens) all.push(await admitted(urls, each));
  const asked = (await questions(redis)) - before;
  for (const { child } of gateways.reverse()) await stop(child);
  await redis.flushdb();
  redis.disconnect();
  return { limit: LIMIT, repeats, admitted: ranged(all), requestsForEachQuestion: Math.round((REQUESTS * repeats) / asked) };
};

/** Leases so far, by Redis's own count of the scripts that it ran. */
const questions = async (redis) => {
  const statistics = await redis.info('commandstats');
  return [...statistics.matchAll(/^cmdstat_eval(?:sha)?:calls=(\d+)/gm)].reduce((sum, [, calls]) => sum + Number(calls), 0);
};

/** An API without a limit, and one with limits of its own, of its plan and burst, and of the application and burst: none is ever reached. */
const fiveLevels = async (backend, folder, rounds, seconds) => {
  const server = await startServer({ core: PROXY_CORE, env: { APIM_GATEWAY__WORKERS: '1', APIM_LOG__LEVEL: 'warn' } });
  const token = await adminToken(server, SCOPES);
  const free = await publishedApi(server, token, { name: 'Free', context: '/free', backend });
  const limited = await publishedApi(server, token, { name: 'Limited', context: '/limited', backend, apiThrottlingPolicy: '50KPerMin' });
  const { tokens, applications } = await populate(server, [free, limited], { applications: 2, tokens: 2 });
  const burst = { count: NEVER_REACHED, timeUnit: 'min' };
  const [unlimited] = applications;
  await write(server, [
    policy('advanced', '50KPerMin', NEVER_REACHED, 'min'),
    policy('subscription', 'BenchPlan', NEVER_REACHED, 'min', burst),
    policy('application', 'BenchApplication', NEVER_REACHED, 'min', burst),
    ['application', unlimited.uuid, { ...unlimited.document, policy: 'Unlimited' }],
    ...unlimited.subscriptions.map((body) => ['subscription', body.subscriptionId, { ...body, policy: 'Unlimited' }]),
  ]);
  const subjects = ['free', 'limited'].map((name, index) => ({
    name: name === 'free' ? 'no limit' : 'five levels',
    url: `http://127.0.0.1:${server.gatewayPort}/${name}/1.0.0/x`,
    tokens: [tokens[index]],
  }));
  for (const {
    name,
    url,
    tokens: [first],
  } of subjects) {
    await until(async () => (await fetch(url, { headers: { authorization: `Bearer ${first}` } })).status === 200, name);
    await load(url, { seconds: Math.min(2, seconds), tokens: [first], folder, core: LOAD_CORE });
  }
  const runs = subjects.map(() => []);
  for (let round = 0; round < rounds; round++) {
    const order = [...subjects.keys()];
    for (const index of round % 2 === 0 ? order : order.reverse()) {
      const { url, tokens: own } = subjects[index];
      runs[index].push(await measuredLoad(server.child, url, { seconds, tokens: own, folder, core: LOAD_CORE }));
    }
  }
  await stop(server.child);
  const rows = subjects.map(({ name }, index) => ({
    name,
    requestsPerSecond: Math.round(median(runs[index].map((run) => run.requestsPerSecond))),
    spread: spread(runs[index].map((run) => run.requestsPerSecond)),
    'CPU µs/request': Number(median(runs[index].map((run) => run.cpuUs)).toFixed(1)),
    failures: runs[index].reduce((sum, run) => sum + run.failures, 0),
  }));
  const [none, five] = runs;
  return { rows, ratio: comparison(five, none) };
};

const manyCounters = () => {
  const buffer = createCounterTable();
  const table = new CounterTable(buffer);
  const now = Date.now();
  const before = process.memoryUsage().rss;
  let uncounted = 0;
  for (let index = 0; index < COUNTERS; index++) {
    const { hi, lo } = table.hash(`subscription:carbon.super:${index}:/bench:1.0.0:Gold`);
    const slot = table.slot(hi, lo, DAY_MS, now);
    if (slot < 0) uncounted += 1;
    else table.add(slot, 1);
  }
  return {
    counters: {
      live: COUNTERS - uncounted,
      withoutSlot: uncounted,
      tableMb: Number((buffer.byteLength / 1_048_576).toFixed(1)),
      residentMb: Number(((process.memoryUsage().rss - before) / 1_048_576).toFixed(1)),
    },
  };
};
