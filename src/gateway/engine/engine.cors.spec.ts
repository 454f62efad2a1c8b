import type { CorsDocument, SettingsDocument } from '../../domain/gateway-documents.js';
import { apiRow, operation, row, Signer, startBackend, subscriber, type TestBackend, TestGateway } from './engine.fixture.js';
import { CorsRules } from './front/cors.js';

const signer = new Signer('key-a');
const RULES: CorsDocument = { origins: ['*'], methods: ['GET', 'POST', 'DELETE'], headers: ['Content-Type'], credentials: false };
const settings = (changes: Partial<SettingsDocument['cors']> = {}) =>
  row('settings', 'gateway', { cors: { ...RULES, enabled: true, ...changes } });
let backend: TestBackend;
let gateway: TestGateway;

beforeAll(async () => {
  backend = await startBackend((_request, reply) => {
    if (_request.url === '/own') reply.setHeader('Access-Control-Allow-Origin', 'https://own');
    reply.end('hello');
  });
  gateway = await TestGateway.start([
    ...subscriber(signer),
    settings(),
    apiRow(backend.url, {
      authorizationHeader: 'X-Token',
      operations: [
        operation('GET', '/menu'),
        operation('POST', '/menu'),
        operation('PATCH', '/menu'),
        operation('GET', '/own', { authType: 'None' }),
        operation('GET', '/declared', { authType: 'None' }),
        operation('OPTIONS', '/declared', { authType: 'None' }),
      ],
    }),
  ]);
});

afterAll(async () => {
  await gateway.stop();
  await backend.stop();
});

const options = (path: string, headers: Record<string, string> = {}) => gateway.call(`/pizza/1.0.0${path}`, { method: 'OPTIONS', headers });
const asking = { Origin: 'https://shop', 'Access-Control-Request-Method': 'GET' };

it('answers a preflight without a token or a backend', async () => {
  const before = backend.seen.length;

  const { status, headers, body } = await options('/menu', asking);

  expect([status, body, backend.seen.length]).toEqual([200, '', before]);
  expect(headers).toMatchObject({
    'access-control-allow-origin': '*',
    // Of the resource's verbs, those that are allowed.
    'access-control-allow-methods': 'GET,POST',
    'access-control-allow-headers': 'Content-Type,X-Token,ApiKey',
  });
  expect(headers['access-control-allow-credentials']).toBeUndefined();
});

it.each([
  ['/menu', {}, 405],
  ['/menu', { 'Access-Control-Request-Method': 'DELETE' }, 405],
  ['/nothing', asking, 404],
  ['/declared', asking, 200],
  ['/declared', {}, 200],
])('OPTIONS %s with %j is %i', async (path, headers, expected) => {
  expect((await options(path, headers)).status).toBe(expected);
});

it('tells preflights alone which headers scripts may read', async () => {
  gateway.engine.apply([settings({ exposed: ['X-Own', 'ETag'] })]);

  const preflight = await options('/menu', { origin: 'https://a', 'access-control-request-method': 'GET' });
  const usual = await gateway.call('/pizza/1.0.0/open', { headers: { origin: 'https://a' } });
  gateway.engine.apply([settings()]);

  expect(preflight.headers['access-control-expose-headers']).toBe('X-Own,ETag');
  expect(usual.headers['access-control-expose-headers']).toBeUndefined();
});

it('lets a declared OPTIONS reach the backend', async () => {
  await options('/declared', asking);
  expect(backend.seen.at(-1)).toMatchObject({ method: 'OPTIONS', url: '/declared' });
});

it.each([
  ['/menu', 401],
  ['/nothing', 404],
  ['/own', 200],
])('%s answers with the origin, and without what is for preflights only', async (path, expected) => {
  const { status, headers } = await gateway.call(`/pizza/1.0.0${path}`, { headers: { Origin: 'https://shop' } });

  expect(status).toBe(expected);
  // The backend's own header is kept.
  expect(headers['access-control-allow-origin']).toBe(path === '/own' ? 'https://own' : '*');
  expect(headers['access-control-allow-methods']).toBeUndefined();
});

it('with cross-origin rules off, OPTIONS is a request like any other', async () => {
  gateway.engine.apply([settings({ enabled: false })]);

  expect((await options('/menu', asking)).status).toBe(401);
  expect((await options('/own', asking)).status).toBe(200);
  expect(backend.seen.at(-1)).toMatchObject({ method: 'OPTIONS', url: '/own' });

  gateway.engine.apply([settings()]);
});

it('an API’s own rules come before the gateway’s', async () => {
  const cors = { ...RULES, origins: ['https://shop'], credentials: true };
  gateway.engine.apply([apiRow(backend.url, { apiId: 'own', context: '/own', path: '/own/1.0.0', cors })]);
  const call = async (Origin: string) => (await gateway.call('/own/1.0.0/open', { headers: { Origin } })).headers;

  expect(await call('https://shop')).toMatchObject({
    'access-control-allow-origin': 'https://shop',
    'access-control-allow-credentials': 'true',
    vary: 'Origin',
  });
  expect((await call('https://other'))['access-control-allow-origin']).toBeUndefined();
});

it.each([
  [['*'], 'https://a', '*'],
  [['*'], null, '*'],
  [['https://a'], 'https://a', 'https://a'],
  [['https://a'], null, null],
  [['https://*.example.com'], 'https://x.example.com', 'https://x.example.com'],
  [['https://*.example.com'], 'https://example.com', null],
  [['https://*.example.com'], 'https://x.example.com.elsewhere.org', null],
  [['http://*:*'], 'http://a:8080', 'http://a:8080'],
  [['ab*ba'], 'aba', null],
])('origins %j allow %s as %s', (origins, origin, expected) => {
  expect(new CorsRules({ ...RULES, origins }).allowOrigin(origin)).toBe(expected);
});

it('echoes the headers asked for when any are allowed', () => {
  expect(new CorsRules({ ...RULES, headers: ['*'] }).allowHeaders('X-A, X-B', ['ApiKey'])).toBe('X-A, X-B');
});
