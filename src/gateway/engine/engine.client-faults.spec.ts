import type { Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { apiRow, operation, startRawBackend, TestGateway, until } from './engine.fixture.js';
import { RawClient } from './wire.fixture.js';

const B = '/pizza/1.0.0';
const OPERATIONS = ['GET', 'POST'].map((method) => operation(method, '/*', { authType: 'None' }));
const GET = `GET ${B}/x HTTP/1.1\r\nHost: x\r\n\r\n`;
const POST = `POST ${B}/x HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc`;
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const HALF = 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal';

/** Connections of this process, both ends of each. */
const sockets = (): number => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;

interface Scene {
  readonly gateway: TestGateway;
  /** Connections the backend has now, and how many requests began on them. */
  readonly open: Set<Socket>;
  asked: number;
  /** What the backend answers at once; nothing when empty. */
  answer: string;
}
const cleanups: (() => Promise<void>)[] = [];

const stage = async (settings: Parameters<typeof TestGateway.start>[1] = {}): Promise<Scene> => {
  const open = new Set<Socket>();
  const backend = await startRawBackend((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('data', () => {
      scene.asked += 1;
      if (scene.answer !== '') socket.write(scene.answer);
    });
  });
  const gateway = await TestGateway.start([apiRow(backend.url, { operations: OPERATIONS })], settings);
  const scene: Scene = { gateway, open, asked: 0, answer: '' };
  cleanups.push(async () => {
    await gateway.stop();
    await backend.stop();
  });
  return scene;
};

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe('a client that goes away leaves no connection behind', () => {
  it.each<readonly [when: string, bytes: string, answer: string, go: (socket: Socket) => void]>([
    ['before it has sent anything', '', '', (socket) => socket.destroy()],
    ['within its head', GET.slice(0, 20), '', (socket) => socket.destroy()],
    ['within its body', POST, '', (socket) => socket.destroy()],
    ['within its body, by a reset', POST, '', (socket) => socket.resetAndDestroy()],
    [
      'within a chunk',
      POST.replace('Content-Length: 9', 'Transfer-Encoding: chunked').replace(/abc$/, '9\r\nabc'),
      '',
      (socket) => socket.destroy(),
    ],
    ['while it waits', GET, '', (socket) => socket.destroy()],
    ['while it waits, by a reset', GET, '', (socket) => socket.resetAndDestroy()],
    ['within the answer', GET, HALF, (socket) => socket.destroy()],
    ['with requests waiting behind the first', GET.repeat(20), '', (socket) => socket.destroy()],
    ['by closing its half while it waits', GET, '', (socket) => socket.end()],
  ])('%s', async (_when, bytes, answer, go) => {
    const scene = await stage();
    scene.answer = answer;
    const before = sockets();
    const client = await RawClient.open(scene.gateway.port);
    client.write(bytes);
    if (bytes.includes('\r\n\r\n')) await until(() => scene.asked > 0 && (answer === '' || client.text.includes('hal')));

    go(client.socket);

    await until(() => client.isClosed && scene.open.size === 0);
    await until(() => sockets() <= before);
    scene.answer = OK;
    expect((await scene.gateway.call(`${B}/x`)).body).toBe('ok');
  });
});

describe('a client that is slow', () => {
  it('with its head is told so, although something of it always comes', async () => {
    const { gateway, asked } = await stage({ clientIdleMs: 200 });
    const client = await RawClient.open(gateway.port);
    client.write(GET.slice(0, -2));
    const timer = setInterval(() => client.write('X: y\r\n'), 20);

    await client.closed();

    clearInterval(timer);
    expect(client.statuses).toEqual([408]);
    expect(asked).toBe(0);
  });

  it('with its body is served as long as something of it comes', async () => {
    const scene = await stage({ clientIdleMs: 150 });
    const client = await RawClient.open(scene.gateway.port);
    client.write(POST);
    for (let i = 0; i < 6; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      if (i === 5) scene.answer = OK;
      client.write('x');
    }

    expect(await client.answers(1)).toEqual([200]);
    client.socket.destroy();
  });

  it.each([
    ['in its body', POST, ''],
    ['in reading its answer', GET, `HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n${'x'.repeat(8_000_000)}`],
  ])('and stops %s is cut off, and its backend’s connection with it', async (_case, bytes, answer) => {
    const scene = await stage({ clientIdleMs: 200 });
    scene.answer = answer;
    const client = await RawClient.open(scene.gateway.port);
    client.write(bytes);
    client.socket.pause();
    await until(() => scene.asked > 0);

    await until(() => scene.open.size === 0);

    client.socket.destroy();
  });
});

it('a thousand idle connections hinder nobody, and are cut off in time', async () => {
  const scene = await stage({ clientIdleMs: 600 });
  scene.answer = OK;
  const before = sockets();
  const idle = await Promise.all(Array.from({ length: 1_000 }, () => RawClient.open(scene.gateway.port)));

  expect((await scene.gateway.call(`${B}/x`)).body).toBe('ok');

  await until(() => idle.every(({ isClosed }) => isClosed));
  for (const { socket } of idle) socket.destroy();
  // The backend's own connection is kept.
  await until(() => sockets() <= before + 2);
});

it('a thousand faults of all kinds leave neither connections nor memory behind', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const scene = await stage();
  const round = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i += 1) {
      scene.answer = [OK, '', HALF, 'rubbish\r\n\r\n'][i % 4] ?? '';
      const { asked } = scene;
      const client = await RawClient.open(scene.gateway.port);
      client.write([GET, POST, GET.slice(0, 30), 'nonsense\r\n\r\n'][(i >> 2) % 4] ?? '');
      if ((i >> 2) % 4 < 2) await until(() => scene.asked > asked);
      client.socket.destroy();
    }
    await until(() => scene.open.size <= 1);
    collect();
  };
  await round(200);
  const [heap, connections] = [process.memoryUsage().heapUsed, sockets()];

  await round(1_000);

  await until(() => sockets() <= connections + 2);
  collect();
  expect(process.memoryUsage().heapUsed - heap).toBeLessThan(4_000_000);
}, 20_000);
