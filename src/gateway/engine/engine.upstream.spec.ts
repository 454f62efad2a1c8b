import { createServer } from 'node:net';
import type { EndpointDocument } from '../../domain/gateway-documents.js';
import { apiRow, operation, Signer, startBackend, startRawBackend, subscriber, type TestBackend, TestGateway } from './engine.fixture.js';
import { faultOf } from './faults.js';

const signer = new Signer('key-a');
const authorization = { Authorization: `Bearer ${signer.token()}` };
const OPERATIONS = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH'].map((method) => operation(method, '/*'));
const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const backendOf = async (...args: Parameters<typeof startBackend>): Promise<TestBackend> => {
  const backend = await startBackend(...args);
  cleanups.push(() => backend.stop());
  return backend;
};
const rawBackendOf = async (...args: Parameters<typeof startRawBackend>): Promise<string> => {
  const backend = await startRawBackend(...args);
  cleanups.push(() => backend.stop());
  return backend.url;
};
const gatewayTo = async (url: string, endpoint: Partial<EndpointDocument> = {}, settings = {}): Promise<TestGateway> => {
  const endpoints = { production: { url, onTimeout: 'fault' as const, timeoutMs: null, ...endpoint }, sandbox: null };
  const gateway = await TestGateway.start([...subscriber(signer), apiRow(url, { operations: OPERATIONS, endpoints })], settings);
  cleanups.push(() => gateway.stop());
  return gateway;
};
const get = (gateway: TestGateway, path = '/x', headers: Record<string, string> = {}, method = 'GET') =>
  gateway.call(`/pizza/1.0.0${path}`, { method, headers: { ...authorization, ...headers } });

it.each([
  ['/v2', '/menu/1?a=b', '/v2/menu/1?a=b'],
  ['/v2/', '/a%28b', '/v2/a%28b'],
  ['', '', '/'],
  ['', '?a=b', '/?a=b'],
  ['/v2?key=1', '/menu?a=b', '/v2/menu?key=1&a=b'],
  ['', '/menu?a=1&apikey=secret&b=2', '/menu?a=1&b=2'],
  ['', '/menu/', '/menu/'],
])('an endpoint at %j and the path %j make %j', async (base, path, expected) => {
  const backend = await backendOf();
  const gateway = await gatewayTo(backend.url + base);

  expect((await get(gateway, path)).status).toBe(200);

  expect(backend.seen[0]?.url).toBe(expected);
});

it('forwards headers as sent, but for those between two neighbours and the gateway’s own', async () => {
  const backend = await backendOf();
  const gateway = await gatewayTo(backend.url);

  await get(gateway, '/x', {
    'X-Kept': 'Yes',
    Connection: 'keep-alive, X-Named',
    'X-Named': 'no',
    'Keep-Alive': 'timeout=1',
    TE: 'trailers',
    'Proxy-Authorization': 'Basic eA==',
    'Internal-Key': 'no',
    ApiKey: 'no',
  });

  const { headers = {}, rawHeaders = [] } = backend.seen[0] ?? {};
  expect(rawHeaders).toContain('X-Kept');
  expect(`http://${headers.host}`).toBe(backend.url);
  for (const name of ['x-named', 'keep-alive', 'te', 'proxy-authorization', 'internal-key', 'apikey', 'authorization']) {
    expect(headers[name]).toBeUndefined();
  }
});

it('passes the answer back with its header names, without hop-by-hop headers, and with Location on the gateway', async () => {
  const backend = await backendOf((_request, reply) => {
    reply.writeHead(302, [
      'X-Odd-CASE',
      'a',
      'Set-Cookie',
      'a=1',
      'Set-Cookie',
      'b=2',
      'Location',
      '/elsewhere?x=1',
      'Proxy-Connection',
      'x',
    ]);
    reply.end();
  });
  const gateway = await gatewayTo(backend.url);

  const { status, headers } = await get(gateway);

  expect(status).toBe(302);
  expect(headers['x-odd-case']).toBe('a');
  expect(headers['set-cookie']).toEqual(['a=1', 'b=2']);
  expect(headers['location']).toBe(`http://127.0.0.1:${gateway.port}/elsewhere?x=1`);
  expect(headers['proxy-connection']).toBeUndefined();
});

it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'GET'])('forwards the body of a %s, chunked or not', async (method) => {
  const backend = await backendOf();
  const gateway = await gatewayTo(backend.url);

  for (const [name, value] of [
    ['Content-Length', '3'],
    ['Transfer-Encoding', 'chunked'],
  ] as const) {
    const answer = await gateway.call('/pizza/1.0.0/x', { method, body: 'abc', headers: { ...authorization, [name]: value } });
    expect(answer).toMatchObject({ status: 200, body: 'hello' });
  }

  expect(backend.seen.map(({ body }) => body)).toEqual(['abc', 'abc']);
});

it('streams large bodies both ways', async () => {
  const large = Buffer.alloc(5_000_000, 'x');
  const backend = await backendOf((_request, reply) => reply.end(large));
  const gateway = await gatewayTo(backend.url);

  const answer = await gateway.call('/pizza/1.0.0/x', { method: 'POST', body: large, headers: authorization });

  expect(backend.seen[0]?.body).toHaveLength(large.length);
  expect(answer.body).toHaveLength(large.length);
});

it.each([204, 304])('passes %i on without a body', async (status) => {
  const backend = await backendOf((_request, reply) => reply.writeHead(status).end());
  expect(await get(await gatewayTo(backend.url))).toMatchObject({ status, body: '' });
});

it('answers HEAD with the headers alone', async () => {
  const backend = await backendOf((_request, reply) => reply.writeHead(200, { 'Content-Length': 5 }).end());
  const answer = await get(await gatewayTo(backend.url), '/x', {}, 'HEAD');
  expect(answer).toMatchObject({ status: 200, body: '' });
  expect(answer.headers['content-length']).toBe('5');
});

const fault = (code: string, description: string) => ({ code, type: 'Status report', message: 'Runtime Error', description });
const CLOSED = fault('101505', 'The back end closed the connection');
const MALFORMED = fault('101506', 'The back end sent a malformed response');

it.each([
  ['closes without a word', '', CLOSED],
  ['answers garbage', 'what? no.\r\n\r\n', MALFORMED],
  ['answers half a head', 'HTTP/1.1 200 OK\r\nX: y', CLOSED],
  ['answers with too large a head', `HTTP/1.1 200 OK\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`, MALFORMED],
])('a backend that %s is a fault', async (_case, text, body) => {
  const url = await rawBackendOf((socket) => socket.once('data', () => socket.end(text)));

  const answer = await get(await gatewayTo(url), '/x', {}, 'POST');

  expect(answer.status).toBe(500);
  expect(JSON.parse(answer.body)).toEqual(body);
});

it('a backend that resets the connection is a fault', async () => {
  const url = await rawBackendOf((socket) => socket.once('data', () => socket.resetAndDestroy()));
  expect(JSON.parse((await get(await gatewayTo(url), '/x', {}, 'POST')).body)).toEqual(CLOSED);
});

it('a backend that refuses connections is a fault', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;

  const answer = await get(await gatewayTo(url));

  expect(answer.status).toBe(500);
  expect(JSON.parse(answer.body)).toEqual(fault('101503', 'Error connecting to the back end'));
});

it('a backend that stalls is a fault after the endpoint’s timeout, or silence where it is to be discarded', async () => {
  const url = await rawBackendOf(() => undefined);

  const answer = await get(await gatewayTo(url, { timeoutMs: 100 }));

  expect(JSON.parse(answer.body)).toEqual(fault('101504', 'Send timeout'));
  await expect(get(await gatewayTo(url, { timeoutMs: 100, onTimeout: 'discard' }))).rejects.toThrow('socket hang up');
});

it.each([
  ['ends too early', 'Content-Length: 10\r\n\r\nhalf'],
  ['breaks its chunks', 'Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz'],
])('a body that %s breaks the answer off, so that it never looks whole', async (_case, rest) => {
  const url = await rawBackendOf((socket) =>
    socket.once('data', () => {
      socket.write(`HTTP/1.1 200 OK\r\n${rest}`);
      setTimeout(() => socket.end(), 20);
    }),
  );
  await expect(get(await gatewayTo(url))).rejects.toThrow('aborted');
});

it('sends the head of a stream before its first event', async () => {
  let finish: (() => void) | undefined;
  const backend = await backendOf((_request, reply) => {
    reply.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
    finish = () => reply.end('data: x\n\n');
  });
  const gateway = await gatewayTo(backend.url);
  const { request } = await import('node:http');

  const body = await new Promise<string>((resolve, reject) => {
    request({ host: '127.0.0.1', port: gateway.port, path: '/pizza/1.0.0/x', headers: authorization }, (answer) => {
      // The stream only goes on once its head has arrived.
      finish?.();
      answer.on('data', (chunk: Buffer) => resolve(chunk.toString()));
    })
      .on('error', reject)
      .end();
  });

  expect(body).toBe('data: x\n\n');
});

it('asks again, once, when a kept connection was closed just as it was used again, but not for a POST', async () => {
  let connections = 0;
  const url = await rawBackendOf((socket) => {
    connections += 1;
    let requests = 0;
    socket.on('data', () => {
      requests += 1;
      if (requests === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      else socket.end();
    });
  });
  const gateway = await gatewayTo(url, {}, { connectionsPerBackend: 1 });

  expect((await get(gateway)).body).toBe('ok');
  expect((await get(gateway)).body).toBe('ok');
  expect(connections).toBe(2);
  expect((await get(gateway, '/x', {}, 'POST')).status).toBe(500);
});

it.each([
  ['ENOTFOUND', '101503'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', '101503'],
  ['CERT_HAS_EXPIRED', '101503'],
  ['UND_ERR_CONNECT_TIMEOUT', '101508'],
  ['HPE_INVALID_CONSTANT', '101506'],
  ['SOMETHING_ELSE', '101500'],
])('the error %s is told as %s', (code, expected) => {
  expect(JSON.parse(faultOf(Object.assign(new Error('x'), { code })).body.toString())).toMatchObject({ code: expected });
});
