import { expected } from '../support/actor.js';
import { type Body, management, NOBODY } from '../support/client.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

const { superAdmin } = given;
const PASSWORD = 'Secret12';
const EXTENSION = 'urn:scim:wso2:schema';

interface UserResource extends Body {
  readonly id: string;
  readonly userName: string;
}
interface List {
  readonly totalResults: number;
  readonly Resources: readonly UserResource[];
}

const created = async (body: Body = {}, by = superAdmin): Promise<UserResource> =>
  expected(await by.scim<UserResource>('POST /Users', { body: { userName: unique('user'), password: PASSWORD, ...body } }), 201);

const patch = (id: string, ...Operations: readonly Body[]) => superAdmin.scim('PATCH /Users/{id}', { path: { id }, body: { Operations } });

const login = (userName: string, password = PASSWORD) =>
  management.request('GET /scim2/Me', { as: { basic: { username: userName, password } } });

it('creates a user that can sign in, and reads it back', async () => {
  const userName = unique('anna');
  const body = {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName,
    password: PASSWORD,
    name: { givenName: 'Anna' },
    emails: [{ primary: true, value: 'a@x.com' }],
    [EXTENSION]: { country: 'LK' },
  };

  const answer = await superAdmin.scim<UserResource>('POST /Users', { body });

  expect(answer).toMatchObject({
    status: 201,
    body: {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', EXTENSION],
      userName,
      name: { givenName: 'Anna' },
      emails: ['a@x.com'],
      [EXTENSION]: { country: 'LK' },
      roles: [{ display: 'everyone' }],
      meta: { resourceType: 'User' },
    },
  });
  expect(answer.headers['location']).toMatch(new RegExp(`^https://[^/]+/scim2/Users/${answer.body.id}$`));
  expect(answer.headers['content-type']).toMatch('application/scim+json');
  expect(JSON.stringify(answer.body)).not.toMatch(/password|argon/);
  expect(await superAdmin.scim('GET /Users/{id}', { path: { id: answer.body.id } })).toMatchObject({ status: 200, body: answer.body });
  expect(await login(userName.toUpperCase())).toMatchObject({ status: 200, body: { id: answer.body.id } });
});

it.each([
  [{ userName: 'ab' }, 400, 'invalidValue', /^31301/],
  [{ userName: 'anna@x.com' }, 400, 'invalidValue', /^31301/],
  [{ userName: undefined }, 400, 'invalidValue', /userName/],
  [{ password: 'four' }, 400, 'invalidValue', /^30003/],
  [{ password: undefined }, 400, 'invalidValue', /^30003/],
  [{ name: 'Anna' }, 400, 'invalidValue', /name/],
  [{ title: 'a\0b' }, 400, 'invalidValue', /title/],
  [{ userName: 'admin' }, 409, 'uniqueness', /^User with the name: admin already exists in the system\.$/],
  [{ userName: 'ADMIN' }, 409, 'uniqueness', /already exists/],
])('refuses %j', async (wrong, status, scimType, detail) => {
  const answer = await superAdmin.scim('POST /Users', { body: { userName: unique('user'), password: PASSWORD, ...wrong } });

  expect(answer).toMatchObject({
    status,
    body: {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      scimType,
      status: String(status),
      detail: expect.stringMatching(detail),
    },
  });
});

it('refuses bodies that are not JSON', async () => {
  const send = (raw: string, type: string) => superAdmin.scim('POST /Users', { raw, headers: { 'content-type': type } });

  expect(await send('{', 'application/json')).toMatchObject({ status: 400, body: { scimType: 'invalidSyntax' } });
  expect(await send('[]', 'application/scim+json')).toMatchObject({ status: 400, body: { scimType: 'invalidSyntax' } });
  expect(await send('<a/>', 'text/xml')).toMatchObject({ status: 406 });
});

it('lists with filter, window and projection, and searches alike', async () => {
  const mark = unique('mark');
  for (const givenName of ['A', 'B', 'C']) await created({ name: { givenName, familyName: mark } });
  const filter = `name.familyName eq "${mark}" and name.givenName co b`;

  const answer = await superAdmin.scim<List>('GET /Users', { query: { filter, attributes: 'name.givenName' } });
  const window = await superAdmin.scim<List>('GET /Users', { query: { filter: `name.familyName eq ${mark}`, startIndex: 2, count: 1 } });
  const search = await superAdmin.scim<List>('POST /Users/.search', { body: { filter, attributes: ['name.givenName'] } });

  expect(answer).toMatchObject({ status: 200, body: { totalResults: 1, startIndex: 1, itemsPerPage: 1 } });
  expect(answer.body.Resources).toEqual([{ schemas: expect.anything(), id: expect.anything(), name: { givenName: 'B' } }]);
  expect(window.body).toMatchObject({ totalResults: 3, startIndex: 2, itemsPerPage: 1 });
  expect(search.body).toEqual(answer.body);
});

