import { createHash } from 'node:crypto';
import { type Actor, expected, type OAuthClient } from '../support/actor.js';
import { type Answer, type Body, management, NOBODY } from '../support/client.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';
import { unique } from '../support/unique.js';
import { asking, Browser, keyOf, pathOf, sentBack } from './browser.js';
import { introspect, type Tokens, tokenOf } from './oauth.js';

const HOST = 'https://localhost:9443';

/** What is particular to each of the product's portals (`reference/web-clients.md`). */
const PORTALS = {
  publisher: {
    settings: ['/api/am/publisher/v4/settings', '/api/am/service-catalog/v1/settings'],
    needs: ['apim:api_view', 'apim:publisher_settings'],
    calls: ['/api/am/publisher/v4/settings', '/api/am/publisher/v4/apis', '/api/am/publisher/v4/me/organization-information'],
    cookie: 'AM_ACC_TOKEN_DEFAULT_P2',
  },
  devportal: {
    settings: ['/api/am/devportal/v3/settings'],
    needs: ['apim:subscribe'],
    calls: ['/api/am/devportal/v3/settings', '/api/am/devportal/v3/applications', '/api/am/devportal/v3/me/organization-information'],
    cookie: 'AM_ACC_TOKEN_DEFAULT_P2',
  },
  admin: {
    settings: ['/api/am/admin/v4/settings'],
    needs: ['apim:admin'],
    calls: ['/api/am/admin/v4/settings', '/api/am/admin/v4/key-managers', '/api/am/admin/v4/throttling/policies/application'],
    cookie: 'AM_ACC_TOKEN_DEFAULT_P2',
  },
} as const;
type Portal = keyof typeof PORTALS;

const callbacksOf = (portal: Portal) => {
  const at = `${HOST}/${portal}/services/auth/callback`;
  return { login: `${at}/login`, logout: `${at}/logout` };
};

const registered = async (portal: Portal): Promise<OAuthClient> => {
  const { login, logout } = callbacksOf(portal);
  const body = {
    clientName: unique(`apim_${portal}`),
    owner: server.admin.username,
    grantType: 'authorization_code refresh_token',
    saasApp: true,
    callbackUrl: `regexp=(${login}|${logout})`,
    tokenType: 'JWT',
    userStoreDomainInSubject: true,
  };
  const as = { basic: server.admin };
  return expected(await management.request<OAuthClient>('POST /client-registration/v0.17/register', { as, body }), 200);
};

/** Every scope that the settings name before anybody logs in; `openid` is expected among them. */
const scopesOf = async (portal: Portal): Promise<string> => {
  const scopes = new Set<string>();
  for (const path of PORTALS[portal].settings) {
    const answer = await management.request<{ scopes?: readonly string[] }>(`GET ${path}`, { as: NOBODY });
    for (const scope of expected(answer, 200).scopes ?? []) scopes.add(scope);
  }
  return [...scopes].join(' ');
};

/** A REST call as the page makes it: one half of the token in the header, the other in a cookie. */
const called = (path: string, token: string, cookie: string): Promise<Answer<Body>> => {
  const middle = Math.floor(token.length / 2);
  const headers = { authorization: `Bearer ${token.slice(0, middle)}`, cookie: `theme=dark; ${cookie}=${token.slice(middle)}` };
  return management.request(`GET ${path}`, { as: NOBODY, headers });
};

interface Visitor {
  readonly client: OAuthClient;
  readonly browser: Browser;
  readonly user: Actor;
}

/** From the portal's link over the login page, without a consent page, to the callback and its tokens. */
const loggedIn = async (portal: Portal, { client, browser, user }: Visitor) => {
  const { login } = callbacksOf(portal);
  const asked = asking(client, { redirect_uri: login, scope: await scopesOf(portal), state: `/${portal}/apis` });
  const toLogin = await browser.authorize(asked);
  expect((await browser.get(toLogin.location)).body).toContain(`value="${keyOf(toLogin)}"`);
  const { username, password } = user;
  const back = await browser.get((await browser.logIn(toLogin, { username, password })).location);
  const { code = '', ...sent } = sentBack(back);
  expect(back.location.startsWith(`${login}?`)).toBe(true);
  expect(sent).toMatchObject({ state: `/${portal}/apis`, session_state: expect.any(String) });
  const tokens = expected(await tokenOf(client, { grant_type: 'authorization_code', code, redirect_uri: login }), 200);
  return { tokens, sessionState: sent['session_state'] ?? '' };
};

