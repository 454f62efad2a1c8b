import type { Actor } from '../support/actor.js';
import { ACCEPTED, type Parts, remoteUserStore, type SoapAnswer } from '../support/admin-services.js';
import { auditOf } from '../support/audit.js';
import { management } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

const CLAIMS = 'http://wso2.org/claims/';
const PASSWORD = 'Secret12';
const { superAdmin } = given;
const store = remoteUserStore(superAdmin);

const login = async (userName: string, password: string): Promise<number> =>
  (await management.request('GET /scim2/Me', { as: { basic: { username: userName, password } } })).status;

/** As the product's clients send it: every child, in the order of its schema. */
const newUser = (userName: string, further: Parts = {}): Parts => ({
  ...{ userName, credential: PASSWORD, roleList: [], claims: [], profileName: 'default', requirePasswordChange: false },
  ...further,
});

const created = async (further: Parts = {}, by = store): Promise<string> => {
  const userName = unique('soap');
  expect(await by('addUser', newUser(userName, further))).toMatchObject(ACCEPTED);
  return userName;
};

const role = async (by = store, permissions: readonly Parts[] = []): Promise<string> => {
  const roleName = unique('role');
  expect(await by('addRole', { roleName, userList: [], permissions })).toMatchObject(ACCEPTED);
  return roleName;
};

const rolesOf = async (userName: string, by = store): Promise<readonly unknown[]> => (await by('getRoleListOfUser', { userName })).returned;
const claimOf = async (userName: string, claim: string, by = store): Promise<unknown> =>
  (await by('getUserClaimValue', { userName, claim: CLAIMS + claim, profileName: 'default' })).returned[0];
const exists = async (userName: string, by = store): Promise<unknown> => (await by('isExistingUser', { userName })).returned[0];

