import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { load } from './load.mjs';
import { populate } from './population.mjs';
import { stop, until } from './processes.mjs';
import { adminToken, call, deploy, startServer } from './server.mjs';
import { median, spread } from './statistics.mjs';

const SERVER_CORE = 0;
const LOAD_CORE = 1;
const CONNECTIONS = 8;
const APPLICATIONS = 10;
const TOKENS = 100;
/** Requests a second of those that are looked at, and of those that use all that a script may take. */
const CALM_RATE = 200;
const HOSTILE_RATE = 20;
const APIS = '/api/am/publisher/v4/apis';
const run = promisify(execFile);

const responses = { 200: { description: 'OK', content: { 'application/json': { example: { name: 'Rex' } } } } };
const operation = (script) => ({ get: { 'x-throttling-tier': 'Unlimited', responses, ...(script && { 'x-mediation-script': script }) } });
const definition = JSON.stringify({
  openapi: '3.0.1',
  info: { title: 'Scripts', version: '1.0.0' },
  paths: {
    '/generated': operation(),
    '/trivial': operation("mc.setProperty('CONTENT_TYPE', 'application/json'); mc.setPayloadJSON({ name: 'Rex' });"),
    '/hostile': operation('for (;;);'),
  },
});

/**
 * What a small script costs, against the same answer without a script; and what others of the same worker notice of scripts that use all of their time:
 * the 99th percentile of requests at a steady pace, without and with them.
 */
export const scripts = async ({ rounds, seconds }) => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const server = await startServer({ core: SERVER_CORE, env: { APIM_GATEWAY__WORKERS: '1', APIM_LOG__LEVEL: 'error' } });
  const { tokens } = await populate(server, [await publishedMock(server)], { applications: APPLICATIONS, tokens: TOKENS });
  const url = (path) => `http://127.0.0.1:${server.gatewayPort}/scripts/1.0.0${path}`;
  for (const path of ['/generated', '/trivial'])
    await until(async () => (await fetch(url(path), { headers: { authorization: `Bearer ${tokens[0]}` } })).status === 200, path);
  const runs = { '/generated': [], '/trivial': [] };
  const drive = (path) => load(url(path), { seconds: Math.min(2, seconds), tokens, folder, core: LOAD_CORE, connections: CONNECTIONS });
  for (const path of Object.keys(runs)) await drive(path);
  for (let round = 0; round < rounds; round++) for (const path of Object.keys(runs)) runs[path].push((await drive(path)).requestsPerSecond);
  const alone = await paced(url('/generated'), tokens[0], CALM_RATE, seconds);
  const [besides] = await Promise.all([
    paced(url('/generated'), tokens[0], CALM_RATE, seconds),
    paced(url('/hostile'), tokens[1], HOSTILE_RATE, seconds),
  ]);
  await stop(server.child);
  return {
    rows: [
      ...Object.entries(runs).map(([name, all]) => ({ name, 'requests/s': Math.round(median(all)), spread: spread(all) })),
      { name: 'others, alone', 'p50, ms': alone.p50Ms, 'p99, ms': alone.p99Ms, failures: alone.failures },
      {
        name: `others, beside ${HOSTILE_RATE} a second that use their 5 ms`,
        'p50, ms': besides.p50Ms,
        'p99, ms': besides.p99Ms,
        failures: besides.failures,
      },
    ],
    ratios: { 'generated / trivial script': Number((median(runs['/generated']) / median(runs['/trivial'])).toFixed(2)) },
    settings: { rounds, seconds },
  };
};

const publishedMock = async (server) => {
  const token = await adminToken(server, 'apim:api_view apim:api_create apim:api_publish apim:api_manage');
  const body = { name: 'Scripts', context: '/scripts', version: '1.0.0', policies: ['Unlimited'], endpointImplementationType: 'INLINE' };
  const { id } = await call(server, 'POST', APIS, { token, body });
  const part = `--part\r\nContent-Disposition: form-data; name="apiDefinition"\r\n\r\n${definition}\r\n--part--\r\n`;
  await call(server, 'PUT', `${APIS}/${id}/swagger`, { token, body: part, type: 'multipart/form-data; boundary=part' });
  await deploy(server, token, id);
  await call(server, 'POST', `${APIS}/change-lifecycle?apiId=${id}&action=Publish`, { token });
  return id;
};

const paced = async (url, token, rate, seconds) => {
  const program = new URL('./paced.mjs', import.meta.url).pathname;
  const { stdout } = await run(process.execPath, [program, url, token, String(rate), String(seconds)]);
  return JSON.parse(stdout);
};
