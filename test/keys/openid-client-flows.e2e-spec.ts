import * as openid from 'openid-client';
import { Cli } from '../server/cli.js';
import { type Actor, expected, type OAuthClient } from '../support/actor.js';
import { Client, NOBODY } from '../support/client.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';
import { unique } from '../support/unique.js';
import { Browser, CALLBACK, portalClient } from './browser.js';
import { discovered, partsOf, register } from './oauth.js';
import { assertionXml, encoded, OutsideIdp, signedXml } from './outside-idp.js';

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const SAML_BEARER = 'urn:ietf:params:oauth:grant-type:saml2-bearer';
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const LOGGED_OUT = 'https://app.example.com/logged-out';

type Person = Pick<Actor, 'username' | 'password'>;

/** What a browser brings back from an authorization request that the library built. */
const visit = async (url: URL, user: Person, browser: Browser): Promise<URL> => {
  const { username, password } = user;
  const arrived = await browser.arrive(Object.fromEntries(url.searchParams), { username, password });
  return new URL(arrived.location);
};

/** The whole authorization code flow, every check of the library on. */
const authorized = async (
  configuration: openid.Configuration,
  user: Person,
  { browser = new Browser(), scope = 'openid profile', answer = visit } = {},
) => {
  const [pkceCodeVerifier, expectedNonce, expectedState] = [openid.randomPKCECodeVerifier(), openid.randomNonce(), openid.randomState()];
  const url = openid.buildAuthorizationUrl(configuration, {
    redirect_uri: CALLBACK,
    scope,
    nonce: expectedNonce,
    state: expectedState,
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  return openid.authorizationCodeGrant(configuration, await answer(url, user, browser), {
    pkceCodeVerifier,
    expectedNonce,
    expectedState,
    idTokenExpected: true,
  });
};

describe.each([
  ['of the first tenant', async () => given.superAdmin],
  ['of another tenant', async () => (await given.organization()).admin],
])('a standard client library at the issuer %s', (_, somebody) => {
  let user: Actor;
  let issuer: string;
  const configured = (client: OAuthClient, authentication?: openid.ClientAuth) => discovered(client, issuer, authentication);
  const client = (grantType: string, callbackUrl = CALLBACK) => register({ as: user, grantType, callbackUrl });

  beforeAll(async () => {
    user = await somebody();
    issuer = `${server.management}${user.organization === 'carbon.super' ? '' : `/t/${user.organization}`}/oauth2/token`;
  });

  it('discovers it', async () => {
    const metadata = (await configured(await client('client_credentials'))).serverMetadata();

    expect(metadata.issuer).toBe(issuer);
    expect(metadata.supportsPKCE()).toBe(true);
  });

  it.each([
    ['Basic credentials', openid.ClientSecretBasic],
    ['a secret in the form', openid.ClientSecretPost],
  ])('gets and refreshes tokens of a code with %s, and learns of a replayed refresh token', async (_name, authentication) => {
    const app = await client('authorization_code refresh_token');
    const configuration = await configured(app, authentication(app.clientSecret));

    const tokens = await authorized(configuration, user);
    const renewed = await openid.refreshTokenGrant(configuration, tokens.refresh_token ?? '');

    expect(tokens.claims()).toMatchObject({ iss: issuer, aud: app.clientId });
    expect(renewed.refresh_token).not.toBe(tokens.refresh_token);
    expect(renewed.claims()?.sub).toBe(tokens.claims()?.sub);
    await expect(openid.refreshTokenGrant(configuration, tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('gets tokens as a public client', async () => {
    const app = await portalClient({ bypassClientCredentials: true, pkceMandatory: true }, user);
    const configuration = await configured(app, openid.None());

    const tokens = await authorized(configuration, user, {
      answer: async (url, { username, password }, browser) => {
        const toConsent = await browser.arrive(Object.fromEntries(url.searchParams), { username, password });
        return new URL((await browser.consent(toConsent, 'approve')).location);
      },
    });

    expect((await openid.refreshTokenGrant(configuration, tokens.refresh_token ?? '')).access_token).toEqual(expect.any(String));
  });

  it('reads who the user is, introspects the tokens and gives them back', async () => {
    const configuration = await configured(await client('authorization_code refresh_token'));
    const tokens = await authorized(configuration, user);
    const subject = tokens.claims()?.sub ?? '';

    expect(await openid.fetchUserInfo(configuration, tokens.access_token, subject)).toMatchObject({ sub: subject });
    expect(await openid.tokenIntrospection(configuration, tokens.access_token)).toMatchObject({ active: true, scope: 'openid profile' });
    await openid.tokenRevocation(configuration, tokens.access_token);
    expect(await openid.tokenIntrospection(configuration, tokens.access_token)).toEqual({ active: false });
    await expect(openid.fetchUserInfo(configuration, tokens.access_token, subject)).rejects.toThrow();
  });

  it('gets a token for itself, and one for a name and a password', async () => {
    const configuration = await configured(await client('client_credentials password'));
    const { username, password } = user;

    const own = await openid.clientCredentialsGrant(configuration, { scope: 'orders:read' });
    const users = await openid.genericGrantRequest(configuration, 'password', { username, password, scope: 'openid' });

    expect(partsOf(own.access_token).claims).toMatchObject({ iss: issuer, scope: 'orders:read', aut: 'APPLICATION' });
    expect(users.claims()?.sub).toEqual(expect.any(String));
    await expect(
      openid.genericGrantRequest(configuration, 'password', { username, password: 'wrong', scope: 'openid' }),
    ).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('gets a device the tokens of its user', async () => {
    const configuration = await configured(await client(`${DEVICE} refresh_token`));
    const started = await openid.initiateDeviceAuthorization(configuration, { scope: 'openid profile' });
    const [browser, { username, password }] = [new Browser(), user];

    const toLogin = await browser.post(started.verification_uri, { user_code: started.user_code });
    const toConsent = await browser.get((await browser.logIn(toLogin, { username, password })).location);
    await browser.consent(toConsent, 'approve');
    const tokens = await openid.pollDeviceAuthorizationGrant(configuration, { ...started, interval: 0.1 });

    expect(tokens.claims()).toMatchObject({ iss: issuer });
    expect((await openid.refreshTokenGrant(configuration, tokens.refresh_token ?? '')).scope).toBe('openid profile');
  });

  it('gets tokens for what another provider issued', async () => {
    const idp = await OutsideIdp.start();
    await idp.trustedIn(user.organization, { certificates: { type: 'PEM', value: idp.certificate } });
    const configuration = await configured(await client(`${JWT_BEARER} ${SAML_BEARER} ${EXCHANGE} refresh_token`));
    const grant = (name: string, parameters: Record<string, string>) =>
      openid.genericGrantRequest(configuration, name, { ...parameters, scope: 'orders:read' });

    const all = [
      await grant(JWT_BEARER, { assertion: await idp.jwt({ sub: 'maria' }) }),
      await grant(SAML_BEARER, { assertion: encoded(signedXml(idp, assertionXml(idp, { recipient: issuer }))) }),
      await grant(EXCHANGE, {
        subject_token: await idp.jwt({ sub: 'maria' }),
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      }),
    ];

    for (const tokens of all) {
      expect(partsOf(tokens.access_token).claims).toMatchObject({ iss: issuer, sub: 'maria', scope: 'orders:read' });
      const renewed = await openid.refreshTokenGrant(configuration, tokens.refresh_token ?? '');
      expect(partsOf(renewed.access_token).claims).toMatchObject({ sub: 'maria' });
    }
  });

  it('logs its user out', async () => {
    const configuration = await configured(await client('authorization_code', `regexp=(${CALLBACK}|${LOGGED_OUT})`));
    const browser = new Browser();
    const tokens = await authorized(configuration, user, { browser });
    const parameters = { id_token_hint: tokens.id_token ?? '', post_logout_redirect_uri: LOGGED_OUT, state: 'bye' };

    const out = await browser.get(openid.buildEndSessionUrl(configuration, parameters).href);
    const silent = await browser.get(
      openid.buildAuthorizationUrl(configuration, { redirect_uri: CALLBACK, scope: 'openid', prompt: 'none', state: 's' }).href,
    );

    expect(out.location).toBe(`${LOGGED_OUT}?state=bye`);
    await expect(openid.authorizationCodeGrant(configuration, new URL(silent.location), { expectedState: 's' })).rejects.toMatchObject({
      error: 'login_required',
    });
  });
});

describe('with the implicit grant switched on, the library', () => {
  const admin = { username: 'admin', password: 'admin' };
  let cli: Cli;
  let app: OAuthClient;

  beforeAll(async () => {
    cli = await Cli.start({ APIM_OAUTH__GRANT_TYPE__IMPLICIT__ENABLE: 'true' });
    const http = new Client('', () => NOBODY, cli.management);
    const body = {
      clientName: unique('spa'),
      owner: 'admin',
      grantType: 'authorization_code implicit',
      callbackUrl: CALLBACK,
      saasApp: true,
    };
    const as = { basic: admin };
    app = expected(await http.request<OAuthClient>('POST /client-registration/v0.17/register', { as, body }), 200);
  });
  afterAll(() => cli.stop());

  /** The library for one response type, and what the browser brings back with it. */
  const answered = async (chosen: (configuration: openid.Configuration) => void) => {
    const configuration = await discovered(app, `${cli.management}/oauth2/token`);
    chosen(configuration);
    const url = openid.buildAuthorizationUrl(configuration, { redirect_uri: CALLBACK, scope: 'openid', nonce: 'n', state: 's' });
    return { configuration, back: await visit(url, admin, new Browser(cli.management)) };
  };

  it('takes an ID token out of the fragment', async () => {
    const { configuration, back } = await answered(openid.useIdTokenResponseType);

    const claims = await openid.implicitAuthentication(configuration, back, 'n', { expectedState: 's' });

    expect(claims).toMatchObject({ nonce: 'n', sub: expect.any(String) });
    await expect(openid.implicitAuthentication(configuration, back, 'another', { expectedState: 's' })).rejects.toThrow();
  });

  it('takes a code with the ID token that vouches for it', async () => {
    const { configuration, back } = await answered(openid.useCodeIdTokenResponseType);

    const tokens = await openid.authorizationCodeGrant(configuration, back, { expectedNonce: 'n', expectedState: 's' });

    expect(new URLSearchParams(back.hash.slice(1)).get('id_token')).toEqual(expect.any(String));
    expect(tokens.claims()).toMatchObject({ nonce: 'n' });
  });
});
