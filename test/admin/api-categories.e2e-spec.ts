import { randomUUID } from 'node:crypto';
import { InvalidCategory } from '../../src/apis/apis.problems.js';
import { CategoryExists, CategoryInUse, CategoryNameInvalid, CategoryNotFound } from '../../src/categories/categories.problems.js';
import { PreconditionFailed, Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body, RequestOptions } from '../support/client.js';
import { given } from '../support/given.js';

interface Category {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly numberOfAPIs: number;
}
interface List<T = Category> {
  readonly count: number;
  readonly list: readonly T[];
}

let admin: Actor;
beforeEach(async () => {
  ({ admin } = await given.organization());
});

const ONE = '/api-categories/{apiCategoryId}';
const add = (body: Body, by = admin) => by.admin<Category>('POST /api-categories', { body });
const added = async (name: string): Promise<Category> => expected(await add({ name, description: `About ${name}` }), 201);
const on = (operation: string, id: string, options: RequestOptions = {}, by = admin) =>
  by.admin<Category>(`${operation} ${ONE}`, { path: { apiCategoryId: id }, ...options });
const list = async (by = admin) => expected(await by.admin<List>('GET /api-categories'), 200);
const categoriesOf = async (apiId: string) =>
  expected(await admin.publisher<{ categories: string[] }>('GET /apis/{apiId}', { path: { apiId } }), 200).categories;

it('are made, listed by name and counted', async () => {
  const answer = await add({ name: ' Finance ', description: 'Money' });
  await added('Care');
  await given.api({ by: admin, with: { categories: ['Finance'] } });

  const finance = expected(answer, 201);
  expect(finance).toEqual({ id: expect.any(String), name: 'Finance', description: 'Money', numberOfAPIs: 0 });
  expect(answer.headers['location']).toContain(`/api-categories/${finance.id}`);
  expect(await list()).toMatchObject({
    count: 2,
    list: [
      { name: 'Care', numberOfAPIs: 0 },
      { ...finance, numberOfAPIs: 1 },
    ],
  });
});

it('are seen by publishers and by visitors of the portal', async () => {
  const { id } = await added('Finance');
  const seen = { count: 1, list: [{ id, name: 'Finance', description: 'About Finance' }] };

  expect(await admin.publisher('GET /api-categories')).toMatchObject({ status: 200, body: seen });
  const guest = await given.superAdmin.devportal('GET /api-categories', {
    as: { none: true },
    headers: { 'x-wso2-tenant': admin.organization },
  });
  expect(guest).toMatchObject({ status: 200, body: seen });
});

it('get another name, and their APIs with them', async () => {
  const { id } = await added('Finance');
  const api = await given.api({ by: admin, with: { categories: ['Finance'] } });
  const other = await given.api({ by: admin });

  const answer = await on('PUT', id, { body: { name: 'Money' } });

  expect(expected(answer, 200)).toEqual({ id, name: 'Money', description: '', numberOfAPIs: 1 });
  expect(await categoriesOf(api.id)).toEqual(['Money']);
  expect(await categoriesOf(other.id)).toEqual([]);
  expect((await list()).list).toEqual([answer.body]);
});

it('are deleted unless an API is in them', async () => {
  const { id } = await added('Finance');
  const api = await given.api({ by: admin, with: { categories: ['Finance'] } });
  expect(await on('DELETE', id)).toFailWith(CategoryInUse());
  expected(await admin.publisher('DELETE /apis/{apiId}', { path: { apiId: api.id } }), 200);

  expect((await on('DELETE', id)).status).toBe(200);

  expect((await list()).count).toBe(0);
  expect(await on('DELETE', id)).toFailWith(CategoryNotFound(id));
});

it('are found by the APIs in them', async () => {
  await added('Finance');
  const api = await given.api({ by: admin, with: { categories: ['Finance'] } });
  await given.api({ by: admin });

  const found = await admin.publisher<List<{ id: string }>>('GET /apis', { query: { query: 'api-category:finance' } });

  expect(expected(found, 200).list.map(({ id }) => id)).toEqual([api.id]);
});

it('that are gone do not come back with a revision that was in them', async () => {
  const { id } = await added('Finance');
  await added('Care');
  const { id: apiId } = await given.api({ by: admin, with: { categories: ['Finance', 'Care'] } });
  const path = { apiId };
  const revision = expected(await admin.publisher<{ id: string }>('POST /apis/{apiId}/revisions', { path, body: {} }), 201);
  const current = expected(await admin.publisher<Body>('GET /apis/{apiId}', { path }), 200);
  expected(await admin.publisher('PUT /apis/{apiId}', { path, body: { ...current, categories: [] } }), 200);
  expected(await on('DELETE', id), 200);

  expected(await admin.publisher('POST /apis/{apiId}/restore-revision', { path, query: { revisionId: revision.id } }), 201);

  expect(await categoriesOf(apiId)).toEqual(['Care']);
});

