import { randomUUID } from 'node:crypto';
import { familyOf, newFamily, newMember, pairedJti } from './token-family.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

it('the members of a family have ids of their own, in the form of UUIDs, that begin alike', () => {
  const family = newFamily();
  const [one, other] = [newMember(family), newMember(family)];

  expect([one, other]).toEqual([expect.stringMatching(UUID), expect.stringMatching(UUID)]);
  expect(one).not.toBe(other);
  expect([familyOf(one), familyOf(other)]).toEqual([family, family]);
});

it('families differ', () => expect(newFamily()).not.toBe(newFamily()));

it('an access token is of the family of its refresh token, and always has the same id beside it', () => {
  const refresh = newMember(newFamily());

  expect(pairedJti(refresh)).toBe(pairedJti(refresh));
  expect(pairedJti(refresh)).toMatch(UUID);
  expect(pairedJti(refresh)).not.toBe(refresh);
  expect(familyOf(pairedJti(refresh))).toBe(familyOf(refresh));
});

it('any UUID begins a family, such as that of a code’s grant', () => {
  const grant = randomUUID();

  expect(familyOf(pairedJti(grant))).toBe(familyOf(grant));
});

it('ids of another form have no family, and their access tokens one of their own', () => {
  expect(familyOf('abc')).toBe('');
  expect(pairedJti('abc')).toMatch(UUID);
  expect(familyOf(pairedJti('abc'))).not.toBe(familyOf(pairedJti('abd')));
});
