import { createHash } from 'node:crypto';
import { request } from 'node:http';
import {
  apiRow,
  operation,
  row,
  Signer,
  startBackend,
  startRawBackend,
  subscriber,
  type TestBackend,
  TestGateway,
  until,
} from './engine.fixture.js';
import { application, policy, subscription } from './throttling.fixture.js';

const signer = new Signer('key-a');
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

describe('under an otherwise unlimited set-up', () => {
  it('two users of one application have counters of their own, and share the subscription', async () => {
    gateway.engine.apply([
      policy('application', 'Two', { count: 2 }),
      application('Two'),
      policy('subscription', 'Three', { count: 3 }),
      subscription('Three'),
    ]);

    expect(await outcomes(3, { sub: 'ann' })).toEqual([200, 200, '900803']);
    expect(await outcomes(3, { sub: 'bob' })).toEqual([200, '900804', '900804']);
  });

  it('users named by their mail addresses are told apart', async () => {
    gateway.engine.apply([policy('application', 'One', { count: 1 }), application('One')]);

    for (const sub of ['ann@mail.com', 'ann@mail.org', 'ann']) expect(await outcomes(2, { sub })).toEqual([200, '900803']);
    // The tenant belongs to the name already.
    expect(await outcomes(1, { sub: 'ann@mail.com@carbon.super' })).toEqual(['900803']);
  });

  it('an API key counts as its application and its owner', async () => {
    const hash = createHash('sha256').update('a-key').digest('base64url');
    gateway.engine.apply([
      apiRow(backend.url, { securityScheme: ['oauth2', 'api_key'] }),
      row('api-key', hash, {
        keyId: 'a-key',
        owner: 'ann',
        keyType: 'PRODUCTION',
        apiId: null,
        applicationId: 'app-1',
        expiresAt: null,
        restrictions: { ips: [], referers: [] },
      }),
      policy('application', 'Two', { count: 2 }),
      application('Two'),
    ]);
    const byKey = async () => (await gateway.call('/pizza/1.0.0/menu', { headers: { ApiKey: 'a-key' } })).status;

    expect([await byKey(), ...(await outcomes(2, { sub: 'ann' })), await byKey()]).toEqual([200, 200, '900803', 429]);
    expect(await outcomes(1, { sub: 'bob' })).toEqual([200]);
  });

  it('a new limit counts what has passed already, whichever way it goes', async () => {
    gateway.engine.apply([policy('application', 'Changing', { count: 2 }), application('Changing')]);
    expect(await outcomes(3)).toEqual([200, 200, '900803']);

    gateway.engine.apply([policy('application', 'Changing', { count: 3 })]);
    expect(await outcomes(2)).toEqual([200, '900803']);

    gateway.engine.apply([policy('application', 'Changing', { count: 1 })]);
    expect(await outcomes(1)).toEqual(['900803']);
  });

  it('bytes and requests of one policy are counted apart', async () => {
    gateway.engine.apply([policy('application', 'Changing', { type: 'BANDWIDTHLIMIT', count: 1 }), application('Changing')]);
    const post = () =>
      gateway.call('/pizza/1.0.0/order', {
        method: 'POST',
        body: 'x'.repeat(2_000),
        headers: { Authorization: `Bearer ${signer.token()}` },
      });
    expect([(await post()).status, (await post()).status]).toEqual([200, 429]);

    gateway.engine.apply([policy('application', 'Changing', { count: 1 })]);

    expect(await outcomes(2)).toEqual([200, '900803']);
  });

  it('a SOAP client is told by a fault', async () => {
    gateway.engine.apply([policy('application', 'None', { count: 0 }), application('None')]);

    const { status, headers, body } = await gateway.call('/pizza/1.0.0/order', {
      method: 'POST',
      body: '<a/>',
      headers: { Authorization: `Bearer ${signer.token()}`, 'content-type': 'application/soap+xml' },
    });

    expect(status).toBe(429);
    expect(headers['retry-after']).toMatch(/00:00:00 GMT$/);
    expect(body).toContain('<faultcode>soapenv:Server</faultcode><faultstring>Message throttled out</faultstring>');
    expect(body).toMatch(/<detail>You have exceeded your quota \.You can access API after .* UTC<\/detail>/);
  });
});

it('says in the access log that a plan was used up that does not stop there', async () => {
  const watched = new TestGateway({
    observability: {
      accessLog: { format: 'json', pattern: '' },
      metrics: false,
      traces: null,
      alwaysCorrelates: false,
      apiLogPayloadBytesMax: 1_024,
    },
  });
  watched.engine.apply([
    ...subscriber(signer),
    apiRow(backend.url),
    policy('subscription', 'Soft', { count: 1 }, null, false),
    subscription('Soft'),
  ]);
  await watched.engine.listen();
  for (let i = 0; i < 2; i += 1) await watched.call('/pizza/1.0.0/menu', { headers: { Authorization: `Bearer ${signer.token()}` } });

  await watched.stop();

  const lines = watched.messages.flatMap((message) => (message.type === 'access-lines' ? message.text.trimEnd().split('\n') : []));
  expect(lines.map((line) => JSON.parse(line).overQuota)).toEqual([undefined, true]);
});
