import { createHmac, generateKeyPairSync } from 'node:crypto';
import { management } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';
import { introspect, partsOf, register, tokenOf, useAtRestApi } from './oauth.js';
import { OutsideIdp, TOKEN_ENDPOINT } from './outside-idp.js';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const GRANTS = `${JWT_BEARER} refresh_token`;
const SIGNATURE_INVALID = 'Signature or Message Authentication invalid.';

let idp: OutsideIdp;
let client: Awaited<ReturnType<typeof register>>;
beforeAll(async () => {
  idp = await OutsideIdp.start();
  client = await register({ grantType: GRANTS });
  await idp.trustedIn('carbon.super', {
    claimMapping: [
      { remoteClaim: 'groups', localClaim: 'http://wso2.org/claims/role' },
      { remoteClaim: 'mail', localClaim: 'email' },
    ],
  });
});

const bearer = (assertion: string, more: Readonly<Record<string, string>> = {}, as = client) =>
  tokenOf(as, { grant_type: JWT_BEARER, assertion, ...more });
const refusal = (text: string) => ({ status: 400, body: { error: 'invalid_grant', error_description: text } });
const seconds = (from: number) => Math.floor(Date.now() / 1000) + from;
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a JWT of a trusted issuer', () => {
  it('gives tokens on behalf of its user, with its mapped claims', async () => {
    const { status, body } = await bearer(await idp.jwt({ sub: 'maria', mail: 'maria@example.com', groups: ['Internal/creator'] }), {
      scope: 'openid email apim:api_create apim:admin',
    });

    expect({ status, scope: body.scope }).toEqual({ status: 200, scope: 'openid email apim:api_create' });
    const { claims } = partsOf(body.access_token);
    expect(claims).toMatchObject({
      sub: 'maria',
      aut: 'APPLICATION_USER',
      email: 'maria@example.com',
      iss: TOKEN_ENDPOINT,
      azp: client.clientId,
    });
    expect(claims['entity_id']).toMatch(/^[\da-f-]{36}$/);
    expect(partsOf(body.id_token).claims).toMatchObject({ sub: 'maria' });
    expect(await introspect(body.access_token)).toMatchObject({
      active: true,
      sub: 'maria',
      username: `FEDERATED/${claims['entity_id']}@carbon.super`,
    });
    const user = await management.request('GET /oauth2/userinfo', { as: { bearer: body.access_token } });
    expect(user).toMatchObject({ status: 200, body: { sub: 'maria', email: 'maria@example.com' } });
  });

  it('is found by the name of the key manager too, and its audience may be the token endpoint', async () => {
    const other = await OutsideIdp.start();
    const name = unique('Named');
    await other.trustedIn('carbon.super', { alias: '' }, { name, issuer: 'https://elsewhere.example.com' });

    expect(await bearer(await other.jwt({ iss: name, aud: ['x', TOKEN_ENDPOINT] }))).toMatchObject({ status: 200 });
  });

  it.each(['PEM', 'base64 of PEM'])('is verified with a certificate, given as %s', async (form) => {
    const other = await OutsideIdp.start();
    const value = form === 'PEM' ? other.certificate : Buffer.from(other.certificate).toString('base64');
    await other.trustedIn('carbon.super', { certificates: { type: 'PEM', value } });

    expect(await bearer(await other.jwt({}, { kid: 'whatever' }))).toMatchObject({ status: 200 });
    expect(await bearer(await idp.jwt({ iss: other.issuer, aud: other.alias }))).toMatchObject(refusal(SIGNATURE_INVALID));
  });

  it('may be signed with PS256 or ES256', async () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const other = await OutsideIdp.start();
    other.publish('ec', pair.publicKey);
    await other.trustedIn();

    expect(await bearer(await other.jwt({}, { alg: 'PS256' }))).toMatchObject({ status: 200 });
    expect(await bearer(await other.jwt({}, { alg: 'ES256', kid: 'ec' }, pair.privateKey))).toMatchObject({ status: 200 });
  });

  it('is one local user’s in no way, whatever its subject is called', async () => {
    const { body } = await bearer(await idp.jwt({ sub: 'admin', groups: 'Internal/creator, Internal/publisher' }), {
      scope: 'apim:api_view apim:admin',
    });

    expect(body.scope).toBe('apim:api_view');
    const answer = await management.request('GET /api/am/publisher/v4/apis', { as: { bearer: body.access_token } });
    expect(answer.status).toBe(200);
  });

  it('makes the owner of what is made with the token, and nobody else', async () => {
    const subject = unique('sub');
    const tokens = async () =>
      (await bearer(await idp.jwt({ sub: subject, groups: ['Internal/subscriber'] }), { scope: 'apim:subscribe apim:app_manage' })).body
        .access_token;
    const name = unique('Application');
    const made = await management.request<{ applicationId: string }>('POST /api/am/devportal/v3/applications', {
      as: { bearer: await tokens() },
      body: { name, throttlingPolicy: 'Unlimited' },
    });

    expect(made.status).toBe(201);
    const path = `GET /api/am/devportal/v3/applications/${made.body.applicationId}`;
    expect(await management.request(path, { as: { bearer: await tokens() } })).toMatchObject({ status: 200, body: { name } });
    const { body: stranger } = await bearer(await idp.jwt({ groups: ['Internal/subscriber'] }), { scope: 'apim:subscribe' });
    expect((await management.request(path, { as: { bearer: stranger.access_token } })).status).toBe(403);
  });

  it('gives no scope that is bound to a role when the issuer has no role claim', async () => {
    const other = await OutsideIdp.start();
    await other.trustedIn();

    const { body } = await bearer(await other.jwt({ groups: ['admin', 'Internal/creator'] }), { scope: 'apim:api_create own:thing' });

    expect(body.scope).toBe('own:thing');
  });
});

