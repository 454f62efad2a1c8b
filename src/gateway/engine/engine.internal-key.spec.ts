import { apiDocument, apiRow, operation, row, Signer, startBackend, subscriber, type TestBackend, TestGateway } from './engine.fixture.js';

const signer = new Signer('key-a');
const stranger = new Signer('key-a');
let backend: TestBackend;
let gateway: TestGateway;

beforeAll(async () => {
  backend = await startBackend();
  gateway = await TestGateway.start([
    ...subscriber(signer),
    apiRow(backend.url, { operations: [operation('GET', '/menu', { scopes: ['chef'] }), operation('GET', '/open', { authType: 'None' })] }),
    apiRow(backend.url, { apiId: 'new', context: '/new', path: '/new/1.0.0', status: 'CREATED', audiences: ['kitchen'] }),
    apiRow(backend.url, { apiId: 'keyed', context: '/keyed', path: '/keyed/1.0.0', securityScheme: ['api_key'] }),
    apiRow(backend.url, { apiId: 'stopped', context: '/stopped', path: '/stopped/1.0.0', status: 'BLOCKED' }),
    row('revoked-token', 'subject:gone', { type: 'subject', value: 'gone', revokedAt: 9_999_999_999, expiresAt: 9_999_999_999 }),
    row('revoked-token', 'jti:dead', { type: 'jti', value: 'dead', revokedAt: 9_999_999_999, expiresAt: 9_999_999_999 }),
  ]);
});

afterAll(async () => {
  await gateway.stop();
  await backend.stop();
});

const key = (claims: Record<string, unknown> = {}, by = signer, header: Record<string, unknown> = {}): string =>
  by.token({ token_type: 'InternalKey', keytype: 'PRODUCTION', subscribedAPIs: [{ uuid: 'pizza' }], ...claims }, { typ: 'JWT', ...header });
const call = (value: string, path = '/pizza/1.0.0/menu', headers: Record<string, string> = {}) =>
  gateway.call(path, { headers: { 'Internal-Key': value, ...headers } });
const past = Math.floor(Date.now() / 1_000) - 10;

it('opens its API without scopes or a subscription, and stays at the gateway', async () => {
  backend.seen.length = 0;

  expect(await call(key())).toMatchObject({ status: 200, body: 'hello' });

  expect(backend.seen[0]?.headers).not.toHaveProperty('internal-key');
});

it.each([
  ['one that is not published, whatever its audiences', 'new'],
  ['one that asks for API keys', 'keyed'],
])('opens an API: %s', async (_, uuid) => {
  expect(await call(key({ subscribedAPIs: [{ uuid }] }), `/${uuid}/1.0.0/menu`)).toMatchObject({ status: 200 });
});

it.each([
  ['expired', () => key({ exp: past })],
  ['without an end', () => key({ exp: undefined })],
  ['of another kind', () => key({ token_type: 'apiKey' })],
  ['an access token', () => signer.token()],
  ['signed by a foreign key under our key id', () => key({}, stranger)],
  ['signed by an unknown key', () => key({}, signer, { kid: 'nobody' })],
  ['alg none', () => key({}, signer, { alg: 'none' })],
  ['revoked', () => key({ jti: 'dead' })],
  ['of a user whose tokens are dead', () => key({ entity_id: 'gone' })],
  ['no JWT', () => 'a.b.c'],
  ['empty', () => ''],
])('is refused when it is %s, even beside a good token', async (_, made) => {
  const answer = await call(made(), '/pizza/1.0.0/menu', { Authorization: `Bearer ${signer.token({ scope: 'chef' })}` });

  expect(answer).toMatchObject({ status: 401, body: expect.stringContaining('900901') });
});

it.each([
  ['another API', [{ uuid: 'new' }]],
  ['no API', []],
  ['nonsense', 'pizza'],
  ['more nonsense', [null, 1, { uuid: 1 }]],
])('is refused at an API when it is for %s', async (_, subscribedAPIs) => {
  expect(await call(key({ subscribedAPIs }))).toMatchObject({ status: 403, body: expect.stringContaining('900908') });
});

it('leads to the endpoint of its kind', async () => {
  expect(await call(key({ keytype: 'SANDBOX' }))).toMatchObject({ status: 403, body: expect.stringContaining('no sandbox endpoint') });
});

it('opens no API that is blocked', async () => {
  expect((await call(key({ subscribedAPIs: [{ uuid: 'stopped' }] }), '/stopped/1.0.0/menu')).status).toBe(503);
});

it('is no bearer token', async () => {
  expect((await gateway.call('/pizza/1.0.0/menu', { headers: { Authorization: `Bearer ${key()}` } })).status).toBe(401);
});

it('does not matter where nobody is asked', async () => {
  expect((await call('nonsense', '/pizza/1.0.0/open')).status).toBe(200);
});

it('is good in its own tenant alone', async () => {
  const document = apiDocument(backend.url, { context: '/t/b.com/pizza', path: '/t/b.com/pizza/1.0.0' });
  gateway.engine.apply([row('api', 'pizza:Default', document, 'b.com')]);

  expect((await call(key(), '/t/b.com/pizza/1.0.0/menu')).status).toBe(401);
});
