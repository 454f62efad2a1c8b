import { readClientDefinition } from './read-client-definition.js';

const read = (document: object, server?: string) =>
  readClientDefinition({ text: JSON.stringify(document), server, name: 'Pets', version: '1' });

const json = (schema: object) => ({ content: { 'application/json': { schema } } });

/** The one operation of a definition in OpenAPI 3. */
const operation = (given: object, path = '/pets', further: object = {}) => {
  const { paths } = read({ openapi: '3.0.3', paths: { [path]: { get: given } }, ...further });
  return Object.values(paths)[0]?.['get'];
};

const schemas = (given: object, openapi = '3.0.3') => read({ openapi, components: { schemas: given } }).components.schemas;

describe('names', () => {
  it.each([
    ['getPet', 'getPet'],
    ['get-pet', 'getPet'],
    ['GET_PET', 'getPet'],
    ['../../etc/passwd', 'etcPasswd'],
    ['Größe ändern', 'groEAndern'],
    ['2nd', 'n2nd'],
    ['listAPIs', 'listAPIs'],
    ['delete', 'deleteOperation'],
    ['', 'getPets'],
    ['名前', 'getPets'],
    ['";drop()//', 'drop'],
  ])('of the operation %p: %p', (operationId, name) => expect(operation({ operationId })?.operationId).toBe(name));

  it('of operations differ in every language', () => {
    const { paths } = read({
      openapi: '3.0.3',
      paths: { '/a': { get: { operationId: 'getPet' }, put: { operationId: 'get_pet' }, post: { operationId: 'GetPet' } } },
    });

    expect(Object.values(paths['/a'] ?? {}).map(({ operationId }) => operationId)).toEqual(['getPet', 'getPet2', 'getPet3']);
  });

  it('of schemas are identifiers that differ by more than their case, and are no types of a language', () => {
    expect(Object.keys(schemas({ pet: {}, Pet: {}, 'a/b~c "d"': {}, String: {}, 名: {} }))).toEqual([
      'Pet',
      'Pet2',
      'ABCD',
      'StringModel',
      'Schema',
    ]);
  });

  it('of path parameters are identifiers, and the path has the same ones', () => {
    const parameters = [{ name: 'pet-id', in: 'path', required: true, schema: { type: 'integer' } }];

    const { paths } = read({ openapi: '3.0.3', paths: { '/pets/{pet-id}/{x y}/*': { get: { parameters } } } });

    expect(Object.keys(paths)).toEqual(['/pets/{petId}/{xY}/{path}']);
    expect(paths['/pets/{petId}/{xY}/{path}']?.['get']?.parameters).toMatchObject([
      { name: 'petId', schema: { type: 'integer' } },
      { name: 'xY', schema: { type: 'string' } },
      { name: 'path', 'x-rest': true },
    ]);
  });

  it('in a path are escaped as in an address', () => {
    const { paths } = read({ openapi: '3.0.3', paths: { '/a\'b"/$c*/ü%41%': { get: {} } } });

    expect(Object.keys(paths)).toEqual(['/a%27b%22/%24c%2A/%C3%BC%41%25']);
  });
});

describe('references', () => {
  it('within the document are followed, whatever they lead to', () => {
    const components = {
      parameters: { limit: { name: 'limit', in: 'query', schema: { type: 'integer' } } },
      responses: { ok: { description: 'fine', ...json({ $ref: '#/components/responses/ok/content/application~1json/schema/x' }) } },
    };

    const found = operation(
      { parameters: [{ $ref: '#/components/parameters/limit' }], responses: { 200: { $ref: '#/components/responses/ok' } } },
      '/pets',
      {
        components,
      },
    );

    expect(found?.parameters).toMatchObject([{ name: 'limit', schema: { type: 'integer' } }]);
    expect(found?.responses['200']).toMatchObject({ description: 'fine', content: { 'application/json': { schema: {} } } });
  });

  it.each([
    'http://127.0.0.1/x.json',
    'https://example.com#/a',
    'file:///etc/passwd',
    '../x.yaml',
    '//host/x',
    '#/nowhere',
  ])('to %p are left open', ($ref) => {
    const found = operation({
      parameters: [{ $ref }],
      requestBody: { $ref },
      responses: { 200: { description: 'x', ...json({ $ref }) }, 400: { $ref } },
    });

    expect(JSON.stringify(found)).not.toContain($ref);
    expect(found).toMatchObject({ parameters: [], responses: { 200: { content: { 'application/json': { schema: {} } } } } });
  });

  it('in a circle end somewhere', () => {
    const circle = schemas({
      Self: { $ref: '#/components/schemas/Self' },
      A: { allOf: [{ $ref: '#/components/schemas/B' }, { type: 'object', properties: { x: {} } }] },
      B: { allOf: [{ $ref: '#/components/schemas/A' }] },
      Tree: { type: 'object', properties: { children: { type: 'array', items: { $ref: '#/components/schemas/Tree' } } } },
    });

    expect(circle['Self']).toEqual({});
    expect(JSON.stringify([circle['A'], circle['B']])).not.toMatch(/schemas\/A.*schemas\/B|schemas\/B.*schemas\/A/);
    expect(circle['Tree']?.properties?.['children']?.items).toEqual({ $ref: '#/components/schemas/Tree' });
  });
});

