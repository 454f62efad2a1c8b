import type { MessagesDocument } from '../../domain/gateway-documents.js';
import { SchemaSet } from '../../gateway/engine/validation/schema-set.js';
import { definedMessages } from './message-documents.js';
import { read } from './validation.worker.js';

const openapi = (version: string, operation: object, components: object = {}) => ({
  openapi: version,
  info: { title: 'Pets', version: '1' },
  paths: { '/pets': { post: operation } },
  components,
});
const withBody = (version: string, schema: object, schemas: object = {}) =>
  openapi(version, { requestBody: { required: true, content: { 'application/json': { schema } } } }, { schemas });

/** What the gateway says to a value, by the definition. */
const judged = (definition: object, value: unknown): readonly string[] => {
  const { validation, messages }: ReturnType<typeof definedMessages> = JSON.parse(read(JSON.stringify(definition)));
  if ('unusable' in validation) return [validation.unusable];
  const schema = messages['POST /pets']?.body?.content[0]?.schema ?? 'false';
  return new SchemaSet(validation.schemas).check(schema).messages(value, 'body');
};

const PET = {
  type: 'object',
  required: ['id', 'name', 'secret'],
  properties: {
    id: { type: 'integer', readOnly: true },
    secret: { type: 'string', writeOnly: true },
    name: { type: 'string', pattern: '^[A-Z]' },
    friend: { $ref: '#/components/schemas/Pet' },
  },
};

it.each([
  ['3.0.1', { type: 'string', nullable: true }, null, []],
  ['3.0.1', { type: 'string', nullable: true }, 7, ['body must be null', 'body must be string', 'body must match a schema in anyOf']],
  ['3.0.1', { type: 'number', maximum: 5, exclusiveMaximum: true }, 5, ['body must be < 5']],
  ['3.0.1', { type: 'number', maximum: 5, exclusiveMaximum: false }, 5, []],
  ['3.1.0', { type: ['string', 'null'] }, null, []],
  ['3.1.0', { type: 'number', exclusiveMaximum: 5 }, 5, ['body must be < 5']],
  ['3.1.0', { const: 'a' }, 'b', ['body must be equal to constant']],
  ['3.1.0', { prefixItems: [{ type: 'string' }], items: false }, ['a', 'b'], ['body must NOT have more than 1 items']],
  [
    '3.0.1',
    { type: 'array', uniqueItems: true, items: {} },
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    ['body must NOT have duplicate items'],
  ],
  ['3.0.1', { type: 'string', format: 'date' }, '2026-02-30', ['body must match format "date"']],
  ['3.0.1', { type: 'string', format: 'my-own' }, 'anything', []],
])('OpenAPI %s: %j says to %j: %j', (version, schema, value, messages) => {
  expect(judged(withBody(version, schema), value)).toEqual(messages);
});

it.each([
  [{ name: 'Rex', secret: 's' }, []],
  [
    { name: 'Rex', secret: 's', friend: { name: 'Tom', secret: 's', friend: { name: 'tom', secret: 's' } } },
    ['body/friend/friend/name must match pattern "^[A-Z]"'],
  ],
  [{ name: 'Rex' }, ["body must have required property 'secret'"]],
])('asks no request for what is read-only: %j', (value, messages) => {
  expect(judged(withBody('3.0.1', { $ref: '#/components/schemas/Pet' }, { Pet: PET }), value)).toEqual(messages);
});

it('looks through references for what is not evaluated', () => {
  const schema = { allOf: [{ $ref: '#/components/schemas/Named' }], unevaluatedProperties: false };
  const definition = withBody('3.1.0', schema, { Named: { properties: { name: { type: 'string' } } } });

  expect(judged(definition, { name: 'Rex' })).toEqual([]);
  expect(judged(definition, { name: 'Rex', age: 7 })).toEqual(['body must NOT have unevaluated properties']);
});

it('makes units of what is large, and checks them all the same', () => {
  const wide = Object.fromEntries(
    Array.from({ length: 300 }, (_, at) => [`p${at}`, { type: 'object', properties: { a: { type: 'integer' } } }]),
  );
  const deep = { type: 'object', properties: { one: { type: 'object', properties: wide }, two: { type: 'object', properties: wide } } };
  const definition = withBody('3.0.1', deep);

  const { validation } = definedMessages(definition);

  expect('schemas' in validation && validation.schemas.length).toBe(2);
  expect(judged(definition, { two: { p299: { a: 'x' } } })).toEqual(['body/two/p299/a must be integer']);
});

