import { load } from 'js-yaml';
import { management, NOBODY } from '../support/client.js';
import { server } from '../support/server.js';

interface OpenApi {
  readonly openapi: string;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly operationId?: string; readonly security?: readonly object[] }>>>
  >;
}

const fetched = (path: string, headers = {}) =>
  management.request<string>(`GET ${path}`, { as: NOBODY, headers: { accept: 'text/yaml', ...headers } });

describe.each([
  ['/api/am/publisher/v4', '/apis', 'post', 'createAPI', 'apim:api_create'],
  ['/api/am/devportal/v3', '/applications', 'post', undefined, 'apim:subscribe'],
  ['/api/am/admin/v4', '/throttling/policies/application', 'get', undefined, 'apim:admin'],
])('%s/swagger.yaml', (base, path, method, operationId, scope) => {
  it('is read by anybody, as clients build themselves from it', async () => {
    const answer = await fetched(`${base}/swagger.yaml`);

    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toContain('text/yaml');
    const document = load(String(answer.body)) as OpenApi; // our own document
    expect(document.servers[0]?.url).toBe(`${server.management}${base}`);
    const operation = document.paths[path]?.[method];
    expect(operation?.operationId).toBe(operationId);
    expect(JSON.stringify(operation?.security)).toContain(scope);
  });

  it('is sent once to whoever keeps it', async () => {
    const { headers } = await fetched(`${base}/swagger.yaml`);

    expect((await fetched(`${base}/swagger.yaml`, { 'if-none-match': headers['etag'] })).status).toBe(304);
  });

  it('answers at the other spellings of the base path', async () => {
    expect((await fetched(`${base.replace(/\/v\d$/, '')}/swagger.yaml`)).status).toBe(200);
  });
});
