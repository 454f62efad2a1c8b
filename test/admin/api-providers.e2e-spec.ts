import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Pool } from 'pg';
import { ApiNotFound } from '../../src/apis/apis.problems.js';
import { ProviderUnknown, TenantMismatch } from '../../src/apis/providers/providers.problems.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { member, product } from '../publisher/products.js';
import { type Actor, expected } from '../support/actor.js';
import { given } from '../support/given.js';
import { png } from '../support/pictures.js';
import { server } from '../support/server.js';

const changeProvider = (by: Actor, apiId: string, provider: string | undefined) =>
  by.admin('POST /apis/{apiId}/change-provider', { path: { apiId }, query: { provider } });

const providerOf = async (by: Actor, apiId: string) =>
  expected(await by.publisher('GET /apis/{apiId}', { path: { apiId } }), 200)['provider'];

/** A tenant with an API of its administrator, and another user. */
const pair = async () => {
  const { admin, domain } = await given.organization();
  const api = await given.api({ by: admin });
  return { admin, domain, api, heir: await given.user({ roles: ['Internal/creator', 'Internal/publisher'], by: admin }) };
};

interface Found {
  readonly count: number;
  readonly apis: readonly { readonly id: string; readonly name: string; readonly version: string; readonly provider: string }[];
  readonly pagination: { readonly total: number; readonly next: string };
}

const search = async (by: Actor, query: Record<string, string> = {}) => expected(await by.admin<Found>('GET /apis', { query }), 200);

describe('the search', () => {
  it('finds the tenant’s APIs and API products by a part of their name, in pages', async () => {
    const { admin, api } = await pair();
    const menu = await product(admin, [member(api, 'GET /*')]);
    await pair();

    const all = await search(admin);
    expect(all.apis).toEqual(
      [api, menu]
        .sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
        .map(({ id, name, version }) => ({
          provider: admin.username,
          name,
          version,
          id,
        })),
    );
    expect(all).toMatchObject({ count: 2, pagination: { total: 2, next: '' } });
    expect((await search(admin, { query: api.name.slice(1, -1).toUpperCase() })).apis).toMatchObject([{ id: api.id }]);
    expect((await search(admin, { query: `name:"${menu.name}"` })).apis).toMatchObject([{ id: menu.id }]);
    expect(await search(admin, { limit: '1', offset: '1' })).toMatchObject({
      count: 1,
      apis: [{ id: all.apis[1]?.id }],
      pagination: { total: 2 },
    });
    expect((await search(admin, { limit: '1' })).pagination.next).toBe('/apis?limit=1&offset=1');
    expect(await search(admin, { query: 'no\0api' })).toMatchObject({ count: 0, apis: [], pagination: { total: 0 } });
  });

  it('is for those who may change providers', async () => {
    const { admin, api, heir } = await pair();

    expect((await search(admin.withScopes('apim:api_provider_change'))).apis).toMatchObject([{ id: api.id }]);
    expect(await heir.admin('GET /apis')).toFailWith(Unauthenticated());
    expect(await admin.admin('GET /apis', { query: { limit: 'x' } })).toFailWith({ status: 400, code: 400 });
  });
});

it('hands an API over, and both portals show its new provider', async () => {
  const { admin, api, heir } = await pair();
  await given.deployment(api, admin);
  expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: api.id, action: 'Publish' } }), 200);

  expect(await changeProvider(admin, api.id, heir.username)).toMatchObject({ status: 200, body: undefined });

  expect(await providerOf(admin, api.id)).toBe(heir.username);
  const shown = expected(await admin.devportal('GET /apis/{apiId}', { path: { apiId: api.id } }), 200);
  expect(shown['provider']).toBe(heir.username);
});

it('tells the gateways', async () => {
  const { admin, api, heir } = await pair();
  await given.deployment(api, admin);
  const database = new Pool({ host: join(server.dataDir, 'postgres'), user: 'gatehouse', database: 'postgres', max: 1 });

  expected(await changeProvider(admin, api.id, heir.username), 200);

  const { rows } = await database.query(`SELECT body ->> 'provider' AS provider FROM gateway_document WHERE kind = 'api' AND key = $1`, [
    `${api.id}:Default`,
  ]);
  await database.end();
  expect(rows).toEqual([{ provider: heir.username }]);
});

