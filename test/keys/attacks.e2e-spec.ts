import { setTimeout as pause } from 'node:timers/promises';
import { expected, type OAuthClient } from '../support/actor.js';
import { answersWithKey, keyOf, TOKENS_AND_KEYS, withoutSubscriptions } from '../support/api-keys.js';
import { type Backend, startBackend } from '../support/backend.js';
import { management } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { type GivenApi, given } from '../support/given.js';
import { server } from '../support/server.js';
import { FORGERIES, type Lures } from './forged-tokens.js';
import { basic, introspect, partsOf, passwordTokens, register, type Tokens, tokenOf, useAtRestApi } from './oauth.js';

/*
 * Tokens that must open nothing, at every door where a token could: REST APIs, gateway, introspection, user information, token endpoint.
 * What belongs to one door or flow alone is elsewhere: codes, PKCE, redirect URIs and sign-ins in authorize-refusals, refresh tokens in token-families,
 * JWTs and SAML assertions of outside issuers in jwt-bearer, token-exchange and saml-bearer, clients in client-attacks.
 */

let api: GivenApi;
let client: OAuthClient;
let tokens: Tokens;
let trap: Backend;
let lures: Lures;
let fetches = 0;

beforeAll(async () => {
  const subscribed = await given.subscriber({ backend: await given.backend(), with: TOKENS_AND_KEYS });
  api = subscribed.api;
  client = { clientId: subscribed.keys.consumerKey, clientSecret: subscribed.keys.consumerSecret };
  tokens = await passwordTokens(client, server.admin, 'openid apim:api_view');
  trap = await startBackend((_, response) => {
    fetches += 1;
    response.writeHead(200).end('{"keys":[]}');
  });
  const { admin } = await given.organization();
  const foreign = await tokenOf(await register({ as: admin }), { grant_type: 'client_credentials' });
  lures = { address: trap.url, foreignKid: String(partsOf(foreign.body.access_token).header['kid']) };
});
afterAll(() => trap.close());

const bearer = (token: string) => ({ as: { bearer: token } });

/** What each door says to the token. */
const doors = async (token: string, of = api) => ({
  rest: (await useAtRestApi(token)).status,
  gateway: (await gateway(`${of.url}/`, { token })).status,
  introspection: (await introspect(token))['active'],
  userinfo: (await management.request('GET /oauth2/userinfo', bearer(token))).status,
  refresh: (await tokenOf(client, { grant_type: 'refresh_token', refresh_token: token })).status,
});
const OPEN = { rest: 200, gateway: 200, introspection: true, userinfo: 200, refresh: 400 };
const SHUT = { rest: 401, gateway: 401, introspection: false, userinfo: 401, refresh: 400 };

it('the doors are open to the token that all the others are made of', async () => expect(await doors(tokens.access_token)).toEqual(OPEN));

describe('a forged token opens nothing', () => {
  it.each(Object.entries(FORGERIES))('%s', async (_, forge) => {
    expect(await doors(await forge(tokens.access_token, lures))).toEqual(SHUT);
    expect(await doors(await forge(tokens.refresh_token, lures))).toEqual(SHUT);
  });

  it('and nobody went where it pointed', () => expect(fetches).toBe(0));

  it('nor does it use up or revoke the one it was made of', async () => {
    for (const forge of Object.values(FORGERIES)) {
      const token = await forge(tokens.refresh_token, lures);
      expect((await management.request('POST /oauth2/revoke', { as: basic(client), urlencoded: { token } })).status).toBe(200);
    }
    expect(await introspect(tokens.refresh_token)).toMatchObject({ active: true });
    expect(await doors(tokens.access_token)).toEqual(OPEN);
  });
});