describe('users', () => {
  it('are added with roles and claims, sign in at once, and are deleted', async () => {
    const held = await role();
    const claims = [
      { claimURI: `${CLAIMS}emailaddress`, value: 'anna@x.com' },
      { claimURI: `${CLAIMS}givenname`, value: 'Änna & <Co>' },
    ];

    const userName = await created({ roleList: [held, 'Internal/subscriber'], claims });

    expect(await exists(userName)).toBe('true');
    expect(await login(userName, PASSWORD)).toBe(200);
    expect(await rolesOf(userName)).toEqual(expect.arrayContaining([held, 'Internal/subscriber', 'Internal/everyone']));
    expect(await claimOf(userName, 'givenname')).toBe('Änna & <Co>');
    expect(await superAdmin.scim('GET /Users', { query: { filter: `userName eq ${userName}` } })).toMatchObject({
      body: { Resources: [{ emails: ['anna@x.com'], name: { givenName: 'Änna & <Co>' } }] },
    });
    expect(await store('deleteUser', { userName })).toMatchObject(ACCEPTED);
    expect(await exists(userName)).toBe('false');
    expect(await login(userName, PASSWORD)).toBe(401);
  });

  it('are added by a message that leaves out what may be left out, says nil, and is in another order and namespace', async () => {
    const userName = unique('soap');

    const answer = await store('addUser', {
      claims: null,
      credential: PASSWORD,
      roleList: null,
      profileName: null,
      userName: `PRIMARY/${userName}`,
    });

    expect(answer).toMatchObject(ACCEPTED);
    expect(await exists(userName)).toBe('true');
    expect(await exists(`PRIMARY/${userName.toUpperCase()}`)).toBe('true');
  });

  it.each<[string, Parts]>([
    ['a name that is taken', { userName: 'admin' }],
    ['a name with blanks', { userName: 'a b' }],
    ['a name with a tenant', { userName: 'anna@acme.com' }],
    ['no name', { userName: null }],
    ['a short password', { credential: 'four' }],
    ['no password', { credential: null }],
    ['a role nobody knows', { roleList: ['Internal/subscriber', 'nobody-knows'] }],
    ['a claim nobody knows', { claims: [{ claimURI: 'urn:x', value: 'y' }] }],
    ['a claim the server keeps', { claims: [{ claimURI: `${CLAIMS}role`, value: 'admin' }] }],
    ['a claim of another type', { claims: [{ claimURI: `${CLAIMS}identity/accountLocked`, value: 'perhaps' }] }],
    ['another user store', { userName: 'OTHER.COM/anna' }],
  ])('are not added with %s, which is answered with 202 all the same', async (_, wrong) => {
    const userName = unique('soap');
    const before = (await store('listUsers', { filter: '*', maxItemLimit: 1 })).returned;

    expect(await store('addUser', newUser(userName, wrong))).toMatchObject(ACCEPTED);

    expect(await exists(userName)).toBe('false');
    expect(await superAdmin.scim('GET /Users', { query: { filter: 'userName eq anna', count: 1 } })).toMatchObject({
      body: { totalResults: 0 },
    });
    expect((await store('listUsers', { filter: '*', maxItemLimit: 1 })).returned).toEqual(before);
  });

  it('keep their password when they are added again', async () => {
    const userName = await created();

    expect(await store('addUser', newUser(userName, { credential: 'Another34' }))).toMatchObject(ACCEPTED);

    expect(await login(userName, PASSWORD)).toBe(200);
    expect(await login(userName, 'Another34')).toBe(401);
  });

  it('cannot be deleted when they own the tenant', async () => {
    const { admin } = await given.organization();

    expect(await remoteUserStore(admin)('deleteUser', { userName: 'admin' })).toMatchObject(ACCEPTED);

    expect(await exists('admin', remoteUserStore(admin))).toBe('true');
  });

  it('are listed by filter and limit, and by claims', async () => {
    const mark = unique('list');
    const names = [`${mark}-a`, `${mark}-b`, `${mark}_c`];
    for (const userName of names)
      await store('addUser', newUser(userName, { claims: [{ claimURI: `${CLAIMS}organization`, value: mark }] }));
    const list = async (filter: string, maxItemLimit: number) => (await store('listUsers', { filter, maxItemLimit })).returned;

    expect(await list(`${mark}*`, -1)).toEqual(names);
    expect(await list(`PRIMARY/${mark.toUpperCase()}-?`, 100)).toEqual(names.slice(0, 2));
    expect(await list(`${mark}*`, 1)).toEqual(names.slice(0, 1));
    expect(await list(`${mark}*`, 0)).toEqual([null]);
    expect(await list('%', -1)).toEqual([null]);
    const byClaim = async (claimUri: string, claimValue: string) =>
      (await store('getUserList', { claimUri: CLAIMS + claimUri, claimValue, profile: 'default' })).returned;
    expect(await byClaim('organization', mark)).toEqual(names);
    expect(await byClaim('organization', `${mark.slice(0, -1)}*`)).toEqual(expect.arrayContaining(names));
    expect(await byClaim('username', `${mark}-?`)).toEqual(names.slice(0, 2));
    expect(await byClaim('organization', `https://${mark}/`)).toEqual([null]);
  });

  it('are known by numbers', async () => {
    const userName = await created();
    const { admin } = await given.organization();
    const number = async (operation: string, parts: Parts = {}, by = store) => (await by(operation, parts)).returned[0];

    expect(await number('getTenantId')).toBe('-1234');
    expect(Number(await number('getTenantId', {}, remoteUserStore(admin)))).toBeGreaterThan(0);
    expect(await number('getTenantIdofUser', { username: userName })).toBe('-1234');
    expect(await number('getTenantIdofUser', { username: unique('nobody') })).toBe('-1');
    expect(await number('getUserId', { username: userName })).toMatch(/^\d+$/);
    expect(await number('getUserId', { username: unique('nobody') })).toBe('-1');
    expect(await number('isReadOnly')).toBe('false');
    expect(await number('getProfileNames', { userName })).toBe('default');
  });
});

