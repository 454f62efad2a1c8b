import { createHash } from 'node:crypto';
import { buildEndSessionUrl } from 'openid-client';
import { type Actor, expected, type OAuthClient } from '../support/actor.js';
import { management } from '../support/client.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';
import { asking, Browser, CALLBACK, pathOf, sentBack, type Visit } from './browser.js';
import { discovered, introspect, isSignedByJwks, passwordTokens, register, type Tokens, tokenOf } from './oauth.js';

const LOGGED_OUT = 'https://app.example.com/logged-out';
const GRANTS = 'authorization_code refresh_token password';

interface SignedIn {
  readonly browser: Browser;
  readonly app: OAuthClient;
  readonly tokens: Tokens;
}

const client = (as?: Actor) =>
  register({ grantType: GRANTS, callbackUrl: `regexp=(${CALLBACK}|${LOGGED_OUT})`, saasApp: false, ...(as && { as }) });

/** A browser that is logged in, and the tokens its application got. */
const signedIn = async (user: { readonly username: string; readonly password: string } = server.admin, by?: Actor): Promise<SignedIn> => {
  const [browser, app] = [new Browser(), await client(by)];
  const { code = '' } = sentBack(await browser.arrive(asking(app), { username: user.username, password: user.password }));
  const tokens = expected(await tokenOf(app, { grant_type: 'authorization_code', code, redirect_uri: CALLBACK }), 200);
  return { browser, app, tokens };
};

const logout = (browser: Browser, parameters: Readonly<Record<string, string>>, path = '/oidc/logout'): Promise<Visit> =>
  browser.get(`${path}?${new URLSearchParams(parameters)}`);

/** Whether the application gets a code at once, because the browser is logged in. */
const isLoggedIn = async (browser: Browser, app: OAuthClient): Promise<boolean> =>
  sentBack(await browser.authorize(asking(app, { prompt: 'none' })))['code'] !== undefined;

const refusalIn = (visit: Visit): string => {
  expect(pathOf(visit)).toBe('/authenticationendpoint/oauth2_error.do');
  expect(sentBack(visit)).toMatchObject({ oauthErrorCode: 'access_denied' });
  return sentBack(visit)['oauthErrorMsg'] ?? '';
};

