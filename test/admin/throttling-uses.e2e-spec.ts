import { type PolicyLevel, UNLIMITED } from '../../src/domain/throttling.js';
import { PolicyInUse, PolicyIsDefault } from '../../src/throttling/throttling.problems.js';
import { type Actor, expected } from '../support/actor.js';
import { certificate, upload } from '../support/certificates.js';
import { given, type Organization } from '../support/given.js';
import { configure, requireApproval } from '../support/tenant-config.js';
import { unique } from '../support/unique.js';

interface Policy {
  readonly policyId: string;
  readonly policyName: string;
}

const policy = async (by: Actor, level: PolicyLevel, properties: object = {}): Promise<Policy> => {
  const body = {
    policyName: unique('policy'),
    defaultLimit: { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'min', unitTime: 1, requestCount: 1_000 } },
    ...properties,
  };
  return expected(await by.admin<Policy>(`POST /throttling/policies/${level}`, { body }), 201);
};
const removal = (by: Actor, level: PolicyLevel, { policyId }: Policy) =>
  by.admin(`DELETE /throttling/policies/${level}/{policyId}`, { path: { policyId } });

let home: Organization;
let admin: Actor;
beforeAll(async () => {
  home = await given.organization();
  admin = home.admin;
});

describe('an advanced policy stays while it is named by', () => {
  it.each([
    ['an API', (name: string) => ({ apiThrottlingPolicy: name })],
    ['an operation', (name: string) => ({ operations: [{ target: '/a', verb: 'GET', throttlingPolicy: name }] })],
  ])('%s, in any version of it', async (_, naming) => {
    const used = await policy(admin, 'advanced');
    const { id } = await given.api({ by: admin, with: naming(used.policyName) });
    const refused = PolicyInUse('advanced', used.policyName);
    const copy = await admin.publisher<{ id: string }>('POST /apis/copy-api', { query: { newVersion: '2.0.0', apiId: id } });
    expected(copy, 201);

    expect(await removal(admin, 'advanced', used)).toFailWith(refused);
    expected(await admin.publisher('DELETE /apis/{apiId}', { path: { apiId: id } }), 200);
    expect(await removal(admin, 'advanced', used)).toFailWith(refused);
    expected(await admin.publisher('DELETE /apis/{apiId}', { path: { apiId: copy.body.id } }), 200);
    expect((await removal(admin, 'advanced', used)).status).toBe(200);
  });

  it('a revision, which may come back', async () => {
    const used = await policy(admin, 'advanced');
    const { id: apiId } = await given.api({ by: admin, with: { apiThrottlingPolicy: used.policyName } });
    const revision = await admin.publisher<{ id: string }>('POST /apis/{apiId}/revisions', { path: { apiId }, body: {} });
    const api = expected(await admin.publisher('GET /apis/{apiId}', { path: { apiId } }), 200);
    expected(await admin.publisher('PUT /apis/{apiId}', { path: { apiId }, body: { ...api, apiThrottlingPolicy: null } }), 200);

    expect(await removal(admin, 'advanced', used)).toFailWith(PolicyInUse('advanced', used.policyName));
    const path = { apiId, revisionId: expected(revision, 201).id };
    expected(await admin.publisher('DELETE /apis/{apiId}/revisions/{revisionId}', { path }), 200);
    expect((await removal(admin, 'advanced', used)).status).toBe(200);
  });
});

