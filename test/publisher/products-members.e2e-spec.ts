import { ResourcesInUse, RestoreLosesResources } from '../../src/apis/products/products.problems.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { type GivenApi, given } from '../support/given.js';
import { apiPolicy } from '../support/policies.js';
import { apiWith, member, type Operation, on, product, read, resourcesOf, revision, update } from './products.js';

interface Api extends Body {
  readonly operations: readonly Operation[];
}
interface Definition extends Body {
  readonly info: Body;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Body>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Body>> };
}

let admin: Actor;
beforeAll(async () => {
  ({ admin } = await given.organization());
});

const ONE = '/api-products/{apiProductId}';
const apiOf = async ({ id: apiId }: Pick<GivenApi, 'id'>): Promise<Api> =>
  expected(await admin.publisher<Api>('GET /apis/{apiId}', { path: { apiId } }), 200);
const putApi = ({ id: apiId }: Pick<GivenApi, 'id'>, body: Body) => admin.publisher('PUT /apis/{apiId}', { path: { apiId }, body });
const putSwagger = ({ id: apiId }: Pick<GivenApi, 'id'>, definition: Body) =>
  admin.publisher<Definition>('PUT /apis/{apiId}/swagger', { path: { apiId }, form: { apiDefinition: JSON.stringify(definition) } });
const swagger = async (id: string): Promise<Definition> => expected(await on<Definition>(admin, `GET ${ONE}/swagger`, id), 200);
const usesOf = ({ operations }: Api) =>
  Object.fromEntries(operations.map(({ verb, target, usedProductIds }) => [`${verb} ${target}`, usedProductIds]));

const pets = (schema: Body, paths: Body = {}) => ({
  openapi: '3.0.1',
  info: { title: 'Pets', version: '1' },
  paths: {
    '/pets': {
      get: {
        summary: 'All pets',
        responses: { 200: { description: 'OK', content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } } } },
      },
    },
    ...paths,
  },
  components: { schemas: { Pet: schema, Unused: { type: 'object' } } },
});

describe('the definition of a product', () => {
  it('has the used resources of its members with what they refer to, and nothing else', async () => {
    const dogs = await given.api({
      by: admin,
      definition: pets({ type: 'object', title: 'Dog' }, { '/dogs': { get: { responses: { 200: { description: 'OK' } } } } }),
    });
    const cat = { type: 'object', title: 'Cat' };
    const cats = await given.api({ by: admin, definition: { ...pets(cat), paths: { '/cats': pets(cat).paths['/pets'] } } });
    const made = await product(admin, [member(dogs, 'GET /pets'), member(cats, 'GET /cats')], { description: 'Dogs and cats' });

    const definition = await swagger(made.id);

    expect(definition).toMatchObject({ openapi: '3.0.1', info: { title: made.name, version: '1.0.0', description: 'Dogs and cats' } });
    expect(Object.keys(definition.paths)).toEqual(['/pets', '/cats']);
    expect(definition.paths['/pets']?.['get']).toMatchObject({ summary: 'All pets', 'x-throttling-tier': 'Unlimited' });
    expect(definition.components?.schemas).toEqual({
      Pet: { type: 'object', title: 'Dog' },
      [`Pet_${cats.name}`]: { type: 'object', title: 'Cat' },
    });
    expect(definition.paths['/cats']?.['get']).toMatchObject({
      responses: { 200: { content: { 'application/json': { schema: { $ref: `#/components/schemas/Pet_${cats.name}` } } } } },
    });
    expect(definition['x-wso2-basePath']).toBe(`${made.context}/1.0.0`);
    expect(definition['x-wso2-production-endpoints']).toBeUndefined();
  });

  it('is good for an import', async () => {
    const dogs = await given.api({ by: admin, definition: pets({ type: 'object' }) });
    const old = {
      swagger: '2.0',
      info: { title: 'Old', version: '1' },
      paths: {
        '/old': {
          post: {
            parameters: [{ name: 'it', in: 'body', schema: { $ref: '#/definitions/It' } }],
            responses: { 200: { description: 'OK' } },
          },
        },
      },
      definitions: { It: { type: 'object' } },
    };
    const olds = await given.api({ by: admin, definition: old });
    const made = await product(admin, [member(dogs, 'GET /pets'), member(olds, 'POST /old')]);

    const checked = await admin.publisher('POST /apis/validate-openapi', {
      form: { inlineAPIDefinition: JSON.stringify(await swagger(made.id)) },
    });

    expect(checked).toMatchObject({ status: 200, body: { isValid: true, errors: [] } });
  });
});

