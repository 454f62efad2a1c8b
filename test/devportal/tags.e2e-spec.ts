import { Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import { type Body, NOBODY } from '../support/client.js';
import { given } from '../support/given.js';

interface TagList {
  readonly count: number;
  readonly list: readonly { readonly value: string; readonly count: number }[];
  readonly pagination: { readonly total: number; readonly next: string };
}

const listed = async (by: Actor, properties: Body, action = 'Publish'): Promise<string> => {
  const { id } = await given.api({ by, with: properties });
  if (action) expected(await by.publisher('POST /apis/change-lifecycle', { query: { apiId: id, action } }), 200);
  return id;
};
const tags = async (by: Actor, query: Readonly<Record<string, number>> = {}, options: object = {}) =>
  expected(await by.devportal<TagList>('GET /tags', { query, ...options }), 200);
const counted = ({ list }: TagList) => list.map(({ value, count }) => `${value} ${count}`);

let admin: Actor;
let domain: string;
beforeAll(async () => {
  ({ admin, domain } = await given.organization());
  await listed(admin, { tags: ['fish', 'Fish', 'fresh fish'] });
  await listed(admin, { tags: ['fish', 'freshfish', 'fish'] }, 'Deploy as a Prototype');
  await listed(admin, { tags: ['fish', 'unborn'] }, '');
  await listed(admin, { tags: ['fish', 'inner'], visibility: 'PRIVATE' });
  await listed(admin, { tags: ['fish', 'secret'], visibility: 'RESTRICTED', visibleRoles: ['admin'] });
});

it('counts the APIs the viewer sees, prototypes among them, and takes case and blanks seriously', async () => {
  const ann = await given.user({ roles: ['Internal/subscriber'], by: admin });
  const stranger = (await given.organization()).admin;
  const headers = { 'x-wso2-tenant': domain };

  expect(counted(await tags(admin))).toEqual(['Fish 1', 'fish 4', 'fresh fish 1', 'freshfish 1', 'inner 1', 'secret 1']);
  expect(counted(await tags(ann))).toEqual(['Fish 1', 'fish 3', 'fresh fish 1', 'freshfish 1', 'inner 1']);
  for (const options of [{ headers, as: NOBODY }, { headers }]) {
    expect(counted(await tags(stranger, {}, options))).toEqual(['Fish 1', 'fish 2', 'fresh fish 1', 'freshfish 1']);
  }
  expect(counted(await tags(stranger))).toEqual([]);
});

it('gives a page', async () => {
  const page = await tags(admin, { limit: 2, offset: 1 });

  expect(counted(page)).toEqual(['fish 4', 'fresh fish 1']);
  expect(page).toMatchObject({ count: 2, pagination: { total: 6, next: '/tags?limit=2&offset=3' } });
  expect(await tags(admin, { offset: 9 })).toMatchObject({ count: 0, list: [], pagination: { total: 6, next: '' } });
  expect(await admin.devportal('GET /tags', { query: { limit: 'x' } })).toFailWith({ status: 400 });
});

it('forgets a tag with its last API', async () => {
  const id = await listed(admin, { tags: ['passing'] });
  expect(counted(await tags(admin))).toContain('passing 1');

  expected(await admin.publisher('DELETE /apis/{apiId}', { path: { apiId: id } }), 200);

  expect(counted(await tags(admin)).join()).not.toMatch('passing');
});

it('refuses a token that is none and a tenant that is unknown', async () => {
  expect(await admin.devportal('GET /tags', { as: { bearer: 'nonsense' } })).toFailWith(Unauthenticated());
  const headers = { 'x-wso2-tenant': 'unknown.example.com' };
  expect(await admin.devportal('GET /tags', { headers, as: NOBODY })).toFailWith({ status: 400, code: 901300 });
});
