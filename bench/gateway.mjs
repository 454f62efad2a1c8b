import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONNECTIONS, load, measuredLoad } from './load.mjs';
import { haproxy, nginxBackend, nginxProxy } from './peers/configs.mjs';
import { populate } from './population.mjs';
import { freePort, has, launch, memoryMb, stop, until } from './processes.mjs';
import { adminToken, openApi, publishedApi, startServer } from './server.mjs';
import { comparison, median, spread } from './statistics.mjs';

const PROXY_CORE = 0;
const LOAD_CORE = 1;
const APPLICATIONS = 1_000;
const TOKENS = 10_000;
/** So few that no token is remembered until it comes again: every request is a token seen for the first time. */
const FORGETFUL = 64;
const SCOPES = 'apim:api_view apim:api_create apim:api_publish apim:api_manage';
const policy = (policyName, policyVersion, parameters) => ({ policyName, policyVersion, policyType: 'common', parameters });
const HEADER_FLOW = [
  policy('addHeader', 'v3', { headerName: 'X-Bench', headerValue: 'added' }),
  policy('removeHeader', 'v2', { headerName: 'X-Gone' }),
];
const HEADER_POLICIES = { request: HEADER_FLOW, response: HEADER_FLOW };
const peer = (name) => new URL(`./peers/${name}`, import.meta.url).pathname;

const answers = (url, token) => async () =>
  (await fetch(url, { headers: token ? { Authorization: `Bearer ${token}` } : {} })).status === 200;

/** One core for each proxy in turn, the same backend and load on the other; rounds are interleaved, so that a drift of the machine hits all alike. */
export const gateway = async ({ rounds, seconds }) => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const backendPort = await freePort();
  const backend = launch(has('nginx') ? nginxBackend(folder, backendPort) : [process.execPath, peer('backend.mjs'), String(backendPort)], {
    core: LOAD_CORE,
  });
  const backendUrl = `http://127.0.0.1:${backendPort}`;
  await until(answers(`${backendUrl}/x`), 'the backend');
  const started = await subjects(folder, backendPort, backendUrl);
  for (const subject of started) {
    await until(answers(subject.url, subject.tokens[0]), subject.name);
    await load(subject.url, { seconds: Math.min(2, seconds), tokens: subject.tokens, folder, core: LOAD_CORE });
  }
  const runs = new Map(started.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, url, tokens, child } of started)
      runs.get(name).push(await measuredLoad(child, url, { seconds, tokens, folder, core: LOAD_CORE }));
  }
  const half = await halfLoad(started, runs, folder, seconds);
  const rows = started.map((subject) => rowOf(subject, runs.get(subject.name)));
  for (const { child } of started) if (child.exitCode === null) await stop(child);
  await stop(backend);
  return summary(rows, runs, half, { rounds, seconds });
};

const subjects = async (folder, backendPort, backendUrl) => {
  const ports = await Promise.all(Array.from({ length: 5 }, freePort));
  const env = { APIM_GATEWAY__WORKERS: '1', APIM_LOG__LEVEL: 'warn' };
  const server = await startServer({ core: PROXY_CORE, env });
  const token = await adminToken(server, SCOPES);
  const api = await publishedApi(server, token, { name: 'Bench', context: '/bench', backend: backendUrl });
  const mediated = await publishedApi(server, token, {
    name: 'Mediated',
    context: '/mediated',
    backend: backendUrl,
    operationPolicies: HEADER_POLICIES,
  });
  await openApi(server, token, { name: 'Open', context: '/open', backend: backendUrl });
  // Last: signing takes longer than the server keeps an idle connection.
  const { tokens, publicKeyPem } = await populate(server, [api, mediated], { applications: APPLICATIONS, tokens: TOKENS });
  const forgetful = await startServer({ core: PROXY_CORE, env: { ...env, APIM_GATEWAY__VERIFIED_TOKENS_MAX: String(FORGETFUL) } });
  const forgetfulToken = await adminToken(forgetful, SCOPES);
  const forgetfulApi = await publishedApi(forgetful, forgetfulToken, { name: 'Bench', context: '/bench', backend: backendUrl });
  const forgotten = await populate(forgetful, [forgetfulApi], { applications: APPLICATIONS, tokens: TOKENS });
  const keyFile = join(folder, 'token.pem');
  writeFileSync(keyFile, publicKeyPem);
  const plain = (name, command, port) => ({
    name,
    url: `http://127.0.0.1:${port}/x`,
    child: launch(command, { core: PROXY_CORE }),
    tokens,
  });
  return [
    plain('bare undici proxy', [process.execPath, peer('undici-proxy.mjs'), ports[0], backendUrl], ports[0]),
    plain('http-proxy', [process.execPath, peer('http-proxy.mjs'), ports[1], backendUrl], ports[1]),
    ...(has('nginx') ? [plain('nginx', nginxProxy(folder, ports[2], backendPort), ports[2])] : []),
    ...(has('haproxy')
      ? [
          plain('haproxy', haproxy(folder, 'plain', ports[3], backendPort), ports[3]),
          plain('haproxy, RS256 + rate', haproxy(folder, 'checked', ports[4], backendPort, keyFile), ports[4]),
        ]
      : []),
    { name: 'gatehouse, no policy', url: `http://127.0.0.1:${server.gatewayPort}/open/1.0.0/x`, child: server.child, tokens },
    {
      name: 'gatehouse, JWT + subscription + throttling',
      url: `http://127.0.0.1:${server.gatewayPort}/bench/1.0.0/x`,
      child: server.child,
      tokens,
    },
    {
      name: 'gatehouse, the same + header policies',
      url: `http://127.0.0.1:${server.gatewayPort}/mediated/1.0.0/x`,
      child: server.child,
      tokens,
    },
    {
      name: 'gatehouse, every token new',
      url: `http://127.0.0.1:${forgetful.gatewayPort}/bench/1.0.0/x`,
      child: forgetful.child,
      tokens: forgotten.tokens,
    },
  ];
};

