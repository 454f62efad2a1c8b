import { request } from 'node:http';
import { connect } from 'node:net';
import type { EndpointDocument } from '../../domain/gateway-documents.js';
import {
  apiRow,
  operation,
  Signer,
  startBackend,
  startRawBackend,
  subscriber,
  type TestBackend,
  TestGateway,
  until,
} from './engine.fixture.js';

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
    ApiKey: 'no',
  });

  const { headers = {}, rawHeaders = [] } = backend.seen[0] ?? {};
  expect(rawHeaders).toContain('X-Kept');
  expect(`http://${headers.host}`).toBe(backend.url);
  for (const name of ['x-named', 'keep-alive', 'proxy-authorization', 'apikey', 'authorization']) {
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

it('passes an answer on that comes before the body is through, and keeps the client’s connection', async () => {
  const url = await rawBackendOf((socket) =>
    socket.once('data', () => {
      socket.pause();
      socket.write('HTTP/1.1 413 Payload Too Large\r\nContent-Length: 3\r\n\r\nbig');
    }),
  );
  const gateway = await gatewayTo(url);
  const head = `POST /pizza/1.0.0/x HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization.Authorization}\r\nContent-Length: `;
  let answers = '';
  const client = connect(gateway.port, '127.0.0.1');
  client.on('data', (chunk: Buffer) => {
    answers += chunk.toString();
  });

  client.write(`${head}5000000\r\n\r\n`);
  client.write(Buffer.alloc(5_000_000));
  await until(() => answers.endsWith('big'));
  answers = '';
  client.write(`${head}3\r\n\r\nabc`);
  await until(() => answers.endsWith('big'));

  expect(answers).toMatch(/^HTTP\/1\.1 413 /);
  client.destroy();
});

it('sends the head of a stream before its first event', async () => {
  let finish: (() => void) | undefined;
  const backend = await backendOf((_request, reply) => {
    reply.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
    finish = () => reply.end('data: x\n\n');
  });
  const gateway = await gatewayTo(backend.url);

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
