import { createHash } from 'node:crypto';
import { fetchUserInfo, genericGrantRequest } from 'openid-client';
import { type Actor, expected } from '../support/actor.js';
import { management } from '../support/client.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';
import { asking, Browser, CALLBACK, sentBack } from './browser.js';
import { discovered, partsOf, passwordTokens, register, tokenOf } from './oauth.js';

const SCOPES = 'openid profile email phone address groups roles';

/** A user with something to tell. */
const anna = async (by: Actor = given.superAdmin): Promise<Actor> => {
  const user = await given.user({ by, roles: ['Internal/creator'] });
  const query = { filter: `userName eq ${user.username.split('@')[0]}` };
  const list = expected(await by.scim<{ Resources: readonly [{ id: string }] }>('GET /Users', { query }), 200);
  const value = {
    name: { givenName: 'Anna', familyName: 'Bell' },
    emails: ['anna@example.com'],
    phoneNumbers: [{ type: 'mobile', value: '+94 11' }],
    addresses: [{ type: 'home', locality: 'Kandy', country: 'LK' }],
    'urn:scim:wso2:schema': { emailVerified: true },
  };
  const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [{ op: 'replace', value }] };
  expected(await by.scim('PATCH /Users/{id}', { path: { id: list.Resources[0].id }, body }), 200);
  return user;
};

const shown = (user: Actor) => ({
  name: 'Anna Bell',
  given_name: 'Anna',
  family_name: 'Bell',
  preferred_username: user.username,
  username: user.username,
  updated_at: expect.any(Number),
  email: 'anna@example.com',
  email_verified: true,
  phone_number: '+94 11',
  address: { locality: 'Kandy', country: 'LK' },
  roles: expect.arrayContaining(['Internal/creator', 'Internal/everyone']),
});

const userinfo = (bearer: string, method = 'GET') => management.request(`${method} /oauth2/userinfo`, { as: { bearer } });

describe('the claims of a user', () => {
  it('are in the ID token and at userinfo, as far as the scopes go', async () => {
    const user = await anna();
    const configuration = await discovered(await register());

    const tokens = await genericGrantRequest(configuration, 'password', {
      username: user.username,
      password: user.password,
      scope: SCOPES,
    });
    const info = await fetchUserInfo(configuration, tokens.access_token, tokens.claims()?.sub ?? '');

    expect(info).toEqual({ sub: tokens.claims()?.sub, ...shown(user) });
    expect(tokens.claims()).toMatchObject(shown(user));
  });

  it.each([
    ['openid', []],
    ['openid email', ['email', 'email_verified']],
    ['openid phone orders:read', ['phone_number']],
    ['openid groups', []],
  ])('asked for with %s are no more than %j', async (scope, names) => {
    const { access_token, id_token } = await passwordTokens(await register(), await anna(), scope);

    const { body } = await userinfo(access_token, 'POST');

    expect(Object.keys(body).sort()).toEqual(['sub', ...names].sort());
    expect(Object.keys(partsOf(id_token).claims).sort()).toEqual(
      ['sub', 'iss', 'aud', 'azp', 'exp', 'iat', 'nbf', 'jti', 'at_hash', 'amr', ...names].sort(),
    );
  });

  it('are in the ID token of an authorization code, with what the login adds', async () => {
    const user = await anna();
    const [browser, app] = [new Browser(), await register({ grantType: 'authorization_code', callbackUrl: CALLBACK })];
    const back = await browser.arrive(asking(app, { scope: 'openid email', nonce: 'n-1' }), user);

    const { code = '' } = sentBack(back);
    const tokens = expected(await tokenOf(app, { grant_type: 'authorization_code', code, redirect_uri: CALLBACK }), 200);
    const { claims } = partsOf(tokens.id_token);

    expect(claims).toMatchObject({
      aud: app.clientId,
      azp: app.clientId,
      nonce: 'n-1',
      auth_time: expect.any(Number),
      sid: expect.any(String),
      amr: ['BasicAuthenticator'],
      at_hash: createHash('sha256').update(tokens.access_token).digest().subarray(0, 16).toString('base64url'),
      email: 'anna@example.com',
      email_verified: true,
    });
    expect(claims).not.toHaveProperty('given_name');
    expect((await userinfo(tokens.access_token)).body).toEqual({ sub: claims.sub, email: 'anna@example.com', email_verified: true });
  });

  it('hold lists of groups and roles', async () => {
    const { access_token } = await passwordTokens(await register(), server.admin, 'openid groups roles');

    expect((await userinfo(access_token)).body).toMatchObject({ groups: ['admin'], roles: expect.arrayContaining(['admin']) });
  });

  it('of another tenant’s user are those of that tenant', async () => {
    const tenant = await given.organization();
    const user = await anna(tenant.admin);
    const client = await register({ as: tenant.admin });

    const { access_token, id_token } = await passwordTokens(client, user, SCOPES);

    expect((await userinfo(access_token)).body).toMatchObject(shown(user));
    expect(partsOf(id_token).claims).toMatchObject({ ...shown(user), iss: `${server.management}/t/${tenant.domain}/oauth2/token` });
  });

  it('follow the user at userinfo, though the token is older', async () => {
    const user = await anna();
    const { access_token } = await passwordTokens(await register(), user, 'openid profile');
    expected(
      await user.scim('PATCH /Me', {
        body: {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
          Operations: [{ op: 'replace', path: 'name.givenName', value: 'Ann' }],
        },
      }),
      200,
    );

    expect((await userinfo(access_token)).body).toMatchObject({ given_name: 'Ann', name: 'Ann Bell' });
  });
});