it.each([
  'meta.created gt 2020-01-01T00:00:00Z',
  'groups eq admin',
  'roles eq admin',
  'active eq true',
  'emails sw o',
  `${EXTENSION}:country eq LK`,
  'urn:scim:schemas:extension:custom:User:floor eq 3',
])('filters by %s', async (term) => {
  const { domain, admin } = await given.organization();
  const [owner] = expected(await admin.scim<List>('GET /Users'), 200).Resources;
  const operations = [
    {
      op: 'replace',
      value: { emails: ['o@x.com'], [EXTENSION]: { country: 'LK' }, 'urn:scim:schemas:extension:custom:User': { floor: 3 } },
    },
  ];
  expected(await admin.scim('PATCH /Users/{id}', { path: { id: owner?.id ?? '' }, body: { Operations: operations } }), 200);
  await created({ active: false }, admin);

  const answer = await admin.scim<List>('GET /Users', { query: { filter: `${term} and userName eq ${owner?.userName}` } });

  expect(answer.body).toMatchObject({
    totalResults: 1,
    Resources: [{ userName: owner?.userName, meta: { location: expect.stringContaining(`/t/${domain}/scim2/Users/`) } }],
  });
});

it.each([
  ['userName ne x', 'invalidFilter'],
  ['unheardOf eq x', 'InvalidFilter'],
  ['userName eq a or userName eq b', 'invalidFilter'],
  ["userName'; drop table users; -- eq x", 'invalidFilter'],
])('refuses the filter %s', async (filter, scimType) => {
  expect(await superAdmin.scim('GET /Users', { query: { filter } })).toMatchObject({ status: 400, body: { scimType } });
});

it('says that sorting is not supported', async () => {
  expect(await superAdmin.scim('GET /Users', { query: { sortBy: 'userName' } })).toMatchObject({
    status: 501,
    body: { detail: 'Sorting is not supported' },
  });
});

it('patches all or nothing', async () => {
  const { id } = await created({ title: 'old' });

  expect(await patch(id, { op: 'replace', path: 'title', value: 'new' }, { op: 'replace', path: 'unheardOf', value: 1 })).toMatchObject({
    status: 400,
    body: { scimType: 'invalidPath' },
  });
  expect(await superAdmin.scim('GET /Users/{id}', { path: { id } })).toMatchObject({ body: { title: 'old' } });
  expect(await patch(id, { op: 'replace', path: 'title', value: 'new' }, { op: 'add', value: { nickName: 'n' } })).toMatchObject({
    status: 200,
    body: { title: 'new', nickName: 'n' },
  });
  expect(await patch(id, { op: 'replace', path: 'userName', value: 'other' })).toMatchObject({
    status: 400,
    body: { detail: 'Attribute userName cannot be modified.' },
  });
});

it('puts a whole user: what is left out is gone, the state of the account stays', async () => {
  const { id, userName } = await created({ title: 'old', [EXTENSION]: { accountLocked: true } });

  const answer = await superAdmin.scim('PUT /Users/{id}', { path: { id }, body: { userName, nickName: 'n' } });

  expect(answer).toMatchObject({ status: 200, body: { userName, nickName: 'n', [EXTENSION]: { accountLocked: true } } });
  expect(answer.body).not.toHaveProperty('title');
});

it.each([
  ['a new password', { op: 'replace', path: 'password', value: 'Changed34' }],
  ['a lock', { op: 'replace', value: { [EXTENSION]: { accountLocked: true } } }],
  ['a deactivation', { op: 'replace', path: 'active', value: false }],
])('%s ends the password and the tokens at once', async (_, operation) => {
  const user = await given.user({ roles: ['Internal/publisher'] });
  const me = expected(await user.scim<UserResource>('GET /Me'), 200);
  const token = await user.token();
  const withToken = () => management.request('GET /api/am/publisher/v4/throttling-policies/subscription', { as: { bearer: token } });
  expect(await withToken()).toMatchObject({ status: 200 });

  expect(await patch(me.id, operation)).toMatchObject({ status: 200 });

  expect(await user.scim('GET /Me')).toMatchObject({ status: 401 });
  expect(await withToken()).toMatchObject({ status: 401 });
});

