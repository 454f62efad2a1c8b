import type { JsonObject } from './json-document.js';
import { definedOperations, definedScopes, definedSettings, infoOf } from './read-openapi.js';

const bare = { scopes: [], authType: null, throttlingPolicy: null };

describe('info', () => {
  it.each([
    [
      { swagger: '2.0', info: { title: 'Pets', version: '1' }, host: 'a.com', basePath: '/v1', schemes: ['https', 'http'] },
      {
        name: 'Pets',
        version: '1',
        context: '/v1',
        description: '',
        openAPIVersion: '2.0',
        endpoints: ['https://a.com/v1', 'http://a.com/v1'],
      },
    ],
    [
      {
        openapi: '3.0.1',
        info: { title: 'Pets', version: '1', description: 'All' },
        servers: [{ url: 'https://a.com' }],
        'x-wso2-basePath': '/p/1',
      },
      { name: 'Pets', version: '1', context: '/p/1', description: 'All', openAPIVersion: '3.0.1', endpoints: ['https://a.com'] },
    ],
    [{ openapi: '3.1.0' }, { name: '', version: '', context: '', description: '', openAPIVersion: '3.1.0', endpoints: [] }],
  ])('of %j', (document, info) => {
    expect(infoOf(document as JsonObject)).toEqual(info);
  });
});

describe('operations', () => {
  it('are the verbs of the paths, in order', () => {
    const paths = { '/b': { put: {}, get: {}, parameters: [], summary: 'b', trace: {} }, '/a': { head: {} }, 'x-note': { get: {} } };

    expect(definedOperations({ paths })).toEqual([
      { target: '/b', verb: 'PUT', ...bare },
      { target: '/b', verb: 'GET', ...bare },
      { target: '/a', verb: 'HEAD', ...bare },
    ]);
  });

  it.each([
    [{ 'x-auth-type': 'None' }, { authType: 'None' }],
    [{ 'x-auth-type': 'Application User' }, { authType: 'Application User' }],
    [{ 'x-auth-type': 'Any' }, { authType: null }],
    [{ 'x-auth-type': 'Application', 'x-wso2-disable-security': true }, { authType: 'None' }],
    [{ 'x-throttling-tier': 'Gold' }, { throttlingPolicy: 'Gold' }],
    [{ 'x-scope': 'a, b' }, { scopes: ['a', 'b'] }],
    [{ security: [{ default: ['a'] }, { other: ['b'] }] }, { scopes: ['a'] }],
    [
      { 'x-amzn-resource-name': 'arn', 'x-amzn-resource-timeout': 5 },
      { amznResourceName: 'arn', amznResourceTimeout: 5 },
    ],
  ])('say %j', (operation, read) => {
    const document = {
      openapi: '3.0.1',
      paths: { '/a': { get: operation } },
      components: { securitySchemes: { default: { type: 'oauth2' } } },
    };

    expect(definedOperations(document)).toEqual([{ target: '/a', verb: 'GET', ...bare, ...read }]);
  });

  it('take the scopes of the document unless they have a requirement of their own', () => {
    const paths = { '/a': { get: {}, put: { security: [] } } };
    const document = { openapi: '3.0.1', paths, security: [{ default: ['a'] }], components: { securitySchemes: { default: {} } } };

    expect(definedOperations(document).map(({ scopes }) => scopes)).toEqual([['a'], []]);
  });
});

describe('scopes', () => {
  const flow = { scopes: { a: 'All of it' }, 'x-scopes-bindings': { a: 'admin, Internal/creator' } };
  const a = { name: 'a', displayName: 'a', description: 'All of it', bindings: ['admin', 'Internal/creator'], shared: false };

  it.each([
    ['OpenAPI 3', { openapi: '3.0.1', components: { securitySchemes: { default: { type: 'oauth2', flows: { implicit: flow } } } } }, [a]],
    ['Swagger 2.0', { swagger: '2.0', securityDefinitions: { default: { type: 'oauth2', flow: 'implicit', ...flow } } }, [a]],
    [
      'a foreign scheme',
      {
        openapi: '3.0.1',
        components: { securitySchemes: { theirs: { type: 'oauth2', flows: { implicit: flow } }, key: { type: 'apiKey' } } },
      },
      [a],
    ],
    [
      'an operation that names one nobody declares',
      { openapi: '3.0.1', paths: { '/x': { get: { 'x-scope': 'b' } } } },
      [{ name: 'b', displayName: 'b', description: '', bindings: [], shared: false }],
    ],
  ])('of %s', (_, document, scopes) => {
    expect(definedScopes(document as JsonObject)).toEqual(scopes);
  });
});

describe('settings', () => {
  it.each([
    [{}, {}],
    [
      { 'x-wso2-auth-header': 'X-Auth', 'x-wso2-api-key-header': 'X-Key' },
      { authorizationHeader: 'X-Auth', apiKeyHeader: 'X-Key' },
    ],
    [{ 'x-throttling-tier': 'Gold' }, { apiThrottlingPolicy: 'Gold' }],
    [{ 'x-wso2-transports': ['https'] }, { transport: ['https'] }],
    [{ 'x-wso2-response-cache': { enabled: true, cacheTimeoutInSeconds: 60 } }, { responseCachingEnabled: true, cacheTimeout: 60 }],
    [
      { 'x-wso2-application-security': { 'security-types': ['oauth2', 'api_key'], optional: false } },
      { securityScheme: ['oauth2', 'api_key', 'oauth_basic_auth_api_key_mandatory'] },
    ],
    [{ 'x-wso2-mutual-ssl': 'optional' }, { securityScheme: ['mutualssl', 'mutualssl_optional'] }],
    [
      { 'x-wso2-production-endpoints': { urls: ['https://a'], type: 'https' } },
      { endpointConfig: { endpoint_type: 'http', production_endpoints: { url: 'https://a' } } },
    ],
    [
      { 'x-wso2-production-endpoints': { urls: ['https://a', 'https://b'], type: 'load_balance' } },
      { endpointConfig: { endpoint_type: 'load_balance', production_endpoints: [{ url: 'https://a' }, { url: 'https://b' }] } },
    ],
    [
      { 'x-wso2-sandbox-endpoints': { urls: ['https://a', 'https://b'], type: 'failover' } },
      { endpointConfig: { endpoint_type: 'failover', sandbox_endpoints: { url: 'https://a' }, sandbox_failovers: [{ url: 'https://b' }] } },
    ],
  ])('of %j', (document, settings) => {
    expect(definedSettings(document as JsonObject)).toEqual(settings);
  });
});
