import { constraintsOf } from '../../keys/managers/setting-constraints.js';
import { PropertyConstrained } from './application-keys.problems.js';
import { checkConstraints } from './setting-constraints.js';

const check = (value: unknown, type: string, limits: Readonly<Record<string, unknown>>) =>
  checkConstraints({ field: value }, { field: { type, value: limits } });

it.each([
  ['MAX', { max: 600 }, 600],
  ['MAX', { max: '600' }, '599'],
  ['MAX', {}, 5],
  ['MIN', { min: 10 }, 10],
  ['RANGE', { min: 10, max: 20 }, '15'],
  ['REGEX', { pattern: 'https://.+' }, 'https://a'],
  ['REGEX', {}, 'anything'],
  ['ENUM', { allowed: ['web', 'native'] }, 'web'],
  ['ENUM', { allowed: ['code', 'token'] }, ['code', 'token']],
  ['ENUM', { allowed: [1] }, '1'],
  ['ENUM', {}, 'anything'],
  ['UNKNOWN', { max: 1 }, 2],
])('%s %j allows %j', (type, limits, value) => expect(() => check(value, type, limits)).not.toThrow());

it.each([undefined, null, '', 'N/A'])('what is set to %j is not constrained', (value) =>
  expect(() => check(value, 'MAX', { max: 1 })).not.toThrow());

it.each([
  ['MAX', { max: 600 }, 601, 'at most 600'],
  ['MAX', { max: 600 }, -1, 'at most 600'],
  ['MAX', { max: 600 }, 'soon', 'a number'],
  ['MIN', { min: 10 }, '9', 'at least 10'],
  ['RANGE', { min: 10, max: 20 }, 9, 'at least 10'],
  ['RANGE', { min: 10, max: 20 }, 21, 'at most 20'],
  ['REGEX', { pattern: 'https://.+' }, 'see https://a', 'of the form https://.+'],
  ['REGEX', { pattern: '(unclosed' }, '(unclosed', 'of the form (unclosed'],
  ['ENUM', { allowed: ['web', 'native'] }, 'WEB', 'one of web, native'],
  ['ENUM', { allowed: ['code', 'token'] }, ['code', 'none'], 'one of code, token'],
])('%s %j refuses %j', (type, limits, value, rule) => expect(() => check(value, type, limits)).toThrow(PropertyConstrained('field', rule)));

it('takes no time on a pattern made to explode', () => {
  const started = performance.now();

  expect(() => check('a'.repeat(10_000), 'REGEX', { pattern: '(a*)*b' })).toThrow();

  expect(performance.now() - started).toBeLessThan(1_000);
});

it('reads the constraints of a key manager, and nothing that is none', () => {
  const max = { type: 'MAX', value: { max: 1 } };
  const manager = (constraints: object | string) => ({ additionalProperties: { constraints } });

  expect(constraintsOf(manager({ a: max, b: 'none', c: { type: 1, value: {} }, d: { type: 'MAX' } }))).toEqual({ a: max });
  expect(constraintsOf(manager('none'))).toEqual({});
  expect(constraintsOf({ additionalProperties: {} })).toEqual({});
});
