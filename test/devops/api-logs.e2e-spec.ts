import { randomUUID } from 'node:crypto';
import {
  LogDataMissing,
  LoggedApiNotFound,
  LoggedResourceNotFound,
  LogLevelUnknown,
  NotOfTenant,
  TenantNotFound,
} from '../../src/devops/api-logs/api-logs.problems.js';
import { InvalidPermission } from '../../src/devops/devops.problems.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import { Client, NOBODY } from '../support/client.js';
import { type GivenApi, given, type Organization } from '../support/given.js';

interface Row {
  readonly apiId: string;
  readonly context: string;
  readonly logLevel: string;
  readonly resourceMethod: string | null;
  readonly resourcePath: string | null;
}
interface Rows {
  readonly apis: readonly Row[];
}

const LIST = '/tenant-logs/{tenant}/apis/';
const ONE = `${LIST}{apiId}`;
const operations = [
  { target: '/menu', verb: 'GET', authType: 'None', throttlingPolicy: 'Unlimited' },
  { target: '/order', verb: 'POST', authType: 'None', throttlingPolicy: 'Unlimited' },
];
const by = given.superAdmin;
let tenant: Organization;
let api: GivenApi;

beforeAll(async () => {
  tenant = await given.organization();
});
beforeEach(async () => {
  api = await given.api({ by: tenant.admin, with: { operations } });
});

const list = (level?: string, { actor = by, of = tenant.domain } = {}) =>
  actor.devops<Rows>(`GET ${LIST}`, { path: { tenant: of }, query: { 'log-level': level } });
const get = (apiId = api.id, { actor = by, of = tenant.domain } = {}) => actor.devops<Rows>(`GET ${ONE}`, { path: { tenant: of, apiId } });
const set = (body: unknown, { actor = by, of = tenant.domain, apiId = api.id }: { actor?: Actor; of?: string; apiId?: string } = {}) =>
  actor.devops<Rows>(`PUT ${ONE}`, { path: { tenant: of, apiId }, body });
const rowOf = (logLevel: string, [resourceMethod, resourcePath]: readonly [string, string] | readonly [null, null] = [null, null]) => ({
  context: api.url,
  logLevel,
  apiId: api.id,
  resourceMethod,
  resourcePath,
});
const menu = ['GET', '/menu'] as const;
const order = ['POST', '/order'] as const;

it('shows an API once as a whole and once for each resource, all of them OFF', async () => {
  const answer = await get();

  expect(answer).toMatchObject({ status: 200, body: { apis: [rowOf('OFF'), rowOf('OFF', menu), rowOf('OFF', order)] } });
  expect(expected(await list(), 200).apis.filter(({ apiId }) => apiId === api.id)).toEqual(answer.body.apis);
});

it('sets the level of an API, and of one of its resources, in any letter case', async () => {
  expect(await set({ logLevel: 'full' })).toMatchObject({ status: 200, body: { apis: [rowOf('FULL')] } });
  expect(await set({ logLevel: 'Basic', resourceMethod: 'post', resourcePath: '/order' })).toMatchObject({
    status: 200,
    body: { apis: [rowOf('BASIC', order)] },
  });

  expect((await get()).body.apis).toEqual([rowOf('FULL'), rowOf('OFF', menu), rowOf('BASIC', order)]);

  expected(await set({ logLevel: 'STANDARD' }), 200);
  expected(await set({ logLevel: 'OFF', resourceMethod: 'POST', resourcePath: '/order' }), 200);
  expect((await get()).body.apis).toEqual([rowOf('STANDARD'), rowOf('OFF', menu), rowOf('OFF', order)]);
});

it('lists the rows of one level', async () => {
  expected(await set({ logLevel: 'STANDARD', resourceMethod: 'GET', resourcePath: '/menu' }), 200);

  const { apis } = expected(await list('standard'), 200);
  expect(apis.filter(({ apiId }) => apiId === api.id)).toEqual([rowOf('STANDARD', menu)]);
  expect(apis.every(({ logLevel }) => logLevel === 'STANDARD')).toBe(true);
  expect(expected(await list('FULL'), 200).apis.some(({ apiId }) => apiId === api.id)).toBe(false);
  expect(await list('loud')).toFailWith(LogLevelUnknown());
});

it('takes the addresses without the slash at the end, and Basic credentials', async () => {
  const client = new Client('/api/am/devops/v0', () => by.basic);

  const answer = await client.request<Rows>('GET /tenant-logs/{tenant}/apis', { path: { tenant: tenant.domain } });

  expect(answer.status).toBe(200);
  expect(answer.body.apis).toContainEqual(rowOf('OFF'));
});

