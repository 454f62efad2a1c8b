import { AttributesMissing, PolicyExists } from '../../src/apis/policies/policies.problems.js';
import { BadRequest } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import { type ArchiveContents, exported, importArchive, imported, unzip } from '../support/archives.js';
import type { Body, RequestOptions } from '../support/client.js';
import { type GivenApi, given } from '../support/given.js';
import { apiPolicy, attribute, commonPolicy, type Policy, policyData, TEMPLATE } from '../support/policies.js';

interface Attached {
  readonly policyName: string;
  readonly policyType: string;
  readonly policyId: string;
  readonly parameters: Body;
}

let admin: Actor;
let stranger: Actor;
beforeAll(async () => {
  ({ admin } = await given.organization());
  ({ admin: stranger } = await given.organization());
});

const attachedAs = ({ name }: Pick<Policy, 'name'>, further: Body = {}): Body => ({
  policyName: name,
  policyVersion: 'v1',
  parameters: {},
  ...further,
});
const apiWith = (...request: readonly Body[]): Promise<GivenApi> =>
  given.api({ by: admin, with: { operations: [{ target: '/pets', verb: 'GET', operationPolicies: { request } }] } });
const attach = async ({ id }: GivenApi, ...request: readonly Body[]): Promise<void> => {
  const { body } = await admin.publisher('GET /apis/{apiId}', { path: { apiId: id } });
  const change = { ...body, apiPolicies: { request } };
  expected(await admin.publisher('PUT /apis/{apiId}', { path: { apiId: id }, body: change }), 200);
};
/** The files of an archive below its folder. */
const contents = async (apiId: string, query: RequestOptions['query'] = {}, by = admin): Promise<ArchiveContents> => {
  const files = await unzip(await exported(by, { apiId, format: 'JSON', ...query }));
  return Object.fromEntries([...files].map(([path, bytes]) => [path.slice(path.indexOf('/') + 1), String(bytes)]));
};
const requestOf = async (by: Actor, apiId: string): Promise<readonly Attached[]> => {
  type Api = { readonly operations: readonly { readonly operationPolicies: { readonly request: readonly Attached[] } }[] };
  const api = expected(await by.publisher<Api>('GET /apis/{apiId}', { path: { apiId } }), 200);
  return api.operations[0]?.operationPolicies.request ?? [];
};
const templateOf = async (by: Actor, apiId: string, operationPolicyId: string): Promise<string> => {
  const path = { apiId, operationPolicyId };
  const answer = await by.publisher<Uint8Array>('GET /apis/{apiId}/operation-policies/{operationPolicyId}/content', { path });
  const files = await unzip(expected(answer, 200));
  return String([...files].find(([path]) => path.endsWith('.j2'))?.[1]);
};
const elsewhere = async (archive: ArchiveContents): Promise<string> => (await imported(stranger, archive, { preserveProvider: false })).id;

it('policies lie in a folder of their own, those of the API alone with an ending of their own', async () => {
  const common = await commonPolicy(admin);
  const api = await apiWith(attachedAs(common));
  const own = await apiPolicy(admin, api.id);
  await attach(api, attachedAs(own));

  const files = await contents(api.id);

  expect(
    Object.keys(files)
      .filter((path) => path.startsWith('Policies/'))
      .sort(),
  ).toEqual(
    [`${common.name}_v1.j2`, `${common.name}_v1.json`, `${own.name}_v1_api.j2`, `${own.name}_v1_api.json`]
      .map((name) => `Policies/${name}`)
      .sort(),
  );
  expect(JSON.parse(String(files[`Policies/${common.name}_v1.json`]))).toMatchObject({
    type: 'operation_policy_specification',
    version: 'v4.7.0',
    data: { name: common.name, version: 'v1', displayName: common.displayName },
  });
  expect(files[`Policies/${own.name}_v1_api.j2`]).toBe(TEMPLATE);
});

it('a common policy that a tenant does not have becomes one of the API alone, in the place it had', async () => {
  const [first, second] = [await commonPolicy(admin), await commonPolicy(admin)];
  const api = await apiWith(attachedAs(second), attachedAs(first), attachedAs(second));

  const id = await elsewhere(await contents(api.id));

  const attached = await requestOf(stranger, id);
  expect(attached.map(({ policyName }) => policyName)).toEqual([second, first, second].map(({ name }) => `${name}_imported`));
  expect(attached).toMatchObject([{ policyType: 'api' }, { policyType: 'api' }, { policyType: 'api' }]);
  const path = { apiId: id };
  const { list } = expected(await stranger.publisher<{ list: readonly Policy[] }>('GET /apis/{apiId}/operation-policies', { path }), 200);
  expect(list.map(({ displayName }) => displayName)).toEqual(['A policy Imported', 'A policy Imported']);
  expect(await templateOf(stranger, id, attached[0]?.policyId ?? '')).toBe(TEMPLATE);
});

it('a common policy that a tenant has is the one it has', async () => {
  const data = policyData();
  const common = await commonPolicy(admin, data);
  await commonPolicy(stranger, data);
  const api = await apiWith(attachedAs(common));

  const id = await elsewhere(await contents(api.id));

  expect(await requestOf(stranger, id)).toMatchObject([{ policyName: common.name, policyType: 'common' }]);
});