describe('passwords', () => {
  it('are changed by an administrator, which ends the user’s tokens', async () => {
    const user = await given.user();
    const token = await user.token();
    const me = () => management.request('GET /api/am/devportal/v3/settings', { as: { bearer: token } });
    expect(await me()).toMatchObject({ status: 200 });

    expect(await store('updateCredentialByAdmin', { userName: user.username, newCredential: 'Changed34' })).toMatchObject(ACCEPTED);

    expect(await login(user.username, 'Changed34')).toBe(200);
    expect(await login(user.username, user.password)).toBe(401);
    await eventually(me, ({ status }) => status === 401);
  });

  it('are changed by who knows the present one', async () => {
    const userName = await created();
    const update = (oldCredential: string, newCredential: string) => store('updateCredential', { userName, newCredential, oldCredential });

    expect(await update('wrong-one', 'Changed34')).toMatchObject(ACCEPTED);
    expect(await login(userName, PASSWORD)).toBe(200);
    expect(await update(PASSWORD, 'Changed34')).toMatchObject(ACCEPTED);
    expect(await login(userName, 'Changed34')).toBe(200);
  });

  it('stay when the new one is too short or the user unknown', async () => {
    const userName = await created();

    expect(await store('updateCredentialByAdmin', { userName, newCredential: 'four' })).toMatchObject(ACCEPTED);
    expect(await store('updateCredentialByAdmin', { userName: unique('nobody'), newCredential: 'Changed34' })).toMatchObject(ACCEPTED);

    expect(await login(userName, PASSWORD)).toBe(200);
  });

  it('are checked', async () => {
    const userName = await created();
    const check = async (credential: string, name = userName) => (await store('authenticate', { userName: name, credential })).returned;

    expect(await check(PASSWORD)).toEqual(['true']);
    expect(await check('wrong-one')).toEqual(['false']);
    expect(await check(PASSWORD, unique('nobody'))).toEqual(['false']);
  });
});

describe('claims', () => {
  it('are set one by one and together, and taken away', async () => {
    const userName = await created();
    const profileName = 'default';
    const several = (operation: string, claims: Parts) =>
      store(operation, {
        userName,
        claims: Object.entries(claims).map(([claimURI, value]) => ({ claimURI: CLAIMS + claimURI, value })),
        profileName,
      });

    await store('setUserClaimValue', { userName, claimURI: `${CLAIMS}organizationId`, claimValue: 'org-1', profileName });
    await several('setUserClaimValues', { mobile: '+1', country: 'LK' });
    await several('addUserClaimValues', { title: 'Dr' });

    expect(await claimOf(userName, 'organizationId')).toBe('org-1');
    const { returned } = await store('getUserClaimValues', { userName, profileName });
    expect(returned).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ claimUri: `${CLAIMS}mobile`, value: '+1', dialectURI: 'http://wso2.org/claims', description: null }),
        expect.objectContaining({ claimUri: `${CLAIMS}username`, value: userName }),
        expect.objectContaining({ claimUri: `${CLAIMS}role`, value: 'Internal/everyone' }),
      ]),
    );
    const claims = ['title', 'country', 'nickname'].map((claim) => CLAIMS + claim);
    expect((await store('getUserClaimValuesForClaims', { userName, claims, profileName })).returned).toEqual([
      { claimURI: `${CLAIMS}title`, value: 'Dr' },
      { claimURI: `${CLAIMS}country`, value: 'LK' },
    ]);

    await store('deleteUserClaimValue', { userName, claimURI: `${CLAIMS}title`, profileName });
    await store('deleteUserClaimValues', { userName, claims: [`${CLAIMS}country`, `${CLAIMS}mobile`], profileName });
    expect((await store('getUserClaimValuesForClaims', { userName, claims, profileName })).returned).toEqual([null]);
    expect(await claimOf(userName, 'organizationId')).toBe('org-1');
  });

  it('are set all or none', async () => {
    const userName = await created();
    const claims = [
      { claimURI: `${CLAIMS}mobile`, value: '+1' },
      { claimURI: 'http://elsewhere.example.com/x', value: 'y' },
    ];

    expect(await store('setUserClaimValues', { userName, claims, profileName: 'default' })).toMatchObject(ACCEPTED);

    expect(await claimOf(userName, 'mobile')).toBeNull();
  });

  it('lock an account, which ends its tokens, and open it', async () => {
    const user = await given.user();
    const token = await user.token();
    const lock = (claimValue: string) =>
      store('setUserClaimValue', {
        userName: user.username,
        claimURI: `${CLAIMS}identity/accountLocked`,
        claimValue,
        profileName: 'default',
      });

    expect(await lock('true')).toMatchObject(ACCEPTED);

    expect(await login(user.username, user.password)).toBe(401);
    expect(await claimOf(user.username, 'identity/accountLocked')).toBe('true');
    expect(await claimOf(user.username, 'identity/lockedReason')).toBe('ADMIN_INITIATED');
    await eventually(
      () => management.request('GET /api/am/devportal/v3/settings', { as: { bearer: token } }),
      ({ status }) => status === 401,
    );
    expect(await lock('false')).toMatchObject(ACCEPTED);
    expect(await login(user.username, user.password)).toBe(200);
    expect(await claimOf(user.username, 'identity/accountLocked')).toBe('false');
  });

  it('of a user nobody knows are a fault', async () => {
    const userName = unique('nobody');

    for (const operation of ['getUserClaimValue', 'getUserClaimValues', 'getUserClaimValuesForClaims'])
      expect(await store(operation, { userName, claim: `${CLAIMS}mobile` })).toMatchObject({
        status: 500,
        fault: { faultcode: 'soapenv:Server', faultstring: `30007 - UserNotFound: User ${userName} does not exist in: PRIMARY` },
      });
    expect(await store('getUserList', { claimUri: 'urn:x', claimValue: 'y' })).toMatchObject({
      fault: { faultstring: expect.stringMatching(/^30005/) },
    });
  });
});