describe('a member that changes', () => {
  it('takes its products along: policies and scopes of the resources, and their description', async () => {
    const api = await given.api({ by: admin, definition: pets({ type: 'object' }) });
    const made = await product(admin, [member(api, 'GET /pets')]);
    const { operations, ...rest } = await apiOf(api);
    const changed = operations.map((operation) => ({ ...operation, authType: 'None', throttlingPolicy: '10KPerMin' }));

    expected(await putApi(api, { ...rest, operations: changed }), 200);
    const afterUpdate = await read(admin, made.id);
    expected(await putSwagger(api, pets({ type: 'string' }, { '/more': { get: { responses: { 200: { description: 'OK' } } } } })), 200);

    expect(afterUpdate.apis[0]?.operations).toMatchObject([{ authType: 'None', throttlingPolicy: '10KPerMin' }]);
    expect((await swagger(made.id)).components?.schemas).toEqual({ Pet: { type: 'string' } });
    expect(resourcesOf(await read(admin, made.id))).toEqual(['GET /pets']);
  });

  it('leaves the entity tag of its products alone where nothing of theirs changed', async () => {
    const api = await apiWith(admin, ['GET /x']);
    const made = await product(admin, [member(api, 'GET /x')]);
    const { headers } = await on(admin, `GET ${ONE}`, made.id);

    expected(await putApi(api, { ...(await apiOf(api)), description: 'Other' }), 200);

    expect((await on(admin, `GET ${ONE}`, made.id)).headers['etag']).toBe(headers['etag']);
  });

  it('may not lose a used resource, by an update or a definition, but any other', async () => {
    const api = await apiWith(admin, ['GET /x', 'POST /x', 'GET /y']);
    await product(admin, [member(api, 'GET /x')]);
    const { operations, ...rest } = await apiOf(api);
    const without = (resource: string) => operations.filter(({ verb, target }) => `${verb} ${target}` !== resource);
    const { paths, ...document } = expected(
      await admin.publisher<Definition>('GET /apis/{apiId}/swagger', { path: { apiId: api.id } }),
      200,
    );
    const { '/x': used, ...others } = paths;

    const update = await putApi(api, { ...rest, operations: without('GET /x') });
    const definition = await putSwagger(api, { ...document, paths: others });

    expect(update).toFailWith(ResourcesInUse(api.name, api.version));
    expect(definition).toFailWith(ResourcesInUse(api.name, api.version));
    expect((await apiOf(api)).operations).toHaveLength(3);
    expect((await putApi(api, { ...rest, operations: without('GET /y') })).status).toBe(200);
    expect((await putSwagger(api, { ...document, paths: { '/x': { get: used?.['get'] } } })).status).toBe(200);
  });

  it('may not be deleted until no product uses it', async () => {
    const api = await apiWith(admin, ['GET /x']);
    const made = await product(admin, [member(api, 'GET /x')]);
    const remove = () => admin.publisher('DELETE /apis/{apiId}', { path: { apiId: api.id } });

    const refused = await remove();
    expected(await update(admin, made.id, { ...made, apis: [] }), 200);

    expect(refused).toFailWith({ status: 409, code: 409, message: 'Conflict' });
    expect(refused.body['moreInfo']).toBe(made.id);
    expect((await remove()).status).toBe(200);
  });

  it('may go back to a revision only if that has the used resources', async () => {
    const api = await apiWith(admin, ['GET /x']);
    const path = { apiId: api.id };
    const { id: revisionId } = expected(await admin.publisher<{ id: string }>('POST /apis/{apiId}/revisions', { path, body: {} }), 201);
    const current = await apiOf(api);
    expected(await putApi(api, { ...current, operations: [...current.operations, { target: '/y', verb: 'GET' }] }), 200);
    const made = await product(admin, [member(api, 'GET /y')]);
    const restore = () => admin.publisher<Api>('POST /apis/{apiId}/restore-revision', { path, query: { revisionId } });

    const refused = await restore();
    expected(await update(admin, made.id, { ...made, apis: [member(api, 'GET /x')] }), 200);
    const restored = await restore();

    expect(refused).toFailWith(RestoreLosesResources(api.name, api.version));
    expect(restored.status).toBe(201);
    expect(usesOf(restored.body)).toEqual({ 'GET /x': [made.id] });
  });

  it('shows which products use its resources', async () => {
    const api = await apiWith(admin, ['GET /x', 'GET /y', 'GET /z']);
    const one = await product(admin, [member(api, 'GET /x', 'GET /y')]);
    const two = await product(admin, [member(api, 'GET /y')]);
    const both = [one.id, two.id].sort();

    const shown = usesOf(await apiOf(api));
    const sentBack = await putApi(api, await apiOf(api));
    const copy = await admin.publisher<Api>('POST /apis/copy-api', { query: { apiId: api.id, newVersion: '2.0.0' } });

    expect(shown).toEqual({ 'GET /x': [one.id], 'GET /y': both, 'GET /z': [] });
    expect(sentBack.status).toBe(200);
    expect(usesOf(expected(copy, 201))).toEqual({ 'GET /x': [], 'GET /y': [], 'GET /z': [] });
  });

  it('lends its operation policies to its products, which keep them while a revision has them', async () => {
    const common = {
      policyName: 'addHeader',
      policyVersion: 'v3',
      policyType: 'common',
      parameters: { headerName: 'A', headerValue: 'x' },
    };
    const api = await apiWith(admin, ['GET /x']);
    const own = await apiPolicy(admin, api.id);
    const { operations, ...rest } = await apiOf(api);
    const request = [common, { policyName: own.name, policyVersion: own.version, policyType: 'api', policyId: own.id }];
    const attached = operations.map((operation) => ({ ...operation, operationPolicies: { request } }));
    const { operations: shown } = expected(await putApi(api, { ...rest, operations: attached }), 200) as Api; // by the contract
    const made = await product(admin, [member(api, 'GET /x')]);
    await revision(admin, made.id);

    const again = await update(admin, made.id, made);
    expected(await putApi(api, { ...rest, operations }), 200);

    const flows = (of: Body | undefined) =>
      (of?.['operationPolicies'] as { readonly request: readonly { readonly policyId: string }[] }).request; // by the contract
    expect(flows(made.apis[0]?.operations[0])).toEqual(flows(shown[0]));
    expect(again).toMatchObject({ status: 200, body: { apis: made.apis } });
    expect(flows((await read(admin, made.id)).apis[0]?.operations[0])).toEqual([]);
    for (const { policyId: operationPolicyId } of flows(shown[0])) {
      const path = { apiId: api.id, operationPolicyId };
      expect((await admin.publisher('GET /apis/{apiId}/operation-policies/{operationPolicyId}', { path })).status).toBe(200);
    }
  });

  it('keeps its products right when two members change at once', async () => {
    const first = await apiWith(admin, ['GET /x']);
    const second = await apiWith(admin, ['GET /y']);
    const made = await product(admin, [member(first, 'GET /x'), member(second, 'GET /y')]);
    const openUp = async (api: GivenApi) => {
      const { operations, ...rest } = await apiOf(api);
      return putApi(api, { ...rest, operations: operations.map((operation) => ({ ...operation, authType: 'None' })) });
    };

    const answers = await Promise.all([openUp(first), openUp(second), update(admin, made.id, { ...made, description: 'Both' })]);

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const { apis } = await read(admin, made.id);
    expect(apis.flatMap(({ operations }) => operations.map((operation) => operation['authType']))).toEqual(['None', 'None']);
  });
});
