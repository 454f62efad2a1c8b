import { request } from 'node:http';
import type { FeedRow } from '../../domain/gateway-documents.js';
import type { Burst, PolicyLevel, Quota } from '../../domain/throttling.js';
import {
  apiRow,
  operation,
  row,
  Signer,
  startBackend,
  startRawBackend,
  subscriber,
  TENANT,
  type TestBackend,
  TestGateway,
  until,
} from './engine.fixture.js';

const signer = new Signer('key-a');
let backend: TestBackend;
let gateway: TestGateway;

const policy = (level: PolicyLevel, name: string, changes: Partial<Quota>, burst: Burst | null = null, stopOnQuotaReach = true): FeedRow =>
  row('policy', `${level}:${name}`, {
    level,
    name,
    // A day, so that no test falls on the edge of a window but at midnight.
    quota: { type: 'REQUESTCOUNTLIMIT', timeUnit: 'day', unitTime: 1, count: 2_147_483_647, ...changes },
    burst,
    stopOnQuotaReach,
  });
const application = (policyName: string): FeedRow =>
  row('application', 'app-1', { uuid: 'app-1', id: 1, name: 'App', owner: 'admin', policy: policyName, organization: TENANT });
const subscription = (policyName: string): FeedRow =>
  row('subscription', 'sub-1', { subscriptionId: 'sub-1', apiId: 'pizza', applicationId: 'app-1', policy: policyName, state: 'UNBLOCKED' });

beforeEach(async () => {
  backend = await startBackend();
  gateway = await TestGateway.start([...subscriber(signer), apiRow(backend.url)]);
});

afterEach(async () => {
  await gateway.stop();
  await backend.stop();
});

const call = (claims: Record<string, unknown> = {}, path = '/pizza/1.0.0/menu') =>
  gateway.call(path, { headers: { Authorization: `Bearer ${signer.token(claims)}` } });
const outcomes = async (times: number, claims: Record<string, unknown> = {}, path?: string): Promise<(number | string)[]> => {
  const all: (number | string)[] = [];
  for (let i = 0; i < times; i += 1) {
    const { status, body } = await call(claims, path);
    all.push(status === 200 ? 200 : String(JSON.parse(body).code));
  }
  return all;
};

it.each([
  ['subscription', '900804', [policy('subscription', 'Two', { count: 2 }), subscription('Two')]],
  ['application', '900803', [policy('application', 'Two', { count: 2 }), application('Two')]],
  ['subscription burst', '900807', [policy('subscription', 'B', {}, { count: 2, timeUnit: 'min' }), subscription('B')]],
  ['application burst', '900809', [policy('application', 'B', {}, { count: 2, timeUnit: 'min' }), application('B')]],
])('the %s limit answers %s', async (_level, code, rows) => {
  gateway.engine.apply(rows);
  expect(await outcomes(4)).toEqual([200, 200, code, code]);
});

it.each([
  ['resource', '900802', 'Unlimited'],
  ['API', '900800', 'Two'],
])('the %s limit answers %s', async (_level, code, apiThrottlingPolicy) => {
  gateway.engine.apply([
    policy('advanced', 'Two', { count: 2 }),
    apiRow(backend.url, {
      apiThrottlingPolicy,
      operations: [operation('GET', '/menu', { throttlingPolicy: 'Two' }), operation('GET', '/free')],
    }),
  ]);

  expect(await outcomes(3)).toEqual([200, 200, code]);
  expect(await outcomes(1, {}, '/pizza/1.0.0/free')).toEqual([apiThrottlingPolicy === 'Two' ? code : 200]);
});

it('the answer says when the next request may come', async () => {
  gateway.engine.apply([policy('application', 'One', { count: 1 }), application('One')]);
  await call();

  const { status, headers, body } = await call();

  const midnight = new Date(Math.ceil(Date.now() / 86_400_000) * 86_400_000);
  const month = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][midnight.getUTCMonth()];
  const nextAccessTime = `${midnight.getUTCFullYear()}-${month}-${String(midnight.getUTCDate()).padStart(2, '0')} 00:00:00+0000 UTC`;
  expect(status).toBe(429);
  expect(headers['retry-after']).toBe(midnight.toUTCString());
  expect(JSON.parse(body)).toEqual({
    code: '900803',
    message: 'Message throttled out',
    description: `You have exceeded your quota .You can access API after ${nextAccessTime}`,
    nextAccessTime,
  });
});

