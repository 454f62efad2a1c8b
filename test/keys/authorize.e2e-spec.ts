import { createHash } from 'node:crypto';
import * as openid from 'openid-client';
import { server } from '../support/server.js';
import { asking, Browser, CALLBACK, keyOf, pathOf, portalClient, quietClient, redeem, sentBack, type Visit } from './browser.js';
import { discovered, introspect, isSignedByJwks, partsOf, useAtRestApi } from './oauth.js';

describe('an authorization request', () => {
  it('leads over the login page back to the client with a code, and the code to tokens', async () => {
    const [browser, app] = [new Browser(), await quietClient()];
    const asked = asking(app, { scope: 'openid apim:api_view', nonce: 'n-1' });

    const toLogin = await browser.authorize(asked);
    expect(toLogin.status).toBe(302);
    expect(pathOf(toLogin)).toBe('/authenticationendpoint/login.do');
    expect(toLogin.setCookies).toEqual([expect.stringMatching(new RegExp(`^sessionNonceCookie-${keyOf(toLogin)}=.*Secure; HttpOnly`))]);
    const page = await browser.get(toLogin.location);
    expect(page.status).toBe(200);
    expect(page.body).toContain('name="password"');

    const loggedIn = await browser.logIn(toLogin, server.admin);
    expect(loggedIn).toMatchObject({ status: 302, location: `${server.management}/oauth2/authorize?sessionDataKey=${keyOf(toLogin)}` });
    expect(loggedIn.setCookies.join('\n')).toMatch(/^commonAuthId=[^;]+; Path=\/; Secure; HttpOnly; SameSite=Lax$/m);

    const back = await browser.get(loggedIn.location);
    expect(back.status).toBe(302);
    expect(back.location.startsWith(`${CALLBACK}?`)).toBe(true);
    const { code, state, session_state } = sentBack(back);
    expect(state).toBe(asked['state']);
    expect(session_state).toMatch(/^[0-9a-f]{64}\..+$/);
    expect(back.setCookies.join('\n')).toMatch(/^opbs=[^;]+; Path=\/; Secure; SameSite=None$/m);

    const answer = await redeem(app, code);
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body)).toEqual(['access_token', 'refresh_token', 'scope', 'id_token', 'token_type', 'expires_in']);
    expect(answer.body.scope).toBe('openid apim:api_view');
    expect((await useAtRestApi(answer.body.access_token)).status).toBe(200);
    expect(await isSignedByJwks(answer.body.id_token)).toBe(true);
    const identity = partsOf(answer.body.id_token).claims;
    expect(identity).toMatchObject({ aud: app.clientId, nonce: 'n-1', sid: expect.any(String), at_hash: expect.any(String) });
    expect(Number(identity['auth_time'])).toBeLessThanOrEqual(identity.iat);
  });

  it('takes the login form at the authorization endpoint as well, and answers with what comes next', async () => {
    const [browser, app] = [new Browser(), await quietClient()];
    const toLogin = await browser.authorize(asking(app));

    const back = await browser.post('/oauth2/authorize', { ...server.admin, sessionDataKey: keyOf(toLogin), tocommonauth: 'true' });

    expect(back.location.startsWith(CALLBACK)).toBe(true);
    expect((await redeem(app, sentBack(back)['code'])).status).toBe(200);
    expect(browser.cookies.has('commonAuthId')).toBe(true);
  });

  it('may be posted, and be made under the tenant’s own path', async () => {
    const [browser, app] = [new Browser(), await quietClient()];

    expect(pathOf(await browser.post('/oauth2/authorize', asking(app)))).toBe('/authenticationendpoint/login.do');
    expect(pathOf(await browser.authorize(asking(app), '/t/carbon.super/oauth2/authorize'))).toBe('/authenticationendpoint/login.do');
  });

  it('may ask for more scopes than an address can hold', async () => {
    const [browser, app] = [new Browser(), await portalClient()];
    const scope = ['openid', ...Array.from({ length: 800 }, (_, index) => `orders:scope-number-${index}`)].join(' ');

    const toLogin = await browser.post('/oauth2/authorize', asking(app, { scope }));
    const toConsent = await browser.get((await browser.logIn(toLogin, server.admin)).location);
    const page = await browser.get(toConsent.location);
    const back = await browser.consent(toConsent, 'approve');

    expect(page.body).toContain('orders:scope-number-799');
    expect((await redeem(app, sentBack(back)['code'])).body.scope).toBe(scope);
  });

  it('comes back from the login page after a wrong password, with the same key', async () => {
    const [browser, app] = [new Browser(), await quietClient()];
    const toLogin = await browser.authorize(asking(app));

    const again = await browser.logIn(toLogin, { ...server.admin, password: 'wrong' });

    expect(pathOf(again)).toBe('/authenticationendpoint/login.do');
    expect(sentBack(again)).toMatchObject({
      authFailure: 'true',
      authFailureMsg: 'login.fail.message',
      sessionDataKey: keyOf(toLogin),
      client_id: app.clientId,
    });
    const page = await browser.get(again.location);
    expect(page.body).toContain('role="alert"');
    expect(page.body).toContain('<title>Error: Sign in to ');
    expect(browser.cookies.has('commonAuthId')).toBe(false);
    const back = await browser.get((await browser.logIn(again, server.admin)).location);
    expect(sentBack(back)['code']).toEqual(expect.any(String));
  });

  it('answers with a form for response_mode=form_post', async () => {
    const app = await quietClient();

    const page = await new Browser().arrive(asking(app, { response_mode: 'form_post', state: '"><script>' }));

    expect(page.status).toBe(200);
    expect(page.body).toContain(`<form method="post" action="${CALLBACK}">`);
    expect(page.body).toContain('name="state" value="&quot;&gt;&lt;script&gt;"');
    const [, code = ''] = /name="code" value="([^"]+)"/.exec(page.body) ?? [];
    expect((await redeem(app, code)).status).toBe(200);
    // Only the hashed texts run and style.
    const policy = String(page.headers['content-security-policy']);
    for (const [directive, tag] of [
      ['script-src', 'script'],
      ['style-src', 'style'],
    ]) {
      const [, text = ''] = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(page.body) ?? [];
      expect(policy).toContain(`${directive} 'sha256-${createHash('sha256').update(text).digest('base64')}';`);
    }
  });

  it('answers response_type=none with the state alone', async () => {
    const app = await quietClient();

    const back = sentBack(await new Browser().arrive(asking(app, { response_type: 'none', state: 's' })));

    expect(Object.keys(back).sort()).toEqual(['iss', 'session_state', 'state']);
  });
});

