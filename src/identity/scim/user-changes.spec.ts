import { parsePatch } from './patch-operations.js';
import { SERVER_SCHEMA } from './user-attributes.js';
import { applyOperations, applyResource, userNameOf } from './user-changes.js';
import { UserDraft } from './user-draft.js';

const patched = (claims: Record<string, string>, ...operations: readonly unknown[]) => {
  const draft = new UserDraft('anna', { claims, locked: false, disabled: false });
  applyOperations(draft, parsePatch({ Operations: operations }));
  return draft.change;
};

const failureOf = (work: () => unknown): unknown => {
  try {
    work();
    return undefined;
  } catch (err) {
    return (err as { readonly title: string }).title;
  }
};

it('reads a whole user into claims', () => {
  const draft = new UserDraft('anna');
  applyResource(draft, {
    schemas: [],
    userName: 'anna',
    password: 'Secret12',
    name: { givenName: 'Anna', familyName: 'B' },
    emails: ['x@y.com', { primary: true, value: 'anna@x.com' }, { type: 'work', value: 'w@x.com' }],
    phoneNumbers: [{ type: 'mobile', value: '+1' }],
    addresses: [{ type: 'work', locality: 'Rome' }],
    [SERVER_SCHEMA]: { country: 'LK', accountLocked: true },
    unheardOf: 1,
    roles: [{ value: 'admin' }],
  });

  expect(draft.change).toEqual({
    password: 'Secret12',
    locked: true,
    disabled: false,
    claims: {
      givenname: 'Anna',
      lastname: 'B',
      emailaddress: 'anna@x.com',
      emailAddresses: 'x@y.com',
      'emails.work': 'w@x.com',
      mobile: '+1',
      'addresses.work.locality': 'Rome',
      country: 'LK',
    },
  });
});

it.each([
  [
    { op: 'Replace', path: 'name.givenName', value: 'Ann' },
    { givenname: 'Ann', mobile: '1' },
  ],
  [
    { op: 'add', value: { emails: ['a@x.com'], [SERVER_SCHEMA]: { country: 'IT' } } },
    { givenname: 'A', mobile: '1', emailaddress: 'a@x.com', country: 'IT' },
  ],
  [
    { op: 'replace', path: `${SERVER_SCHEMA}:country`, value: 'IT' },
    { givenname: 'A', mobile: '1', country: 'IT' },
  ],
  [{ op: 'remove', path: 'name' }, { mobile: '1' }],
  [
    { op: 'add', path: 'phoneNumbers', value: [{ type: 'work', value: '2' }] },
    { givenname: 'A', mobile: '1', 'phoneNumbers.work': '2' },
  ],
  [
    { op: 'replace', path: 'phoneNumbers', value: [{ type: 'work', value: '2' }] },
    { givenname: 'A', 'phoneNumbers.work': '2' },
  ],
  [
    { op: 'replace', path: 'phoneNumbers[type eq "work"].value', value: '2' },
    { givenname: 'A', mobile: '1', 'phoneNumbers.work': '2' },
  ],
  [{ op: 'remove', path: 'phoneNumbers[type eq mobile]' }, { givenname: 'A' }],
  [
    { op: 'add', path: 'urn:scim:schemas:extension:custom:User:floor', value: '3' },
    { givenname: 'A', mobile: '1', 'custom:floor': '3' },
  ],
])('%j', (operation, claims) => expect(patched({ givenname: 'A', mobile: '1' }, operation).claims).toEqual(claims));

it('applies operations in order, with state and password', () => {
  const change = patched(
    {},
    { op: 'replace', path: 'active', value: false },
    { op: 'add', path: 'title', value: 'x' },
    { op: 'remove', path: 'title' },
    { op: 'replace', path: 'password', value: 'Secret34' },
  );

  expect(change).toEqual({ claims: {}, locked: false, disabled: true, password: 'Secret34' });
});

it.each([
  [{ op: 'move', path: 'title' }, 'invalidSyntax'],
  [{ op: 'add', path: 'title' }, 'invalidSyntax'],
  [{ op: 'add', value: 'x' }, 'invalidSyntax'],
  [{ op: 'remove' }, 'invalidPath'],
  [{ op: 'replace', path: 'unheardOf', value: 1 }, 'invalidPath'],
  [{ op: 'replace', path: 'title[value eq "x"]', value: 1 }, 'invalidPath'],
  [{ op: 'replace', path: 'name..x', value: 1 }, 'invalidPath'],
  [{ op: 'remove', path: 'phoneNumbers[type eq "fax"]' }, 'noTarget'],
  [{ op: 'replace', path: 'emails[value eq "a@b.cc"]', value: 'x' }, 'noTarget'],
  [{ op: 'replace', path: 'id', value: 'x' }, 'mutability'],
  [{ op: 'add', path: 'roles', value: [] }, 'mutability'],
  [{ op: 'replace', path: 'userName', value: 'bob' }, 'mutability'],
  [{ op: 'replace', path: `${SERVER_SCHEMA}:accountState`, value: 'x' }, 'mutability'],
  [{ op: 'replace', path: 'active', value: 'perhaps' }, 'invalidValue'],
  [{ op: 'replace', path: 'title', value: {} }, 'invalidValue'],
  [{ op: 'replace', path: 'phoneNumbers', value: [{ type: 'telegraph', value: '1' }] }, 'invalidValue'],
])('refuses %j as %s', (operation, scimType) => expect(failureOf(() => patched({ mobile: '1' }, operation))).toBe(scimType));

it('needs a user name, and takes one without the primary store', () => {
  expect(userNameOf({ userName: 'PRIMARY/anna' })).toBe('anna');
  expect(() => userNameOf({})).toThrow(expect.objectContaining({ status: 400 }));
});
