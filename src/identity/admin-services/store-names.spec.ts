import { limitOf, patternOf, roleDomain, roleNameIn, roleNamesIn, userNameIn, wildcards } from './store-names.js';

it.each([
  ['anna', 'anna'],
  ['PRIMARY/anna', 'anna'],
  ['primary/Anna', 'Anna'],
  ['', ''],
])('the user %s is %s', (text, name) => expect(userNameIn(text)).toBe(name));

it.each(['OTHER/anna', 'PRIMARY/OTHER/anna', 'Internal/anna', '/anna'])('the user %s is of no store', (text) =>
  expect(() => userNameIn(text)).toThrow('Invalid Domain Name'));

it.each([
  ['admin', 'admin', ''],
  ['PRIMARY/testers', 'testers', ''],
  ['internal/creator', 'Internal/creator', 'internal/'],
  ['APPLICATION/a/b', 'Application/a/b', 'application/'],
])('the role %s is %s', (text, name, domain) => {
  expect(roleNameIn(text)).toBe(name);
  expect(roleDomain(name)).toBe(domain);
});

it('refuses roles of other stores, and passes over the role that everybody holds', () => {
  expect(() => roleNameIn('OTHER/testers')).toThrow('Invalid Domain Name');
  expect(roleNamesIn(['a', '', 'internal/EVERYONE', 'Internal/creator'])).toEqual(['a', 'Internal/creator']);
});

it.each([
  [undefined, '%'],
  ['*', '%'],
  ['a***b?', 'a%b_'],
  ['PRIMARY/a*', 'a%'],
  ['100%_\\', '100\\%\\_\\\\'],
  ['Internal/*', 'Internal/%'],
  ['a'.repeat(600), ''],
])('the filter %s is the pattern %s', (filter, pattern) => expect(patternOf(filter)).toBe(pattern));

it('takes a slash for a store in filters of names alone', () => {
  expect(() => patternOf('OTHER/*')).toThrow('Invalid Domain Name');
  expect(wildcards('https://x/*')).toBe('https://x/%');
});

it.each([
  [-1, 100],
  [0, 0],
  [7, 7],
  [5_000, 100],
])('a limit of %d gives %d names', (asked, given) => expect(limitOf(asked)).toBe(given));