describe('schemas', () => {
  it.each([
    [{ type: ['string', 'null'] }, { type: 'string', nullable: true }],
    [{ const: 'a' }, { type: 'string', enum: ['a'] }],
    [{ enum: ['a', null] }, { type: 'string', nullable: true, enum: ['a', null] }],
    [{ type: ['string', 'integer'] }, { anyOf: [{ type: 'string' }, { type: 'integer' }] }],
    [{ oneOf: [{ type: 'string' }, { type: 'null' }] }, { nullable: true, oneOf: [{ type: 'string' }] }],
    [{ type: 'string', format: 'made "up"', pattern: '"', default: '"', example: '"', 'x-y': '"' }, { type: 'string' }],
    [{ properties: { a: true, ['__proto__']: { type: 'string' } } }, { type: 'object', properties: { a: {} } }],
    [{ type: 'strange' }, {}],
  ])('%j is %j', (given, schema) => expect(schemas({ A: given }, '3.1.0')['A']).toEqual(schema));

  it('that are nested without end are left open', () => {
    const deep = Array.from({ length: 5_000 }).reduce<object>((inner) => ({ type: 'array', items: inner }), { type: 'string' });

    expect(JSON.stringify(schemas({ Deep: deep })).length).toBeLessThan(5_000);
  });
});

it('texts lose what is no text', () => {
  const found = operation({ summary: 'a\u0000b\u2028c\u202Ed\ne', description: 'one\r\ntwo\u0007', tags: ['../x'] });

  expect(found).toMatchObject({ summary: 'a b c d e', description: 'one\ntwo', tags: ['x'] });
});

it('operations are secured unless they say otherwise', () => {
  const api_key = { type: 'apiKey', in: 'header', name: 'ApiKey' };
  const further = { components: { securitySchemes: { api_key, petstore: { type: 'http', scheme: 'basic' } } } };

  expect(operation({}, '/a', further)?.security).toEqual([{ default: [] }, { api_key: [] }]);
  expect(operation({}, '/a')?.security).toEqual([{ default: [] }]);
  expect(operation({ 'x-auth-type': 'None' }, '/a', further)?.security).toEqual([]);
  expect(operation({ security: [] }, '/a', further)?.security).toEqual([]);
});

it('the address is the one of the definition, or the one that is given, and can end no text', () => {
  const at = (url: string) => read({ openapi: '3.0.3', servers: [{ url }] }, 'https://elsewhere.example/x').servers;

  expect(at('https://gw:8243/pets/1/')).toEqual([{ url: 'https://gw:8243/pets/1' }]);
  expect(at("https://gw/$x'y`z*")).toEqual([{ url: 'https://gw/%24x%27y%60z%2A' }]);
  expect(at('ws://gw/x')).toEqual([{ url: 'https://elsewhere.example/x' }]);
});

it('reads Swagger 2.0', () => {
  const swagger = {
    swagger: '2.0',
    ...{ host: 'gw:8243', basePath: '/pets/1', schemes: ['https'], consumes: ['application/json'], produces: ['application/xml'] },
    paths: {
      '/pets': {
        post: {
          parameters: [{ in: 'body', name: 'pet', required: true, schema: { $ref: '#/definitions/Pet' } }],
          responses: { 200: { description: 'x', schema: { type: 'file' } } },
        },
        put: {
          consumes: ['multipart/form-data'],
          parameters: [
            { in: 'formData', name: 'photo', type: 'file', required: true },
            { in: 'query', name: 'ids', type: 'array', collectionFormat: 'pipes', items: { type: 'integer' } },
          ],
        },
      },
    },
    definitions: { Pet: { type: 'object', properties: { name: { type: 'string' } } } },
  };

  const { servers, paths, components } = read(swagger);

  expect(servers).toEqual([{ url: 'https://gw:8243/pets/1' }]);
  expect(components.schemas).toEqual({ Pet: { type: 'object', properties: { name: { type: 'string' } } } });
  expect(paths['/pets']?.['post']).toMatchObject({
    requestBody: { required: true, content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } } },
    responses: { 200: { content: { 'application/xml': { schema: { type: 'string', format: 'binary' } } } } },
  });
  expect(paths['/pets']?.['put']).toMatchObject({
    requestBody: {
      content: { 'multipart/form-data': { schema: { required: ['photo'], properties: { photo: { type: 'string', format: 'binary' } } } } },
    },
    parameters: [{ name: 'ids', style: 'pipeDelimited', explode: false, schema: { type: 'array', items: { type: 'integer' } } }],
  });
});
