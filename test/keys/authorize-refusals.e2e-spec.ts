import { management } from '../support/client.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';
import { asking, Browser, CALLBACK, codeFor, keyOf, pathOf, pkce, portalClient, quietClient, redeem, sentBack } from './browser.js';
import { introspect, register, tokenOf, useAtRestApi } from './oauth.js';

const ERROR_PAGE = '/authenticationendpoint/oauth2_error.do';
const RETRY_PAGE = '/authenticationendpoint/retry.do';
const REFUSED = { status: 400, body: { error: 'invalid_grant' } };

describe('a request whose redirect URI nobody vouches for is never redirected there', () => {
  it.each([
    ['none', '', 'invalid_request'],
    ['another one', 'https://evil.example.com/callback', 'invalid_callback'],
    ['the registered one with more behind it', `${CALLBACK}/../evil`, 'invalid_callback'],
    ['one it is the beginning of', `${CALLBACK}.evil.example.com`, 'invalid_callback'],
    ['one with a fragment', `${CALLBACK}#fragment`, 'invalid_callback'],
    ['one with a query', `${CALLBACK}?next=https://evil.example.com`, 'invalid_callback'],
    ['one in another case', CALLBACK.replace('callback', 'Callback'), 'invalid_callback'],
    ['one over plain HTTP', CALLBACK.replace('https', 'http'), 'invalid_callback'],
    ['one with a user', CALLBACK.replace('https://', 'https://app.example.com@'), 'invalid_callback'],
    ['a script', 'javascript:alert(1)', 'invalid_callback'],
  ])('%s', async (_, uri, code) => {
    const app = await quietClient();

    const answer = await new Browser().authorize(asking(app, { redirect_uri: uri }));

    expect(answer.status).toBe(302);
    expect(pathOf(answer)).toBe(ERROR_PAGE);
    expect(sentBack(answer)).toMatchObject({ oauthErrorCode: code, oauthErrorMsg: expect.any(String) });
  });

  it('a fragment or a script does not slip through a pattern of everything', async () => {
    const app = await quietClient({ callbackUrl: 'regexp=.*' });

    for (const uri of ['https://a.com/#x', 'javascript:alert(1)', 'data:text/html,x', 'relative', 'https://a.com/\n'])
      expect(sentBack(await new Browser().authorize(asking(app, { redirect_uri: uri })))).toMatchObject({
        oauthErrorCode: 'invalid_callback',
      });
  });

  it.each([
    ['no client', { client_id: '' }, 'invalid_request'],
    ['an unknown client', { client_id: 'nobody' }, 'invalid_client'],
  ])('%s', async (_, further, code) => {
    const answer = await new Browser().authorize(asking({ clientId: 'x' }, further));

    expect(pathOf(answer)).toBe(ERROR_PAGE);
    expect(sentBack(answer)).toMatchObject({ oauthErrorCode: code });
    expect((await new Browser().get(answer.location)).body).toContain('<title>The application cannot sign you in</title>');
  });

  it('a parameter given twice', async () => {
    const app = await quietClient();
    const answer = await new Browser().get(
      `/oauth2/authorize?${new URLSearchParams(asking(app))}&redirect_uri=https%3A%2F%2Fevil.example.com`,
    );

    expect(sentBack(answer)).toMatchObject({ oauthErrorCode: 'invalid_request' });
  });

  it('says so on a page that shows nothing anybody could have written into its address', async () => {
    const page = await new Browser().get(`${ERROR_PAGE}?oauthErrorCode=invalid_callback&oauthErrorMsg=Call+0800-EVIL`);

    expect(page.status).toBe(400);
    expect(page.body).toContain('invalid_callback');
    expect(page.body).not.toContain('EVIL');
  });
});

describe('a request that is wrong otherwise goes back to the client with its state', () => {
  it.each([
    ['no response_type', { response_type: '' }, 'invalid_request'],
    ['an unknown response_type', { response_type: 'magic' }, 'unsupported_response_type'],
    ['a token in the fragment, which is switched off', { response_type: 'token' }, 'unsupported_response_type'],
    ['an ID token in the fragment, which is switched off', { response_type: 'id_token', nonce: 'n' }, 'unsupported_response_type'],
    ['prompt=none with another', { prompt: 'none login' }, 'invalid_request'],
    ['an unknown prompt', { prompt: 'sing' }, 'invalid_request'],
    ['a negative max_age', { max_age: '-1' }, 'invalid_request'],
    ['a request object', { request: 'e30.e30.' }, 'request_not_supported'],
    ['a request_uri', { request_uri: 'https://evil.example.com/' }, 'request_uri_not_supported'],
    ['a challenge of an unknown method', { code_challenge: 'a'.repeat(43), code_challenge_method: 'S512' }, 'invalid_request'],
    [
      'a plain challenge that the client may not use',
      { code_challenge: 'a'.repeat(43), code_challenge_method: 'plain' },
      'invalid_request',
    ],
    ['a challenge without a method', { code_challenge: 'a'.repeat(43) }, 'invalid_request'],
  ])('%s', async (_, further, error) => {
    const app = await quietClient();
    const asked = asking(app, further);

    const answer = await new Browser().authorize(asked);

    expect(answer.location.startsWith(CALLBACK)).toBe(true);
    expect(sentBack(answer)).toMatchObject({ error, state: asked['state'], iss: `${server.management}/oauth2/token` });
  });

  it('a client that may not use codes', async () => {
    const app = await register({ callbackUrl: CALLBACK });

    expect(sentBack(await new Browser().authorize(asking(app)))).toMatchObject({ error: 'unauthorized_client' });
  });

  it('a client that must use PKCE and does not', async () => {
    const app = await portalClient({ pkceMandatory: true });

    expect(sentBack(await new Browser().authorize(asking(app)))).toMatchObject({ error: 'invalid_request' });
  });
});

