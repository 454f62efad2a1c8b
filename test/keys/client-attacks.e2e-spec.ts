import { randomUUID } from 'node:crypto';
import type { OAuthClient } from '../support/actor.js';
import { type Answer, type Body, management } from '../support/client.js';
import { given, type Organization } from '../support/given.js';
import { server } from '../support/server.js';
import { asking, Browser, codeFor, pathOf, portalClient, quietClient, redeem } from './browser.js';
import { basic, introspect, partsOf, passwordTokens, register, type Tokens, tokenOf, useAtRestApi } from './oauth.js';
import { OutsideIdp } from './outside-idp.js';

/*
 * What clients, or those who pretend to be one, must not get. Elsewhere: tokens in attacks, replayed codes, PKCE, redirect URIs, sessions and codes of other
 * tenants in authorize-refusals, users of other tenants in tenants, replayed refresh tokens in token-families.
 */

const { admin } = server;
const OWN = { grant_type: 'client_credentials' };
const ENDPOINTS = ['token', 'revoke', 'introspect', 'device_authorize'] as const;
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';

let client: OAuthClient;
let other: OAuthClient;
let tenant: Organization;
beforeAll(async () => {
  const grantType = `client_credentials password refresh_token ${EXCHANGE} ${DEVICE}`;
  [client, other, tenant] = await Promise.all([register({ grantType }), register({ grantType }), given.organization()]);
});

const ask = (endpoint: string, urlencoded: Readonly<Record<string, string>>, options: object = {}): Promise<Answer<Body>> =>
  management.request(`POST /oauth2/${endpoint}`, { urlencoded: { token: 'x', ...urlencoded }, ...options });

