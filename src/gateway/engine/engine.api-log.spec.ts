import { gzipSync } from 'node:zlib';
import type { ApiLogLevelDocument } from '../../domain/api-logging.js';
import { apiRow, operation, row, Signer, startBackend, subscriber, type TestBackend, TestGateway, until } from './engine.fixture.js';
import type { FromWorker } from './messages.js';

type LogLines = Extract<FromWorker, { readonly type: 'log-lines' }>;
interface Entry {
  readonly flow: string;
  readonly correlationId: string;
  readonly headers?: readonly string[];
  readonly payload?: string;
  readonly [name: string]: unknown;
}

const BYTES_MAX = 1_024;
const LINE = /^\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3})\] INFO \{API_LOG\} (\w+) - (\{.*\})$/;
const FLOWS = ['REQUEST_IN', 'REQUEST_OUT', 'RESPONSE_IN', 'RESPONSE_OUT'];
const signer = new Signer('key-a');
let backend: TestBackend;
let gateway: TestGateway;

beforeAll(async () => {
  backend = await startBackend((request, reply) => {
    reply.setHeader('Set-Cookie', 'session=s3cret');
    if (request.url?.startsWith('/zipped')) reply.setHeader('Content-Encoding', 'gzip').end(gzipSync('hello'));
    else if (request.url?.startsWith('/large')) reply.end('x'.repeat(3 * BYTES_MAX));
    else if (request.url?.startsWith('/binary')) reply.end(Buffer.from([0, 255, 1]));
    else if (request.url?.startsWith('/stream')) {
      reply.write('first');
      endStream = () => reply.end('last');
    } else reply.end('{"hello":"world"}');
  });
});
let endStream: () => void;
beforeEach(async () => {
  const targets = ['/menu', '/zipped', '/large', '/binary', '/stream'];
  const operations = [...targets.map((target) => operation('GET', target)), operation('POST', '/order')];
  const observability = { accessLog: null, metrics: false, traces: null, alwaysCorrelates: false, apiLogPayloadBytesMax: BYTES_MAX };
  gateway = await TestGateway.start([...subscriber(signer), apiRow(backend.url, { operations })], { observability });
});
afterEach(() => gateway.stop());
afterAll(() => backend.stop());

const set = (level: ApiLogLevelDocument['level'], resources: ApiLogLevelDocument['resources'] = []): void =>
  gateway.engine.apply([row('api-log-level', 'pizza', { level, resources })]);
const linesOf = (log: LogLines['log']): readonly string[] =>
  gateway.messages
    .filter((message): message is LogLines => message.type === 'log-lines' && message.log === log)
    .flatMap(({ text }) => text.split('\n').filter((line) => line !== ''));
const entries = (): readonly Entry[] => linesOf('api').map((line) => JSON.parse(LINE.exec(line)?.[3] ?? line));
const entriesOnce = async (count: number): Promise<readonly Entry[]> => {
  await until(() => entries().length >= count);
  return entries();
};
const call = (path: string, headers: Record<string, string> = {}, body?: string) =>
  gateway.call(`/pizza/1.0.0${path}`, {
    headers: { Authorization: `Bearer ${signer.token()}`, ...headers },
    ...(body !== undefined && { method: 'POST', body }),
  });

it('writes a line for each of the four messages, and nothing before it is switched on or after it is switched off', async () => {
  await call('/menu');
  set('BASIC');
  await call('/menu?size=2&apikey=s3cret', { activityid: 'order-7' });
  gateway.engine.apply([row('api-log-level', 'pizza', null)]);
  await call('/menu');
  await gateway.stop();

  const common = { apiTo: '/pizza/1.0.0/menu?size=2&apikey=***', correlationId: 'order-7', verb: 'GET' };
  expect(entries()).toEqual([
    { ...common, flow: 'REQUEST_IN', sourceIP: '127.0.0.1' },
    { ...common, flow: 'REQUEST_OUT', sourceIP: '127.0.0.1' },
    { ...common, flow: 'RESPONSE_IN', statusCode: 200 },
    { ...common, flow: 'RESPONSE_OUT', statusCode: 200 },
  ]);
  expect(LINE.exec(linesOf('api')[0] ?? '')?.[2]).toBe('Pizza');
});

