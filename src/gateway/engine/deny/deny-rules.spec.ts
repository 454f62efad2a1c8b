import type { DenyRuleDocument } from '../../../domain/deny-rules.js';
import { DenyRules, type TenantDenyRules } from './deny-rules.js';

const ann: DenyRuleDocument = { type: 'USER', name: 'Ann', id: 'id-ann' };
const mail: DenyRuleDocument = { type: 'USER', name: 'ann@mail.com', id: null };

const rulesOf = (organization: string, ...documents: readonly DenyRuleDocument[]) => {
  const rules = new DenyRules();
  for (const [index, document] of documents.entries()) rules.apply(organization, String(index), document);
  return rules.of(organization);
};

it.each([
  ['ann', true],
  ['ANN', true],
  ['ann@a.com', true],
  ['Ann@A.com', true],
  ['ann@b.com', false],
  ['ann@mail.com', true],
  ['ann@mail.com@a.com', true],
  ['Ann@Mail.com', true],
  ['bob@mail.com', false],
  ['annabel', false],
  ['@a.com', false],
  ['', false],
])('the user %s is denied: %s', (name, isDenied) => {
  expect(rulesOf('a.com', ann, mail).denyUserName(name)).toBe(isDenied);
});

it('a user is denied by its id too, as far as it is known', () => {
  const rules = rulesOf('a.com', ann, mail);

  expect(rules.denyUserId('id-ann')).toBe(true);
  expect(rules.denyUserId('')).toBe(false);
});

it('an application is denied by its owner and its name together', () => {
  const rules = rulesOf('a.com', { type: 'APPLICATION', owner: 'ann', name: 'One' }, { type: 'APPLICATION', owner: 'ann', name: 'Two' });

  expect(rules.denyApplication('ann', 'One')).toBe(true);
  expect(rules.denyApplication('ann', 'Two')).toBe(true);
  expect(rules.denyApplication('bob', 'One')).toBe(false);
  expect(rules.denyApplication('ann', 'Three')).toBe(false);
});

it.each<[string, DenyRuleDocument]>([
  ['API', { type: 'API', path: '/pets/1' }],
  ['application', { type: 'APPLICATION', owner: 'ann', name: 'One' }],
  ['user', ann],
  ['address', { type: 'IP', first: '10.0.0.1', last: '10.0.0.1', isInverted: false }],
])('a rule about an %s that is deleted leaves nothing behind', (_, document) => {
  const rules = new DenyRules();
  const own = rules.of('a.com');
  rules.apply('a.com', '1', document);
  expect(own.isEmpty).toBe(false);

  rules.apply('a.com', '1', null);

  expect(own).toMatchObject({ isEmpty: true, hasUsers: false, hasApplications: false, addresses: { isEmpty: true } });
  expect([own.denyApi('/pets/1'), own.denyUserId('id-ann'), own.denyUserName('ann')]).toEqual([false, false, false]);
});

it.each<[string, DenyRuleDocument, (rules: TenantDenyRules) => boolean]>([
  ['API', { type: 'API', path: '/pets/1' }, (rules) => rules.denyApi('/pets/1')],
  ['application', { type: 'APPLICATION', owner: 'ann', name: 'One' }, (rules) => rules.denyApplication('ann', 'One')],
  ['user by name', ann, (rules) => rules.denyUserName('ann')],
  ['user by id', ann, (rules) => rules.denyUserId('id-ann')],
])('an %s that two rules name is denied until both are gone', (_, document, isDenied) => {
  const rules = new DenyRules();
  rules.apply('a.com', 'later', document);
  rules.apply('a.com', 'former', document);

  rules.apply('a.com', 'former', null);
  expect(isDenied(rules.of('a.com'))).toBe(true);
  rules.apply('a.com', 'later', null);

  expect(isDenied(rules.of('a.com'))).toBe(false);
});

it('a document takes the place of the one before it', () => {
  const rules = new DenyRules();
  rules.apply('a.com', '1', { ...ann, id: 'former' });

  rules.apply('a.com', '1', ann);

  expect(rules.of('a.com').denyUserId('former')).toBe(false);
  expect(rules.of('a.com').denyUserId('id-ann')).toBe(true);
});

it('a tenant has its own rules alone', () => {
  const rules = new DenyRules();
  rules.apply('a.com', '1', ann);

  expect(rules.of('b.com').isEmpty).toBe(true);
});

it('the deletion of what never was changes nothing', () => {
  const rules = new DenyRules();

  rules.apply('a.com', '1', null);

  expect(rules.of('a.com').isEmpty).toBe(true);
});