describe.each(ENDPOINTS)('/oauth2/%s: a client that proves itself in two ways at once', (endpoint) => {
  it.each([
    ['with one secret twice', () => ({ client_id: client.clientId, client_secret: client.clientSecret })],
    ['with another secret in the body', () => ({ client_id: client.clientId, client_secret: 'wrong' })],
    ['with a secret alone in the body', () => ({ client_secret: client.clientSecret })],
    ['as another client in the body', () => ({ client_id: other.clientId, client_secret: other.clientSecret })],
    ['with another client’s name in the body', () => ({ client_id: other.clientId })],
  ])('%s is refused', async (_, body) => {
    const answer = await ask(endpoint, { ...OWN, ...body() }, { as: basic(client) });

    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  it('may name itself in the body once more', async () => {
    expect((await ask(endpoint, { ...OWN, client_id: client.clientId }, { as: basic(client) })).status).toBe(200);
  });

  it('is not let in by its name with a signed assertion that nobody reads', async () => {
    const app = await portalClient({ bypassClientCredentials: true });
    const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

    const answer = await ask(endpoint, { ...OWN, client_id: app.clientId, client_assertion: 'e30.e30.e30', client_assertion_type });

    expect(answer.status).toBe(401);
  });

  it('is not let in by what stands in the address', async () => {
    const query = { client_id: client.clientId, client_secret: client.clientSecret };

    expect((await ask(endpoint, OWN, { query })).status).toBe(401);
    expect((await ask(endpoint, { ...OWN, client_id: client.clientId }, { query })).status).toBe(401);
  });
});

describe('the token endpoint', () => {
  it.each([
    ['a password', () => ({ grant_type: 'password', username: admin.username }), () => ({ password: admin.password })],
    ['a refresh token', () => ({ grant_type: 'refresh_token' }), (tokens: Tokens) => ({ refresh_token: tokens.refresh_token })],
    ['a grant type', () => ({}), () => OWN],
    ['scopes', () => OWN, () => ({ scope: 'apim:api_view' })],
  ])('does not read %s from the address', async (_, body, query) => {
    const tokens = await passwordTokens(client);

    const answer = await management.request<Body>('POST /oauth2/token', { as: basic(client), urlencoded: body(), query: query(tokens) });

    if (answer.status === 200) expect(answer.body['scope']).toBe('default');
    else expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  it('does not answer a GET at all', async () =>
    expect((await management.request('GET /oauth2/token', { as: basic(client), query: OWN })).status).toBe(405));

  it('lets nobody keep what it says', async () => {
    for (const credentials of [client, { ...client, clientSecret: 'wrong' }]) {
      const { headers } = await tokenOf(credentials, OWN);
      expect(headers).toMatchObject({ 'cache-control': 'no-store', pragma: 'no-cache' });
    }
  });

  it('says the same of a client that is not there as of a wrong secret', async () => {
    const answers = [
      { ...client, clientSecret: 'wrong' },
      { clientId: randomUUID(), clientSecret: 'wrong' },
    ].map((one) => tokenOf(one, OWN));
    const [wrong, absent] = await Promise.all(answers);

    expect(wrong?.body).toEqual(absent?.body);
    expect(wrong?.status).toBe(absent?.status);
  });
});

describe('introspection', () => {
  it('is not for whoever knows the name of a public client', async () => {
    const app = await portalClient({ bypassClientCredentials: true }, given.superAdmin, ['password']);
    const { access_token: token } = await passwordTokens(app);

    const answer = await management.request('POST /oauth2/introspect', { urlencoded: { client_id: app.clientId, token } });

    expect(answer).toMatchObject({ status: 401, body: { error: 'access_denied' } });
  });

  it('tells a client nothing of another one’s token', async () => {
    const { access_token: token } = await passwordTokens(other);

    expect((await ask('introspect', { token }, { as: basic(client) })).body).toEqual({ active: false });
  });
});

describe('scopes do not grow', () => {
  it('by refreshing', async () => {
    const { refresh_token } = await passwordTokens(client, admin, 'apim:api_view');

    const { body } = await tokenOf(client, { grant_type: 'refresh_token', refresh_token, scope: 'apim:api_view apim:admin openid' });

    expect(body.scope).toBe('apim:api_view');
    const again = await tokenOf(client, { grant_type: 'refresh_token', refresh_token: body.refresh_token, scope: 'apim:admin' });
    expect(again.body.scope).toBe('default');
  });

  it('by asking for more when a code is redeemed, or a device comes back', async () => {
    const user = await given.user({ roles: ['Internal/creator'] });
    const app = await quietClient();
    const code = await codeFor(app, { user, with: { scope: 'apim:api_view apim:admin' } });

    expect((await redeem(app, code, { scope: 'apim:admin' })).body.scope).toBe('apim:api_view');
  });

  it('by asking as an application whose owner has no such role', async () => {
    const app = await register({ as: await given.user({ roles: ['Internal/creator'] }) });

    const { body } = await tokenOf(app, { ...OWN, scope: 'apim:admin apim:api_view' });

    expect(body.scope).toBe('apim:api_view');
  });

  it('by a token of an outside issuer that names them', async () => {
    const idp = await OutsideIdp.start();
    await idp.trustedIn('carbon.super', { tokenType: 'BOTH' });
    const subject_token = await idp.jwt({ scope: 'apim:admin', roles: ['admin'], aut: 'APPLICATION' });
    const form = { grant_type: EXCHANGE, subject_token, subject_token_type: 'urn:ietf:params:oauth:token-type:jwt' };

    const { body } = await tokenOf(client, { ...form, scope: 'apim:admin' });

    expect(body.scope).toBe('default');
    expect(partsOf(body.access_token).claims).toMatchObject({ scope: 'default', aut: 'APPLICATION_USER' });
    expect((await useAtRestApi(body.access_token)).status).toBe(401);
  });
});

describe('nothing of one organization works in another', () => {
  it('its client, under the other one’s address', async () => {
    const path = `/t/${tenant.domain}/oauth2`;
    const app = await quietClient();

    expect((await tokenOf(client, OWN, `${path}/token`)).status).toBe(401);
    expect(pathOf(await new Browser().authorize(asking(app), `${path}/authorize`))).toBe('/authenticationendpoint/oauth2_error.do');
    const answer = await management.request(`POST ${path}/device_authorize`, { as: basic(client), urlencoded: {} });
    expect(answer.status).toBe(401);
  });

  it('its refresh token, for the other one’s client', async () => {
    const [ours, theirs] = [await quietClient(), await quietClient({ as: tenant.admin })];
    const { body } = await redeem(ours, await codeFor(ours));

    expect((await tokenOf(theirs, { grant_type: 'refresh_token', refresh_token: body.refresh_token })).status).toBe(400);
    expect((await tokenOf(ours, { grant_type: 'refresh_token', refresh_token: body.refresh_token })).status).toBe(200);
  });

  it('its token, revoked by the other one’s client', async () => {
    const { access_token: token } = await passwordTokens(client);

    expect((await ask('revoke', { token }, { as: basic(await register({ as: tenant.admin })) })).status).toBe(200);

    expect(await introspect(token)).toMatchObject({ active: true });
  });
});