/** Latency that is added at about half load: few connections, so that nothing queues. */
const halfLoad = async (started, runs, folder, seconds) => {
  const of = async (name) => {
    const subject = started.find((each) => each.name === name);
    const full = median(runs.get(name).map(({ requestsPerSecond }) => requestsPerSecond));
    const connections = Math.max(1, Math.round((CONNECTIONS / 2) * Math.min(1, 4_000 / full)));
    return load(subject.url, { seconds, tokens: subject.tokens, folder, core: LOAD_CORE, connections });
  };
  const bare = await of('bare undici proxy');
  const ours = await of('gatehouse, JWT + subscription + throttling');
  return { bareP99Ms: bare.p99Ms, gatehouseP99Ms: ours.p99Ms, addedP99Ms: ours.p99Ms - bare.p99Ms };
};

const rowOf = ({ name, child }, results) => ({
  name,
  requestsPerSecond: Math.round(median(results.map((run) => run.requestsPerSecond))),
  spread: spread(results.map((run) => run.requestsPerSecond)),
  'CPU µs/request': Number(median(results.map((run) => run.cpuUs)).toFixed(1)),
  p50Ms: median(results.map((run) => run.p50Ms)),
  p99Ms: median(results.map((run) => run.p99Ms)),
  failures: results.reduce((sum, run) => sum + run.failures, 0),
  memoryMb: Math.round(memoryMb(child.pid)),
});

const BARE = 'bare undici proxy';
const CHECKED = 'gatehouse, JWT + subscription + throttling';
const CHECKED_HAPROXY = 'haproxy, RS256 + rate';
const COMPARED = [
  ['bare undici proxy / http-proxy', BARE, 'http-proxy'],
  ['no policy / bare', 'gatehouse, no policy', BARE],
  ['JWT + subscription + throttling / bare', CHECKED, BARE],
  ['the same + header policies / bare', 'gatehouse, the same + header policies', BARE],
  ['every token new / bare', 'gatehouse, every token new', BARE],
  ['JWT + subscription + throttling / haproxy with the same work', CHECKED, CHECKED_HAPROXY],
];

const summary = (rows, runs, half, settings) => {
  const compared = COMPARED.filter(([, ...names]) => names.every((name) => runs.has(name)));
  const ratios = Object.fromEntries(compared.map(([name, subject, other]) => [name, comparison(runs.get(subject), runs.get(other))]));
  const failed = rows.filter((row) => row.failures > 0).map((row) => row.name);
  const isVoid = ratios['bare undici proxy / http-proxy'].rate < 2 || failed.length > 0;
  const why = failed.length > 0 ? `requests failed: ${failed.join(', ')}` : 'the bare proxy is not twice as fast as http-proxy';
  return { settings, rows, ratios, halfLoad: half, void: isVoid, ...(isVoid && { why }) };
};
