import { once } from 'node:events';
import { type ClientHttp2Session, connect, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2';
import { request } from 'node:https';
import { connect as connectTls } from 'node:tls';
import { generate } from 'selfsigned';
import { apiRow, operation, startBackend, startRawBackend, TestGateway, until } from './engine.fixture.js';
import { http1Fields } from './front/http2.js';
import type { WorkerSettings } from './messages.js';

const certificateOf = async (name: string) => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: name }]);
  return { key, cert };
};
let tls: { key: string; cert: string };
beforeAll(async () => {
  tls = await certificateOf('localhost');
});

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.stop();
});

const operations = ['GET', 'HEAD', 'POST'].map((method) => operation(method, '/*', { authType: 'None' }));

const start = async (answer?: Parameters<typeof startBackend>[0], settings: Partial<WorkerSettings> = {}) => {
  const backend = await startBackend(answer);
  const gateway = await TestGateway.start([apiRow(backend.url, { operations })], { httpsPort: 0, tls, ...settings });
  open.push(backend, gateway);
  return { backend, gateway, port: portOf(gateway) };
};

const portOf = (gateway: TestGateway): number => gateway.messages.find((message) => message.type === 'listening')?.httpsPort ?? 0;

const session = (port: number): ClientHttp2Session => {
  const client = connect(`https://localhost:${port}`, { rejectUnauthorized: false });
  client.on('error', () => undefined);
  open.push({ stop: async () => client.destroy() });
  return client;
};

interface H2Answer {
  readonly headers: IncomingHttpHeaders;
  readonly trailers: IncomingHttpHeaders;
  readonly body: string;
  readonly code: number;
}

const ask = (client: ClientHttp2Session, headers: OutgoingHttpHeaders, body?: string | Buffer): Promise<H2Answer> =>
  new Promise((resolve) => {
    const stream = client.request(headers, { endStream: body === undefined });
    let received: IncomingHttpHeaders = {};
    let trailers: IncomingHttpHeaders = {};
    const chunks: Buffer[] = [];
    stream.on('response', (head) => {
      received = head;
    });
    stream.on('trailers', (head) => {
      trailers = head;
    });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', () => undefined);
    stream.on('close', () => resolve({ headers: received, trailers, body: Buffer.concat(chunks).toString(), code: stream.rstCode ?? -1 }));
    if (body !== undefined) stream.end(body);
  });

const path = (rest: string) => `/pizza/1.0.0${rest}`;

it('serves HTTP/2 and HTTP/1.1 on one port, as the client likes', async () => {
  const { port, backend } = await start();

  const second = await ask(session(port), { ':path': path('/menu?a=1'), 'X-Mine': 'yes' });
  const first = await new Promise((resolve) =>
    request({ port, path: path('/menu'), rejectUnauthorized: false, agent: false }, (answer) => resolve(answer.httpVersion)).end(),
  );

  expect(second).toMatchObject({ headers: { ':status': 200 }, body: 'hello' });
  expect(first).toBe('1.1');
  expect(backend.seen[0]).toMatchObject({ method: 'GET', url: '/menu?a=1', headers: { 'x-mine': 'yes' } });
  expect(Object.keys(backend.seen[0]?.headers ?? {}).filter((name) => name.startsWith(':'))).toEqual([]);
});

it('offers HTTP/1.1 alone where HTTP/2 is switched off', async () => {
  const { port } = await start(undefined, { http2: false });

  const socket = connectTls({ port, ALPNProtocols: ['h2', 'http/1.1'], rejectUnauthorized: false });
  await once(socket, 'secureConnect');

  expect(socket.alpnProtocol).toBe('http/1.1');
  socket.destroy();
});

it.each([
  ['with a known length', { 'content-length': 11 }],
  ['with none', {}],
])('passes a body %s', async (_case, headers) => {
  const { port, backend } = await start((incoming, reply) =>
    reply.end(String(incoming.headers['content-length'] ?? incoming.headers['transfer-encoding'])),
  );

  const answer = await ask(session(port), { ':method': 'POST', ':path': path('/order'), ...headers }, 'hello world');

  expect(answer.body).toBe('content-length' in headers ? '11' : 'chunked');
  expect(backend.seen[0]?.body).toBe('hello world');
});

it('passes big bodies both ways with back-pressure', async () => {
  const big = Buffer.alloc(3_000_000, 'x');
  const { port, backend } = await start((_incoming, reply) => reply.end(big));

  const answer = await ask(session(port), { ':method': 'POST', ':path': path('/order') }, big);

  expect(answer.body.length).toBe(big.length);
  expect(backend.seen[0]?.body.length).toBe(big.length);
});

