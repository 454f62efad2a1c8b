import {
  apiDocument,
  apiRow,
  keyManager,
  operation,
  row,
  Signer,
  startBackend,
  subscriber,
  TENANT,
  type TestBackend,
  TestGateway,
} from './engine.fixture.js';
import type { ApiAck, FromWorker } from './messages.js';

const signer = new Signer('key-a');
const OPEN = { authType: 'None' as const };
const authorization = { Authorization: `Bearer ${signer.token()}` };
let backend: TestBackend;
let gateway: TestGateway;

beforeEach(async () => {
  backend = await startBackend();
  gateway = await TestGateway.start([...subscriber(signer), apiRow(backend.url)]);
});

afterEach(async () => {
  await gateway.stop();
  await backend.stop();
});

const isAck = (message: FromWorker): message is ApiAck => message.type === 'ack';
const acks = (): readonly ApiAck[] => gateway.messages.filter(isAck);
const status = async (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  (await gateway.call(path, { headers, method })).status;

it.each([
  [
    'GET',
    '/nowhere/1.0.0/menu',
    404,
    { code: '404', type: 'Status report', message: 'Not Found', description: 'The requested resource is not available.' },
  ],
  [
    'GET',
    '/pizza/1.0.0/nothing',
    404,
    { code: '404', type: 'Status report', message: 'Runtime Error', description: 'No matching resource found for given API Request' },
  ],
  [
    'DELETE',
    '/pizza/1.0.0/menu',
    405,
    { code: '405', type: 'Status report', message: 'Runtime Error', description: 'Method not allowed for given API resource' },
  ],
  [
    'GET',
    '/pizza/1.0.0/x/../open',
    404,
    { code: '404', type: 'Status report', message: 'Not Found', description: 'The requested resource is not available.' },
  ],
])('%s %s is %i before anybody is asked for a token', async (method, path, expected, body) => {
  const answer = await gateway.call(path, { method });

  expect(answer.status).toBe(expected);
  expect(answer.headers['content-type']).toBe('application/json');
  expect(JSON.parse(answer.body)).toEqual(body);
});

it.each([
  ['/pizza/1.0.0/open'],
  ['/pizza/1.0.0/open/'],
  ['/pizza/1.0.0/op%65n'],
  ['//pizza/1.0.0//open'],
])('%s is the open resource', async (path) => {
  expect(await status(path)).toBe(200);
});

it('serves the default version without its version, and the versioned path still', async () => {
  expect(await status('/pizza/open')).toBe(404);

  gateway.engine.apply([apiRow(backend.url, { isDefaultVersion: true })]);

  expect([await status('/pizza/open'), await status('/pizza/1.0.0/open')]).toEqual([200, 200]);
  expect(backend.seen.map(({ url }) => url)).toEqual(['/open', '/open']);
  const second = { apiId: 'pizza-2', version: '2.0.0', path: '/pizza/2.0.0', operations: [operation('GET', '/new', OPEN)] };
  gateway.engine.apply([apiRow(backend.url, { ...second, isDefaultVersion: true }), apiRow(backend.url)]);
  expect([await status('/pizza/new'), await status('/pizza/open'), await status('/pizza/1.0.0/open')]).toEqual([200, 404, 200]);
});

it('refuses a transport that the API does not offer', async () => {
  gateway.engine.apply([apiRow(backend.url, { transports: ['https'] })]);

  const answer = await gateway.call('/pizza/1.0.0/open');

  expect(answer.status).toBe(403);
  expect(JSON.parse(answer.body)).toEqual({
    code: '403',
    type: 'Status report',
    message: 'Forbidden',
    description: 'Unsupported Transport [ http ]. The requested resource is not available.',
  });
});

it('a blocked API answers 503 to everybody, a retired one is gone, a created one is closed', async () => {
  gateway.engine.apply([apiRow(backend.url, { status: 'BLOCKED' })]);
  const blocked = await gateway.call('/pizza/1.0.0/menu');
  expect(blocked.status).toBe(503);
  expect(JSON.parse(blocked.body)).toEqual({
    code: '700700',
    type: 'API blocked',
    description: 'This API has been blocked temporarily. Please try again later or contact the system administrators.',
  });

  gateway.engine.apply([apiRow(backend.url, { status: 'CREATED' })]);
  expect([await status('/pizza/1.0.0/open'), await status('/pizza/1.0.0/menu', authorization)]).toEqual([401, 403]);

  gateway.engine.apply([apiRow(backend.url, { status: 'RETIRED' })]);
  expect(await status('/pizza/1.0.0/menu')).toBe(404);

  gateway.engine.apply([apiRow(backend.url, { status: 'DEPRECATED' })]);
  expect(await status('/pizza/1.0.0/menu', authorization)).toBe(200);
});

it('routes by key type, and refuses a key without an endpoint', async () => {
  const sandbox = await startBackend();
  const endpoint = (url: string) => ({ url, onTimeout: 'fault' as const, timeoutMs: null });
  const mapping = { consumerKey: 'key-1', keyManager: 'Resident Key Manager', applicationId: 'app-1', keyType: 'SANDBOX' as const };
  gateway.engine.apply([
    row('key-mapping', 'Resident Key Manager:key-1', mapping),
    apiRow(backend.url, { endpoints: { production: endpoint(backend.url), sandbox: endpoint(sandbox.url) } }),
  ]);
  expect(await status('/pizza/1.0.0/menu', authorization)).toBe(200);
  expect([backend.seen.length, sandbox.seen.length]).toEqual([0, 1]);

  gateway.engine.apply([apiRow(backend.url)]);
  const answer = await gateway.call('/pizza/1.0.0/menu', { headers: authorization });
  expect(answer.status).toBe(403);
  expect(JSON.parse(answer.body)).toMatchObject({ code: '900901', description: 'Sandbox key offered to the API with no sandbox endpoint' });

  gateway.engine.apply([apiRow(backend.url, { endpoints: { production: null, sandbox: endpoint(sandbox.url) } })]);
  expect(await status('/pizza/1.0.0/open')).toBe(200);
  await sandbox.stop();
});

it('sends each operation of a product to the backend of its member', async () => {
  const [first, second, sandbox] = [await startBackend(), await startBackend(), await startBackend()];
  const endpoint = (url: string) => ({ url, onTimeout: 'fault' as const, timeoutMs: null });
  gateway.engine.apply([
    ...subscriber(signer),
    apiRow(backend.url, {
      endpoints: { production: null, sandbox: null },
      backends: [
        { production: endpoint(`${first.url}/a`), sandbox: null },
        { production: endpoint(`${second.url}/b`), sandbox: null },
        { production: null, sandbox: endpoint(sandbox.url) },
        { production: null, sandbox: null },
      ],
      operations: [
        operation('GET', '/menu', { backend: 0 }),
        operation('POST', '/menu', { backend: 1 }),
        operation('GET', '/open', { authType: 'None', backend: 2 }),
        operation('GET', '/test', { backend: 2 }),
        operation('GET', '/gone', { backend: 3 }),
      ],
    }),
  ]);

  const answers = [
    await gateway.call('/pizza/1.0.0/menu?a=1', { headers: authorization }),
    await gateway.call('/pizza/1.0.0/menu', { method: 'POST', headers: authorization }),
    await gateway.call('/pizza/1.0.0/open'),
    await gateway.call('/pizza/1.0.0/test', { headers: authorization }),
    await gateway.call('/pizza/1.0.0/gone', { headers: authorization }),
  ];

  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 403, 500]);
  expect(first.seen.map(({ url }) => url)).toEqual(['/a/menu?a=1']);
  expect(second.seen.map(({ url }) => url)).toEqual(['/b/menu']);
  expect(sandbox.seen.map(({ url }) => url)).toEqual(['/open']);
  expect(backend.seen).toEqual([]);
  await Promise.all([first.stop(), second.stop(), sandbox.stop()]);
});