it('compiles a definition that refers deeper than the stack is', () => {
  const schemas = Object.fromEntries(
    Array.from({ length: 600 }, (_, at) => [`S${at}`, { properties: { next: { $ref: `#/components/schemas/S${at + 1}` } } }]),
  );
  const definition = withBody('3.0.1', { $ref: '#/components/schemas/S0' }, { ...schemas, S600: { type: 'string' } });

  expect(judged(definition, { next: { next: { next: 7 } } })).toEqual([]);
});

it.each([
  [withBody('3.0.1', { $ref: '#/components/schemas/None' }), "'#/components/schemas/None' refers to nothing in the definition"],
  [withBody('3.0.1', { type: 'string', pattern: '(?=a)' }), 'POST /pets: '],
  [withBody('3.0.1', { type: 'colour' }), 'POST /pets: '],
  [openapi('3.0.1', { requestBody: { $ref: '#/paths/~1pets/post/requestBody' } }), 'references lead in a circle'],
])('calls a definition unusable that cannot be checked: %j', (definition, reason) => {
  const { validation }: { validation: { unusable: string } } = JSON.parse(read(JSON.stringify(definition)));

  expect(validation.unusable).toContain(reason);
});

describe('parameters', () => {
  const parametersOf = (operation: object, version = '3.0.1'): MessagesDocument['parameters'] =>
    definedMessages(openapi(version, operation, { parameters: { Limit: { name: 'limit', in: 'query', schema: { type: 'integer' } } } }))
      .messages['POST /pets']?.parameters ?? [];
  const query = { name: 'q', in: 'query', isRequired: false, style: 'form', isExploded: true };

  it.each([
    [{ $ref: '#/components/parameters/Limit' }, { ...query, name: 'limit', shape: 'text', schema: '{"type":"integer"}' }],
    [
      { name: 'q', in: 'query', schema: { type: 'array', items: {} } },
      { ...query, shape: 'list', schema: '{"type":"array","items":{}}' },
    ],
    [
      { name: 'q', in: 'query', explode: false, schema: { type: 'array' } },
      { ...query, isExploded: false, shape: 'list', schema: '{"type":"array"}' },
    ],
    [
      { name: 'q', in: 'query', content: { 'application/json': { schema: { type: 'object' } } } },
      { ...query, style: 'json', isExploded: false, shape: 'text', schema: '{"type":"object"}' },
    ],
    [
      { name: 'q', in: 'query', schema: { properties: { a: {} } } },
      { ...query, shape: 'object', properties: ['a'], schema: '{"properties":{"a":{}}}' },
    ],
  ])('reads %j', (parameter, document) => {
    expect(parametersOf({ parameters: [parameter] })).toEqual([document]);
  });
});

describe('Swagger 2.0', () => {
  const swagger = (operation: object) => ({
    swagger: '2.0',
    info: { title: 'Pets', version: '1' },
    consumes: ['application/json'],
    produces: ['application/json'],
    paths: {
      '/pets': {
        parameters: [{ name: 'tags', in: 'query', type: 'array', items: { type: 'string' }, collectionFormat: 'pipes' }],
        post: operation,
      },
    },
    definitions: { Pet: { type: 'object', required: ['name'] } },
  });

  it('reads bodies, answers and lists', () => {
    const operation = {
      parameters: [{ name: 'pet', in: 'body', required: true, schema: { $ref: '#/definitions/Pet' } }],
      responses: { 200: { schema: { $ref: '#/definitions/Pet' } }, 404: {} },
    };

    const { messages } = definedMessages(swagger(operation));

    expect(messages['POST /pets']).toEqual({
      parameters: [
        {
          ...{ name: 'tags', in: 'query', isRequired: false, style: 'pipeDelimited', isExploded: false, shape: 'list' },
          schema: '{"type":"array","items":{"type":"string"}}',
        },
      ],
      body: { isRequired: true, content: [{ type: 'application/json', schema: '{"x-shared":0}' }] },
      responses: {
        200: { headers: [], content: [{ type: 'application/json', schema: '{"x-shared":1}' }] },
        404: { headers: [], content: [] },
      },
    });
  });

  it('reads forms, whose files are not looked into', () => {
    const parameters = [
      { name: 'age', in: 'formData', required: true, type: 'integer' },
      { name: 'photo', in: 'formData', type: 'file' },
    ];

    const { messages } = definedMessages(swagger({ consumes: ['multipart/form-data'], parameters }));

    expect(messages['POST /pets']?.body).toEqual({
      isRequired: true,
      content: [
        {
          type: 'multipart/form-data',
          schema: '{"type":"object","properties":{"age":{"type":"integer"},"photo":{}},"required":["age"]}',
        },
      ],
    });
  });
});
