import { Agent } from 'node:http';
import { join } from 'node:path';
import pg from 'pg';
import { fill, subjectOf } from './catalogue.mjs';
import { isServed } from './control-plane.mjs';
import { freePort, launch, stop, until } from './processes.mjs';
import { adminToken, call, startServer } from './server.mjs';
import { median, percentile } from './statistics.mjs';

const DEVPORTAL = '/api/am/devportal/v3';
/** The server and its database share this core; whoever asks has another. */
const SERVER_CORE = 0;
const HELD_ROLES = 20;
const PASSWORD = 'Passw0rd1';
/** No operation is repeated for longer than this. */
const OPERATION_MS = 10_000;
/** Calls before the first that counts. */
const WARM_UP = 20;
/** Of five APIs two are public, two are restricted to roles of which the visitor holds one, and one is hidden from the visitor. */
const ALL_FOR_VISIBLE = 5 / 4;
const SIZES = [100, 1_000, 10_000];
const SERVED_MS = 300_000;

/** What finding APIs in the developer portal costs a user with twenty roles who sees this many of them. */
export const portal = async ({ rounds }) => {
  const port = await freePort();
  const backend = launch([process.execPath, new URL('./peers/backend.mjs', import.meta.url).pathname, String(port)]);
  const server = await startServer({ core: SERVER_CORE, env: { APIM_LOG__LEVEL: 'warn' } });
  const visitor = await visitorOf(server);
  const agent = new Agent({ keepAlive: true });
  const runs = [];
  for (const [index, size] of SIZES.entries()) {
    const token = await adminToken(server, 'apim:api_view apim:api_create apim:api_publish apim:api_manage');
    const all = (visible) => Math.round((visible ?? 0) * ALL_FOR_VISIBLE);
    await fill(server, token, all(SIZES[index - 1]), all(size), `http://127.0.0.1:${port}`);
    // The gateway shares the core: what it still has to learn would be measured too.
    const last = all(size) - 1;
    await until(() => isServed({ server, agent }, `catalogue${last}`, subjectOf(last)), 'the last API at the gateway', SERVED_MS);
    await restrict(server);
    runs.push({ size, times: await measure(server, await tokenOf(server, visitor), size, rounds * 20) });
  }
  agent.destroy();
  await stop(server.child);
  await stop(backend);
  return report(runs);
};

/** A user with twenty roles, and twenty other roles that the user does not have. */
const visitorOf = async (server) => {
  const basic = 'admin:admin';
  const user = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'visitor', password: PASSWORD };
  const { id } = await call(server, 'POST', '/scim2/Users', { basic, body: user });
  for (let index = 0; index < 2 * HELD_ROLES; index += 1) {
    const members = index < HELD_ROLES ? [{ value: id }] : [];
    const body = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: `branch${index}`, members };
    await call(server, 'POST', '/scim2/Groups', { basic, body });
  }
  return call(server, 'POST', '/client-registration/v0.17/register', {
    basic,
    body: { clientName: 'visitors', owner: 'admin', grantType: 'password', saasApp: true, callbackUrl: '' },
  });
};

/** Fresh for each size: filling takes longer than a token lives at the worst. */
const tokenOf = async (server, { clientId, clientSecret }) => {
  const form = { grant_type: 'password', username: 'visitor', password: PASSWORD };
  return (await call(server, 'POST', '/oauth2/token', { basic: `${clientId}:${clientSecret}`, form })).access_token;
};

const restrict = async (server) => {
  const client = new pg.Client({ host: join(server.dataDir, 'postgres'), user: 'gatehouse', database: 'postgres' });
  await client.connect();
  try {
    await client.query(
      `UPDATE apis SET visibility = 'RESTRICTED', visible_roles = CASE place % 5
         WHEN 4 THEN ARRAY['branch' || $1::int + place % $1::int]
         ELSE ARRAY['branch' || place % $1::int, 'branch' || $1::int + place / 7 % $1::int] END
       FROM (SELECT id AS numbered, substring(name FROM 10)::int AS place FROM apis WHERE name LIKE 'Catalogue%') AS numbers
       WHERE id = numbered AND place % 5 >= 2 AND visibility = 'PUBLIC'`,
      [HELD_ROLES],
    );
    await client.query('VACUUM ANALYZE');
  } finally {
    await client.end();
  }
};

const measure = async (server, token, size, repetitions) => {
  const get = (path) => call(server, 'GET', `${DEVPORTAL}${path}`, { token });
  const list = (query) => get(`/apis?limit=25&query=${encodeURIComponent(query)}`);
  const search = (query) => get(`/search?limit=25&query=${encodeURIComponent(query)}`);
  const { pagination } = await get('/apis?limit=1');
  if (pagination.total !== size) throw new Error(`${pagination.total} APIs are visible, not ${size}`);
  const seen = 1 + 5 * Math.floor((size - 1) / 5);
  const one = await idOf(get, seen);
  const reads = {
    'list, first page': () => get('/apis?limit=25'),
    'list, last page': () => get(`/apis?limit=25&offset=${size - 25}`),
    'list by a name word': () => list(`ogue${seen}`),
    'list by a part of most names': () => list('catalogue'),
    'list by a tag': () => list('tag:branch7'),
    'list by a property': () => list(`Branch:"B-${seen}"`),
    'list by a description': () => list('description:branch 7'),
    'list by a context': () => list(`context:ogue${seen}`),
    'search a rare word': () => search(`ledger${seen > 9 ? seen : ''}`),
    'search a word of one subject in ten': () => search(subjectOf(seen)),
    'search words of every definition': () => search('amount currency'),
    'search a name': () => search(`name:ogue${seen}`),
    tags: () => get('/tags'),
    'read one': () => get(`/apis/${one}`),
  };
  const times = {};
  for (const [name, run] of Object.entries(reads)) times[name] = await timed(run, repetitions);
  return times;
};

const idOf = async (get, number) => {
  const { list } = await get(`/apis?query=${encodeURIComponent(`name:"Catalogue${number}"`)}`);
  return list[0].id;
};

const timed = async (run, repetitions) => {
  for (let index = 0; index < WARM_UP; index += 1) await run();
  const times = [];
  const end = performance.now() + OPERATION_MS;
  for (let index = 0; index < repetitions && performance.now() < end; index += 1) {
    const began = performance.now();
    await run();
    times.push(performance.now() - began);
  }
  return times;
};

const rounded = (ms) => Number(ms.toFixed(1));

/** A row for each operation: median and 95th percentile for every number of APIs, and the last median over the first. */
const report = (runs) => ({
  visitor: `a user with ${HELD_ROLES} roles; two APIs in five are public, two restricted and visible, one hidden`,
  rows: Object.keys(runs[0].times).map((name) => ({
    name,
    ...Object.fromEntries(
      runs.flatMap(({ size, times }) => [
        [`p50 at ${size}`, rounded(median(times[name]))],
        [`p95 at ${size}`, rounded(percentile(times[name], 95))],
      ]),
    ),
    growth: Number((median(runs.at(-1).times[name]) / median(runs[0].times[name])).toFixed(2)),
  })),
});
