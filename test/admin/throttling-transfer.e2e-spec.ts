import { dump } from 'js-yaml';
import { AlreadyExists } from '../../src/domain/problem.js';
import { NotOfSuperTenant } from '../../src/throttling/rules/custom-rules.problems.js';
import { PolicyNotFound } from '../../src/throttling/throttling.problems.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { given, type Organization } from '../support/given.js';
import { unique } from '../support/unique.js';

interface Exported {
  readonly type: string;
  readonly subtype: string;
  readonly version: string;
  readonly data: Body & { readonly policyId: string; readonly policyName: string };
}

const requests = (requestCount: number) => ({ type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'min', unitTime: 1, requestCount } });

/** One policy of each kind, with all that the kind may say. */
const KINDS = [
  [
    'app',
    'application',
    'application policy',
    {
      defaultLimit: { type: 'BANDWIDTHLIMIT', bandwidth: { timeUnit: 'hour', unitTime: 2, dataAmount: 5, dataUnit: 'MB' } },
      burstLimit: { rateLimitCount: 3, rateLimitTimeUnit: 'sec' },
    },
  ],
  [
    'sub',
    'subscription',
    'subscription policy',
    {
      defaultLimit: {
        type: 'AIAPIQUOTALIMIT',
        aiApiQuota: { timeUnit: 'min', unitTime: 1, requestCount: 5, totalTokenCount: 100, promptTokenCount: 60, completionTokenCount: 40 },
      },
      rateLimitCount: 2,
      rateLimitTimeUnit: 'min',
      subscriberCount: 3,
      graphQLMaxComplexity: 4,
      graphQLMaxDepth: 2,
      customAttributes: [{ name: 'region', value: 'eu' }],
      stopOnQuotaReach: false,
      billingPlan: 'COMMERCIAL',
      monetization: { monetizationPlan: 'DYNAMICRATE', properties: { pricePerRequest: '1', currencyType: 'EUR', billingCycle: 'month' } },
      permissions: { permissionType: 'DENY', roles: ['Internal/creator'] },
    },
  ],
  [
    'api',
    'advanced',
    'advanced policy',
    {
      defaultLimit: requests(9),
      conditionalGroups: [
        {
          description: 'all four kinds',
          conditions: [
            { type: 'HEADERCONDITION', invertCondition: false, headerCondition: { headerName: 'host', headerValue: 'a.example' } },
            {
              type: 'IPCONDITION',
              invertCondition: true,
              ipCondition: { ipConditionType: 'IPRANGE', startingIP: '10.1.2.3', endingIP: '10.1.2.9' },
            },
            {
              type: 'QUERYPARAMETERCONDITION',
              invertCondition: false,
              queryParameterCondition: { parameterName: 'a', parameterValue: 'b' },
            },
            { type: 'JWTCLAIMSCONDITION', invertCondition: false, jwtClaimsCondition: { claimUrl: 'aud', attribute: 'x' } },
          ],
          limit: requests(3),
        },
      ],
    },
  ],
] as const;

const KIND = { type: 'throttling policy', subtype: 'application policy', version: 'v4.7.0' } as const;
const policy = () => ({ policyName: unique('policy'), defaultLimit: requests(7) });

const importing = (by: Actor, document: unknown, { overwrite, name = 'policy.json' }: { overwrite?: boolean; name?: string } = {}) =>
  by.admin('POST /throttling/policies/import', {
    query: { overwrite },
    form: { file: { file: typeof document === 'string' || document instanceof Uint8Array ? document : JSON.stringify(document), name } },
  });

const made = async (by: Actor, level: string, body: object) =>
  expected(await by.admin<{ policyId: string; policyName: string }>(`POST /throttling/policies/${level}`, { body }), 201);

let home: Organization;
beforeAll(async () => {
  home = await given.organization();
});

describe.each(KINDS)('a policy of type %s', (type, level, subtype, content) => {
  it('is exported by id and by name, and comes back in another tenant as it was', async () => {
    const body = { policyName: unique('policy'), displayName: 'Shown', description: 'Made by a test', ...content };
    const { policyId, policyName } = await made(home.admin, level, body);

    const byName = await home.admin.admin<Exported>('GET /throttling/policies/export', { query: { name: policyName, type } });
    const byId = await home.admin.admin<Exported>('GET /throttling/policies/export', { query: { policyId } });
    const data = { ...body, policyId, isDeployed: false };
    expect(byName).toMatchObject({ status: 200, body: { type: 'throttling policy', subtype, version: 'v4.7.0', data } });
    expect(byId.body).toEqual(byName.body);

    const other = await given.organization();
    expect((await importing(other.admin, byName.body)).status).toBe(201);
    const again = await other.admin.admin<Exported>('GET /throttling/policies/export', { query: { name: policyName, type } });
    expect({ ...again.body.data, policyId }).toEqual(byName.body.data);
    expect(again.body.data.policyId).not.toBe(policyId);
  });

  it('is replaced only where that is asked for', async () => {
    const body = { policyName: unique('policy'), ...content };
    const { policyId, policyName } = await made(home.admin, level, body);
    const exported = await home.admin.admin<Exported>('GET /throttling/policies/export', { query: { policyId } });
    const changed = { ...exported.body, data: { ...exported.body.data, description: 'Changed' } };

    expect(await importing(home.admin, changed)).toFailWith(AlreadyExists(`Policy with name ${policyName} already exists`));
    expect((await importing(home.admin, changed, { overwrite: true })).status).toBe(200);

    const { data } = expected(await home.admin.admin<Exported>('GET /throttling/policies/export', { query: { policyId } }), 200);
    expect(data).toEqual({ ...exported.body.data, description: 'Changed' });
  });
});