it('an import over an API changes its policies, and revisions keep theirs', async () => {
  const common = await commonPolicy(admin);
  const api = await apiWith(attachedAs(common));
  const own = await apiPolicy(admin, api.id);
  await attach(api, attachedAs(own));
  const path = { apiId: api.id };
  const { id: revisionId } = expected(await admin.publisher<{ id: string }>('POST /apis/{apiId}/revisions', { path, body: {} }), 201);
  const before = await contents(api.id, { revisionNumber: 1 });
  const changed = { ...(await contents(api.id)), [`Policies/${own.name}_v1_api.j2`]: '<drop/>' };

  await imported(admin, changed, { overwrite: true });

  expect((await contents(api.id))[`Policies/${own.name}_v1_api.j2`]).toBe('<drop/>');
  expect(await contents(api.id, { revisionNumber: 1 })).toEqual(before);
  expected(await admin.publisher('POST /apis/{apiId}/restore-revision', { path, query: { revisionId } }), 201);
  expect((await contents(api.id))[`Policies/${own.name}_v1_api.j2`]).toBe(TEMPLATE);
});

describe('a secret parameter', () => {
  const withSecret = () => commonPolicy(admin, { policyAttributes: [attribute('user'), attribute('password', { type: 'Secret' })] });
  const parameters = (password: string) => ({ parameters: { user: 'ann', password } });
  const shownIn = (files: ArchiveContents): unknown =>
    JSON.parse(String(files['api.json'])).data.operations[0].operationPolicies.request[0];

  it('leaves with the credentials alone, and comes back with them', async () => {
    const policy = await withSecret();
    const api = await apiWith(attachedAs(policy, parameters('top secret')));

    const [blank, clear] = [await contents(api.id), await contents(api.id, { preserveCredentials: true })];
    const id = await elsewhere(clear);

    expect(JSON.stringify(blank)).not.toContain('top secret');
    expect(shownIn(blank)).toMatchObject(parameters(''));
    expect(shownIn(clear)).toMatchObject(parameters('top secret'));
    expect(await requestOf(stranger, id)).toMatchObject([parameters('')]);
    expect(shownIn(await contents(id, { preserveCredentials: true }, stranger))).toMatchObject(parameters('top secret'));
  });

  it('stays where the archive has it blank, and is missed where there is none', async () => {
    const policy = await withSecret();
    const api = await apiWith(attachedAs(policy, parameters('top secret')));
    const blank = await contents(api.id);

    await imported(admin, blank, { overwrite: true });

    expect(shownIn(await contents(api.id, { preserveCredentials: true }))).toMatchObject(parameters('top secret'));
    expect(await importArchive(stranger, blank, { preserveProvider: false })).toFailWith(AttributesMissing);
  });
});

describe('an archive', () => {
  const specification = (data: Body) => JSON.stringify({ type: 'operation_policy_specification', version: 'v4.7.0', data });

  it('may hold a policy of the API in both formats, but not two of one name', async () => {
    const { id } = await given.api({ by: admin });
    const files = await contents(id);
    const data = policyData();
    const twice = { 'Policies/a_api.json': specification(data), 'Policies/a_api.yaml': specification(data), 'Policies/a_api.j2': TEMPLATE };
    const other = { 'Policies/b_api.json': specification(data), 'Policies/b_api.j2': '<drop/>' };

    expect(await importArchive(admin, { ...files, ...twice, ...other }, { overwrite: true })).toFailWith(BadRequest);
    expect((await importArchive(admin, { ...files, ...twice }, { overwrite: true })).status).toBe(200);
  });

  it('may not hold a policy that takes the name of one that is renamed', async () => {
    const common = await commonPolicy(admin);
    const api = await apiWith(attachedAs(common));
    const own = await apiPolicy(admin, api.id, { name: `${common.name}_imported`, description: 'another' });
    await attach(api, attachedAs(own, { policyType: 'api' }));

    expect(await importArchive(stranger, await contents(api.id), { preserveProvider: false })).toFailWith(PolicyExists);
  });

  it.each([
    ['is no specification', 'nothing', TEMPLATE],
    ['has a template that is no text', specification(policyData()), Buffer.from([0xff])],
  ])('is refused when a policy of it %s', async (_, text, template) => {
    const { id } = await given.api({ by: admin });
    const files = { ...(await contents(id)), 'Policies/a_v1.json': text, 'Policies/a_v1.j2': template };

    expect(await importArchive(admin, files, { overwrite: true })).toFailWith({ status: 400 });
  });
});

it('sequences of an archive older than 4.1 become policies of the API', async () => {
  const api = await given.api({ by: admin });
  const sequence = (name: string) =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<sequence xmlns="http://ws.apache.org/ns/synapse" name="${name}"><log level="custom"><property name="a" value="{{ b }}"/></log></sequence>`;
  const archive = {
    ...(await contents(api.id)),
    'Sequences/in-sequence/Custom/note.xml': sequence('note'),
    'Sequences/out-sequence/note.xml': sequence('note'),
    'Sequences/fault-sequence/json_fault.xml': sequence('json_fault'),
  };

  const id = await elsewhere(archive);

  type Flows = Readonly<Record<'request' | 'response' | 'fault', readonly Attached[]>>;
  const { apiPolicies } = expected(await stranger.publisher<{ apiPolicies: Flows }>('GET /apis/{apiId}', { path: { apiId: id } }), 200);
  const named = (flow: readonly Attached[]) => flow.map(({ policyName, policyType }) => `${policyType} ${policyName}`);
  expect(named(apiPolicies.request)).toEqual(['api note']);
  expect(named(apiPolicies.response)).toEqual(['api note_response']);
  expect(named(apiPolicies.fault)).toEqual(['api json_fault']);
  expect(await templateOf(stranger, id, apiPolicies.request[0]?.policyId ?? '')).toContain('{{ b }}');
  const broken = { ...archive, 'Sequences/fault-sequence/json_fault.xml': '<sequence><nonsense/></sequence>' };
  expect(await importArchive<Body>(stranger, broken, { preserveProvider: false, overwrite: true })).toMatchObject({ status: 400 });
});
