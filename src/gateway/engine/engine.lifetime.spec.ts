import { Agent, createServer, request } from 'node:http';
import { connect } from 'node:net';
import { apiRow, operation, row, Signer, startBackend, startRawBackend, subscriber, TestGateway, until } from './engine.fixture.js';
import type { FromWorker, UsageRecord } from './messages.js';

const signer = new Signer('key-a');
const OPEN = [operation('GET', '/open', { authType: 'None' }), operation('POST', '/open', { authType: 'None' })];

it('gives up the backend’s request when the client hangs up, while waiting and while sending', async () => {
  let asked = 0;
  let closed = 0;
  const backend = await startRawBackend((socket) => {
    socket.once('data', () => {
      asked += 1;
    });
    socket.on('close', () => {
      closed += 1;
    });
  });
  const gateway = await TestGateway.start([apiRow(backend.url, { operations: OPEN })]);
  const heads = [
    'GET /pizza/1.0.0/open HTTP/1.1\r\nHost: x\r\n\r\n',
    'POST /pizza/1.0.0/open HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf',
  ];

  for (const [i, head] of heads.entries()) {
    const client = connect(gateway.port, '127.0.0.1', () => client.write(head));
    await until(() => asked === i + 1);
    client.destroy();
    await until(() => closed === i + 1);
  }

  await gateway.stop();
  await backend.stop();
  const records = usage(gateway.messages);
  expect(records.reduce((sum, record) => sum + record.aborted, 0)).toBe(2);
  expect(records.reduce((sum, record) => sum + record.faults, 0)).toBe(0);
});

