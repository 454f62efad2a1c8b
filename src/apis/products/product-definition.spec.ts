import type { ApiOperation } from '../../domain/api.js';
import type { DefinitionSource } from '../definitions/definition.js';
import { type MemberDefinition, productDefinition } from './product-definition.js';

const OK = { 200: { description: 'OK' } };
const answering = (schema: object) => ({ 200: { description: 'OK', content: { 'application/json': { schema } } } });
const named = (name: string) => ({ $ref: `#/components/schemas/${name}` });

const operation = (target: string, verb: string): ApiOperation => {
  const flows = { request: [], response: [], fault: [] };
  return { target, verb, authType: 'None', throttlingPolicy: 'Gold', scopes: [], operationPolicies: flows, operationHubPolicies: [] };
};

const member = (name: string, document: object | null, ...resources: readonly string[]): MemberDefinition => ({
  name,
  definition: document === null ? null : JSON.stringify(document),
  operations: resources.map((resource) => {
    const [verb = '', target = ''] = resource.split(' ');
    return { verb, target };
  }),
});

const source = (members: readonly MemberDefinition[]): DefinitionSource => ({
  name: 'Zoo',
  version: '2.0',
  description: '',
  basePath: '/zoo/2.0',
  operations: members.flatMap(({ operations }) => operations.map(({ target, verb }) => operation(target, verb))),
  scopes: [],
  authorizationHeader: 'Authorization',
  apiKeyHeader: 'ApiKey',
  apiThrottlingPolicy: null,
  transport: ['https'],
  securityScheme: ['oauth2'],
  corsConfiguration: {
    corsConfigurationEnabled: false,
    accessControlAllowOrigins: [],
    accessControlAllowCredentials: false,
    accessControlAllowHeaders: [],
    accessControlAllowMethods: [],
  },
  endpointConfig: null,
  endpointImplementationType: 'ENDPOINT',
  responseCachingEnabled: false,
  cacheTimeout: 300,
});

const merged = (...members: readonly MemberDefinition[]) =>
  JSON.parse(productDefinition({ source: source(members), members, stored: null }));
const schemasOf = (...members: readonly MemberDefinition[]) => merged(...members).components.schemas;

const openapi = (paths: object, schemas: object = {}, further: object = {}) => ({
  openapi: '3.0.1',
  info: { title: 'Any', version: '1' },
  paths,
  components: { schemas },
  ...further,
});
const pets = (schemas: object, path = '/pets') => openapi({ [path]: { get: { responses: answering(named('Pet')) } } }, schemas);

