import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { EndpointDocument, GroupDocument, SuspensionDocument } from '../../domain/gateway-documents.js';
import { BUFFERED_BYTES_MAX } from './backend/buffered-body.js';
import {
  type Answer,
  apiRow,
  type CallOptions,
  operation,
  Signer,
  startBackend,
  subscriber,
  type TestBackend,
  TestGateway,
} from './engine.fixture.js';

const signer = new Signer('key-a');
const OPERATIONS = ['GET', 'POST'].map((method) => operation(method, '/*'));
const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const backendOf = async (answer?: (request: IncomingMessage, reply: ServerResponse) => void): Promise<TestBackend> => {
  const backend = await startBackend(answer);
  cleanups.push(() => backend.stop());
  return backend;
};

const urlsOf = (backends: readonly TestBackend[]): string[] => backends.map(({ url }) => url);

const endpointOf = (url: string, changes: Partial<EndpointDocument> = {}): EndpointDocument => ({
  url,
  onTimeout: 'fault',
  timeoutMs: null,
  ...changes,
});

const gatewayTo = async (production: EndpointDocument): Promise<TestGateway> => {
  const endpoints = { production, sandbox: null };
  const gateway = await TestGateway.start([...subscriber(signer), apiRow(production.url, { operations: OPERATIONS, endpoints })]);
  cleanups.push(() => gateway.stop());
  return gateway;
};

const call = (gateway: TestGateway, { headers, ...options }: CallOptions = {}, path = '/x'): Promise<Answer> =>
  gateway.call(`/pizza/1.0.0${path}`, { ...options, headers: { Authorization: `Bearer ${signer.token()}`, ...headers } });

const suspensionOf = (changes: Partial<SuspensionDocument> = {}): SuspensionDocument => ({
  codes: [],
  durationMs: 60_000,
  durationMaxMs: null,
  factor: 1,
  retryCodes: [],
  retries: 0,
  retryDelayMs: 0,
  ...changes,
});

const codeOf = ({ body }: Answer): unknown => JSON.parse(body).code;

describe('an endpoint that may be suspended', () => {
  it('is, after a failure, and the backend is left alone', async () => {
    const backend = await backendOf((request) => request.socket.destroy());
    const gateway = await gatewayTo(endpointOf(backend.url, { suspension: suspensionOf() }));

    const first = await call(gateway, { method: 'POST' });
    const second = await call(gateway, { method: 'POST' });

    expect([first.status, codeOf(first)]).toEqual([500, '101505']);
    expect(second.status).toBe(500);
    expect(JSON.parse(second.body)).toEqual({
      code: '303001',
      type: 'Status report',
      message: 'Runtime Error',
      description: 'The endpoint is suspended',
    });
    expect(backend.seen).toHaveLength(1);
  });

  it('is asked again when the time is over', async () => {
    let fails = true;
    const backend = await backendOf((request, reply) => (fails ? request.socket.destroy() : reply.end('well')));
    const gateway = await gatewayTo(endpointOf(backend.url, { suspension: suspensionOf({ durationMs: 80 }) }));

    await call(gateway, { method: 'POST' });
    fails = false;
    expect(codeOf(await call(gateway))).toBe('303001');
    await new Promise((resolve) => setTimeout(resolve, 100));

    expect((await call(gateway)).body).toBe('well');
  });

  it('is not for other failures than those it names', async () => {
    const backend = await backendOf((request) => request.socket.destroy());
    const gateway = await gatewayTo(endpointOf(backend.url, { suspension: suspensionOf({ codes: ['101504'] }) }));

    await call(gateway, { method: 'POST' });

    expect(codeOf(await call(gateway, { method: 'POST' }))).toBe('101505');
  });

  it('is after a timeout that it names', async () => {
    const backend = await backendOf(() => undefined);
    const gateway = await gatewayTo(endpointOf(backend.url, { timeoutMs: 50, suspension: suspensionOf({ codes: ['101504'] }) }));

    expect(codeOf(await call(gateway))).toBe('101504');
    expect(codeOf(await call(gateway))).toBe('303001');
  });
});

const groupOf = (
  [first = '', ...others]: readonly string[],
  { choice = 'failover', failsOver = true, sessionMs = null }: Partial<GroupDocument> = {},
  member: Partial<EndpointDocument> = { suspension: suspensionOf() },
): EndpointDocument => ({
  ...endpointOf(first, member),
  group: { others: others.map((url) => endpointOf(url, member)), choice, failsOver, sessionMs },
});

const broken = (request: IncomingMessage): void => {
  request.socket.destroy();
};

