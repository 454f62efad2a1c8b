import { genericGrantRequest } from 'openid-client';
import { expected } from '../support/actor.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';
import { discovered, isSignedByJwks, partsOf, register, tokenOf } from './oauth.js';
import { OutsideIdp } from './outside-idp.js';

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const JWT = 'urn:ietf:params:oauth:token-type:jwt';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

let idp: OutsideIdp;
let client: Awaited<ReturnType<typeof register>>;
beforeAll(async () => {
  idp = await OutsideIdp.start();
  client = await register({ grantType: `${EXCHANGE} refresh_token` });
  await idp.trustedIn('carbon.super', {
    tokenType: 'BOTH',
    claimMapping: [
      { remoteClaim: 'realm_roles', localClaim: 'roles' },
      { remoteClaim: 'mail', localClaim: 'http://wso2.org/claims/emailaddress' },
    ],
  });
});

const exchange = (subject_token: string, more: Readonly<Record<string, string>> = {}, as = client) =>
  tokenOf(as, { grant_type: EXCHANGE, subject_token, subject_token_type: JWT, ...more });
const seconds = (from: number) => Math.floor(Date.now() / 1000) + from;

describe('a token of a trusted issuer', () => {
  it('is exchanged for one of ours, and lists in it stay lists', async () => {
    const subject = { sub: 'maria', groups: ['eng', 'ops'], one: ['alone'], mail: 'm@example.com', address: { city: 'Basel' } };

    const { status, body } = await exchange(await idp.jwt(subject), { scope: 'orders:read' });

    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      scope: 'orders:read',
      token_type: 'Bearer',
      expires_in: 3600,
      issued_token_type: ACCESS_TOKEN,
    });
    const { header, claims } = partsOf(body.access_token);
    expect(header['typ']).toBe('at+jwt');
    expect(claims).toMatchObject({
      sub: 'maria',
      groups: ['eng', 'ops'],
      one: ['alone'],
      address: { city: 'Basel' },
      'http://wso2.org/claims/emailaddress': 'm@example.com',
      azp: client.clientId,
    });
    expect(await isSignedByJwks(body.access_token)).toBe(true);
  });

  it('cannot set what the key manager says itself', async () => {
    const forged = {
      aut: 'APPLICATION',
      azp: 'x',
      client_id: 'x',
      scope: 'apim:admin',
      entity_id: 'x',
      realm: { signing_tenant: 'x' },
      keytype: 'x',
    };

    const { body } = await exchange(await idp.jwt({ sub: 'maria', ...forged }));

    const { claims } = partsOf(body.access_token);
    expect(claims).toMatchObject({
      aut: 'APPLICATION_USER',
      azp: client.clientId,
      client_id: client.clientId,
      scope: 'default',
      realm: { signing_tenant: 'carbon.super' },
    });
    expect(claims['keytype']).toBeUndefined();
    expect(claims['entity_id']).not.toBe('x');
  });

  it.each([JWT, ACCESS_TOKEN])('gives the requested %s', async (requested_token_type) => {
    expect(await exchange(await idp.jwt(), { requested_token_type })).toMatchObject({
      status: 200,
      body: { issued_token_type: requested_token_type },
    });
  });

  it('may be exchanged again, and opens the scopes of its roles', async () => {
    const token = await idp.jwt({ realm_roles: 'Internal/publisher' });

    for (const _ of [1, 2]) {
      expect(await exchange(token, { scope: 'apim:api_publish apim:api_create' })).toMatchObject({
        status: 200,
        body: { scope: 'apim:api_publish' },
      });
    }
  });

  it('is exchanged by a standard OAuth library, and the new one calls an API', async () => {
    const backend = await given.backend();
    const { api, application } = await given.subscriber({ backend });
    const keys = await given.keys(application, { keyType: 'SANDBOX', with: { grantTypesToBeSupported: [EXCHANGE, 'refresh_token'] } });
    const configuration = await discovered({ clientId: keys.consumerKey, clientSecret: keys.consumerSecret });

    const tokens = await genericGrantRequest(configuration, EXCHANGE, { subject_token: await idp.jwt(), subject_token_type: JWT });
    const refreshed = await tokenOf(
      { clientId: keys.consumerKey, clientSecret: keys.consumerSecret },
      { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' },
    );

    expect(configuration.serverMetadata().grant_types_supported).toContain(EXCHANGE);
    expect(refreshed.status).toBe(200);
    for (const token of [tokens.access_token, refreshed.body.access_token]) {
      const answer = await gateway(`${api.url}/x`, { headers: { authorization: `Bearer ${token}` } });
      expect(answer.status).toBe(200);
    }
  });
});

