import type { ConditionType } from '../../domain/deny-rules.js';
import { Problem } from '../../domain/problem.js';
import { conditionOf } from './conditions.js';

const refusalOf = (type: ConditionType, value: unknown, organization = 'carbon.super'): unknown => {
  try {
    return conditionOf(type, value, organization);
  } catch (err) {
    return err instanceof Problem ? [err.status, err.code, err.description] : err;
  }
};

it.each([
  ['API', '/pets/1.0.0', 'carbon.super', '/pets/1.0.0', { type: 'API', path: '/pets/1.0.0' }],
  ['APPLICATION', 'ann:Pet shop', 'carbon.super', 'ann:Pet shop', { type: 'APPLICATION', owner: 'ann', name: 'Pet shop' }],
  ['APPLICATION', 'ann:a:b@c', 'carbon.super', 'ann:a:b@c', { type: 'APPLICATION', owner: 'ann', name: 'a:b@c' }],
  ['APPLICATION', 'ann@carbon.super:App', 'carbon.super', 'ann:App', { type: 'APPLICATION', owner: 'ann', name: 'App' }],
  ['APPLICATION', 'ann@a.com:App', 'a.com', 'ann@a.com:App', { type: 'APPLICATION', owner: 'ann@a.com', name: 'App' }],
  ['APPLICATION', 'ann:App', 'a.com', 'ann@a.com:App', { type: 'APPLICATION', owner: 'ann@a.com', name: 'App' }],
  ['USER', 'Ann', 'carbon.super', 'Ann@carbon.super', { type: 'USER', name: 'Ann', id: null }],
  ['USER', 'Ann@carbon.super', 'carbon.super', 'Ann@carbon.super', { type: 'USER', name: 'Ann', id: null }],
  ['USER', 'PRIMARY/ann', 'a.com', 'ann@a.com', { type: 'USER', name: 'ann', id: null }],
  ['USER', 'ann@mail.com@a.com', 'a.com', 'ann@mail.com@a.com', { type: 'USER', name: 'ann@mail.com', id: null }],
] as const)('%s %s in %s', (type, sent, organization, value, rule) => {
  const condition = conditionOf(type, sent, organization);

  expect(condition).toMatchObject({ value, rule });
  // What is stored is read once more whenever the gateways are told.
  expect(conditionOf(type, condition.value, organization)).toEqual(condition);
});

it.each([
  ['IP', { fixedIp: '10.0.0.1' }, { fixedIp: '10.0.0.1', invert: false }, ['10.0.0.1', '10.0.0.1', false]],
  ['IP', { fixedIp: '2001:DB8::1', invert: true }, { fixedIp: '2001:DB8::1', invert: true }, ['2001:DB8::1', '2001:DB8::1', true]],
  [
    'IPRANGE',
    { startingIp: '10.0.0.1', endingIp: '10.0.0.1', invert: false },
    { startingIp: '10.0.0.1', endingIp: '10.0.0.1', invert: false },
    ['10.0.0.1', '10.0.0.1', false],
  ],
  [
    'IPRANGE',
    { startingIp: '10.0.0.9', endingIp: '10.0.0.10', invert: true },
    { startingIp: '10.0.0.9', endingIp: '10.0.0.10', invert: true },
    ['10.0.0.9', '10.0.0.10', true],
  ],
  ['IPRANGE', { startingIp: '::ffff:10.0.0.1', endingIp: '10.0.0.2' }, expect.anything(), ['::ffff:10.0.0.1', '10.0.0.2', false]],
  ['IPRANGE', { startingIp: '::1', endingIp: '2001:db8::' }, expect.anything(), ['::1', '2001:db8::', false]],
] as const)('%s %j', (type, sent, value, [first, last, isInverted]) => {
  const condition = conditionOf(type, sent, 'carbon.super');

  expect(condition).toMatchObject({ value, rule: { type: 'IP', first, last, isInverted } });
  expect(conditionOf(type, condition.value, 'carbon.super')).toEqual(condition);
});

