import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type { ApiDocument } from '../../domain/gateway-documents.js';
import { apiDocument, apiRow, operation, row, Signer, startBackend, subscriber, TestGateway, until } from './engine.fixture.js';
import type { UsageRecord, WorkerSettings } from './messages.js';
import { RawClient, startRecorder } from './wire.fixture.js';

const SMUGGLED = 'GET /admin HTTP/1.1\r\nHost: x\r\n\r\n';

const signer = new Signer('kid-1');
const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.stop();
});

/** A WebSocket server that says everything twice, and notes who comes. */
const startEcho = async () => {
  const seen: IncomingMessage[] = [];
  const closed: number[] = [];
  const server = createServer((_request, reply) => reply.end('over http'));
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) => {
    seen.push(request);
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
    socket.on('close', (code) => closed.push(code));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    stop: () => {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, closed };
};

const start = async (url: string, changes: Partial<ApiDocument> = {}, settings: Partial<WorkerSettings> = {}) => {
  const operations = [operation('GET', '/chat'), operation('POST', '/chat'), operation('GET', '/open', { authType: 'None' })];
  const gateway = await TestGateway.start([apiRow(url, { operations, allowsUpgrades: true, ...changes }), ...subscriber(signer)], settings);
  open.push(gateway);
  return gateway;
};

const bearer = () => ({ authorization: `Bearer ${signer.token()}` });

const join = async (gateway: TestGateway, target = '/chat', headers: Record<string, string> = bearer()) => {
  const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/pizza/1.0.0${target}`, { headers });
  socket.on('error', () => undefined);
  open.push({ stop: async () => socket.terminate() });
  await once(socket, 'open');
  return socket;
};

const said = async (socket: WebSocket, text: string): Promise<string> => {
  socket.send(text);
  const [data] = await once(socket, 'message');
  return String(data);
};

/** The answer to a handshake that is refused. */
const refused = (gateway: TestGateway, target: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/pizza/1.0.0${target}`, { headers });
    socket.on('error', () => undefined);
    socket.on('open', () => reject(new Error('it was let in')));
    socket.on('unexpected-response', (_request, answer) => {
      let body = '';
      answer.on('data', (chunk) => {
        body += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
    });
  });

const usageOf = (gateway: TestGateway): readonly UsageRecord[] =>
  gateway.messages.flatMap((message) => (message.type === 'usage' ? message.records : []));

it('passes a WebSocket through after the checks of a GET, without the credentials', async () => {
  const echo = await startEcho();
  const gateway = await start(echo.url);

  const socket = await join(gateway, '/chat?room=1', { ...bearer(), 'x-mine': 'yes', cookie: 'a=1' });

  expect(await said(socket, 'hello')).toBe('hello');
  expect(await said(socket, 'x'.repeat(2_000_000))).toHaveLength(2_000_000);
  expect(echo.seen[0]).toMatchObject({ url: '/chat?room=1', headers: { 'x-mine': 'yes', cookie: 'a=1' } });
  expect(echo.seen[0]?.headers).not.toHaveProperty('authorization');
});

it('passes the close of either side on', async () => {
  const echo = await startEcho();
  const gateway = await start(echo.url);
  const socket = await join(gateway);

  socket.close(4_001);
  const [code] = await once(socket, 'close');

  expect(code).toBe(4_001);
  await until(() => echo.closed.length === 1);
  expect(echo.closed).toEqual([4_001]);
});

it.each([
  ['without credentials', '/chat', {}, 401, '900902'],
  ['with a bad token', '/chat', { authorization: 'Bearer nonsense' }, 401, '900901'],
  ['for an unknown resource', '/none', {}, 404, '404'],
] as const)('%s the handshake is refused in HTTP', async (_case, target, headers, status, code) => {
  const echo = await startEcho();
  const gateway = await start(echo.url);

  const answer = await refused(gateway, target, headers);

  expect(answer.status).toBe(status);
  expect(JSON.parse(answer.body)).toMatchObject({ code });
  expect(echo.seen).toEqual([]);
});

it('counts a handshake against the limits', async () => {
  const echo = await startEcho();
  const gateway = await start(echo.url, { apiThrottlingPolicy: 'Two' });
  const quota = { type: 'REQUESTCOUNTLIMIT', timeUnit: 'day', unitTime: 1, count: 2 } as const;
  gateway.engine.apply([row('policy', 'advanced:Two', { level: 'advanced', name: 'Two', quota, burst: null, stopOnQuotaReach: true })]);

  await join(gateway);
  await join(gateway);

  expect((await refused(gateway, '/chat', bearer())).status).toBe(429);
});

