import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { apiRow, operation, row, TestGateway, until } from './engine.fixture.js';
import type { WorkerSettings } from './messages.js';

let tls: { key: string; cert: string };
beforeAll(async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  tls = { key, cert };
});

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.stop();
});

const operations = ['GET', 'HEAD', 'POST'].map((method) => operation(method, '/*', { authType: 'None' }));

const start = async (
  answer: (request: Http2ServerRequest, reply: Http2ServerResponse) => void,
  settings: Partial<WorkerSettings> = {},
  changes: { timeoutMs?: number } = {},
) => {
  const versions: string[] = [];
  const server = createSecureServer({ ...tls, allowHTTP1: true }, (request, reply) => {
    versions.push(request.httpVersion);
    answer(request, reply);
  });
  server.on('sessionError', () => undefined);
  server.on('session', (session) => open.push({ stop: async () => session.destroy() }));
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  open.push({ stop: async () => void server.close() });
  const url = `https://localhost:${(server.address() as AddressInfo).port}`;
  const gateway = await TestGateway.start(
    [
      row('endpoint-certificate', 'cert', { server: 'localhost', pem: tls.cert }),
      apiRow(url, { operations, endpoints: { production: { url, onTimeout: 'fault', timeoutMs: null, ...changes }, sandbox: null } }),
    ],
    { backendHttp2: true, ...settings },
  );
  open.push(gateway);
  return { gateway, versions };
};

const echo = async (request: Http2ServerRequest, reply: Http2ServerResponse) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  reply.writeHead(201, {
    'set-cookie': ['a=1', 'b=2'],
    location: '/next',
    'x-url': request.url,
    'x-mine': request.headers['x-mine'] ?? '',
  });
  reply.end(Buffer.concat(chunks));
};

it.each([
  [true, '2.0'],
  [false, '1.1'],
])('with backend_http2 %s a backend that offers both is spoken to in %s', async (backendHttp2, version) => {
  const { gateway, versions } = await start(echo, { backendHttp2 });

  const answer = await gateway.call('/pizza/1.0.0/order?a=1', { method: 'POST', body: 'dough', headers: { 'X-Mine': 'yes' } });

  expect(versions).toEqual([version]);
  expect(answer).toMatchObject({ status: 201, body: 'dough' });
  expect(answer.headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'], 'x-url': '/order?a=1', 'x-mine': 'yes' });
  expect(answer.headers.location).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/next$/);
  expect(Object.keys(answer.headers).filter((name) => name.startsWith(':'))).toEqual([]);
});

it('streams big bodies both ways', async () => {
  const { gateway } = await start((request, reply) => void request.pipe(reply.stream as never));
  const big = Buffer.alloc(2_000_000, 'x');

  const answer = await gateway.call('/pizza/1.0.0/order', { method: 'POST', body: big });

  expect(answer.body.length).toBe(big.length);
});

it('answers HEAD', async () => {
  const { gateway } = await start((_request, reply) => void reply.writeHead(200, { 'content-length': 12 }).end());

  expect(await gateway.call('/pizza/1.0.0/menu', { method: 'HEAD' })).toMatchObject({
    status: 200,
    body: '',
    headers: { 'content-length': '12' },
  });
});

it('many requests share a connection', async () => {
  const { gateway, versions } = await start(echo);

  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => gateway.call('/pizza/1.0.0/order', { method: 'POST', body: `${i}` })),
  );

  expect(answers.map(({ body }) => body)).toEqual(Array.from({ length: 20 }, (_, i) => `${i}`));
  expect(new Set(versions)).toEqual(new Set(['2.0']));
});

it.each([
  ['resets the stream', (_request: Http2ServerRequest, reply: Http2ServerResponse): void => reply.stream.close(2), /^1015(00|05|06)$/],
  [
    'ends the connection',
    (_request: Http2ServerRequest, reply: Http2ServerResponse): void => reply.stream.session?.destroy(),
    /^1015(00|05)$/,
  ],
  ['does not answer', () => undefined, /^101504$/],
] as const)('a backend that %s is a fault', async (_case, answer, code) => {
  const { gateway } = await start(answer, {}, { timeoutMs: 300 });

  const { status, body } = await gateway.call('/pizza/1.0.0/order', { method: 'POST', body: 'x' });

  expect(status).toBe(500);
  expect(JSON.parse(body).code).toMatch(code);
});

it('half an answer does not look like a whole one', async () => {
  const { gateway } = await start((_request, reply) => {
    reply.writeHead(200);
    reply.write('half');
    setTimeout(() => reply.stream.close(2), 30);
  });

  await expect(gateway.call('/pizza/1.0.0/menu')).rejects.toThrow();
});

it('gives up the stream when the client goes away', async () => {
  let isGone = false;
  const { gateway, versions } = await start((request) => {
    request.stream.on('close', () => {
      isGone = true;
    });
  });
  const { request } = await import('node:http');
  const outgoing = request({ host: '127.0.0.1', port: gateway.port, path: '/pizza/1.0.0/menu', agent: false });
  outgoing.on('error', () => undefined).end();
  await until(() => versions.length === 1);

  outgoing.destroy();

  await until(() => isGone);
});