describe('roles', () => {
  const hasRole = async (roleName: string): Promise<unknown> => (await store('isExistingRole', { roleName })).returned[0];
  const holders = async (roleName: string): Promise<readonly unknown[]> => (await store('getUserListOfRole', { roleName })).returned;

  it('are added with holders and permissions, renamed and deleted', async () => {
    const [first, second] = [await created(), await created()];
    const [roleName, newRoleName] = [unique('role'), unique('role')];
    const permissions = [
      { action: 'ui.execute', resourceId: '/permission/admin/login' },
      { action: 'ui.execute', resourceId: '/permission/admin/manage/api/create' },
    ];

    expect(await store('addRole', { roleName, userList: [first, second], permissions })).toMatchObject(ACCEPTED);

    expect(await hasRole(roleName.toUpperCase())).toBe('true');
    expect(await holders(roleName)).toEqual([first, second].sort());
    expect(await superAdmin.scim('GET /v2/Roles', { query: { filter: `displayName eq ${roleName}` } })).toMatchObject({
      body: { Resources: [{ permissions: [{ value: '/permission/admin/login' }, { value: '/permission/admin/manage/api/create' }] }] },
    });
    expect(await store('updateRoleName', { roleName, newRoleName })).toMatchObject(ACCEPTED);
    expect([await hasRole(roleName), await hasRole(newRoleName)]).toEqual(['false', 'true']);
    expect(await rolesOf(first)).toEqual(expect.arrayContaining([newRoleName]));
    expect(await store('deleteRole', { roleName: newRoleName })).toMatchObject(ACCEPTED);
    expect(await hasRole(newRoleName)).toBe('false');
    expect(await rolesOf(first)).toEqual(['Internal/everyone']);
  });

  it('go to users and are taken from them, from either side', async () => {
    const [first, second] = [await created(), await created()];
    const [one, other] = [await role(), await role()];

    expect(await store('updateRoleListOfUser', { userName: first, deletedRoles: [], newRoles: [one, other] })).toMatchObject(ACCEPTED);
    expect(
      await store('updateRoleListOfUser', { userName: first, deletedRoles: [one, 'Internal/everyone'], newRoles: null }),
    ).toMatchObject(ACCEPTED);
    expect(await rolesOf(first)).toEqual([other, 'Internal/everyone']);
    expect(await store('updateUserListOfRole', { roleName: other, deletedUsers: [first], newUsers: [second] })).toMatchObject(ACCEPTED);
    expect(await holders(other)).toEqual([second]);

    const wrong = { userName: first, deletedRoles: [other], newRoles: [one, 'nobody-knows'] };
    expect(await store('updateRoleListOfUser', wrong)).toMatchObject(ACCEPTED);
    expect(await store('updateUserListOfRole', { roleName: other, deletedUsers: [second], newUsers: [unique('nobody')] })).toMatchObject(
      ACCEPTED,
    );
    expect(await rolesOf(first)).toEqual(['Internal/everyone']);
    expect(await holders(other)).toEqual([second]);
  });

  it('are refused when they are there, or their name or a holder is none; admin and everyone stay', async () => {
    const roleName = await role(store, [{ action: 'ui.execute', resourceId: '/permission/admin/login' }]);

    const refused: readonly Parts[] = [
      { roleName, permissions: [] },
      { roleName: 'a b' },
      { roleName: 'xy' },
      { roleName: 'OTHER.COM/role' },
      { roleName: 'with-nobody', userList: [unique('nobody')] },
    ];
    for (const parts of refused) expect(await store('addRole', parts)).toMatchObject(ACCEPTED);
    for (const fixed of ['admin', 'Internal/everyone']) {
      expect(await store('deleteRole', { roleName: fixed })).toMatchObject(ACCEPTED);
      expect(await store('updateRoleName', { roleName: fixed, newRoleName: unique('role') })).toMatchObject(ACCEPTED);
    }
    expect(await store('updateRoleName', { roleName, newRoleName: `Internal/${unique('role')}` })).toMatchObject(ACCEPTED);
    expect(await store('updateUserListOfRole', { roleName: 'admin', deletedUsers: [superAdmin.username] })).toMatchObject(ACCEPTED);

    expect(await superAdmin.scim('GET /v2/Roles', { query: { filter: `displayName eq ${roleName}` } })).toMatchObject({
      body: { Resources: [{ permissions: [{ value: '/permission/admin/login' }] }] },
    });
    for (const there of [roleName, 'admin', 'Internal/everyone']) expect(await hasRole(there)).toBe('true');
    for (const gone of ['a b', 'with-nobody']) expect(await hasRole(gone)).toBe('false');
    expect(await rolesOf(superAdmin.username)).toEqual(expect.arrayContaining(['admin']));
  });

  it('are listed', async () => {
    const roleName = await role();
    const beside = `Internal/${unique('role')}`;
    await store('addRole', { roleName: beside });
    const { admin } = await given.organization();

    expect((await store('getHybridRoles')).returned).toEqual(expect.arrayContaining(['Internal/everyone', 'Internal/creator']));
    expect((await remoteUserStore(admin)('getHybridRoles')).returned).not.toEqual(expect.arrayContaining(['admin']));
    expect((await remoteUserStore(admin)('getRoleNames')).returned).toEqual(expect.arrayContaining(['admin', 'Internal/subscriber']));
    expect(await hasRole(beside)).toBe('true');
    expect(await hasRole(beside.replace('Internal/', ''))).toBe('false');
    expect(await holders(roleName)).toEqual([null]);
    expect(await holders(unique('role'))).toEqual([null]);
    expect(await store('getUserListOfRole', { roleName: 'Internal/everyone' })).toMatchObject({
      status: 500,
      fault: { faultcode: 'soapenv:Server' },
    });
    expect(await rolesOf(unique('nobody'))).toEqual(['Internal/everyone']);
  });
});

