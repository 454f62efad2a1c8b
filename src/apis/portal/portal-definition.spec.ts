import { portalDefinition } from './portal-definition.js';

const scopes = [{ name: 'read', displayName: 'Read', description: 'reads pets', bindings: [], shared: false }];
const operation = {
  'x-auth-type': 'None',
  'x-throttling-tier': 'Unlimited',
  'x-wso2-disable-security': true,
  'x-wso2-application-security': {},
  'x-mediation-script': 'secret()',
  servers: [{ url: 'http://backend' }],
  responses: {},
};
const openapi = {
  openapi: '3.0.1',
  info: { title: 'Pets', version: '1' },
  servers: [{ url: 'http://backend' }],
  'x-wso2-production-endpoints': { urls: ['http://backend'] },
  'x-wso2-auth-header': 'Authorization',
  'x-wso2-api-key-header': 'ApiKey',
  'x-throttling-tier': 'Gold',
  'x-own': 1,
  paths: { '/pets': { servers: [{ url: 'http://backend' }], get: operation } },
};
const servers = ['https://gw:8243/pets/1', 'http://gw:8280/pets/1'];
const read = (document: object, at: readonly string[] = servers) =>
  JSON.parse(portalDefinition({ content: JSON.stringify(document), servers: at, scopes }));

describe('the definition that subscribers see', () => {
  it('leads to the gateway and never to the backend', () => {
    const text = portalDefinition({ content: JSON.stringify(openapi), servers, scopes });

    expect(text).not.toContain('backend');
    expect(JSON.parse(text).servers).toEqual([{ url: 'https://gw:8243/pets/1' }]);
  });

  it('keeps what subscribers need and nothing of the gateway’s settings', () => {
    const document = read(openapi);

    expect(Object.keys(document)).toEqual(['openapi', 'info', 'servers', 'x-wso2-api-key-header', 'x-own', 'paths', 'components']);
    expect(Object.keys(document.paths['/pets'].get)).toEqual(['x-auth-type', 'x-throttling-tier', 'responses']);
  });

  it('has the scheme `default` with the scopes', () => {
    const scheme = read(openapi).components.securitySchemes.default;

    expect(scheme).toMatchObject({ type: 'oauth2', flows: { implicit: { scopes: { read: 'reads pets' } } } });
  });

  it('keeps the scheme it has', () => {
    const known = { type: 'oauth2', flows: {} };

    expect(read({ ...openapi, components: { securitySchemes: { default: known } } }).components.securitySchemes.default).toEqual(known);
  });

  it('says in which header a key goes, as another way in wherever a token is one', () => {
    const secured = {
      ...openapi,
      security: [{ default: [] }],
      paths: { '/pets': { get: { security: [{ default: ['read'] }], responses: {} }, put: { security: [], responses: {} } } },
    };

    const document = JSON.parse(portalDefinition({ content: JSON.stringify(secured), servers, scopes, apiKeyHeader: 'X-Key' }));

    expect(document.components.securitySchemes.api_key).toEqual({ type: 'apiKey', in: 'header', name: 'X-Key' });
    expect(document.security).toEqual([{ default: [] }, { api_key: [] }]);
    expect(document.paths['/pets'].get.security).toEqual([{ default: ['read'] }, { api_key: [] }]);
    expect(document.paths['/pets'].put.security).toEqual([]);
    expect(read(secured).components.securitySchemes).not.toHaveProperty('api_key');
  });

  it('leaves a scheme `api_key` of the author alone', () => {
    const own = { type: 'apiKey', in: 'query', name: 'key' };
    const content = JSON.stringify({ ...openapi, components: { securitySchemes: { api_key: own } } });

    const document = JSON.parse(portalDefinition({ content, servers, scopes, apiKeyHeader: 'X-Key' }));

    expect(document.components.securitySchemes.api_key).toEqual(own);
  });

  it('names no server while the API is deployed nowhere', () => expect(read(openapi, []).servers).toEqual([]));

  it('says host, base path and schemes in Swagger 2.0', () => {
    const swagger = { swagger: '2.0', info: {}, host: 'backend', basePath: '/v1', schemes: ['http'], paths: {} };

    expect(read(swagger, ['https://gw:8243/pets/1'])).toMatchObject({ host: 'gw:8243', basePath: '/pets/1', schemes: ['https'] });
    expect(read(swagger, [])).not.toHaveProperty('host');
    expect(read(swagger).securityDefinitions.default).toMatchObject({ type: 'oauth2', flow: 'implicit' });
  });
});
