import { expected } from '../support/actor.js';
import { type Body, NOBODY } from '../support/client.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

const { superAdmin } = given;

interface RoleResource extends Body {
  readonly id: string;
  readonly displayName: string;
}
interface List {
  readonly totalResults: number;
  readonly Resources: readonly RoleResource[];
}

const userId = async (): Promise<string> => {
  const user = await given.user();
  return expected(await user.scim<{ id: string }>('GET /Me'), 200).id;
};

const named = async (path: string, name: string, by = superAdmin): Promise<RoleResource | undefined> =>
  expected(await by.scim<List>(`GET /${path}`, { query: { filter: `displayName eq ${name}` } }), 200).Resources[0];

const created = async (path: string, body: Body = {}): Promise<RoleResource> =>
  expected(await superAdmin.scim<RoleResource>(`POST /${path}`, { body: { displayName: unique('role'), ...body } }), 201);

describe.each([
  ['Groups', 'members', 'Group'],
  ['Roles', 'users', 'Role'],
  ['v2/Roles', 'users', 'Role'],
] as const)('%s', (path, members, kind) => {
  it('creates many at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => superAdmin.scim(`POST /${path}`, { body: { displayName: unique('role') } })),
    );

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  });

  it('creates one with its holders, and reads it back', async () => {
    const value = await userId();
    const displayName = unique('role');

    const answer = await superAdmin.scim<RoleResource>(`POST /${path}`, { body: { displayName, [members]: [{ value }] } });

    expect(answer).toMatchObject({
      status: 201,
      body: {
        displayName,
        [members]: [{ value, display: expect.any(String), $ref: expect.stringMatching(`/scim2/Users/${value}$`) }],
        meta: { resourceType: kind },
      },
    });
    expect(answer.headers['location']).toMatch(new RegExp(`/scim2/${path}/${answer.body.id}$`));
    expect(await superAdmin.scim(`GET /${path}/{id}`, { path: { id: answer.body.id } })).toMatchObject({ status: 200, body: answer.body });
    expect(await superAdmin.scim('GET /Users/{id}', { path: { id: value } })).toMatchObject({
      body: { roles: expect.arrayContaining([expect.objectContaining({ display: displayName })]) },
    });
  });

  it('adds and removes holders and renames, all or nothing', async () => {
    const [first, second] = [await userId(), await userId()];
    const { id } = await created(path, { [members]: [{ value: first }] });
    const patch = (...Operations: readonly Body[]) =>
      superAdmin.scim<RoleResource>(`PATCH /${path}/{id}`, { path: { id }, body: { Operations } });
    const displayName = unique('renamed');

    const changed = await patch(
      { op: 'add', path: members, value: [{ value: second }] },
      { op: 'remove', path: `${members}[value eq "${first}"]` },
      { op: 'replace', path: 'displayName', value: displayName },
    );
    const failed = await patch({ op: 'remove', path: members }, { op: 'remove', path: `${members}[value eq "${first}"]` });

    expect(changed).toMatchObject({ status: 200, body: { displayName, [members]: [{ value: second }] } });
    expect(failed).toMatchObject({ status: 400, body: { scimType: 'noTarget' } });
    expect(await superAdmin.scim(`GET /${path}/{id}`, { path: { id } })).toMatchObject({ body: { [members]: [{ value: second }] } });
  });

  it('replaces, and deletes', async () => {
    const { id, displayName } = await created(path, { [members]: [{ value: await userId() }] });

    const replaced = await superAdmin.scim(`PUT /${path}/{id}`, { path: { id }, body: { displayName } });
    const deleted = await superAdmin.scim(`DELETE /${path}/{id}`, { path: { id } });

    expect(replaced).toMatchObject({ status: 200, body: { displayName } });
    expect(replaced.body).not.toHaveProperty(members);
    expect(deleted).toMatchObject({ status: 204, body: undefined });
    expect(await superAdmin.scim(`GET /${path}/{id}`, { path: { id } })).toMatchObject({ status: 404, body: { status: '404' } });
  });

  it('refuses names that are taken or wrong, and holders that do not exist', async () => {
    const { displayName } = await created(path);
    const create = (body: Body) => superAdmin.scim(`POST /${path}`, { body: { displayName: unique('role'), ...body } });

    expect(await create({ displayName: displayName.toUpperCase() })).toMatchObject({
      status: 409,
      body: { detail: expect.stringMatching(new RegExp(`^${kind} with name: .* already exists in the system\\.$`)) },
    });
    expect(await create({ displayName: 'admin' })).toMatchObject({ status: 409 });
    expect(await create({ displayName: 'a b' })).toMatchObject({
      status: 400,
      body: { scimType: 'invalidValue', detail: expect.stringMatching(/^30011/) },
    });
    expect(await create({ displayName: undefined })).toMatchObject({ status: 400 });
    expect(await create({ [members]: [{ value: 'nobody' }] })).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } });
    expect(await create({ [members]: [{ value: '00000000-0000-4000-8000-000000000000' }] })).toMatchObject({ status: 400 });
  });

  it('keeps the role admin and its owner', async () => {
    const admin = await named(path, 'admin');
    const to = { path: { id: admin?.id ?? '' } };

    expect(await superAdmin.scim(`DELETE /${path}/{id}`, to)).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(/^31804/) },
    });
    expect(
      await superAdmin.scim(`PATCH /${path}/{id}`, {
        ...to,
        body: { Operations: [{ op: 'replace', path: 'displayName', value: 'boss' }] },
      }),
    ).toMatchObject({ status: 400 });
    expect(await superAdmin.scim(`PATCH /${path}/{id}`, { ...to, body: { Operations: [{ op: 'remove', path: members }] } })).toMatchObject({
      status: 403,
    });
  });

  it('is closed to nobody, to plain users and to tokens without the scope, and hides other tenants', async () => {
    const { id } = await created(path);
    const plain = await given.user();
    const { admin } = await given.organization();
    const viewer = await superAdmin.token('internal_role_mgt_view');

    expect(await superAdmin.scim(`GET /${path}`, { as: NOBODY })).toMatchObject({ status: 401, body: undefined });
    expect(await plain.scim(`GET /${path}`)).toMatchObject({ status: 403, body: undefined });
    expect(await superAdmin.scim(`GET /${path}/{id}`, { path: { id }, as: { bearer: viewer } })).toMatchObject({ status: 200 });
    expect(await superAdmin.scim(`DELETE /${path}/{id}`, { path: { id }, as: { bearer: viewer } })).toMatchObject({ status: 403 });
    expect(await admin.scim(`GET /${path}/{id}`, { path: { id } })).toMatchObject({ status: 404 });
    expect(await admin.scim(`DELETE /${path}/{id}`, { path: { id } })).toMatchObject({ status: 404 });
  });
});