describe('a custom rule', () => {
  const QUERY = `FROM RequestStream
SELECT userId, ( userId == 'nobody@carbon.super' ) AS isEligible, str:concat('nobody@carbon.super','') as throttleKey
INSERT INTO EligibilityStream;

FROM EligibilityStream[isEligible==true]#throttler:timeBatch(1 min)
SELECT throttleKey, (count(userId) >= 10) as isThrottled, expiryTimeStamp group by throttleKey
INSERT ALL EVENTS into ResultStream;`;
  const by = given.superAdmin;
  const rule = () => made(by, 'custom', { policyName: unique('rule'), siddhiQuery: QUERY, keyTemplate: '$userId' });

  it('is found, carried and replaced like any other policy', async () => {
    const { policyId, policyName } = await rule();
    const exported = await by.admin<Exported>('GET /throttling/policies/export', { query: { name: policyName, type: 'global' } });
    const data = { policyId, policyName, siddhiQuery: QUERY, keyTemplate: '$userId', isDeployed: false };
    expect(exported).toMatchObject({ status: 200, body: { type: 'throttling policy', subtype: 'custom rule', version: 'v4.7.0', data } });
    const search = await by.admin<{ list: readonly object[] }>('GET /throttling/policies/search', {
      query: { query: `type:global name:${policyName}` },
    });
    expect(search.body.list).toEqual([expect.objectContaining({ uuid: policyId, policyName, type: 'global' })]);

    expect((await importing(by, exported.body)).status).toBe(409);
    expect((await importing(by, exported.body, { overwrite: true })).status).toBe(200);
    expected(await by.admin('DELETE /throttling/policies/custom/{ruleId}', { path: { ruleId: policyId } }), 200);
    expect((await importing(by, exported.body)).status).toBe(201);
  });

  it('is the super tenant’s alone', async () => {
    const { policyId, policyName } = await rule();
    const { body } = await by.admin<Exported>('GET /throttling/policies/export', { query: { policyId } });
    const exporting = (query: Record<string, string>) => home.admin.admin('GET /throttling/policies/export', { query });

    expect(await exporting({ name: policyName, type: 'global' })).toFailWith(NotOfSuperTenant());
    expect(await exporting({ policyId, type: 'global' })).toFailWith(NotOfSuperTenant());
    expect(await importing(home.admin, body)).toFailWith(NotOfSuperTenant());
    expect(await exporting({ policyId })).toFailWith(PolicyNotFound);
    expect(await exporting({ name: policyName })).toFailWith(PolicyNotFound);
  });
});

it('finds a name without its type, plans before the other kinds', async () => {
  const { policyName } = await made(home.admin, 'application', policy());
  const found = async (name: string) =>
    (await home.admin.admin<Exported>('GET /throttling/policies/export', { query: { name } })).body.subtype;

  expect(await found(policyName)).toBe('application policy');
  expect(await found('Unlimited')).toBe('subscription policy');
});

it('takes a YAML file, what older releases wrote, and what it does not know', async () => {
  const one = policy();
  const file = dump({ ...KIND, type: 'rate-limiting policy', subtype: 'application', version: 'v4.1.0', data: { ...one, colour: 'red' } });

  expect((await importing(home.admin, file, { name: 'policy.yaml' })).status).toBe(201);
  const { data } = expected(
    await home.admin.admin<Exported>('GET /throttling/policies/export', { query: { name: one.policyName, type: 'app' } }),
    200,
  );
  expect(data).toMatchObject(one);
});

