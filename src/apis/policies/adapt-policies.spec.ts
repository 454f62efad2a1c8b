import { Problem } from '../../domain/problem.js';
import { APIDto } from '../dto/api.dto.js';
import { adaptPolicies, policiesInArchive } from './adapt-policies.js';
import { policyFiles } from './policy-archive.js';
import { policyContent } from './policy-content.js';
import { SHIPPED_POLICIES } from './shipped/shipped-policies.js';

const policy = (name: string, template = '<log/>') =>
  policyContent(
    {
      category: 'Mediation',
      name,
      version: 'v1',
      displayName: 'Does something',
      description: '',
      policyAttributes: [],
      applicableFlows: ['request'],
      supportedGateways: ['Synapse'],
      supportedApiTypes: ['HTTP'],
    },
    template,
    null,
  );

type Content = ReturnType<typeof policy>;
const archiveOf = (...policies: readonly (readonly [content: Content, suffix: string])[]) =>
  new Map(
    policies.flatMap(([content, suffix]) =>
      policyFiles(content, 'YAML', `Policies/${content.name}_${content.version}${suffix}`).map(
        ([path, text]) => [path, Buffer.from(text)] as const,
      ),
    ),
  );
const apiWith = (...request: readonly { policyName: string; policyVersion?: string; policyType?: string; policyId?: string }[]) =>
  Object.assign(new APIDto(), {
    apiPolicies: { request: [...request] },
    operations: [{ target: '/a', verb: 'GET', operationPolicies: { fault: [...request] } }],
  });
const adapted = async (files: ReturnType<typeof archiveOf>, commons: readonly Content[], dto: APIDto) => {
  const { dto: made, policies } = adaptPolicies(await policiesInArchive(files), commons, dto);
  return { api: made.apiPolicies?.request?.[0], operation: made.operations?.[0]?.operationPolicies?.fault?.[0], policies };
};

describe('an attached policy of an archive', () => {
  const sent = { policyName: 'p', policyVersion: 'v1', policyType: 'common', policyId: 'foreign' };

  it('is the common one of the tenant when both have the same content', async () => {
    const { api, operation, policies } = await adapted(archiveOf([policy('p'), '']), [policy('p')], apiWith(sent));

    expect(api).toEqual({ policyName: 'p', policyVersion: 'v1', policyType: 'common' });
    expect(operation).toEqual(api);
    expect(policies).toEqual([]);
  });

  it.each([
    ['the tenant does not have it', []],
    ['the tenant has another one by that name', [policy('p', '<drop/>')]],
  ])("becomes the API's own when %s", async (_, commons) => {
    const { api, operation, policies } = await adapted(archiveOf([policy('p'), '']), commons, apiWith(sent));

    expect(policies).toMatchObject([{ name: 'p_imported', specification: { name: 'p_imported', displayName: 'Does something Imported' } }]);
    expect(api).toMatchObject({ policyName: 'p_imported', policyType: 'api', policyId: policies[0]?.id });
    expect(operation).toEqual(api);
  });

  it('is the shipped one, however another vendor wrote it', async () => {
    const shipped = SHIPPED_POLICIES.find(({ name }) => name === 'jsonToXML');
    if (shipped === undefined) throw new Error('there is none');
    const foreign = policyContent({ ...shipped.specification, description: 'In other words' }, '<jsontoxml/>', null);

    const { api } = await adapted(archiveOf([foreign, '']), [shipped], apiWith({ ...sent, policyName: 'jsonToXML' }));

    expect(api).toMatchObject({ policyName: 'jsonToXML', policyType: 'common' });
  });

  it("stays the API's own under its name", async () => {
    const { api, policies } = await adapted(
      archiveOf([policy('p', '<a/>'), ''], [policy('p', '<b/>'), '_api']),
      [],
      apiWith({ ...sent, policyType: 'api' }),
    );

    expect(policies).toMatchObject([{ name: 'p', synapse: '<b/>' }]);
    expect(api).toMatchObject({ policyName: 'p', policyType: 'api', policyId: policies[0]?.id });
  });

  it('is looked up by its name when the archive does not hold it', async () => {
    const { api, policies } = await adapted(new Map(), [], apiWith(sent));

    expect(api).toEqual({ policyName: 'p', policyVersion: 'v1', policyType: 'common' });
    expect(policies).toEqual([]);
  });

  it('leaves an API without policies as it was', async () => {
    const dto = Object.assign(new APIDto(), { name: 'a' });

    expect(adaptPolicies([], [], dto).dto).toEqual(dto);
  });
});

describe('the policies of an archive', () => {
  it('are told apart by the ends of their file names', async () => {
    const found = await policiesInArchive(archiveOf([policy('p'), ''], [policy('q'), '_api']));

    expect(found.map(({ content, own }) => [content.name, own])).toEqual([
      ['p', false],
      ['q', true],
    ]);
  });

  it('have the digest they had', async () =>
    expect((await policiesInArchive(archiveOf([policy('p'), ''])))[0]?.content.md5).toBe(policy('p').md5));

  it('are taken once from two files that say the same, and refused where they say different things', async () => {
    const files = (template: string) =>
      new Map([
        ...archiveOf([policy('p'), '']),
        ...policyFiles(policy('p', template), 'JSON', 'Policies/other').map(([path, text]) => [path, Buffer.from(text)] as const),
      ]);

    expect(await policiesInArchive(files('<log/>'))).toHaveLength(1);
    await expect(policiesInArchive(files('<drop/>'))).rejects.toThrow(Problem);
  });

  it.each(['nothing', '{}'])('are refused when a specification is %j', (text) =>
    expect(policiesInArchive(new Map([['Policies/p_v1.yaml', Buffer.from(text)]]))).rejects.toThrow(Problem));

  it('are no files of other folders', () => expect(policiesInArchive(new Map([['Docs/p.yaml', Buffer.from('x')]]))).resolves.toEqual([]));
});
