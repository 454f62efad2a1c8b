import { passwordTokens, register, tokenOf, useAtRestApi } from '../keys/oauth.js';
import { expected } from '../support/actor.js';
import { type Body, management } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

const { superAdmin } = given;
const PASSWORD = 'Secret12';
const EXTENSION = 'urn:scim:wso2:schema';
/** The default of `identity_mgt.account_locking.allowed_failed_attempts`. */
const ATTEMPTS = 10;

interface UserResource extends Body {
  readonly id: string;
  readonly userName: string;
}

const newUser = async (by = superAdmin): Promise<UserResource> =>
  expected(await by.scim<UserResource>('POST /Users', { body: { userName: unique('user'), password: PASSWORD } }), 201);

const login = (username: string, password = PASSWORD) => management.request('GET /scim2/Me', { as: { basic: { username, password } } });

const failLogins = async (username: string, times: number): Promise<void> => {
  for (let i = 0; i < times; i++) expect(await login(username, `wrong-${i}`)).toMatchObject({ status: 401 });
};

const stateOf = async (id: string): Promise<Body> => {
  const { body } = await superAdmin.scim('GET /Users/{id}', { path: { id } });
  return (body[EXTENSION] ?? {}) as Body; // SCIM: an extension is an object
};

const patch = (id: string, attributes: Body) =>
  superAdmin.scim('PATCH /Users/{id}', { path: { id }, body: { Operations: [{ op: 'replace', value: { [EXTENSION]: attributes } }] } });

it('locks an account after failed logins in a row, says so to administrators, and keeps its tokens', async () => {
  const { id, userName } = await newUser();
  const client = await register();
  const tokens = await passwordTokens(client, { username: userName, password: PASSWORD });

  await failLogins(userName, ATTEMPTS);

  expect(await login(userName)).toMatchObject({ status: 401 });
  expect(await tokenOf(client, { grant_type: 'password', username: userName, password: PASSWORD })).toMatchObject({
    status: 400,
    body: { error: 'invalid_grant', error_description: `Authentication failed for ${userName}` },
  });
  const state = await eventually(
    () => stateOf(id),
    (shown) => shown['accountLocked'] === true,
  );
  expect(state).toMatchObject({ accountState: 'LOCKED', lockedReason: 'MAX_ATTEMPTS_EXCEEDED', failedLoginLockoutCount: 1 });
  expect(Number(state['unlockTime']) - Date.now()).toBeGreaterThan(4 * 60_000);
  expect(Number(state['unlockTime']) - Date.now()).toBeLessThanOrEqual(5 * 60_000);
  expect(
    await superAdmin.scim('GET /Users', { query: { filter: `${EXTENSION}:accountLocked eq true and userName eq ${userName}` } }),
  ).toMatchObject({ body: { totalResults: 1 } });
  expect(await management.request('GET /scim2/Me', { as: { bearer: tokens.access_token } })).toMatchObject({ status: 200 });
});

it('counts failures in a row only: a success forgets them, also one whose password is remembered', async () => {
  const { id, userName } = await newUser();
  expect(await login(userName)).toMatchObject({ status: 200 });

  await failLogins(userName, ATTEMPTS - 1);
  await eventually(
    () => stateOf(id),
    (shown) => shown['failedLoginAttempts'] === ATTEMPTS - 1,
  );
  expect(await login(userName)).toMatchObject({ status: 200 });
  await failLogins(userName, ATTEMPTS - 1);

  expect(await login(userName)).toMatchObject({ status: 200 });
});

it('tries no more passwords when a hundred are sent at once', async () => {
  const { userName } = await newUser();

  const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => login(userName, index === 60 ? PASSWORD : `wrong-${index}`)));

  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 401));
});

it('is opened by an administrator', async () => {
  const { id, userName } = await newUser();
  await failLogins(userName, ATTEMPTS);
  expect(await login(userName)).toMatchObject({ status: 401 });

  expect(await patch(id, { accountLocked: false })).toMatchObject({ status: 200 });

  expect(await login(userName)).toMatchObject({ status: 200 });
  expect(await stateOf(id)).toEqual({});
});

it('is locked without an end by an administrator, which kills the tokens', async () => {
  const { id, userName } = await newUser();
  const tokens = await passwordTokens(await register(), { username: userName, password: PASSWORD });

  expect(await patch(id, { accountLocked: true })).toMatchObject({ status: 200 });

  expect(await stateOf(id)).toEqual({ accountLocked: true, accountState: 'LOCKED', lockedReason: 'ADMIN_INITIATED' });
  expect(await login(userName)).toMatchObject({ status: 401 });
  expect(await useAtRestApi(tokens.access_token)).toMatchObject({ status: 401 });
});

it('never locks the members of Internal/system', async () => {
  const { id, userName } = await newUser();
  const role = { displayName: 'system', users: [{ value: id }] };
  const made = await superAdmin.scim('POST /Roles', { body: role });
  if (made.status === 409) {
    const found = await superAdmin.scim<{ Resources: readonly { id: string }[] }>('GET /Roles', {
      query: { filter: 'displayName eq system' },
    });
    const Operations = [{ op: 'add', path: 'users', value: [{ value: id }] }];
    expected(await superAdmin.scim('PATCH /Roles/{id}', { path: { id: String(found.body.Resources[0]?.id) }, body: { Operations } }), 200);
  }

  await failLogins(userName, ATTEMPTS + 1);

  expect(await login(userName)).toMatchObject({ status: 200 });
});

it('keeps the accounts of tenants apart', async () => {
  const { admin, domain } = await given.organization();

  await failLogins(`admin@${domain}`, ATTEMPTS);

  expect(await login(`admin@${domain}`, admin.password)).toMatchObject({ status: 401 });
  expect(await management.request('GET /scim2/Me', { as: superAdmin.basic })).toMatchObject({ status: 200 });
});