describe('a public client', () => {
  it('must use PKCE, whatever it registered', async () => {
    const app = await portalClient({ bypassClientCredentials: true });

    expect(sentBack(await new Browser().authorize(asking(app)))).toMatchObject({ error: 'invalid_request' });
    const { challenge, verifier } = pkce();
    const browser = new Browser();
    const asked = await browser.arrive(asking(app, challenge));
    const { code } = sentBack(await browser.consent(asked, 'approve'));
    const form = { grant_type: 'authorization_code', client_id: app.clientId, code: code ?? '', redirect_uri: CALLBACK };

    expect((await management.request('POST /oauth2/token', { urlencoded: form })).status).toBe(400);
    expect((await management.request('POST /oauth2/token', { urlencoded: { ...form, code_verifier: verifier } })).status).toBe(200);
  });
});

describe('the key of a sign-in', () => {
  it('works in the browser that began it only', async () => {
    const [browser, app] = [new Browser(), await quietClient()];
    const toLogin = await browser.authorize(asking(app));
    const forged = new Browser();
    forged.cookies.set(`sessionNonceCookie-${keyOf(toLogin)}`, 'guessed');

    for (const other of [new Browser(), forged]) {
      const answer = await other.logIn(toLogin, server.admin);
      expect(pathOf(answer)).toBe(RETRY_PAGE);
      expect(other.cookies.has('commonAuthId')).toBe(false);
    }
    expect(pathOf(await browser.logIn(toLogin, server.admin))).toBe('/oauth2/authorize');
  });

  it('is one of a few in a browser, which forgets them before they fill its requests', async () => {
    const [browser, app] = [new Browser(), await quietClient()];

    for (let attempt = 0; attempt < 30; attempt += 1) await browser.authorize(asking(app));

    expect(browser.cookies.size).toBeLessThanOrEqual(13);
    expect(sentBack(await browser.arrive(asking(app)))['code']).toEqual(expect.any(String));
  });

  it('leads to the login page, not to a code, while nobody has logged in', async () => {
    const [browser, app] = [new Browser(), await quietClient()];
    const toLogin = await browser.authorize(asking(app));

    expect(pathOf(await browser.get(`/oauth2/authorize?sessionDataKey=${keyOf(toLogin)}`))).toBe('/authenticationendpoint/login.do');
  });

  it('is used up by the login, and by the way on', async () => {
    const [browser, app] = [new Browser(), await quietClient()];
    const toLogin = await browser.authorize(asking(app));
    const nonce = browser.cookies.get(`sessionNonceCookie-${keyOf(toLogin)}`) ?? '';
    const loggedIn = await browser.logIn(toLogin, server.admin);

    expect(pathOf(await browser.logIn(toLogin, server.admin))).toBe(RETRY_PAGE);
    expect((await browser.get(loggedIn.location)).location.startsWith(CALLBACK)).toBe(true);
    browser.cookies.set(`sessionNonceCookie-${keyOf(toLogin)}`, nonce);
    expect(pathOf(await browser.get(loggedIn.location))).toBe(RETRY_PAGE);
  });

  it.each([
    ['empty', ''],
    ['unknown', 'unknown'],
    ['no text of the database', 'a\0b'],
  ])('that is %s leads to a page that says so', async (_, key) => {
    const browser = new Browser();
    const form = { ...server.admin, sessionDataKey: key, tocommonauth: 'true' };

    const answers = [
      await browser.post('/commonauth', form),
      await browser.get(`/oauth2/authorize?sessionDataKey=${encodeURIComponent(key)}`),
    ];

    for (const answer of answers) expect([RETRY_PAGE, '']).toContain(pathOf(answer));
    for (const answer of answers) expect(answer.status).toBeLessThan(500);
    expect((await browser.get(RETRY_PAGE)).body).toContain('This sign-in has ended');
  });
});