it('gives a call without a name one, which its backend and its client see', async () => {
  set('BASIC');
  backend.seen.length = 0;

  const { headers } = await call('/menu');

  const ids = new Set((await entriesOnce(4)).map(({ correlationId }) => correlationId));
  expect([...ids]).toEqual([headers['activityid']]);
  expect(backend.seen[0]?.headers['activityid']).toBe(headers['activityid']);
});

it('writes headers at STANDARD, and none of the credentials', async () => {
  set('STANDARD');

  await call('/menu', { Cookie: 'a=s3cret', apikey: 's3cret', 'X-My-Token': 's3cret', Referer: 'http://x/?code=s3cret', 'X-Kind': 'b' });

  const [requestIn, requestOut, responseIn, responseOut] = await entriesOnce(4);
  expect(requestIn?.headers).toEqual(
    expect.arrayContaining(['Authorization=***', 'Cookie=***', 'apikey=***', 'X-My-Token=***', 'Referer=http://x/?code=***', 'X-Kind=b']),
  );
  expect(requestOut?.headers).toEqual(expect.arrayContaining(['X-Kind=b', 'Cookie=***']));
  expect(responseIn?.headers).toContain('Set-Cookie=***');
  expect(responseOut?.headers).toEqual(expect.arrayContaining(['Set-Cookie=***', `activityid=${requestIn?.correlationId}`]));
  expect(linesOf('api').join()).not.toMatch(/s3cret|Bearer/);
  expect(entries().some(({ payload }) => payload !== undefined)).toBe(false);
});

it('writes bodies at FULL', async () => {
  set('FULL');

  const answer = await call('/order', { 'Content-Type': 'application/json' }, '{"size":2}');

  const written = await entriesOnce(4);
  expect(answer.body).toBe('{"hello":"world"}');
  expect(written.map(({ flow, payload }) => [flow, payload])).toEqual([
    ['REQUEST_IN', '{"size":2}'],
    ['REQUEST_OUT', '{"size":2}'],
    ['RESPONSE_IN', '{"hello":"world"}'],
    ['RESPONSE_OUT', '{"hello":"world"}'],
  ]);
});

it('writes of a long body its beginning, and passes all of it', async () => {
  set('FULL');

  const answer = await call('/large');

  const [, , responseIn, responseOut] = await entriesOnce(4);
  expect(answer.body).toHaveLength(3 * BYTES_MAX);
  expect(responseIn).toMatchObject({ payload: 'x'.repeat(BYTES_MAX), payloadBytes: 3 * BYTES_MAX });
  expect(responseOut).toMatchObject({ payload: 'x'.repeat(BYTES_MAX) });
});

it.each([
  ['/zipped', `[gzip, ${gzipSync('hello').length} bytes]`],
  ['/binary', '[binary, 3 bytes]'],
])('says of a body that is no text what it is: %s', async (path, payload) => {
  set('FULL');

  await call(path);

  expect((await entriesOnce(4))[2]).toMatchObject({ payload });
});

it('lets an answer stream while it is written down', async () => {
  set('FULL');

  const answer = await fetch(`http://127.0.0.1:${gateway.port}/pizza/1.0.0/stream`, {
    headers: { Authorization: `Bearer ${signer.token()}` },
  });
  const reader = answer.body?.getReader();
  const read = async () => Buffer.from((await reader?.read())?.value ?? []).toString();

  // The backend has not ended, and its first words are here.
  expect(await read()).toBe('first');
  expect((await entriesOnce(2)).map(({ flow }) => flow)).toEqual(['REQUEST_IN', 'REQUEST_OUT']);
  endStream();
  expect(await read()).toBe('last');
  expect((await entriesOnce(4))[3]).toMatchObject({ flow: 'RESPONSE_OUT', payload: 'firstlast' });
});

