import { management } from '../support/client.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';
import { asking, Browser, CALLBACK, keyOf, pathOf, pkce, sentBack } from './browser.js';
import { isSignedByJwks, partsOf, register, tokenOf, useAtRestApi } from './oauth.js';

const client = () => register({ grantType: 'authorization_code refresh_token', callbackUrl: CALLBACK });
const redeem = (of: Parameters<typeof tokenOf>[0], code: string | undefined, further: Readonly<Record<string, string>> = {}) =>
  tokenOf(of, { grant_type: 'authorization_code', code: code ?? '', redirect_uri: CALLBACK, ...further });

describe('an authorization request', () => {
  it('leads over the login page back to the client with a code, and the code to tokens', async () => {
    const [browser, app] = [new Browser(), await client()];
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
});
