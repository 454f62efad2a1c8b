import { expected, type OAuthClient } from '../support/actor.js';
import { management } from '../support/client.js';
import { server } from '../support/server.js';
import { unique } from '../support/unique.js';
import { asking, Browser, CALLBACK, sentBack } from './browser.js';

const LOGIN = 'https://localhost:9443/publisher/services/auth/callback/login';
const LOGOUT = 'https://localhost:9443/publisher/services/auth/callback/logout';

/** What a portal's host does before anybody logs in (`reference/web-clients.md`). */
const registerPortal = async (): Promise<OAuthClient> =>
  expected(
    await management.request<OAuthClient>('POST /client-registration/v0.17/register', {
      as: { basic: server.admin },
      body: {
        clientName: unique('apim_publisher'),
        owner: server.admin.username,
        grantType: 'authorization_code refresh_token',
        saasApp: true,
        callbackUrl: `regexp=(${LOGIN}|${LOGOUT})`,
        tokenType: 'JWT',
        userStoreDomainInSubject: true,
      },
    }),
    200,
  );

describe('the portals of the product', () => {
  it('take both of their callbacks, and no other address', async () => {
    const [portal, browser] = [await registerPortal(), new Browser()];
    await browser.arrive(asking(portal, { redirect_uri: LOGIN }));

    expect((await browser.authorize(asking(portal, { redirect_uri: LOGOUT }))).location.startsWith(`${LOGOUT}?`)).toBe(true);
    for (const uri of [CALLBACK, `${LOGIN}/more`, LOGIN.replace('login', 'Login'), `https://evil.example.com/?${LOGIN}`])
      expect(sentBack(await browser.authorize(asking(portal, { redirect_uri: uri })))).toMatchObject({
        oauthErrorCode: 'invalid_callback',
      });
  });

  it('log in again silently while the session lasts', async () => {
    const [portal, browser] = [await registerPortal(), new Browser()];
    await browser.arrive(asking(portal, { redirect_uri: LOGIN }));

    const back = await browser.authorize(asking(portal, { redirect_uri: LOGIN, prompt: 'none' }));

    expect(sentBack(back)['code']).toEqual(expect.any(String));
  });
});

describe('a callback', () => {
  it.each([
    ['on the machine itself takes any port', 'http://127.0.0.1/callback', 'http://127.0.0.1:51234/callback', true],
    ['on the machine itself takes no other path', 'http://127.0.0.1/callback', 'http://127.0.0.1:51234/other', false],
    ['on another machine takes its own port only', 'https://a.example.com/cb', 'https://a.example.com:8443/cb', false],
    ['of a native application may have a scheme of its own', 'com.example.app:/callback', 'com.example.app:/callback', true],
    ['with a wildcard takes what it covers', 'regexp=https://.*\\.example.com/cb', 'https://x.example.com/cb', true],
    ['with a dot means the dot', 'regexp=https://a.example.com/cb', 'https://aXexample.com/cb', false],
  ])('%s', async (_, callbackUrl, redirect_uri, allowed) => {
    const { body: client } = await management.request<OAuthClient>('POST /client-registration/v0.17/register', {
      as: { basic: server.admin },
      body: { clientName: unique('app'), owner: server.admin.username, grantType: 'authorization_code', callbackUrl },
    });
    const browser = new Browser();

    const asked = await browser.authorize(asking(client, { redirect_uri }));

    expect(new URL(asked.location).pathname).toBe(`/authenticationendpoint/${allowed ? 'login' : 'oauth2_error'}.do`);
    if (!allowed) return;
    const { location } = await browser.get((await browser.logIn(asked, server.admin)).location);
    expect(location.startsWith(`${redirect_uri}?code=`)).toBe(true);
  });
});
