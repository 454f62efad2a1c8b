import type { PolicyLevel } from '../../src/domain/throttling.js';
import { CharactersInvalid, PlanRolesEmpty, PropertyBlank } from '../../src/throttling/throttling.problems.js';
import { expected } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { given, type Organization } from '../support/given.js';
import { unique } from '../support/unique.js';

interface Policy extends Body {
  readonly policyId: string;
  readonly policyName: string;
}

interface Refusal {
  readonly error: readonly { readonly message: string }[];
}

const requests = (requestCount = 5) => ({ type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'min', unitTime: 1, requestCount } });
const header = (headerValue: string, further: object = {}) => ({
  type: 'HEADERCONDITION',
  headerCondition: { headerName: 'x-kind', headerValue },
  ...further,
});

let home: Organization;
beforeAll(async () => {
  home = await given.organization();
});

const add = <T = Policy>(level: PolicyLevel, content: object) =>
  home.admin.admin<T>(`POST /throttling/policies/${level}`, {
    body: { policyName: unique('policy'), defaultLimit: requests(), ...content },
  });
const reasons = async (level: PolicyLevel, content: object): Promise<readonly string[]> => {
  const answer = await add<Refusal>(level, content);
  expect(answer).toFailWith({ status: 400, code: 400, description: 'Validation Error' });
  return answer.body.error.map(({ message }) => message);
};

describe.each(['application', 'subscription', 'advanced'] as const)('a policy of level %s', (level) => {
  it.each(['   ', '\t\n', '\u00a0'])('has a name that can be seen, not %j', async (policyName) => {
    expect(await add(level, { policyName })).toFailWith(PropertyBlank('policyName'));
  });

  it.each(['a\nb', '\u0007', 'x\u0085'])('has a name of one line without control characters, not %j', async (policyName) => {
    expect(await add(level, { policyName })).toFailWith(CharactersInvalid('policyName'));
  });

  it.each([' 50 % / ü "x" ', '限流 😀', '__proto__'])('may be called %j', async (name) => {
    const policyName = `${name}${unique('policy')}`.slice(0, 60);

    const { policyId } = expected(await add(level, { policyName }), 201);

    const read = await home.admin.admin(`GET /throttling/policies/${level}/{policyId}`, { path: { policyId } });
    expect(read).toMatchObject({ status: 200, body: { policyName, displayName: policyName } });
  });

  it('is shown by its own name, and not by another one that an update sends', async () => {
    const { policyId, policyName } = expected(await add(level, { displayName: 'Shown' }), 201);
    const body = { policyName: unique('other'), defaultLimit: requests() };

    const changed = await home.admin.admin(`PUT /throttling/policies/${level}/{policyId}`, { path: { policyId }, body });

    expect(changed).toMatchObject({ status: 200, body: { policyName, displayName: policyName } });
  });
});

describe('a plan', () => {
  it('is open to somebody', async () => {
    expect(await add('subscription', { permissions: { permissionType: 'ALLOW', roles: [] } })).toFailWith(PlanRolesEmpty());
    const { policyId, policyName } = expected(await add('subscription', {}), 201);
    const body = { policyName, defaultLimit: requests(), permissions: { permissionType: 'DENY', roles: [] } };
    expect(await home.admin.admin('PUT /throttling/policies/subscription/{policyId}', { path: { policyId }, body })).toFailWith(
      PlanRolesEmpty(),
    );
  });

  it('names no more roles that are missing than somebody reads', async () => {
    const roles = Array.from({ length: 1_000 }, (_, index) => `role ${index}`);

    const [message = ''] = await reasons('subscription', { permissions: { permissionType: 'ALLOW', roles } });

    expect(message).toMatch(/^permissions\.roles: there is no role role \d+, .* and 990 more$/);
  });

  it.each([
    ['COMMERCIAL', 'COMMERCIAL'],
    ['commercial', 'COMMERCIAL'],
    ['free', 'FREE'],
    ['', 'FREE'],
    [null, 'FREE'],
  ])('is paid for as %j says', async (billingPlan, shown) => {
    expect(await add('subscription', { billingPlan })).toMatchObject({ status: 201, body: { billingPlan: shown } });
  });

  it.each(['PREMIUM', 'FREE ', 'free\n'])('is not paid for as %j', async (billingPlan) => {
    expect(await reasons('subscription', { billingPlan })).toEqual(['billingPlan: must be FREE or COMMERCIAL']);
  });

  it.each([null, undefined])('keeps its prices while it is not known how they are charged (%j)', async (monetizationPlan) => {
    const properties = { fixedPrice: '10', currencyType: 'EUR' };

    const made = await add('subscription', { monetization: { monetizationPlan, properties } });

    expect(made).toMatchObject({ status: 201, body: { monetization: { properties } } });
    const path = { policyId: made.body.policyId };
    expect((await home.admin.admin('GET /throttling/policies/subscription/{policyId}', { path })).body).toEqual(made.body);
  });
});

describe('conditional groups', () => {
  it('may hold what was there before the type of a condition was chosen', async () => {
    const leftovers = {
      ipCondition: { ipConditionType: null, specificIP: null },
      jwtClaimsCondition: { claimUrl: null, attribute: null },
      queryParameterCondition: { parameterName: null, parameterValue: '' },
    };

    const made = await add('advanced', { conditionalGroups: [{ conditions: [header('a', leftovers)], limit: requests() }] });

    expect(made).toMatchObject({
      status: 201,
      body: { conditionalGroups: [{ conditions: [{ ...header('a'), invertCondition: false }] }] },
    });
    expect(JSON.stringify(made.body)).not.toContain('jwtClaimsCondition');
  });

  it('still need what their type compares', async () => {
    const conditions = [{ type: 'HEADERCONDITION', headerCondition: { headerName: null, headerValue: null } }];

    expect(await reasons('advanced', { conditionalGroups: [{ conditions, limit: requests() }] })).toEqual([
      'conditionalGroups.0.conditions.0.headerCondition.headerName: must not be null',
      'conditionalGroups.0.conditions.0.headerCondition.headerValue: must not be null',
    ]);
  });

  it('are 200 at most, of 20 conditions each', async () => {
    const conditionsOf = (count: number) => Array.from({ length: count }, (_, index) => header(`v${index}`));
    const groupsOf = (count: number) => conditionsOf(count).map((condition) => ({ conditions: [condition], limit: requests() }));

    expect((await add('advanced', { conditionalGroups: groupsOf(200) })).status).toBe(201);
    expect((await add('advanced', { conditionalGroups: [{ conditions: conditionsOf(20), limit: requests() }] })).status).toBe(201);
    expect(await reasons('advanced', { conditionalGroups: [{ conditions: conditionsOf(21), limit: requests() }] })).toEqual([
      'conditionalGroups.0.conditions: must contain no more than 20 elements',
    ]);
    for (const count of [201, 20_000]) {
      const [message] = await reasons('advanced', { conditionalGroups: groupsOf(count) });
      expect(message).toBe('conditionalGroups: must contain no more than 200 elements');
    }
  });
});