describe('failover', () => {
  it('asks the first as long as it answers', async () => {
    const [first, second] = [await backendOf(), await backendOf()];
    const gateway = await gatewayTo(groupOf([first.url, second.url]));

    await call(gateway);
    await call(gateway);

    expect([first.seen.length, second.seen.length]).toEqual([2, 0]);
  });

  it('goes on to the next with the same body, and leaves the failed one alone from then on', async () => {
    const [first, second] = [await backendOf(broken), await backendOf()];
    const gateway = await gatewayTo(groupOf([first.url, second.url]));

    const answers = [
      await call(gateway, { method: 'POST', body: 'one' }),
      await call(gateway, { method: 'POST', body: 'two', headers: { 'Transfer-Encoding': 'chunked' } }),
      await call(gateway),
    ];

    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [200, 'hello'],
      [200, 'hello'],
      [200, 'hello'],
    ]);
    expect(first.seen.map(({ body }) => body)).toEqual(['one']);
    expect(second.seen.map(({ body }) => body)).toEqual(['one', 'two', '']);
  });

  it('tells the last fault when all fail, and that they are suspended afterwards', async () => {
    const [first, second] = [await backendOf(broken), await backendOf(() => undefined)];
    const gateway = await gatewayTo(groupOf([first.url, second.url], {}, { timeoutMs: 50, suspension: suspensionOf() }));

    expect(codeOf(await call(gateway, { method: 'POST' }))).toBe('101504');
    expect(codeOf(await call(gateway, { method: 'POST' }))).toBe('303001');
    expect([first.seen.length, second.seen.length]).toEqual([1, 1]);
  });

  it('comes back to the first when its rest is over', async () => {
    let fails = true;
    const first = await backendOf((request, reply) => (fails ? broken(request) : reply.end('first')));
    const second = await backendOf((_request, reply) => reply.end('second'));
    const gateway = await gatewayTo(groupOf([first.url, second.url], {}, { suspension: suspensionOf({ durationMs: 80 }) }));

    expect((await call(gateway)).body).toBe('second');
    fails = false;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await call(gateway)).body).toBe('first');
  });

  it('streams a body that is too long to be kept, whole, and does not send it twice', async () => {
    let fails = false;
    const first = await backendOf((request, reply) => (fails ? broken(request) : reply.end('first')));
    const second = await backendOf();
    const gateway = await gatewayTo(groupOf([first.url, second.url]));
    const body = Buffer.alloc(BUFFERED_BYTES_MAX + 100_000, 'abcdefg');

    const framings: Record<string, string>[] = [{}, { 'Transfer-Encoding': 'chunked' }];
    for (const headers of framings) {
      expect((await call(gateway, { method: 'POST', body, headers })).body).toBe('first');
    }
    fails = true;
    expect(codeOf(await call(gateway, { method: 'POST', body }))).toBe('101505');

    expect(first.seen.map((seen) => seen.body === body.toString())).toEqual([true, true, true]);
    expect(second.seen).toEqual([]);
  });

  it('survives a client that hangs up within its body', async () => {
    const backend = await backendOf();
    const gateway = await gatewayTo(groupOf([backend.url, backend.url]));
    const socket = connect(gateway.port, '127.0.0.1');
    const authorization = `Authorization: Bearer ${signer.token()}`;
    socket.write(`POST /pizza/1.0.0/x HTTP/1.1\r\nHost: x\r\n${authorization}\r\nContent-Length: 10\r\n\r\nhalf`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();

    expect((await call(gateway)).body).toBe('hello');
    expect(backend.seen).toHaveLength(1);
  });
});

describe('load balancing', () => {
  it('asks the members in turn', async () => {
    const backends = [await backendOf(), await backendOf(), await backendOf()];
    const gateway = await gatewayTo(groupOf(urlsOf(backends), { choice: 'round-robin' }));

    for (let i = 0; i < 6; i += 1) await call(gateway);

    expect(backends.map(({ seen }) => seen.length)).toEqual([2, 2, 2]);
  });

  it('passes a failed member over, and takes the request elsewhere', async () => {
    const backends = [await backendOf(broken), await backendOf(), await backendOf()];
    const gateway = await gatewayTo(groupOf(urlsOf(backends), { choice: 'round-robin' }));

    const statuses: number[] = [];
    for (let i = 0; i < 6; i += 1) statuses.push((await call(gateway)).status);

    expect(statuses).toEqual([200, 200, 200, 200, 200, 200]);
    expect(backends[0]?.seen).toHaveLength(1);
  });

  it('without failover tells the fault, and still passes the suspended member over', async () => {
    const backends = [await backendOf(broken), await backendOf()];
    const gateway = await gatewayTo(groupOf(urlsOf(backends), { choice: 'round-robin', failsOver: false }));

    const statuses: number[] = [];
    for (let i = 0; i < 4; i += 1) statuses.push((await call(gateway)).status);

    expect(statuses).toEqual([500, 200, 200, 200]);
  });

  it('keeps a client with the member that its cookie names, until that fails', async () => {
    let fails = false;
    const first = await backendOf((request, reply) => (fails ? broken(request) : reply.end('first')));
    const second = await backendOf((_request, reply) => reply.end('second'));
    const gateway = await gatewayTo(groupOf([first.url, second.url], { choice: 'round-robin', sessionMs: 90_000 }));
    const cookieOf = ({ headers }: Answer): string => headers['set-cookie']?.[0] ?? '';

    const begun = await call(gateway);
    expect(begun.body).toBe('first');
    expect(cookieOf(begun)).toMatch(/^GatewayRoute=[\w-]{12}; Path=\/pizza\/1\.0\.0; Max-Age=90; HttpOnly; SameSite=Lax$/);
    const cookie = { Cookie: `a=b; ${cookieOf(begun).split(';')[0]}` };
    for (let i = 0; i < 3; i += 1) expect((await call(gateway, { headers: cookie })).body).toBe('first');

    fails = true;
    const moved = await call(gateway, { headers: cookie });
    expect(moved.body).toBe('second');
    expect(cookieOf(moved)).not.toBe(cookieOf(begun));
  });

  it('gives no cookie without sessions', async () => {
    const backend = await backendOf();
    const gateway = await gatewayTo(groupOf([backend.url, backend.url], { choice: 'round-robin' }));
    expect((await call(gateway)).headers['set-cookie']).toBeUndefined();
  });
});
