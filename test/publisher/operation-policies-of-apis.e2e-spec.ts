import { randomUUID } from 'node:crypto';
import { ApiNotFound } from '../../src/apis/apis.problems.js';
import { LiveApiNeedsPublisher } from '../../src/apis/apis-for-change.js';
import { AttachedPolicyUnknown, InvalidSpecification, PolicyExists, PolicyNotFound } from '../../src/apis/policies/policies.problems.js';
import { Forbidden, Unauthenticated } from '../../src/domain/problem.js';
import { readArchive } from '../../src/platform/archives/read-archive.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body, RequestOptions } from '../support/client.js';
import { given } from '../support/given.js';
import { apiPolicy, type Policy, policyData, policyForm, TEMPLATE } from '../support/policies.js';

interface List {
  readonly count: number;
  readonly list: readonly Policy[];
  readonly pagination: { readonly total: number; readonly limit: number };
}

let admin: Actor;
let creator: Actor;
let apiId: string;
beforeAll(async () => {
  ({ admin } = await given.organization());
  creator = await given.user({ roles: ['Internal/creator'], by: admin });
});
beforeEach(async () => {
  ({ id: apiId } = await given.api({ by: admin }));
});

const ALL = '/apis/{apiId}/operation-policies';
const ONE = `${ALL}/{operationPolicyId}`;
const add = (data: Body, by = admin, of = apiId) => by.publisher<Policy>(`POST ${ALL}`, { path: { apiId: of }, form: policyForm(data) });
const list = async (query: RequestOptions['query'] = {}) =>
  expected(await admin.publisher<List>(`GET ${ALL}`, { path: { apiId }, query }), 200);
const on = <T = Body>(operation: string, operationPolicyId: string, by = admin, of = apiId) =>
  by.publisher<T>(operation, { path: { apiId: of, operationPolicyId } });
const attached = async (policy: Policy): Promise<void> => {
  const { body } = await admin.publisher('GET /apis/{apiId}', { path: { apiId } });
  const apiPolicies = { request: [{ policyName: policy.name, policyVersion: policy.version, policyType: 'api' }] };
  expected(await admin.publisher('PUT /apis/{apiId}', { path: { apiId }, body: { ...body, apiPolicies } }), 200);
};

