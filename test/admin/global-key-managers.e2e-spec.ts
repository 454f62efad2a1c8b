import { Forbidden, Unauthenticated } from '../../src/domain/problem.js';
import { KeyManagerExists, KeyManagerKept, KeyManagerNotFound } from '../../src/keys/managers/key-managers.problems.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body, RequestOptions } from '../support/client.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

interface KeyManager extends Body {
  readonly id: string;
  readonly name: string;
}
interface List {
  readonly list: readonly { readonly id: string; readonly name: string; readonly isGlobal?: boolean }[];
}

const ONE = '/global-key-managers/{keyManagerId}';
const by = given.superAdmin;
const body = (changes: Body = {}): Body => ({ name: unique('Global'), type: 'CustomKeyManager', issuer: 'https://idp.test/', ...changes });
const add = (content: Body, actor = by) => actor.admin<KeyManager>('POST /global-key-managers', { body: content });
const on = (operation: string, keyManagerId: string, options: RequestOptions = {}, actor = by) =>
  actor.admin<KeyManager>(operation, { path: { keyManagerId }, ...options });
const named = async (name: string, actor: Actor) =>
  expected(await actor.admin<List>('GET /key-managers'), 200).list.find((one) => one.name === name);

it('are made, read, changed and deleted by the super tenant', async () => {
  const answer = await add(body());
  const made = expected(answer, 201);
  expect(answer.headers['location']).toContain(`/global-key-managers/${made.id}`);
  expect(made).toMatchObject({ global: true, issuer: 'https://idp.test/' });

  const changed = expected(await on(`PUT ${ONE}`, made.id, { body: { ...made, description: 'x' } }), 200);

  expect(changed).toEqual({ ...made, description: 'x' });
  expect(expected(await on(`GET ${ONE}`, made.id), 200)).toEqual(changed);
  const { list } = expected(await by.admin<List>('GET /global-key-managers'), 200);
  expect(list.find(({ id }) => id === made.id)).toMatchObject({ isGlobal: true, isUsed: false });
  expect(list.map(({ name }) => name)).not.toContain('Resident Key Manager');
  expect((await on(`DELETE ${ONE}`, made.id)).status).toBe(200);
  expect(await on(`GET ${ONE}`, made.id)).toFailWith(KeyManagerNotFound());
});

it('are seen in every tenant, by administrators, publishers and developers', async () => {
  const { admin } = await given.organization();
  const { id, name } = expected(await add(body()), 201);

  expect(await named(name, admin)).toMatchObject({ id, isGlobal: true });
  for (const list of [await admin.publisher<List>('GET /key-managers'), await admin.devportal<List>('GET /key-managers')]) {
    expect(list.body.list).toContainEqual(expect.objectContaining({ id, name }));
  }
  expected(await on(`DELETE ${ONE}`, id), 200);
  expect(await named(name, admin)).toBeUndefined();
});

it('stay while a tenant uses them', async () => {
  const { admin } = await given.organization();
  const { id, name } = expected(await add(body()), 201);
  const api = await given.api({ by: admin, with: { keyManagers: [name] } });

  expect(await on(`DELETE ${ONE}`, id)).toFailWith(KeyManagerKept(`Key Manager ${name} is used by an API or an application.`));
  const uses = await admin.admin<{ apiCount: number }>('GET /key-managers/{keyManagerId}/api-usages', { path: { keyManagerId: id } });
  expect(uses.body.apiCount).toBe(1);

  expected(await admin.publisher('DELETE /apis/{apiId}', { path: { apiId: api.id } }), 200);
  expect((await on(`DELETE ${ONE}`, id)).status).toBe(200);
});

describe('refuses', () => {
  it('a name that any tenant has, and keeps its own from every tenant', async () => {
    const { admin } = await given.organization();
    const own = expected(await admin.admin<KeyManager>('POST /key-managers', { body: body() }), 201);
    const global = expected(await add(body()), 201);

    expect(await add(body({ name: own.name }))).toFailWith(KeyManagerExists());
    expect(await add(body({ name: 'Resident Key Manager' }))).toFailWith(KeyManagerExists());
    expect(await admin.admin('POST /key-managers', { body: body({ name: global.name }) })).toFailWith(KeyManagerExists());
    expected(await on(`DELETE ${ONE}`, global.id), 200);
  });

  it('administrators of other tenants, on either path', async () => {
    const { admin } = await given.organization();
    const { id } = expected(await add(body()), 201);
    const refusal = Forbidden('Only administrators of the super tenant keep global key managers');

    expect(await admin.admin('GET /global-key-managers')).toFailWith(refusal);
    expect(await add(body(), admin)).toFailWith(refusal);
    for (const operation of [`GET ${ONE}`, `DELETE ${ONE}`]) expect(await on(operation, id, {}, admin)).toFailWith(refusal);
    expect(await on(`PUT ${ONE}`, id, { body: body() }, admin)).toFailWith(refusal);
    for (const operation of ['GET /key-managers/{keyManagerId}', 'DELETE /key-managers/{keyManagerId}']) {
      expect(await on(operation, id, {}, admin)).toFailWith(KeyManagerNotFound());
    }
    expected(await on(`DELETE ${ONE}`, id), 200);
  });

  it('a key manager of a tenant, and a scope for something else', async () => {
    const { admin } = await given.organization();
    const own = expected(await admin.admin<KeyManager>('POST /key-managers', { body: body() }), 201);
    const narrow = by.withScopes('apim:api_manage');

    expect(await on(`GET ${ONE}`, own.id)).toFailWith(KeyManagerNotFound());
    expect(await on(`DELETE ${ONE}`, own.id)).toFailWith(KeyManagerNotFound());
    expect(await narrow.admin('GET /global-key-managers')).toFailWith(Unauthenticated());
    expect(await add(body(), narrow)).toFailWith(Unauthenticated());
  });
});
