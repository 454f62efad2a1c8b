import { fitIntoToken, rolesIn, userClaims } from './remote-claims.js';

const role = (remoteClaim: string, localClaim: string) => [{ remoteClaim, localClaim }];

it.each([
  ['a list', { groups: ['a', 'b', 'a'] }, role('groups', 'http://wso2.org/claims/role'), ['a', 'b']],
  ['a text with commas', { groups: 'a, b,,c' }, role('groups', 'roles'), ['a', 'b', 'c']],
  ['what is no text', { groups: [1, { a: 1 }, 'a'] }, role('groups', 'role'), ['a']],
  ['an object', { groups: { a: 1 } }, role('groups', 'role'), []],
  ['no role claim in the mapping', { groups: ['a'], role: ['b'] }, role('groups', 'email'), []],
  ['a claim that every object inherits', {}, role('constructor', 'role'), []],
  ['a name that is too long', { groups: ['x'.repeat(256), 'a'] }, role('groups', 'role'), ['a']],
])('roles in %s', (_, claims, mapping, expected) => {
  expect(rolesIn(claims, mapping)).toEqual(expected);
});

it('keeps the user’s claims, renames the mapped ones and drops those of the token, whichever way they come', () => {
  const claims = { iss: 'x', exp: 1, scope: 'apim:admin', team: ['a'], mail: 'm', evil: 'apim:admin', empty: 1 };
  const mapping = [...role('mail', 'email'), ...role('evil', 'scope'), ...role('empty', '')];

  expect(userClaims(claims, mapping)).toEqual({ team: ['a'], email: 'm' });
});

it('cannot be made to reach a prototype', () => {
  const claims = userClaims(JSON.parse('{"__proto__": {"aut": "APPLICATION"}, "a": 1}'), role('a', '__proto__'));

  expect(claims).toEqual({});
  expect(Object.keys(claims)).toEqual([]);
});

it('bounds what goes into a token', () => {
  expect([fitIntoToken({ a: 'x'.repeat(8_000) }), fitIntoToken({ a: 'x'.repeat(9_000) })]).toEqual([true, false]);
});
