import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cli, temporaryFolder } from '../server/cli.js';
import { expected, type OAuthClient } from '../support/actor.js';
import { Client, NOBODY } from '../support/client.js';
import { unique } from '../support/unique.js';
import { asking, Browser, CALLBACK, keyOf, pathOf, sentBack, type Visit } from './browser.js';
import { basic, partsOf, type Tokens } from './oauth.js';
import { CLIENT, OidcIdp } from './oidc-idp.js';
import { providerAt, type SamlAnswer, SamlIdp } from './saml-idp.js';

const ROLES = `
[[outside_sign_in.identity_provider.role_mapping]]
remote = "api-team"
local = "Internal/creator"
[[outside_sign_in.identity_provider.role_mapping]]
remote = "readers"
local = "Internal/subscriber"
`;

const admin = { basic: { username: 'admin', password: 'admin' } };
let oidc: OidcIdp;
let saml: SamlIdp;
let cli: Cli;
let http: Client;
let client: OAuthClient;

const tomlOf = () => {
  const oidcProvider = (name: string, more: string) => `
[[outside_sign_in.identity_provider]]
name = "${name}"
issuer = "${oidc.issuer}"
client_id = "${CLIENT.id}"
client_secret = "${CLIENT.secret}"
role_claim = "groups"
${more}`;
  return [
    oidcProvider('corp', `display_name = "Corporate <login>"\n${ROLES}`),
    oidcProvider('linking', 'provision = false\nlink_existing = true\n'),
    oidcProvider('elsewhere', 'tenant = "other.example"\n'),
    `[[outside_sign_in.identity_provider]]
name = "federation"
type = "saml"
issuer = "${saml.entityId}"
sso_url = "${saml.url}/sso"
certificate = """${saml.certificate}"""
user_name_claim = "uid"
email_claim = "mail"
role_claim = "groups"
${ROLES}`,
  ].join('\n');
};

beforeAll(async () => {
  [oidc, saml] = await Promise.all([OidcIdp.start(), SamlIdp.start()]);
  const dataDir = temporaryFolder();
  const file = join(dataDir, 'deployment.toml');
  writeFileSync(file, tomlOf());
  cli = await Cli.start({}, dataDir, ['--config', file]);
  const commonauth = `${cli.management}/commonauth`;
  oidc.serve(commonauth);
  saml.serve(commonauth, commonauth);
  http = new Client('', () => NOBODY, cli.management);
  const body = {
    callbackUrl: CALLBACK,
    clientName: 'portal',
    owner: 'admin',
    grantType: 'authorization_code refresh_token',
    saasApp: true,
  };
  client = expected(await http.request<OAuthClient>('POST /client-registration/v0.17/register', { as: admin, body }), 200);
});
afterAll(async () => {
  oidc.stop();
  saml.stop();
  await cli.stop();
});

/** The login page of a new authorization request. */
const atLogin = async () => {
  const browser = new Browser(cli.management);
  return { browser, login: await browser.authorize(asking(client, { scope: 'openid apim:api_create apim:subscribe apim:admin' })) };
};
const press = (browser: Browser, login: Visit, idp: string) =>
  browser.get(`/commonauth?${new URLSearchParams({ idp, sessionDataKey: keyOf(login) })}`);

/** Up to the address by which the provider sends the browser back. */
const throughOidc = async (login: string, idp = 'corp') => {
  const { browser, login: page } = await atLogin();
  const away = await press(browser, page, idp);
  return { browser, page, back: await OidcIdp.visit(browser, away.location, login, cli.management) };
};
const throughSaml = async () => {
  const { browser, login } = await atLogin();
  const away = await press(browser, login, 'federation');
  return { browser, answer: await saml.visit(away.location) };
};
/** What the page of the provider posts, and then our own. */
const post = async (browser: Browser, answer: SamlAnswer) => {
  const page = await browser.post('/commonauth', { ...answer });
  expect(page).toMatchObject({ status: 200, body: expect.stringContaining('action="/commonauth"') });
  return browser.post('/commonauth', { ...answer, posted: 'again' });
};

const tokensOf = async (browser: Browser, loggedIn: Visit): Promise<Tokens> => {
  const { code = '' } = sentBack(await browser.get(loggedIn.location));
  const urlencoded = { grant_type: 'authorization_code', code, redirect_uri: CALLBACK };
  return expected(await http.request<Tokens>('POST /oauth2/token', { as: basic(client), urlencoded }), 200);
};
const userOf = async (tokens: Tokens) =>
  (await http.request(`GET /scim2/Users/${partsOf(tokens.access_token).claims.sub}`, { as: admin })).body;
const failureOf = (visit: Visit) =>
  pathOf(visit) === '/authenticationendpoint/login.do' ? sentBack(visit)['authFailureMsg'] : pathOf(visit);
