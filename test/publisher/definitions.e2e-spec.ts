import { randomUUID } from 'node:crypto';
import { Agent, request } from 'undici';
import { ApiNotFound, NoOperations, ScopeRoleUnknown } from '../../src/apis/apis.problems.js';
import { ContentTooLarge, RetrievalFailed, RetrievalRefused } from '../../src/apis/definitions/definitions.problems.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body, FormField } from '../support/client.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';

const MB = 1_048_576;
const LIMIT_BYTES = 10 * MB;
const responses = { 200: { description: 'OK' } };
const PETS = {
  openapi: '3.0.1',
  info: { title: 'Pets', version: '1.0.0', description: 'All of them' },
  servers: [{ url: 'https://pets.example.com/v1' }],
  paths: {
    '/pets/{id}': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
      get: { responses, 'x-auth-type': 'None', 'x-throttling-tier': '10KPerMin' },
      delete: { responses, security: [{ default: ['pets:write'] }] },
    },
    '/pets': { post: { responses, 'x-throttling-tier': 'Nowhere' } },
  },
  components: {
    securitySchemes: {
      default: {
        type: 'oauth2',
        flows: {
          implicit: {
            authorizationUrl: 'https://test.com',
            scopes: { 'pets:write': 'May write' },
            'x-scopes-bindings': { 'pets:write': 'admin,Internal/creator' },
          },
        },
      },
    },
  },
};
const YAML =
  "openapi: 3.1.0\ninfo:\n  title: Pets\n  version: '1'\npaths:\n  /pets:\n    get:\n      responses:\n        '200': {description: OK}\n";
const SWAGGER = {
  swagger: '2.0',
  info: PETS.info,
  host: 'pets.example.com',
  basePath: '/v2',
  schemes: ['https'],
  paths: { '/pets': { get: { responses } } },
};

const fileOf = (content: string | object, name = 'openapi.json'): FormField => ({
  file: typeof content === 'string' ? content : JSON.stringify(content),
  name,
});
/** A definition of exactly so many bytes. */
const sized = (bytes: number): string => {
  const text = (padding: string) => JSON.stringify({ ...PETS, 'x-padding': padding });
  return text('x'.repeat(bytes - text('').length));
};

// The server makes its own certificate.
const agent = new Agent({ connect: { rejectUnauthorized: false } });
afterAll(() => agent.destroy());

let admin: Actor;
beforeAll(async () => {
  ({ admin } = await given.organization());
});

const validate = (form: Readonly<Record<string, FormField>>, query = {}) =>
  admin.publisher<{ isValid: boolean; info: Body; content: string; errors: readonly { code: string; description: string }[] }>(
    'POST /apis/validate-openapi',
    { form, query },
  );
const importing = (form: Readonly<Record<string, FormField | undefined>>, by = admin) =>
  by.publisher<Body & { id: string }>('POST /apis/import-openapi', {
    form: { additionalProperties: JSON.stringify(given.apiProperties()), ...form },
  });
const definitionOf = async (apiId: string, by = admin): Promise<Body> =>
  expected(await by.publisher('GET /apis/{apiId}/swagger', { path: { apiId } }), 200);
/** The stored definition, unparsed. */
const writtenDefinition = async (apiId: string): Promise<string> => {
  const { body } = await request(`${server.management}/api/am/publisher/v4/apis/${apiId}/swagger`, {
    dispatcher: agent,
    headers: { authorization: `Bearer ${await admin.token()}` },
  });
  return body.text();
};
const apis = async (by: Actor): Promise<number> => expected(await by.publisher<{ count: number }>('GET /apis'), 200).count;

