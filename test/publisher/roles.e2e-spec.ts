import type { Actor } from '../support/actor.js';
import { given } from '../support/given.js';

let admin: Actor;
beforeAll(async () => {
  ({ admin } = await given.organization());
});

const encoded = (name: string) => Buffer.from(name).toString('base64url');

it.each(['publisher', 'admin'] as const)('tells in the %s API whether the tenant has a role', async (face) => {
  const status = async (text: string, by = admin) => (await by[face]('HEAD /roles/{roleId}', { path: { roleId: text } })).status;

  expect(await status(encoded('admin'))).toBe(200);
  expect(await status(encoded('Internal/creator'))).toBe(200);
  expect(await status(`${encoded('Internal/creator')}==`)).toBe(200);
  expect(await status(encoded('nobody-has-it'))).toBe(404);
  expect(await status(encoded('a\0b'))).toBe(404);
  expect(await status('Internal%2Fcreator')).toBe(404);
  expect(await status(encoded('admin'), admin.withScopes('apim:subscribe'))).toBe(401);
});

it('knows the tenant’s own roles alone', async () => {
  const body = { schemas: ['urn:ietf:params:scim:schemas:extension:2.0:Role'], displayName: 'librarian' };
  const { admin: stranger } = await given.organization();
  const path = { roleId: encoded('librarian') };
  expect((await admin.scim('POST /Groups', { body: { ...body, schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'] } })).status).toBe(
    201,
  );

  expect((await admin.publisher('HEAD /roles/{roleId}', { path })).status).toBe(200);
  expect((await stranger.publisher('HEAD /roles/{roleId}', { path })).status).toBe(404);
  expect((await stranger.admin('HEAD /roles/{roleId}', { path })).status).toBe(404);
});

it('tells callers whether they have a role themselves', async () => {
  const creator = await given.user({ roles: ['Internal/creator'], by: admin });
  const status = async (text: string, by = creator) => (await by.publisher('HEAD /me/roles/{roleId}', { path: { roleId: text } })).status;

  expect(await status(encoded('Internal/creator'))).toBe(200);
  expect(await status(encoded('INTERNAL/CREATOR'))).toBe(200);
  expect(await status(encoded('Internal/publisher'))).toBe(404);
  expect(await status('%25')).toBe(404);
  expect(await status(encoded('Internal/creator'), creator.withScopes('apim:api_view'))).toBe(401);
});

it.each(['publisher', 'admin'] as const)('tells in the %s API that callers belong to no consumer organization', async (face) => {
  const answer = await admin[face]('GET /me/organization-information');

  expect(answer).toMatchObject({ status: 200, body: { organizationId: '', name: '' } });
  expect((await admin.withScopes('apim:subscribe')[face]('GET /me/organization-information')).status).toBe(401);
});
