import type { OAuthClient } from '../support/actor.js';
import { management } from '../support/client.js';
import { server } from '../support/server.js';
import { basic, passwordTokens, register, tokenOf } from './oauth.js';

const { admin } = server;
let client: OAuthClient;
let applicationOnly: OAuthClient;
beforeAll(async () => {
  client = await register();
  applicationOnly = await register({ grantType: 'client_credentials' });
});

const INVALID_CLIENT = { error_description: 'Client credentials are invalid.', error: 'invalid_client' };

describe('a client that cannot prove itself', () => {
  it.each([
    ['with a wrong secret', () => ({ clientId: client.clientId, clientSecret: 'wrong' })],
    ['that does not exist', () => ({ clientId: 'nobody', clientSecret: 'x' })],
    ['whose id holds a NUL', () => ({ clientId: 'a\0b', clientSecret: 'x' })],
    ['without a secret', () => ({ clientId: client.clientId, clientSecret: '' })],
  ])('%s gets 401 with our realm', async (_, credentials) => {
    const { status, body, headers } = await tokenOf(credentials(), { grant_type: 'client_credentials' });

    expect({ status, body }).toEqual({ status: 401, body: INVALID_CLIENT });
    expect(headers['www-authenticate']).toBe('Basic realm=localhost');
  });

  it.each([
    ['no credential at all', {}],
    ['a header that is no Basic one', { authorization: 'Basic ###' }],
    ['a bearer token', { authorization: 'Bearer abc' }],
  ])('gets the same with %s', async (_, headers) => {
    const answer = await management.request('POST /oauth2/token', { headers, urlencoded: { grant_type: 'client_credentials' } });

    expect(answer).toMatchObject({ status: 401, body: INVALID_CLIENT });
  });
});

describe('a request that is wrong', () => {
  it.each([
    [
      'a wrong password',
      { grant_type: 'password', ...admin, password: 'wrong' },
      'invalid_grant',
      `Authentication failed for ${admin.username}`,
    ],
    ['an unknown user', { grant_type: 'password', username: 'nobody', password: 'x' }, 'invalid_grant', 'Authentication failed for nobody'],
    [
      'a user of an unknown tenant',
      { grant_type: 'password', username: 'a@no.such', password: 'x' },
      'invalid_grant',
      'Authentication failed for a@no.such',
    ],
    ['no grant type', {}, 'invalid_request', 'Missing parameters: grant_type'],
    ['no password', { grant_type: 'password', username: 'ann' }, 'invalid_request', 'Missing parameters: password'],
    ['no user and no password', { grant_type: 'password' }, 'invalid_request', 'Missing parameters: username, password'],
    ['no refresh token', { grant_type: 'refresh_token' }, 'invalid_request', 'Missing parameters: refresh_token'],
    ['an unknown grant', { grant_type: 'magic' }, 'unsupported_grant_type', 'Unsupported grant_type value'],
    ['a refresh token that is none', { grant_type: 'refresh_token', refresh_token: 'a.b.c' }, 'invalid_grant', undefined],
  ])('%s', async (_, parameters, error, text) => {
    const { status, body } = await tokenOf(client, parameters);

    expect({ status, body }).toEqual({ status: 400, body: { error, error_description: text ?? expect.any(String) } });
  });

  it('a grant the client did not register for', async () => {
    const { status, body } = await tokenOf(applicationOnly, { grant_type: 'password', ...admin });

    expect({ status, body }).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } });
  });

  it('another client’s refresh token, an access token, an ID token in its place', async () => {
    const tokens = await passwordTokens(await register(), admin, 'openid');
    const own = await passwordTokens(client, admin, 'openid');

    for (const wrong of [tokens.refresh_token, own.access_token, own.id_token]) {
      expect(await tokenOf(client, { grant_type: 'refresh_token', refresh_token: wrong })).toMatchObject({
        status: 400,
        body: { error: 'invalid_grant' },
      });
    }
  });

  it.each([
    ['malformed JSON', 'application/json', '{"grant_type":', 400],
    ['a JSON list', 'application/json', '[1]', 400],
    ['an object in place of a text', 'application/json', '{"grant_type":{"a":1}}', 400],
    ['a parameter given twice', 'application/x-www-form-urlencoded', 'grant_type=password&grant_type=password', 400],
    ['the user given twice', 'application/x-www-form-urlencoded', 'grant_type=password&username=a&username=b&password=x', 400],
    ['a NUL in a name', 'application/x-www-form-urlencoded', 'grant_type=password&username=a%00b&password=x', 400],
    ['a body that is too large', 'application/x-www-form-urlencoded', `grant_type=password&x=${'a'.repeat(100_000)}`, 413],
  ])('%s', async (_, type, raw, expected) => {
    const { status, body } = await management.request('POST /oauth2/token', { as: basic(client), headers: { 'content-type': type }, raw });

    expect({ status, body }).toMatchObject({ status: expected, body: { error: 'invalid_request', error_description: expect.any(String) } });
  });

  it('another method, another path, another tenant than there is', async () => {
    expect(await management.request('GET /oauth2/token')).toMatchObject({ status: 405, headers: { allow: 'POST' } });
    expect(await management.request('POST /oauth2/magic', { urlencoded: {} })).toMatchObject({ status: 404 });
    expect(await management.request('GET /t/no.such/oauth2/jwks')).toMatchObject({ status: 404 });
    expect(await management.request('GET /t/%00/oauth2/jwks')).toMatchObject({ status: 404 });
  });
});