const newUser = async (userName: string) =>
  expected(
    await http.request<{ id: string }>('POST /scim2/Users', { as: admin, body: { schemas: [], userName, password: 'Passw0rd1' } }),
    201,
  ).id;

it('offers the providers of its tenant on the login page, escaped, and no other', async () => {
  const { browser, login } = await atLogin();

  const { body } = await browser.get(login.location);

  expect(body).toContain('Sign in with Corporate &lt;login&gt;');
  expect(body).toContain(`/commonauth?idp=federation&amp;sessionDataKey=${keyOf(login)}`);
  expect(body).not.toContain('elsewhere');
  expect(failureOf(await press(browser, login, 'elsewhere'))).toBe('outside.sign.in.failed');
  expect(failureOf(await press(browser, login, 'nobody'))).toBe('outside.sign.in.failed');
});

describe('sign-in by OpenID Connect', () => {
  it('makes an account on first sight, with the mapped roles, and finds it again', async () => {
    const name = unique('maria');
    oidc.people.set('p-1', { preferred_username: name, email: 'maria@example.com', given_name: 'Maria', groups: ['api-team', 'admin'] });

    const first = await throughOidc('p-1');
    const tokens = await tokensOf(first.browser, await first.browser.get(first.back));

    expect(tokens.scope).toBe('openid apim:api_create');
    expect(partsOf(tokens.id_token).claims['amr']).toEqual(['OpenIDConnectAuthenticator']);
    expect(await userOf(tokens)).toMatchObject({ userName: name, name: { givenName: 'Maria' }, emails: ['maria@example.com'] });

    oidc.people.set('p-1', { preferred_username: 'renamed', groups: ['readers'] });
    const second = await throughOidc('p-1');
    const later = await tokensOf(second.browser, await second.browser.get(second.back));

    expect(later.scope).toBe('openid apim:subscribe');
    expect(partsOf(later.access_token).claims.sub).toBe(partsOf(tokens.access_token).claims.sub);
  });

  it('takes nobody’s account over, unless the configuration links by name', async () => {
    const name = unique('eva');
    const id = await newUser(name);
    oidc.people.set('p-2', { preferred_username: name });
    oidc.people.set('p-3', { preferred_username: unique('new') });

    const refused = await throughOidc('p-2');
    expect(failureOf(await refused.browser.get(refused.back))).toBe('outside.user.exists');

    const linked = await throughOidc('p-2', 'linking');
    const tokens = await tokensOf(linked.browser, await linked.browser.get(linked.back));
    expect(partsOf(tokens.access_token).claims.sub).toBe(id);

    const unknown = await throughOidc('p-3', 'linking');
    expect(failureOf(await unknown.browser.get(unknown.back))).toBe('outside.user.unknown');
  });

  it.each([
    ['none', undefined],
    ['one too long', 'x'.repeat(40)],
    ['one too short', 'ab'],
  ])('makes no account without a name it can have: %s', async (_, preferred_username) => {
    oidc.people.set('p-4', { preferred_username });

    const { browser, back } = await throughOidc('p-4');

    expect(failureOf(await browser.get(back))).toBe('outside.user.unnamed');
  });

  it('lets a locked account in no way', async () => {
    oidc.people.set('p-5', { preferred_username: unique('locked') });
    const first = await throughOidc('p-5');
    const { access_token } = await tokensOf(first.browser, await first.browser.get(first.back));
    const body = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'replace', value: { 'urn:scim:wso2:schema': { accountLocked: true } } }],
    };
    expected(await http.request(`PATCH /scim2/Users/${partsOf(access_token).claims.sub}`, { as: admin, body }), 200);

    const again = await throughOidc('p-5');

    expect(failureOf(await again.browser.get(again.back))).toBe('outside.user.locked');
  });

  it('goes on in the browser that began it, once, and with the answer to its own question', async () => {
    oidc.people.set('p-6', { preferred_username: unique('once') });
    const [mine, other] = [await throughOidc('p-6'), await throughOidc('p-6')];

    expect(pathOf(await new Browser(cli.management).get(mine.back))).toBe('/authenticationendpoint/retry.do');
    const mixed = new URL(mine.back);
    mixed.searchParams.set('code', new URL(other.back).searchParams.get('code') ?? '');
    expect(failureOf(await mine.browser.get(mixed.href))).toBe('outside.sign.in.failed');
    expect(pathOf(await mine.browser.get(mine.back))).toBe('/authenticationendpoint/retry.do');
  });

  it('goes back to the login page when the provider refuses, and the password still works there', async () => {
    const { browser, login } = await atLogin();
    const away = await press(browser, login, 'corp');
    const state = new URL(away.location).searchParams.get('state') ?? '';

    const refused = await browser.get(`/commonauth?${new URLSearchParams({ error: 'access_denied', state, iss: oidc.issuer })}`);

    expect(failureOf(refused)).toBe('outside.sign.in.failed');
    expect((await browser.get(refused.location)).body).toContain('The other service did not sign you in.');
    const tokens = await tokensOf(browser, await browser.logIn(refused, { username: 'admin', password: 'admin' }));
    expect(tokens.scope).toContain('apim:admin');
  });

  it.each(['', 'x', 'a.b', `${'a'.repeat(5_000)}.b`])('knows no state of this kind: %.10j', async (state) => {
    expect(pathOf(await new Browser(cli.management).get(`/commonauth?${new URLSearchParams({ code: 'c', state })}`))).toBe(
      '/authenticationendpoint/retry.do',
    );
  });
});

