import { createServer } from 'node:net';
import type { EndpointDocument } from '../../domain/gateway-documents.js';
import { faultOf } from './backend/faults.js';
import { apiRow, operation, Signer, startRawBackend, subscriber, TestGateway } from './engine.fixture.js';

const signer = new Signer('key-a');
const authorization = { Authorization: `Bearer ${signer.token()}` };
const OPERATIONS = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH'].map((method) => operation(method, '/*'));
const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

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
