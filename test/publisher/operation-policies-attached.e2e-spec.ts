import { randomUUID } from 'node:crypto';
import {
  AttachedPolicyUnknown,
  AttributesMissing,
  InvalidParameter,
  PolicyIdMismatch,
  PolicyNotAllowed,
  PolicyNotFound,
} from '../../src/apis/policies/policies.problems.js';
import { type Actor, expected } from '../support/actor.js';
import { exported, unzip } from '../support/archives.js';
import type { Body } from '../support/client.js';
import { given } from '../support/given.js';
import { apiPolicy, attribute, commonPolicy, type Policy } from '../support/policies.js';

interface Attached {
  readonly policyName: string;
  readonly policyVersion: string;
  readonly policyType: string;
  readonly policyId: string;
  readonly parameters: Body;
}
interface Flows {
  readonly request: readonly Attached[];
  readonly response: readonly Attached[];
  readonly fault: readonly Attached[];
}
interface Api extends Body {
  readonly id: string;
  readonly apiPolicies: Flows;
  readonly operations: readonly { readonly target: string; readonly verb: string; readonly operationPolicies: Flows }[];
}

let admin: Actor;
beforeAll(async () => {
  ({ admin } = await given.organization());
});

const header = (name: string, further: Body = {}): Body => ({
  policyName: 'addHeader',
  policyVersion: 'v3',
  policyType: 'common',
  parameters: { headerName: name, headerValue: 'x' },
  ...further,
});
const operation = (flows: Body, verb = 'GET') => ({ target: '/pets', verb, operationPolicies: flows });
const create = (further: Body) => admin.publisher<Api>('POST /apis', { body: given.apiProperties({ with: further }) });
const made = async (further: Body): Promise<Api> => expected(await create(further), 201);
const read = async (apiId: string): Promise<Api> => expected(await admin.publisher<Api>('GET /apis/{apiId}', { path: { apiId } }), 200);
const put = (api: Api, further: Body = {}) =>
  admin.publisher<Api>('PUT /apis/{apiId}', { path: { apiId: api.id }, body: { ...api, ...further } });
const policyOf = (apiId: string, operationPolicyId: string) =>
  admin.publisher<Policy>('GET /apis/{apiId}/operation-policies/{operationPolicyId}', { path: { apiId, operationPolicyId } });
const listed = async (apiId: string) =>
  expected(await admin.publisher<{ list: readonly Policy[] }>('GET /apis/{apiId}/operation-policies', { path: { apiId } }), 200).list;
const shipped = async (name: string): Promise<Policy> => {
  const answer = await admin.publisher<{ list: readonly Policy[] }>('GET /operation-policies', { query: { query: `name:${name}` } });
  const [policy] = expected(answer, 200).list;
  if (!policy) throw new Error(`there is no policy ${name}`);
  return policy;
};
const withSecret = () =>
  commonPolicy(admin, {
    policyAttributes: [attribute('user'), attribute('password', { type: 'Secret', validationRegex: '^.{4,}$' })],
  });