describe('a token of another kind, whose signature is right, opens nothing', () => {
  it.each(['id_token', 'refresh_token'] as const)('%s in place of an access token', async (kind) => {
    const { rest, gateway: atGateway, userinfo } = await doorsUnused(tokens[kind]);

    expect({ rest, atGateway, userinfo }).toEqual({ rest: 401, atGateway: 401, userinfo: 401 });
  });

  it('ID token at introspection and in place of a refresh token', async () => expect(await doors(tokens.id_token)).toEqual(SHUT));

  it('internal key of the API', async () => {
    const { apikey } = expected(
      await given.superAdmin.publisher<{ apikey: string }>('POST /apis/{apiId}/generate-key', { path: { apiId: api.id } }),
      200,
    );
    expect((await gateway(`${api.url}/`, { headers: { 'Internal-Key': apikey } })).status).toBe(200);

    expect(await doors(apikey)).toEqual(SHUT);
  });

  it('API key of the API', async () => {
    const open = await given.publishedApi({ backend: await given.backend(), with: TOKENS_AND_KEYS });
    await withoutSubscriptions(given.superAdmin, open);
    const { apikey } = await keyOf(given.superAdmin, open);
    expect((await answersWithKey(open, apikey, 200)).status).toBe(200);

    expect(await doors(apikey, open)).toEqual(SHUT);
  });

  /** Without the door that would use a refresh token up. */
  const doorsUnused = async (token: string) => ({
    rest: (await useAtRestApi(token)).status,
    gateway: (await gateway(`${api.url}/`, { token })).status,
    userinfo: (await management.request('GET /oauth2/userinfo', bearer(token))).status,
  });
});

describe('a token whose time is over opens nothing', () => {
  it('expired', async () => {
    const { body } = await tokenOf(client, { grant_type: 'client_credentials', validity_period: '2', scope: 'apim:api_view' });
    expect(await doors(body.access_token)).toMatchObject({ rest: 200, gateway: 200, introspection: true });

    await pause(2_500);

    expect(await doors(body.access_token)).toEqual(SHUT);
  });

  it('revoked', async () => {
    const { access_token } = await passwordTokens(client, server.admin, 'openid apim:api_view');
    expect(await doors(access_token)).toEqual(OPEN);

    await management.request('POST /oauth2/revoke', { as: basic(client), urlencoded: { token: access_token } });

    await eventually(
      () => gateway(`${api.url}/`, { token: access_token }),
      ({ status }) => status === 401,
      1_000,
    );
    expect(await doors(access_token)).toEqual(SHUT);
  });

  it('of a user whose password has changed, also those that another tenant’s client was given', async () => {
    const { admin } = await given.organization();
    const user = await given.user({ by: admin, roles: ['Internal/creator'] });
    const open = await given.publishedApi({ backend: await given.backend() });
    await withoutSubscriptions(given.superAdmin, open);
    const { access_token } = await passwordTokens(await register({ saasApp: true }), user, 'openid apim:api_create');
    await eventually(
      () => gateway(`${open.url}/`, { token: access_token }),
      ({ status }) => status === 200,
    );
    expect(await doors(access_token, open)).toMatchObject({ introspection: true, userinfo: 200 });

    const Operations = [{ op: 'replace', path: 'password', value: 'Another1' }];
    expected(await user.scim('PATCH /Me', { body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations } }), 200);

    await eventually(
      () => gateway(`${open.url}/`, { token: access_token }),
      ({ status }) => status === 401,
      1_000,
    );
    expect(await doors(access_token, open)).toEqual(SHUT);
  });
});

describe('a token for somebody else', () => {
  it('opens no API that asks for another audience', async () => {
    const picky = await given.publishedApi({ backend: await given.backend(), with: { audiences: ['kitchen'] } });
    await withoutSubscriptions(given.superAdmin, picky);

    const answer = await eventually(
      () => gateway(`${picky.url}/`, { token: tokens.access_token }),
      ({ body }) => body['code'] === '900914',
    );

    expect(answer.status).toBe(403);
  });

  it('opens no API of another tenant', async () => {
    const { admin } = await given.organization();
    const theirs = await given.subscriber({ by: admin, backend: await given.backend() });

    expect((await gateway(`${theirs.api.url}/`, { token: tokens.access_token })).status).toBe(401);
    expect((await gateway(`${api.url}/`, { token: theirs.token })).status).toBe(401);
  });

  it('is not taken from an address', async () => {
    const { access_token } = tokens;

    for (const path of ['/oauth2/userinfo', '/api/am/publisher/v4/key-managers'])
      expect((await management.request(`GET ${path}`, { query: { access_token } })).status).toBe(401);
    expect((await gateway(`${api.url}/?access_token=${access_token}`)).status).toBe(401);
  });
});
