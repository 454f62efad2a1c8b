import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { type Backend, startBackend } from '../support/backend.js';
import { withDatabase } from '../support/database.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';

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

describe('credentials for a backend', () => {
  const secret = 'backend-secret-in-clear';
  const secured = (url: string, production: object) => ({
    endpoint_type: 'http',
    production_endpoints: { url },
    endpoint_security: { production: { enabled: true, ...production } },
  });

  it('of name and password are sent, and are nowhere in the feed in clear', async () => {
    const backend = await backendOf();
    const api = await openApi(secured(backend.url, { type: 'BASIC', username: 'ann', password: secret }));

    await gateway(`${api.url}/x`, { headers: { authorization: 'Bearer mine' } });

    expect(backend.requests[0]?.headers.authorization).toBe(`Basic ${Buffer.from(`ann:${secret}`).toString('base64')}`);
    const { rows } = await withDatabase((database) =>
      database.query("SELECT body FROM gateway_document WHERE kind = 'api' AND body->>'apiId' = $1", [api.id]),
    );
    const copy = readFileSync(join(server.dataDir, 'gateway', 'documents.jsonl'), 'utf8');
    expect(rows).toHaveLength(1);
    for (const text of [JSON.stringify(rows), copy.split('\n').find((line) => line.includes(api.id))]) {
      expect(text).toContain('"username":"ann"');
      expect(text).not.toContain(secret);
    }
  });

  it('of OAuth are a token of the backend’s authorization server', async () => {
    const tokens = await backendOf((_request, reply) => {
      reply.writeHead(200, { 'content-type': 'application/json' }).end('{"access_token":"granted","expires_in":3600}');
    });
    const backend = await backendOf();
    const api = await openApi(
      secured(backend.url, {
        type: 'OAUTH',
        grantType: 'CLIENT_CREDENTIALS',
        tokenUrl: `${tokens.url}/token`,
        clientId: 'client',
        clientSecret: secret,
        customParameters: { tenant: 'one', code: { value: 'hidden', secured: true } },
      }),
    );

    expect((await gateway(`${api.url}/x`)).status).toBe(200);

    expect(backend.requests[0]?.headers.authorization).toBe('Bearer granted');
    expect(tokens.requests[0]?.headers.authorization).toBe(`Basic ${Buffer.from(`client:${secret}`).toString('base64')}`);
    expect(Object.fromEntries(new URLSearchParams(tokens.requests[0]?.body))).toEqual({
      grant_type: 'client_credentials',
      tenant: 'one',
      code: 'hidden',
    });
  });

  it('of an API key are a parameter of the query', async () => {
    const backend = await backendOf();
    const key = { type: 'apikey', apiKeyIdentifier: 'key', apiKeyIdentifierType: 'QUERY_PARAMETER', apiKeyValue: 'v' };
    const api = await openApi(secured(backend.url, key));

    await gateway(`${api.url}/x?key=mine&a=1`);

    expect(backend.requests[0]?.url).toBe('/x?key=v&a=1');
  });
});

it('an API whose address a policy is to set is answered that there is no endpoint', async () => {
  const api = await openApi({ endpoint_type: 'default', production_endpoints: { url: 'default' } });

  const answer = await gateway(`${api.url}/x`);

  expect(answer.status).toBe(500);
  expect(answer.body).toMatchObject({ code: '303001', type: 'Status report', message: 'Runtime Error' });
});

it('a Location below the root of the backend is moved to the gateway, another is not', async () => {
  const backend = await backendOf((request, reply) => {
    reply.writeHead(302, { location: request.url === '/there' ? 'https://elsewhere.example/x' : '/other?a=1' }).end();
  });
  const api = await openApi({ endpoint_type: 'http', production_endpoints: { url: backend.url } });

  const moved = await gateway(`${api.url}/here`);
  expect([moved.status, moved.headers['location']]).toEqual([302, `${server.gateway}/other?a=1`]);
  expect((await gateway(`${api.url}/there`)).headers['location']).toBe('https://elsewhere.example/x');
});
