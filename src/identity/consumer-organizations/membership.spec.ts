import { type Membership, mayOpen, plansFor } from './membership.js';

const member = (id: string): Membership => ({ kind: 'member', id });

describe('an API', () => {
  it.each<[Membership, string, boolean, boolean, boolean]>([
    [{ kind: 'parent' }, 'a parent', true, true, true],
    [member('org1'), 'a member of org1', false, true, true],
    [member('org2'), 'a member of org2', false, false, true],
    [{ kind: 'stranger' }, 'a stranger', false, false, true],
    [{ kind: 'undivided' }, 'anybody in a tenant without organizations', true, false, true],
    [{ kind: 'none' }, 'anybody where organizations are switched off', true, true, true],
  ])('%j (%s) opens for none %p, for org1 %p, for all %p', (membership, _, none, org1, all) => {
    const opens = (...visibleOrganizations: string[]) => mayOpen(membership, { details: { visibleOrganizations } });

    expect([opens('none'), opens('org1'), opens('all')]).toEqual([none, org1, all]);
  });
});

describe('plans', () => {
  const api = { policies: ['Gold'], details: { organizationPolicies: [{ organizationID: 'org1', policies: ['Bronze'] }] } };

  it.each<[Membership, readonly string[]]>([
    [member('org1'), ['Bronze']],
    [member('org2'), ['Gold']],
    [{ kind: 'parent' }, ['Gold']],
    [{ kind: 'stranger' }, ['Gold']],
  ])('for %j are %p', (membership, plans) => expect(plansFor(membership, api)).toEqual(plans));
});