it.each([
  ['the same address otherwise written', 'IP', { fixedIp: '2001:db8::1' }, { fixedIp: '2001:DB8:0:0::1', invert: false }, true],
  ['the inverse', 'IP', { fixedIp: '10.0.0.1' }, { fixedIp: '10.0.0.1', invert: true }, false],
  ['an IPv4 address as IPv6', 'IP', { fixedIp: '10.0.0.1' }, { fixedIp: '::ffff:10.0.0.1' }, true],
  ['the same user in another case', 'USER', 'Ann', 'ann@carbon.super', true],
  ['another user', 'USER', 'ann', 'bob', false],
  ['another case of a path', 'API', '/pets/1', '/Pets/1', false],
] as const)('%s is the same condition', (_, type, one, other, isSame) => {
  expect(conditionOf(type, one, 'carbon.super').subject === conditionOf(type, other, 'carbon.super').subject).toBe(isSame);
});

const UNREADABLE = 'Invalid format for condition values. Condition type: ';

it.each([
  ['API', 'pets/1.0.0', [400, 900977, 'API Context does not exist']],
  ['API', '', [400, 900977, 'API Context does not exist']],
  ['API', { context: '/pets' }, [400, 900256, `${UNREADABLE}API`]],
  ['APPLICATION', 'App', [400, 900978, 'Application ID or Name does not exist']],
  ['APPLICATION', ':App', [400, 900978, 'Application ID or Name does not exist']],
  ['APPLICATION', 'ann:', [400, 900978, 'Application ID or Name does not exist']],
  ['APPLICATION', 'ann@a.com:App', [400, 900978, 'Application ID or Name does not exist']],
  ['APPLICATION', 5, [400, 900256, `${UNREADABLE}APPLICATION`]],
  ['USER', 'ann@a.com', [400, 400, 'Invalid User in Tenant Domain carbon.super']],
  ['USER', '', [400, 400, 'Invalid User in Tenant Domain carbon.super']],
  ['USER', '  ', [400, 400, 'Invalid User in Tenant Domain carbon.super']],
  ['USER', '@carbon.super', [400, 400, 'Invalid User in Tenant Domain carbon.super']],
  ['USER', 'a\nb', [400, 900256, `${UNREADABLE}USER`]],
  ['USER', 'x'.repeat(256), [400, 900256, `${UNREADABLE}USER`]],
  ['USER', ['ann'], [400, 900256, `${UNREADABLE}USER`]],
  ['IP', '10.0.0.1', [400, 900256, `${UNREADABLE}IP`]],
  ['IP', {}, [400, 900256, `${UNREADABLE}IP`]],
  ['IP', { fixedIp: 10 }, [400, 900256, `${UNREADABLE}IP`]],
  ['IP', { fixedIp: '10.0.0.1', invert: 'yes' }, [400, 900256, `${UNREADABLE}IP`]],
  ['IP', ['10.0.0.1'], [400, 900256, `${UNREADABLE}IP`]],
  ['IP', { fixedIp: '10.0.0.256' }, [400, 400, '10.0.0.256 is an invalid ip address format']],
  ['IP', { fixedIp: '10.0.0.0/8' }, [400, 400, '10.0.0.0/8 is an invalid ip address format']],
  ['IP', { fixedIp: 'fe80::1%eth0' }, [400, 400, 'fe80::1%eth0 is an invalid ip address format']],
  ['IP', { fixedIp: '' }, [400, 400, ' is an invalid ip address format']],
  ['IPRANGE', { startingIp: '10.0.0.1' }, [400, 900256, `${UNREADABLE}IPRANGE`]],
  ['IPRANGE', { startingIp: 'x', endingIp: '10.0.0.1' }, [400, 400, 'x is an invalid ip address format. Condition type: IPRANGE']],
  ['IPRANGE', { startingIp: '10.0.0.1', endingIp: 'y' }, [400, 400, 'y is an invalid ip address format. Condition type: IPRANGE']],
  [
    'IPRANGE',
    { startingIp: '10.0.0.10', endingIp: '10.0.0.9' },
    [400, 400, 'The range begins at 10.0.0.10, which comes after its end 10.0.0.9. Condition type: IPRANGE'],
  ],
  [
    'IPRANGE',
    { startingIp: '10.0.0.1', endingIp: '::1' },
    [400, 400, '10.0.0.1 and ::1 are addresses of different IP versions. Condition type: IPRANGE'],
  ],
] as const)('%s %j is refused', (type, value, refusal) => {
  expect(refusalOf(type, value)).toEqual(refusal);
});
