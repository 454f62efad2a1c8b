import type { SettledContent } from './application-checks.js';
import { updatesOf } from './application-updates.js';

const CURRENT: SettledContent = {
  name: 'Shop',
  throttlingPolicy: '10PerMin',
  description: 'Weather',
  visibility: 'PRIVATE',
  consumerOrganization: '',
  groups: ['sales', 'support'],
  attributes: { Team: 'blue', Name: '' },
};

it.each<[string, Partial<SettledContent>, readonly (readonly [string, string, string])[]]>([
  ['nothing', {}, []],
  ['the order of the groups', { groups: ['support', 'sales'] }, []],
  ['the name', { name: 'Store' }, [['Application Name', 'Shop', 'Store']]],
  ['the policy', { throttlingPolicy: 'Unlimited' }, [['Tier', '10PerMin', 'Unlimited']]],
  ['the description', { description: '' }, [['Description', 'Weather', '']]],
  ['the groups', { groups: [] }, [['Groups', 'sales,support', '']]],
  ['the sharing', { visibility: 'SHARED_WITH_ORG', consumerOrganization: 'acme' }, [['Sharing with the organization', 'PRIVATE', 'acme']]],
  [
    'the sharing of somebody in no organization',
    { visibility: 'SHARED_WITH_ORG' },
    [['Sharing with the organization', 'PRIVATE', 'SHARED_WITH_ORG']],
  ],
  [
    'attributes that come and go',
    { attributes: { Name: 'x', Colour: 'red' } },
    [
      ['Team', 'blue', ''],
      ['Name', '', 'x'],
      ['Colour', '', 'red'],
    ],
  ],
])('shows an approver that %s would change', (_, change, expected) => {
  expect(updatesOf(CURRENT, { ...CURRENT, ...change })).toEqual(
    expected.map(([attributeName, current, wanted]) => ({ attributeName, current, expected: wanted })),
  );
});