it('stops sending when the client does not read, and holds back the backend', async () => {
  let written = 0;
  const chunk = Buffer.alloc(65_536);
  const server = createServer((_request, reply) => {
    const pump = (): void => {
      while (!reply.destroyed && reply.write(chunk)) written += chunk.length;
      written += chunk.length;
      reply.once('drain', pump);
    };
    pump();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const gateway = await TestGateway.start([apiRow(url, { operations: OPEN })]);
  const client = connect(gateway.port, '127.0.0.1', () => client.write('GET /pizza/1.0.0/open HTTP/1.1\r\nHost: x\r\n\r\n'));
  client.pause();
  await until(() => written > 0);

  // Buffers of the system fill up first; then nothing may move any more.
  let before = -1;
  for (let i = 0; i < 40 && before !== written; i += 1) {
    before = written;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(written).toBe(before);
  expect(written).toBeLessThan(64_000_000);

  client.destroy();
  await gateway.stop();
  server.closeAllConnections();
  server.close();
});

it('when stopped lets a running request end, tells its client to go, and takes no new ones', async () => {
  let finish: (() => void) | undefined;
  const backend = await startBackend((_request, reply) => {
    finish = () => reply.end('done');
  });
  const gateway = await TestGateway.start([apiRow(backend.url, { operations: OPEN })]);
  const agent = new Agent({ keepAlive: true });
  const running = new Promise<{ connection: string | undefined; status: number | undefined }>((resolve, reject) => {
    request({ host: '127.0.0.1', port: gateway.port, path: '/pizza/1.0.0/open', agent }, (answer) => {
      answer.resume();
      resolve({ connection: answer.headers.connection, status: answer.statusCode });
    })
      .on('error', reject)
      .end();
  });
  await until(() => finish !== undefined);

  const stopped = gateway.stop();
  await expect(gateway.call('/pizza/1.0.0/open')).rejects.toThrow('ECONNREFUSED');
  finish?.();

  expect(await running).toEqual({ connection: 'close', status: 200 });
  await stopped;
  expect(gateway.messages.at(-1)).toEqual({ type: 'drained' });
  agent.destroy();
  await backend.stop();
});

it('cuts what still runs at the deadline', async () => {
  const backend = await startRawBackend(() => undefined);
  const gateway = await TestGateway.start([apiRow(backend.url, { operations: OPEN })]);
  const running = gateway.call('/pizza/1.0.0/open');
  running.catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 50));

  await gateway.engine.stop(50);

  await expect(running).rejects.toThrow();
  await backend.stop();
});

it('cuts off a client that stops sending, and not one that waits for the backend', async () => {
  let finish: (() => void) | undefined;
  const backend = await startBackend((_request, reply) => {
    finish = () => reply.end('late');
  });
  const gateway = await TestGateway.start([apiRow(backend.url, { operations: OPEN })], { clientIdleMs: 100 });
  const waiting = gateway.call('/pizza/1.0.0/open');
  const closed = new Promise((resolve) => {
    const client = connect(gateway.port, '127.0.0.1', () =>
      client.write('POST /pizza/1.0.0/open HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf'),
    );
    client.on('close', resolve);
  });

  await closed;
  await new Promise((resolve) => setTimeout(resolve, 200));
  finish?.();

  expect((await waiting).body).toBe('late');
  await gateway.stop();
  await backend.stop();
});

describe('a connection that sends requests without waiting for answers', () => {
  const REQUEST = 'GET /pizza/1.0.0/open HTTP/1.1\r\nHost: x\r\n\r\n';
  const ANSWER = /HTTP\/1\.1 200/g;

  it('is answered hundreds at a time, again and again', async () => {
    const backend = await startBackend();
    const gateway = await TestGateway.start([apiRow(backend.url, { operations: OPEN })]);
    let text = '';
    const client = connect(gateway.port, '127.0.0.1');
    client.on('data', (chunk) => {
      text += chunk.toString();
    });

    for (const answers of [400, 800, 1_200]) {
      client.write(REQUEST.repeat(400));
      await until(() => (text.match(ANSWER) ?? []).length === answers);
    }

    client.destroy();
    await gateway.stop();
    await backend.stop();
  });

  it('is cut off when it has too many under way', async () => {
    const backend = await startBackend(() => undefined);
    const gateway = await TestGateway.start([apiRow(backend.url, { operations: OPEN })]);
    let closed = false;
    const client = connect(gateway.port, '127.0.0.1');
    client.on('error', () => undefined);
    client.on('close', () => {
      closed = true;
    });

    client.write(REQUEST.repeat(5_000));

    await until(() => closed);
    await gateway.stop();
    await backend.stop();
  });
});

it('reports a document that is none, and applies those after it', async () => {
  const backend = await startBackend();
  const gateway = await TestGateway.start([]);
  const broken = row('settings', 'gateway', JSON.parse('{"cors":{"enabled":true}}'));

  gateway.engine.apply([broken, apiRow(backend.url, { operations: OPEN })]);

  expect(gateway.messages.find(({ type }) => type === 'warning')).toMatchObject({ detail: { kind: 'settings', key: 'gateway' } });
  expect((await gateway.call('/pizza/1.0.0/open')).status).toBe(200);
  await gateway.stop();
  await backend.stop();
});

const usage = (messages: readonly FromWorker[]): UsageRecord[] =>
  messages.flatMap((message) => (message.type === 'usage' ? [...message.records] : []));

it('reports what was called, by whom, with what outcome', async () => {
  const backend = await startBackend();
  const gateway = await TestGateway.start([...subscriber(signer), apiRow(backend.url)]);
  const authorization = { Authorization: `Bearer ${signer.token()}` };
  for (let i = 0; i < 3; i += 1) await gateway.call('/pizza/1.0.0/menu', { headers: authorization });
  await gateway.call('/pizza/1.0.0/menu');
  await backend.stop();
  await gateway.call('/pizza/1.0.0/menu', { headers: authorization });

  await gateway.stop();

  const records = usage(gateway.messages);
  const sum = (applicationId: string | null, field: 'hits' | 'refused' | 'faults' | 'backendHits' | 'latencyMs'): number =>
    records.filter((record) => record.applicationId === applicationId).reduce((total, record) => total + record[field], 0);
  expect(records[0]).toMatchObject({
    organization: 'carbon.super',
    environment: 'Default',
    apiId: 'pizza',
    revisionId: 'revision-1',
    method: 'GET',
    target: '/menu',
    keyType: 'PRODUCTION',
  });
  expect((records[0]?.minute ?? 1) % 60_000).toBe(0);
  expect([sum('app-1', 'hits'), sum('app-1', 'faults'), sum('app-1', 'backendHits')]).toEqual([4, 1, 4]);
  expect([sum(null, 'hits'), sum(null, 'refused'), sum(null, 'backendHits')]).toEqual([1, 1, 0]);
  expect(sum('app-1', 'latencyMs')).toBeGreaterThan(0);
  const statuses = records.reduce<number[]>((all, record) => all.map((n, i) => n + (record.statuses[i] ?? 0)), [0, 0, 0, 0, 0]);
  expect(statuses).toEqual([0, 3, 0, 1, 1]);
});