describe('a common policy that an API attaches', () => {
  it.each(['name and version', 'id'])('becomes a copy of its own with the same digest, found by %s', async (by) => {
    const common = await shipped('addHeader');
    const sent = header('X-A', by === 'id' ? { policyId: common.id } : {});

    const api = await made({ apiPolicies: { request: [sent] } });

    const [attached] = api.apiPolicies.request;
    expect(attached).toMatchObject({ policyName: 'addHeader', policyVersion: 'v3', policyType: 'common', parameters: sent['parameters'] });
    expect(attached?.policyId).not.toBe(common.id);
    expect(expected(await policyOf(api.id, attached?.policyId ?? ''), 200)).toMatchObject({ md5: common.md5, isAPISpecific: true });
    expect(await listed(api.id)).toEqual([]);
  });

  it('keeps its place among the others, in every flow and operation', async () => {
    const flows = { request: [header('A'), header('B')], response: [header('C')], fault: [header('D')] };
    const { id } = await made({ apiPolicies: flows, operations: [operation(flows), operation({}, 'POST')] });

    const { apiPolicies, operations } = await read(id);

    const names = ({ request, response, fault }: Flows) =>
      [request, response, fault].map((flow) => flow.map((p) => p.parameters['headerName']));
    expect(names(apiPolicies)).toEqual([['A', 'B'], ['C'], ['D']]);
    expect(operations.map(({ operationPolicies }) => names(operationPolicies))).toEqual([
      [['A', 'B'], ['C'], ['D']],
      [[], [], []],
    ]);
    const ids = [apiPolicies, ...operations.map((one) => one.operationPolicies)].flatMap(({ request, response, fault }) =>
      [...request, ...response, ...fault].map(({ policyId }) => policyId),
    );
    expect(new Set(ids).size).toBe(1);
  });

  it('stays the same copy when the API is sent back as it was read', async () => {
    const api = await made({ apiPolicies: { request: [header('A')] } });

    const answer = await put(api);

    expect(expected(answer, 200).apiPolicies).toEqual(api.apiPolicies);
  });

  it('loses its copy when it is detached, unless a revision uses it', async () => {
    const api = await made({ apiPolicies: { request: [header('A')] } });
    const id = api.apiPolicies.request[0]?.policyId ?? '';
    const path = { apiId: api.id };
    const revision = expected(await admin.publisher<{ id: string }>('POST /apis/{apiId}/revisions', { path, body: {} }), 201);
    expected(await put(api, { apiPolicies: {} }), 200);
    expect((await policyOf(api.id, id)).status).toBe(200);

    expected(await admin.publisher('DELETE /apis/{apiId}/revisions/{revisionId}', { path: { ...path, revisionId: revision.id } }), 200);

    expect(await policyOf(api.id, id)).toFailWith(PolicyNotFound(id));
  });

  it('is what it was when a revision is restored', async () => {
    const api = await made({ apiPolicies: { request: [header('A')] } });
    const path = { apiId: api.id };
    const revision = expected(await admin.publisher<{ id: string }>('POST /apis/{apiId}/revisions', { path, body: {} }), 201);
    expected(await put(api, { apiPolicies: { response: [header('B', { policyName: 'removeHeader', policyVersion: 'v2' })] } }), 200);

    const answer = await admin.publisher<Api>('POST /apis/{apiId}/restore-revision', { path, query: { revisionId: revision.id } });

    expect(expected(answer, 201).apiPolicies).toEqual(api.apiPolicies);
    expect((await policyOf(api.id, api.apiPolicies.request[0]?.policyId ?? '')).status).toBe(200);
  });

  it('outlives the common policy', async () => {
    const { id, name } = await commonPolicy(admin);
    const api = await made({ apiPolicies: { request: [{ policyName: name, policyVersion: 'v1' }] } });

    const deleted = await admin.publisher('DELETE /operation-policies/{operationPolicyId}', { path: { operationPolicyId: id } });

    expect(deleted.status).toBe(200);
    expect(expected(await put(api), 200).apiPolicies).toEqual(api.apiPolicies);
    const byName = { request: [{ policyName: name, policyVersion: 'v1', policyType: 'common' }] };
    expect(expected(await put(api, { apiPolicies: byName }), 200).apiPolicies).toEqual(api.apiPolicies);
  });

  it('is copied once more for a new version', async () => {
    const api = await made({ operations: [operation({ request: [header('A')] })] });
    const query = { apiId: api.id, newVersion: '2.0.0' };

    const copy = expected(await admin.publisher<Api>('POST /apis/copy-api', { query }), 201);

    const [before, after] = [api, copy].map(({ operations }) => operations[0]?.operationPolicies.request[0]);
    expect(after).toEqual({ ...before, policyId: expect.any(String) });
    expect(after?.policyId).not.toBe(before?.policyId);
    expect((await policyOf(copy.id, after?.policyId ?? '')).status).toBe(200);
    expect(await policyOf(copy.id, before?.policyId ?? '')).toFailWith(PolicyNotFound);
  });

  it('comes with an imported definition', async () => {
    const definition = {
      openapi: '3.0.1',
      info: { title: 'Pets', version: '1' },
      paths: { '/pets': { get: { responses: { 200: { description: 'ok' } } } } },
    };
    const { id } = await given.api({ by: admin, definition, with: { apiPolicies: { fault: [header('A')] } } });

    expect((await read(id)).apiPolicies.fault).toMatchObject([{ policyName: 'addHeader', parameters: { headerName: 'A' } }]);
  });

  it('stays with its operation when the definition is replaced, and goes with it', async () => {
    const api = await made({ operations: [operation({ request: [header('A')] })] });
    const policyId = api.operations[0]?.operationPolicies.request[0]?.policyId ?? '';
    const definition = (path: string) =>
      JSON.stringify({
        openapi: '3.0.1',
        info: { title: 'Pets', version: '1' },
        paths: { [path]: { get: { responses: { 200: { description: 'ok' } } } } },
      });
    const replace = (path: string) =>
      admin.publisher('PUT /apis/{apiId}/swagger', { path: { apiId: api.id }, form: { apiDefinition: definition(path) } });

    expected(await replace('/pets'), 200);
    expect((await read(api.id)).operations[0]?.operationPolicies.request).toMatchObject([{ policyId }]);
    expected(await replace('/others'), 200);

    expect((await read(api.id)).operations[0]?.operationPolicies.request).toEqual([]);
    expect(await policyOf(api.id, policyId)).toFailWith(PolicyNotFound(policyId));
  });
});

