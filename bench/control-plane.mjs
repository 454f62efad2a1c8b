import { Agent, request } from 'node:http';
import { apiOf, fill, importApi, subjectOf } from './catalogue.mjs';
import { freePort, launch, stop, until } from './processes.mjs';
import { adminToken, call, deploy, startServer } from './server.mjs';
import { median, percentile } from './statistics.mjs';

const PUBLISHER = '/api/am/publisher/v4';
const DEVPORTAL = '/api/am/devportal/v3';
const SCOPES = 'apim:api_view apim:api_create apim:api_delete apim:api_publish apim:api_manage apim:subscribe';
/** No operation is repeated for longer than this. */
const OPERATION_MS = 10_000;
const SERVED_MS = 120_000;
/** Calls before the first that counts. */
const WARM_UP = 5;

/** What the operations of the control plane cost while the tenant has this many APIs, all of them published and deployed. */
export const controlPlane = async ({ apis, rounds }) => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const backend = launch([process.execPath, new URL('./peers/backend.mjs', import.meta.url).pathname, String(port)]);
  const server = await startServer({ env: { APIM_LOG__LEVEL: 'warn' } });
  const agent = new Agent({ keepAlive: true });
  const runs = [];
  for (const [index, size] of apis.entries()) {
    const token = await adminToken(server, SCOPES);
    const began = performance.now();
    await fill(server, token, apis[index - 1] ?? 0, size, url);
    await until(() => isServed({ server, agent }, `catalogue${size - 1}`, subjectOf(size - 1)), 'the last API at the gateway', SERVED_MS);
    const seedingS = Math.round((performance.now() - began) / 1_000);
    runs.push({ size, seedingS, times: await measure({ server, token, agent, url, size, repetitions: rounds * 10 }) });
  }
  agent.destroy();
  await stop(server.child);
  await stop(backend);
  return report(runs);
};

const statusOf = (agent, port, path) =>
  new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, agent }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode));
    })
      .once('error', reject)
      .end();
  });

/** Whether the gateway answers a request to the API of this context and subject. */
export const isServed = async ({ agent, server }, context, subject) =>
  (await statusOf(agent, server.gatewayPort, `/${context}/1.0.0/${subject}/${subject}-part-0/x`)) === 200;

const measure = async (bench) => {
  const { server, token, size, repetitions } = bench;
  const get = (path) => call(server, 'GET', path, { token });
  const list = (query) => get(`${PUBLISHER}/apis?limit=25&query=${encodeURIComponent(query)}`);
  const search = (query) => get(`${PUBLISHER}/search?limit=25&query=${encodeURIComponent(query)}`);
  const last = size - 1;
  const reads = {
    'list, first page': () => get(`${PUBLISHER}/apis?limit=25`),
    'list, by time': () => get(`${PUBLISHER}/apis?limit=25&sortBy=createdTime&sortOrder=desc`),
    'list, last page': () => get(`${PUBLISHER}/apis?limit=25&offset=${Math.max(0, size - 25)}`),
    'portal list': () => get(`${DEVPORTAL}/apis?limit=25`),
    'search by name': () => list(`name:ogue${last}`),
    'search by context': () => list(`context:ogue${last}`),
    'search by tag': () => list('tag:ranch7'),
    'search by property': () => list(`Branch:"B-${last}"`),
    'search by description': () => list('description:branch 7'),
    'search, a rare word': () => search(`ledger${last > 9 ? last : ''}`),
    'search, words of every definition': () => search('amount currency'),
    'search, inside words': () => search('*edger*'),
    'search, a phrase': () => search('"part 3 of tickets"'),
    'read one': async () => get(`${PUBLISHER}/apis/${await idOf(bench, last)}`),
  };
  const times = {};
  for (const [name, run] of Object.entries(reads)) times[name] = await timed(run, repetitions);
  return { ...times, ...(await measureWrites(bench)) };
};

const idOf = async ({ server, token }, index) => {
  const { list } = await call(server, 'GET', `${PUBLISHER}/apis?query=${encodeURIComponent(`name:"Catalogue${index}"`)}`, { token });
  return list[0].id;
};

const timed = async (run, repetitions) => {
  for (let index = 0; index < WARM_UP; index += 1) await run(`warm${index}`);
  const times = [];
  const end = performance.now() + OPERATION_MS;
  for (let index = 0; index < repetitions && performance.now() < end; index += 1) {
    const began = performance.now();
    await run(`${index}`);
    times.push(performance.now() - began);
  }
  return times;
};

/** Creates and imports APIs, and deploys them until they are served; each is deleted again, so that the number stays. */
const measureWrites = async (bench) => {
  const { server, token, url, size, repetitions } = bench;
  const made = [];
  const create = async (name) => {
    const { id } = await call(server, 'POST', `${PUBLISHER}/apis`, { token, body: apiOf(`Created${size}x${name}`, 'orders', size, url) });
    made.push(id);
  };
  const times = { create: await timed(create, repetitions) };
  const imported = [];
  let next = size;
  times['import-openapi'] = await timed(async () => {
    imported.push({ id: await importApi(server, token, next, url), context: `catalogue${next}`, subject: subjectOf(next) });
    next += 1;
  }, repetitions);
  times['revision and deploy, until 201'] = [];
  times['from 201 to the first request served'] = [];
  for (const { id, context, subject } of imported) {
    await call(server, 'POST', `${PUBLISHER}/apis/change-lifecycle?apiId=${id}&action=Publish`, { token });
    const began = performance.now();
    await deploy(server, token, id);
    const deployed = performance.now();
    await until(() => isServed(bench, context, subject), context, SERVED_MS, 0);
    times['revision and deploy, until 201'].push(deployed - began);
    times['from 201 to the first request served'].push(performance.now() - deployed);
  }
  for (const id of [...made, ...imported.map((api) => api.id)]) await call(server, 'DELETE', `${PUBLISHER}/apis/${id}`, { token });
  return times;
};

const rounded = (ms) => Number(ms.toFixed(1));

/** A row for each operation: median and 95th percentile for every number of APIs, and the last median over the first. */
const report = (runs) => {
  const names = Object.keys(runs[0].times);
  return {
    seeding: 'ten APIs through the REST API, the others as copies of their rows in SQL',
    seedingS: Object.fromEntries(runs.map(({ size, seedingS }) => [size, seedingS])),
    rows: names.map((name) => ({
      name,
      ...Object.fromEntries(
        runs.flatMap(({ size, times }) => [
          [`p50 at ${size}`, rounded(median(times[name]))],
          [`p95 at ${size}`, rounded(percentile(times[name], 95))],
        ]),
      ),
      growth: Number((median(runs.at(-1).times[name]) / median(runs[0].times[name])).toFixed(2)),
    })),
  };
};