describe('validating', () => {
  it.each([
    [
      'OpenAPI 3.0',
      PETS,
      { name: 'Pets', version: '1.0.0', description: 'All of them', openAPIVersion: '3.0.1', endpoints: ['https://pets.example.com/v1'] },
    ],
    ['OpenAPI 3.1 in YAML', YAML, { name: 'Pets', version: '1', openAPIVersion: '3.1.0', endpoints: [] }],
    ['Swagger 2.0', SWAGGER, { context: '/v2', openAPIVersion: '2.0', endpoints: ['https://pets.example.com/v2'] }],
  ])('accepts %s', async (_, content, info) => {
    const answer = await validate({ file: fileOf(content) });

    expect(answer).toMatchObject({ status: 200, body: { isValid: true, content: null, info, errors: [] } });
  });

  it('gives the content back when asked', async () => {
    const { body } = await validate({ file: fileOf(YAML) }, { returnContent: true });

    expect(body).toMatchObject({ isValid: true, content: YAML });
  });

  it.each([
    ['no definition', 'hello', '900754', /./],
    ['broken JSON', '{"openapi": "3.0.1",', '900754', /JSON/],
    ['broken YAML', 'openapi: 3.0.1\n  info: 5', '900754', /2:/],
    ['no version', { info: PETS.info, paths: {} }, '903206', /version/],
    ['no title', { openapi: '3.0.1', info: { version: '1' }, paths: {} }, '900762', /^#\/info: .*title/],
    ['an operation without responses', { ...SWAGGER, paths: { '/a': { get: {} } } }, '900761', /^#\/paths\/~1a\/get: .*responses/],
  ])('says what is wrong and where: %s', async (_, content, code, description) => {
    const answer = await validate({ file: fileOf(content) });

    expect(answer).toMatchObject({ status: 200, body: { isValid: false, info: null } });
    expect(answer.body.errors[0]).toMatchObject({ code, description: expect.stringMatching(description) });
  });

  it('fetches a definition by its address', async () => {
    const backend = await given.backend((_, response) => response.end(YAML));

    expect((await validate({ url: `${backend.url}/openapi.yaml` })).body.isValid).toBe(true);
  });

  it.each([
    ['answers 404', '', RetrievalRefused],
    ['is not there', 'http://127.0.0.1:9/', RetrievalFailed],
    ['is a file', 'file:///etc/passwd', RetrievalFailed],
    ['is the metadata service of a cloud', 'http://169.254.169.254/latest', RetrievalFailed],
  ])('says that an address %s', async (_, address, problem) => {
    const backend = await given.backend((_request, response) => response.writeHead(404).end(YAML));

    const { status, body } = await validate({ url: address || backend.url });

    expect({ status, valid: body.isValid, code: body.errors[0]?.code }).toEqual({ status: 200, valid: false, code: String(problem.code) });
  });

  it('never follows a reference out of the definition', async () => {
    const asked: (string | undefined)[] = [];
    const backend = await given.backend((request, response) => {
      asked.push(request.url);
      response.end('{}');
    });
    const paths = { '/a': { get: { responses: { 200: { $ref: `${backend.url}/answer.json` } } } } };

    expect((await validate({ file: fileOf({ ...PETS, paths }) })).body.isValid).toBe(true);
    expect(asked).toEqual([]);
  });

  it('needs a definition', async () => {
    expect(await validate({ url: '' })).toFailWith({ status: 400, code: 400 });
  });

  it('accepts 10 MB and not one byte more', async () => {
    expect((await validate({ file: fileOf(sized(LIMIT_BYTES)) })).body.isValid).toBe(true);

    const { body } = await validate({ file: fileOf(sized(LIMIT_BYTES + 1)) });
    expect([body.isValid, body.errors[0]?.code]).toEqual([false, String(ContentTooLarge.code)]);
  });
});

describe('importing', () => {
  it('makes an API of the definition and the properties', async () => {
    const answer = await importing({ file: fileOf(PETS) });

    expect(answer.status).toBe(201);
    expect(answer.headers['location']).toBe(`/apis/${answer.body.id}`);
    expect(answer.body).toMatchObject({
      version: '1.0.0',
      policies: ['Unlimited'],
      scopes: [{ scope: { name: 'pets:write', description: 'May write', bindings: ['admin', 'Internal/creator'] }, shared: false }],
      operations: [
        { target: '/pets/{id}', verb: 'GET', authType: 'None', throttlingPolicy: '10KPerMin', scopes: [] },
        {
          target: '/pets/{id}',
          verb: 'DELETE',
          authType: 'Application & Application User',
          throttlingPolicy: 'Unlimited',
          scopes: ['pets:write'],
        },
        { target: '/pets', verb: 'POST', throttlingPolicy: 'Unlimited' },
      ],
    });
    expect(expected(await admin.publisher('GET /apis/{apiId}', { path: { apiId: answer.body.id } }), 200)).toEqual(answer.body);
    await admin.publisher('DELETE /apis/{apiId}', { path: { apiId: answer.body.id } });
  });

  it.each([
    ['YAML', { file: fileOf(YAML, 'openapi.yaml') }, { openapi: '3.1.0' }],
    ['Swagger 2.0', { inlineAPIDefinition: JSON.stringify(SWAGGER) }, { swagger: '2.0', basePath: '/v2' }],
  ])('keeps the version it was written in: %s', async (_, form, version) => {
    const { id } = expected(await importing(form), 201);

    expect(await definitionOf(id)).toMatchObject({ ...version, info: { title: 'Pets' } });
  });

  it('reads the settings of the definition where the properties say nothing', async () => {
    const { name, version } = given.apiProperties();
    const definition = {
      ...SWAGGER,
      'x-wso2-basePath': `/${String(name).toLowerCase()}/${version}`,
      'x-wso2-production-endpoints': { urls: ['http://a.example.com'], type: 'http' },
      'x-wso2-auth-header': 'X-Auth',
      'x-wso2-transports': ['https'],
      'x-throttling-tier': 'Nowhere',
      'x-wso2-application-security': { 'security-types': ['api_key'], optional: false },
    };

    const answer = await importing({
      file: fileOf(definition),
      additionalProperties: JSON.stringify({ name, version, transport: ['http'] }),
    });

    expect(answer).toMatchObject({
      status: 201,
      body: {
        context: `/t/${admin.organization}/${String(name).toLowerCase()}`,
        endpointConfig: { endpoint_type: 'http', production_endpoints: { url: 'http://a.example.com' } },
        authorizationHeader: 'X-Auth',
        transport: ['http'],
        apiThrottlingPolicy: null,
        securityScheme: ['api_key', 'oauth_basic_auth_api_key_mandatory'],
      },
    });
  });

  it.each([
    ['no definition', { file: undefined }, { status: 400, code: 400 }],
    ['no properties', { file: fileOf(YAML), additionalProperties: undefined }, { status: 400, code: 400 }],
    ['properties that are no JSON', { file: fileOf(YAML), additionalProperties: '{"name"' }, { status: 400, code: 400 }],
    ['properties that are a list', { file: fileOf(YAML), additionalProperties: '[]' }, { status: 400, code: 400 }],
    [
      'properties without a context',
      { file: fileOf(YAML), additionalProperties: '{"name":"A","version":"1"}' },
      { status: 400, description: 'Validation Error' },
    ],
    [
      'an unknown property',
      { file: fileOf(YAML), additionalProperties: '{"name":"A","version":"1","context":"/a","x":1}' },
      { status: 400, description: "Unrecognized property 'x'" },
    ],
    [
      'a long name',
      { file: fileOf(YAML), additionalProperties: JSON.stringify({ name: 'n'.repeat(61), version: '1', context: '/a' }) },
      { status: 400, code: 903249 },
    ],
    ['a definition that does not parse', { file: fileOf('{"openapi"') }, { status: 400, code: 900754 }],
    ['an invalid definition', { file: fileOf({ ...PETS, info: {} }) }, { status: 400, code: 900762 }],
    ['a definition without operations', { file: fileOf({ ...PETS, paths: {} }) }, NoOperations()],
    [
      'a definition with a role nobody has',
      { file: fileOf(JSON.stringify(PETS).replace('admin,Internal/creator', 'nobody')) },
      ScopeRoleUnknown('nobody'),
    ],
    [
      'a definition that cannot be stored',
      { file: fileOf(JSON.stringify(PETS).replaceAll('pets:write', 'pets\\u0000write')) },
      { status: 400, description: 'The definition holds a character that cannot be stored (NUL or half of a surrogate pair).' },
    ],
    ['an address without a definition', { url: 'http://127.0.0.1:9/' }, RetrievalFailed()],
  ])('refuses %s and keeps nothing', async (_, form, problem) => {
    const by = (await given.organization()).admin;

    expect(await importing(form, by)).toFailWith(problem);

    expect(await apis(by)).toBe(0);
  });

  it('accepts 10 MB and not one byte more', async () => {
    const by = (await given.organization()).admin;

    expect(await importing({ file: fileOf(sized(LIMIT_BYTES + 1)) }, by)).toFailWith(ContentTooLarge());
    expect(await apis(by)).toBe(0);

    const { id } = expected(await importing({ file: fileOf(sized(LIMIT_BYTES)) }, by), 201);
    expect(JSON.stringify(await definitionOf(id, by)).length).toBeGreaterThan(LIMIT_BYTES);
  });

  it('lists every fault of a definition', async () => {
    const paths = { '/a': { get: { responses, colour: 1 }, put: { responses, colour: 2 } } };

    const { body } = await importing({ file: fileOf({ ...PETS, paths }) });

    expect(body['error']).toEqual(
      expect.arrayContaining([expect.objectContaining({ code: '900762', description: expect.stringMatching(/^#\/paths/) })]),
    );
  });
});

describe('the resources of an API', () => {
  const paths = 'GET /apis/{apiId}/resource-paths';

  it('are listed page by page, in the order of the definition', async () => {
    const { id } = expected(await importing({ file: fileOf(PETS) }), 201);

    const first = await admin.publisher(paths, { path: { apiId: id }, query: { limit: 2 } });
    const second = await admin.publisher(paths, { path: { apiId: id }, query: { limit: 2, offset: 2 } });

    expect(first).toMatchObject({
      status: 200,
      body: {
        count: 2,
        list: [
          { id: 1, resourcePath: '/pets/{id}', httpVerb: 'GET' },
          { id: 2, resourcePath: '/pets/{id}', httpVerb: 'DELETE' },
        ],
        pagination: { offset: 0, limit: 2, total: 3, next: `/apis/${id}/resource-paths?limit=2&offset=2`, previous: '' },
      },
    });
    expect(second.body['list']).toEqual([{ id: 3, resourcePath: '/pets', httpVerb: 'POST' }]);
    await admin.publisher('DELETE /apis/{apiId}', { path: { apiId: id } });
  });

  it('are refused to the wrong scope and hidden from other tenants', async () => {
    const { id } = await given.api({ by: admin });
    const path = { apiId: id };

    expect(await admin.withScopes('apim:api_publish').publisher(paths, { path })).toFailWith(Unauthenticated());
    expect(await (await given.organization()).admin.publisher(paths, { path })).toFailWith(ApiNotFound(id));
    expect(await admin.publisher(paths, { path, query: { limit: 'many' } })).toFailWith({ status: 400, code: 400 });
  });
});

describe('what a definition holds', () => {
  const HOLDING = `openapi: 3.0.1
info:
  title: Pets
  version: 1.10
  x-build: 9007199254740993
x-first: {b: 1, a: 2}
paths:
  /z:
    get:
      responses: {"200": {description: OK}}
      x-weight: 1.0
  /a:
    get:
      responses: {"200": {description: OK}}
components:
  schemas:
    Id: {type: integer, maximum: 12345678901234567890, example: -0.10}
`;

  it('stays as it was written through changes of the definition and of the API', async () => {
    const { id } = expected(await importing({ file: fileOf(HOLDING, 'openapi.yaml') }), 201);
    const path = { apiId: id };
    const api = expected(await admin.publisher('GET /apis/{apiId}', { path }), 200);
    expected(await admin.publisher('PUT /apis/{apiId}', { path, body: { ...api, description: 'changed' } }), 200);

    const text = await writtenDefinition(id);

    for (const part of ['"version":"1.10"', '"x-build":9007199254740993', '"x-first":{"b":1,"a":2}', '"x-weight":1.0'])
      expect(text).toContain(part);
    expect(text).toContain('{"type":"integer","maximum":12345678901234567890,"example":-0.10}');
    expect(text.indexOf('"/z"')).toBeLessThan(text.indexOf('"/a"'));
  });

  it('names the line of what is wrong, and every key that stands twice', async () => {
    const text = '{\n"openapi": "3.0.1",\n"info": {"title": "a", "version": "1"},\n"paths": {\n"/a": {"get": {}},\n"/a": {}\n}\n}';

    const { body } = await validate({ file: fileOf(text) });

    expect(body.errors.map(({ description }) => description)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^#\/paths\/~1a: .*twice.*\(line 6\)$/)]),
    );
  });
});

describe('the definition of an API', () => {
  const imported = async (): Promise<string> => {
    const write = randomUUID();
    return expected(await importing({ file: fileOf(JSON.stringify(PETS).replaceAll('pets:write', write)) }), 201).id;
  };
  const replace = (apiId: string, form: Readonly<Record<string, FormField>>, by = admin) =>
    by.publisher<Body>('PUT /apis/{apiId}/swagger', { path: { apiId }, form });

  it('carries what the API says', async () => {
    const id = await imported();
    const api = expected(await admin.publisher('GET /apis/{apiId}', { path: { apiId: id } }), 200);

    expect(await definitionOf(id)).toMatchObject({
      info: PETS.info,
      servers: PETS.servers,
      paths: {
        '/pets': {
          post: { 'x-throttling-tier': 'Unlimited', 'x-auth-type': 'Application & Application User', security: [{ default: [] }] },
        },
      },
      components: { securitySchemes: { default: { type: 'oauth2', flows: { implicit: { authorizationUrl: 'https://test.com' } } } } },
      'x-wso2-auth-header': 'Authorization',
      'x-wso2-basePath': `${String(api['context'])}/1.0.0`,
      'x-wso2-transports': ['http', 'https'],
      'x-wso2-production-endpoints': { urls: ['http://127.0.0.1:9'], type: 'http' },
    });
  });

  it('replaces the operations when it is replaced', async () => {
    const id = await imported();
    const paths = {
      '/new': { get: { responses, security: [{ default: [`s-${id}`] }] } },
      '/pets': { post: { responses, 'x-auth-type': 'None' } },
    };
    const components = {
      securitySchemes: {
        default: { type: 'oauth2', flows: { implicit: { authorizationUrl: 'https://a.com', scopes: { [`s-${id}`]: 'New' } } } },
      },
    };

    const answer = await replace(id, { apiDefinition: JSON.stringify({ ...PETS, paths, components }) });

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(await definitionOf(id));
    expect(expected(await admin.publisher('GET /apis/{apiId}', { path: { apiId: id } }), 200)).toMatchObject({
      operations: [
        { target: '/new', verb: 'GET', scopes: [`s-${id}`] },
        { target: '/pets', verb: 'POST', authType: 'None' },
      ],
      scopes: [{ scope: { name: `s-${id}`, description: 'New' } }],
    });
  });

  it('comes as a file or from an address, too', async () => {
    const id = await imported();
    const backend = await given.backend((_, response) => response.end(YAML));

    expect((await replace(id, { url: backend.url })).body).toMatchObject({ openapi: '3.1.0' });
    expect((await replace(id, { file: fileOf(SWAGGER) })).body).toMatchObject({ swagger: '2.0' });
  });

  it.each([
    ['does not parse', 'openapi: [', { status: 400, code: 900754 }],
    ['is invalid', JSON.stringify({ ...PETS, info: {} }), { status: 400, code: 900762 }],
    ['has no operations', JSON.stringify({ ...PETS, paths: {} }), NoOperations()],
    ['is too large', sized(LIMIT_BYTES + 1), ContentTooLarge()],
  ])('stays as it is when the new one %s', async (_, text, problem) => {
    const id = await imported();
    const before = await definitionOf(id);

    expect(await replace(id, { file: fileOf(text) })).toFailWith(problem);

    expect(await definitionOf(id)).toEqual(before);
  });

  it('is hidden from other tenants', async () => {
    const { admin: stranger } = await given.organization();
    const id = await imported();

    expect(await stranger.publisher('GET /apis/{apiId}/swagger', { path: { apiId: id } })).toFailWith(ApiNotFound(id));
    expect(await replace(id, { file: fileOf(YAML) }, stranger)).toFailWith(ApiNotFound(id));
  });

  it.each([
    'GET /apis/{apiId}/swagger',
    'PUT /apis/{apiId}/swagger',
    'POST /apis/import-openapi',
    'POST /apis/validate-openapi',
  ])('needs the right scope: %s', async (operation) => {
    const form = operation.startsWith('GET') ? {} : { form: { file: fileOf(YAML) } };

    const answer = await admin.withScopes('apim:subscribe').publisher(operation, { path: { apiId: randomUUID() }, ...form });

    expect(answer).toFailWith(Unauthenticated());
  });
});
