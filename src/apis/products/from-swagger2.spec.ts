import type { JsonObject } from '../definitions/json-document.js';
import { fromSwagger2 } from './from-swagger2.js';

const OK = { 200: { description: 'OK' } };
const document = (operation: object, further: object = {}): JsonObject =>
  fromSwagger2({ swagger: '2.0', info: {}, paths: { '/x': { post: operation } }, ...further });
const converted = (operation: object, further: object = {}): unknown => document({ responses: OK, ...operation }, further)['paths'];
const at = (operation: object) => ({ '/x': { post: operation } });

it.each([
  [
    { name: 'q', in: 'query', type: 'string', description: 'Words', maxLength: 5, 'x-own': 1 },
    { name: 'q', in: 'query', description: 'Words', 'x-own': 1, schema: { type: 'string', maxLength: 5 } },
  ],
  [
    { name: 'q', in: 'query', type: 'array', items: { type: 'string' } },
    { name: 'q', in: 'query', schema: { type: 'array', items: { type: 'string' } }, explode: false },
  ],
  [
    { name: 'q', in: 'query', type: 'array', items: { type: 'string' }, collectionFormat: 'multi' },
    { name: 'q', in: 'query', schema: { type: 'array', items: { type: 'string' } }, explode: true },
  ],
  [
    { name: 'id', in: 'path', required: true, type: 'integer', format: 'int64' },
    { name: 'id', in: 'path', required: true, schema: { type: 'integer', format: 'int64' } },
  ],
])('the parameter %j becomes %j', (parameter, expected) => {
  expect(converted({ parameters: [parameter] })).toEqual(at({ parameters: [expected], responses: OK }));
});

describe('a body', () => {
  const schema = { $ref: '#/components/schemas/It' };

  it('has the media types of the operation, or those of the definition', () => {
    const body = { name: 'it', in: 'body', required: true, description: 'This', schema: { $ref: '#/definitions/It' } };
    const requestBody = (...types: readonly string[]) => ({
      description: 'This',
      required: true,
      content: Object.fromEntries(types.map((type) => [type, { schema }])),
    });

    expect(converted({ parameters: [body], consumes: ['text/xml'] }, { consumes: ['text/csv'] })).toEqual(
      at({ requestBody: requestBody('text/xml'), responses: OK }),
    );
    expect(converted({ parameters: [body] }, { consumes: ['text/csv'] })).toEqual(
      at({ requestBody: requestBody('text/csv'), responses: OK }),
    );
    expect(converted({ parameters: [body] })).toEqual(at({ requestBody: requestBody('application/json'), responses: OK }));
  });

  it('may hide behind a reference, and stand at the path', () => {
    const further = { parameters: { It: { name: 'it', in: 'body', schema: { $ref: '#/definitions/It' } } } };
    const item = { parameters: [{ $ref: '#/parameters/It' }], post: { responses: OK } };

    const { paths } = fromSwagger2({ swagger: '2.0', paths: { '/x': item }, ...further });

    expect(paths).toEqual(at({ requestBody: { content: { 'application/json': { schema } } }, responses: OK }));
  });

  it('is a form where its fields say so', () => {
    const name = { name: 'name', in: 'formData', type: 'string', required: true };
    const file = { name: 'file', in: 'formData', type: 'file' };

    expect(converted({ parameters: [name] })).toMatchObject(
      at({
        requestBody: {
          content: {
            'application/x-www-form-urlencoded': {
              schema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
            },
          },
        },
      }),
    );
    expect(converted({ parameters: [file] })).toMatchObject(
      at({
        requestBody: { content: { 'multipart/form-data': { schema: { properties: { file: { type: 'string', format: 'binary' } } } } } },
      }),
    );
  });
});

it('answers with schemas, examples and headers in the places OpenAPI 3 has for them', () => {
  const response = {
    description: 'All',
    schema: { type: 'array', items: { $ref: '#/definitions/It' } },
    examples: { 'application/json': [1] },
    headers: { Count: { type: 'integer', description: 'How many' } },
  };

  expect(
    converted({ responses: { 200: response, 404: { $ref: '#/responses/Gone' } }, produces: ['application/json', 'text/csv'] }),
  ).toEqual(
    at({
      responses: {
        200: {
          description: 'All',
          headers: { Count: { description: 'How many', schema: { type: 'integer' } } },
          content: {
            'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/It' } }, example: [1] },
            'text/csv': { schema: { type: 'array', items: { $ref: '#/components/schemas/It' } } },
          },
        },
        404: { $ref: '#/components/responses/Gone' },
      },
    }),
  );
});

it('carries schemas and responses over in the new words', () => {
  const further = {
    definitions: { It: { discriminator: 'kind', properties: { name: { type: 'string', 'x-nullable': true } } } },
    responses: { Gone: { description: 'Gone', schema: { $ref: '#/definitions/It' } } },
    produces: ['text/xml'],
  };

  expect(document({ responses: OK }, further)['components']).toEqual({
    schemas: { It: { discriminator: { propertyName: 'kind' }, properties: { name: { type: 'string', nullable: true } } } },
    responses: { Gone: { description: 'Gone', content: { 'text/xml': { schema: { $ref: '#/components/schemas/It' } } } } },
  });
});
