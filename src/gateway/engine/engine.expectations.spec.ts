import { request } from 'node:http';
import { connect } from 'node:net';
import { apiRow, operation, startBackend, TestGateway, until } from './engine.fixture.js';

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.stop();
});

const operations = [
  operation('POST', '/open', { authType: 'None' }),
  operation('GET', '/open', { authType: 'None' }),
  operation('POST', '/order'),
];

const start = async (answer?: Parameters<typeof startBackend>[0]) => {
  const backend = await startBackend(answer);
  const gateway = await TestGateway.start([apiRow(backend.url, { operations })]);
  open.push(backend, gateway);
  return { backend, gateway };
};

describe('Expect: 100-continue', () => {
  const expecting = (target: string, length = 5) =>
    `POST /pizza/1.0.0${target} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: ${length}\r\n\r\n`;

  /** A client that sends what it is told to, and keeps what it hears. */
  const raw = (gateway: TestGateway, first: string) => {
    const client = { heard: '', isClosed: false };
    const socket = connect(gateway.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      client.heard += chunk;
    });
    socket.on('close', () => {
      client.isClosed = true;
    });
    socket.write(first);
    open.push({ stop: async () => void socket.destroy() });
    return Object.assign(client, { send: (text: string) => socket.write(text) });
  };

  it('the body is asked for once the checks are passed, and goes on to the backend', async () => {
    const { gateway, backend } = await start();
    const client = raw(gateway, expecting('/open'));

    await until(() => client.heard === 'HTTP/1.1 100 Continue\r\n\r\n');
    expect(backend.seen).toEqual([]);
    client.send('dough');

    await until(() => client.heard.includes('hello'));
    expect(client.heard).toContain('HTTP/1.1 200 OK');
    expect(client.heard).not.toContain('Connection: close');
    expect(backend.seen[0]).toMatchObject({ body: 'dough' });
    expect(backend.seen[0]?.headers).not.toHaveProperty('expect');
  });

  it.each([
    ['/order', 401],
    ['/none', 404],
  ])('a refusal of %s comes at once, asks for nothing and ends the connection', async (target, status) => {
    const { gateway, backend } = await start();

    const client = raw(gateway, expecting(target));

    await until(() => client.isClosed);
    expect(client.heard).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(client.heard).toContain('Connection: close');
    expect(client.heard).not.toContain('100 Continue');
    expect(backend.seen).toEqual([]);
  });

  it('a connection goes on after a body that was asked for', async () => {
    const { gateway } = await start();
    const client = raw(gateway, expecting('/open'));
    await until(() => client.heard.includes('100 Continue'));
    client.send(`dough${expecting('/open')}`);

    await until(() => client.heard.split('100 Continue').length === 3);
    client.send('dough');

    await until(() => client.heard.split('hello').length === 3);
  });
});

describe('trailers', () => {
  const trailersOf = (gateway: TestGateway, headers: Record<string, string>) =>
    new Promise((resolve, reject) => {
      request({ port: gateway.port, host: '127.0.0.1', path: '/pizza/1.0.0/open', headers, agent: false }, (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.trailers));
      })
        .on('error', reject)
        .end();
    });

  it.each([
    [{ te: 'trailers' }, { 'x-sum': '42' }],
    [{ te: 'gzip;q=0.5, Trailers' }, { 'x-sum': '42' }],
    [{ te: 'gzip' }, {}],
    [{}, {}],
  ])('a client that sends %j gets %j', async (headers, expected) => {
    const { gateway } = await start((_incoming, reply) => {
      reply.writeHead(200, { Trailer: 'X-Sum' });
      reply.write('hello');
      reply.addTrailers({ 'X-Sum': '42', 'Set-Cookie': 'a=1' });
      reply.end();
    });

    expect(await trailersOf(gateway, headers)).toEqual(expected);
  });

  it.each([
    [{ te: 'trailers' }, 'trailers'],
    [{ te: 'deflate, trailers' }, 'trailers'],
    [{ te: 'deflate' }, undefined],
  ])('the backend of a client that sends %j is told %j', async (headers, expected) => {
    const { gateway, backend } = await start();

    await trailersOf(gateway, headers);

    expect(backend.seen[0]?.headers.te).toBe(expected);
  });
});
