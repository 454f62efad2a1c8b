import { Cli } from '../server/cli.js';
import { expected, type OAuthClient } from '../support/actor.js';
import { type Body, Client, NOBODY } from '../support/client.js';
import { basic, partsOf, type Tokens } from './oauth.js';
import { assertionXml, encoded, OutsideIdp, signedXml } from './outside-idp.js';

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const SAML_BEARER = 'urn:ietf:params:oauth:grant-type:saml2-bearer';
const seconds = (from: number) => Math.floor(Date.now() / 1000) + from;

describe('a server that is set up otherwise', () => {
  let cli: Cli;
  let http: Client;
  let client: OAuthClient;
  let idp: OutsideIdp;
  const admin = { basic: { username: 'admin', password: 'admin' } };

  beforeAll(async () => {
    const grants = 'APIM_OAUTH__GRANT_TYPE__';
    cli = await Cli.start({
      APIM_OAUTH__TIMESTAMP_SKEW: '30',
      [`${grants}TOKEN_EXCHANGE__IAT_VALIDITY_PERIOD`]: '2m',
      [`${grants}TOKEN_EXCHANGE__ALLOW_REFRESH_TOKENS`]: 'false',
      [`${grants}JWT_BEARER__ALLOW_REFRESH_TOKENS`]: 'false',
      [`${grants}SAML_BEARER__ENABLE`]: 'false',
    });
    http = new Client('', () => NOBODY, cli.management);
    const body = {
      callbackUrl: '',
      clientName: 'c',
      owner: 'admin',
      grantType: `${EXCHANGE} ${JWT_BEARER} ${SAML_BEARER} refresh_token`,
      saasApp: true,
    };
    client = expected(await http.request<OAuthClient>('POST /client-registration/v0.17/register', { as: admin, body }), 200);
    idp = await OutsideIdp.start();
    await idp.trustedIn('carbon.super', {}, { dataDir: cli.dataDir });
  });
  afterAll(() => cli.stop());

  const token = (parameters: Readonly<Record<string, string>>, as = client) =>
    http.request<Tokens>('POST /oauth2/token', { as: basic(as), urlencoded: parameters });
  const exchange = (subject_token: string, as = client) =>
    token({ grant_type: EXCHANGE, subject_token, subject_token_type: 'urn:ietf:params:oauth:token-type:jwt' }, as);

  it('gives no refresh token where the grant is not to have one', async () => {
    for (const answer of [await exchange(await idp.jwt()), await token({ grant_type: JWT_BEARER, assertion: await idp.jwt() })]) {
      expect(answer.status).toBe(200);
      expect(answer.body).not.toHaveProperty('refresh_token');
    }
  });

  it('allows clocks to differ, and takes subject tokens of another age', async () => {
    expect((await exchange(await idp.jwt({ exp: seconds(-20) }))).status).toBe(200);
    expect((await exchange(await idp.jwt({ exp: seconds(-40) }))).status).toBe(400);
    expect((await exchange(await idp.jwt({ nbf: seconds(20) }))).status).toBe(200);
    expect((await exchange(await idp.jwt({ iat: seconds(-140) }))).status).toBe(200);
    expect((await exchange(await idp.jwt({ iat: seconds(-170) }))).status).toBe(400);
  });

  it('takes tokens of a global issuer in every tenant, and those of a tenant’s own before them', async () => {
    const [global, owner] = [await OutsideIdp.start(), { username: 'admin@global.example', password: 'Passw0rd1' }];
    await global.trustedIn('WSO2/System', {}, { dataDir: cli.dataDir });
    const person = { username: 'admin', password: owner.password, email: 'a@global.example', firstname: 'A', lastname: 'B' };
    const tenant = { name: 'global.example', domain: 'global.example', owners: [{ ...person, provisioningMethod: 'inline-password' }] };
    expected(await http.request('POST /api/server/v1/tenants', { as: admin, body: tenant }), 201);
    const body = { callbackUrl: '', clientName: 'theirs', owner: owner.username, grantType: EXCHANGE, saasApp: false };
    const theirs = expected(
      await http.request<OAuthClient>('POST /client-registration/v0.17/register', { as: { basic: owner }, body }),
      200,
    );

    for (const as of [client, theirs]) expect((await exchange(await global.jwt(), as)).status).toBe(200);
    const { body: tokens } = await exchange(await global.jwt(), theirs);
    expect(partsOf(tokens.access_token).claims).toMatchObject({ realm: { signing_tenant: 'global.example' } });

    await global.trustedIn('global.example', { alias: 'https://another' }, { dataDir: cli.dataDir });
    expect((await exchange(await global.jwt(), theirs)).status).toBe(400);
    expect((await exchange(await global.jwt(), client)).status).toBe(200);
  });

  it('refuses the grant that is switched off, and lists it nowhere', async () => {
    const answer = await token({ grant_type: SAML_BEARER, assertion: encoded(signedXml(idp, assertionXml(idp))) });
    const discovery = await http.request('GET /oauth2/token/.well-known/openid-configuration');
    const managers = await http.request<{ list: readonly Body[] }>('GET /api/am/devportal/v3/key-managers', { as: admin });

    expect(answer).toMatchObject({
      status: 400,
      body: { error: 'unsupported_grant_type', error_description: 'Unsupported grant_type value' },
    });
    for (const grants of [
      discovery.body['grant_types_supported'],
      managers.body.list.find(({ type }) => type === 'default')?.['availableGrantTypes'],
    ]) {
      expect(grants).toEqual(expect.arrayContaining([EXCHANGE, JWT_BEARER]));
      expect(grants).not.toContain(SAML_BEARER);
    }
  });
});
