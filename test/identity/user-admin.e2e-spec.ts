import type { Actor } from '../support/actor.js';
import { type Parts, userAdmin } from '../support/admin-services.js';
import { auditOf } from '../support/audit.js';
import { management } from '../support/client.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

const PASSWORD = 'Secret12';
const { superAdmin } = given;
const admin = userAdmin(superAdmin);
/** Operations of this service that return nothing answer with nil. */
const DONE = { status: 200, returned: [null], fault: undefined };

interface Flagged {
  readonly itemName: string;
  readonly selected: string;
  readonly roleType: string | null;
}

const faultOf = (faultstring: string | RegExp) => ({
  status: 500,
  fault: {
    faultcode: 'soapenv:Server',
    faultstring: typeof faultstring === 'string' ? faultstring : expect.stringMatching(faultstring),
    detail: { UserAdminUserAdminException: '' },
  },
});

const login = async (userName: string, password: string): Promise<number> =>
  (await management.request('GET /scim2/Me', { as: { basic: { username: userName, password } } })).status;

const newUser = (userName: string, further: Parts = {}): Parts => ({
  ...{ userName, password: PASSWORD, roles: [], claims: [], profileName: 'default' },
  ...further,
});

const created = async (further: Parts = {}, by = admin): Promise<string> => {
  const userName = unique('soap');
  expect(await by('addUser', newUser(userName, further))).toMatchObject(DONE);
  return userName;
};

const role = async (userList: readonly string[] = []): Promise<string> => {
  const roleName = unique('role');
  expect(await admin('addRole', { roleName, userList, permissions: ['/permission/admin/login'], isSharedRole: false })).toMatchObject(DONE);
  return roleName;
};

const listed = async (operation: string, parts: Parts, by = admin): Promise<readonly Flagged[]> =>
  (await by(operation, parts)).returned as readonly Flagged[]; // the schema of these lists

const heldBy = async (userName: string): Promise<readonly string[]> =>
  (await listed('getRolesOfUser', { userName, filter: '*', limit: 0 })).slice(0, -1).map(({ itemName }) => itemName);

it('adds a user with roles and claims, and deletes it', async () => {
  const roleName = await role();
  const userName = await created({ roles: [roleName], claims: [{ claimURI: 'http://wso2.org/claims/mobile', value: '+1' }] });

  expect(await login(userName, PASSWORD)).toBe(200);
  expect(await heldBy(userName)).toEqual(['Internal/everyone', roleName]);
  expect(await superAdmin.scim('GET /Users', { query: { filter: `userName eq ${userName}` } })).toMatchObject({
    body: { Resources: [{ phoneNumbers: [{ type: 'mobile', value: '+1' }] }] },
  });
  expect(await admin('deleteUser', { userName })).toMatchObject(DONE);
  expect(await login(userName, PASSWORD)).toBe(401);
});

it.each<[string, Parts, RegExp]>([
  ['addUser', newUser('admin'), /already exists/],
  ['addUser', newUser('a b'), /^31301/],
  ['addUser', newUser('short-password', { password: 'four' }), /^30003/],
  ['addUser', newUser('with-role', { roles: ['nobody-knows'] }), /nobody-knows does not exist/],
  ['addUser', newUser('OTHER.COM/anna'), /^Invalid Domain Name$/],
  ['deleteUser', { userName: 'nobody-knows' }, /^30007/],
  ['deleteUser', { userName: 'OTHER.COM/anna' }, /^Invalid Domain Name$/],
  ['changePassword', { userName: 'nobody-knows', newPassword: PASSWORD }, /^30007/],
  ['changePassword', { userName: 'admin', newPassword: 'four' }, /^30003/],
  ['changePasswordByUser', { userName: 'nobody-knows', oldPassword: PASSWORD, newPassword: PASSWORD }, /does not match/],
  ['addRole', { roleName: 'admin' }, /already exists/],
  ['addRole', { roleName: 'xy' }, /^30011/],
  ['addInternalRole', { roleName: 'creator' }, /already exists/],
  ['deleteRole', { roleName: 'admin' }, /^31804/],
  ['deleteRole', { roleName: 'nobody-knows' }, /does not exist/],
  ['updateRoleName', { roleName: 'admin', newRoleName: 'boss' }, /^31804/],
  ['updateRoleName', { roleName: 'Internal/creator', newRoleName: 'creator' }, /keeps the role/],
  ['updateRolesOfUser', { userName: 'nobody-knows', newRoleList: [] }, /^30007/],
  ['updateRolesOfUser', { userName: 'admin', newRoleList: ['Internal/creator'] }, /^37002/],
  ['addRemoveRolesOfUser', { userName: 'admin', newRoles: ['nobody-knows'] }, /does not exist/],
  ['addRemoveUsersOfRole', { roleName: 'Internal/creator', newUsers: ['nobody-knows'] }, /^30007/],
  ['addRemoveUsersOfRole', { roleName: 'Internal/everyone', newUsers: ['admin'] }, /^31805/],
  ['getRolesOfUser', { userName: 'nobody-knows' }, /^30007/],
  ['getUsersOfRole', { roleName: 'Internal/everyone' }, /^Invalid operation/],
  ['listAllUsers', { filter: 'OTHER.COM/*', limit: 10 }, /^Invalid Domain Name$/],
])('%s %j is a fault that says why', async (operation, parts, text) => {
  expect(await admin(operation, parts)).toMatchObject(faultOf(text));
});

