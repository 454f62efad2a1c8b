import { randomInt } from 'node:crypto';
import { fetchUserInfo, initiateDeviceAuthorization, pollDeviceAuthorizationGrant, refreshTokenGrant } from 'openid-client';
import { type Actor, expected, type OAuthClient } from '../support/actor.js';
import { type Answer, management } from '../support/client.js';
import { withDatabase } from '../support/database.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';
import { Browser, keyOf, pathOf, type Visit } from './browser.js';
import { basic, discovered, partsOf, register, type Tokens, tokenOf, useAtRestApi } from './oauth.js';

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';

interface Started {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
  readonly verification_uri_complete: string;
  readonly expires_in: number;
  readonly interval: number;
}

type User = Pick<Actor, 'username' | 'password'>;

const client = (as?: Actor) => register({ grantType: `${DEVICE} refresh_token`, ...(as && { as }) });

const start = async (app: OAuthClient, scope = 'openid profile', path = '/oauth2/device_authorize'): Promise<Started> =>
  expected(await management.request<Started>(`POST ${path}`, { as: basic(app), urlencoded: { scope } }), 200);

const poll = (app: OAuthClient, deviceCode: string): Promise<Answer<Tokens & { readonly error?: string }>> =>
  tokenOf(app, { grant_type: DEVICE, device_code: deviceCode });

/** Lets the ten minutes of a code be over. */
const expire = ({ user_code }: Started): Promise<void> =>
  withDatabase(async (database) => {
    await database.query('UPDATE oauth_device_codes SET expires_at = now() WHERE user_code = $1', [user_code.replace('-', '')]);
  });

/** An address of this machine that nobody guessed from before. */
const someAddress = (): string => `127.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(1, 255)}`;

/** Types the code, and logs in where that is asked for: up to the consent page. */
const toConsent = async (browser: Browser, started: Started, user: User = server.admin): Promise<Visit> => {
  const visit = await browser.post(started.verification_uri, { user_code: started.user_code });
  if (pathOf(visit) !== '/authenticationendpoint/login.do') return visit;
  return browser.get((await browser.logIn(visit, user)).location);
};

const decide = async (started: Started, choice: string, user?: User, browser = new Browser()): Promise<Visit> =>
  browser.consent(await toConsent(browser, started, user), choice);