describe('who may', () => {
  const denied: Partial<SoapAnswer> = { status: 500, fault: { faultcode: '50978', faultstring: 'Access Denied.' } };
  const operations = [
    ...['addUser', 'deleteUser', 'updateCredential', 'updateCredentialByAdmin', 'updateRoleListOfUser'],
    ...[
      'setUserClaimValue',
      'setUserClaimValues',
      'addUserClaimValue',
      'addUserClaimValues',
      'deleteUserClaimValue',
      'deleteUserClaimValues',
    ],
    ...['addRole', 'deleteRole', 'updateRoleName', 'updateUserListOfRole'],
    ...['authenticate', 'isExistingUser', 'isExistingRole', 'getRoleListOfUser', 'getUserListOfRole', 'listUsers', 'getUserList'],
    ...['getUserClaimValue', 'getUserClaimValues', 'getUserClaimValuesForClaims', 'getRoleNames', 'getHybridRoles'],
    ...['getTenantId', 'getTenantIdofUser', 'getUserId', 'isReadOnly', 'getProfileNames'],
  ];

  it.each(operations)('%s: nobody but an administrator', async (operation) => {
    const plain = await plainUser();

    expect(await remoteUserStore(plain)(operation, { userName: 'admin', roleName: 'admin', newCredential: 'Changed34' })).toMatchObject(
      denied,
    );
  });

  let plain: Promise<Actor> | undefined;
  const plainUser = (): Promise<Actor> => {
    plain ??= given.user({ roles: ['Internal/creator', 'Internal/publisher', 'Internal/subscriber', 'Internal/devops'] });
    return plain;
  };

  it('sees and changes the own tenant alone', async () => {
    const [{ domain, admin }, other] = [await given.organization(), await given.organization()];
    const [own, others] = [remoteUserStore(admin), remoteUserStore(other.admin)];
    const [userName, roleName] = [await created({}, own), await role(own)];
    await own('updateRoleListOfUser', { userName, deletedRoles: [], newRoles: [roleName] });

    expect(await exists(userName, others)).toBe('false');
    expect(await exists(`${userName}@${domain}`, others)).toBe('false');
    expect((await others('isExistingRole', { roleName })).returned).toEqual(['false']);
    expect((await others('listUsers', { filter: `${userName}*`, maxItemLimit: -1 })).returned).toEqual([null]);
    expect((await others('getUserListOfRole', { roleName })).returned).toEqual([null]);
    expect(await rolesOf(userName, others)).toEqual(['Internal/everyone']);
    expect((await others('getTenantIdofUser', { username: `${userName}@${domain}` })).returned).toEqual(['-1']);
    expect((await others('authenticate', { userName: `${userName}@${domain}`, credential: PASSWORD })).returned).toEqual(['false']);
    for (const operation of ['deleteUser', 'updateCredentialByAdmin', 'deleteRole'])
      expect(await others(operation, { userName, roleName, newCredential: 'Changed34' })).toMatchObject(ACCEPTED);
    expect(await login(`${userName}@${domain}`, PASSWORD)).toBe(200);
    expect(await rolesOf(userName, own)).toEqual([roleName, 'Internal/everyone']);
  });

  it('is in the audit entries', async () => {
    const { domain, admin } = await given.organization();
    const own = remoteUserStore(admin);
    const userName = await created({ roleList: ['Internal/subscriber'] }, own);

    // A password that was checked in between is not whose work it is.
    await own('authenticate', { userName, credential: PASSWORD });
    await own('updateCredential', { userName, oldCredential: PASSWORD, newCredential: 'Changed34' });

    const entries = await auditOf(admin);
    const about = entries.filter(({ kind, entityName }) => kind === 'User' && entityName === userName);
    expect(about.map(({ action, user }) => [action, user])).toEqual([
      ['updated', `admin@${domain}`],
      ['created', `admin@${domain}`],
    ]);
    expect(entries).toEqual(
      expect.arrayContaining([expect.objectContaining({ kind: 'UserRole', action: 'created', user: `admin@${domain}` })]),
    );
    expect(JSON.stringify(entries)).not.toContain('Changed34');
  });
});

it('refuses other user stores, and numbers that are none', async () => {
  const domainFault = { status: 500, fault: { faultcode: 'soapenv:Server', faultstring: 'Invalid Domain Name' } };

  expect(await store('isExistingUser', { userName: 'OTHER.COM/anna' })).toMatchObject(domainFault);
  expect(await store('isExistingRole', { roleName: 'OTHER.COM/role' })).toMatchObject(domainFault);
  expect(await store('getRoleListOfUser', { userName: 'OTHER.COM/anna' })).toMatchObject(domainFault);
  expect(await store('listUsers', { filter: 'OTHER.COM/*', maxItemLimit: -1 })).toMatchObject(domainFault);
  expect(await store('listUsers', { filter: '*', maxItemLimit: 'many' })).toMatchObject({
    status: 500,
    fault: { faultcode: 'soapenv:Client' },
  });
});
