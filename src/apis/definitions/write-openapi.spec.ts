import type { ApiOperation } from '../../domain/api.js';
import type { DefinitionSource } from './definition.js';
import type { JsonObject } from './json-document.js';
import { definedOperations, definedScopes, definedSettings } from './read-openapi.js';
import { validateOpenApi } from './validate-openapi.js';
import { emptyOpenApi, writeOpenApi } from './write-openapi.js';

const operation = (verb: string, target: string, more: Partial<ApiOperation> = {}): ApiOperation => ({
  verb,
  target,
  authType: 'Application & Application User',
  throttlingPolicy: 'Unlimited',
  scopes: [],
  operationPolicies: { request: [], response: [], fault: [] },
  operationHubPolicies: [],
  ...more,
});

const SOURCE: DefinitionSource = {
  name: 'Pets',
  version: '1.0',
  description: '',
  basePath: '/pets/1.0',
  operations: [operation('GET', '/a'), operation('POST', '/b/{id}', { scopes: ['write'], authType: 'None', throttlingPolicy: 'Gold' })],
  scopes: [{ name: 'write', displayName: 'Write', description: 'May write', bindings: ['admin'], shared: false }],
  authorizationHeader: 'Authorization',
  apiKeyHeader: 'ApiKey',
  apiThrottlingPolicy: null,
  transport: ['http', 'https'],
  securityScheme: ['oauth_basic_auth_api_key_mandatory', 'oauth2'],
  corsConfiguration: {
    corsConfigurationEnabled: false,
    accessControlAllowOrigins: ['*'],
    accessControlAllowCredentials: false,
    accessControlAllowHeaders: [],
    accessControlAllowMethods: ['GET'],
  },
  endpointImplementationType: 'ENDPOINT',
  endpointConfig: {
    endpoint_type: 'http',
    production_endpoints: { url: 'https://a' },
    endpoint_security: { production: { type: 'BASIC', username: 'ann', password: 'hidden' } },
  },
  responseCachingEnabled: false,
  cacheTimeout: 300,
};

describe.each(['v2', 'v3'] as const)('a new definition (%s)', (version) => {
  const document = emptyOpenApi(SOURCE, version);
  writeOpenApi(document, SOURCE);

  it('is valid', async () => {
    expect(await validateOpenApi(JSON.parse(JSON.stringify(document)))).toEqual([]);
  });

  it('says of the operations and scopes what the API says', () => {
    expect(definedOperations(document)).toEqual([
      { target: '/a', verb: 'GET', scopes: [], authType: 'Application & Application User', throttlingPolicy: 'Unlimited' },
      { target: '/b/{id}', verb: 'POST', scopes: ['write'], authType: 'None', throttlingPolicy: 'Gold' },
    ]);
    expect(definedScopes(document)).toEqual([{ ...SOURCE.scopes[0], displayName: 'write' }]);
  });

  it('carries the settings, and no credential', () => {
    expect(definedSettings(document)).toEqual({
      basePath: '/pets/1.0',
      authorizationHeader: 'Authorization',
      apiKeyHeader: 'ApiKey',
      transport: ['http', 'https'],
      securityScheme: ['oauth2', 'oauth_basic_auth_api_key_mandatory'],
      corsConfiguration: SOURCE.corsConfiguration,
      endpointConfig: { endpoint_type: 'http', production_endpoints: { url: 'https://a' } },
      responseCachingEnabled: false,
      cacheTimeout: 300,
    });
    expect(JSON.stringify(document)).not.toMatch(/hidden|ann/);
  });
});

describe('a given definition', () => {
  const given = (): JsonObject => ({
    'x-first': 1,
    openapi: '3.0.1',
    info: { title: 'Theirs', version: '7' },
    paths: {
      '/z': { get: { responses: {} } },
      '/a': {
        summary: 'A',
        get: { operationId: 'getA', 'x-own': { a: 1 }, security: [{ theirs: ['x'] }], 'x-scope': 'old', responses: {} },
        put: { responses: {} },
      },
    },
    components: { schemas: { Pet: { type: 'object' } }, securitySchemes: { theirs: { type: 'http', scheme: 'basic' } } },
    'x-wso2-production-endpoints': { urls: ['https://old'], advanceEndpointConfig: { circuitBreakers: { maxConnections: 3 } } },
    'x-wso2-mutual-ssl': 'mandatory',
    'x-last': 2,
  });

  it('loses the operations the API does not have and gets its new ones at the end', () => {
    const document = given();
    writeOpenApi(document, SOURCE);

    const paths = document['paths'] as Record<string, JsonObject>;
    expect(Object.keys(paths)).toEqual(['/a', '/b/{id}']);
    expect(Object.keys(paths['/a'] ?? {})).toEqual(['summary', 'get']);
    expect(paths['/b/{id}']?.['post']).toMatchObject({
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      responses: { 200: { description: 'OK' } },
    });
  });

  it('keeps what is not ours, where it is', () => {
    const document = given();
    writeOpenApi(document, SOURCE);

    expect(Object.keys(document).slice(0, 6)).toEqual(['x-first', 'openapi', 'info', 'paths', 'components', 'x-wso2-production-endpoints']);
    expect(document).toMatchObject({
      info: { title: 'Theirs', version: '7' },
      'x-last': 2,
      components: { schemas: { Pet: { type: 'object' } }, securitySchemes: { theirs: { type: 'http' } } },
      paths: { '/a': { get: { operationId: 'getA', 'x-own': { a: 1 }, security: [{ theirs: ['x'] }, { default: [] }] } } },
    });
  });

  it('has its extensions rewritten', () => {
    const document = given();
    writeOpenApi(document, SOURCE);

    expect(document['x-wso2-production-endpoints']).toEqual({
      urls: ['https://a'],
      type: 'http',
      advanceEndpointConfig: { circuitBreakers: { maxConnections: 3 } },
    });
    expect(document).not.toHaveProperty('x-wso2-mutual-ssl');
    expect((document['paths'] as Record<string, Record<string, JsonObject>>)['/a']?.['get']).not.toHaveProperty('x-scope');
  });

  it('does not change when nothing did', () => {
    const document = given();
    writeOpenApi(document, SOURCE);
    const once = JSON.stringify(document);
    // As a database that sorts keys gives it back.
    const corsConfiguration = Object.fromEntries(Object.entries(SOURCE.corsConfiguration).reverse()) as typeof SOURCE.corsConfiguration; // the same entries
    writeOpenApi(document, { ...SOURCE, corsConfiguration });

    expect(JSON.stringify(document)).toBe(once);
  });
});