describe('a login', () => {
  it('serves the next client without another password', async () => {
    const [browser, first, second] = [new Browser(), await quietClient(), await quietClient()];
    await browser.arrive(asking(first));

    const back = await browser.authorize(asking(second));

    expect((await redeem(second, sentBack(back)['code'])).status).toBe(200);
  });

  it('is not asked for with prompt=none, and an error says that it was needed', async () => {
    const [browser, app] = [new Browser(), await quietClient()];
    const silent = asking(app, { prompt: 'none', state: 's' });

    const without = await browser.authorize(silent);
    await browser.arrive(asking(app));
    const withSession = await browser.authorize(silent);

    expect(without.location.startsWith(CALLBACK)).toBe(true);
    expect(sentBack(without)).toMatchObject({ error: 'login_required', state: 's' });
    expect(sentBack(withSession)).toMatchObject({ code: expect.any(String), state: 's' });
  });

  it.each([
    ['prompt=login', { prompt: 'login' }],
    ['prompt=select_account', { prompt: 'select_account' }],
    ['max_age=0', { max_age: '0' }],
  ])('is asked for again with %s, once, and gives the session another id', async (_, demand) => {
    const [browser, app] = [new Browser(), await quietClient()];
    await browser.arrive(asking(app));
    const before = { ...Object.fromEntries(browser.cookies) };

    const back = await browser.arrive(asking(app, demand));

    expect(sentBack(back)['code']).toEqual(expect.any(String));
    const after = Object.fromEntries(browser.cookies);
    expect(after['commonAuthId']).not.toBe(before['commonAuthId']);
    expect(after['opbs']).toBe(before['opbs']); // the same user in the same session: other clients see no change
    const old = new Browser();
    old.cookies.set('commonAuthId', before['commonAuthId'] ?? '');
    expect(pathOf(await old.authorize(asking(app)))).toBe('/authenticationendpoint/login.do');
  });

  it('that is young enough satisfies max_age', async () => {
    const [browser, app] = [new Browser(), await quietClient()];
    await browser.arrive(asking(app));

    expect(sentBack(await browser.authorize(asking(app, { max_age: '600' })))['code']).toEqual(expect.any(String));
  });

  it('ends with the browser, unless the user wants to be remembered', async () => {
    const app = await quietClient();
    const cookieAfter = async (further: Readonly<Record<string, string>>) => {
      const browser = new Browser();
      const { setCookies } = await browser.logIn(await browser.authorize(asking(app)), server.admin, further);
      return setCookies.find((line) => line.startsWith('commonAuthId='));
    };

    expect(await cookieAfter({})).not.toMatch(/max-age/i);
    expect(await cookieAfter({ chkRemember: 'on' })).toMatch(/Max-Age=1209600/);
  });

  it('never continues under an id that was there before it', async () => {
    const [browser, app] = [new Browser(), await quietClient()];
    browser.cookies.set('commonAuthId', 'planted');

    await browser.arrive(asking(app));

    expect(browser.cookies.get('commonAuthId')).not.toBe('planted');
  });
});

describe('an independent client library', () => {
  const codeOf = (visit: Visit): URL => new URL(visit.location);

  it('gets tokens with PKCE as a public client, and refreshes them', async () => {
    const app = await portalClient({ bypassClientCredentials: true, pkceMandatory: true });
    const configuration = await discovered(app, undefined, openid.None());
    const [verifier, nonce, state] = [openid.randomPKCECodeVerifier(), openid.randomNonce(), openid.randomState()];
    const url = openid.buildAuthorizationUrl(configuration, {
      redirect_uri: CALLBACK,
      scope: 'openid apim:api_view',
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      nonce,
      state,
    });
    const browser = new Browser();
    const toConsent = await browser.arrive(Object.fromEntries(url.searchParams));
    const back = await browser.consent(toConsent, 'approve');

    const tokens = await openid.authorizationCodeGrant(configuration, codeOf(back), {
      pkceCodeVerifier: verifier,
      expectedNonce: nonce,
      expectedState: state,
      idTokenExpected: true,
      maxAge: 60,
    });
    const renewed = await openid.refreshTokenGrant(configuration, tokens.refresh_token ?? '');

    expect(tokens.claims()).toMatchObject({ nonce, aud: app.clientId });
    expect(await introspect(renewed.access_token)).toMatchObject({ active: true, username: 'admin@carbon.super' });
  });

  it('gets tokens with a secret, without PKCE', async () => {
    const app = await quietClient();
    const configuration = await discovered(app);
    const url = openid.buildAuthorizationUrl(configuration, { redirect_uri: CALLBACK, scope: 'openid', state: 's' });
    const back = await new Browser().arrive(Object.fromEntries(url.searchParams));

    const tokens = await openid.authorizationCodeGrant(configuration, codeOf(back), { expectedState: 's', idTokenExpected: true });

    expect(tokens.claims()?.sub).toEqual(expect.any(String));
  });
});