it('keeps internal roles out of the groups and shows them without their prefix', async () => {
  const { id, displayName } = await created('Roles');

  expect(await superAdmin.scim('GET /Groups/{id}', { path: { id } })).toMatchObject({ status: 404 });
  expect(await named('Groups', `Internal/${displayName}`)).toBeUndefined();
  expect(await named('Roles', `Internal/${displayName}`)).toMatchObject({ id, displayName });
});

it('opens and closes what a role opens at once', async () => {
  const { admin } = await given.organization();
  const user = await given.user({ by: admin });
  const { id: value } = expected(await user.scim<{ id: string }>('GET /Me'), 200);
  const role = await named('Groups', 'admin', admin);
  const patch = (operation: Body) => admin.scim('PATCH /Groups/{id}', { path: { id: role?.id ?? '' }, body: { Operations: [operation] } });
  expect(await user.scim('GET /Users')).toMatchObject({ status: 403 });

  expect(await patch({ op: 'add', path: 'members', value: [{ value }] })).toMatchObject({ status: 200 });
  expect(await user.scim('GET /Users')).toMatchObject({ status: 200 });

  expect(await patch({ op: 'remove', path: `members[value eq ${value}]` })).toMatchObject({ status: 200 });
  expect(await user.scim('GET /Users')).toMatchObject({ status: 403 });
});

it('never changes the role everyone', async () => {
  const everyone = await named('Roles', 'everyone');
  const to = { path: { id: everyone?.id ?? '' } };

  expect(await superAdmin.scim('DELETE /Roles/{id}', to)).toMatchObject({ status: 400, body: { detail: expect.stringMatching(/^31805/) } });
  expect(
    await superAdmin.scim('PATCH /Roles/{id}', { ...to, body: { Operations: [{ op: 'add', path: 'permissions', value: ['x'] }] } }),
  ).toMatchObject({ status: 400 });
});

it.each([
  'admin',
  'everyone',
  'creator',
  'publisher',
  'subscriber',
  'devops',
  'observer',
  'integration_dev',
  'analytics',
  'selfsignup',
  'system',
])('gives every new tenant the role %s', async (name) => {
  const { admin } = await given.organization();

  expect(await named('Roles', name, admin)).toMatchObject({ displayName: name });
});

it('lets roles of version 2 be found by their audience', async () => {
  const find = (filter: string) => superAdmin.scim<List>('GET /v2/Roles', { query: { filter } });

  expect(await find('displayName eq admin and audience.type eq organization')).toMatchObject({
    body: { totalResults: 1, Resources: [{ audience: { display: 'carbon.super', type: 'organization' } }] },
  });
  expect(await find('displayName eq admin and audience.type ne organization')).toMatchObject({ body: { totalResults: 0 } });
});