describe("an API's own policy", () => {
  it('is attached as it is, and goes before a common one of its name', async () => {
    const common = await commonPolicy(admin);
    const api = await made({});
    const own = await apiPolicy(admin, api.id, { name: common.name });

    const answer = await put(api, { apiPolicies: { request: [{ policyName: own.name, policyVersion: 'v1' }] } });

    expect(expected(answer, 200).apiPolicies.request).toMatchObject([{ policyType: 'api', policyId: own.id }]);
  });

  it('is left aside when the common one is asked for', async () => {
    const common = await commonPolicy(admin);
    const api = await made({});
    const own = await apiPolicy(admin, api.id, { name: common.name });

    const answer = await put(api, { apiPolicies: { request: [{ policyName: own.name, policyVersion: 'v1', policyType: 'common' }] } });

    const [attached] = expected(answer, 200).apiPolicies.request;
    expect(attached?.policyType).toBe('common');
    expect(attached?.policyId).not.toBe(own.id);
  });

  it('is unknown to other APIs', async () => {
    const api = await made({});
    const own = await apiPolicy(admin, api.id);
    const other = await made({});

    const request = [{ policyName: own.name, policyVersion: 'v1', policyId: own.id }];

    expect(await put(other, { apiPolicies: { request } })).toFailWith(AttachedPolicyUnknown());
  });

  it('goes along into a new version where it is attached', async () => {
    const api = await made({});
    const own = await apiPolicy(admin, api.id);
    expected(await put(api, { apiPolicies: { request: [{ policyName: own.name, policyVersion: 'v1' }] } }), 200);
    const query = { apiId: api.id, newVersion: '2.0.0' };

    const copy = expected(await admin.publisher<Api>('POST /apis/copy-api', { query }), 201);

    const [attached] = copy.apiPolicies.request;
    expect(attached).toMatchObject({ policyType: 'api', policyName: own.name });
    expect(await listed(copy.id)).toMatchObject([{ id: attached?.policyId, name: own.name }]);
    expect(attached?.policyId).not.toBe(own.id);
  });
});