it('changes passwords, by an administrator and by the user', async () => {
  const userName = await created();
  const user = { basic: { basic: { username: userName, password: 'Changed34' } } };

  expect(await admin('changePassword', { userName, newPassword: 'Changed34' })).toMatchObject(DONE);
  expect(await login(userName, 'Changed34')).toBe(200);
  const change = (oldPassword: string) => userAdmin(user)('changePasswordByUser', { userName, oldPassword, newPassword: 'Third5678' });
  expect(await change('wrong-one')).toMatchObject(faultOf(/does not match/));
  expect(await change('Changed34')).toMatchObject(DONE);
  expect([await login(userName, 'Changed34'), await login(userName, 'Third5678')]).toEqual([401, 200]);
});

it('adds roles of the store and beside it, renames and deletes them', async () => {
  const userName = await created();
  const roleName = await role([userName]);
  const beside = unique('role');

  expect(
    await admin('addInternalRole', { roleName: beside, userList: [userName], permissions: ['/permission/admin/login'] }),
  ).toMatchObject(DONE);
  expect(await heldBy(userName)).toEqual(['Internal/everyone', `Internal/${beside}`, roleName]);
  expect(await admin('updateRoleName', { roleName: `Internal/${beside}`, newRoleName: `Internal/${beside}2` })).toMatchObject(DONE);
  expect(await admin('deleteRole', { roleName })).toMatchObject(DONE);
  expect(await heldBy(userName)).toEqual(['Internal/everyone', `Internal/${beside}2`]);
});

it('replaces, adds and removes roles of a user and holders of a role', async () => {
  const [first, second] = [await created(), await created()];
  const [one, two] = [await role([first]), await role()];

  expect(await admin('updateRolesOfUser', { userName: first, newRoleList: [two, 'Internal/everyone'] })).toMatchObject(DONE);
  expect(await heldBy(first)).toEqual(['Internal/everyone', two]);
  expect(await admin('addRemoveRolesOfUser', { userName: first, newRoles: [one], deletedRoles: [two] })).toMatchObject(DONE);
  expect(await heldBy(first)).toEqual(['Internal/everyone', one]);
  expect(await admin('addRemoveUsersOfRole', { roleName: one, newUsers: [second], deletedUsers: [first] })).toMatchObject(DONE);
  expect(await heldBy(first)).toEqual(['Internal/everyone']);
  expect(await heldBy(second)).toEqual(['Internal/everyone', one]);
  expect(await admin('updateRolesOfUser', { userName: second, newRoleList: null })).toMatchObject(DONE);
  expect(await heldBy(second)).toEqual(['Internal/everyone']);
});

