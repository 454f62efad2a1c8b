import { AlreadyExists } from '../../src/domain/problem.js';
import { AiQuotaTypeFixed, LimitWithoutBody, PolicyNotFound } from '../../src/throttling/throttling.problems.js';
import { expected } from '../support/actor.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given, type Organization } from '../support/given.js';
import { unique } from '../support/unique.js';

interface Policy {
  readonly policyId: string;
  readonly policyName: string;
  readonly displayName: string;
  readonly type: string;
  readonly isDeployed: boolean;
}

interface PolicyList {
  readonly count: number;
  readonly list: readonly Policy[];
}

const UNKNOWN_ID = '7d0e8a0e-9a34-4a44-9f0b-0f5a3b1c2d3e';
const LEVELS = ['application', 'subscription', 'advanced'] as const;

const requests = (requestCount: number) => ({
  type: 'REQUESTCOUNTLIMIT',
  requestCount: { timeUnit: 'min', unitTime: 1, requestCount },
});

const bodyOf = (level: (typeof LEVELS)[number], requestCount = 7) => ({
  policyName: unique('policy'),
  description: 'Made by a test',
  defaultLimit: requests(requestCount),
  ...(level === 'subscription' && { stopOnQuotaReach: true }),
});

/** A tenant that nobody changes. */
let fresh: Organization;
beforeAll(async () => {
  fresh = await given.organization();
});

describe('the shipped policies of a new tenant', () => {
  it.each([
    ['application', ['10PerMin', '20PerMin', '50PerMin', 'Unlimited']],
    ['advanced', ['10KPerMin', '20KPerMin', '50KPerMin', 'Unlimited']],
    [
      'subscription',
      [
        'AIBronze',
        'AIGold',
        'AISilver',
        'AsyncBronze',
        'AsyncDefaultSubscriptionless',
        'AsyncGold',
        'AsyncSilver',
        'AsyncUnlimited',
        'AsyncWHBronze',
        'AsyncWHGold',
        'AsyncWHSilver',
        'AsyncWHUnlimited',
        'Bronze',
        'DefaultSubscriptionless',
        'Gold',
        'Silver',
        'Unauthenticated',
        'Unlimited',
      ],
    ],
  ] as const)('%s: %j', async (level, names) => {
    const { status, body } = await fresh.admin.admin<PolicyList>(`GET /throttling/policies/${level}`);

    expect(status).toBe(200);
    expect(body.count).toBe(names.length);
    expect(body.list.map(({ policyName }) => policyName)).toEqual(names);
    expect(body.list.every(({ isDeployed }) => isDeployed)).toBe(true);
  });

  it('stores Unlimited as the largest count', async () => {
    const { body } = await fresh.admin.admin<PolicyList>('GET /throttling/policies/application');

    expect(body.list.find(({ policyName }) => policyName === 'Unlimited')).toMatchObject({
      type: 'ApplicationThrottlePolicy',
      defaultLimit: requests(2_147_483_647),
      burstLimit: { rateLimitCount: 0, rateLimitTimeUnit: '' },
    });
  });
});