it('drops what only HTTP/1.1 says, and keeps each of several cookies', async () => {
  const { port } = await start((_incoming, reply) =>
    reply
      .writeHead(200, ['Connection', 'keep-alive', 'Keep-Alive', 'timeout=5', 'Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'X-Big', 'Yes'])
      .end('hello'),
  );

  const { headers } = await ask(session(port), { ':path': path('/menu') });

  expect(headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'], 'x-big': 'Yes' });
  expect(headers).not.toHaveProperty('connection');
  expect(headers).not.toHaveProperty('keep-alive');
});

it.each([
  ['GET', '/nowhere', 404],
  ['HEAD', '/nowhere', 404],
  ['HEAD', path('/menu'), 200],
  ['DELETE', path('/menu'), 405],
])('%s %s is answered with %s', async (method, target, status) => {
  const { port } = await start();

  const answer = await ask(session(port), { ':method': method, ':path': target });

  expect(answer.headers[':status']).toBe(status);
  expect(answer.code).toBe(0);
  expect(answer.body === '').toBe(method === 'HEAD');
});

it('an answer without a body stays without', async () => {
  const { port } = await start((_incoming, reply) => reply.writeHead(204).end());

  expect(await ask(session(port), { ':path': path('/menu') })).toMatchObject({ headers: { ':status': 204 }, body: '', code: 0 });
});

it('resets the stream of an answer that breaks off', async () => {
  const backend = await startRawBackend((socket) =>
    socket.once('data', () =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf', () => setTimeout(() => socket.destroy(), 20)),
    ),
  );
  const gateway = await TestGateway.start([apiRow(backend.url, { operations })], { httpsPort: 0, tls });
  open.push(backend, gateway);

  const answer = await ask(session(portOf(gateway)), { ':path': path('/menu') });

  expect(answer.body).toBe('half');
  expect(answer.code).not.toBe(0);
});

it('gives up the request to the backend when the client gives up its stream', async () => {
  let isGone = false;
  const { port, backend } = await start((incoming) => {
    incoming.socket.on('close', () => {
      isGone = true;
    });
  });
  const stream = session(port).request({ ':path': path('/menu') });
  stream.on('error', () => undefined);
  await until(() => backend.seen.length === 1);

  stream.close(8);

  await until(() => isGone);
});

it('never makes a whole request of a body that its client gave up', async () => {
  let whole = 0;
  const { port } = await start((_incoming, reply) => {
    whole += 1;
    reply.end();
  });
  const client = session(port);
  const stream = client.request({ ':method': 'POST', ':path': path('/order') });
  stream.on('error', () => undefined);
  stream.write('half');
  await new Promise((resolve) => setTimeout(resolve, 50));

  client.destroy();
  await ask(session(port), { ':path': path('/menu') });

  expect(whole).toBe(1);
});

it('passes trailers of the backend to a client that takes them', async () => {
  const { port } = await start((_incoming, reply) => {
    reply.writeHead(200, { Trailer: 'X-Sum' });
    reply.write('hello');
    reply.addTrailers({ 'X-Sum': '42', 'Content-Type': 'text/evil' });
    reply.end();
  });
  const client = session(port);

  const taken = await ask(client, { ':path': path('/menu'), te: 'trailers' });
  const other = await ask(client, { ':path': path('/menu') });

  expect(taken.trailers).toMatchObject({ 'x-sum': '42' });
  expect(taken.trailers).not.toHaveProperty('content-type');
  expect(other.trailers).toEqual({});
});

it('asks for a body on demand, and not at all when it refuses', async () => {
  const { port, backend } = await start();
  const client = session(port);
  const expecting = (target: string) =>
    client.request({ ':method': 'POST', ':path': target, expect: '100-continue' }, { endStream: false });

  const taken = expecting(path('/order'));
  await once(taken, 'continue');
  taken.end('dough');
  await once(taken, 'response');
  const refused = expecting('/nowhere');
  let isAsked = false;
  refused.on('continue', () => {
    isAsked = true;
  });
  const [head] = await once(refused, 'response');

  expect(backend.seen[0]?.body).toBe('dough');
  expect(head[':status']).toBe(404);
  expect(isAsked).toBe(false);
});

it('serves requests of one connection beside one another, up to the limit', async () => {
  const waiting: (() => void)[] = [];
  const { port } = await start((_incoming, reply) => void waiting.push(() => reply.end('late')), { http2StreamsMax: 5 });
  const client = session(port);
  await once(client, 'remoteSettings');

  const answers = Promise.all(Array.from({ length: 5 }, () => ask(client, { ':path': path('/menu') })));
  await until(() => waiting.length === 5);
  for (const answer of waiting) answer();

  expect(client.remoteSettings.maxConcurrentStreams).toBe(5);
  expect((await answers).map(({ body }) => body)).toEqual(Array(5).fill('late'));
});

it('ends a connection whose streams are reset in a flood, and serves the others', async () => {
  const { port } = await start(() => undefined);
  const client = session(port);
  await once(client, 'connect');

  // Node lets a connection reset a thousand at once, and 33 in a second after that.
  for (let i = 0; i < 1_500 && !client.destroyed; i += 1) {
    const stream = client.request({ ':path': path('/menu') });
    stream.on('error', () => undefined);
    stream.close(8);
    if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }

  await until(() => client.destroyed || client.closed);
  expect((await ask(session(port), { ':path': '/' })).headers[':status']).toBe(200);
}, 20_000);

it('refuses headers beyond the limit', async () => {
  const { port } = await start();

  const answer = await ask(session(port), { ':path': path('/menu'), 'x-big': 'x'.repeat(20_000) });

  expect(answer.headers[':status']).toBe(431);
});

it('lets running requests end when it stops, and sends clients away', async () => {
  let answer: (() => void) | undefined;
  const { port, gateway } = await start((_incoming, reply) => {
    answer = () => reply.end('late');
  });
  const client = session(port);
  const running = ask(client, { ':path': path('/menu') });
  await until(() => answer !== undefined);
  const goaway = once(client, 'goaway');

  const stopped = gateway.stop();
  await goaway;
  answer?.();

  expect((await running).body).toBe('late');
  const before = Date.now();
  await stopped;
  expect(Date.now() - before).toBeLessThan(1_000);
});

it('closes an idle connection', async () => {
  const { port } = await start(undefined, { clientIdleMs: 100 });
  const client = session(port);
  await ask(client, { ':path': path('/menu') });

  await once(client, 'close');

  expect(client.destroyed).toBe(true);
});

it('cuts a stream whose client stops sending its body', async () => {
  const { port } = await start(undefined, { clientIdleMs: 100 });
  const stream = session(port).request({ ':method': 'POST', ':path': path('/order') });
  stream.on('error', () => undefined);
  stream.write('half');

  await once(stream, 'close');

  expect(stream.rstCode).not.toBe(0);
});

it.each([
  [[':method', 'GET', ':path', '/', ':authority', 'a.example', 'accept', '*/*'], false, ['accept', '*/*', 'host', 'a.example']],
  [[':authority', 'a.example', 'host', 'b.example'], false, ['host', 'a.example']],
  [['host', 'b.example'], false, ['host', 'b.example']],
  [['cookie', 'a=1', 'x', '1', 'cookie', 'b=2', 'cookie', 'c=3'], false, ['cookie', 'a=1; b=2; c=3', 'x', '1']],
  [['x', '1'], true, ['x', '1', 'transfer-encoding', 'chunked']],
  [['content-length', '3'], true, ['content-length', '3']],
])('fields %j with a body %s are %j of HTTP/1.1', (raw, hasBody, expected) => {
  expect(http1Fields(raw, hasBody)).toEqual(expected);
});

describe('certificates by host name', () => {
  const names = (port: number, servername: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const socket = connectTls({ port, servername, rejectUnauthorized: false }, () => {
        resolve(socket.getPeerCertificate().subject.CN);
        socket.destroy();
      });
      socket.on('error', reject);
    });

  it('each name gets its own, unknown ones the main one, and new ones count at once', async () => {
    const [exact, wildcard, later] = await Promise.all(['exact', 'wildcard', 'later'].map(certificateOf));
    if (!exact || !wildcard || !later) throw new Error('no certificates');
    const { port, gateway } = await start(undefined, {
      tls: {
        ...tls,
        hosts: [
          { names: ['API.example.com'], ...exact },
          { names: ['*.example.com', 'one.test'], ...wildcard },
        ],
      },
    });
    const asked = ['api.example.com', 'other.example.com', 'a.b.example.com', 'example.com', 'one.test', 'x.test'];

    expect(await Promise.all(asked.map((name) => names(port, name)))).toEqual([
      'exact',
      'wildcard',
      'localhost',
      'localhost',
      'wildcard',
      'localhost',
    ]);

    gateway.engine.renewCertificate({ ...tls, hosts: [{ names: ['api.example.com'], ...later }] });

    expect(await Promise.all(asked.map((name) => names(port, name)))).toEqual(['later', ...Array(5).fill('localhost')]);
    expect(() => gateway.engine.renewCertificate({ ...tls, hosts: [{ names: ['x'], key: 'x', cert: 'x' }] })).toThrow();
    expect(await names(port, 'api.example.com')).toBe('later');
  });
});

it('chooses the virtual host by the authority, whatever the host field says', async () => {
  const backends = await Promise.all(['A', 'B'].map((name) => startBackend((_request, reply) => reply.end(name))));
  const rows = ['a', 'b'].map((name, i) => apiRow(backends[i]?.url ?? '', { operations, environment: name, vhost: `${name}.example` }));
  const gateway = await TestGateway.start(rows, { labels: ['a', 'b'], httpsPort: 0, tls });
  open.push(...backends, gateway);

  const answer = await ask(session(portOf(gateway)), { ':path': path('/menu'), ':authority': 'a.example', host: 'b.example' });

  expect(answer.body).toBe('A');
});
