import { randomUUID } from 'node:crypto';
import {
  EmptyMapping,
  GatewayLabelNotFound,
  GatewayPolicyDeployed,
  GatewayPolicyNotFound,
  LabelTaken,
  PolicyDeploymentsExist,
} from '../../src/apis/gateway-policies/gateway-policies.problems.js';
import {
  AttachedPolicyUnknown,
  AttributesMissing,
  InvalidParameter,
  PolicyIdMismatch,
  PolicyNotAllowed,
} from '../../src/apis/policies/policies.problems.js';
import { BadRequest, Conflict, Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body, RequestOptions } from '../support/client.js';
import { given } from '../support/given.js';
import { apiPolicy, attribute, commonPolicy } from '../support/policies.js';
import { unique } from '../support/unique.js';

interface Mapping extends Body {
  readonly id: string;
  readonly displayName: string;
  readonly policyMapping: { readonly request: readonly Body[]; readonly response: readonly Body[]; readonly fault: readonly Body[] };
  readonly appliedGatewayLabels: readonly string[];
}
interface List {
  readonly count: number;
  readonly list: readonly Mapping[];
  readonly pagination: { readonly total: number };
}

let admin: Actor;
beforeAll(async () => {
  ({ admin } = await given.organization());
});

const header = (further: Body = {}): Body => ({
  policyName: 'addHeader',
  policyVersion: 'v3',
  policyType: 'common',
  parameters: { headerName: 'X-Gateway', headerValue: 'here' },
  ...further,
});
const ONE = '/gateway-policies/{gatewayPolicyMappingId}';
const mapping = (further: Body = {}): Body => ({
  displayName: 'headers',
  description: 'Says where it was',
  policyMapping: { request: [header()] },
  ...further,
});
const add = (further: Body = {}, by = admin) => by.publisher<Mapping>('POST /gateway-policies', { body: mapping(further) });
const added = async (further: Body = {}): Promise<string> => expected(await add(further), 201).id;
const on = (operation: string, id: string, options: RequestOptions = {}, by = admin) =>
  by.publisher<Mapping>(operation, { path: { gatewayPolicyMappingId: id }, ...options });
const read = async (id: string): Promise<Mapping> => expected(await on(`GET ${ONE}`, id), 200);
const list = async (query: RequestOptions['query'] = {}) => expected(await admin.publisher<List>('GET /gateway-policies', { query }), 200);
const target = (gatewayLabel = 'Default', gatewayDeployment = true): Body => ({ gatewayLabel, gatewayDeployment });
const deploy = (id: string, ...body: readonly Body[]) => on(`POST ${ONE}/deploy`, id, { body });
const environment = async (): Promise<{ readonly id: string; readonly name: string }> => {
  const body = { name: unique('env'), vhosts: [{ host: 'gw.example.com' }] };
  return expected(await admin.admin<{ id: string; name: string }>('POST /environments', { body }), 201);
};

