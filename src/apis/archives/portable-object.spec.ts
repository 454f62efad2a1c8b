import { portableObject } from './portable-object.js';

it.each([
  ['admin', '/pets', 'a.com', '/pets'],
  ['admin', '/t/pets', 'a.com', '/t/pets'],
  ['ann@a.com', '/t/a.com/pets', 'b.com', '/pets'],
  ['ann@a.com', '/t/a.com/pets', 'a.com', '/t/a.com/pets'],
  ['ann@a.com', '/t/c.com/pets', 'b.com', '/t/c.com/pets'],
  ['ann@a.com', '/t/a.community/pets', 'b.com', '/t/a.community/pets'],
])('the context of the API of %s at %s becomes for %s: %s', (provider, context, organization, expected) =>
  expect(portableObject({ provider, context }, organization)['context']).toBe(expected));

it('leaves behind what only its own installation knows', () => {
  const local = { id: 'a', createdTime: 1, lastUpdatedTime: 1, lastUpdatedTimestamp: 1, workflowStatus: 'x', isRevision: true };
  const data = { ...local, revisionId: 1, revisionedApiId: 'a', hasThumbnail: true, name: 'Pets' };

  expect(portableObject(data, 'a.com')).toEqual({ name: 'Pets' });
});