describe('an export is refused', () => {
  it.each([
    ['an unknown id', { policyId: '7d0e8a0e-9a34-4a44-9f0b-0f5a3b1c2d3e' }],
    ['no id', { policyId: 'no-uuid' }],
    ['an unknown name', { name: 'nobody', type: 'sub' }],
    ['a name of another type', { name: 'Gold', type: 'app' }],
    ['a zero byte', { name: '\0' }],
  ])('as not found with %s', async (_, query) => {
    expect(await home.admin.admin('GET /throttling/policies/export', { query })).toFailWith(PolicyNotFound);
  });

  it.each([
    ['nothing', {}],
    ['a type alone', { type: 'sub' }],
    ['an unknown type', { name: 'Gold', type: 'moon' }],
    ['an unknown type beside an id', { policyId: '7d0e8a0e-9a34-4a44-9f0b-0f5a3b1c2d3e', type: 'moon' }],
  ])('with %s', async (_, query) => {
    expect(await home.admin.admin('GET /throttling/policies/export', { query })).toFailWith({ status: 400, code: 400 });
  });

  it('for the policy of another tenant', async () => {
    const { policyId } = await made(given.superAdmin, 'application', policy());

    expect(await home.admin.admin('GET /throttling/policies/export', { query: { policyId } })).toFailWith(PolicyNotFound);
  });
});

describe('of imports that overwrite, at the same time,', () => {
  const TIMES = 6;
  const rounds = (play: (round: number) => Promise<string>) => Promise.all(Array.from({ length: TIMES }, (_, round) => play(round)));

  it('one makes the policy and the others replace it', async () => {
    const outcomes = await rounds(async () => {
      const document = { ...KIND, data: policy() };
      const answers = await Promise.all(Array.from({ length: 4 }, () => importing(home.admin, document, { overwrite: true })));
      return answers
        .map(({ status }) => status)
        .toSorted()
        .join(' ');
    });

    expect(outcomes).toEqual(Array.from({ length: TIMES }, () => '200 200 200 201'));
  });

  it('one that finds the policy just deleted makes it again', async () => {
    const outcomes = await rounds(async () => {
      const content = policy();
      const { policyId } = await made(home.admin, 'application', content);
      const [deleted, imported] = await Promise.all([
        home.admin.admin('DELETE /throttling/policies/application/{policyId}', { path: { policyId } }),
        importing(home.admin, { ...KIND, data: content }, { overwrite: true }),
      ]);
      return `${deleted.status} ${imported.status}`;
    });

    expect(outcomes.filter((outcome) => outcome !== '200 200' && outcome !== '200 201')).toEqual([]);
  });

  it('without overwriting only one succeeds', async () => {
    const document = { ...KIND, data: policy() };

    const answers = await Promise.all(Array.from({ length: 4 }, () => importing(home.admin, document)));

    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409]);
  });
});

describe('an import is refused', () => {
  it.each([
    ['no document', '', 'The file is neither JSON nor YAML: %s'],
    ['a list', [], 'The file is no exported policy.'],
    ['a broken document', '{"type":', 'The file is neither JSON nor YAML: %s'],
    ['an alias', 'type: &a throttling policy\nsubtype: *a', 'The file is neither JSON nor YAML: %s'],
    ['bytes that are no text', '\u0000\u0001', 'The file is neither JSON nor YAML: %s'],
    [
      'a name in another encoding',
      Buffer.from(JSON.stringify({ ...KIND, data: { ...policy(), policyName: 'Größe' } }), 'latin1'),
      'The file is neither JSON nor YAML: %s',
    ],
    ['another type', { ...KIND, type: 'api', data: policy() }, "The file is no exported policy: its type is not 'throttling policy'."],
    ['another subtype', { ...KIND, subtype: 'moon policy', data: policy() }, 'The subtype of the policy must be one of: %s.'],
    ['no data', { ...KIND }, 'The file is no exported policy: it has no data.'],
    ['data without a name', { ...KIND, data: { defaultLimit: requests(1) } }, 'Validation Error'],
    ['an impossible quota', { ...KIND, data: { ...policy(), defaultLimit: requests(0) } }, 'Validation Error'],
    ['a file that is too large', `#${' '.repeat(1_048_577)}`, undefined],
  ])('with %s', async (_, document, description) => {
    const answer = await importing(home.admin, document);

    if (description === undefined) expect(answer.status).toBe(413);
    else expect(answer).toFailWith({ status: 400, code: 400, description });
  });

  it('without a file', async () => {
    const answer = await home.admin.admin('POST /throttling/policies/import', { form: { other: 'x' } });

    expect(answer).toFailWith({ status: 400, code: 400 });
  });
});

it('needs a scope that manages policies', async () => {
  const reader = given.superAdmin.withScopes('apim:admin_tier_view');
  const carrier = given.superAdmin.withScopes('apim:policies_import_export');
  const query = { name: 'Gold', type: 'sub' };

  expect((await reader.admin('GET /throttling/policies/export', { query })).status).toBe(401);
  expect((await importing(reader, { ...KIND, data: policy() })).status).toBe(401);
  expect((await carrier.admin('GET /throttling/policies/export', { query })).status).toBe(200);
  expect((await importing(carrier, { ...KIND, data: policy() })).status).toBe(201);
});
