import { mkdtempSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nginxBackend } from './peers/configs.mjs';
import { populate } from './population.mjs';
import { freePort, has, launch, stop, until } from './processes.mjs';
import { adminToken, call, publishedApi, startServer } from './server.mjs';
import { median } from './statistics.mjs';

const RATE = 1_000;
const FLOOD_CONNECTIONS = 64;
const FLOODS = ['none', 'logins', 'tokens'];
const PAUSE_MS = 100;
const SCOPES = 'apim:api_view apim:api_create apim:api_publish apim:api_manage';
const script = (name) => fileURLToPath(new URL(name, import.meta.url));

/** What a flood of logins and one of token requests do to the gateway's latency at a fixed load, and to the login of somebody else. */
export const logins = async ({ rounds, seconds }) => {
  const subject = await prepared();
  const runs = Object.fromEntries(FLOODS.map((flood) => [flood, []]));
  await run(subject, 'none', 2);
  // Interleaved, so that a drift of the machine hits all alike.
  for (let round = 0; round < rounds; round++) for (const flood of FLOODS) runs[flood].push(await run(subject, flood, seconds));
  await stop(subject.server.child);
  await stop(subject.backend);
  return summary(runs, { rounds, seconds });
};

const prepared = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const port = await freePort();
  const backend = launch(has('nginx') ? nginxBackend(folder, port) : [process.execPath, script('./peers/backend.mjs'), String(port)]);
  const env = {
    APIM_LOG__LEVEL: 'warn',
    APIM_LOG__AUDIT__ENABLE: 'false',
    // The flood is to be computed, not turned away.
    APIM_IDENTITY_MGT__LOGIN_THROTTLE__FAILURES_MAX: '0',
    APIM_GATEWAY__TRUSTED_PROXIES: '["127.0.0.0/8"]',
  };
  const server = await startServer({ env });
  const token = await adminToken(server, SCOPES);
  const api = await publishedApi(server, token, { name: 'Bench', context: '/bench', backend: `http://127.0.0.1:${port}` });
  const { tokens } = await populate(server, [api], { applications: 1, tokens: 1 });
  const url = `http://127.0.0.1:${server.gatewayPort}/bench/1.0.0/x`;
  await until(async () => (await fetch(url, { headers: { authorization: `Bearer ${tokens[0]}` } })).status === 200, 'the API');
  const { clientId, clientSecret } = await call(server, 'POST', '/client-registration/v0.17/register', {
    basic: 'admin:admin',
    body: { clientName: 'flood', owner: 'admin', grantType: 'client_credentials', saasApp: true, callbackUrl: '' },
  });
  return { server, backend, url, token: tokens[0], client: `${clientId}:${clientSecret}` };
};

const run = async ({ server, url, token, client }, flood, seconds) => {
  const management = 9443 + server.offset;
  const flooding =
    flood === 'none'
      ? undefined
      : printed(launch([process.execPath, script('./flood.mjs'), flood, management, FLOOD_CONNECTIONS, seconds, client].map(String)));
  const measured = printed(launch([process.execPath, script('./paced.mjs'), url, token, RATE, seconds].map(String)));
  const others = await loginsOfSomebodyElse(management, seconds);
  return { ...(await measured), loginMs: median(others), flood: flooding ? await flooding : {} };
};

/** Milliseconds that logins from another address take, one after the other. */
const loginsOfSomebodyElse = async (port, seconds) => {
  const end = performance.now() + seconds * 1_000;
  const taken = [];
  for (let n = 0; performance.now() < end; n++) {
    const began = performance.now();
    await login(port, `somebody-${n}-${began}:wrong`);
    taken.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return taken;
};

const login = (port, credentials) =>
  new Promise((resolve, reject) => {
    const headers = { authorization: `Basic ${Buffer.from(credentials).toString('base64')}`, 'x-forwarded-for': '192.0.2.2' };
    request({ host: '127.0.0.1', port, path: '/scim2/Me', headers, rejectUnauthorized: false }, (response) => {
      response.resume();
      response.once('end', resolve);
    })
      .once('error', reject)
      .end();
  });

const printed = (child) =>
  new Promise((resolve, reject) =>
    child.once('close', (code) => (code === 0 ? resolve(JSON.parse(child.output)) : reject(new Error(child.output)))),
  );

const summary = (runs, settings) => {
  const rows = FLOODS.map((flood) => {
    const of = (name) => Number(median(runs[flood].map((each) => each[name])).toFixed(2));
    const answered = runs[flood].reduce((sum, each) => sum + Object.values(each.flood).reduce((all, count) => all + count, 0), 0);
    const failures = runs[flood].reduce((sum, each) => sum + each.failures, 0);
    const perSecond = Math.round(answered / runs[flood].length / settings.seconds);
    return { name: flood, p50Ms: of('p50Ms'), p99Ms: of('p99Ms'), failures, floodPerSecond: perSecond, loginMs: of('loginMs') };
  });
  const [none, ...floods] = rows;
  const ratios = Object.fromEntries(
    floods.flatMap(({ name, p99Ms, loginMs }) => [
      [`gateway p99 with ${name} / without`, Number((p99Ms / none.p99Ms).toFixed(2))],
      [`somebody else's login with ${name} / without`, Number((loginMs / none.loginMs).toFixed(2))],
    ]),
  );
  return { settings: { ...settings, requestsPerSecond: RATE, floodConnections: FLOOD_CONNECTIONS }, rows, ratios };
};