it('lists users and roles, marks who holds what, and says whether the list was cut', async () => {
  const mark = unique('mark');
  const names = [`${mark}-a`, `${mark}-b`, `${mark}-c`];
  for (const userName of names) await admin('addUser', newUser(userName));
  const roleName = `${mark}-role`;
  await admin('addRole', { roleName, userList: names.slice(0, 1) });
  await admin('addInternalRole', { roleName: `${mark}-beside` });
  const filter = `${mark}*`;
  const seen = (list: readonly Flagged[]) => list.map(({ itemName, selected }) => [itemName, selected]);

  expect((await admin('listUsers', { filter, limit: 2 })).returned).toEqual(names.slice(0, 2));
  expect(seen(await listed('listAllUsers', { filter, limit: 100 }))).toEqual([...names, 'false'].map((name) => [name, 'false']));
  expect(seen(await listed('listAllUsers', { filter, limit: 2 }))).toEqual([...names.slice(0, 2), 'true'].map((name) => [name, 'false']));
  expect(seen(await listed('getUsersOfRole', { roleName, filter, limit: 100 }))).toEqual([
    [names[0], 'true'],
    [names[1], 'false'],
    [names[2], 'false'],
    ['false', 'false'],
  ]);
  expect(seen(await listed('getUsersOfRole', { roleName, filter: '*', limit: 0 }))).toEqual([
    [names[0], 'true'],
    ['false', 'false'],
  ]);
  expect((await listed('getAllRolesNames', { filter, limit: 100 })).map(({ itemName, roleType }) => [itemName, roleType])).toEqual([
    [`Internal/${mark}-beside`, 'Internal'],
    [roleName, 'External'],
    ['false', null],
  ]);
  expect(seen(await listed('getRolesOfUser', { userName: names[0] ?? '', filter, limit: -1 }))).toEqual([
    [`Internal/${mark}-beside`, 'false'],
    [roleName, 'true'],
    ['false', 'false'],
  ]);
  expect(seen(await listed('getRolesOfUser', { userName: names[0] ?? '', filter: 'Internal/every*', limit: 100 }))).toEqual([
    ['Internal/everyone', 'true'],
    ['false', 'false'],
  ]);
  expect((await admin('listAllUsers', { filter: names[0] ?? '', limit: 1 })).text).toContain(
    'xmlns:ax1="http://common.mgt.user.carbon.wso2.org/xsd"',
  );
  expect((await admin('hasMultipleUserStores')).returned).toEqual(['false']);
});

describe('who may', () => {
  const operations = [
    ...['addUser', 'deleteUser', 'changePassword', 'addRole', 'addInternalRole', 'deleteRole', 'updateRoleName', 'updateRolesOfUser'],
    ...[
      'addRemoveRolesOfUser',
      'addRemoveUsersOfRole',
      'listUsers',
      'listAllUsers',
      'getAllRolesNames',
      'getRolesOfUser',
      'getUsersOfRole',
    ],
    'hasMultipleUserStores',
  ];
  let plain: Promise<Actor> | undefined;

  it.each(operations)('%s: nobody but an administrator', async (operation) => {
    plain ??= given.user({ roles: ['Internal/creator', 'Internal/publisher'] });

    expect(await userAdmin(await plain)(operation, { userName: 'admin', roleName: 'admin' })).toMatchObject({
      status: 500,
      fault: { faultcode: '50978', faultstring: 'Access Denied.' },
    });
  });

  it('sees and changes the own tenant alone, and is in its audit entries', async () => {
    const [{ domain, admin: anna }, other] = [await given.organization(), await given.organization()];
    const [own, others] = [userAdmin(anna), userAdmin(other.admin)];
    const userName = await created({}, own);

    expect((await listed('listAllUsers', { filter: `${userName}*`, limit: 10 }, others)).map(({ itemName }) => itemName)).toEqual([
      'false',
    ]);
    expect(await others('deleteUser', { userName })).toMatchObject(faultOf(/^30007/));
    expect(await others('changePassword', { userName, newPassword: 'Changed34' })).toMatchObject(faultOf(/^30007/));
    expect(
      await others('changePasswordByUser', { userName: `${userName}@${domain}`, oldPassword: PASSWORD, newPassword: 'Changed34' }),
    ).toMatchObject(faultOf(/does not match/));
    expect(await login(`${userName}@${domain}`, PASSWORD)).toBe(200);
    expect(await auditOf(anna)).toEqual(
      expect.arrayContaining([expect.objectContaining({ kind: 'User', entityName: userName, action: 'created', user: `admin@${domain}` })]),
    );
  });
});
