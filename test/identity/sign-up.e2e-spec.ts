import { ClaimRefused, NameInvalid, PasswordRefused, SignUpDisabled, StoreUnknown } from '../../src/identity/sign-up/sign-up.problems.js';
import { UserExists } from '../../src/identity/users/users.problems.js';
import { asking, Browser, quietClient } from '../keys/browser.js';
import type { Actor } from '../support/actor.js';
import { expected, registerClient, requestToken } from '../support/actor.js';
import { type Body, type Credential, management, NOBODY } from '../support/client.js';
import { given } from '../support/given.js';
import { configure, decide, requireApproval, theWaiting, waiting } from '../support/tenant-config.js';
import { unique } from '../support/unique.js';

const PASSWORD = 'Secret12';
const API = '/api/identity/user/v1.0';
const PAGE = '/accountrecoveryendpoint/register.do';

const basic = ({ username, password }: Pick<Actor, 'username' | 'password'>): Credential => ({ basic: { username, password } });

const signUp = (by: Actor, user: Body, as = basic(by), path = '') =>
  management.request(`POST ${path}${API}/me`, { as, body: { user, properties: [] } });

const rolesOf = async (admin: Actor, username: string): Promise<readonly string[]> => {
  const { Resources } = expected(
    await admin.scim<{ Resources?: readonly { roles?: readonly { display: string }[] }[] }>('GET /Users', {
      query: { filter: `userName eq ${username}` },
    }),
    200,
  );
  return (Resources?.[0]?.roles ?? []).map(({ display }) => display).sort();
};

const scopesOf = async (admin: Actor, username: string, password = PASSWORD): Promise<string> => {
  const client = await registerClient(admin.username, admin.password);
  const tenant = admin.organization === 'carbon.super' ? '' : `@${admin.organization}`;
  const answer = await requestToken(client, {
    grant_type: 'password',
    username: `${username}${tenant}`,
    password,
    scope: 'apim:subscribe apim:app_manage apim:api_create',
  });
  return expected(answer, 200).scope ?? '';
};