describe.each(LEVELS)('a policy of level %s', (level) => {
  const path = `/throttling/policies/${level}`;

  it('is created, read, changed and deleted', async () => {
    const body = bodyOf(level);
    const created = await given.superAdmin.admin<Policy>(`POST ${path}`, { body });
    expect(created).toMatchObject({ status: 201, body: { ...body, displayName: body.policyName, isDeployed: true } });
    const id = { policyId: created.body.policyId };
    expect(created.headers['location']).toContain(`${path}/${id.policyId}`);

    const read = await given.superAdmin.admin<Policy>(`GET ${path}/{policyId}`, { path: id });
    expect(read).toMatchObject({ status: 200, body: created.body });

    const change = { ...body, policyName: unique('renamed'), displayName: 'Changed', defaultLimit: requests(9) };
    const changed = await given.superAdmin.admin<Policy>(`PUT ${path}/{policyId}`, { path: id, body: change });
    // The name is what APIs and subscriptions refer to: it stays.
    expect(changed).toMatchObject({ status: 200, body: { ...change, policyName: body.policyName } });

    expect((await given.superAdmin.admin(`DELETE ${path}/{policyId}`, { path: id })).status).toBe(200);
    const gone = await given.superAdmin.admin(`GET ${path}/{policyId}`, { path: id });
    expect(gone).toFailWith(PolicyNotFound);
  });

  it('is refused under a name that is taken', async () => {
    const body = bodyOf(level);
    expected(await given.superAdmin.admin(`POST ${path}`, { body }), 201);

    const again = await given.superAdmin.admin(`POST ${path}`, { body });

    expect(again).toFailWith(AlreadyExists);
  });

  it('may have the same name in two tenants', async () => {
    const [one, other] = await Promise.all([given.organization(), given.organization()]);
    const body = bodyOf(level);

    expect((await one.admin.admin(`POST ${path}`, { body })).status).toBe(201);
    expect((await other.admin.admin(`POST ${path}`, { body })).status).toBe(201);
  });

  it('is hidden from other tenants', async () => {
    const { admin } = await given.organization();
    const { policyId } = expected(await given.superAdmin.admin<Policy>(`POST ${path}`, { body: bodyOf(level) }), 201);

    for (const operation of ['GET', 'DELETE']) {
      expect(await admin.admin(`${operation} ${path}/{policyId}`, { path: { policyId } })).toFailWith(PolicyNotFound);
    }
    expect(await admin.admin(`PUT ${path}/{policyId}`, { path: { policyId }, body: bodyOf(level) })).toFailWith(PolicyNotFound);
  });

  it.each([UNKNOWN_ID, 'no-uuid'])('is not found under the id %s', async (policyId) => {
    expect(await given.superAdmin.admin(`GET ${path}/{policyId}`, { path: { policyId } })).toFailWith(PolicyNotFound);
    expect(await given.superAdmin.admin(`PUT ${path}/{policyId}`, { path: { policyId }, body: bodyOf(level) })).toFailWith(PolicyNotFound);
    expect(await given.superAdmin.admin(`DELETE ${path}/{policyId}`, { path: { policyId } })).toFailWith(PolicyNotFound);
  });

  it.each([
    ['no name', { policyName: undefined }],
    ['a name that is too long', { policyName: 'x'.repeat(61) }],
    ['no limit', { defaultLimit: undefined }],
    ['an unknown type of limit', { defaultLimit: { type: 'MOODLIMIT' } }],
    [
      'a text for a number',
      { defaultLimit: { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'min', unitTime: 1, requestCount: 'ten' } } },
    ],
    ['an unknown property', { colour: 'red' }],
  ])('is refused with %s', async (_, wrong) => {
    const answer = await given.superAdmin.admin(`POST ${path}`, { body: { ...bodyOf(level), ...wrong } });

    expect(answer).toFailWith({ status: 400, code: 400, message: 'Bad Request' });
  });

  it('is refused when the limit lacks the object of its type', async () => {
    const body = { ...bodyOf(level), defaultLimit: { ...requests(1), type: 'BANDWIDTHLIMIT' } };

    expect(await given.superAdmin.admin(`POST ${path}`, { body })).toFailWith(LimitWithoutBody);
  });

  it('is changed only when If-Match still fits', async () => {
    const { policyId } = expected(await given.superAdmin.admin<Policy>(`POST ${path}`, { body: bodyOf(level) }), 201);
    const { headers } = await given.superAdmin.admin(`GET ${path}/{policyId}`, { path: { policyId } });
    const change = { path: { policyId }, body: bodyOf(level, 8), headers: { 'if-match': headers['etag'] ?? '' } };

    expect((await given.superAdmin.admin(`PUT ${path}/{policyId}`, change)).status).toBe(200);
    expect((await given.superAdmin.admin(`PUT ${path}/{policyId}`, change)).status).toBe(412);
  });

  it('needs a scope that manages policies', async () => {
    const reader = given.superAdmin.withScopes('apim:admin_tier_view');

    expect((await reader.admin(`GET ${path}`)).status).toBe(200);
    expect((await reader.admin(`POST ${path}`, { body: bodyOf(level) })).status).toBe(401);
  });
});

it('keeps everything a business plan says', async () => {
  const body = {
    ...bodyOf('subscription'),
    displayName: 'Platinum',
    rateLimitCount: 5,
    rateLimitTimeUnit: 'sec',
    subscriberCount: 3,
    graphQLMaxComplexity: 4,
    graphQLMaxDepth: 2,
    customAttributes: [{ name: 'region', value: 'eu' }],
    stopOnQuotaReach: false,
    billingPlan: 'COMMERCIAL',
    monetization: { monetizationPlan: 'FIXEDRATE', properties: { fixedPrice: '10', currencyType: 'EUR', billingCycle: 'month' } },
    permissions: { permissionType: 'DENY', roles: ['Internal/creator'] },
  };

  const created = await given.superAdmin.admin<Policy>('POST /throttling/policies/subscription', { body });

  expect(created).toMatchObject({ status: 201, body });
});

it.each([
  ['subscription', { permissions: [] }],
  ['subscription', { permissions: [{ permissionType: 'ALLOW', roles: ['admin'] }] }],
  ['subscription', { monetization: [] }],
  ['subscription', { monetization: { monetizationPlan: 'FIXEDRATE', properties: { fixedPrice: 5 } } }],
  ['subscription', { customAttributes: [null] }],
  ['advanced', { conditionalGroups: [[]] }],
  ['advanced', { conditionalGroups: [null] }],
] as const)('refuses a list where an object belongs, and the other way round: %s %j', async (level, change) => {
  const body = { ...bodyOf(level), ...change };

  expect(await fresh.admin.admin(`POST /throttling/policies/${level}`, { body })).toFailWith({ status: 400, code: 400 });
});