describe('a code', () => {
  it('is good once, and its second use kills all that came of it', async () => {
    const app = await quietClient();
    const code = await codeFor(app, { with: { scope: 'openid apim:api_view' } });
    const { body: first } = await redeem(app, code);
    const { body: refreshed } = await tokenOf(app, { grant_type: 'refresh_token', refresh_token: first.refresh_token });
    expect((await useAtRestApi(refreshed.access_token)).status).toBe(200);

    expect(await redeem(app, code)).toMatchObject(REFUSED);

    for (const { access_token } of [first, refreshed]) {
      expect(await introspect(access_token)).toEqual({ active: false });
      expect((await useAtRestApi(access_token)).status).toBe(401);
    }
    expect(await tokenOf(app, { grant_type: 'refresh_token', refresh_token: refreshed.refresh_token })).toMatchObject(REFUSED);
  });

  it('is redeemed by one of many requests at the same moment', async () => {
    const app = await quietClient();
    const code = await codeFor(app);

    const answers = await Promise.all([1, 2, 3, 4].map(() => redeem(app, code)));

    expect(answers.filter(({ status }) => status === 200).length).toBe(1);
  });

  it('belongs to its client and to its redirect URI', async () => {
    const [app, other] = [
      await quietClient({ callbackUrl: 'regexp=(https://app.example.com/callback|https://b.example.com/)' }),
      await quietClient(),
    ];
    const code = await codeFor(app);

    expect(await redeem(other, code)).toMatchObject(REFUSED);
    expect(await redeem(app, code, { redirect_uri: 'https://b.example.com/' })).toMatchObject(REFUSED);
    expect(await redeem({ ...app, clientSecret: 'wrong' }, code)).toMatchObject({ status: 401 });
    expect((await redeem(app, code)).status).toBe(200);
  });

  it.each([
    ['no code', { code: '' }, 'invalid_request'],
    ['no redirect URI', { redirect_uri: '' }, 'invalid_request'],
    ['an unknown code', { code: 'unknown' }, 'invalid_grant'],
    ['a code with a zero', { code: 'a\0b' }, 'invalid_request'],
  ])('%s is refused', async (_, further, error) =>
    expect(await redeem(await quietClient(), 'x', further)).toMatchObject({ status: 400, body: { error } }));

  it('with a challenge needs its verifier', async () => {
    const app = await quietClient();
    const { verifier, challenge } = pkce();
    const code = await codeFor(app, { with: challenge });

    expect(await redeem(app, code)).toMatchObject(REFUSED);
    for (const wrong of [pkce().verifier, challenge['code_challenge'] ?? '', verifier.slice(0, -1), `${verifier}x`, 'short'])
      expect(await redeem(app, code, { code_verifier: wrong })).toMatchObject(REFUSED);
    expect((await redeem(app, code, { code_verifier: verifier })).status).toBe(200);
  });

  it('without a challenge takes no verifier: somebody took the challenge away on the way', async () => {
    const app = await quietClient();

    expect(await redeem(app, await codeFor(app), { code_verifier: pkce().verifier })).toMatchObject(REFUSED);
  });

  it('takes a plain challenge where the client may use it', async () => {
    const app = await portalClient({ pkceSupportPlain: true });
    const { verifier } = pkce();
    const browser = new Browser();
    const toConsent = await browser.arrive(asking(app, { code_challenge: verifier, code_challenge_method: 'plain' }));
    const { code } = sentBack(await browser.consent(toConsent, 'approve'));

    expect(await redeem(app, code, { code_verifier: pkce().verifier })).toMatchObject(REFUSED);
    expect((await redeem(app, code, { code_verifier: verifier })).status).toBe(200);
  });
});

describe('another tenant', () => {
  it('has neither this tenant’s client nor its session', async () => {
    const { admin, domain } = await given.organization();
    const [ours, theirs] = [await quietClient(), await quietClient({ as: admin })];
    const browser = new Browser();
    await browser.arrive(asking(ours));

    expect(pathOf(await browser.authorize(asking(theirs)))).toBe('/authenticationendpoint/login.do');
    expect(sentBack(await browser.authorize(asking(ours), `/t/${domain}/oauth2/authorize`))).toMatchObject({
      oauthErrorCode: 'invalid_client',
    });
    expect((await browser.authorize(asking(ours), '/t/nowhere.example.com/oauth2/authorize')).status).toBe(404);
  });

  it('has its own users at its own clients only, and at SaaS clients', async () => {
    const { admin } = await given.organization();
    const [closed, saas, own] = [await quietClient(), await quietClient({ saasApp: true }), await quietClient({ as: admin })];
    const browser = new Browser();

    const refused = await browser.logIn(await browser.authorize(asking(closed)), admin);
    expect(sentBack(refused)).toMatchObject({ authFailure: 'true', authFailureMsg: 'user.tenant.domain.mismatch.message' });
    expect((await redeem(saas, await codeFor(saas, { user: admin, browser }))).status).toBe(200);
    // Logged in at the SaaS client, which is of the same tenant as the closed one.
    expect(pathOf(await browser.authorize(asking(closed)))).toBe('/authenticationendpoint/login.do');
    expect(sentBack(await browser.authorize(asking(closed, { prompt: 'none' })))).toMatchObject({ error: 'login_required' });
    expect((await redeem(own, await codeFor(own, { user: { username: 'admin', password: admin.password } }))).status).toBe(200);
  });

  it('cannot redeem a code of this tenant', async () => {
    const { admin } = await given.organization();
    const [ours, theirs] = [await quietClient(), await quietClient({ as: admin })];

    expect(await redeem(theirs, await codeFor(ours))).toMatchObject(REFUSED);
  });
});
