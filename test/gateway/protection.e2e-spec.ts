import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

const url = async () => (await given.backend()).url;

describe('a resource with a scope', () => {
  const scope = `${unique('scoped')}:read`;
  const definition = {
    openapi: '3.0.1',
    info: { title: 'Scoped', version: '1.0.0' },
    paths: {
      '/open': { get: { responses: { 200: { description: 'ok' } }, security: [{ default: [] }] } },
      '/closed': { get: { responses: { 200: { description: 'ok' } }, security: [{ default: [scope] }] } },
    },
    components: {
      securitySchemes: {
        default: {
          type: 'oauth2',
          flows: {
            implicit: {
              authorizationUrl: 'https://test.com',
              scopes: { [scope]: 'read' },
              'x-scopes-bindings': { [scope]: 'admin' },
            },
          },
        },
      },
    },
  };

  it('is closed to a token without it: 900910', async () => {
    const { api, keys, token } = await given.subscriber({ definition, backend: await given.backend(), probe: '/open' });

    const refused = await gateway(`${api.url}/closed`, { token });
    const passed = await gateway(`${api.url}/closed`, { token: await given.applicationToken(keys, scope) });

    expect(refused).toMatchObject({
      status: 403,
      body: {
        code: '900910',
        description: 'User is NOT authorized to access the Resource: /closed. Scope validation failed.',
      },
    });
    expect(passed.status).toBe(200);
  });

  it.each([
    ['a path that is not declared', 'GET', '/nowhere', 404, 'No matching resource found for given API Request'],
    ['a method that is not declared', 'DELETE', '/open', 405, 'Method not allowed for given API resource'],
  ])('%s is told before any token is asked for', async (_, method, path, status, description) => {
    const responses = { 200: { description: 'ok' } };
    const open = { ...definition, paths: { '/open': { get: { responses } } }, components: {} };
    const api = await given.publishedApi({ definition: open, backend: await given.backend() });

    const answer = await gateway(api.url + path, { method });

    expect(answer).toMatchObject({ status, body: { code: String(status), type: 'Status report', message: 'Runtime Error', description } });
  });
});

describe('keys and endpoints', () => {
  it('sends a sandbox key to the sandbox endpoint', async () => {
    const production = await given.backend((_, response) => response.end('production'));
    const sandbox = await given.backend((_, response) => response.setHeader('content-type', 'text/plain').end('sandbox'));
    const endpointConfig = {
      endpoint_type: 'http',
      production_endpoints: { url: production.url },
      sandbox_endpoints: { url: sandbox.url },
    };
    const api = await given.publishedApi({ with: { endpointConfig } });
    const application = await given.application();
    await given.subscription(api, application);
    const token = await given.applicationToken(await given.keys(application, { keyType: 'SANDBOX' }));

    const answer = await eventually(
      () => gateway<string>(`${api.url}/x`, { token }),
      ({ status }) => status === 200,
    );

    expect(answer.body).toBe('sandbox');
  });

  it('refuses a sandbox key where there is no sandbox endpoint', async () => {
    const api = await given.publishedApi({
      with: { endpointConfig: { endpoint_type: 'http', production_endpoints: { url: await url() } } },
    });
    const application = await given.application();
    await given.subscription(api, application);
    const token = await given.applicationToken(await given.keys(application, { keyType: 'SANDBOX' }));

    const answer = await eventually(
      () => gateway(`${api.url}/x`, { token }),
      ({ body }) => JSON.stringify(body).includes('Sandbox'),
    );

    expect(answer).toMatchObject({
      status: 403,
      body: { code: '900901', message: 'Runtime Error', description: 'Sandbox key offered to the API with no sandbox endpoint' },
    });
  });
});

describe('the default version', () => {
  it('answers without the version in the path', async () => {
    const { api, token } = await given.subscriber({ backend: await given.backend(), with: { isDefaultVersion: true } });

    expect((await gateway(`${api.context}/x`, { token })).status).toBe(200);
  });
});

describe('cross-origin requests', () => {
  it('are answered by the gateway, without a token', async () => {
    const backend = await given.backend();
    const api = await given.publishedApi({ backend });

    const preflight = await gateway(`${api.url}/x`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example.com', 'access-control-request-method': 'GET' },
    });

    expect(preflight.status).toBe(200);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': expect.stringContaining('GET'),
    });
    expect(backend.requests).toHaveLength(0);
  });

  it('that are refused carry the origin, so that the page can read why', async () => {
    const api = await given.publishedApi();

    const refused = await gateway(`${api.url}/x`, { headers: { origin: 'https://app.example.com' } });

    expect(refused.status).toBe(401);
    expect(refused.headers['access-control-allow-origin']).toBe('*');
  });
});

it('closes an API to the transport it does not offer', async () => {
  const api = await given.publishedApi({
    backend: await given.backend(),
    with: { transport: ['https'], endpointConfig: { endpoint_type: 'http', production_endpoints: { url: await url() } } },
  });

  const plain = await gateway(`${api.url}/x`);
  const secure = await gateway(`${api.url}/x`, { tls: true });

  expect(plain).toMatchObject({
    status: 403,
    body: { code: '403', description: 'Unsupported Transport [ http ]. The requested resource is not available.' },
  });
  expect(secure).toMatchObject({ status: 401, body: { code: '900902' } });
});
