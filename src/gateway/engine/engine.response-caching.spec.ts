import type { IncomingMessage } from 'node:http';
import type { ApiDocument } from '../../domain/gateway-documents.js';
import { apiRow, operation, Signer, startBackend, subscriber, type TestBackend, TestGateway } from './engine.fixture.js';

interface Given {
  status?: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

const signer = new Signer('kid-1');
let backend: TestBackend;
let gateway: TestGateway;
let given: (request: IncomingMessage) => Given;
let apis = 0;
let path: string;

/** Deploys an API of its own for each test, so that nothing is kept from another. */
const deploy = (changes: Partial<ApiDocument> = {}): void => {
  gateway.engine.apply([
    apiRow(backend.url, {
      apiId: `api-${apis}`,
      context: path,
      path,
      subscriptionless: true,
      cacheSeconds: 60,
      operations: [
        operation('GET', '/*', { authType: 'None' }),
        operation('HEAD', '/*', { authType: 'None' }),
        operation('POST', '/*', { authType: 'None' }),
        operation('GET', '/secured'),
      ],
      ...changes,
    }),
  ]);
};

beforeAll(async () => {
  backend = await startBackend((request, reply) => {
    const { status = 200, headers = {}, body = `answer ${backend.seen.length}` } = given(request);
    reply.writeHead(status, headers).end(body);
  });
  gateway = await TestGateway.start(subscriber(signer));
});
beforeEach(() => {
  given = () => ({});
  backend.seen.length = 0;
  apis += 1;
  path = `/cached/${apis}`;
  deploy();
});
afterAll(async () => {
  await gateway.stop();
  await backend.stop();
});

const get = (target = '/a', headers: Record<string, string> = {}, method = 'GET') => gateway.call(path + target, { headers, method });

it('asks the backend once, and says how old the answer is', async () => {
  given = () => ({ headers: { 'content-type': 'text/plain', 'x-own': '1', age: '5' } });

  const first = await get();
  const second = await get();

  expect([first.body, second.body]).toEqual(['answer 1', 'answer 1']);
  expect(second).toMatchObject({
    status: 200,
    headers: { 'content-type': 'text/plain', 'x-own': '1', age: '5', 'content-length': '8' },
  });
  expect(backend.seen).toHaveLength(1);
});

it.each([
  ['another query', '/a?b=1', {}, 'GET'],
  ['another path', '/b', {}, 'GET'],
  ['a POST', '/a', {}, 'POST'],
  ['a part', '/a', { range: 'bytes=0-1' }, 'GET'],
  ['no-cache', '/a', { 'cache-control': 'no-cache' }, 'GET'],
  ['no-store', '/a', { 'cache-control': 'no-store' }, 'GET'],
  ['max-age=0 of an older one', '/a', { 'cache-control': 'max-age=0', pragma: 'no-cache' }, 'GET'],
  ['Pragma: no-cache', '/a', { pragma: 'no-cache' }, 'GET'],
  ['another host', '/a', { host: 'other.example' }, 'GET'],
  ['a cookie', '/a', { cookie: 'user=ann' }, 'GET'],
])('asks the backend again for %s', async (_what, target, headers, method) => {
  given = () => ({ headers: { age: '1' } });
  await get();

  await get(target, headers, method);

  expect(backend.seen).toHaveLength(2);
});

it.each([
  [{ headers: { 'cache-control': 'no-store' } }],
  [{ headers: { 'cache-control': 'private, max-age=60' } }],
  [{ headers: { 'cache-control': 'no-cache' } }],
  [{ headers: { 'cache-control': 'max-age=0' } }],
  [{ headers: { 'cache-control': 's-maxage=0, max-age=60' } }],
  [{ headers: { 'cache-control': 'max-age=many' } }],
  [{ headers: { 'cache-control': 'max-age=10', age: '10' } }],
  [{ headers: { expires: '0' } }],
  [{ headers: { 'set-cookie': 'a=b' } }],
  [{ headers: { vary: '*' } }],
  [{ status: 500 }],
  [{ status: 302, headers: { location: '/b' } }],
  [{ body: Buffer.alloc(1_048_577) }],
])('does not keep %j', async (answer: Given) => {
  given = () => answer;
  await get();

  await get();

  expect(backend.seen).toHaveLength(2);
});

it.each([
  [{ status: 404 }],
  [{ status: 204, body: '' }],
  [{ headers: { 'cache-control': 'max-age=10' } }],
  [{ headers: { expires: new Date(Date.now() + 3_600_000).toUTCString() } }],
  [{ body: Buffer.alloc(1_048_576) }],
])('keeps %j', async (answer: Given) => {
  given = () => answer;
  const first = await get();

  const second = await get();

  expect(backend.seen).toHaveLength(1);
  expect([second.status, second.body === first.body]).toEqual([first.status, true]);
});

it('answers HEAD from what a GET was answered with', async () => {
  await get();

  const head = await get('/a', {}, 'HEAD');

  expect(head).toMatchObject({ status: 200, body: '' });
  expect(head.headers['content-length']).toBe('8');
  expect(backend.seen).toHaveLength(1);
});

it.each([
  [200, 3],
  [404, 2],
])('forgets what a POST that is answered with %i has changed', async (status, calls) => {
  await get();
  given = () => ({ status });
  await get('/a', {}, 'POST');
  given = () => ({});

  await get();
  await get('/a', {}, 'HEAD');

  expect(backend.seen).toHaveLength(calls);
});

it('keeps answers apart by what they vary by', async () => {
  given = ({ headers }) => ({ headers: { vary: 'Accept-Language' }, body: String(headers['accept-language']) });

  const bodies = [];
  for (const language of ['en', 'de', 'en', 'de']) bodies.push((await get('/a', { 'accept-language': language })).body);

  expect(bodies).toEqual(['en', 'de', 'en', 'de']);
  expect(backend.seen).toHaveLength(2);
});

it.each([
  ['', 2],
  ['public', 1],
])('gives an answer with Cache-Control "%s" to another credential after %i calls', async (control, calls) => {
  const said: Record<string, string> = control === '' ? {} : { 'cache-control': control };
  given = () => ({ headers: said });
  const as = (jti: string) => ({ authorization: `Bearer ${signer.token({ jti })}` });
  const [ann, bob] = [as('jti-ann'), as('jti-bob')];

  await get('/secured', ann);
  await get('/secured', ann);
  const other = await get('/secured', bob);
  const anonymous = await get('/secured');

  expect(other.status).toBe(200);
  expect(anonymous.status).toBe(401);
  expect(backend.seen).toHaveLength(calls);
});

it.each([
  [{ 'if-none-match': '"a"' }, 304],
  [{ 'if-none-match': '"b", W/"a"' }, 304],
  [{ 'if-none-match': '"b"' }, 200],
  [{ 'if-modified-since': 'Sun, 22 Nov 2026 00:00:00 GMT' }, 304],
  [{ 'if-modified-since': 'Fri, 20 Nov 2026 00:00:00 GMT' }, 200],
])('answers %j with %i from memory', async (headers, status) => {
  given = () => ({ headers: { etag: '"a"', 'last-modified': 'Sat, 21 Nov 2026 00:00:00 GMT', 'x-own': '1' } });
  await get();

  const answer = await get('/a', headers);

  expect(answer).toMatchObject({ status, headers: { etag: '"a"', age: '0' } });
  expect(answer.body).toBe(status === 304 ? '' : 'answer 1');
  expect(backend.seen).toHaveLength(1);
});

it('keeps what the response policies made of the answer, and adds its own headers to each', async () => {
  const added = { name: 'addHeader', version: 'v3', isBuiltIn: true, parameters: { headerName: 'X-Added', headerValue: 'once' } };
  const cors = { origins: ['https://a.example', 'https://b.example'], methods: ['GET'], headers: [], credentials: false };
  deploy({ cors, policies: { request: [], response: [added], fault: [] } });
  await get('/a', { origin: 'https://a.example' });

  const second = await get('/a', { origin: 'https://b.example' });

  expect(second.headers).toMatchObject({ 'x-added': 'once', 'access-control-allow-origin': 'https://b.example' });
  expect(backend.seen).toHaveLength(1);
});

it('forgets with a new deployment, and when the time is over', async () => {
  await get();
  deploy({ cacheSeconds: 1 });

  await get();
  await get();
  const before = backend.seen.length;
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await get();

  expect([before, backend.seen.length]).toEqual([2, 3]);
});

it('keeps no more than its memory holds', async () => {
  given = () => ({ body: Buffer.alloc(1_000_000) });
  for (let i = 0; i < 10; i += 1) await get(`/${i}`);

  await get('/9');
  await get('/0');

  expect(backend.seen).toHaveLength(11);
});

const written = (definition: string) => ({ name: 'written', version: 'v1', isBuiltIn: false, parameters: {}, definition });
const setting = (name: string, expression: string) =>
  written(`<property xmlns="http://ws.apache.org/ns/synapse" name="${name}" expression="${expression}" scope="transport"/>`);

it.each([
  ['x-forwarded-host', 'evil.example'],
  ['x-forwarded-proto', 'http'],
  ['X-Original-URL', '/admin'],
  ['x_forwarded_host', 'evil.example'],
  ['x-http-method-override', 'DELETE'],
  ['forwarded', 'host=evil.example'],
])('gives nobody what was answered to a request with %s', async (name, value) => {
  given = ({ headers }) => ({ headers: { 'cache-control': 'public' }, body: String(headers[name.toLowerCase()]) });
  await get('/a', { [name]: value });

  const innocent = await get();

  expect(innocent.body).toBe('undefined');
});

it('gives no site what was answered to another', async () => {
  given = ({ headers }) => ({ headers: { 'access-control-allow-origin': String(headers.origin) } });
  await get('/a', { origin: 'https://evil.example' });

  const innocent = await get('/a', { origin: 'https://good.example' });

  expect(innocent.headers['access-control-allow-origin']).toBe('https://good.example');
});

it('tells requests apart that a policy has led to one path, by what the address of the backend takes of them', async () => {
  const fixed = { name: 'rewriteResourcePath', version: 'v3', isBuiltIn: true, parameters: { newResourcePath: '/same' } };
  const production = { url: `${backend.url}/{uri.var.id}`, onTimeout: 'fault' as const, timeoutMs: null };
  deploy({
    operations: [operation('GET', '/pets/{id}', { authType: 'None' })],
    endpoints: { production, sandbox: null },
    policies: { request: [fixed], response: [], fault: [] },
  });

  const bodies = [];
  for (const id of ['1', '2', '1']) bodies.push((await get(`/pets/${id}`)).body);

  expect(backend.seen.map(({ url }) => url)).toEqual(['/1/same', '/2/same']);
  expect(bodies).toEqual(['answer 1', 'answer 2', 'answer 1']);
});

it('tells requests apart by the headers that policies set', async () => {
  deploy({ policies: { request: [setting('X-Customer', '$trp:X-Who')], response: [], fault: [] } });

  const bodies = [];
  for (const who of ['ann', 'bob', 'ann']) bodies.push((await get('/a', { 'x-who': who })).body);

  expect(bodies).toEqual(['answer 1', 'answer 2', 'answer 1']);
});

it.each([
  'x-auth-token',
  'X-Api-Key',
  'x-session-token',
  'proxy-assertion',
])('gives nobody what somebody got who is known by %s', async (name) => {
  await get('/a', { [name]: 'of ann' });

  const anonymous = await get();
  const bob = await get('/a', { [name]: 'of bob' });

  expect([anonymous.body, bob.body]).toEqual(['answer 2', 'answer 3']);
});