describe('the trust in an issuer', () => {
  it('begins and ends with its key manager', async () => {
    const { admin } = await given.organization();
    const [other, app] = [await OutsideIdp.start(), await register({ as: admin, grantType: EXCHANGE })];
    const content = {
      name: unique('Idp'),
      type: 'CustomKeyManager',
      issuer: other.issuer,
      alias: other.alias,
      certificates: { type: 'PEM', value: other.certificate },
      claimMapping: [{ remoteClaim: 'mail', localClaim: 'email' }],
      tokenType: 'EXCHANGED',
    };
    const { id } = expected(await admin.admin<{ id: string }>('POST /key-managers', { body: content }), 201);
    const path = { keyManagerId: id };
    const status = async () => (await exchange(await other.jwt({ mail: 'a@example.com' }), {}, app)).status;
    const change = async (changes: object) => {
      expected(await admin.admin('PUT /key-managers/{keyManagerId}', { path, body: { ...content, ...changes } }), 200);
      return status();
    };

    expect(await status()).toBe(200);
    expect(await change({ tokenType: 'DIRECT' })).toBe(400);
    expect(await change({ tokenType: 'BOTH' })).toBe(200);
    expect(await change({ enabled: false })).toBe(400);
    expect(await change({ certificates: { type: 'JWKS', value: other.jwksAddress } })).toBe(200);
    expect(await change({ alias: 'https://another' })).toBe(400);
    expect(await change({})).toBe(200);
    expected(await admin.admin('DELETE /key-managers/{keyManagerId}', { path }), 200);
    expect(await status()).toBe(400);
  });
});

describe('refused is', () => {
  const invalid = (text?: string) => ({ status: 400, body: { error: 'invalid_request', ...(text && { error_description: text }) } });

  it.each([
    ['no subject token', { subject_token: '' }, 'Missing parameters: subject_token'],
    ['no subject token type', { subject_token_type: '' }, 'Missing parameters: subject_token_type'],
    ['another subject token type', { subject_token_type: 'urn:ietf:params:oauth:token-type:saml2' }, undefined],
    ['another requested type', { requested_token_type: 'urn:ietf:params:oauth:token-type:saml2' }, 'Unsupported requested token type.'],
    ['an actor token', { actor_token: 'x', actor_token_type: JWT }, 'Actor tokens are not supported.'],
  ])('%s', async (_, parameters, text) => {
    expect(await exchange(await idp.jwt(), parameters)).toMatchObject(invalid(text));
  });

  it.each<Readonly<Record<string, string>>>([
    { audience: 'another' },
    { resource: 'https://api.example.com' },
  ])('another audience: %p', async (parameters) => {
    expect(await exchange(await idp.jwt(), parameters)).toMatchObject({ status: 400, body: { error: 'invalid_target' } });
  });

  it.each([
    ['an expired token', { exp: seconds(-1) }, 'JSON Web Token is expired'],
    ['a token not valid yet', { nbf: seconds(60) }, undefined],
    ['a token that is older than an hour', { iat: seconds(-3601) }, 'JSON Web Token is issued before the allowed time'],
    ['a token that hides its age', { iat: undefined }, 'JSON Web Token is issued before the allowed time'],
    ['a token without the alias in its audience', { aud: 'another' }, undefined],
  ])('%s', async (_, claims, text) => {
    expect(await exchange(await idp.jwt(claims))).toMatchObject(invalid(text));
  });

  it('a token that is a little younger than an hour not', async () => {
    expect((await exchange(await idp.jwt({ iat: seconds(-3500) }))).status).toBe(200);
  });

  it('a tampered token, and one of an unknown issuer', async () => {
    const [header, claims, signature = ''] = (await idp.jwt()).split('.');
    const stranger = await OutsideIdp.start();

    expect(await exchange(`${header}.${claims}.${signature.slice(0, -8)}AAAAAAAA`)).toMatchObject(
      invalid('Signature or Message Authentication invalid.'),
    );
    expect(await exchange(await stranger.jwt())).toMatchObject(
      invalid(`No Registered IDP found for the JWT with issuer name : ${stranger.issuer}`),
    );
  });

  it('a token of our own, which is no outside issuer’s', async () => {
    const { body } = await exchange(await idp.jwt());

    expect(await exchange(body.access_token)).toMatchObject({ status: 400 });
  });

  it('an issuer of another tenant, though a global one serves all', async () => {
    const tenant = await given.organization();
    const [ours, global] = [await OutsideIdp.start(), await OutsideIdp.start()];
    await ours.trustedIn();
    await global.trustedIn('WSO2/System');
    const theirs = await register({ as: tenant.admin, grantType: EXCHANGE });

    expect((await exchange(await ours.jwt(), {}, theirs)).status).toBe(400);
    const { status, body } = await exchange(await global.jwt(), {}, theirs);
    expect(status).toBe(200);
    expect(partsOf(body.access_token).claims).toMatchObject({ realm: { signing_tenant: tenant.domain } });
  });

  it('a client that may not use the grant, in the product’s words', async () => {
    expect(await exchange(await idp.jwt(), {}, await register())).toMatchObject(invalid('Unsupported grant_type value'));
  });
});
