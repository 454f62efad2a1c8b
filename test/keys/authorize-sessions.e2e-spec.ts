import { type Actor, expected } from '../support/actor.js';
import { type Body } from '../support/client.js';
import { given } from '../support/given.js';
import { asking, Browser, codeFor, pathOf, quietClient, redeem, sentBack } from './browser.js';
import { passwordTokens, register } from './oauth.js';

const LOGIN_PAGE = '/authenticationendpoint/login.do';

const idOf = async (user: Actor, by: Actor): Promise<string> => {
  const query = { filter: `userName eq ${user.username.split('@')[0]}` };
  const { Resources } = expected(await by.scim<{ Resources: readonly { id: string }[] }>('GET /Users', { query }), 200);
  return Resources[0]?.id ?? '';
};

const patch = async (user: Actor, by: Actor, value: Body): Promise<void> => {
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
  const body = { schemas, Operations: [{ op: 'replace', value }] };
  expected(await by.scim('PATCH /Users/{id}', { path: { id: await idOf(user, by) }, body }), 200);
};

const WSO2 = 'urn:scim:wso2:schema';

describe('a login session and a code that nobody has redeemed', () => {
  it.each([
    ['another password', (user: Actor, by: Actor) => patch(user, by, { password: 'An0ther!word' })],
    ['a lock', (user: Actor, by: Actor) => patch(user, by, { [WSO2]: { accountLocked: true } })],
    ['a disabling', (user: Actor, by: Actor) => patch(user, by, { [WSO2]: { accountDisabled: true } })],
    [
      'the removal of the user',
      async (user: Actor, by: Actor) => expected(await by.scim('DELETE /Users/{id}', { path: { id: await idOf(user, by) } }), 204),
    ],
  ] as const)('die with %s', async (_, end) => {
    const [browser, app, ann] = [new Browser(), await quietClient(), await given.user()];
    const code = await codeFor(app, { user: ann, browser });
    const next = sentBack(await browser.authorize(asking(app)))['code'];

    await end(ann, given.superAdmin);

    expect(pathOf(await browser.authorize(asking(app)))).toBe(LOGIN_PAGE);
    expect(sentBack(await browser.authorize(asking(app, { prompt: 'none' })))).toMatchObject({ error: 'login_required' });
    for (const one of [code, next]) expect(await redeem(app, one)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('do not come back when a lock is taken away, and a new login works at once', async () => {
    const [browser, app, ann] = [new Browser(), await quietClient(), await given.user()];
    await codeFor(app, { user: ann, browser });

    await patch(ann, given.superAdmin, { [WSO2]: { accountLocked: true } });
    await patch(ann, given.superAdmin, { [WSO2]: { accountLocked: false } });

    expect(pathOf(await browser.authorize(asking(app)))).toBe(LOGIN_PAGE);
    expect((await redeem(app, await codeFor(app, { user: ann, browser }))).status).toBe(200);
  });

  it('outlive what happens to other users', async () => {
    const [browser, app, [ann, bob]] = [new Browser(), await quietClient(), [await given.user(), await given.user()]];
    const code = await codeFor(app, { user: ann, browser });

    await patch(bob, given.superAdmin, { password: 'An0ther!word' });

    expect((await redeem(app, code)).status).toBe(200);
  });

  it('end for the user before, when another one logs in in the same browser', async () => {
    const [browser, app, [ann, bob]] = [new Browser(), await quietClient(), [await given.user(), await given.user()]];
    await codeFor(app, { user: ann, browser });
    const before = new Map(browser.cookies);

    await browser.arrive(asking(app, { prompt: 'login' }), bob);

    expect(browser.cookies.get('opbs')).not.toBe(before.get('opbs'));
    const old = new Browser();
    old.cookies.set('commonAuthId', before.get('commonAuthId') ?? '');
    expect(pathOf(await old.authorize(asking(app)))).toBe(LOGIN_PAGE);
  });
});

it('a locked user cannot log in, and is told no more than with a wrong password', async () => {
  const [browser, app, ann] = [new Browser(), await quietClient(), await given.user()];
  await patch(ann, given.superAdmin, { [WSO2]: { accountLocked: true } });

  const again = await browser.logIn(await browser.authorize(asking(app)), ann);

  expect(sentBack(again)).toMatchObject({ authFailure: 'true', authFailureMsg: 'login.fail.message' });
});

it('tokens of other grants are not login sessions', async () => {
  const app = await quietClient();
  const tokens = await passwordTokens(await register(), undefined, 'openid');
  const browser = new Browser();

  for (const value of [tokens.access_token, tokens.refresh_token, tokens.id_token]) {
    browser.cookies.set('commonAuthId', value);
    expect(pathOf(await browser.authorize(asking(app)))).toBe(LOGIN_PAGE);
  }
});
