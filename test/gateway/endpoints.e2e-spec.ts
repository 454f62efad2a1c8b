import type { IncomingMessage } from 'node:http';
import { type Backend, startBackend } from '../support/backend.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';

const open: Backend[] = [];
afterAll(async () => {
  for (const each of open) await each.close();
});

const backendOf = async (...args: Parameters<typeof startBackend>): Promise<Backend> => {
  const backend = await startBackend(...args);
  open.push(backend);
  return backend;
};
const broken = (request: IncomingMessage): void => {
  request.socket.destroy();
};

const openApi = (endpointConfig: object) =>
  given.publishedApi({
    with: {
      endpointConfig,
      operations: ['GET', 'POST'].map((verb) => ({ target: '/*', verb, authType: 'None', throttlingPolicy: 'Unlimited' })),
    },
  });

const body = { raw: '{"a":1}', headers: { 'content-type': 'application/json' } };

it('a failing endpoint is suspended as its timing says', async () => {
  const backend = await backendOf(broken);
  const config = { suspendErrorCode: ['101503', '101505'], suspendDuration: '60000', suspendMaxDuration: '60000', factor: '1.0' };
  const api = await openApi({ endpoint_type: 'http', production_endpoints: { url: backend.url, config } });

  const codes: unknown[] = [];
  // Each worker of the gateway learns of it by itself.
  for (let i = 0; i < 12; i += 1) codes.push((await gateway(`${api.url}/x`, { method: 'POST', ...body })).body['code']);

  expect(codes[0]).toBe('101505');
  expect(codes.at(-1)).toBe('303001');
});

it('a failover goes on to the next endpoint with the body', async () => {
  const [first, second] = [await backendOf(broken), await backendOf()];
  const api = await openApi({
    endpoint_type: 'failover',
    production_endpoints: { url: first.url },
    production_failovers: [{ url: `${second.url}/second` }],
  });

  const answer = await gateway(`${api.url}/x`, { method: 'POST', ...body });

  expect(answer.status).toBe(200);
  expect(second.requests).toMatchObject([{ method: 'POST', url: '/second/x', body: body.raw }]);
});

it('a load balance shares the requests, and keeps a session with one endpoint', async () => {
  const backends = [await backendOf(), await backendOf()];
  const production_endpoints = backends.map(({ url }) => ({ url }));
  const api = await openApi({
    endpoint_type: 'load_balance',
    production_endpoints,
    sessionManagement: 'transport',
    sessionTimeOut: '60000',
  });

  const begun = await gateway(`${api.url}/x`);
  const cookie = String(begun.headers['set-cookie']).split(';')[0] ?? '';
  for (let i = 0; i < 4; i += 1) await gateway(`${api.url}/x`, { headers: { cookie } });
  expect(backends.map(({ requests }) => requests.length).toSorted()).toEqual([0, 5]);
  for (let i = 0; i < 8; i += 1) await gateway(`${api.url}/x`);
  expect(backends.every(({ requests }) => requests.length > 0)).toBe(true);
});
