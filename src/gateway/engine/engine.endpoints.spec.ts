import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EndpointDocument, SuspensionDocument } from '../../domain/gateway-documents.js';
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