it('knows of resources that come and go', async () => {
  expected(await set({ logLevel: 'FULL', resourceMethod: 'POST', resourcePath: '/order' }), 200);
  const current = expected(await tenant.admin.publisher('GET /apis/{apiId}', { path: { apiId: api.id } }), 200);
  expected(
    await tenant.admin.publisher('PUT /apis/{apiId}', {
      path: { apiId: api.id },
      body: { ...current, operations: operations.slice(0, 1) },
    }),
    200,
  );

  expect((await get()).body.apis).toEqual([rowOf('OFF'), rowOf('OFF', menu)]);
});

it('forgets an API that is deleted', async () => {
  expected(await set({ logLevel: 'FULL' }), 200);
  expected(await tenant.admin.publisher('DELETE /apis/{apiId}', { path: { apiId: api.id } }), 200);

  expect(await get()).toFailWith(LoggedApiNotFound(api.id));
  expect(expected(await list('FULL'), 200).apis.some(({ apiId }) => apiId === api.id)).toBe(false);
});

it.each([
  ['an unknown level', { logLevel: 'LOUD' }, LogLevelUnknown],
  ['no level', {}, LogDataMissing],
  ['an empty level', { logLevel: '' }, LogDataMissing],
  ['a method without its path', { logLevel: 'FULL', resourceMethod: 'GET' }, LogDataMissing],
  ['a path without its method', { logLevel: 'FULL', resourcePath: '/menu' }, LogDataMissing],
  ['an unknown resource', { logLevel: 'FULL', resourceMethod: 'GET', resourcePath: '/order' }, LoggedResourceNotFound],
])('refuses %s', async (_, body, problem) => {
  expect(await set(body)).toFailWith(problem());
  expect((await get()).body.apis.every(({ logLevel }) => logLevel === 'OFF')).toBe(true);
});

it.each([
  ['a level that is no text', { logLevel: 1 }],
  ['a property that it does not know', { logLevel: 'FULL', level: 'FULL' }],
  ['a list', []],
])('refuses %s', async (_, body) => {
  expect(await set(body)).toFailWith({ status: 400, code: 400 });
});

it('does not know APIs that there are not, and tenants', async () => {
  const unknown = randomUUID();

  expect(await get(unknown)).toFailWith(LoggedApiNotFound(unknown));
  expect(await set({ logLevel: 'LOUD' }, { apiId: unknown })).toFailWith(LoggedApiNotFound(unknown));
  expect(await set({ logLevel: 'FULL' }, { apiId: 'no-id' })).toFailWith(LoggedApiNotFound('no-id'));
  expect(await list(undefined, { of: 'nobody.example' })).toFailWith(TenantNotFound('nobody.example'));
});

it('does not show an API in another tenant than its own', async () => {
  expect(await get(api.id, { of: 'carbon.super' })).toFailWith(NotOfTenant());
  expect(await set({ logLevel: 'FULL' }, { of: 'carbon.super' })).toFailWith(NotOfTenant());
  expect(expected(await list(undefined, { of: 'carbon.super' }), 200).apis.some(({ apiId }) => apiId === api.id)).toBe(false);
});

it('is the super tenant’s alone', async () => {
  const actor = tenant.admin;

  expect(await list(undefined, { actor })).toFailWith(InvalidPermission());
  expect(await get(api.id, { actor })).toFailWith(InvalidPermission());
  expect(await set({ logLevel: 'LOUD' }, { actor })).toFailWith(InvalidPermission());
  expect(await set({ logLevel: 'FULL' }, { actor, apiId: randomUUID() })).toFailWith(LoggedApiNotFound);
  expect((await get()).body.apis[0]).toEqual(rowOf('OFF'));
});

it('asks for the scope of administrators', async () => {
  const actor = by.withScopes('apim:api_view');
  const anonymous = new Client('/api/am/devops/v0', () => NOBODY);

  expect(await list(undefined, { actor })).toFailWith(Unauthenticated());
  expect(await get(api.id, { actor })).toFailWith(Unauthenticated());
  expect(await set({ logLevel: 'FULL' }, { actor })).toFailWith(Unauthenticated());
  expect(await anonymous.request(`GET ${LIST}`, { path: { tenant: tenant.domain } })).toFailWith(Unauthenticated());
});

it('keeps what several set at the same time', async () => {
  await Promise.all([
    set({ logLevel: 'BASIC' }),
    set({ logLevel: 'FULL', resourceMethod: 'GET', resourcePath: '/menu' }),
    set({ logLevel: 'STANDARD', resourceMethod: 'POST', resourcePath: '/order' }),
  ]);

  expect((await get()).body.apis).toEqual([rowOf('BASIC'), rowOf('FULL', menu), rowOf('STANDARD', order)]);
});
