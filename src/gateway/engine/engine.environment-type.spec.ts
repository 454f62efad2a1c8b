import { apiRow, row, Signer, startBackend, subscriber, type TestBackend, TestGateway } from './engine.fixture.js';

const signer = new Signer('key-a');
let backend: TestBackend;
let gateway: TestGateway;

beforeAll(async () => {
  backend = await startBackend();
  const both = { url: backend.url, onTimeout: 'fault', timeoutMs: null } as const;
  const endpoints = { production: both, sandbox: both };
  gateway = await TestGateway.start([
    ...subscriber(signer),
    row('key-mapping', 'Resident Key Manager:key-2', {
      ...{ consumerKey: 'key-2', keyManager: 'Resident Key Manager', applicationId: 'app-1', keyType: 'SANDBOX' },
    }),
    apiRow(backend.url, {
      endpoints,
      apiId: 'production',
      context: '/p',
      path: '/p/1',
      environmentType: 'PRODUCTION',
      subscriptionless: true,
    }),
    apiRow(backend.url, { endpoints, apiId: 'sandbox', context: '/s', path: '/s/1', environmentType: 'SANDBOX', subscriptionless: true }),
    apiRow(backend.url, { endpoints, apiId: 'hybrid', context: '/h', path: '/h/1', subscriptionless: true }),
  ]);
});

afterAll(async () => {
  await gateway.stop();
  await backend.stop();
});

const WRONG_SANDBOX = '<error><message>Sandbox Key Provided for Production Gateway</message></error>';
const WRONG_PRODUCTION = '<error><message>Production Key Provided for Sandbox Gateway</message></error>';

it.each([
  ['/p/1/menu', 'key-1', 200, 'hello'],
  ['/p/1/menu', 'key-2', 401, WRONG_SANDBOX],
  ['/s/1/menu', 'key-1', 401, WRONG_PRODUCTION],
  ['/s/1/menu', 'key-2', 200, 'hello'],
  ['/h/1/menu', 'key-1', 200, 'hello'],
  ['/h/1/menu', 'key-2', 200, 'hello'],
])('answers %s with the key %s: %i', async (path, azp, status, body) => {
  const answer = await gateway.call(path, { headers: { authorization: `Bearer ${signer.token({ azp, jti: azp })}` } });

  expect([answer.status, answer.body]).toEqual([status, body]);
  if (status === 401) expect(answer.headers['content-type']).toBe('application/xml');
});

it('serves resources without authentication in every environment', async () => {
  expect((await gateway.call('/s/1/open')).status).toBe(200);
});
