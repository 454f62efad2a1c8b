import { apiRow, row, Signer, startBackend, subscriber, type TestBackend, TestGateway } from './engine.fixture.js';
import { application, policy } from './throttling.fixture.js';

const DAY_MS = 86_400_000;
const signer = new Signer('key-a');
let backend: TestBackend;
let gateway: TestGateway;

beforeEach(async () => {
  backend = await startBackend();
  gateway = await TestGateway.start([
    ...subscriber(signer),
    row('key-mapping', 'Resident Key Manager:key-2', {
      consumerKey: 'key-2',
      keyManager: 'Resident Key Manager',
      applicationId: 'app-1',
      keyType: 'SANDBOX',
    }),
  ]);
});
afterEach(async () => {
  await gateway.stop();
  await backend.stop();
});

const endpoint = () => ({ url: backend.url, onTimeout: 'fault', timeoutMs: null }) as const;
const call = (claims: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
  gateway.call('/pizza/1.0.0/menu', { headers: { Authorization: `Bearer ${signer.token(claims)}`, ...headers } });
const statuses = async (times: number, claims: Record<string, unknown> = {}) => {
  const seen: number[] = [];
  for (let i = 0; i < times; i += 1) seen.push((await call(claims)).status);
  return seen;
};

it('takes so many requests from all callers with keys of a type, and no more', async () => {
  gateway.engine.apply([
    apiRow(backend.url, {
      endpoints: { production: endpoint(), sandbox: endpoint() },
      backendLimits: { production: { windowMs: DAY_MS, requests: 3 }, sandbox: { windowMs: DAY_MS, requests: 1 } },
    }),
  ]);

  expect(await statuses(2, { sub: 'ann' })).toEqual([200, 200]);
  expect(await statuses(2, { sub: 'bob' })).toEqual([200, 503]);
  expect(await statuses(2, { azp: 'key-2' })).toEqual([200, 503]);
  // Nobody is told until when.
  const { headers, body } = await call();
  expect(JSON.parse(body)).toEqual({ code: '900801', message: 'API Limit Reached', description: 'API not accepting requests' });
  expect(headers['retry-after']).toBeUndefined();
});

it('tells a SOAP client by a fault', async () => {
  gateway.engine.apply([apiRow(backend.url, { backendLimits: { production: { windowMs: DAY_MS, requests: 1 } } })]);
  await call();

  const { status, body } = await call({}, { 'content-type': 'application/soap+xml' });

  expect(status).toBe(503);
  expect(body).toContain('<faultstring>API Limit Reached</faultstring><detail>API not accepting requests</detail>');
});

it('comes last, and is not charged for what another limit refused', async () => {
  gateway.engine.apply([
    apiRow(backend.url, { backendLimits: { production: { windowMs: DAY_MS, requests: 2 } } }),
    policy('application', 'One', { count: 1 }),
    application('One'),
  ]);

  expect(await statuses(3, { sub: 'ann' })).toEqual([200, 429, 429]);
  expect(await statuses(2, { sub: 'bob' })).toEqual([200, 429]);
  expect(await statuses(1, { sub: 'cat' })).toEqual([503]);
});

it('holds for callers without a name too, and stays counted when the API is deployed anew', async () => {
  const limited = () => apiRow(backend.url, { backendLimits: { production: { windowMs: DAY_MS, requests: 2 } } });
  gateway.engine.apply([limited()]);
  const open = async () => (await gateway.call('/pizza/1.0.0/open')).status;
  expect([await open(), await open(), await open()]).toEqual([200, 200, 503]);

  gateway.engine.apply([limited()]);

  expect(await statuses(1)).toEqual([503]);
});