describe('a gateway policy', () => {
  it('is created with what it runs, and read back', async () => {
    const flows = { request: [header(), header()], response: [header()], fault: [] };

    const answer = await add({ policyMapping: flows });

    const { id } = expected(answer, 201);
    expect(answer.body).toEqual({ id, displayName: 'headers', description: 'Says where it was' });
    expect(answer.headers['location']).toContain(`/gateway-policies/${id}`);
    const { policyMapping, ...rest } = await read(id);
    expect(rest).toEqual({ id, displayName: 'headers', description: 'Says where it was', appliedGatewayLabels: [] });
    expect(policyMapping).toMatchObject(flows);
  });

  it('is replaced, and takes back what a read gave', async () => {
    const id = await added();
    const body = await read(id);

    const same = await on(`PUT ${ONE}`, id, { body });
    const other = await on(`PUT ${ONE}`, id, { body: { displayName: 'other', policyMapping: { fault: [header()] } } });

    expect(expected(same, 200)).toEqual(body);
    expect(expected(other, 200)).toMatchObject({ id, displayName: 'other', description: '', policyMapping: { request: [] } });
    expect(await read(id)).toEqual(other.body);
  });

  it('keeps its secrets to itself', async () => {
    const { name } = await commonPolicy(admin, { policyAttributes: [attribute('password', { type: 'Secret' })] });
    const request = [{ policyName: name, policyVersion: 'v1', parameters: { password: 'hunter2' } }];
    const id = await added({ policyMapping: { request } });

    const before = await read(id);
    const after = await on(`PUT ${ONE}`, id, { body: before });

    expect(before.policyMapping.request).toMatchObject([{ parameters: { password: '' } }]);
    expect(expected(after, 200)).toEqual(before);
  });

  it.each([{}, { request: [] }, { request: null }])('is refused without policies: %j', async (policyMapping) => {
    expect(await add({ policyMapping })).toFailWith(EmptyMapping());
    const id = await added();
    expect(await on(`PUT ${ONE}`, id, { body: mapping({ policyMapping }) })).toFailWith(EmptyMapping());
  });

  it.each<[string, Body, object]>([
    ['an unknown policy', { request: [header({ policyName: 'nothing' })] }, AttachedPolicyUnknown()],
    [
      'a policy of another gateway',
      { request: [header({ policyName: 'apkRemoveHeader', policyVersion: 'v1' })] },
      PolicyNotAllowed('apkRemoveHeader'),
    ],
    [
      'a policy of another flow',
      { response: [header({ policyName: 'setToHeader', policyVersion: 'v2' })] },
      PolicyNotAllowed('setToHeader'),
    ],
    ['a parameter missing', { fault: [header({ parameters: { headerName: 'a' } })] }, AttributesMissing('headerValue', 'addHeader')],
    [
      'a parameter that is not fit',
      { request: [{ policyName: 'changeHTTPMethod', parameters: { httpMethod: 'x' } }] },
      InvalidParameter('httpMethod'),
    ],
  ])('is refused with %s', async (_, policyMapping, problem) => {
    expect(await add({ policyMapping })).toFailWith(problem as ReturnType<typeof EmptyMapping>); // each row has one
  });

  it('is refused with a name missing, or of the wrong type', async () => {
    expect(await add({ displayName: undefined })).toFailWith(BadRequest);
    expect(await add({ displayName: '' })).toFailWith(BadRequest);
    expect(await add({ displayName: 5 })).toFailWith(BadRequest);
    expect(await add({ description: 'a\0b' })).toFailWith(BadRequest);
    expect((await add({ description: null })).status).toBe(201);
  });

  it('runs common policies alone', async () => {
    const { id: apiId } = await given.api({ by: admin });
    const own = await apiPolicy(admin, apiId);
    const { admin: stranger } = await given.organization();
    const foreign = await commonPolicy(stranger);

    for (const { id, name } of [own, foreign]) {
      const request = [{ policyName: name, policyVersion: 'v1', policyId: id }];
      expect(await add({ policyMapping: { request } })).toFailWith(AttachedPolicyUnknown());
    }
    const { id } = await commonPolicy(admin);
    expect(await add({ policyMapping: { request: [header({ policyId: id })] } })).toFailWith(PolicyIdMismatch('addHeader', 'v3', id));
  });

  it('keeps its policies from being deleted', async () => {
    const common = await commonPolicy(admin);
    const id = await added({ policyMapping: { request: [{ policyName: common.name, policyVersion: 'v1' }] } });
    const remove = () => admin.publisher('DELETE /operation-policies/{operationPolicyId}', { path: { operationPolicyId: common.id } });
    expect(await remove()).toFailWith(Conflict);

    expected(await on(`DELETE ${ONE}`, id), 200);

    expect((await remove()).status).toBe(200);
  });

  it('is listed by name, whole or by pages', async () => {
    ({ admin } = await given.organization());
    const b = await added({ displayName: 'b' });
    const a = await added({ displayName: 'a' });

    expect(await list()).toMatchObject({ count: 2, list: [{ id: a }, { id: b }], pagination: { total: 2, limit: 2 } });
    expect(await list({ limit: 1, offset: 1 })).toMatchObject({ count: 1, list: [{ id: b, appliedGatewayLabels: [] }] });
  });

  it.each([randomUUID(), 'x'])('%s is unknown', async (id) => {
    const unknown = GatewayPolicyNotFound(id);

    expect(await on(`GET ${ONE}`, id)).toFailWith(unknown);
    expect(await on(`PUT ${ONE}`, id, { body: mapping() })).toFailWith(unknown);
    expect(await on(`DELETE ${ONE}`, id)).toFailWith(unknown);
    expect(await deploy(id, target())).toFailWith(unknown);
  });

  it('is hidden from other tenants', async () => {
    const id = await added();
    const { admin: stranger } = await given.organization();
    const unknown = GatewayPolicyNotFound(id);

    expect(await on(`GET ${ONE}`, id, {}, stranger)).toFailWith(unknown);
    expect(await on(`PUT ${ONE}`, id, { body: mapping() }, stranger)).toFailWith(unknown);
    expect(await on(`DELETE ${ONE}`, id, {}, stranger)).toFailWith(unknown);
    expect(await on(`POST ${ONE}/deploy`, id, { body: [target()] }, stranger)).toFailWith(unknown);
    expect(expected(await stranger.publisher<List>('GET /gateway-policies'), 200).count).toBe(0);
  });

  it('is read by creators and changed by administrators', async () => {
    const id = await added();
    const creator = await given.user({ roles: ['Internal/creator'], by: admin });

    expect((await on(`GET ${ONE}`, id, {}, creator)).status).toBe(200);
    expect(await add({}, creator)).toFailWith(Unauthenticated);
    expect(await on(`PUT ${ONE}`, id, { body: mapping() }, creator)).toFailWith(Unauthenticated);
    expect(await on(`DELETE ${ONE}`, id, {}, creator)).toFailWith(Unauthenticated);
    expect(await on(`POST ${ONE}/deploy`, id, { body: [target()] }, creator)).toFailWith(Unauthenticated);
    const subscriber = creator.withScopes('apim:subscribe');
    expect(await subscriber.publisher('GET /gateway-policies')).toFailWith(Unauthenticated);
    expect(await on(`GET ${ONE}`, id, {}, subscriber)).toFailWith(Unauthenticated);
  });
});