describe('a plan stays while it is named by', () => {
  it('an API or a subscription', async () => {
    const used = await policy(admin, 'subscription');
    const api = await given.publishedApi({ by: admin, policies: [used.policyName, UNLIMITED] });
    const application = await given.application(admin);
    const { subscriptionId } = await given.subscription(api, application, { by: admin, policy: used.policyName });
    const refused = PolicyInUse('subscription', used.policyName);

    expect(await removal(admin, 'subscription', used)).toFailWith(refused);
    const path = { apiId: api.id };
    const body = expected(await admin.publisher('GET /apis/{apiId}', { path }), 200);
    expected(await admin.publisher('PUT /apis/{apiId}', { path, body: { ...body, policies: [UNLIMITED] } }), 200);
    expect(await removal(admin, 'subscription', used)).toFailWith(refused);
    expected(await admin.devportal('DELETE /subscriptions/{subscriptionId}', { path: { subscriptionId } }), 200);
    // The deployed revision offers it still.
    expect(await removal(admin, 'subscription', used)).toFailWith(refused);
  });

  it('an API for one of its consumer organizations', async () => {
    const used = await policy(admin, 'subscription');
    const organizationPolicies = [{ organizationID: 'partners', policies: [used.policyName] }];
    const { id } = await given.api({ by: admin, with: { organizationPolicies } });

    expect(await removal(admin, 'subscription', used)).toFailWith(PolicyInUse('subscription', used.policyName));
    expected(await admin.publisher('DELETE /apis/{apiId}', { path: { apiId: id } }), 200);
    expect((await removal(admin, 'subscription', used)).status).toBe(200);
  });

  it('a subscription that waits to be moved to it, and by nothing else', async () => {
    const { admin: own } = await given.organization();
    await requireApproval(own, 'SubscriptionUpdate');
    const used = await policy(own, 'subscription');
    const { id: apiId } = await given.publishedApi({ by: own, policies: [UNLIMITED] });
    const application = await given.application(own);
    const { subscriptionId } = await given.subscription({ id: apiId }, application, { by: own, policy: UNLIMITED });
    const offering = async (policies: readonly string[]) => {
      const body = expected(await own.publisher('GET /apis/{apiId}', { path: { apiId } }), 200);
      expected(await own.publisher('PUT /apis/{apiId}', { path: { apiId }, body: { ...body, policies } }), 200);
    };
    await offering([UNLIMITED, used.policyName]);
    const change = { applicationId: application.applicationId, apiId, throttlingPolicy: used.policyName, status: 'UNBLOCKED' };
    const asked = await own.devportal('PUT /subscriptions/{subscriptionId}', { path: { subscriptionId }, body: change });
    expect(asked).toMatchObject({ status: 200, body: { status: 'TIER_UPDATE_PENDING' } });
    await offering([UNLIMITED]);

    expect(await removal(own, 'subscription', used)).toFailWith(PolicyInUse('subscription', used.policyName));
    expected(await own.devportal('DELETE /subscriptions/{subscriptionId}', { path: { subscriptionId } }), 200);
    expect((await removal(own, 'subscription', used)).status).toBe(200);
  });

  it('a client certificate, or a revision that has one', async () => {
    const used = await policy(admin, 'subscription');
    const { id: apiId } = await given.api({ by: admin, policies: [] });
    const refused = PolicyInUse('subscription', used.policyName);
    const form = { certificate: upload(await certificate('client')), alias: 'client', tier: used.policyName };
    const path = { apiId, keyType: 'PRODUCTION', alias: 'client' };
    const made = await admin.publisher('POST /apis/{apiId}/client-certs/{keyType}', { path, form });
    expect(made.status).toBe(201);
    expect(await removal(admin, 'subscription', used)).toFailWith(refused);

    const revision = expected(await admin.publisher<{ id: string }>('POST /apis/{apiId}/revisions', { path, body: {} }), 201);
    expected(await admin.publisher('DELETE /apis/{apiId}/client-certs/{keyType}/{alias}', { path }), 200);
    expect(await removal(admin, 'subscription', used)).toFailWith(refused);

    expected(await admin.publisher('DELETE /apis/{apiId}/revisions/{revisionId}', { path: { apiId, revisionId: revision.id } }), 200);
    expect((await removal(admin, 'subscription', used)).status).toBe(200);
  });
});

describe.each([
  ['advanced', 'DefaultAPILevelTier'],
  ['subscription', 'DefaultSubscriptionLevelTier'],
  ['application', 'DefaultApplicationLevelTier'],
] as const)('the default of level %s', (level, key) => {
  it('stays as long as the tenant configuration names it', async () => {
    const { admin: own } = await given.organization();
    const chosen = await policy(own, level);
    await configure(own, { [key]: chosen.policyName });

    expect(await removal(own, level, chosen)).toFailWith(PolicyIsDefault(chosen.policyName, key));
    await configure(own, { [key]: UNLIMITED });
    expect((await removal(own, level, chosen)).status).toBe(200);
  });

  it('is Unlimited, until another one is named', async () => {
    const { admin: own } = await given.organization();
    const { list } = expected(await own.admin<{ list: readonly Policy[] }>(`GET /throttling/policies/${level}`), 200);
    const unlimited = list.find(({ policyName }) => policyName === UNLIMITED);
    const another = await policy(own, level);
    if (!unlimited) throw new Error('a new tenant has Unlimited');

    expect(await removal(own, level, unlimited)).toFailWith(PolicyIsDefault(UNLIMITED, key));
    await configure(own, { [key]: another.policyName });
    expect((await removal(own, level, unlimited)).status).toBe(200);
  });
});