it('refuses to turn a token quota into another one', async () => {
  const aiApiQuota = { timeUnit: 'min', unitTime: 1, requestCount: 5, totalTokenCount: 100 };
  const plan = { ...bodyOf('subscription'), defaultLimit: { type: 'AIAPIQUOTALIMIT', aiApiQuota } };
  const { policyId } = expected(await given.superAdmin.admin<Policy>('POST /throttling/policies/subscription', { body: plan }), 201);

  const change = await given.superAdmin.admin('PUT /throttling/policies/subscription/{policyId}', {
    path: { policyId },
    body: { ...plan, defaultLimit: requests(5) },
  });

  expect(change).toFailWith(AiQuotaTypeFixed);
});

it('keeps the conditional groups of an advanced policy in their order', async () => {
  const conditionalGroups = [
    {
      description: 'all four kinds',
      conditions: [
        { type: 'HEADERCONDITION', invertCondition: false, headerCondition: { headerName: 'host', headerValue: 'a.example' } },
        { type: 'IPCONDITION', invertCondition: true, ipCondition: { ipConditionType: 'IPSPECIFIC', specificIP: '10.1.2.3' } },
        { type: 'QUERYPARAMETERCONDITION', invertCondition: false, queryParameterCondition: { parameterName: 'a', parameterValue: 'b' } },
        { type: 'JWTCLAIMSCONDITION', invertCondition: false, jwtClaimsCondition: { claimUrl: 'aud', attribute: 'x' } },
      ],
      limit: requests(3),
    },
    {
      description: 'second',
      conditions: [{ type: 'IPCONDITION', invertCondition: false, ipCondition: { ipConditionType: 'IPSPECIFIC', specificIP: '10.1.2.4' } }],
      limit: requests(4),
    },
  ];

  const created = await given.superAdmin.admin<Policy>('POST /throttling/policies/advanced', {
    body: { ...bodyOf('advanced'), conditionalGroups },
  });

  expect(created).toMatchObject({ status: 201, body: { conditionalGroups } });
});

describe('the search', () => {
  it.each([
    ['type:all', 26],
    ['type:app', 4],
    ['type:sub', 18],
    ['type:api', 4],
    ['type:global', 0],
  ])('%s finds the %d shipped policies of a new tenant', async (query, count) => {
    const { status, body } = await fresh.admin.admin<PolicyList>('GET /throttling/policies/search', { query: { query } });

    expect(status).toBe(200);
    expect(body.count).toBe(count);
    expect(body.list).toHaveLength(count);
  });

  it('takes the first of repeated queries', async () => {
    const answer = await given.superAdmin.admin('GET /throttling/policies/search', { query: { query: ['type:app', 'type:moon'] } });

    expect(answer.status).toBe(200);
  });

  it('refuses a type that does not exist', async () => {
    const answer = await given.superAdmin.admin('GET /throttling/policies/search', { query: { query: 'type:moon' } });

    expect(answer).toFailWith({ status: 400, code: 400 });
  });
});

describe('a policy in use', () => {
  it('stays: an advanced policy an API names', async () => {
    const body = bodyOf('advanced');
    const { policyId } = expected(await given.superAdmin.admin<Policy>('POST /throttling/policies/advanced', { body }), 201);
    await given.api({ with: { apiThrottlingPolicy: body.policyName } });

    const refused = await given.superAdmin.admin('DELETE /throttling/policies/advanced/{policyId}', { path: { policyId } });

    expect(refused).toFailWith({ status: 403, code: 900971 });
  });

  it('stays: an application policy an application names', async () => {
    const body = bodyOf('application');
    const { policyId } = expected(await given.superAdmin.admin<Policy>('POST /throttling/policies/application', { body }), 201);
    await given.application(given.superAdmin, { throttlingPolicy: body.policyName });

    const refused = await given.superAdmin.admin('DELETE /throttling/policies/application/{policyId}', { path: { policyId } });

    expect(refused).toFailWith({ status: 403, code: 403 });
  });

  it('limits traffic from the moment it is attached: a plan of two calls a minute ends in 900804', async () => {
    const body = bodyOf('subscription', 2);
    expected(await given.superAdmin.admin('POST /throttling/policies/subscription', { body }), 201);
    const backend = await given.backend();
    const { api, token } = await given.subscriber({ backend, policy: body.policyName, probe: false });

    const throttled = await eventually(
      () => gateway(`${api.url}/`, { token }),
      ({ status }) => status === 429,
    );

    expect(throttled.body).toMatchObject({ code: '900804' });
  });
});