describe('attaching', () => {
  const refused = async (policy: Body, flow = 'request', further: Body = {}) => create({ apiPolicies: { [flow]: [policy] }, ...further });

  it.each([
    ['another name', { policyName: 'rewriteHTTPMethod' }],
    ['another version', { policyVersion: 'v9' }],
    ['no version, which means v1', { policyVersion: undefined }],
    ['an unknown id', { policyId: randomUUID() }],
    ['an id that is none', { policyId: 'x' }],
    ['the kind that it is not', { policyType: 'api' }],
  ])('a policy by %s is refused', async (_, wrong) => {
    expect(await refused(header('A', wrong))).toFailWith(AttachedPolicyUnknown());
  });

  it('a policy by the id of another one is refused', async () => {
    const { id } = await shipped('removeHeader');

    expect(await refused(header('A', { policyId: id }))).toFailWith(PolicyIdMismatch('addHeader', 'v3', id));
  });

  it('a policy of another tenant is refused', async () => {
    const { admin: stranger } = await given.organization();
    const { id, name } = await commonPolicy(stranger);

    expect(await refused({ policyName: name, policyVersion: 'v1' })).toFailWith(AttachedPolicyUnknown());
    expect(await refused({ policyName: name, policyVersion: 'v1', policyId: id })).toFailWith(AttachedPolicyUnknown());
  });

  it.each<[string, Body, string, Body]>([
    ['flow', { policyName: 'changeHTTPMethod', policyVersion: 'v1', parameters: { httpMethod: 'GET' } }, 'response', {}],
    ['flow', { policyName: 'jsonFault', policyVersion: 'v1' }, 'request', {}],
    ['gateway', { policyName: 'apkRemoveHeader', policyVersion: 'v1', parameters: { headerName: 'a' } }, 'request', {}],
    ['gateway', header('A'), 'request', { gatewayType: 'wso2/apk' }],
    ['type of API', { policyName: 'setToHeaderWS', policyVersion: 'v1', parameters: { value: 'a' } }, 'request', {}],
  ])('a policy for another %s is refused: %j in %s', async (_, policy, flow, further) => {
    expect(await refused(policy, flow, further)).toFailWith(PolicyNotAllowed(String(policy['policyName'])));
  });

  it.each([
    ['is absent', {}, 'headerName, headerValue'],
    ['is empty', { headerName: '', headerValue: 'x' }, 'headerName'],
    ['is null', { headerName: 'x', headerValue: null }, 'headerValue'],
  ])('is refused when a required parameter %s', async (_, parameters, names) => {
    expect(await refused(header('A', { parameters }))).toFailWith(AttributesMissing(names, 'addHeader'));
  });

  it('is refused in an operation as for the whole API', async () => {
    const wrong = header('A', { parameters: {} });

    expect(await create({ operations: [operation({ request: [wrong] })] })).toFailWith(
      AttributesMissing('headerName, headerValue', 'addHeader'),
    );
  });

  it.each([
    ['TRACE', false],
    ['GETS', false],
    [' GET', false],
    ['get', true],
    ['POST', true],
  ])('the method %j is fit: %j', async (httpMethod, isFit) => {
    const answer = await refused({ policyName: 'changeHTTPMethod', policyVersion: 'v1', parameters: { httpMethod } });

    if (isFit) expect(answer.status).toBe(201);
    else expect(answer).toFailWith(InvalidParameter('httpMethod'));
  });

  it('holds an expression against required parameters alone', async () => {
    const parameters = { newResourcePath: '/a', includeQueryParams: 'perhaps' };

    expect((await refused({ policyName: 'rewriteResourcePath', policyVersion: 'v3', parameters })).status).toBe(201);
  });

  it('takes linear time, whatever the expression', async () => {
    const { name } = await commonPolicy(admin, { policyAttributes: [attribute('text', { validationRegex: '^(a+)+$' })] });
    const parameters = { text: `${'a'.repeat(20_000)}b` };

    expect(await refused({ policyName: name, policyVersion: 'v1', parameters })).toFailWith(InvalidParameter('text'));
  });

  it('to an API of AI alone is not looked at', async () => {
    const parameters = { roundRobinConfigs: '{}' };

    expect((await refused({ policyName: 'modelRoundRobin', policyVersion: 'v1', parameters })).status).toBe(201);
  });

  it.each([
    ['SSE', 'SUBSCRIBE'],
    ['WEBSUB', 'SUBSCRIBE'],
  ])('to an API of type %s does nothing', async (type, verb) => {
    const flows = { request: [header('A', { policyName: 'nothing' })] };

    const api = await made({ type, apiPolicies: flows, operations: [{ target: '/topic', verb, operationPolicies: flows }] });

    expect(api.apiPolicies).toEqual({ request: [], response: [], fault: [] });
    expect(api.operations[0]?.operationPolicies).toEqual({ request: [], response: [], fault: [] });
  });

  it('that is refused leaves the API as it was', async () => {
    const api = await made({ apiPolicies: { request: [header('A')] } });

    expect(await put(api, { apiPolicies: { request: [header('A', { policyName: 'nothing' })] } })).toFailWith(AttachedPolicyUnknown());

    expect((await read(api.id)).apiPolicies).toEqual(api.apiPolicies);
  });
});