describe('POST /me', () => {
  it('makes an account with the sign-up roles of the tenant, which subscribes at once', async () => {
    const { admin } = await given.organization();
    const username = unique('new');

    const answer = await signUp(admin, {
      username,
      password: PASSWORD,
      claims: [
        { uri: 'http://wso2.org/claims/givenname', value: 'Ann' },
        { uri: 'http://wso2.org/claims/organization', value: 'Acme' },
      ],
    });

    expect(answer).toMatchObject({ status: 201, body: undefined });
    expect(await rolesOf(admin, username)).toEqual(['everyone', 'selfsignup', 'subscriber']);
    expect(await scopesOf(admin, username)).toBe('apim:subscribe apim:app_manage');
    const found = await admin.scim<{ Resources: readonly Body[] }>('GET /Users', { query: { filter: `name.givenName eq Ann` } });
    expect(found.body.Resources).toMatchObject([{ userName: username }]);
  });

  it('takes the roles that the tenant configured, under the path of the tenant too', async () => {
    const { admin, domain } = await given.organization();
    await configure(admin, { SelfSignUp: { SignUpRoles: ['Internal/creator', 'Internal/no-such-role'] } });
    const username = unique('new');

    expect(await signUp(admin, { username, password: PASSWORD }, basic(admin), `/t/${domain}`)).toMatchObject({ status: 201 });

    expect(await scopesOf(admin, username)).toBe('apim:api_create');
  });

  it.each([
    ['a taken name', 409, UserExists, (taken: string) => ({ username: taken.toUpperCase(), password: PASSWORD })],
    ['a name with a tenant', 400, NameInvalid, () => ({ username: 'ann@wonder.land', password: PASSWORD })],
    ['a short name', 400, NameInvalid, () => ({ username: 'an', password: PASSWORD })],
    ['a short password', 400, PasswordRefused, () => ({ username: unique('new'), password: '1234' })],
    ['another user store', 400, StoreUnknown, () => ({ username: unique('new'), password: PASSWORD, realm: 'ELSEWHERE' })],
    ['a claim that is none', 400, ClaimRefused, () => withClaim('http://example.com/claims/x')],
    ['a claim about the account', 400, ClaimRefused, () => withClaim('http://wso2.org/claims/identity/accountLocked')],
    ['a claim about roles', 400, ClaimRefused, () => withClaim('http://wso2.org/claims/role')],
  ])('refuses %s', async (_, status, problem, user) => {
    const { admin } = await given.organization();
    const taken = unique('taken');
    expect(await signUp(admin, { username: taken, password: PASSWORD })).toMatchObject({ status: 201 });

    const answer = await signUp(admin, user(taken));

    expect(answer).toMatchObject({ status, body: { code: String(problem.code), traceId: expect.any(String) } });
  });

  it.each([
    ['no user', {}],
    ['a user that is a text', { user: 'ann' }],
    ['a name that is a number', { user: { username: 5, password: PASSWORD } }],
    ['claims that are no list', { user: { username: 'anna', password: PASSWORD, claims: 'x' } }],
  ])('refuses %s as a bad request', async (_, body) => {
    const answer = await management.request(`POST ${API}/me`, { as: basic(given.superAdmin), body });

    expect(answer).toMatchObject({ status: 400, body: { code: '400' } });
  });

  it('wants a user of the tenant, who may say less about others than an administrator', async () => {
    const { admin, domain } = await given.organization();
    const member = await given.user({ by: admin });
    const user = { username: unique('new'), password: PASSWORD };

    expect(await signUp(admin, user, NOBODY)).toMatchObject({ status: 401 });
    expect(await signUp(admin, user, basic(given.superAdmin), `/t/${domain}`)).toMatchObject({ status: 403 });
    expect(await signUp(member, { ...user, claims: [{ uri: 'http://wso2.org/claims/organization', value: 'Acme' }] })).toMatchObject({
      status: 400,
      body: { code: '30005' },
    });
    expect(await signUp(member, user)).toMatchObject({ status: 201 });
  });

  it('makes one account of two requests at once', async () => {
    const { admin } = await given.organization();
    const user = { username: unique('new'), password: PASSWORD };

    const answers = await Promise.all([signUp(admin, user), signUp(admin, user), signUp(admin, user)]);

    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });
});

const withClaim = (uri: string) => ({ username: unique('new'), password: PASSWORD, claims: [{ uri, value: 'x' }] });

describe('a sign-up that needs an approval', () => {
  const waitingUser = async () => {
    const { admin } = await given.organization();
    await requireApproval(admin, 'UserSignUp');
    const username = unique('new');
    expect(await signUp(admin, { username, password: PASSWORD })).toMatchObject({ status: 201 });
    return { admin, username, task: await theWaiting(admin) };
  };

  it('opens nothing before, and the portal afterwards', async () => {
    const { admin, username, task } = await waitingUser();

    expect(task).toMatchObject({
      workflowType: 'USER_SIGNUP',
      properties: { tenantAwareUserName: username, tenantDomain: admin.organization },
    });
    expect(await rolesOf(admin, username)).toEqual(['everyone', 'selfsignup']);
    expect(await scopesOf(admin, username)).not.toContain('apim:');
    expect(await decide(admin, task.referenceId, 'APPROVED')).toMatchObject({ status: 200 });

    expect(await scopesOf(admin, username)).toBe('apim:subscribe apim:app_manage');
    expect(await waiting(admin)).toEqual([]);
  });

  it('takes the account away when it is turned down, so that the name is free', async () => {
    const { admin, username, task } = await waitingUser();

    expect(await decide(admin, task.referenceId, 'REJECTED')).toMatchObject({ status: 200 });

    expect(await rolesOf(admin, username)).toEqual([]);
    expect(await signUp(admin, { username, password: PASSWORD })).toMatchObject({ status: 201 });
  });

  it('goes with its user, and is nobody else’s to decide', async () => {
    const { admin, username, task } = await waitingUser();
    const stranger = (await given.organization()).admin;
    const { Resources } = expected(
      await admin.scim<{ Resources: readonly { id: string }[] }>('GET /Users', { query: { filter: `userName eq ${username}` } }),
      200,
    );

    expect(await decide(stranger, task.referenceId, 'APPROVED')).toMatchObject({ status: 401 });
    expect(await admin.scim('DELETE /Users/{id}', { path: { id: Resources[0]?.id ?? '' } })).toMatchObject({ status: 204 });

    expect(await waiting(admin)).toEqual([]);
    expect(await decide(admin, task.referenceId, 'APPROVED')).toMatchObject({ status: 404 });
  });
});

