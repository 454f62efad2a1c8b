import { randomUUID } from 'node:crypto';
import {
  DefinitionFilesMissing,
  InvalidSpecification,
  NamedPolicyNotFound,
  PolicyExists,
  PolicyNotFound,
  UnsupportedDefinitionFile,
  UnusableDefinition,
} from '../../src/apis/policies/policies.problems.js';
import { BadRequest, Unauthenticated } from '../../src/domain/problem.js';
import { readArchive } from '../../src/platform/archives/read-archive.js';
import { writeArchive } from '../../src/platform/archives/write-archive.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body, RequestOptions } from '../support/client.js';
import { given } from '../support/given.js';
import { attribute, commonPolicy, type Policy, policyData, policyForm, TEMPLATE } from '../support/policies.js';
import { unique } from '../support/unique.js';

interface List {
  readonly count: number;
  readonly list: readonly Policy[];
  readonly pagination: { readonly total: number; readonly limit: number; readonly next: string };
}

let admin: Actor;
let creator: Actor;
beforeAll(async () => {
  ({ admin } = await given.organization());
  creator = await given.user({ roles: ['Internal/creator'], by: admin });
});

const ONE = '/operation-policies/{operationPolicyId}';
const list = async (query: RequestOptions['query'] = {}, by = admin) =>
  expected(await by.publisher<List>('GET /operation-policies', { query }), 200);
const add = (form: RequestOptions['form'], by = admin) => by.publisher<Policy>('POST /operation-policies', { form: form ?? {} });
const on = <T = Body>(operation: string, operationPolicyId: string, by = admin) =>
  by.publisher<T>(operation, { path: { operationPolicyId } });
const exported = (query: RequestOptions['query'], by = admin) => by.publisher<Buffer>('GET /operation-policies/export', { query });
const imported = (file: Uint8Array, by = admin) =>
  by.publisher('POST /operation-policies/import', { form: { file: { file, name: 'policy.zip', type: 'application/zip' } } });
const filesOf = async (zip: Uint8Array) => readArchive(Buffer.from(zip), { entriesMax: 9, bytesMax: 100_000 });
const archiveOf = (data: Body, template: string = TEMPLATE) =>
  writeArchive([
    ['policy/policy.json', JSON.stringify({ type: 'operation_policy_specification', version: 'v4.7.0', data })],
    ['policy/policy.j2', template],
  ]);

describe('the common policies of a tenant', () => {
  it('are the shipped ones from the start, all of them without a limit', async () => {
    const { admin: other } = await given.organization();

    const { count, list: policies, pagination } = await list({}, other);

    expect(count).toBe(56);
    expect(pagination).toMatchObject({ total: 56, limit: 56, next: '' });
    expect(policies.find(({ name }) => name === 'rewriteResourcePath')).toMatchObject({
      version: 'v3',
      category: 'Mediation',
      applicableFlows: ['request'],
      supportedGateways: ['Synapse'],
      supportedApiTypes: ['HTTP'],
      isAPISpecific: false,
      policyAttributes: [
        { name: 'newResourcePath', required: true },
        { name: 'includeQueryParams', defaultValue: 'true' },
      ],
    });
    expect(policies.find(({ name }) => name === 'PromptTemplate')).toMatchObject({
      supportedApiTypes: [{ apiType: 'HTTP', subType: 'AIAPI' }],
    });
  });

  it('are listed by pages when a limit is given', async () => {
    const { list: policies, pagination } = await list({ limit: 2, offset: 1 });

    expect(policies).toHaveLength(2);
    expect(pagination).toMatchObject({ limit: 2, offset: 1, next: '/operation-policies?limit=2&offset=3' });
  });

  it.each(['name:addHeader', 'name:addHeader&version:v3', 'name:"addHeader" version:"v3"'])('are found by %s', async (query) => {
    const { list: policies } = await list({ query });

    expect(policies).toMatchObject([{ name: 'addHeader', version: 'v3' }]);
  });

  it('are not found by what none of them has', async () => {
    expect(await list({ query: 'name:addHeader&version:v1' })).toMatchObject({ count: 0, list: [] });
  });

  it.each([['addHeader'], ['category:Mediation'], ['name:a\0b']])('refuse to be asked for by %j', async (query) => {
    expect(await admin.publisher('GET /operation-policies', { query: { query } })).toFailWith(BadRequest);
  });

  it('refuse a query that is given twice', async () => {
    const answer = await admin.publisher('GET /operation-policies', { query: { query: ['name:a', 'name:b'] } });

    expect(answer).toFailWith(BadRequest);
  });
});

