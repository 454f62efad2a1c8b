import { groupsOf, isSharedWith } from './application-sharing.js';

it.each([
  ['', []],
  ['sales', ['sales']],
  [' sales , support,,sales', ['sales', 'support']],
])('the claim %j names the groups %j', (claim, groups) => expect(groupsOf(claim)).toEqual(groups));

const PRIVATE = { groups: [], visibility: 'PRIVATE', consumerOrganization: '' } as const;
const OF_ACME = { groups: [], visibility: 'SHARED_WITH_ORG', consumerOrganization: 'acme' } as const;

it.each([
  ['a private one', PRIVATE, { groups: ['sales'], consumerOrganization: 'acme' }, false],
  ['one of the group', { ...PRIVATE, groups: ['it', 'sales'] }, { groups: ['sales'], consumerOrganization: '' }, true],
  ['one of another group', { ...PRIVATE, groups: ['it'] }, { groups: ['sales'], consumerOrganization: '' }, false],
  ['one of a group in other letters', { ...PRIVATE, groups: ['Sales'] }, { groups: ['sales'], consumerOrganization: '' }, false],
  ['one of the organization', OF_ACME, { groups: [], consumerOrganization: 'acme' }, true],
  ['one of another organization', OF_ACME, { groups: ['acme'], consumerOrganization: 'other' }, false],
  ['one that is private again', { ...OF_ACME, visibility: 'PRIVATE' }, { groups: [], consumerOrganization: 'acme' }, false],
  ['one whose owner had no organization', { ...OF_ACME, consumerOrganization: '' }, { groups: [], consumerOrganization: '' }, false],
] as const)('%s is shared as it should be', (_, application, standing, expected) => {
  expect(isSharedWith(application, standing)).toBe(expected);
});
