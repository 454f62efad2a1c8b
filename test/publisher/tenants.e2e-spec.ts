import { BadRequest, Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import { given } from '../support/given.js';

interface List {
  readonly count: number;
  readonly list: readonly { readonly domain: string; readonly status: string }[];
  readonly pagination: { readonly total: number };
}

let admin: Actor;
beforeAll(async () => {
  ({ admin } = await given.organization());
});

const list = (query: Readonly<Record<string, string | number>> = {}) => admin.publisher<List>('GET /tenants', { query });
const exists = async (tenantDomain: string, by = admin) =>
  (await by.publisher('HEAD /tenants/{tenantDomain}', { path: { tenantDomain } })).status;

it('are listed by their state, the super tenant first', async () => {
  const active = expected(await list({ limit: 10_000 }), 200);

  expect(active.list[0]).toEqual({ domain: 'carbon.super', status: 'active' });
  expect(active.list).toContainEqual({ domain: admin.organization, status: 'active' });
  expect(active.pagination.total).toBe(active.count);
  const inactive = expected(await list({ state: 'inactive', limit: 10_000 }), 200);
  expect(inactive.list).not.toContainEqual(expect.objectContaining({ domain: admin.organization }));
});

it('come a page at a time', async () => {
  const page = expected(await list({ limit: 1, offset: 1 }), 200);

  expect(page).toMatchObject({ count: 1, pagination: { limit: 1, offset: 1 } });
  expect(page.list[0]?.domain).not.toBe('carbon.super');
});

it('are known by their domains', async () => {
  expect(await exists('carbon.super')).toBe(200);
  expect(await exists(admin.organization)).toBe(200);
  expect(await exists('nobody.example.com')).toBe(404);
  expect(await exists('a\0b')).toBe(404);
});

it('need a state there is and a scope for publishers', async () => {
  expect(await list({ state: 'asleep' })).toFailWith(BadRequest('Invalid value for the query parameter state'));
  const narrow = admin.withScopes('apim:subscribe');
  expect(await narrow.publisher('GET /tenants')).toFailWith(Unauthenticated());
  expect(await exists('carbon.super', narrow)).toBe(401);
});