describe('a common policy', () => {
  it('is created with all it says, and read back', async () => {
    const data = policyData({
      category: 'Security',
      supportedApiTypes: ['HTTP', { apiType: 'HTTP', subType: 'AIAPI' }],
      policyAttributes: [
        attribute('size', { type: 'Integer', description: 'How large', validationRegex: '^[0-9]+$', defaultValue: 5 }),
        attribute('color', { type: 'Enum', required: false, allowedValues: ['red', 'blue'] }),
      ],
    });

    const answer = await add(policyForm(data));

    const { id } = expected(answer, 201);
    expect(answer.headers['location']).toContain(`/operation-policies/${id}`);
    expect(answer.body).toMatchObject({
      ...data,
      md5: expect.stringMatching(/^[0-9a-f]{32}$/),
      isAPISpecific: false,
      policyAttributes: [
        { name: 'size', type: 'Integer', validationRegex: '^[0-9]+$', defaultValue: '5', required: true, allowedValues: [] },
        { name: 'color', type: 'Enum', validationRegex: null, defaultValue: null, required: false, allowedValues: ['red', 'blue'] },
      ],
    });
    expect((await on(`GET ${ONE}`, id)).body).toEqual(answer.body);
  });

  it('may be described in YAML', async () => {
    const name = unique('yaml');
    const specification = `type: operation_policy_specification
version: v4.7.0
data:
  category: Mediation
  name: ${name}
  version: v2
  displayName: In YAML
  policyAttributes:
    - { name: text, displayName: Text, type: String, required: false, validationRegex: "^\\\\d+$" }
  applicableFlows: [request]
  supportedGateways: [Synapse]
  supportedApiTypes: [HTTP]
`;

    const answer = await add({
      policySpecFile: { file: specification, name: 'policy.yaml' },
      synapsePolicyDefinitionFile: { file: TEMPLATE, name: 'policy.j2' },
    });

    expect(expected(answer, 201)).toMatchObject({ name, version: 'v2', policyAttributes: [{ validationRegex: '^\\d+$' }] });
  });

  it('has the digest of its content, whatever it is called by', async () => {
    const data = policyData();
    const { md5 } = expected(await add(policyForm(data)), 201);
    const { admin: other } = await given.organization();

    const same = expected(await add(policyForm(data), other), 201);
    const changed = expected(await add(policyForm({ ...data, version: 'v2' }, `${TEMPLATE} `)), 201);

    expect(same.md5).toBe(md5);
    expect(changed.md5).not.toBe(md5);
  });

  it('exists once for a name and version', async () => {
    const { name, version } = await commonPolicy(admin);

    expect(await add(policyForm(policyData({ name, version })))).toFailWith(PolicyExists(name, version));
    expect((await add(policyForm(policyData({ name, version: 'v2' })))).status).toBe(201);
  });

  it.each<[string, Body]>([
    ['name', { name: undefined }],
    ['name', { name: '' }],
    ['name', { name: 'a/b' }],
    ['name', { name: 5 }],
    ['version', { version: undefined }],
    ['category', { category: 'Magic' }],
    ['applicableFlows', { applicableFlows: ['in'] }],
    ['supportedGateways', { supportedGateways: ['Mars'] }],
    ['supportedApiTypes', { supportedApiTypes: ['FTP'] }],
    ['supportedApiTypes', { supportedApiTypes: [] }],
    ['policyAttributes', { policyAttributes: [{ name: 'a', displayName: 'A', type: 'String' }] }],
    ['type', { policyAttributes: [attribute('a', { type: 'Colour' })] }],
    ['twice', { policyAttributes: [attribute('a'), attribute('a')] }],
    ['unusable', { description: 'a\0b' }],
  ])('is refused for a wrong %s: %j', async (word, wrong) => {
    const answer = await add(policyForm(policyData(wrong)));

    expect(answer).toFailWith(InvalidSpecification);
    expect(answer.body).toMatchObject({ description: expect.stringContaining(word) });
  });

  it.each([
    ['no document', 'just words'],
    ['neither JSON nor YAML', '{"type": '],
    ['another type', JSON.stringify({ type: 'api', data: policyData() })],
    ['no data', JSON.stringify({ type: 'operation_policy_specification' })],
    ['an alias', `type: &t operation_policy_specification\ndata:\n  name: *t\n`],
    ['a list', '[]'],
  ])('is refused for a specification that is %s', async (_, file) => {
    const answer = await add({
      policySpecFile: { file, name: 'policy.yaml' },
      synapsePolicyDefinitionFile: { file: TEMPLATE, name: 'policy.j2' },
    });

    expect(answer).toFailWith(InvalidSpecification);
  });

  it('is refused without a specification, or without the file of a gateway that needs one', async () => {
    const { policySpecFile, ...rest } = policyForm(policyData());

    expect(await add(rest)).toFailWith(BadRequest);
    expect(await add({ policySpecFile })).toFailWith(DefinitionFilesMissing);
    expect((await add(policyForm(policyData({ supportedGateways: ['AWS'] }), null))).status).toBe(201);
  });

  it('is refused when a file is not named as its gateway wants it', async () => {
    const { policySpecFile } = policyForm(policyData());
    const file = { file: TEMPLATE, name: 'policy.xml' };

    expect(await add({ policySpecFile, synapsePolicyDefinitionFile: file })).toFailWith(UnsupportedDefinitionFile('policy.xml'));
    expect(await add({ policySpecFile, ccPolicyDefinitionFile: file })).toFailWith(UnsupportedDefinitionFile('policy.xml'));
  });

  it.each([
    ['a prolog', '<?xml version="1.0"?><log/>'],
    ['a document type', '<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/passwd">]><log/>'],
    ['a zero byte', 'a\0b'],
    ['more than a megabyte', ' '.repeat(1_048_577)],
  ])('is refused for a template with %s', async (_, template) => {
    expect(await add(policyForm(policyData(), template))).toFailWith(UnusableDefinition);
  });

  it('is refused for an expression that could take for ever', async () => {
    const policyAttributes = [attribute('a', { validationRegex: '^(?=a).*$' })];

    expect(await add(policyForm(policyData({ policyAttributes })))).toFailWith(UnusableDefinition);
  });

  it('is deleted, and unknown then', async () => {
    const { id } = await commonPolicy(admin);

    const answer = await on(`DELETE ${ONE}`, id);

    expect(answer.status).toBe(200);
    expect(await on(`GET ${ONE}`, id)).toFailWith(PolicyNotFound(id));
    expect(await on(`DELETE ${ONE}`, id)).toFailWith(PolicyNotFound(id));
  });

  it.each([randomUUID(), 'export2', 'a\0b'])('%j is not known', async (id) => {
    expect(await on(`GET ${ONE}`, id)).toFailWith(PolicyNotFound(id));
    expect(await on(`GET ${ONE}/content`, id)).toFailWith(PolicyNotFound(id));
  });

  it('is hidden from other tenants', async () => {
    const { id, name, version } = await commonPolicy(admin);
    const { admin: stranger } = await given.organization();

    expect(await on(`GET ${ONE}`, id, stranger)).toFailWith(PolicyNotFound(id));
    expect(await on(`GET ${ONE}/content`, id, stranger)).toFailWith(PolicyNotFound(id));
    expect(await on(`DELETE ${ONE}`, id, stranger)).toFailWith(PolicyNotFound(id));
    expect(await exported({ name, version }, stranger)).toFailWith(NamedPolicyNotFound(name, version));
    expect(await list({ query: `name:${name}` }, stranger)).toMatchObject({ count: 0 });
  });

  it('needs its scopes', async () => {
    const { id } = await commonPolicy(admin);
    const subscriber = creator.withScopes('apim:subscribe');
    const viewer = creator.withScopes('apim:common_operation_policy_view');

    expect(await on(`GET ${ONE}`, id, viewer)).toMatchObject({ status: 200 });
    expect(await add(policyForm(policyData()), viewer)).toFailWith(Unauthenticated);
    expect(await on(`DELETE ${ONE}`, id, viewer)).toFailWith(Unauthenticated);
    expect(await imported(Buffer.from('x'), viewer)).toFailWith(Unauthenticated);
    expect(await exported({ name: 'addHeader', version: 'v3' }, viewer)).toFailWith(Unauthenticated);
    expect(await subscriber.publisher('GET /operation-policies')).toFailWith(Unauthenticated);
    expect(await on(`GET ${ONE}`, id, subscriber)).toFailWith(Unauthenticated);
    expect(await on(`GET ${ONE}/content`, id, subscriber)).toFailWith(Unauthenticated);
  });
});