it('passes the answer of a backend that refuses on', async () => {
  const backend = await startBackend((_request, reply) => reply.writeHead(418, { 'X-Why': 'tea' }).end('no sockets here'));
  open.push(backend);
  const gateway = await start(backend.url);

  expect(await refused(gateway, '/chat', bearer())).toEqual({ status: 418, body: 'no sockets here' });
});

it('answers with a fault when there is no backend', async () => {
  const gateway = await start('http://127.0.0.1:1');

  const answer = await refused(gateway, '/chat', bearer());

  expect(answer.status).toBe(500);
  expect(JSON.parse(answer.body)).toMatchObject({ code: '101503' });
});

it.each([
  ['an API that does not allow it', false, 'websocket'],
  ['another protocol', true, 'h2c'],
])('a request to upgrade for %s is an ordinary one', async (_case, isAllowed, upgrade) => {
  const echo = await startEcho();
  const gateway = await start(echo.url);
  const { allowsUpgrades: _allowed, ...forbidding } = apiDocument(echo.url, {
    operations: [operation('GET', '/open', { authType: 'None' })],
  });
  if (!isAllowed) gateway.engine.apply([row('api', 'pizza:Default', forbidding)]);

  const answer = await gateway.call('/pizza/1.0.0/open', { headers: { connection: 'Upgrade', upgrade } });

  expect(answer).toMatchObject({ status: 200, body: 'over http' });
});

it('records the handshake when it is made', async () => {
  const echo = await startEcho();
  const gateway = await start(echo.url);
  const socket = await join(gateway);
  await said(socket, 'hello');

  await until(() => usageOf(gateway).length > 0);
  socket.terminate();
  await gateway.stop();

  expect(usageOf(gateway)).toMatchObject([{ target: '/chat', hits: 1, statuses: [1, 0, 0, 0, 0], aborted: 0, faults: 0, backendHits: 1 }]);
});

it('cuts a connection on which nothing moves', async () => {
  const echo = await startEcho();
  const gateway = await start(echo.url, {}, { clientIdleMs: 100 });
  const socket = await join(gateway);

  const [code] = await once(socket, 'close');

  expect(code).toBe(1_006);
  await until(() => echo.closed.length === 1);
});

it('lets connections live until the deadline when it stops, then cuts them', async () => {
  const echo = await startEcho();
  const gateway = await start(echo.url);
  const socket = await join(gateway);

  const stopped = gateway.engine.stop(300);
  expect(await said(socket, 'still here')).toBe('still here');
  await stopped;

  await until(() => socket.readyState === WebSocket.CLOSED && echo.closed.length === 1);
});

it('a client that goes away during the handshake leaves nothing behind', async () => {
  let isGone = false;
  const silent = createServer();
  silent.on('upgrade', (_request, socket) =>
    socket
      .on('end', () => {
        isGone = true;
        socket.end();
      })
      .resume(),
  );
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  open.push({ stop: () => new Promise((resolve) => silent.close(() => resolve())) });
  const gateway = await start(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
  const client = connect(gateway.port, '127.0.0.1');
  client.write('GET /pizza/1.0.0/open HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  await new Promise((resolve) => setTimeout(resolve, 100));

  client.destroy();

  await until(() => isGone);
});

it('passes on what the client sends right behind its handshake', async () => {
  let received = '';
  const raw = createServer();
  raw.on('upgrade', (_request, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nfirst');
    socket.on('data', (chunk) => {
      received += chunk;
    });
    socket.on('end', () => socket.end());
  });
  await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
  open.push({ stop: () => new Promise((resolve) => raw.close(() => resolve())) });
  const gateway = await start(`http://127.0.0.1:${(raw.address() as AddressInfo).port}`);
  const client = connect(gateway.port, '127.0.0.1');
  let answer = '';
  client.on('data', (chunk) => {
    answer += chunk;
  });

  client.write('GET /pizza/1.0.0/open HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nearly');

  await until(() => received === 'early' && answer.endsWith('first'));
  expect(answer).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
  client.destroy();
});

it.each([
  ['a body of a known length', `Content-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`],
  ['a body in chunks', `Transfer-Encoding: chunked\r\n\r\n${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`],
  ['an empty body', `Content-Length: 0\r\n\r\n${SMUGGLED}`],
  ['no body', `\r\n${SMUGGLED}`],
])('a handshake with %s hides no second request from the checks', async (_what, rest) => {
  const recorder = await startRecorder();
  open.push(recorder);
  const gateway = await start(recorder.url);
  const client = await RawClient.open(gateway.port);

  client.write(`GET /pizza/1.0.0/open HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${rest}`);
  await client.closed();

  expect(recorder.seen.filter(({ line }) => !line.startsWith('GET /open '))).toEqual([]);
  expect(recorder.partial()).toBe('');
  expect(client.statuses.length).toBeLessThanOrEqual(1);
});