it('keeps everything else: documents, thumbnail, revisions, state', async () => {
  const { admin, api, heir } = await pair();
  const path = { apiId: api.id };
  const revisionId = await given.deployment(api, admin);
  const document = { name: 'Guide', type: 'HOWTO', sourceType: 'INLINE', visibility: 'API_LEVEL' };
  expected(await admin.publisher('POST /apis/{apiId}/documents', { path, body: document }), 201);
  const form = { file: { file: png(), name: 'a.png', type: 'image/png' } };
  expected(await admin.publisher('PUT /apis/{apiId}/thumbnail', { path, form }), 201);
  const { provider, updatedBy, lastUpdatedTime, lastUpdatedTimestamp, ...before } = expected(
    await admin.publisher('GET /apis/{apiId}', { path }),
    200,
  );

  expected(await changeProvider(admin, api.id, heir.username), 200);

  expect(expected(await heir.publisher('GET /apis/{apiId}', { path }), 200)).toMatchObject(before);
  expect(await heir.publisher('GET /apis/{apiId}/documents', { path })).toMatchObject({ body: { count: 1, list: [{ name: 'Guide' }] } });
  expect(await heir.publisher('GET /apis/{apiId}/thumbnail', { path })).toMatchObject({ status: 200 });
  expect(await heir.publisher('GET /apis/{apiId}/deployments', { path })).toMatchObject({ body: { list: [{ revisionUuid: revisionId }] } });
});

it('gives the new provider what access roles deny to others', async () => {
  const { admin, heir } = await pair();
  const restricted = { accessControl: 'RESTRICTED', accessControlRoles: ['admin'] };
  const { id } = await given.api({ by: admin, with: restricted });
  expect(await heir.publisher('GET /apis/{apiId}', { path: { apiId: id } })).toMatchObject({ status: 403 });

  expected(await changeProvider(admin, id, heir.username), 200);

  expect(await providerOf(heir, id)).toBe(heir.username);
});

it('knows the users of its tenant without the tenant’s name, in any letter case', async () => {
  const { admin, domain, api, heir } = await pair();

  expected(await changeProvider(admin, api.id, heir.username.replace(`@${domain}`, '').toUpperCase()), 200);

  expect(await providerOf(admin, api.id)).toBe(heir.username);
});

describe('refuses', () => {
  it('a user of another tenant', async () => {
    const { admin, api } = await pair();
    const stranger = (await given.organization()).admin;

    expect(await changeProvider(admin, api.id, stranger.username)).toFailWith(TenantMismatch());
    expect(await changeProvider(admin, api.id, 'admin@carbon.super')).toFailWith(TenantMismatch());
    expect(await providerOf(admin, api.id)).toBe(admin.username);
  });

  it('a user who does not exist', async () => {
    const { admin, domain, api } = await pair();

    for (const name of ['nobody', `nobody@${domain}`]) {
      expect(await changeProvider(admin, api.id, name)).toFailWith(ProviderUnknown(name));
    }
    expect(await changeProvider(admin, api.id, 'no\0body')).toFailWith({ status: 400, code: 400 });
    expect(await providerOf(admin, api.id)).toBe(admin.username);
  });

  it.each([undefined, '', ' '])('the provider %p', async (provider) => {
    const { admin, api } = await pair();

    expect(await changeProvider(admin, api.id, provider)).toFailWith({ status: 400, code: 400 });
  });

  it('two providers at once', async () => {
    const { admin, api } = await pair();

    const query = { provider: ['a', 'b'] };
    expect(await admin.admin('POST /apis/{apiId}/change-provider', { path: { apiId: api.id }, query })).toFailWith({
      status: 400,
      code: 400,
    });
  });

  it('an API that is not there', async () => {
    const { api, heir } = await pair();
    const stranger = (await given.organization()).admin;

    for (const id of [randomUUID(), 'no-uuid', api.id]) {
      expect(await changeProvider(stranger, id, stranger.username)).toFailWith(ApiNotFound(id));
    }
    expect(await changeProvider(heir, api.id, heir.username)).toFailWith(Unauthenticated());
  });
});
