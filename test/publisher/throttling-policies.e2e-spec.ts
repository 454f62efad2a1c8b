import { UnknownLevel } from '../../src/throttling/throttling.problems.js';
import { expected } from '../support/actor.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

interface PolicyList {
  readonly count: number;
  readonly list: readonly { readonly name: string }[];
  readonly pagination: { readonly total: number; readonly next: string };
}

const namesOf = ({ list }: PolicyList) => list.map(({ name }) => name);

it.each([
  ['api', {}, ['10KPerMin', '20KPerMin', '50KPerMin', 'Unlimited']],
  ['subscription', {}, ['Bronze', 'Gold', 'Silver', 'Unlimited']],
  ['subscription', { isAiApi: true }, ['AIBronze', 'AIGold', 'AISilver']],
] as const)('offers for level %s %j: %j', async (policyLevel, query, names) => {
  const { admin } = await given.organization();

  const { status, body } = await admin.publisher<PolicyList>('GET /throttling-policies/{policyLevel}', { path: { policyLevel }, query });

  expect(status).toBe(200);
  expect(namesOf(body)).toEqual(names);
  expect(body.pagination.total).toBe(names.length);
});

it('offers a page of them', async () => {
  const { admin } = await given.organization();

  const { body } = await admin.publisher<PolicyList>('GET /throttling-policies/{policyLevel}', {
    path: { policyLevel: 'subscription' },
    query: { limit: 1, offset: 1 },
  });

  expect(namesOf(body)).toEqual(['Gold']);
  expect(body).toMatchObject({ count: 1, pagination: { total: 4, next: '/throttling-policies/subscription?limit=1&offset=2' } });
});

it('shows one by its name', async () => {
  const path = { policyLevel: 'subscription', policyName: 'Gold' };

  const { status, body } = await given.superAdmin.publisher('GET /throttling-policies/{policyLevel}/{policyName}', { path });

  expect(status).toBe(200);
  expect(body).toEqual({
    name: 'Gold',
    description: 'Allows 5000 requests per minute',
    policyLevel: 'subscription',
    displayName: 'Gold',
    attributes: {},
    requestCount: 5000,
    dataUnit: '',
    totalTokenCount: 0,
    promptTokenCount: 0,
    completionTokenCount: 0,
    unitTime: 1,
    timeUnit: 'min',
    rateLimitCount: 0,
    rateLimitTimeUnit: '',
    quotaPolicyType: 'REQUESTCOUNT',
    tierPlan: 'FREE',
    stopOnQuotaReach: true,
    monetizationProperties: {},
  });
});

it('lists the plans of asynchronous APIs in the admin’s shape', async () => {
  const { admin, domain } = await given.organization();

  const { status, body } = await admin.publisher<{ list: readonly { policyName: string }[] }>(
    'GET /throttling-policies/streaming/subscription',
  );

  expect(status).toBe(200);
  const names = body.list.map(({ policyName }) => policyName);
  expect(names).toEqual([
    'AsyncBronze',
    'AsyncGold',
    'AsyncSilver',
    'AsyncUnlimited',
    'AsyncWHBronze',
    'AsyncWHGold',
    'AsyncWHSilver',
    'AsyncWHUnlimited',
  ]);
  expect(body.list[4]).toMatchObject({
    tenantDomain: domain,
    subscriberCount: 100,
    defaultLimit: { type: 'EVENTCOUNTLIMIT', eventCount: { timeUnit: 'month', unitTime: 1, eventCount: 1000 } },
  });
});

it.each(['Nowhere', 'Unauthenticated'])('does not find %s', async (policyName) => {
  const path = { policyLevel: 'subscription', policyName };

  const answer = await given.superAdmin.publisher('GET /throttling-policies/{policyLevel}/{policyName}', { path });

  expect(answer).toFailWith({ status: 404, code: 404 });
});

it.each(['application', 'constructor', 'toString', '__proto__'])('does not know the level %s', async (policyLevel) => {
  const list = await given.superAdmin.publisher('GET /throttling-policies/{policyLevel}', { path: { policyLevel } });
  const one = await given.superAdmin.publisher('GET /throttling-policies/{policyLevel}/{policyName}', {
    path: { policyLevel, policyName: 'Gold' },
  });

  expect(list).toFailWith(UnknownLevel);
  expect(one).toFailWith(UnknownLevel);
});

it('does not show the policies of other tenants', async () => {
  const { admin } = await given.organization();
  const policyName = unique('plan');
  const defaultLimit = { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'min', unitTime: 1, requestCount: 1 } };
  expected(await given.superAdmin.admin('POST /throttling/policies/subscription', { body: { policyName, defaultLimit } }), 201);
  const path = { policyLevel: 'subscription', policyName };

  expect((await given.superAdmin.publisher('GET /throttling-policies/{policyLevel}/{policyName}', { path })).status).toBe(200);
  expect((await admin.publisher('GET /throttling-policies/{policyLevel}/{policyName}', { path })).status).toBe(404);
});

it('needs a scope of the publisher', async () => {
  const answer = await given.superAdmin
    .withScopes('apim:subscribe')
    .publisher('GET /throttling-policies/{policyLevel}', { path: { policyLevel: 'api' } });

  expect(answer.status).toBe(401);
});