it('takes the defaults that the tenant configuration names, wherever nothing was chosen', async () => {
  const { admin: own } = await given.organization();
  await configure(own, {
    DefaultAPILevelTier: '20KPerMin',
    DefaultSubscriptionLevelTier: 'Silver',
    DefaultApplicationLevelTier: '20PerMin',
  });

  const settings = expected(await own.publisher('GET /settings'), 200);
  const api = await given.api({ by: own });
  const made = await own.publisher<{ operations: readonly { throttlingPolicy: string }[] }>('GET /apis/{apiId}', {
    path: { apiId: api.id },
  });
  const applications = await own.devportal<{ list: readonly { throttlingPolicy: string }[] }>('GET /applications');

  expect(settings).toMatchObject({ defaultAdvancePolicy: '20KPerMin', defaultSubscriptionPolicy: 'Silver' });
  expect(new Set(made.body.operations.map(({ throttlingPolicy }) => throttlingPolicy))).toEqual(new Set(['20KPerMin']));
  expect(applications.body.list.map(({ throttlingPolicy }) => throttlingPolicy)).toEqual(['20PerMin']);
});

it('falls back to Unlimited where the tenant configuration names a policy that is not there, or one that is not offered', async () => {
  const { admin: own } = await given.organization();
  await configure(own, {
    DefaultAPILevelTier: 'Gold',
    DefaultSubscriptionLevelTier: 'Unauthenticated',
    DefaultApplicationLevelTier: 'Gold',
  });

  const settings = expected(await own.publisher('GET /settings'), 200);

  expect(settings).toMatchObject({ defaultAdvancePolicy: UNLIMITED, defaultSubscriptionPolicy: UNLIMITED });
});

describe('of attaching a policy and deleting it at once only one succeeds:', () => {
  const TIMES = 12;

  it.each<readonly [string, PolicyLevel, (by: Actor, name: string, index: number) => Promise<{ status: number }>]>([
    [
      'a new API and its advanced policy',
      'advanced',
      (by, name) => by.publisher('POST /apis', { body: given.apiProperties({ with: { apiThrottlingPolicy: name } }) }),
    ],
    [
      'a new API and its plan',
      'subscription',
      (by, name) => by.publisher('POST /apis', { body: given.apiProperties({ policies: [name] }) }),
    ],
    [
      'a new application and its policy',
      'application',
      (by, name) => by.devportal('POST /applications', { body: { name: unique('Application'), throttlingPolicy: name } }),
    ],
  ])('%s', async (_, level, attach) => {
    const rounds = await Promise.all(
      Array.from({ length: TIMES }, async (_round, index) => {
        const contested = await policy(admin, level);
        const [attached, removed] = await Promise.all([attach(admin, contested.policyName, index), removal(admin, level, contested)]);
        return `${attached.status} ${removed.status}`;
      }),
    );

    expect(rounds.filter((round) => round !== '201 403' && round !== '400 200')).toEqual([]);
  });

  it.each<readonly [string, PolicyLevel]>([
    ['an API that changes and its advanced policy', 'advanced'],
    ['an application that changes and its policy', 'application'],
  ])('%s', async (_, level) => {
    const { id: apiId } = await given.api({ by: admin });
    const api = expected(await admin.publisher('GET /apis/{apiId}', { path: { apiId } }), 200);
    const application = await given.application(admin);
    const path = { applicationId: application.applicationId };
    const attach = (name: string) =>
      level === 'advanced'
        ? admin.publisher('PUT /apis/{apiId}', { path: { apiId }, body: { ...api, apiThrottlingPolicy: name } })
        : admin.devportal('PUT /applications/{applicationId}', { path, body: { name: application.name, throttlingPolicy: name } });
    const rounds: string[] = [];

    for (let round = 0; round < TIMES; round += 1) {
      const contested = await policy(admin, level);
      const [attached, removed] = await Promise.all([attach(contested.policyName), removal(admin, level, contested)]);
      rounds.push(`${attached.status} ${removed.status}`);
    }

    expect(rounds.filter((round) => round !== '200 403' && round !== '400 200')).toEqual([]);
  });
});

it('gives a name to one of those who want it at the same time', async () => {
  const body = {
    policyName: unique('policy'),
    defaultLimit: { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'min', unitTime: 1, requestCount: 1 } },
  };

  const answers = await Promise.all(Array.from({ length: 8 }, () => admin.admin('POST /throttling/policies/application', { body })));

  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
});

it('refuses roles that the tenant does not have, and names them', async () => {
  const permissions = { permissionType: 'ALLOW', roles: ['Internal/everyone', 'Internal/creator', 'gold diggers'] };
  const body = {
    policyName: unique('policy'),
    defaultLimit: { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'min', unitTime: 1, requestCount: 1 } },
    permissions,
  };

  const refused = await admin.admin<{ error: unknown }>('POST /throttling/policies/subscription', { body });

  expect(refused).toFailWith({ status: 400, code: 400, description: 'Validation Error' });
  expect(refused.body.error).toEqual([{ code: '400_permissions.roles', message: 'permissions.roles: there is no role gold diggers' }]);
});