describe('the refresh token', () => {
  it('works while the issuer is trusted, with the roles it named last', async () => {
    const other = await OutsideIdp.start();
    const id = await other.trustedIn('carbon.super', { claimMapping: [{ remoteClaim: 'groups', localClaim: 'roles' }] });
    const scope = 'apim:api_create apim:subscribe';
    const { body: first } = await bearer(await other.jwt({ sub: 'eva', groups: ['Internal/creator', 'Internal/subscriber'] }), { scope });
    await bearer(await other.jwt({ sub: 'eva', groups: ['Internal/subscriber'], teams: ['a', 'b'] }));

    const refreshed = await tokenOf(client, { grant_type: 'refresh_token', refresh_token: first.refresh_token });

    expect(refreshed).toMatchObject({ status: 200, body: { scope: 'apim:subscribe' } });
    expect(partsOf(refreshed.body.access_token).claims).toMatchObject({ sub: 'eva', teams: ['a', 'b'] });

    await OutsideIdp.disable(id);

    expect(await tokenOf(client, { grant_type: 'refresh_token', refresh_token: refreshed.body.refresh_token })).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    expect(await introspect(refreshed.body.access_token)).toEqual({ active: false });
    expect((await useAtRestApi(refreshed.body.access_token)).status).toBe(401);
  });
});