it('deletes a user and its tokens, but never the owner', async () => {
  const user = await given.user({ roles: ['Internal/publisher'] });
  const { id } = expected(await user.scim<UserResource>('GET /Me'), 200);
  const token = await user.token();
  const [owner] = expected(await superAdmin.scim<List>('GET /Users', { query: { filter: 'userName eq admin' } }), 200).Resources;

  expect(await superAdmin.scim('DELETE /Users/{id}', { path: { id } })).toMatchObject({ status: 204, body: undefined });

  expect(await superAdmin.scim('GET /Users/{id}', { path: { id } })).toMatchObject({
    status: 404,
    body: { detail: expect.stringMatching(/^No user with the id : /) },
  });
  expect(await superAdmin.scim('DELETE /Users/{id}', { path: { id } })).toMatchObject({ status: 404 });
  expect(await management.request('GET /api/am/publisher/v4/throttling-policies/subscription', { as: { bearer: token } })).toMatchObject({
    status: 401,
  });
  expect(await user.scim('GET /Me')).toMatchObject({ status: 401 });
  expect(await superAdmin.scim('DELETE /Users/{id}', { path: { id: owner?.id ?? '' } })).toMatchObject({
    status: 403,
    body: { status: '403' },
  });
});

it('lets users change their own data and password, but neither the state of their account nor where they belong', async () => {
  const user = await given.user();
  const change = (operation: Body) => user.scim('PATCH /Me', { body: { Operations: [operation] } });

  expect(await change({ op: 'replace', path: 'nickName', value: 'n' })).toMatchObject({ status: 200, body: { nickName: 'n' } });
  expect(await change({ op: 'replace', value: { [EXTENSION]: { emailVerified: true } } })).toMatchObject({
    status: 400,
    body: { scimType: 'mutability' },
  });
  const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
  const custom = 'urn:scim:schemas:extension:custom:User';
  for (const value of [{ [enterprise]: { organization: 'Acme' } }, { [custom]: { organizationId: 'acme' } }]) {
    expect(await change({ op: 'replace', value })).toMatchObject({ status: 400, body: { scimType: 'mutability' } });
  }
  expect(await change({ op: 'replace', path: 'password', value: 'Changed34' })).toMatchObject({ status: 200 });
  expect(await login(user.username)).toMatchObject({ status: 401 });
  expect(await login(user.username, 'Changed34')).toMatchObject({ status: 200 });
});

it('is closed to nobody, to plain users and to tokens without the scope', async () => {
  const plain = await given.user({ roles: ['Internal/creator'] });
  const lister = await superAdmin.token('internal_user_mgt_list');
  const { id } = await created();

  expect(await superAdmin.scim('GET /Users', { as: NOBODY })).toMatchObject({ status: 401, body: undefined });
  expect(await login('nobody', 'wrong')).toMatchObject({ status: 401, body: undefined });
  expect(await login('no\0body', 'wrong')).toMatchObject({ status: 401 });
  expect(await plain.scim('GET /Users')).toMatchObject({ status: 403, body: undefined });
  expect(await superAdmin.scim('GET /Users', { as: { bearer: lister } })).toMatchObject({ status: 200 });
  expect(await superAdmin.scim('DELETE /Users/{id}', { path: { id }, as: { bearer: lister } })).toMatchObject({ status: 403 });
  expect(await superAdmin.scim('GET /ServiceProviderConfig', { as: NOBODY })).toMatchObject({
    status: 200,
    body: { patch: { supported: true } },
  });
  expect(await superAdmin.scim('GET /Schemas', { as: NOBODY })).toMatchObject({ status: 401 });
});

it('hides the users of other tenants', async () => {
  const { domain, admin } = await given.organization();
  const { id } = await created();
  const path = { id };

  expect(await admin.scim('GET /Users/{id}', { path })).toMatchObject({ status: 404 });
  expect(await admin.scim('PATCH /Users/{id}', { path, body: { Operations: [{ op: 'add', path: 'title', value: 'x' }] } })).toMatchObject({
    status: 404,
  });
  expect(await admin.scim('DELETE /Users/{id}', { path })).toMatchObject({ status: 404 });
  expect(await admin.scim('GET /Users', { query: { filter: `id eq ${id}` } })).toMatchObject({
    status: 200,
    body: { totalResults: 0, Resources: [] },
  });
  expect(await management.request(`GET /t/${domain}/scim2/Users`, { as: admin.basic })).toMatchObject({
    status: 200,
    body: { totalResults: 1 },
  });
  expect(await management.request(`GET /t/${domain}/scim2/Users`, { as: superAdmin.basic })).toMatchObject({ status: 403 });
  expect(await management.request('GET /t/carbon.super/scim2/Users', { as: admin.basic })).toMatchObject({ status: 403 });
});
