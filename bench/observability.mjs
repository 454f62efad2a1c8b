import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load, measuredLoad } from './load.mjs';
import { nginxBackend } from './peers/configs.mjs';
import { populate } from './population.mjs';
import { freePort, has, launch, memoryMb, stop, until } from './processes.mjs';
import { adminToken, publishedApi, startServer } from './server.mjs';
import { comparison, median, spread } from './statistics.mjs';

const PROXY_CORE = 0;
const LOAD_CORE = 1;
const SCOPES = 'apim:api_view apim:api_create apim:api_publish apim:api_manage';
const peer = (name) => new URL(`./peers/${name}`, import.meta.url).pathname;
const OFF = 'nothing';

/** What each server writes down besides the usage; the first one is what the others are compared with. */
const subjectsOf = (collectorPort) => [
  [OFF, {}],
  ['correlation ids', { APIM_GATEWAY__ALWAYS_CORRELATE: 'true' }],
  ['metrics', { APIM_GATEWAY__METRICS__ENABLE: 'true' }],
  ['access log', { APIM_GATEWAY__ACCESS_LOG__ENABLE: 'true' }],
  [
    '10 % traces',
    {
      APIM_APIM__OPEN_TELEMETRY__SAMPLING_RATIO: '0.1',
      APIM_APIM__OPEN_TELEMETRY__REMOTE_TRACER__ENABLE: 'true',
      APIM_APIM__OPEN_TELEMETRY__REMOTE_TRACER__URL: `http://127.0.0.1:${collectorPort}/v1/traces`,
    },
  ],
];

/** What observing the gateway costs: the same gateway, backend and load, with one thing switched on at a time. Rounds are interleaved. */
export const observability = async ({ rounds, seconds }) => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const [backendPort, collectorPort] = [await freePort(), await freePort()];
  const node = (port) => [process.execPath, peer('backend.mjs'), String(port)];
  const peers = [
    launch(has('nginx') ? nginxBackend(folder, backendPort) : node(backendPort), { core: LOAD_CORE }),
    launch(node(collectorPort), { core: LOAD_CORE }),
  ];
  const started = [];
  for (const [name, env] of subjectsOf(collectorPort)) started.push(await subject(name, env, `http://127.0.0.1:${backendPort}`));
  for (const { url, tokens } of started) await load(url, { seconds: Math.min(2, seconds), tokens, folder, core: LOAD_CORE });
  const runs = new Map(started.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    // Every other round the other way round, so that a drift within a round hits all alike.
    const order = round % 2 === 0 ? started : [...started].reverse();
    for (const { name, server, url, tokens } of order)
      runs.get(name).push(await measuredLoad(server.child, url, { seconds, tokens, folder, core: LOAD_CORE }));
  }
  const rows = started.map(({ name, server }) => rowOf(name, server, runs.get(name)));
  for (const { server } of started) await stop(server.child);
  for (const child of peers) await stop(child);
  return { settings: { rounds, seconds }, rows, ratios: ratiosOf(runs) };
};

const subject = async (name, env, backend) => {
  const server = await startServer({ core: PROXY_CORE, env: { APIM_GATEWAY__WORKERS: '1', APIM_LOG__LEVEL: 'warn', ...env } });
  const token = await adminToken(server, SCOPES);
  const api = await publishedApi(server, token, { name: 'Bench', context: '/bench', backend });
  const { tokens } = await populate(server, [api], { applications: 10, tokens: 100 });
  const url = `http://127.0.0.1:${server.gatewayPort}/bench/1.0.0/x`;
  const answers = async () => (await fetch(url, { headers: { Authorization: `Bearer ${tokens[0]}` } })).status === 200;
  await until(answers, name);
  return { name, server, url, tokens };
};

const rowOf = (name, { child }, results) => ({
  name,
  requestsPerSecond: Math.round(median(results.map((run) => run.requestsPerSecond))),
  spread: spread(results.map((run) => run.requestsPerSecond)),
  'CPU µs/request': Number(median(results.map((run) => run.cpuUs)).toFixed(1)),
  p99Ms: median(results.map((run) => run.p99Ms)),
  failures: results.reduce((sum, run) => sum + run.failures, 0),
  memoryMb: Math.round(memoryMb(child.pid)),
});

const ratiosOf = (runs) => {
  const others = [...runs].filter(([name]) => name !== OFF);
  return Object.fromEntries(others.map(([name, all]) => [`${name} / ${OFF}`, comparison(all, runs.get(OFF))]));
};