describe('the archive of a policy', () => {
  it('holds its specification and its template below a folder of its name', async () => {
    const { id, name } = await commonPolicy(admin);

    const answer = await on<Buffer>(`GET ${ONE}/content`, id);

    expect(answer.headers).toMatchObject({
      'content-type': 'application/zip',
      'content-disposition': expect.stringContaining(`filename="${name}_v1.zip"`),
    });
    const files = await filesOf(expected(answer, 200));
    expect([...files.keys()]).toEqual([`${name}/${name}.yaml`, `${name}/${name}.j2`]);
    expect(files.get(`${name}/${name}.j2`)?.toString()).toBe(TEMPLATE);
    expect(files.get(`${name}/${name}.yaml`)?.toString()).toContain('type: operation_policy_specification\nversion: v4.7.0\ndata:\n');
  });

  it('says of a shipped policy that the gateway has it built in', async () => {
    const files = await filesOf(expected(await exported({ name: 'addQueryParam', version: 'v1', format: 'JSON' }), 200));

    expect([...files.keys()]).toEqual(['json', 'j2', 'gotmpl'].map((extension) => `addQueryParam/addQueryParam.${extension}`));
    expect(JSON.parse(String(files.get('addQueryParam/addQueryParam.json')))).toMatchObject({
      type: 'operation_policy_specification',
      data: { name: 'addQueryParam', version: 'v1' },
    });
    expect(String(files.get('addQueryParam/addQueryParam.j2'))).toBe(
      '{# addQueryParam v1 is built into the gateway; this file stands for it. #}\n',
    );
  });

  it.each(['YAML', 'json'])('goes to another tenant as %s with the same digest', async (format) => {
    const { name, version, md5 } = await commonPolicy(admin, { policyAttributes: [attribute('a', { type: 'Secret' })] });
    const { admin: other } = await given.organization();

    const answer = await imported(expected(await exported({ name, version, format }), 200), other);

    expect(answer.status).toBe(201);
    const [id = ''] = /[^/]+$/.exec(answer.headers['location'] ?? '') ?? [];
    expect((await on(`GET ${ONE}`, id, other)).body).toMatchObject({ name, version, md5 });
  });

  it('is not imported twice', async () => {
    const { name, version } = await commonPolicy(admin);

    const answer = await imported(expected(await exported({ name, version }), 200));

    expect(answer).toFailWith(PolicyExists(name, version));
  });

  it('is not found by another name or version', async () => {
    expect(await exported({ name: 'addHeader', version: 'v1' })).toFailWith(NamedPolicyNotFound('addHeader', 'v1'));
  });

  it('is not exported without a name or in a format of somebody else', async () => {
    expect(await exported({ version: 'v1' })).toFailWith(BadRequest);
    expect(await exported({ name: 'a\0b', version: 'v1' })).toFailWith(BadRequest);
    expect(await exported({ name: 'addHeader', version: 'v3', format: 'XML' })).toFailWith(BadRequest);
  });

  it('is refused when it is none, or holds no policy', async () => {
    const broken = await archiveOf({ ...policyData(), name: '' });

    expect(await imported(Buffer.from('no archive'))).toFailWith(BadRequest);
    expect(await admin.publisher('POST /operation-policies/import', { form: {} })).toFailWith(BadRequest);
    expect(await imported(await writeArchive([['policy/readme.txt', 'nothing']]))).toFailWith(BadRequest);
    expect(await imported(broken)).toFailWith(InvalidSpecification);
    expect(await imported(await archiveOf(policyData(), '<?xml version="1.0"?><log/>'))).toFailWith(UnusableDefinition);
  });

  it('is refused without the file of any gateway', async () => {
    const data = policyData();
    const document = JSON.stringify({ type: 'operation_policy_specification', version: 'v4.7.0', data });

    expect(await imported(await writeArchive([['p/p.json', document]]))).toFailWith(DefinitionFilesMissing);
  });
});