describe('a device', () => {
  it('gets its user’s tokens with a standard library', async () => {
    const app = await client();
    const configuration = await discovered(app);
    const started = await initiateDeviceAuthorization(configuration, { scope: 'openid profile' });
    const [user, browser] = [await given.user(), new Browser()];

    const page = await browser.get(String(started.verification_uri_complete));
    expect(page.status).toBe(200);
    expect(page.headers).toMatchObject({ 'x-frame-options': 'DENY', 'cache-control': 'no-store' });
    expect(page.body).toContain(`value="${started.user_code}"`);
    const entered = { ...started, verification_uri: started.verification_uri } as Started;
    const toLogin = await browser.post(entered.verification_uri, { user_code: entered.user_code.toLowerCase().replace('-', ' ') });
    expect(pathOf(toLogin)).toBe('/authenticationendpoint/login.do');
    expect(keyOf(toLogin)).toMatch(/^[\da-f-]{36}$/);
    const asked = await browser.get((await browser.logIn(toLogin, user)).location);
    expect(pathOf(asked)).toBe('/authenticationendpoint/oauth2_consent.do');
    expect((await browser.get(asked.location)).body).toContain(started.user_code);
    const done = await browser.consent(asked, 'approve');
    expect(pathOf(done)).toBe('/authenticationendpoint/device_success.do');
    expect((await browser.get(done.location)).body).toContain('Your device is connected');

    const tokens = await pollDeviceAuthorizationGrant(configuration, { ...started, interval: 0.1 });
    const subject = tokens.claims()?.sub ?? '';
    expect(tokens).toMatchObject({ token_type: 'bearer', scope: 'openid profile', expires_in: 3600 });
    expect(Number(tokens.claims()?.auth_time)).toBeLessThanOrEqual(Number(tokens.claims()?.iat));
    expect(await fetchUserInfo(configuration, tokens.access_token, subject)).toMatchObject({ preferred_username: user.username });
    expect(partsOf(tokens.access_token).claims).toMatchObject({ aut: 'APPLICATION_USER', sub: subject });
    expect((await refreshTokenGrant(configuration, tokens.refresh_token ?? '')).scope).toBe('openid profile');
  });

  it('waits, is told to slow down, and gets the tokens once', async () => {
    const app = await client();
    const started = await start(app);

    const [first, second] = [await poll(app, started.device_code), await poll(app, started.device_code)];
    expect(first).toMatchObject({ status: 400, body: { error: 'authorization_pending' } });
    expect(second).toMatchObject({ status: 400, body: { error: 'slow_down' } });
    await decide(started, 'approve');
    const answers = await Promise.all([poll(app, started.device_code), poll(app, started.device_code)]);

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect(await poll(app, started.device_code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('is told when the user says no, and the code leads nowhere then', async () => {
    const app = await client();
    const started = await start(app);

    const done = await decide(started, 'deny');

    expect(pathOf(done)).toBe('/authenticationendpoint/device_denied.do');
    expect(await poll(app, started.device_code)).toMatchObject({ status: 400, body: { error: 'access_denied' } });
    expect((await new Browser().post(started.verification_uri, { user_code: started.user_code })).status).toBe(400);
  });

  it('gets what the roles of the user open, and a token for the REST APIs', async () => {
    const [app, creator] = [await client(), await given.user({ roles: ['Internal/creator'] })];
    const started = await start(app, 'apim:api_view apim:admin');
    await decide(started, 'approve', creator);

    const { body } = await poll(app, started.device_code);

    expect(body.scope).toBe('apim:api_view');
    expect(body.id_token).toBeUndefined();
    expect((await useAtRestApi(body.access_token)).status).toBe(200);
  });

  it('without a secret asks by its name alone', async () => {
    const application = await given.application();
    const { consumerKey } = await given.keys(application, {
      with: { grantTypesToBeSupported: [DEVICE], additionalProperties: { bypassClientCredentials: true } },
    });
    const named = { client_id: consumerKey };
    const started = expected(
      await management.request<Started>('POST /oauth2/device_authorize', { urlencoded: { ...named, scope: 'openid' } }),
      200,
    );
    await decide(started, 'approve');

    const form = { ...named, grant_type: DEVICE, device_code: started.device_code };
    const { status, body } = await management.request<Tokens>('POST /oauth2/token', { urlencoded: form });

    expect([status, body.scope, body.refresh_token]).toEqual([200, 'openid', undefined]);
  });

  it('comes too late once the code has expired', async () => {
    const app = await client();
    const [before, after] = [await start(app), await start(app)];
    await decide(before, 'approve');

    await expire(before);
    await expire(after);

    for (const { device_code } of [before, after]) {
      expect(await poll(app, device_code)).toMatchObject({ status: 400, body: { error: 'expired_token' } });
    }
    expect((await new Browser().post(after.verification_uri, { user_code: after.user_code })).status).toBe(400);
  });

  it('gets nothing when the password has changed since', async () => {
    const [app, user] = [await client(), await given.user()];
    const started = await start(app);
    await decide(started, 'approve', user);
    const body = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'replace', path: 'password', value: 'Another1' }],
    };
    expected(await user.scim('PATCH /Me', { body }), 200);

    expect(await poll(app, started.device_code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });
});

describe('the device’s page', () => {
  it('asks again in a browser that is logged in, and each time', async () => {
    const [app, browser] = [await client(), new Browser()];
    await decide(await start(app), 'approveAlways', server.admin, browser);

    const visit = await toConsent(browser, await start(app));

    expect(pathOf(visit)).toBe('/authenticationendpoint/oauth2_consent.do');
  });

  it.each([
    ['nothing', ''],
    ['half a code', 'BCDF'],
    ['an unknown code', 'BCDF-GHJK'],
    ['markup', '<script>'],
    ['very much', 'x'.repeat(5_000)],
    ['SQL', "' OR 1=1 --"],
  ])('does not take %s', async (_, user_code) => {
    const { status, body } = await new Browser().post('/oauth2/device', { user_code });

    expect(status).toBe(400);
    expect(body).toContain('No device waits with this code.');
    expect(body).not.toContain('<script>');
  });

  it('takes no more codes where thirty were wrong, and takes them elsewhere', async () => {
    const [app, guesser] = [await client(), new Browser(server.management, someAddress())];
    const started = await start(app);

    for (let guess = 0; guess < 30; guess += 1) expect((await guesser.post('/oauth2/device', { user_code: 'BCDF-GHJK' })).status).toBe(400);

    expect((await guesser.post('/oauth2/device', { user_code: started.user_code })).status).toBe(429);
    expect(pathOf(await toConsent(new Browser(), started))).toBe('/authenticationendpoint/oauth2_consent.do');
  });

  it('cannot be passed by another’s consent', async () => {
    const app = await client();
    const [mine, theirs] = [new Browser(), new Browser()];
    const asked = await toConsent(mine, await start(app));
    await toConsent(theirs, await start(app));

    expect(pathOf(await theirs.consent(asked, 'approve'))).toBe('/authenticationendpoint/retry.do');
  });

  it('is not opened by the authorization endpoint', async () => {
    const app = await client();
    const started = await start(app);

    const visit = await new Browser().authorize({ response_type: 'device', client_id: app.clientId, user_code: started.user_code });

    expect(pathOf(visit)).toBe('/authenticationendpoint/oauth2_error.do');
    expect(await poll(app, started.device_code)).toMatchObject({ body: { error: 'authorization_pending' } });
  });
});

describe('a device code', () => {
  it('has the form of RFC 8628', async () => {
    expect(await start(await client())).toEqual({
      device_code: expect.stringMatching(/^[\w-]{43}$/),
      user_code: expect.stringMatching(/^[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}$/),
      verification_uri: `${server.management}/oauth2/device`,
      verification_uri_complete: expect.stringMatching(/\/oauth2\/device\?user_code=[A-Z]{4}-[A-Z]{4}$/),
      expires_in: 600,
      interval: 5,
    });
  });

  it.each([
    ['no credentials', {}, 401, 'invalid_client'],
    ['a wrong secret', { client_id: 'ITSELF', client_secret: 'wrong' }, 401, 'invalid_client'],
    ['no secret', { client_id: 'ITSELF' }, 401, 'invalid_client'],
    ['an unknown client', { client_id: 'nobody', client_secret: 'x' }, 401, 'invalid_client'],
  ])('is not given to %s', async (_, sent, status, error) => {
    const app = await client();
    const urlencoded = Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, value === 'ITSELF' ? app.clientId : value]));

    expect(await management.request('POST /oauth2/device_authorize', { urlencoded })).toMatchObject({ status, body: { error } });
  });

  it('is not given to a client without the grant, nor for a mountain of scopes', async () => {
    const scope = Array.from({ length: 201 }, (_, index) => `s${index}`).join(' ');

    const without = await management.request('POST /oauth2/device_authorize', { as: basic(await register()) });
    const greedy = await management.request('POST /oauth2/device_authorize', { as: basic(await client()), urlencoded: { scope } });

    expect(without).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } });
    expect(greedy).toMatchObject({ status: 400, body: { error: 'invalid_scope' } });
  });

  it('is worth nothing to another client', async () => {
    const [app, other] = [await client(), await client()];
    const started = await start(app);
    await decide(started, 'approve');

    expect(await poll(other, started.device_code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await poll(app, started.device_code)).status).toBe(200);
  });

  it.each([
    ['a missing one', {}, 'invalid_request'],
    ['an unknown one', { device_code: 'x' }, 'invalid_grant'],
  ])('is needed: %s', async (_, sent, error) => {
    expect(await tokenOf(await client(), { grant_type: DEVICE, ...sent })).toMatchObject({ status: 400, body: { error } });
  });

  it('belongs to its tenant: its page is the tenant’s, and others do not know it', async () => {
    const [tenant, other] = [await given.organization(), await given.organization()];
    const [app, anna] = [await client(tenant.admin), await given.user({ by: tenant.admin })];
    const started = await start(app, 'openid');
    expect(started.verification_uri).toBe(`${server.management}/t/${tenant.domain}/oauth2/device`);

    for (const path of ['/oauth2/device', `/t/${other.domain}/oauth2/device`]) {
      expect((await new Browser().post(path, { user_code: started.user_code })).status).toBe(400);
    }
    const foreign = await toConsent(new Browser(), started, await given.user());
    expect(pathOf(foreign)).not.toBe('/authenticationendpoint/oauth2_consent.do');
    await decide(started, 'approve', anna);

    const { body } = await poll(app, started.device_code);
    expect(partsOf(body.id_token).claims).toMatchObject({ iss: `${server.management}/t/${tenant.domain}/oauth2/token`, aud: app.clientId });
    const through = { as: basic(app), urlencoded: {} };
    expect((await management.request(`POST /t/${other.domain}/oauth2/device_authorize`, through)).status).toBe(401);
  });
});