describe('a logout with an ID token', () => {
  it('ends the session, clears the cookies and sends the browser on', async () => {
    const { browser, app, tokens } = await signedIn();
    expect(await isLoggedIn(browser, app)).toBe(true);
    const cookies = new Map(browser.cookies);

    const visit = await logout(browser, { id_token_hint: tokens.id_token, post_logout_redirect_uri: LOGGED_OUT, state: 'a b&c' });

    expect(visit).toMatchObject({ status: 302, location: `${LOGGED_OUT}?state=a%20b%26c` });
    expect(visit.headers['cache-control']).toBe('no-store');
    expect([...browser.cookies.keys()]).not.toEqual(expect.arrayContaining(['commonAuthId']));
    expect([...browser.cookies.keys()]).not.toEqual(expect.arrayContaining(['opbs']));
    for (const [name, value] of cookies) browser.cookies.set(name, value);
    expect(await isLoggedIn(browser, app)).toBe(false);
  });

  it.each([
    ['without a state', { post_logout_redirect_uri: LOGGED_OUT }, LOGGED_OUT],
    ['with a client_id that agrees', { post_logout_redirect_uri: CALLBACK, client_id: 'ITSELF' }, CALLBACK],
    ['without an address', {}, `${server.management}/authenticationendpoint/oauth2_logout.do`],
  ])('works %s', async (_, parameters, location) => {
    const { browser, app, tokens } = await signedIn();
    const sent = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, value === 'ITSELF' ? app.clientId : value]));

    expect((await logout(browser, { id_token_hint: tokens.id_token, ...sent })).location).toBe(location);
    expect(await isLoggedIn(browser, app)).toBe(false);
  });

  it('works twice, and for a browser that never was logged in', async () => {
    const { browser, tokens } = await signedIn();
    const parameters = { id_token_hint: tokens.id_token, post_logout_redirect_uri: LOGGED_OUT };

    for (const visitor of [browser, browser, new Browser()]) {
      expect(await logout(visitor, parameters)).toMatchObject({
        status: 302,
        location: LOGGED_OUT,
        setCookies: visitor === browser ? expect.any(Array) : [],
      });
    }
  });

  it('works by a form', async () => {
    const { browser, app, tokens } = await signedIn();

    const visit = await browser.post('/oidc/logout', { id_token_hint: tokens.id_token, post_logout_redirect_uri: LOGGED_OUT, state: 's' });

    expect(visit.location).toBe(`${LOGGED_OUT}?state=s`);
    expect(await isLoggedIn(browser, app)).toBe(false);
  });

  it('works by a form of another site, from which browsers keep the cookie: a redirect brings it', async () => {
    const { browser, app, tokens } = await signedIn();
    const parameters = { id_token_hint: tokens.id_token, post_logout_redirect_uri: LOGGED_OUT, state: 's' };

    const visit = await new Browser().post('/oidc/logout', parameters);
    expect(visit.location).toBe(`${server.management}/oidc/logout?${new URLSearchParams(parameters)}`);

    expect((await browser.get(visit.location)).location).toBe(`${LOGGED_OUT}?state=s`);
    expect(await isLoggedIn(browser, app)).toBe(false);
  });

  it('is asked for by a standard library', async () => {
    const { browser, app, tokens } = await signedIn();
    const parameters = { id_token_hint: tokens.id_token, post_logout_redirect_uri: LOGGED_OUT, state: 's' };

    const visit = await browser.get(buildEndSessionUrl(await discovered(app), parameters).href);

    expect(visit.location).toBe(`${LOGGED_OUT}?state=s`);
    expect(await isLoggedIn(browser, app)).toBe(false);
  });

  it('ends codes that nobody has redeemed', async () => {
    const { browser, app, tokens } = await signedIn();
    const { code = '' } = sentBack(await browser.authorize(asking(app)));

    await logout(browser, { id_token_hint: tokens.id_token });

    expect(await tokenOf(app, { grant_type: 'authorization_code', code, redirect_uri: CALLBACK })).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });

  it('leaves the tokens alone', async () => {
    const { browser, app, tokens } = await signedIn();
    await logout(browser, { id_token_hint: tokens.id_token });

    const refreshed = await tokenOf(app, { grant_type: 'refresh_token', refresh_token: tokens.refresh_token });

    expect((await introspect(tokens.access_token))['active']).toBe(true);
    expect(refreshed.status).toBe(200);
  });

  it('asks when the token is another user’s', async () => {
    const { browser, app } = await signedIn();
    const ann = await given.user();
    const annsToken = (await passwordTokens(app, { username: ann.username, password: ann.password }, 'openid')).id_token;

    const visit = await logout(browser, { id_token_hint: annsToken, post_logout_redirect_uri: LOGGED_OUT });

    expect(pathOf(visit)).toBe('/authenticationendpoint/oauth2_logout_consent.do');
    expect(await isLoggedIn(browser, app)).toBe(true);
  });
});

