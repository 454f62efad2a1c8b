import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { generate } from 'selfsigned';
import type { EndpointDocument, SuspensionDocument } from '../../domain/gateway-documents.js';
import { apiRow, operation, row, startBackend, startRawBackend, TestGateway } from './engine.fixture.js';
import { RawClient } from './wire.fixture.js';

const B = '/pizza/1.0.0';
const OPERATIONS = ['GET', 'POST', 'PUT', 'HEAD'].map((method) => operation(method, '/*', { authType: 'None' }));
/** Any failure makes the endpoint rest for longer than a test takes. */
const suspension: SuspensionDocument = {
  codes: [],
  durationMs: 60_000,
  durationMaxMs: null,
  factor: 1,
  retryCodes: [],
  retries: 0,
  retryDelayMs: 0,
};
const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** The address of a backend that does so with each request, told how many there were on its connection. */
const rawBackend = async (answer: (socket: Socket, count: number) => void): Promise<string> => {
  const backend = await startRawBackend((socket) => {
    let count = 0;
    socket.on('data', () => {
      count += 1;
      answer(socket, count);
    });
  });
  cleanups.push(() => backend.stop());
  return backend.url;
};
const saying = (text: string): Promise<string> => rawBackend((socket) => socket.write(text, 'latin1'));

const gatewayTo = async (url: string, endpoint: Partial<EndpointDocument> = {}): Promise<TestGateway> => {
  const endpoints = { production: { url, onTimeout: 'fault' as const, timeoutMs: 10_000, ...endpoint }, sandbox: null };
  const gateway = await TestGateway.start([apiRow(url, { operations: OPERATIONS, endpoints })], { connectionsPerBackend: 1 });
  cleanups.push(() => gateway.stop());
  return gateway;
};
const call = (gateway: TestGateway, method = 'GET') => gateway.call(`${B}/x`, { method });
const codeOf = (body: string): unknown => JSON.parse(body).code;
const ok = (body: string): string => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

const CLOSED = '101505';
const MALFORMED = '101506';
const TIMED_OUT = '101504';

