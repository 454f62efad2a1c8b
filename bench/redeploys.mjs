import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { populate } from './population.mjs';
import { freePort, launch, stop, until } from './processes.mjs';
import { adminToken, call, deploy, publishedApi, startServer } from './server.mjs';
import { median } from './statistics.mjs';

const API = '/api/am/publisher/v4/apis';
const REDEPLOYS_PER_SECOND = 20;
const REQUESTS_PER_SECOND = 500;
const SCOPES = 'apim:api_view apim:api_create apim:api_publish apim:api_manage';
const run = promisify(execFile);

/** What the callers of an API notice of its being deployed anew 20 times a second: requests at a steady pace, rounds without and with it in turn. */
export const redeploys = async ({ rounds, seconds }) => {
  const port = await freePort();
  const backend = launch([process.execPath, new URL('./peers/backend.mjs', import.meta.url).pathname, String(port)]);
  const server = await startServer({ env: { APIM_GATEWAY__WORKERS: '1', APIM_LOG__LEVEL: 'warn' } });
  const token = await adminToken(server, SCOPES);
  const api = await publishedApi(server, token, { name: 'Bench', context: '/bench', backend: `http://127.0.0.1:${port}` });
  const revisions = [await deploy(server, token, api), await deploy(server, token, api)];
  const { tokens } = await populate(server, [api], { applications: 1, tokens: 1 });
  const url = `http://127.0.0.1:${server.gatewayPort}/bench/1.0.0/x`;
  await until(async () => (await fetch(url, { headers: { authorization: `Bearer ${tokens[0]}` } })).status === 200, 'the API');
  await paced(url, tokens[0], Math.min(2, seconds));
  const [idle, busy] = [[], []];
  for (let round = 0; round < rounds; round++) {
    idle.push(await paced(url, tokens[0], seconds));
    const stopping = new AbortController();
    const deploying = redeploying(server, token, api, revisions, stopping.signal);
    const began = performance.now();
    const measured = await paced(url, tokens[0], seconds);
    const elapsed = (performance.now() - began) / 1_000;
    stopping.abort();
    busy.push({ ...measured, redeploysPerSecond: (await deploying) / elapsed });
  }
  await stop(server.child);
  await stop(backend);
  const [idleP99Ms, busyP99Ms] = [idle, busy].map((all) => median(all.map(({ p99Ms }) => p99Ms)));
  return {
    settings: { rounds, seconds, requestsPerSecond: REQUESTS_PER_SECOND },
    rows: [
      rowOf('idle', idle),
      { ...rowOf('redeploys', busy), redeploysPerSecond: Math.round(median(busy.map((each) => each.redeploysPerSecond))) },
    ],
    ratios: { 'p99 with redeploys / idle': Number((busyP99Ms / idleP99Ms).toFixed(2)) },
  };
};

const rowOf = (name, all) => ({
  name,
  requests: all.reduce((sum, { requests }) => sum + requests, 0),
  failures: all.reduce((sum, { failures }) => sum + failures, 0),
  p50Ms: Number(median(all.map(({ p50Ms }) => p50Ms)).toFixed(2)),
  p99Ms: Number(median(all.map(({ p99Ms }) => p99Ms)).toFixed(2)),
});

/** Deploys the revisions in turn, at their times, until it is stopped; answers how often. */
const redeploying = async (server, token, api, revisions, signal) => {
  const body = [{ name: 'Default', vhost: 'localhost', displayOnDevportal: true }];
  const began = performance.now();
  let count = 0;
  for (; !signal.aborted; count++) {
    await call(server, 'POST', `${API}/${api}/deploy-revision?revisionId=${revisions[count % revisions.length]}`, { token, body });
    await pause(Math.max(0, began + ((count + 1) * 1_000) / REDEPLOYS_PER_SECOND - performance.now()));
  }
  return count;
};

const paced = async (url, token, seconds) => {
  const program = new URL('./paced.mjs', import.meta.url).pathname;
  const { stdout } = await run(process.execPath, [program, url, token, String(REQUESTS_PER_SECOND), String(seconds)]);
  return JSON.parse(stdout);
};