it.each([
  ['free', () => unique('new'), 20_000],
  ['taken', () => 'admin', UserExists.code],
  ['none', () => 'a b', NameInvalid.code],
])('POST /validate-username tells a name that is %s', async (_, username, statusCode) => {
  const { admin } = await given.organization();

  const answer = await management.request(`POST ${API}/validate-username`, {
    as: basic(admin),
    body: { username: username(), properties: [] },
  });

  expect(answer).toMatchObject({ status: 200, body: { statusCode } });
});

describe('the sign-up page', () => {
  it('is offered on the login page, makes an account, and leads back', async () => {
    const browser = new Browser();
    const toLogin = await browser.authorize(asking(await quietClient()));
    const login = await browser.get(toLogin.location);
    const link = /href="(\/accountrecoveryendpoint[^"]*)"/.exec(login.body)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const page = await browser.get(link);
    const sessionDataKey = /name="sessionDataKey" value="([^"]*)"/.exec(page.body)?.[1] ?? '';
    const username = unique('new');

    const done = await browser.post(PAGE, {
      tenantDomain: 'carbon.super',
      sessionDataKey,
      username,
      password: PASSWORD,
      emailaddress: 'a@b.c',
    });

    expect(done).toMatchObject({ status: 200, body: expect.stringContaining('Your account is ready') });
    expect(done.body).toContain(`/authenticationendpoint/login.do?sessionDataKey=${sessionDataKey}`);
    expect(await scopesOf(given.superAdmin, username)).toBe('apim:subscribe apim:app_manage');
  });

  it('shows again what was filled in, but the password, and escapes it', async () => {
    const { admin, domain } = await given.organization();
    const form = { tenantDomain: domain, username: 'admin', password: PASSWORD, givenname: '<script>"x' };

    const refused = await new Browser().post(PAGE, form);

    expect(refused).toMatchObject({ status: 409, body: expect.stringContaining('already exists') });
    expect(refused.body).toContain('value="&lt;script&gt;&quot;x"');
    expect(refused.body).not.toContain(PASSWORD);
    expect(await rolesOf(admin, 'admin')).toContain('admin');
  });

  it('does not exist for a tenant that does not, nor for the form of another site', async () => {
    expect(await new Browser().get(`${PAGE}?tenantDomain=no.where`)).toMatchObject({ status: 404 });
    const { domain } = await given.organization();
    const form = { tenantDomain: domain, username: unique('new'), password: PASSWORD };
    expect(await new Browser().post(PAGE, form, { 'sec-fetch-site': 'cross-site' })).toMatchObject({ status: 403 });
    expect(await new Browser().post(PAGE, { ...form, tenantDomain: 'no.where' })).toMatchObject({
      status: SignUpDisabled.status,
      body: expect.stringContaining('Nobody can sign up'),
    });
  });

  it('lets one address make so many accounts and no more', async () => {
    const { domain } = await given.organization();
    const browser = new Browser(undefined, '127.0.0.77');
    const statuses: number[] = [];
    while (!statuses.includes(429) && statuses.length < 150) {
      const { status } = await browser.post(PAGE, { tenantDomain: domain, username: unique('new'), password: PASSWORD });
      statuses.push(status);
    }

    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(100);
    expect(statuses.at(-1)).toBe(429);
  });
});
