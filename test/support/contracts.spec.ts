import { APIS, type Contract, contractOf, matchOperation } from './contracts.js';

type Document = Parameters<typeof contractOf>[1];

const none = contractOf('none', {});
const publisher = contractOf('publisher-v4', {
  paths: { '/apis/{apiId}': { get: {}, delete: {} }, '/apis/export': { get: {} }, '/apis/{apiId}/revisions': { post: {} } },
});
const named = (name: string): Contract => (name === 'publisher-v4' ? publisher : none);

it.each([
  ['GET', '/api/am/publisher/v4/apis/1', 'GET /apis/{apiId}'],
  ['GET', '/api/am/publisher/v4.5/apis/1', 'GET /apis/{apiId}'],
  ['GET', '/api/am/publisher/apis/1', 'GET /apis/{apiId}'],
  ['GET', '/api/am/publisher/v4/apis/export', 'GET /apis/export'],
  ['DELETE', '/api/am/publisher/v4/apis/export', 'DELETE /apis/{apiId}'],
  ['POST', '/api/am/publisher/v4/apis/1/revisions', 'POST /apis/{apiId}/revisions'],
  ['GET', '/api/am/publisher/v4/apis', undefined],
  ['GET', '/oauth2/token', undefined],
])('%s %s is %s', (method, path, key) => expect(matchOperation(method, path, named)?.operation.key).toBe(key));

it('reads Swagger 2.0 as it reads OpenAPI 3', () => {
  const document = {
    swagger: '2.0',
    consumes: ['application/json'],
    produces: ['application/json'],
    paths: {
      '/dcr/{id}': {
        put: {
          parameters: [
            { name: 'id', in: 'path', required: true, type: 'string' },
            { name: 'payload', in: 'body', schema: { $ref: '#/definitions/App' } },
          ],
          responses: { 200: { schema: { $ref: '#/definitions/App' } }, 404: {} },
        },
      },
    },
    definitions: { App: { type: 'object' } },
  };

  const contract = contractOf('keymanager-operations', document as Document); // definitions are only reached through references
  const operation = contract.operations.get('PUT /dcr/{id}');

  expect(operation?.parameters).toEqual([{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }]);
  expect(operation?.body.get('application/json')).toEqual({ $ref: '#/definitions/App' });
  expect([...(operation?.responses.keys() ?? [])]).toEqual(['200', '404']);
  expect(contract.resolve({ $ref: '#/definitions/App' })).toEqual({ type: 'object' });
});

it('names each of the ten APIs once', () => expect(new Set(APIS.map(({ name }) => name)).size).toBe(10));