describe('before the head has come, every fault of a backend is an answer', () => {
  it.each<readonly [what: string, answer: (socket: Socket) => void, code: string]>([
    ['closes', (socket) => socket.end(), CLOSED],
    ['resets', (socket) => socket.resetAndDestroy(), CLOSED],
    ['closes within the status line', (socket) => socket.end('HTTP/1.1 2'), CLOSED],
    ['resets within the head', (socket) => socket.write('HTTP/1.1 200 OK\r\nX: y', () => socket.resetAndDestroy()), CLOSED],
    ['answers a page of its own protocol', (socket) => socket.end('SSH-2.0-OpenSSH\r\n'), MALFORMED],
    ['answers bytes', (socket) => socket.end(Buffer.from([0x16, 3, 1, 0, 0, 0xff])), MALFORMED],
    ['answers another version', (socket) => socket.end('HTTP/3.7 200 OK\r\n\r\n'), MALFORMED],
    ['answers too large a head', (socket) => socket.end(`HTTP/1.1 200 OK\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`), MALFORMED],
    ['answers too many headers', (socket) => socket.end(`HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(10_000)}\r\n`), MALFORMED],
    ['answers two lengths', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'), MALFORMED],
    ['answers a length that is none', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nab'), MALFORMED],
    [
      'answers a length and chunks',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n'),
      MALFORMED,
    ],
    ['folds a header', (socket) => socket.end('HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n'), MALFORMED],
    ['breaks a header with a line feed', (socket) => socket.end('HTTP/1.1 200 OK\r\nX: a\nY: b\r\nContent-Length: 0\r\n\r\n'), MALFORMED],
    [
      'sends interim answers without end',
      (socket) => {
        const timer = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'), 5);
        socket.on('close', () => clearInterval(timer));
      },
      MALFORMED,
    ],
    ['switches protocols unasked', (socket) => socket.write('HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'), CLOSED],
  ])('that %s', async (_case, answer, code) => {
    const gateway = await gatewayTo(await rawBackend(answer), { suspension });

    const first = await call(gateway, 'POST');
    const second = await call(gateway, 'POST');

    expect([first.status, codeOf(first.body)]).toEqual([500, code]);
    expect(codeOf(second.body)).toBe('303001');
  });

  it.each<readonly [what: string, answer: (socket: Socket) => void]>([
    ['says nothing', () => undefined],
    ['stops within the head', (socket) => socket.write('HTTP/1.1 200 OK\r\nX')],
    [
      'drips its head',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nX: ');
        const timer = setInterval(() => socket.write('y'), 5);
        socket.on('close', () => clearInterval(timer));
      },
    ],
  ])('that %s for longer than the endpoint’s timeout', async (_case, answer) => {
    const answered = await call(await gatewayTo(await rawBackend(answer), { timeoutMs: 100 }), 'POST');

    expect([answered.status, codeOf(answered.body)]).toEqual([500, TIMED_OUT]);
  });

  it('whose name nobody knows', async () => {
    const answer = await call(await gatewayTo('http://backend.invalid/'));

    expect([answer.status, codeOf(answer.body)]).toEqual([500, '101503']);
  });
});

describe('once the head has left, a fault of a backend ends the connection, so that half an answer never looks whole', () => {
  const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n';
  it.each<readonly [what: string, answer: (socket: Socket) => void]>([
    ['a body shorter than its length', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc')],
    ['a reset within a body', (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc', () => socket.resetAndDestroy())],
    ['chunks without the last', (socket) => socket.end(CHUNKED)],
    ['a chunk’s size that is none', (socket) => socket.end(`${CHUNKED}zz\r\nabc\r\n0\r\n\r\n`)],
    ['a chunk’s size beyond all numbers', (socket) => socket.end(`${CHUNKED}${'f'.repeat(20)}\r\n`)],
    ['a reset within a chunk', (socket) => socket.write(`${CHUNKED}9\r\nabc`, () => socket.resetAndDestroy())],
    ['a body that stops coming', (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc')],
  ])('%s', async (_case, answer) => {
    const gateway = await gatewayTo(await rawBackend(answer), { timeoutMs: 150 });
    const client = await RawClient.open(gateway.port);

    client.write(`GET ${B}/x HTTP/1.1\r\nHost: x\r\n\r\n`);
    await client.closed();

    expect(client.text).not.toMatch(/0\r\n\r\n$/);
    expect(client.text.startsWith('HTTP/1.1 200 ') || client.text === '').toBe(true);
    const length = /content-length: (\d+)/i.exec(client.text)?.[1];
    if (length !== undefined) expect(client.text.split('\r\n\r\n')[1]?.length).toBeLessThan(Number(length));
  });

  it('a body that only ever drips is let through while it moves', async () => {
    const url = await rawBackend((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n');
      let left = 20;
      const timer = setInterval(() => {
        socket.write('x');
        left -= 1;
        if (left === 0) clearInterval(timer);
      }, 15);
    });

    const answer = await call(await gatewayTo(url, { timeoutMs: 150 }));

    expect(answer).toMatchObject({ status: 200, body: 'x'.repeat(20) });
  });
});

describe('an answer ends where it ends', () => {
  it.each([
    ['bytes after its length', `${ok('one')}rubbish`, 'GET', 'one'],
    ['a second answer nobody asked for', ok('one') + ok('two'), 'GET', 'one'],
    ['bytes after the last chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n0\r\n\r\nrubbish', 'GET', 'one'],
    ['a body after a HEAD', ok('one'), 'HEAD', ''],
    ['a body of a 204', 'HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\none', 'GET', ''],
    ['a body of a 304', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\none', 'GET', ''],
  ])('%s reaches nobody, neither this request nor the next', async (_case, text, method, body) => {
    let asked = 0;
    const url = await rawBackend((socket) => {
      asked += 1;
      socket.write(asked === 1 ? text : ok('next'));
    });
    const gateway = await gatewayTo(url);

    const first = await call(gateway, method);
    const second = await call(gateway, 'PUT');

    expect(first.status).toBeLessThan(400);
    expect(first.body).toBe(body);
    expect(second.body).toBe('next');
  });

  it('with its connection, where it has no length', async () => {
    const url = await rawBackend((socket) => socket.end('HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nall of it'));

    expect(await call(await gatewayTo(url))).toMatchObject({ status: 200, body: 'all of it' });
  });

  it('after any interim answers', async () => {
    const early = 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'.repeat(3);

    expect(await call(await gatewayTo(await saying(early + ok('end'))))).toMatchObject({ status: 200, body: 'end' });
  });
});

it.each([
  ['GET', 200, 2],
  ['HEAD', 200, 2],
  ['PUT', 200, 2],
  ['POST', 500, 1],
])('a %s on a kept connection that closed meanwhile is %i, by %i connections', async (method, status, expected) => {
  let connections = 0;
  const url = await rawBackend((socket, count) => {
    if (count === 1) connections += 1;
    if (count === 1) socket.write(ok('one'));
    else socket.end();
  });
  const gateway = await gatewayTo(url);
  await call(gateway);

  // HEAD asks for a connection of its own; its length describes a body that does not come.
  const answer = method === 'HEAD' ? await gateway.call(`${B}/x`, { method: 'HEAD' }) : await call(gateway, method);

  expect(answer.status).toBe(status);
  expect(connections).toBe(expected);
});

it('a client that goes away in the middle of its body does not count against the backend', async () => {
  let gone = 0;
  const backend = await startRawBackend((socket) => {
    socket.once('data', (chunk) => {
      if (chunk.toString().startsWith('GET')) socket.write(ok('here'));
    });
    socket.on('close', () => {
      gone += 1;
    });
  });
  cleanups.push(() => backend.stop());
  const gateway = await gatewayTo(backend.url, { suspension });
  for (const body of ['Content-Length: 9\r\n\r\nabc', 'Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz']) {
    const before = gone;
    const client = await RawClient.open(gateway.port);
    client.write(`POST ${B}/x HTTP/1.1\r\nHost: x\r\n${body}`);
    const end = Date.now() + 2_000;
    setTimeout(() => client.socket.destroy(), 30);
    while (gone === before && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(gone).toBe(before + 1);
  }

  expect((await call(gateway)).body).toBe('here');
});

describe('over TLS', () => {
  const certificate = async (name: string, notBeforeDate: Date, notAfterDate: Date) => {
    const extensions = [{ name: 'subjectAltName' as const, altNames: [{ type: 2 as const, value: name }] }];
    return generate([{ name: 'commonName', value: name }], { algorithm: 'sha256', notBeforeDate, notAfterDate, extensions });
  };
  const day = (offset: number): Date => new Date(Date.now() + offset * 86_400_000);

  it.each([
    ['that is good', 'localhost', 1, 200],
    ['that has expired', 'localhost', -1, 500],
    ['for another name', 'elsewhere.example', 1, 500],
  ])('a certificate %s', async (_case, name, until, status) => {
    const { cert, private: key } = await certificate(name, day(-2), day(until));
    const server = createTlsServer({ cert, key }, (_request, reply) => reply.end('secure'));
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    cleanups.push(() => new Promise((resolve) => server.close(() => resolve())));
    const { port } = server.address() as AddressInfo; // it listens on TCP
    const gateway = await gatewayTo(`https://localhost:${port}`);
    gateway.engine.apply([row('endpoint-certificate', 'one', { server: `localhost:${port}`, pem: cert })]);

    const answer = await call(gateway);

    expect(answer.status).toBe(status);
    if (status === 500) expect(codeOf(answer.body)).toBe('101503');
  });

  it('a backend that speaks plain HTTP is a failed connection', async () => {
    const plain = await startBackend();
    cleanups.push(() => plain.stop());

    const answer = await call(await gatewayTo(plain.url.replace('http:', 'https:')));

    expect([answer.status, codeOf(answer.body)]).toEqual([500, '101503']);
  });
});

it('keeps its own session cookie from the backends, and passes the others on', async () => {
  const backend = await startBackend();
  cleanups.push(() => backend.stop());
  const group = {
    others: [{ url: `${backend.url}/2`, onTimeout: 'fault' as const, timeoutMs: null }],
    choice: 'round-robin' as const,
    failsOver: false,
    sessionMs: 1_000,
  };
  const gateway = await gatewayTo(backend.url, { group });
  const first = await call(gateway);
  const session = first.headers['set-cookie']?.[0]?.split(';')[0] ?? '';

  for (const cookie of [session, `a=1; ${session}; b=2`, `a=1;${session}`, 'a=GatewayRoute=1']) {
    await gateway.call(`${B}/x`, { headers: { Cookie: cookie } });
  }

  expect(session).toMatch(/^GatewayRoute=/);
  expect(backend.seen.slice(1).map(({ headers }) => headers.cookie)).toEqual([undefined, 'a=1; b=2', 'a=1', 'a=GatewayRoute=1']);
  expect(new Set(backend.seen.slice(0, 4).map(({ url }) => url)).size).toBe(1);
});