describe('a logout without an ID token', () => {
  const asked = async (): Promise<SignedIn & { readonly visit: Visit }> => {
    const session = await signedIn();
    const parameters = { client_id: session.app.clientId, post_logout_redirect_uri: LOGGED_OUT, state: '"><b>' };
    return { ...session, visit: await logout(session.browser, parameters) };
  };
  const hiddenFields = (body: string): Record<string, string> =>
    Object.fromEntries(
      [...body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)].map(([, name = '', value = '']) => [
        name,
        value.replaceAll('&quot;', '"').replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&amp;', '&'),
      ]),
    );

  it('asks on a page that nobody may frame, and does what the user says', async () => {
    const { browser, app, visit } = await asked();
    expect(pathOf(visit)).toBe('/authenticationendpoint/oauth2_logout_consent.do');
    const page = await browser.get(visit.location);
    expect(page.status).toBe(200);
    expect(page.headers).toMatchObject({
      'x-frame-options': 'DENY',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    });
    expect(page.body).not.toContain('"><b>');
    expect(await isLoggedIn(browser, app)).toBe(true);

    const done = await browser.post('/oidc/logout', { ...hiddenFields(page.body), consent: 'approve' });

    expect(done.location).toBe(`${LOGGED_OUT}?state=%22%3E%3Cb%3E`);
    expect(await isLoggedIn(browser, app)).toBe(false);
  });

  it('keeps the session of a user who says no', async () => {
    const { browser, app } = await asked();

    expect(refusalIn(await browser.post('/oidc/logout', { client_id: app.clientId, consent: 'deny' }))).toBe(
      'End User denied the logout request',
    );
    expect(await isLoggedIn(browser, app)).toBe(true);
  });

  it('takes the answer from its own page only', async () => {
    const { browser, app } = await asked();

    const byLink = await logout(browser, { client_id: app.clientId, consent: 'approve' });
    const byNeighbour = await browser.post('/oidc/logout', { consent: 'approve' }, { 'sec-fetch-site': 'same-site' });

    for (const visit of [byLink, byNeighbour]) expect(pathOf(visit)).toBe('/authenticationendpoint/oauth2_logout_consent.do');
    expect(await isLoggedIn(browser, app)).toBe(true);
  });

  it('ignores an address for which nobody vouches', async () => {
    const { browser, app } = await asked();

    const visit = await logout(browser, { post_logout_redirect_uri: 'https://evil.example/' });
    expect(visit.location).toBe(`${server.management}/authenticationendpoint/oauth2_logout_consent.do?`);
    const done = await browser.post('/oidc/logout', { post_logout_redirect_uri: 'https://evil.example/', consent: 'approve' });

    expect(pathOf(done)).toBe('/authenticationendpoint/oauth2_logout.do');
    expect((await browser.get(done.location)).body).toContain('You are signed out');
    expect(await isLoggedIn(browser, app)).toBe(false);
  });
});

