import fc from 'fast-check';
import type { Condition, ConditionalGroup } from '../domain/conditional-groups.js';
import { groupFaults } from './condition-rules.js';

const quota = { type: 'REQUESTCOUNTLIMIT', timeUnit: 'min', unitTime: 1, count: 1 } as const;
const group = (...conditions: readonly Condition[]): ConditionalGroup => ({ description: '', conditions, quota });
const header = (headerName: string, headerValue: string, invertCondition = false): Condition => ({
  type: 'HEADERCONDITION',
  invertCondition,
  headerCondition: { headerName, headerValue },
});
const ip = (specificIP: string, invertCondition = false): Condition => ({
  type: 'IPCONDITION',
  invertCondition,
  ipCondition: { ipConditionType: 'IPSPECIFIC', specificIP },
});
const range = (startingIP: string, endingIP: string): Condition => ({
  type: 'IPCONDITION',
  invertCondition: false,
  ipCondition: { ipConditionType: 'IPRANGE', startingIP, endingIP },
});
const query = (parameterName: string, parameterValue: string): Condition => ({
  type: 'QUERYPARAMETERCONDITION',
  invertCondition: false,
  queryParameterCondition: { parameterName, parameterValue },
});
const claim = (claimUrl: string, attribute: string): Condition => ({
  type: 'JWTCLAIMSCONDITION',
  invertCondition: false,
  jwtClaimsCondition: { claimUrl, attribute },
});
const messages = (...groups: readonly ConditionalGroup[]) => groupFaults(groups).map(({ message }) => message);

it('takes conditions of all kinds, and groups that leave something for one another', () => {
  const all = [
    header('User-Agent', '^curl'),
    ip('10.1.2.3', true),
    query('mode', 'fast|slow'),
    claim('http://wso2.org/claims/role', 'gold'),
  ];

  expect(messages(group(...all), group(header('user-agent', '^curl')), group(range('10.0.0.1', '10.0.0.1')))).toEqual([]);
});

describe('a condition', () => {
  const PATH = 'conditionalGroups.0.conditions.0';

  it.each<readonly [Condition, string]>([
    [{ type: 'HEADERCONDITION', invertCondition: false }, 'headerCondition: must not be null'],
    [{ type: 'IPCONDITION', invertCondition: false }, 'ipCondition: must not be null'],
    [{ type: 'JWTCLAIMSCONDITION', invertCondition: false }, 'jwtClaimsCondition: must not be null'],
    [{ type: 'QUERYPARAMETERCONDITION', invertCondition: false }, 'queryParameterCondition: must not be null'],
    [header('', 'x'), 'headerCondition.headerName: is no name of a header'],
    [header('a b', 'x'), 'headerCondition.headerName: is no name of a header'],
    [query('', 'x'), 'queryParameterCondition.parameterName: must not be empty'],
    [claim('', 'x'), 'jwtClaimsCondition.claimUrl: must not be empty'],
    [header('a', 'x'.repeat(8_193)), 'headerCondition.headerValue: a regular expression may have 8192 characters at most'],
    [ip('10.1.2'), 'ipCondition.specificIP: is no IP address'],
    [ip('fe80::1%eth0'), 'ipCondition.specificIP: is no IP address'],
    [range('', '10.0.0.1'), 'ipCondition.startingIP: is no IP address'],
    [range('10.0.0.1', '10.0.0.300'), 'ipCondition.endingIP: is no IP address'],
    [range('10.0.0.1', '::1'), 'ipCondition.endingIP: must be of the same IP version as startingIP'],
    [range('10.0.0.2', '10.0.0.1'), 'ipCondition.endingIP: must not be below startingIP'],
    [range('2001:db8::2', '2001:db8::1'), 'ipCondition.endingIP: must not be below startingIP'],
  ])('%j is refused: %s', (condition, text) => {
    expect(messages(group(condition))).toEqual([`${PATH}.${text}`]);
  });

  it('may be a range whose ends are written in IPv4 and as IPv4 within IPv6', () => {
    expect(messages(group(range('10.0.0.1', '::ffff:10.0.0.2')))).toEqual([]);
    expect(messages(group(range('::ffff:10.0.0.2', '10.0.0.1')))).toEqual([`${PATH}.ipCondition.endingIP: must not be below startingIP`]);
    expect(messages(group(range('::ffff:10.0.0.2', '2001:db8::1')))).toEqual([
      `${PATH}.ipCondition.endingIP: must be of the same IP version as startingIP`,
    ]);
  });

  it.each(['(', '(?=x)', '(a)\\1'])('is refused with the pattern %s, which a linear engine does not run', (pattern) => {
    expect(messages(group(query('a', pattern)))).toEqual([expect.stringContaining(`${PATH}.queryParameterCondition.parameterValue: `)]);
  });
});