it('takes the level of the resource before that of the API', async () => {
  set('BASIC', [
    { method: 'POST', target: '/order', level: 'FULL' },
    { method: 'GET', target: '/order', level: 'STANDARD' },
  ]);

  await call('/order', {}, 'two');
  await call('/menu');

  const written = await entriesOnce(8);
  expect(written.map(({ payload }) => payload ?? null)).toEqual([
    'two',
    'two',
    '{"hello":"world"}',
    '{"hello":"world"}',
    null,
    null,
    null,
    null,
  ]);
  expect(written[4]?.headers).toBeUndefined();
});

it('writes one resource alone', async () => {
  set('OFF', [{ method: 'GET', target: '/menu', level: 'BASIC' }]);

  await call('/large');
  await call('/menu');
  await gateway.stop();

  expect(entries().map(({ flow, apiTo }) => [flow, apiTo])).toEqual(FLOWS.map((flow) => [flow, '/pizza/1.0.0/menu']));
});

it('writes what it refuses, and calls to no resource of the API', async () => {
  set('STANDARD');

  await gateway.call('/pizza/1.0.0/menu');
  await call('/nothing');
  await gateway.stop();

  expect(entries().map(({ flow, statusCode }) => [flow, statusCode])).toEqual([
    ['REQUEST_IN', undefined],
    ['RESPONSE_OUT', 401],
    ['REQUEST_IN', undefined],
    ['RESPONSE_OUT', 404],
  ]);
});

it('stays on when the API is deployed again', async () => {
  set('BASIC');
  gateway.engine.apply([apiRow(backend.url, { revisionId: 'revision-2' })]);

  await call('/menu');

  expect((await entriesOnce(4)).map(({ flow }) => flow)).toEqual(FLOWS);
});

it('is switched on and off under load without losing a request', async () => {
  const until = Date.now() + 600;
  const statuses: number[] = [];
  const callers = Array.from({ length: 8 }, async () => {
    while (Date.now() < until) statuses.push((await call('/menu')).status);
  });
  while (Date.now() < until) {
    set('FULL');
    await new Promise((resolve) => setTimeout(resolve, 5));
    gateway.engine.apply([row('api-log-level', 'pizza', null)]);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await Promise.all(callers);
  await gateway.stop();

  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(entries().length % FLOWS.length).toBe(0);
  expect(entries().length).toBeGreaterThan(0);
});

describe('the correlation log', () => {
  const parts = () => linesOf('correlation').map((line) => line.split('|').slice(1));

  it('tells when a call came and went, and how long it and its backend took', async () => {
    gateway.engine.apply([row('correlation', 'gateway', { http: true })]);
    await call('/menu?token=s3cret', { activityid: 'order-7' });
    gateway.engine.apply([row('correlation', 'gateway', { http: false })]);
    await call('/menu');
    await gateway.stop();

    const client = ['http-incoming', 'GET', '/pizza/1.0.0/menu?token=***'];
    const ms = expect.stringMatching(/^\d+$/);
    expect(parts()).toEqual([
      ['order-7', 'gateway', '0', 'HTTP State Transition', ...client, 'REQUEST_HEAD'],
      ['order-7', 'gateway', ms, 'BACKEND LATENCY', 'http-outgoing', 'GET', backend.url, 'RESPONSE_DONE'],
      ['order-7', 'gateway', ms, 'ROUND-TRIP LATENCY', ...client, 'RESPONSE_DONE'],
      ['order-7', 'gateway', '0', 'HTTP State Transition', ...client, 'RESPONSE_DONE'],
    ]);
  });

  it('says that a backend failed', async () => {
    gateway.engine.apply([
      row('correlation', 'gateway', { http: true }),
      apiRow('http://127.0.0.1:1', { operations: [operation('GET', '/menu')] }),
    ]);
    await call('/menu');
    await gateway.stop();

    expect(parts().map((each) => each.at(-1))).toEqual(['REQUEST_HEAD', 'BACKEND_FAILED', 'RESPONSE_DONE', 'RESPONSE_DONE']);
  });

  it('is not switched on by another tenant', async () => {
    gateway.engine.apply([row('correlation', 'gateway', { http: true }, 'acme.com')]);
    await call('/menu', { activityid: 'order-7' });
    await gateway.stop();

    expect(parts()).toEqual([]);
  });
});