describe('a secret parameter', () => {
  const attach = (policy: Policy, parameters: Body): Body => ({ policyName: policy.name, policyVersion: policy.version, parameters });

  it('reads back empty, and is kept when it comes back so', async () => {
    const policy = await withSecret();
    const api = await made({ apiPolicies: { request: [attach(policy, { user: 'ann', password: 'hunter2' })] } });
    expect(api.apiPolicies.request[0]?.parameters).toEqual({ user: 'ann', password: '' });

    const kept = await put(api, { description: 'changed' });

    expect(expected(kept, 200).apiPolicies).toEqual(api.apiPolicies);
    expect(JSON.stringify([api, kept.body, await read(api.id)])).not.toContain('hunter2');
  });

  it('is missing when there is none to keep', async () => {
    const policy = await withSecret();
    const request = [attach(policy, { user: 'ann', password: '' })];

    expect(await create({ apiPolicies: { request } })).toFailWith(AttributesMissing('password', policy.name));
    const api = await made({});
    expect(await put(api, { apiPolicies: { request } })).toFailWith(AttributesMissing('password', policy.name));
  });

  it('is not kept for an attachment in another place', async () => {
    const policy = await withSecret();
    const api = await made({ apiPolicies: { request: [attach(policy, { user: 'ann', password: 'hunter2' })] } });

    const moved = await put(api, { apiPolicies: { response: api.apiPolicies.request } });

    expect(moved).toFailWith(AttributesMissing('password', policy.name));
  });

  it('is checked before it is kept', async () => {
    const policy = await withSecret();

    expect(await create({ apiPolicies: { request: [attach(policy, { user: 'ann', password: 'abc' })] } })).toFailWith(
      InvalidParameter('password'),
    );
  });

  it('goes along into a new version', async () => {
    const policy = await withSecret();
    const api = await made({ apiPolicies: { request: [attach(policy, { user: 'ann', password: 'hunter2' })] } });
    const query = { apiId: api.id, newVersion: '2.0.0' };
    const copy = expected(await admin.publisher<Api>('POST /apis/copy-api', { query }), 201);

    expect((await put(copy)).status).toBe(200);
  });

  it('stays with its attachment when another one of the policy goes', async () => {
    const policy = await withSecret();
    const of = (user: string, password: string) => ({ policyName: policy.name, policyVersion: 'v1', parameters: { user, password } });
    const api = await made({ apiPolicies: { request: [of('ann', 'of ann'), of('bob', 'of bob')] } });

    expect((await put(api, { apiPolicies: { request: [of('bob', '')] } })).status).toBe(200);

    const files = await unzip(await exported(admin, { apiId: api.id, format: 'JSON', preserveCredentials: true }));
    const [, object] = [...files].find(([path]) => path.endsWith('/api.json')) ?? [];
    expect(JSON.parse(String(object))).toMatchObject({
      data: { apiPolicies: { request: [{ parameters: { user: 'bob', password: 'of bob' } }] } },
    });
  });
});
