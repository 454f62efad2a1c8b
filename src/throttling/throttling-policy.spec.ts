import { EVERYBODY, isInternal, mayUse, numberOf, type Plan } from './throttling-policy.js';

const plan = (permissionType: 'ALLOW' | 'DENY', ...roles: readonly string[]): { plan: Plan; organization: string } => ({
  organization: 'a.com',
  plan: {
    billingPlan: 'FREE',
    monetization: null,
    customAttributes: [],
    graphQLMaxComplexity: 0,
    graphQLMaxDepth: 0,
    subscriberCount: 0,
    permissions: { permissionType, roles },
  },
});

describe('who may use a plan', () => {
  it.each([
    ['ALLOW', ['gold'], ['gold'], true],
    ['ALLOW', ['gold'], ['GOLD'], true],
    ['ALLOW', ['gold'], ['silver'], false],
    ['ALLOW', ['gold', 'silver'], ['silver'], true],
    ['ALLOW', [], ['silver'], false],
    ['DENY', ['gold'], ['gold'], false],
    ['DENY', ['gold'], ['silver'], true],
    ['DENY', [], ['silver'], true],
  ] as const)('%s %j, caller holding %j: %s', (type, named, held, expected) => {
    expect(mayUse(plan(type, ...named), { organization: 'a.com', roles: held })).toBe(expected);
  });

  it('counts an anonymous caller as one of everybody, and as nothing else', () => {
    expect(mayUse({ organization: 'a.com', plan: { ...plan('ALLOW').plan, permissions: EVERYBODY } }, undefined)).toBe(true);
    expect(mayUse(plan('ALLOW', 'Internal/subscriber'), undefined)).toBe(false);
    expect(mayUse(plan('DENY', 'Internal/everyone'), undefined)).toBe(false);
  });

  it.each([
    ['ALLOW', ['gold'], false],
    ['ALLOW', ['Internal/everyone'], true],
    ['DENY', ['gold'], false],
    ['DENY', ['silver'], true],
  ] as const)('%s %j, caller of another tenant who holds gold there: %s', (type, named, expected) => {
    expect(mayUse(plan(type, ...named), { organization: 'b.com', roles: ['gold'] })).toBe(expected);
  });

  it('leaves policies of the other levels to everybody', () => {
    expect(mayUse({ organization: 'a.com', plan: null }, undefined)).toBe(true);
  });
});

it('knows internal plans by level and name', () => {
  expect(isInternal({ level: 'subscription', name: 'Unauthenticated' })).toBe(true);
  expect(isInternal({ level: 'application', name: 'Unauthenticated' })).toBe(false);
  expect(isInternal({ level: 'subscription', name: 'Gold' })).toBe(false);
});

it('makes a positive 32-bit number of any id', () => {
  expect(numberOf({ id: 'ffffffff-0000-4000-8000-000000000000' })).toBe(2_147_483_647);
  expect(numberOf({ id: '00000001-0000-4000-8000-000000000000' })).toBe(1);
});
