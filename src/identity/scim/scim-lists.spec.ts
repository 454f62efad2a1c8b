import { listRequestOf, project } from './scim-lists.js';

const resource = {
  schemas: ['s'],
  id: '1',
  userName: 'anna',
  name: { givenName: 'A', familyName: 'B' },
  emails: ['a@b.cc'],
  'urn:x': { country: 'LK', floor: 1 },
};

it.each([
  [
    { attributes: ['userName'], excluded: [] },
    { schemas: ['s'], id: '1', userName: 'anna' },
  ],
  [
    { attributes: ['name.givenName', 'urn:x:floor'], excluded: [] },
    { schemas: ['s'], id: '1', name: { givenName: 'A' }, 'urn:x': { floor: 1 } },
  ],
  [
    { attributes: ['emails.value', 'urn:ietf:params:scim:schemas:core:2.0:User:username'], excluded: [] },
    { schemas: ['s'], id: '1', userName: 'anna', emails: ['a@b.cc'] },
  ],
  [
    { attributes: [], excluded: ['emails', 'id', 'name', 'urn:x:country'] },
    { schemas: ['s'], id: '1', userName: 'anna', 'urn:x': { floor: 1 } },
  ],
])('projects %j', (projection, expected) => expect(project(resource, projection)).toEqual(expected));

it('starts at 1, gives 100 and at most 200', () => {
  expect(listRequestOf({})).toMatchObject({ startIndex: 1, count: 100 });
  expect(listRequestOf({ startIndex: '-3', count: '5000' })).toMatchObject({ startIndex: 1, count: 200 });
  expect(listRequestOf({ startIndex: '5', count: '-1' })).toMatchObject({ startIndex: 5, count: 0 });
  expect(() => listRequestOf({ count: 'many' })).toThrow(expect.objectContaining({ status: 400 }));
  expect(() => listRequestOf({ sortBy: 'userName' })).toThrow(expect.objectContaining({ status: 501 }));
});