it('does not serve a product whose operation names no backend of it', async () => {
  gateway.messages.length = 0;

  gateway.engine.apply([apiRow(backend.url, { operations: [operation('GET', '/menu', { backend: 0 })], backends: [] })]);

  expect(acks()).toMatchObject([{ ok: false, error: "'/pizza/1.0.0' has no backend 0" }]);
});

it('acknowledges deployments of its own environments, and keeps what it serves when a document does not link', async () => {
  gateway.messages.length = 0;
  const broken = apiRow(backend.url, { revisionId: 'revision-2', operations: [operation('GET', '/{x')] });
  gateway.engine.apply([
    broken,
    apiRow(backend.url, { environment: 'Elsewhere', path: '/elsewhere/1.0.0' }),
    row('api', 'pizza:Default', null),
  ]);

  const usual = { type: 'ack', organization: TENANT, apiKey: 'pizza:Default', apiId: 'pizza', environment: 'Default' };
  expect(acks()).toEqual([
    { ...usual, seq: broken.seq, revisionId: 'revision-2', ok: false, error: "the template '/{x' has unbalanced braces" },
    { ...usual, seq: broken.seq + 2, revisionId: null, ok: true },
  ]);
  expect(await status('/elsewhere/1.0.0/open')).toBe(404);
  expect(await status('/pizza/1.0.0/open')).toBe(404);
});

