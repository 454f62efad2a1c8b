import { mkdtempSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from './load.mjs';
import { nginxBackend } from './peers/configs.mjs';
import { populate } from './population.mjs';
import { cpuMs, freePort, has, launch, stop, until } from './processes.mjs';
import { adminToken, publishedApi, startServer } from './server.mjs';
import { median, pairedRatio, spread } from './statistics.mjs';

const SCOPES = 'apim:api_view apim:api_create apim:api_publish apim:api_manage';
/** Two workers, the main thread, the backend and two of load: with fewer the two take cores from each other or from the load. */
const CORES_MIN = 6;
const LOADS = 2;

/** What a request costs one worker, and each of two: CPU time of the whole server process for each request. Rounds are interleaved. */
export const twoWorkers = async ({ rounds, seconds }) => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const port = await freePort();
  const backend = launch(
    has('nginx') ? nginxBackend(folder, port) : [process.execPath, new URL('./peers/backend.mjs', import.meta.url).pathname, String(port)],
  );
  const subjects = [];
  for (const workers of [1, 2]) subjects.push(await subject(workers, `http://127.0.0.1:${port}`));
  for (const each of subjects) await drive(each, folder, Math.min(2, seconds));
  const runs = subjects.map(() => []);
  for (let round = 0; round < rounds; round++) {
    const order = [...subjects.keys()];
    for (const index of round % 2 === 0 ? order : order.reverse()) runs[index].push(await drive(subjects[index], folder, seconds));
  }
  for (const { server } of subjects) await stop(server.child);
  await stop(backend);
  const rows = subjects.map(({ name }, index) => ({
    name,
    'CPU µs/request': Number(median(runs[index].map((run) => run.cpuUs)).toFixed(1)),
    requestsPerSecond: Math.round(median(runs[index].map((run) => run.requestsPerSecond))),
    spread: spread(runs[index].map((run) => run.requestsPerSecond)),
    failures: runs[index].reduce((sum, run) => sum + run.failures, 0),
  }));
  const [one, two] = runs;
  const ratio = (of) => pairedRatio(two, one, of);
  return {
    settings: { rounds, seconds },
    rows,
    ratios: {
      'CPU per request, two workers / one': ratio(({ cpuUs }) => cpuUs),
      'throughput, two workers / one':
        availableParallelism() >= CORES_MIN ? ratio(({ requestsPerSecond }) => requestsPerSecond) : 'not measured here',
    },
  };
};

const subject = async (workers, backend) => {
  const server = await startServer({ env: { APIM_GATEWAY__WORKERS: String(workers), APIM_LOG__LEVEL: 'warn' } });
  const token = await adminToken(server, SCOPES);
  const api = await publishedApi(server, token, { name: 'Bench', context: '/bench', backend });
  const { tokens } = await populate(server, [api], { applications: 10, tokens: 100 });
  const url = `http://127.0.0.1:${server.gatewayPort}/bench/1.0.0/x`;
  await until(async () => (await fetch(url, { headers: { authorization: `Bearer ${tokens[0]}` } })).status === 200, `${workers} workers`);
  return { name: workers === 1 ? 'one worker' : `${workers} workers`, server, url, tokens };
};

const drive = async ({ server, url, tokens }, folder, seconds) => {
  const before = cpuMs(server.child.pid);
  const loads = await Promise.all(Array.from({ length: LOADS }, () => load(url, { seconds, tokens, folder })));
  const sum = (of) => loads.reduce((total, each) => total + of(each), 0);
  return {
    cpuUs: ((cpuMs(server.child.pid) - before) * 1_000) / sum(({ requests }) => requests),
    requestsPerSecond: sum(({ requestsPerSecond }) => requestsPerSecond),
    failures: sum(({ failures }) => failures),
  };
};