it('are needed before an API can be in them', async () => {
  await added('Finance');
  const api = await given.api({ by: admin, with: { categories: ['Finance'] } });
  const current = expected(await admin.publisher('GET /apis/{apiId}', { path: { apiId: api.id } }), 200);

  const answer = await admin.publisher('PUT /apis/{apiId}', {
    path: { apiId: api.id },
    body: { ...current, categories: ['Finance', 'Sports'] },
  });

  expect(answer).toFailWith(InvalidCategory(api.name));
  expect(await categoriesOf(api.id)).toEqual(['Finance']);
});

describe('refuses', () => {
  it.each([
    ['no name', {}, { status: 400, code: 400 }],
    ['an empty name', { name: '' }, { status: 400, code: 400 }],
    ['a name that is too long', { name: 'x'.repeat(256) }, { status: 400, code: 400 }],
    ['special characters', { name: 'a/b' }, CategoryNameInvalid()],
    ['a zero byte', { name: 'a\0' }, { status: 400, code: 400 }],
    ['a description that is too long', { name: 'a', description: 'x'.repeat(1025) }, { status: 400, code: 400 }],
  ])('%s', async (_, body, problem) => {
    expect(await add(body)).toFailWith(problem);
    expect((await list()).count).toBe(0);
  });

  it('a name that is taken', async () => {
    await added('Finance');
    const { id } = await added('Care');

    expect(await add({ name: 'Finance' })).toFailWith(CategoryExists('Finance'));
    expect(await on('PUT', id, { body: { name: 'Finance' } })).toFailWith(CategoryExists('Finance'));
  });

  it('an unknown category', async () => {
    for (const id of [randomUUID(), 'nothing', 'a\0b']) {
      expect(await on('PUT', id, { body: { name: 'x' } })).toFailWith(CategoryNotFound(id));
      expect(await on('DELETE', id)).toFailWith(CategoryNotFound(id));
    }
  });

  it('a change under an outdated tag', async () => {
    const { id } = await added('Finance');
    const { headers } = await on('PUT', id, { body: { name: 'Money' } });
    await on('PUT', id, { body: { name: 'Cash' } });

    const stale = { headers: { 'if-match': String(headers['etag']) } };
    expect(await on('PUT', id, { body: { name: 'Coins' }, ...stale })).toFailWith(PreconditionFailed);
    expect(await on('DELETE', id, stale)).toFailWith(PreconditionFailed);
    expect((await list()).list).toMatchObject([{ name: 'Cash' }]);
  });

  it('a scope for something else', async () => {
    const { id } = await added('Finance');
    const by = admin.withScopes('apim:api_view');

    expect(await by.admin('GET /api-categories')).toFailWith(Unauthenticated());
    expect(await add({ name: 'x' }, by)).toFailWith(Unauthenticated());
    expect(await on('PUT', id, { body: { name: 'x' } }, by)).toFailWith(Unauthenticated());
    expect(await on('DELETE', id, {}, by)).toFailWith(Unauthenticated());
    expect(await admin.withScopes('apim:subscribe').publisher('GET /api-categories')).toFailWith(Unauthenticated());
  });

  it('another tenant', async () => {
    const { id } = await added('Finance');
    const { admin: stranger } = await given.organization();

    expect(await on('PUT', id, { body: { name: 'x' } }, stranger)).toFailWith(CategoryNotFound(id));
    expect(await on('DELETE', id, {}, stranger)).toFailWith(CategoryNotFound(id));
    expect((await list(stranger)).count).toBe(0);
    expect(await stranger.publisher('GET /api-categories')).toMatchObject({ status: 200, body: { count: 0 } });
  });
});

it.each([
  ['deleted', 'DELETE'],
  ['renamed', 'PUT'],
])('no API is left in a category that is %s as the API is made', async (_, method) => {
  const { admin } = await given.organization();
  const names = Array.from({ length: 10 }, (_each, at) => `category ${at}`);
  const ids = await Promise.all(
    names.map(async (name) => expected(await admin.admin<{ id: string }>('POST /api-categories', { body: { name } }), 201).id),
  );

  await Promise.all(
    names.flatMap((name, at) => [
      admin.publisher('POST /apis', { body: given.apiProperties({ with: { categories: [name] } }) }),
      admin.admin(`${method} /api-categories/{apiCategoryId}`, {
        path: { apiCategoryId: ids[at] ?? '' },
        ...(method === 'PUT' && { body: { name: `new ${at}` } }),
      }),
    ]),
  );

  const known = expected(await admin.admin<{ list: readonly { name: string }[] }>('GET /api-categories'), 200).list.map(({ name }) => name);
  const { list } = expected(await admin.publisher<{ list: readonly { id: string }[] }>('GET /apis', { query: { limit: 100 } }), 200);
  const apis = await Promise.all(list.map(({ id: apiId }) => admin.publisher('GET /apis/{apiId}', { path: { apiId } })));
  expect(apis.flatMap(({ body }) => body['categories']).filter((name) => !known.includes(String(name)))).toEqual([]);
});