describe('a policy of one API', () => {
  it('is created by its creator, and read back', async () => {
    const data = policyData();

    const answer = await add(data, creator);

    const { id } = expected(answer, 201);
    expect(answer.headers['location']).toContain(`/apis/${apiId}/operation-policies/${id}`);
    expect(answer.body).toMatchObject({ ...data, isAPISpecific: true });
    expect((await on(`GET ${ONE}`, id, creator)).body).toEqual(answer.body);
  });

  it('has an archive', async () => {
    const { id, name } = await apiPolicy(admin, apiId);

    const answer = await on<Buffer>(`GET ${ONE}/content`, id);

    const files = await readArchive(Buffer.from(expected(answer, 200)), { entriesMax: 5, bytesMax: 10_000 });
    expect(files.get(`${name}/${name}.j2`)?.toString()).toBe(TEMPLATE);
  });

  it('may have a template of any name', async () => {
    const form = { ...policyForm(policyData()), synapsePolicyDefinitionFile: { file: TEMPLATE, name: 'policy.xml' } };

    expect((await admin.publisher(`POST ${ALL}`, { path: { apiId }, form })).status).toBe(201);
  });

  it('is listed with its kind by name, 25 to a page', async () => {
    await apiPolicy(admin, apiId, { name: 'b' });
    await apiPolicy(admin, apiId, { name: 'a' });

    expect(await list({ query: 'anything' })).toMatchObject({
      count: 2,
      list: [{ name: 'a' }, { name: 'b' }],
      pagination: { total: 2, limit: 25 },
    });
    expect(await list({ limit: 1, offset: 1 })).toMatchObject({ count: 1, list: [{ name: 'b' }] });
  });

  it('exists once in its API', async () => {
    const { name, version } = await apiPolicy(admin, apiId);
    const { id: otherApi } = await given.api({ by: admin });

    expect(await add(policyData({ name, version }))).toFailWith(PolicyExists(name, version));
    expect((await add(policyData({ name, version }), admin, otherApi)).status).toBe(201);
  });

  it('is refused when its specification is wrong', async () => {
    expect(await add(policyData({ category: 'Magic' }))).toFailWith(InvalidSpecification);
  });

  it('is deleted, and taken off the API where it was attached', async () => {
    const policy = await apiPolicy(admin, apiId);
    await attached(policy);

    const answer = await on(`DELETE ${ONE}`, policy.id);

    expect(answer.status).toBe(200);
    expect(await on(`GET ${ONE}`, policy.id)).toFailWith(PolicyNotFound(policy.id));
    expect((await admin.publisher('GET /apis/{apiId}', { path: { apiId } })).body).toMatchObject({ apiPolicies: { request: [] } });
  });

  it('comes back with a revision that uses it', async () => {
    const policy = await apiPolicy(admin, apiId);
    await attached(policy);
    const revision = expected(await admin.publisher<{ id: string }>('POST /apis/{apiId}/revisions', { path: { apiId }, body: {} }), 201);
    const { body: stale } = await admin.publisher('GET /apis/{apiId}', { path: { apiId } });
    expected(await on(`DELETE ${ONE}`, policy.id), 200);
    expect(await list()).toMatchObject({ count: 0 });
    expect(await on(`GET ${ONE}`, policy.id)).toFailWith(PolicyNotFound(policy.id));
    expect(await admin.publisher('PUT /apis/{apiId}', { path: { apiId }, body: stale })).toFailWith(AttachedPolicyUnknown());

    const restored = await admin.publisher('POST /apis/{apiId}/restore-revision', { path: { apiId }, query: { revisionId: revision.id } });

    expect(expected(restored, 201)).toMatchObject({ apiPolicies: { request: [{ policyName: policy.name, policyId: policy.id }] } });
    expect(await list()).toMatchObject({ list: [{ id: policy.id }] });
  });

  it('is still there when a restored revision uses it, although another one has its name by now', async () => {
    const policy = await apiPolicy(admin, apiId);
    await attached(policy);
    const revision = expected(await admin.publisher<{ id: string }>('POST /apis/{apiId}/revisions', { path: { apiId }, body: {} }), 201);
    expected(await on(`DELETE ${ONE}`, policy.id), 200);
    const other = await apiPolicy(admin, apiId, { name: policy.name, description: 'Another one' });

    const restored = await admin.publisher('POST /apis/{apiId}/restore-revision', { path: { apiId }, query: { revisionId: revision.id } });

    const body = expected(restored, 201);
    expect((await on(`GET ${ONE}`, policy.id)).status).toBe(200);
    expect(await list()).toMatchObject({ list: [{ id: other.id }] });
    const same = await admin.publisher('PUT /apis/{apiId}', { path: { apiId }, body });
    expect(expected(same, 200)['apiPolicies']).toEqual(body['apiPolicies']);
    const copied = await admin.publisher('POST /apis/copy-api', { query: { apiId, newVersion: '2.0.0' } });
    expect(expected(copied, 201)).toMatchObject({ apiPolicies: { request: [{ policyName: policy.name, policyType: 'api' }] } });
  });

  it('goes along into a new version as a copy', async () => {
    const { id, name, md5 } = await apiPolicy(admin, apiId);
    const query = { apiId, newVersion: '2.0.0' };

    const { id: newId } = expected(await admin.publisher<{ id: string }>('POST /apis/copy-api', { query }), 201);

    const { list: copies } = expected(await admin.publisher<List>(`GET ${ALL}`, { path: { apiId: newId } }), 200);
    expect(copies).toMatchObject([{ name, md5 }]);
    expect(copies[0]?.id).not.toBe(id);
  });

  it('is unknown to other APIs', async () => {
    const { id } = await apiPolicy(admin, apiId);
    const { id: otherApi } = await given.api({ by: admin });

    expect(await on(`GET ${ONE}`, id, admin, otherApi)).toFailWith(PolicyNotFound(id));
    expect(await on(`DELETE ${ONE}`, id, admin, otherApi)).toFailWith(PolicyNotFound(id));
  });

  it.each([randomUUID(), 'x'])('%s is unknown', async (id) => {
    expect(await on(`GET ${ONE}`, id)).toFailWith(PolicyNotFound(id));
    expect(await on(`GET ${ONE}/content`, id)).toFailWith(PolicyNotFound(id));
    expect(await on(`DELETE ${ONE}`, id)).toFailWith(PolicyNotFound(id));
  });

  it('is hidden from other tenants, as its API is', async () => {
    const { id } = await apiPolicy(admin, apiId);
    const { admin: stranger } = await given.organization();

    expect(await on(`GET ${ONE}`, id, stranger)).toFailWith(ApiNotFound(apiId));
    expect(await on(`GET ${ONE}/content`, id, stranger)).toFailWith(ApiNotFound(apiId));
    expect(await on(`DELETE ${ONE}`, id, stranger)).toFailWith(ApiNotFound(apiId));
    expect(await add(policyData(), stranger)).toFailWith(ApiNotFound(apiId));
    expect(await stranger.publisher(`GET ${ALL}`, { path: { apiId } })).toFailWith(ApiNotFound(apiId));
  });

  it('is kept from those whom the access roles of its API keep out', async () => {
    const { id: restricted } = await given.api({ by: admin, with: { accessControl: 'RESTRICTED', accessControlRoles: ['admin'] } });

    expect(await add(policyData(), creator, restricted)).toFailWith(Forbidden);
  });

  it('is not deleted by a creator once its API is published', async () => {
    const { id } = await apiPolicy(admin, apiId);
    expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId, action: 'Publish' } }), 200);

    expect(await on(`DELETE ${ONE}`, id, creator)).toFailWith(LiveApiNeedsPublisher('PUBLISHED'));
  });

  it('needs its scopes', async () => {
    const { id } = await apiPolicy(admin, apiId);
    const subscriber = creator.withScopes('apim:subscribe');
    const viewer = creator.withScopes('apim:mediation_policy_view');

    expect((await on(`GET ${ONE}`, id, viewer)).status).toBe(200);
    expect(await add(policyData(), viewer)).toFailWith(Unauthenticated);
    expect(await on(`DELETE ${ONE}`, id, viewer)).toFailWith(Unauthenticated);
    expect(await on(`GET ${ONE}`, id, subscriber)).toFailWith(Unauthenticated);
    expect(await on(`GET ${ONE}/content`, id, subscriber)).toFailWith(Unauthenticated);
    expect(await subscriber.publisher(`GET ${ALL}`, { path: { apiId } })).toFailWith(Unauthenticated);
  });
});
