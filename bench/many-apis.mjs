import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from './load.mjs';
import { nginxBackend } from './peers/configs.mjs';
import { copyApi, populate } from './population.mjs';
import { freePort, has, launch, memoryMb, stop, until } from './processes.mjs';
import { adminToken, openApi, startServer } from './server.mjs';
import { median, spread } from './statistics.mjs';

const PROXY_CORE = 0;
const LOAD_CORE = 1;
const FEW = 10;
const MANY = 10_000;
const SCOPES = 'apim:api_view apim:api_create apim:api_publish apim:api_manage';

/**
 * Whether a gateway of 10,000 deployed APIs is as fast as one of ten: two servers, requests to ten of their APIs in turn, rounds interleaved. Beside it
 * what it is like when all of the 10,000 are called, each of which has its own usage to be written down.
 */
export const manyApis = async ({ rounds, seconds }) => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const port = await freePort();
  const backend = launch(
    has('nginx') ? nginxBackend(folder, port) : [process.execPath, new URL('./peers/backend.mjs', import.meta.url).pathname, String(port)],
    { core: LOAD_CORE },
  );
  const subjects = [];
  for (const count of [FEW, MANY]) subjects.push(await subject(count, `http://127.0.0.1:${port}`));
  const [, many] = subjects;
  subjects.push({ ...many, name: `${MANY} APIs, all called`, paths: pathsOf(MANY, MANY) });
  const drive = ({ url, paths }, forSeconds) => load(url, { seconds: forSeconds, paths, folder, core: LOAD_CORE });
  for (const each of subjects) await drive(each, Math.min(2, seconds));
  const runs = subjects.map(() => []);
  for (let round = 0; round < rounds; round++) {
    const order = [...subjects.keys()];
    for (const index of round % 2 === 0 ? order : order.reverse()) runs[index].push(await drive(subjects[index], seconds));
  }
  const rows = subjects.map(({ name, server, servedMs }, index) => ({
    name,
    requestsPerSecond: Math.round(median(runs[index].map((run) => run.requestsPerSecond))),
    spread: spread(runs[index].map((run) => run.requestsPerSecond)),
    p99Ms: median(runs[index].map((run) => run.p99Ms)),
    failures: runs[index].reduce((sum, run) => sum + run.failures, 0),
    servedMs: Math.round(servedMs),
    memoryMb: Math.round(memoryMb(server.child.pid)),
  }));
  for (const server of new Set(subjects.map((each) => each.server))) await stop(server.child);
  await stop(backend);
  const ratio = (index) =>
    Number(median(runs[index].map((run, round) => run.requestsPerSecond / runs[0][round].requestsPerSecond)).toFixed(3));
  return {
    settings: { rounds, seconds },
    rows,
    ratios: { [`${MANY} APIs / ${FEW} APIs`]: ratio(1), [`${MANY} APIs, all called / ${FEW} APIs`]: ratio(2) },
  };
};

/** As many paths as asked for, evenly spread over the copies. */
const pathsOf = (paths, copies) => Array.from({ length: paths }, (_, index) => `/copy${((index + 1) * copies) / paths}/1.0.0/x`);

/** One API is deployed as users do, the others are copies of its document in the feed: the gateway cannot tell them from it. */
const subject = async (count, backend) => {
  const server = await startServer({ core: PROXY_CORE, env: { APIM_GATEWAY__WORKERS: '1', APIM_LOG__LEVEL: 'warn' } });
  const token = await adminToken(server, SCOPES);
  await openApi(server, token, { name: 'Open', context: '/open', backend });
  await populate(server, [], { applications: 1, tokens: 1 });
  const url = `http://127.0.0.1:${server.gatewayPort}`;
  const began = performance.now();
  await copyApi(server, count);
  await until(async () => (await fetch(`${url}/copy${count}/1.0.0/x`)).status === 200, `API ${count}`);
  return { name: `${count} APIs`, server, url, paths: pathsOf(FEW, count), servedMs: performance.now() - began };
};