describe('deploying a gateway policy', () => {
  it('reaches no environment that is being deleted', async () => {
    const id = await added();
    const environments = await Promise.all(Array.from({ length: 12 }, environment));

    await Promise.all(
      environments.flatMap(({ id: environmentId, name }) => [
        deploy(id, target(name)),
        admin.admin('DELETE /environments/{environmentId}', { path: { environmentId } }),
      ]),
    );

    const { list: left } = expected(await admin.admin<{ list: readonly { name: string }[] }>('GET /environments'), 200);
    const names = left.map(({ name }) => name);
    expect((await read(id)).appliedGatewayLabels.filter((label) => !names.includes(label))).toEqual([]);
  });

  // Each test has the label `Default` of a tenant of its own.
  beforeEach(async () => {
    ({ admin } = await given.organization());
  });

  it('puts it on the gateways of a label, again if need be, and takes it off', async () => {
    const id = await added();

    const answer = await deploy(id, { ...target(), mappingUUID: id });

    expect(answer).toMatchObject({ status: 200, body: [{ gatewayLabel: 'Default', gatewayDeployment: true, mappingUUID: id }] });
    expect((await deploy(id, target())).status).toBe(200);
    expect(await read(id)).toMatchObject({ appliedGatewayLabels: ['Default'] });
    expect(await list({ query: 'gatewayLabel:Default' })).toMatchObject({ count: 1, list: [{ id, appliedGatewayLabels: ['Default'] }] });
    expect((await deploy(id, target('Default', false))).status).toBe(200);
    expect(await read(id)).toMatchObject({ appliedGatewayLabels: [] });
    expect(await list({ query: 'gatewayLabel:Default' })).toMatchObject({ count: 0 });
  });

  it('changes all gateways that are named, or none', async () => {
    const { name } = await environment();
    const id = await added();

    expect(await deploy(id, target(name), target('Nowhere'))).toFailWith(GatewayLabelNotFound('Nowhere'));
    expect(await read(id)).toMatchObject({ appliedGatewayLabels: [] });
    expected(await deploy(id, target(name), target()), 200);
    expect((await read(id)).appliedGatewayLabels.toSorted()).toEqual(['Default', name].toSorted());
  });

  it('leaves a label alone that runs another one', async () => {
    const first = await added();
    const second = await added({ displayName: 'second' });
    expected(await deploy(first, target()), 200);

    expect(await deploy(second, target())).toFailWith(LabelTaken('Default'));
    expect((await deploy(second, target('Default', false))).status).toBe(200);
    expect(await read(first)).toMatchObject({ appliedGatewayLabels: ['Default'] });
    expected(await deploy(first, target('Default', false)), 200);

    expect((await deploy(second, target())).status).toBe(200);
  });

  it('is decided between two that want the same labels in another order', async () => {
    const labels = [target(), target((await environment()).name)];
    const [first, second] = [await added(), await added({ displayName: 'second' })];
    const statuses = new Set<number>();

    for (let round = 0; round < 15; round += 1) {
      const answers = await Promise.all([deploy(first, ...labels), deploy(second, ...labels.toReversed())]);
      for (const { status } of answers) statuses.add(status);
      for (const id of [first, second]) await deploy(id, ...labels.map((label) => ({ ...label, gatewayDeployment: false })));
    }

    expect([...statuses].sort()).toEqual([200, 409]);
  });

  it('counts the last word on a label that is named twice', async () => {
    const id = await added();

    expected(await deploy(id, target('Default', false), target()), 200);
    expect(await read(id)).toMatchObject({ appliedGatewayLabels: ['Default'] });
    expected(await deploy(id, target(), target('Default', false)), 200);
    expect(await read(id)).toMatchObject({ appliedGatewayLabels: [] });
  });

  it('keeps it from being deleted, and lets it be changed', async () => {
    const id = await added();
    expected(await deploy(id, target()), 200);

    expect(await on(`DELETE ${ONE}`, id)).toFailWith(GatewayPolicyDeployed(id));
    expect(await on(`PUT ${ONE}`, id, { body: mapping({ displayName: 'new' }) })).toMatchObject({
      status: 200,
      body: { appliedGatewayLabels: ['Default'] },
    });
    expected(await deploy(id, target('Default', false)), 200);

    expect((await on(`DELETE ${ONE}`, id)).status).toBe(200);
  });

  it('keeps the environment from being deleted', async () => {
    const { id: environmentId, name } = await environment();
    const id = await added();
    expected(await deploy(id, target(name)), 200);
    const remove = () => admin.admin('DELETE /environments/{environmentId}', { path: { environmentId } });

    expect(await remove()).toFailWith(PolicyDeploymentsExist(environmentId));
    expected(await deploy(id, target(name, false)), 200);

    expect((await remove()).status).toBe(200);
  });

  it.each([
    ['no list', {}],
    ['an empty list', []],
    ['no label', [{ gatewayDeployment: true }]],
    ['no decision', [{ gatewayLabel: 'Default' }]],
    ['another mapping', [{ ...target(), mappingUUID: randomUUID() }]],
    ['no objects', ['Default']],
  ])('is refused with %s', async (_, body) => {
    const id = await added();

    expect(await on(`POST ${ONE}/deploy`, id, { body })).toFailWith(BadRequest);
  });

  it.each(['name:a', 'Default', 'gatewayLabel:'])('is not searched by %s', async (query) => {
    expect(await admin.publisher('GET /gateway-policies', { query: { query } })).toFailWith(BadRequest);
  });
});