describe('groups', () => {
  it.each<readonly [string, readonly ConditionalGroup[], string]>([
    ['the same condition twice', [group(header('A', 'x'), header('a', 'x'))], '0.conditions.1: is in its group twice'],
    ['a condition and its inversion', [group(ip('::1'), ip('0:0::1', true))], '0.conditions.1: contradicts another condition of its group'],
    ['one address as IPv4 and within IPv6', [group(ip('10.0.0.1'), ip('::ffff:a00:1'))], '0.conditions.1: is in its group twice'],
    [
      'the same conditions as an earlier group, in another order',
      [group(query('a', 'b'), ip('10.0.0.1')), group(ip('10.0.0.1'), query('a', 'b'))],
      '1.conditions: never applies: group 0 comes before it and holds whenever it does',
    ],
    [
      'more conditions than an earlier group',
      [group(ip('10.0.0.1')), group(claim('a', 'b')), group(ip('10.0.0.1'), query('a', 'b'))],
      '2.conditions: never applies: group 0 comes before it and holds whenever it does',
    ],
    ['a group without conditions', [group(ip('10.0.0.1')), group()], '1.conditions: must not be empty'],
    [
      'a range of one address beside that address',
      [group(range('10.0.0.1', '10.0.0.1'), ip('10.0.0.1'))],
      '0.conditions.1: is in its group twice',
    ],
  ])('are refused with %s', (_, groups, text) => {
    expect(messages(...groups)).toEqual([`conditionalGroups.${text}`]);
  });
});

it('never lets a group through that an earlier one hides, nor refuses one that can decide', () => {
  // Conditions that do not depend on each other: every combination of them occurs in some request.
  const names = ['a', 'b', 'c'] as const;
  const condition = fc.record({ name: fc.constantFrom(...names), invert: fc.boolean() });
  const groupsOf = fc.array(fc.uniqueArray(condition, { selector: ({ name }) => name, minLength: 1, maxLength: 3 }), { maxLength: 4 });
  const requests = Array.from({ length: 2 ** names.length }, (_, bits) => names.filter((_name, index) => bits & (1 << index)));
  fc.assert(
    fc.property(groupsOf, (groups) => {
      const holds = (conditions: (typeof groups)[number], request: readonly string[]) =>
        conditions.every(({ name, invert }) => request.includes(name) !== invert);
      const decides = (index: number) => requests.some((request) => groups.findIndex((conditions) => holds(conditions, request)) === index);
      const faults = groupFaults(groups.map((conditions) => group(...conditions.map(({ name, invert }) => header(name, 'x', invert)))));

      // Several earlier groups may hide one together, which is let through; a single one is found.
      if (groups.every((_, index) => decides(index))) expect(faults).toEqual([]);
      const isHidden = (index: number) =>
        groups
          .slice(0, index)
          .some((earlier) => requests.every((request) => !holds(groups[index] ?? [], request) || holds(earlier, request)));
      expect(faults.length > 0).toBe(groups.some((_, index) => isHidden(index)));
    }),
  );
});
