import { type Actor, expected, registerClient, requestToken } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

let admin: Actor;
beforeAll(async () => {
  ({ admin } = await given.organization());
});

const scope = (name: string, ...bindings: readonly string[]) => ({ scope: { name, bindings }, shared: false });

/** The scopes somebody without roles gets of those asked for. */
const granted = async (...scopes: readonly string[]): Promise<readonly string[]> => {
  const nobody = await given.user({ by: admin });
  const client = await registerClient(admin.username, admin.password);
  const { username, password } = nobody;
  const answer = await requestToken(client, { grant_type: 'password', username, password, scope: scopes.join(' ') });
  return (expected(answer, 200).scope ?? '').split(' ');
};

it('issues the scopes of an API by role, as they are changed, until the last version with them is gone', async () => {
  const name = unique('order');
  const first = await given.api({ by: admin, with: { scopes: [scope(name, 'Internal/creator')] } });
  const second = await given.api({
    by: admin,
    with: { name: first.name, version: '2.0.0', context: `/${name}`, scopes: [scope(name, 'Internal/creator')] },
  });
  expect(await granted(name)).not.toContain(name);

  const body = expected(await admin.publisher<Body>('GET /apis/{apiId}', { path: { apiId: first.id } }), 200);
  expected(await admin.publisher('PUT /apis/{apiId}', { path: { apiId: first.id }, body: { ...body, scopes: [scope(name)] } }), 200);
  expect(await granted(name)).toContain(name);

  expected(await admin.publisher('PUT /apis/{apiId}', { path: { apiId: first.id }, body }), 200);
  expected(await admin.publisher('DELETE /apis/{apiId}', { path: { apiId: first.id } }), 200);
  expect(await granted(name)).not.toContain(name);

  expected(await admin.publisher('DELETE /apis/{apiId}', { path: { apiId: second.id } }), 200);
  // Nobody's scope any more: unknown scopes are open.
  expect(await granted(name)).toContain(name);
});

it('knows a scope as long as a revision has it, although the API has it no more', async () => {
  const name = unique('order');
  const api = await given.api({ by: admin, with: { scopes: [scope(name, 'Internal/creator')] } });
  const path = { apiId: api.id };
  expected(await admin.publisher('POST /apis/{apiId}/revisions', { path, body: {} }), 201);

  const body = expected(await admin.publisher<Body>('GET /apis/{apiId}', { path }), 200);
  const operations = (body['operations'] as readonly Body[]).map((operation) => ({ ...operation, scopes: [] })); // the API's own list
  expected(await admin.publisher('PUT /apis/{apiId}', { path, body: { ...body, scopes: [], operations } }), 200);

  expect(await granted(name)).not.toContain(name);
});