it.each([
  [
    'an endpoint that is no URL',
    { endpoints: { production: { url: 'nope', onTimeout: 'fault' as const, timeoutMs: null }, sandbox: null } },
  ],
  ['a path that is none', { path: 'pizza' }],
])('does not replace a good API by one with %s', async (_case, changes) => {
  gateway.engine.apply([apiRow(backend.url, changes)]);

  expect(acks().at(-1)?.ok).toBe(false);
  expect(await status('/pizza/1.0.0/open')).toBe(200);
});

it('a redeployment under load loses no request', async () => {
  let stop = false;
  const statuses = new Set<number>();
  const load = Promise.all(
    Array.from({ length: 4 }, async () => {
      while (!stop) statuses.add(await status('/pizza/1.0.0/open'));
    }),
  );
  for (let i = 0; i < 20; i += 1) {
    gateway.engine.apply([apiRow(backend.url, { revisionId: `revision-${i}` })]);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  stop = true;
  await load;

  expect([...statuses]).toEqual([200]);
});

it('applies a document as quickly among 10,000 APIs as among ten', () => {
  const rows = Array.from({ length: 10_000 }, (_, i) =>
    apiRow(backend.url, { apiId: `api-${i}`, context: `/api-${i}`, path: `/api-${i}/1.0.0`, operations: [operation('GET', '/menu')] }),
  );
  const time = (): number => {
    const started = performance.now();
    for (let i = 0; i < 200; i += 1) gateway.engine.apply([row('api', 'pizza:Default', apiDocument(backend.url))]);
    return performance.now() - started;
  };
  time();
  const few = time();
  gateway.engine.apply(rows);

  // A cost that grew with the number of APIs would be a thousand times as high.
  expect(time()).toBeLessThan(few * 20 + 50);
});

it('shows its keys and a welcome page', async () => {
  const welcome = await gateway.call('/');
  expect(welcome).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=UTF-8' } });
  expect(welcome.body).toContain('Welcome to APIM');

  const own = JSON.parse((await gateway.call('/jwks')).body);
  expect(own.keys[0].kid).toBe('key-a');
  expect(await status('/t/a.com/jwks')).toBe(404);
  gateway.engine.apply([{ ...keyManager(new Signer('key-b')), organization: 'a.com' }]);
  expect(JSON.parse((await gateway.call('/t/a.com/jwks')).body).keys[0].kid).toBe('key-b');
});