describe('the definition of a product', () => {
  it('keeps the text where nothing has changed, in whatever order it says it', () => {
    const members = [member('A', pets({ Pet: {} }), 'GET /pets')];
    const { paths, ...rest } = merged(...members);
    const stored = JSON.stringify({ paths, ...rest });

    expect(productDefinition({ source: source(members), members, stored })).toBe(stored);
    expect(productDefinition({ source: { ...source(members), name: 'Park' }, members, stored })).not.toBe(stored);
  });

  it('follows references through components, and into themselves', () => {
    const node = { type: 'object', properties: { next: named('Node'), pet: named('Pet') } };

    expect(schemasOf(member('A', pets({ Pet: { items: named('Node') }, Node: node, Other: {} }), 'GET /pets'))).toEqual({
      Pet: { items: named('Node') },
      Node: node,
    });
  });

  it('shares components that are equal and renames those that differ, with all that refers to them', () => {
    const first = pets({ Pet: { allOf: [named('Base')] }, Base: { title: 'Base' }, Same: {} });
    const equal = pets({ Pet: { allOf: [named('Base')] }, Base: { title: 'Base' } }, '/more');
    const other = pets({ Pet: { allOf: [named('Base')] }, Base: { title: 'Other' } }, '/other');

    const members = [member('A', first, 'GET /pets'), member('B', equal, 'GET /more'), member('C c', other, 'GET /other')];

    expect(schemasOf(...members)).toEqual({
      Pet: { allOf: [named('Base')] },
      Base: { title: 'Base' },
      Pet_C_c: { allOf: [named('Base_C_c')] },
      Base_C_c: { title: 'Other' },
    });
  });

  it('finds a free name, also where the new one is taken', () => {
    const second = pets({ Pet: { title: 'B', allOf: [named('Pet_B')] }, Pet_B: {} }, '/b');

    const schemas = schemasOf(
      member('A', pets({ Pet: { allOf: [named('Pet_B')] }, Pet_B: { title: 'A' } }), 'GET /pets'),
      member('B', second, 'GET /b'),
    );

    expect(Object.keys(schemas)).toEqual(['Pet', 'Pet_B', 'Pet_B_2', 'Pet_B_B']);
    expect(schemas.Pet_B_2).toEqual({ title: 'B', allOf: [named('Pet_B_B')] });
  });

  it('renames what discriminators lead to', () => {
    const pet = { discriminator: { propertyName: 'kind', mapping: { dog: '#/components/schemas/Dog' } } };
    const second = pets({ Pet: pet, Dog: { title: 'B' } }, '/b');

    const schemas = schemasOf(member('A', pets({ Pet: pet, Dog: { title: 'A' } }), 'GET /pets'), member('B', second, 'GET /b'));

    expect(schemas.Pet_B).toEqual({ discriminator: { propertyName: 'kind', mapping: { dog: '#/components/schemas/Dog_B' } } });
    expect(schemas.Dog_B).toEqual({ title: 'B' });
  });

  it('puts operations of two members on one path, each with the parameters of its own path', () => {
    const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
    const page = { name: 'page', in: 'query', schema: { type: 'integer' } };
    const first = openapi({ '/pets/{id}': { parameters: [id, page], get: { parameters: [{ ...page, required: true }], responses: OK } } });
    const second = openapi({
      '/pets/{id}': {
        parameters: [id],
        servers: [{ url: 'https://b' }],
        delete: { responses: OK, servers: [], security: [{ other: [] }] },
      },
    });

    const { paths } = merged(member('A', first, 'GET /pets/{id}'), member('B', second, 'DELETE /pets/{id}'));

    expect(paths['/pets/{id}'].get.parameters).toEqual([id, { ...page, required: true }]);
    expect(paths['/pets/{id}'].delete.parameters).toEqual([id]);
    expect(Object.keys(paths['/pets/{id}'])).toEqual(['get', 'delete']);
    expect(paths['/pets/{id}'].delete).not.toHaveProperty('servers');
    expect(paths['/pets/{id}'].delete.security).toEqual([{ default: [] }]);
  });

  it('knows a parameter by its name also where it is a component', () => {
    const components = { parameters: { Id: { name: 'id', in: 'path', required: true, schema: {} } } };
    const reference = { $ref: '#/components/parameters/Id' };
    const own = { name: 'id', in: 'path', required: true, schema: { type: 'integer' } };
    const document = openapi({ '/x/{id}': { parameters: [reference], get: { parameters: [own], responses: OK } } }, {}, { components });

    expect(merged(member('A', document, 'GET /x/{id}')).paths['/x/{id}'].get.parameters).toEqual([own]);
  });

  it('gives every operation an id of its own, and takes the tags that are used', () => {
    const document = (description: string) =>
      openapi(
        { [`/${description}`]: { get: { operationId: 'list', tags: ['t'], responses: OK } } },
        {},
        { tags: [{ name: 't', description }, { name: 'unused' }] },
      );

    const { paths, tags } = merged(member('A', document('a'), 'GET /a'), member('B 1', document('b'), 'GET /b'));

    expect([paths['/a'].get.operationId, paths['/b'].get.operationId]).toEqual(['list', 'list_B_1']);
    expect(tags).toEqual([{ name: 't', description: 'a' }]);
  });

  it('writes out references that lead into a path', () => {
    const there = { description: 'Shared' };
    const document = openapi({
      '/a': { get: { responses: { 200: { $ref: '#/paths/~1b/get/responses/200' } } } },
      '/b': { get: { responses: { 200: there } } },
    });

    expect(merged(member('A', document, 'GET /a')).paths['/a'].get.responses[200]).toEqual(there);
  });

  it('describes what a member does not, and leaves out what is no HTTP', () => {
    const { paths } = merged(member('A', null, 'GET /a/{id}'), member('B', null, 'QUERY hero'));

    expect(Object.keys(paths)).toEqual(['/a/{id}']);
    expect(paths['/a/{id}'].get).toMatchObject({ parameters: [{ name: 'id', in: 'path' }], responses: OK });
  });

  it('is of the newest version among its members', () => {
    const newest = { ...pets({ Pet: {} }, '/b'), openapi: '3.1.0' };

    expect(merged(member('A', pets({ Pet: {} }), 'GET /pets')).openapi).toBe('3.0.1');
    expect(merged(member('A', pets({ Pet: {} }), 'GET /pets'), member('B', newest, 'GET /b')).openapi).toBe('3.1.0');
  });

  it('keeps numbers as they were written, and components of any name', () => {
    const ids = '{"type":"integer","maximum":12345678901234567890,"minimum":-0,"multipleOf":1.0}';
    const definition = `{"openapi":"3.0.1","paths":{"/a":{"get":{"responses":{"200":{"content":{"a/b":{"schema":${JSON.stringify(named('__proto__'))}}}}}}}},
      "components":{"schemas":{"__proto__":${ids}}}}`;
    const members = [{ ...member('A', null, 'GET /a'), definition }];

    const text = productDefinition({ source: source(members), members, stored: null });
    const changed = productDefinition({
      source: source(members),
      members,
      stored: text.replace('12345678901234567890', '12345678901234567891'),
    });

    expect(text).toContain(`"schemas":{"__proto__":${ids}}`);
    expect(changed).toBe(text);
  });
});