it('a request refused at one level is charged to none', async () => {
  gateway.engine.apply([
    policy('subscription', 'Three', { count: 3 }),
    subscription('Three'),
    policy('application', 'One', { count: 1 }),
    application('One'),
  ]);
  expect(await outcomes(4, { sub: 'ann' })).toEqual([200, '900803', '900803', '900803']);

  // The refused requests of ann have not used up the subscription that bob shares with her.
  expect(await outcomes(2, { sub: 'bob' })).toEqual([200, '900803']);
  expect(await outcomes(2, { sub: 'cat' })).toEqual([200, '900804']);
});

it('an open plan goes on when its quota is reached, other levels still count', async () => {
  gateway.engine.apply([
    policy('subscription', 'Soft', { count: 1 }, null, false),
    subscription('Soft'),
    policy('application', 'Three', { count: 3 }),
    application('Three'),
  ]);
  expect(await outcomes(4)).toEqual([200, 200, 200, '900803']);
});

it('counts the bytes of bodies, whether their length is announced or not', async () => {
  gateway.engine.apply([policy('application', 'Kilo', { type: 'BANDWIDTHLIMIT', count: 1, dataUnit: 'KB' }), application('Kilo')]);
  const post = (sub: string, headers: Record<string, string>) =>
    gateway.call('/pizza/1.0.0/order', {
      method: 'POST',
      body: 'x'.repeat(2_000),
      headers: { Authorization: `Bearer ${signer.token({ sub })}`, ...headers },
    });

  for (const [sub, headers] of [
    ['ann', { 'Content-Length': '2000' }],
    ['bob', { 'Transfer-Encoding': 'chunked' }],
  ] as const) {
    expect((await post(sub, headers)).status).toBe(200);
    expect((await post(sub, headers)).status).toBe(429);
  }
});

it('counts what a client sent that hung up before it had its answer', async () => {
  let arrived = '';
  let isGivenUp = false;
  const silent = await startRawBackend((socket) => {
    socket.on('data', (chunk) => {
      arrived += chunk.toString();
    });
    socket.on('close', () => {
      isGivenUp = true;
    });
  });
  const limit = policy('application', 'Kilo', { type: 'BANDWIDTHLIMIT', count: 1, dataUnit: 'KB' });
  gateway.engine.apply([limit, application('Kilo'), apiRow(silent.url)]);
  const headers = { Authorization: `Bearer ${signer.token()}`, 'Transfer-Encoding': 'chunked' };
  const upload = request({ host: '127.0.0.1', port: gateway.port, path: '/pizza/1.0.0/order', method: 'POST', headers, agent: false });
  upload.on('error', () => undefined);
  upload.write('x'.repeat(2_000));
  await until(() => arrived.includes('x'.repeat(2_000)));

  upload.destroy();
  await until(() => isGivenUp);
  await silent.stop();
  gateway.engine.apply([apiRow(backend.url)]);

  expect(await outcomes(1)).toEqual(['900803']);
});

it('callers without a name are counted by address, which only a trusted proxy may forward', async () => {
  const trusting = await TestGateway.start([apiRow(backend.url), policy('subscription', 'Unauthenticated', { count: 1 })], {
    trustedProxies: ['127.0.0.0/8'],
  });
  gateway.engine.apply([policy('subscription', 'Unauthenticated', { count: 1 })]);
  const open = async (target: TestGateway, address: string) =>
    (await target.call('/pizza/1.0.0/open', { headers: { 'X-Forwarded-For': address } })).status;

  expect([await open(gateway, '1.1.1.1'), await open(gateway, '2.2.2.2')]).toEqual([200, 429]);
  expect([await open(trusting, '1.1.1.1'), await open(trusting, '2.2.2.2, 9.9.9.9'), await open(trusting, '2.2.2.2')]).toEqual([
    200, 200, 429,
  ]);
  await trusting.stop();
});

it('a subscriptionless API is limited by its own plan and not by the application', async () => {
  gateway.engine.apply([
    apiRow(backend.url, { subscriptionless: true }),
    policy('subscription', 'DefaultSubscriptionless', { count: 2 }),
    policy('application', 'One', { count: 1 }),
    application('One'),
  ]);
  expect(await outcomes(3)).toEqual([200, 200, '900804']);
  expect(await outcomes(1, { azp: 'unmapped' })).toEqual([200]);
});