describe('sign-in by SAML', () => {
  it('makes an account of the attributes of a signed response', async () => {
    const uid = unique('sam');
    saml.person = { nameId: unique('n'), uid, mail: 'sam@example.com', group: 'api-team' };

    const { browser, answer } = await throughSaml();
    const tokens = await tokensOf(browser, await post(browser, answer));

    expect(tokens.scope).toBe('openid apim:api_create');
    expect(partsOf(tokens.id_token).claims['amr']).toEqual(['SAMLSSOAuthenticator']);
    expect(await userOf(tokens)).toMatchObject({ userName: uid, emails: ['sam@example.com'] });
    expect(pathOf(await post(browser, answer))).toBe('/authenticationendpoint/retry.do');
  });

  const changed = async (change: (xml: string) => string) => {
    const { browser, answer } = await throughSaml();
    const SAMLResponse = Buffer.from(change(Buffer.from(answer.SAMLResponse, 'base64').toString())).toString('base64');
    return failureOf(await post(browser, { ...answer, SAMLResponse }));
  };

  it('refuses a response that was changed, lost its signature, or comes with a document type', async () => {
    expect(await changed((xml) => xml.replace('sam@example.com', 'boss@example.com'))).toBe('outside.sign.in.failed');
    expect(await changed((xml) => xml.replace(/<ds:Signature[\s\S]*?<\/ds:Signature>/, ''))).toBe('outside.sign.in.failed');
    expect(await changed((xml) => `<!DOCTYPE a>${xml}`)).toBe('outside.sign.in.failed');
    expect(await changed(() => 'hello')).toBe('outside.sign.in.failed');
  });

  it.each([
    ['for another audience', { Audience: 'https://somebody.else' }],
    ['of another issuer', { Issuer: 'https://somebody.else' }],
    ['to another request', { InResponseTo: '_another' }],
    ['that has expired', { ConditionsNotOnOrAfter: '2020-01-01T00:00:00Z', SubjectConfirmationDataNotOnOrAfter: '2020-01-01T00:00:00Z' }],
    ['with a name for this time only', { NameIDFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' }],
  ])('refuses a response %s', async (_, override) => {
    saml.override = override;
    const { browser, answer } = await throughSaml().finally(() => {
      saml.override = {};
    });

    expect(failureOf(await post(browser, answer))).toBe('outside.sign.in.failed');
  });

  it('refuses a response that another key signed', async () => {
    saml.signer = (await providerAt(saml.url)).provider;
    const { browser, answer } = await throughSaml().finally(() => {
      saml.signer = saml.honest;
    });

    expect(failureOf(await post(browser, answer))).toBe('outside.sign.in.failed');
  });

  it('refuses a response whose assertion alone is signed', async () => {
    const commonauth = `${cli.management}/commonauth`;
    saml.serve(commonauth, commonauth, false);
    const { browser, answer } = await throughSaml().finally(() => saml.serve(commonauth, commonauth));

    expect(failureOf(await post(browser, answer))).toBe('outside.sign.in.failed');
  });

  it('takes the response to one attempt for no other', async () => {
    const [mine, other] = [await throughSaml(), await throughSaml()];

    expect(failureOf(await post(mine.browser, { ...other.answer, RelayState: mine.answer.RelayState }))).toBe('outside.sign.in.failed');
    expect(pathOf(await post(mine.browser, other.answer))).toBe('/authenticationendpoint/retry.do');
  });
});

it.each([
  ['a client id', '[[outside_sign_in.identity_provider]]\nname = "x"\nissuer = "https://idp.example.com"', /client_id/],
  [
    'a certificate',
    '[[outside_sign_in.identity_provider]]\nname = "x"\ntype = "saml"\nissuer = "x"\nsso_url = "https://x.example.com"',
    /certificate/,
  ],
  [
    'an issuer that is an address',
    '[[outside_sign_in.identity_provider]]\nname = "x"\nissuer = "corp"\nclient_id = "x"',
    /issuer of x is no http\(s\) address/,
  ],
])('does not start without %s', async (_, toml, message) => {
  const file = join(temporaryFolder(), 'deployment.toml');
  writeFileSync(file, toml);

  const { code, output } = await Cli.run(['start', '--config', file]).end();

  expect(code).toBe(2);
  expect(output).toMatch(message);
});
