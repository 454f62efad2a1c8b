import type { RuleExpression } from '../../../domain/custom-rules.js';
import { linkExpression, type RuleFacts, type RuleValue } from './rule-expressions.js';

const PROPERTIES: Readonly<Record<string, RuleValue>> = {
  ip: 3_232_235_778,
  ipv6: 2n ** 127n,
  small: 5n,
  agent: 'Mozilla/5.0 (Chrome)',
  count: '12',
  large: '340282366920938463463374607431768211455',
  yes: 'TRUE',
  flag: false,
};
const FACTS: RuleFacts = {
  field: (name) => (name === 'userId' ? 'ann@carbon.super' : null),
  property: (name) => PROPERTIES[name] ?? null,
};

const evaluated = (tree: RuleExpression): RuleValue => linkExpression(tree)(FACTS);

const literal = (value: string | number | boolean): RuleExpression => ({ kind: 'literal', value });
const property = (name: string): RuleExpression => ({ kind: 'property', name });
const large = (digits: string): RuleExpression => ({ kind: 'large', digits });
const user: RuleExpression = { kind: 'field', name: 'userId' };
const nothing: RuleExpression = { kind: 'field', name: 'appTier' };

describe('a comparison', () => {
  it.each([
    [user, '==', literal('ann@carbon.super'), true],
    [user, '==', literal('Ann@carbon.super'), false],
    [user, '!=', literal('bob'), true],
    [property('ip'), '==', literal(3_232_235_778), true],
    [property('ip'), '<', literal(3_232_235_779), true],
    [property('ip'), '>=', literal(3_232_235_779), false],
    [property('small'), '==', literal(5), true],
    [property('small'), '!=', literal(5), false],
    [literal(5.5), '>', property('small'), true],
    [property('ipv6'), '==', large(String(2n ** 127n)), true],
    [property('ipv6'), '==', large(String(2n ** 127n + 1n)), false],
    [property('flag'), '==', literal(false), true],
    // What is not there is neither equal nor unequal.
    [nothing, '==', nothing, false],
    [nothing, '!=', literal('x'), false],
    [nothing, '<', literal(1), false],
  ] as const)('%j %s %j is %s', (left, operator, right, expected) => {
    expect(evaluated({ kind: 'compare', operator, left, right })).toBe(expected);
  });
});

describe('a cast', () => {
  it.each([
    [property('ip'), 'string', '3232235778'],
    [property('ipv6'), 'string', String(2n ** 127n)],
    [nothing, 'string', null],
    [property('count'), 'integer', 12],
    [property('large'), 'integer', 2n ** 128n - 1n],
    [property('agent'), 'integer', null],
    [literal(2.9), 'integer', 2],
    [property('count'), 'number', 12],
    [literal(''), 'number', null],
    [property('agent'), 'number', null],
    [property('small'), 'number', 5],
    [property('yes'), 'boolean', true],
    [property('flag'), 'boolean', false],
    [property('agent'), 'boolean', null],
  ] as const)('of %j to %s is %p', (of, to, expected) => {
    expect(evaluated({ kind: 'cast', to, of })).toBe(expected);
  });
});

it.each([
  ['+', 7],
  ['-', 3],
  ['*', 10],
  ['/', 2.5],
  ['%', 1],
] as const)('5 %s 2 is %d, whatever a number is held in', (operator, expected) => {
  expect(evaluated({ kind: 'calculate', operator, left: literal(5), right: literal(2) })).toBe(expected);
  expect(evaluated({ kind: 'calculate', operator, left: property('small'), right: literal(2) })).toBe(expected);
  expect(evaluated({ kind: 'calculate', operator, left: nothing, right: literal(2) })).toBeNull();
});

it.each([
  [{ kind: 'and', left: literal(true), right: literal(true) }, true],
  [{ kind: 'and', left: literal(true), right: literal(false) }, false],
  [{ kind: 'or', left: literal(false), right: literal(true) }, true],
  [{ kind: 'or', left: literal(false), right: literal(false) }, false],
  [{ kind: 'not', of: literal(false) }, true],
  [{ kind: 'missing', of: nothing }, true],
  [{ kind: 'missing', of: user }, false],
  [{ kind: 'negative', of: literal(3) }, -3],
  [{ kind: 'negative', of: property('small') }, -5n],
  [{ kind: 'find', pattern: 'chrome', in: property('agent') }, false],
  [{ kind: 'find', pattern: '(?i)chrome', in: property('agent') }, true],
  [{ kind: 'find', pattern: '^', in: nothing }, false],
  [{ kind: 'concat', parts: [user, literal(':'), property('ip'), nothing] }, 'ann@carbon.super:3232235778'],
] as const)('%j is %p', (tree, expected) => {
  expect(evaluated(tree)).toBe(expected);
});