describe('refused is a JWT', () => {
  it('of an issuer nobody registered, or only another tenant did', async () => {
    const tenant = await given.organization();
    const other = await OutsideIdp.start();
    await other.trustedIn(tenant.domain);
    const theirs = await register({ as: tenant.admin, grantType: GRANTS });

    const answer = await bearer(await other.jwt());

    expect(answer).toMatchObject(refusal(`No Registered IDP found for the JWT with issuer name : ${other.issuer}`));
    expect(await bearer(await other.jwt(), {}, theirs)).toMatchObject({ status: 200 });
  });

  it('of an issuer that is disabled, or whose tokens are taken only as they are', async () => {
    const [disabled, direct] = [await OutsideIdp.start(), await OutsideIdp.start()];
    await disabled.trustedIn('carbon.super', {}, { enabled: false });
    await direct.trustedIn('carbon.super', { tokenType: 'DIRECT' });

    for (const other of [disabled, direct]) {
      expect(await bearer(await other.jwt())).toMatchObject(
        refusal(`No Registered IDP found for the JWT with issuer name : ${other.issuer}`),
      );
    }
  });

  it('of an issuer that two key managers have', async () => {
    const other = await OutsideIdp.start();
    await other.trustedIn();
    await other.trustedIn();

    expect(await bearer(await other.jwt())).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it.each([
    ['that has expired', { exp: seconds(-1) }, 'JSON Web Token is expired'],
    ['without an end', { exp: undefined }, 'Mandatory field - Expiration time is empty in the given JSON Web Token.'],
    ['that is not valid yet', { nbf: seconds(60) }, 'JSON Web Token is used before Not_Before_Time'],
    ['of the future', { iat: seconds(60) }, 'JSON Web Token is issued in the future'],
    ['without a subject', { sub: undefined }, 'Mandatory field - Subject is empty or too long in the given JSON Web Token.'],
    ['whose subject is no text', { sub: 7 as unknown as string }, undefined],
    ['for somebody else', { aud: 'https://somebody.else' }, undefined],
    ['for nobody', { aud: undefined }, undefined],
    ['without an issuer', { iss: undefined }, 'Mandatory field - Issuer is empty in the given JSON Web Token.'],
    ['with claims too large for a token', { blob: 'x'.repeat(10_000) }, 'The claims of the user are larger than allowed.'],
  ])('%s', async (_, claims, text) => {
    const answer = await bearer(await idp.jwt(claims));

    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant', ...(text && { error_description: text }) } });
  });

  it('that was used before, also at the same moment', async () => {
    const assertion = await idp.jwt();

    const answers = await Promise.all([bearer(assertion), bearer(assertion)]);
    const again = await bearer(assertion);

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect(again).toMatchObject(refusal('The JSON Web Token was used before: its jti has been seen.'));
  });

  it('that was tampered with', async () => {
    const [header, , signature] = (await idp.jwt()).split('.');

    expect(await bearer(`${header}.${encode(idp.claims({ sub: 'boss' }))}.${signature}`)).toMatchObject(refusal(SIGNATURE_INVALID));
  });

  it('without a signature, or with one made from the public key', async () => {
    const claims = encode(idp.claims());
    const hs256 = `${encode({ alg: 'HS256', kid: 'first' })}.${claims}`;
    const forged = `${hs256}.${createHmac('sha256', idp.certificate).update(hs256).digest('base64url')}`;

    expect((await bearer(`${encode({ alg: 'none' })}.${claims}.`)).status).toBe(400);
    expect(await bearer(`${encode({ alg: 'none' })}.${claims}.AA`)).toMatchObject(refusal(SIGNATURE_INVALID));
    expect(await bearer(forged)).toMatchObject(refusal(SIGNATURE_INVALID));
  });

  it('that brings its own key, by value or by address', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwk = publicKey.export({ format: 'jwk' });
    const attacker = await given.backend((_, response) => {
      response.end(JSON.stringify({ keys: [{ ...jwk, kid: 'mine' }] }));
    });

    for (const header of [
      { jwk },
      { jku: attacker.url, kid: 'mine' },
      { x5u: attacker.url },
      { kid: attacker.url },
      { kid: '../../first' },
    ]) {
      expect(await bearer(await idp.jwt({}, header, privateKey))).toMatchObject(refusal(SIGNATURE_INVALID));
    }
    expect(attacker.requests).toEqual([]);
  });

  it('of another kind: a refresh token, a logout token', async () => {
    for (const typ of ['rt+jwt', 'logout+jwt']) expect((await bearer(await idp.jwt({}, { typ }))).status).toBe(400);
    expect((await bearer(await idp.jwt({}, { typ: 'at+jwt' }))).status).toBe(200);
  });

  it.each(['', 'x', 'a.b.c', 'e30.e30.AA', `${'a'.repeat(90)}.b.c`])('that is no JWT: %s', async (assertion) => {
    expect((await bearer(assertion)).status).toBe(400);
  });

  it('for a client that may not use the grant', async () => {
    const other = await register();

    expect(await bearer(await idp.jwt(), {}, other)).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } });
  });
});

it('learns of a new key of the issuer, without asking it for every unknown key id', async () => {
  const other = await OutsideIdp.start();
  await other.trustedIn();
  expect((await bearer(await other.jwt())).status).toBe(200);
  const key = other.rotate('second');

  await Promise.all(Array.from({ length: 20 }, async (_, index) => bearer(await other.jwt({}, { kid: `unknown${index}` }))));
  const fetchesOfAFlood = other.fetches;
  const answer = await eventually(
    async () => bearer(await other.jwt({}, { kid: 'second' }, key)),
    ({ status }) => status === 200,
  );

  expect(fetchesOfAFlood).toBeLessThanOrEqual(2);
  expect(answer.status).toBe(200);
});
