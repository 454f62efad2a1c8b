import fc from 'fast-check';
import { parseFilter } from './filter-expression.js';

it.each([
  ['userName eq anna', [{ path: 'userName', operator: 'eq', value: 'anna' }]],
  ['userName EQ "an \\"na and x"', [{ path: 'userName', operator: 'eq', value: 'an "na and x' }]],
  [
    'name.givenName sw A And urn:scim:wso2:schema:country co "LK"',
    [
      { path: 'name.givenName', operator: 'sw', value: 'A' },
      { path: 'urn:scim:wso2:schema:country', operator: 'co', value: 'LK' },
    ],
  ],
  ['meta.created ge 2026-01-02T03:04:05Z', [{ path: 'meta.created', operator: 'ge', value: '2026-01-02T03:04:05Z' }]],
])('reads %p', (text, terms) => expect(parseFilter(text)).toEqual(terms));

it.each([
  '',
  'userName',
  'userName eq',
  'userName pr',
  'userName eq a or userName eq b',
  'not (userName eq a)',
  '(userName eq a)',
  'userName eq a and',
  'userName eq "a',
  'userName eq a\0',
  'userName eq "\\u0000"',
  'userName eq "\\x"',
])('refuses %j', (text) => expect(() => parseFilter(text)).toThrow(expect.objectContaining({ status: 400, title: 'invalidFilter' })));

it('gives back any quoted value', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 50 }), (value) => {
      fc.pre(!value.includes('\0'));
      expect(parseFilter(`userName eq ${JSON.stringify(value)}`)).toEqual([{ path: 'userName', operator: 'eq', value }]);
    }),
  );
});