/** What the check-session frame computes of its cookie. */
const stateOf = (client: OAuthClient, browser: Browser, salt = ''): string =>
  `${createHash('sha256')
    .update(`${client.clientId}${HOST}${browser.cookies.get('opbs')}${salt}`)
    .digest('hex')}.${salt}`;

const people: readonly [string, () => Promise<Actor>][] = [
  ['the administrator', async () => given.superAdmin],
  ['the administrator of a tenant', async () => (await given.organization()).admin],
];

describe.each(people)('for %s', (_, somebody) => {
  it.each(Object.keys(PORTALS) as Portal[])('the %s portal lives its whole life', async (portal) => {
    const { needs, calls, cookie } = PORTALS[portal];
    const visitor = { client: await registered(portal), browser: new Browser(), user: await somebody() };
    const { client, browser, user } = visitor;

    const { tokens, sessionState } = await loggedIn(portal, visitor);
    const cut: (keyof Tokens)[] = ['access_token', 'refresh_token', 'id_token'];
    for (const name of cut) expect(String(tokens[name]).length).toBeGreaterThan(1);
    expect(tokens.expires_in).toEqual(expect.any(Number));

    const known = await introspect(tokens.access_token);
    expect(known).toMatchObject({ active: true, username: `${user.username.split('@')[0]}@${user.organization}` });
    expect(String(known['scope']).split(' ')).toEqual(expect.arrayContaining([...needs, 'openid']));

    for (const path of calls) expect([path, (await called(path, tokens.access_token, cookie)).status]).toEqual([path, 200]);
    expect(await called(calls[1], tokens.access_token, 'AM_OTHER_P2')).toMatchObject({
      status: 401,
      body: { description: 'Unauthenticated request' },
    });

    const { login, logout } = callbacksOf(portal);
    const frame = await browser.get(`/oidc/checksession?${new URLSearchParams({ client_id: client.clientId, redirect_uri: login })}`);
    expect(frame.status).toBe(200);
    expect(frame.headers['content-security-policy']).toMatch(`frame-ancestors ${HOST}`);
    expect(stateOf(client, browser, sessionState.split('.')[1])).toBe(sessionState);

    const renewed = expected(await tokenOf(client, { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }), 200);
    for (const name of cut) expect(String(renewed[name]).length).toBeGreaterThan(1);
    expect(renewed.scope.split(' ').sort()).toEqual(tokens.scope.split(' ').sort());

    const out = await browser.get(
      `/oidc/logout?${new URLSearchParams({ post_logout_redirect_uri: logout, id_token_hint: renewed.id_token })}`,
    );
    expect(out.location).toBe(logout);
    expect((await management.request('POST /oauth2/revoke', { as: NOBODY, urlencoded: revocation(client, renewed) })).status).toBe(200);
    expect((await called(calls[1], renewed.access_token, cookie)).status).toBe(401);
    expect(stateOf(client, browser, sessionState.split('.')[1])).not.toBe(sessionState);
    expect(pathOf(await browser.authorize(asking(client, { redirect_uri: login })))).toBe('/authenticationendpoint/login.do');
  });
});

const revocation = ({ clientId, clientSecret }: OAuthClient, { access_token: token }: Tokens) => ({
  client_id: clientId,
  client_secret: clientSecret,
  token,
});

it('signed in to one portal, a user is in the others without another password', async () => {
  const [browser, user] = [new Browser(), given.superAdmin];
  await loggedIn('publisher', { client: await registered('publisher'), browser, user });

  const client = await registered('devportal');
  const { login } = callbacksOf('devportal');
  const back = await browser.authorize(asking(client, { redirect_uri: login, scope: await scopesOf('devportal') }));

  expect(back.location.startsWith(`${login}?`)).toBe(true);
  expect(sentBack(back)).toMatchObject({ code: expect.any(String) });
});