describe('a logout is refused', () => {
  const URI = 'Post logout URI does not match with registered callback URI.';
  const SIGNATURE = 'ID token signature validation failed.';
  const CLIENT = 'There is no application of this client_id.';

  it.each([
    'https://evil.example/',
    `${LOGGED_OUT}/more`,
    `${LOGGED_OUT}#fragment`,
    'https://appXexample.com/callback',
    '//evil.example/',
    'javascript:alert(1)',
    `${LOGGED_OUT}\r\nSet-Cookie: a=b`,
    'x',
  ])('for the address %j', async (uri) => {
    const { browser, app, tokens } = await signedIn();

    expect(refusalIn(await logout(browser, { id_token_hint: tokens.id_token, post_logout_redirect_uri: uri }))).toBe(URI);
    expect(refusalIn(await logout(browser, { client_id: app.clientId, post_logout_redirect_uri: uri }))).toBe(URI);
    expect(refusalIn(await logout(new Browser(), { client_id: app.clientId, post_logout_redirect_uri: uri }))).toBe(URI);
    expect(await isLoggedIn(browser, app)).toBe(true);
  });

  it.each([
    ['a changed ID token', (tokens: Tokens) => `${tokens.id_token.slice(0, -6)}AAAAAA`],
    ['no token at all', () => 'nonsense'],
    ['an access token', (tokens: Tokens) => tokens.access_token],
    ['a refresh token', (tokens: Tokens) => tokens.refresh_token],
  ])('for %s', async (_, hint) => {
    const { browser, app, tokens } = await signedIn();
    expect(await isSignedByJwks(tokens.id_token)).toBe(true);

    const visit = await logout(browser, { id_token_hint: hint(tokens), post_logout_redirect_uri: LOGGED_OUT });

    expect(refusalIn(visit)).toBe(SIGNATURE);
    const page = await browser.get(visit.location);
    expect([page.status, page.body.includes(SIGNATURE)]).toEqual([400, true]);
    expect(await isLoggedIn(browser, app)).toBe(true);
  });

  it('for a client that is unknown, or another than the token’s', async () => {
    const [{ browser, tokens }, other] = [await signedIn(), await client()];

    expect(refusalIn(await logout(browser, { client_id: 'nobody' }))).toBe(CLIENT);
    expect(refusalIn(await logout(browser, { client_id: other.clientId, id_token_hint: tokens.id_token }))).toBe(
      'The ID token was issued to another client.',
    );
  });

  it('when a parameter is given twice', async () => {
    const visit = await new Browser().get('/oidc/logout?state=a&state=b&client_id=x&client_id=y');

    expect([pathOf(visit), sentBack(visit)['oauthErrorCode']]).toEqual(['/authenticationendpoint/oauth2_error.do', 'invalid_request']);
  });

  it.each([
    'state',
    'post_logout_redirect_uri',
    'id_token_hint',
    'client_id',
    'consent',
  ])('without harm when %s is no text, half a character or very long', async (name) => {
    for (const value of ['\ud800', '€'.repeat(2_000), ['a', 'b'], { a: 1 }]) {
      const answer = await management.request('POST /oidc/logout', { body: { client_id: 'x', [name]: value } });

      expect([302, 400]).toContain(answer.status);
    }
  });

  it('in words of nobody else', async () => {
    const query = new URLSearchParams({ oauthErrorCode: 'access_denied', oauthErrorMsg: 'Call 555-1234 and tell your password' });

    expect((await new Browser().get(`/authenticationendpoint/oauth2_error.do?${query}`)).body).not.toContain('555');
  });
});

describe('a logout in a tenant', () => {
  it('ends the tenant’s session with and without its prefix, and is unknown to another tenant', async () => {
    const [tenant, other] = [await given.organization(), await given.organization()];
    const anna = await given.user({ by: tenant.admin });
    const { browser, app, tokens } = await signedIn(anna, tenant.admin);
    const parameters = { id_token_hint: tokens.id_token, post_logout_redirect_uri: LOGGED_OUT };

    expect(refusalIn(await logout(browser, parameters, `/t/${other.domain}/oidc/logout`))).toBe(
      'There is no application of this client_id.',
    );
    expect(await isLoggedIn(browser, app)).toBe(true);
    expect((await logout(browser, parameters, `/t/${tenant.domain}/oidc/logout`)).location).toBe(LOGGED_OUT);
    expect(await isLoggedIn(browser, app)).toBe(false);
  });

  it('at the wish of another tenant’s client leaves the session alone', async () => {
    const tenant = await given.organization();
    const anna = await given.user({ by: tenant.admin });
    const [{ browser, app }, foreign] = [await signedIn(anna, tenant.admin), await client()];

    const visit = await logout(browser, { client_id: foreign.clientId, post_logout_redirect_uri: LOGGED_OUT });

    expect([visit.location, visit.setCookies]).toEqual([LOGGED_OUT, []]);
    expect(await isLoggedIn(browser, app)).toBe(true);
  });
});

describe('the session state', () => {
  it('is the hash that the frame computes from the browser’s cookie', async () => {
    const [browser, app] = [new Browser(), await client()];
    const visit = await browser.arrive(asking(app));

    const { session_state: state = '' } = sentBack(visit);
    const [, salt = ''] = state.split('.');
    const hash = createHash('sha256')
      .update(`${app.clientId}${new URL(CALLBACK).origin}${browser.cookies.get('opbs')}${salt}`)
      .digest('hex');

    expect(state).toBe(`${hash}.${salt}`);
  });
});
