import { createHash, createPublicKey, type JsonWebKeyInput, verify } from 'node:crypto';
import { Agent, fetch } from 'undici';
import { Cli } from '../server/cli.js';
import type { OAuthClient } from '../support/actor.js';
import { eventually } from '../support/eventually.js';
import { unique } from '../support/unique.js';
import { asking, Browser, CALLBACK, pathOf, sentBack } from './browser.js';
import { partsOf } from './oauth.js';

const ADMIN = { username: 'admin', password: 'admin' };
const insecure = new Agent({ connect: { rejectUnauthorized: false } });
let cli: Cli;

// What is off by default is on here, and the other way round.
beforeAll(async () => {
  cli = await Cli.start({
    APIM_OAUTH__GRANT_TYPE__IMPLICIT__ENABLE: 'true',
    APIM_OAUTH__CALLBACK__ENFORCE_LITERAL_CHARACTERS: 'false',
    APIM_OAUTH__PROMPT_CONSENT: 'false',
    APIM_OAUTH__PKCE__REQUIRED_FOR_PUBLIC_CLIENTS: 'false',
    APIM_OAUTH__TOKEN_VALIDATION__AUTHORIZATION_CODE_VALIDITY: '1',
  });
});
afterAll(async () => {
  await cli.stop();
  await insecure.destroy();
});

const json = async <T>(path: string): Promise<T> => (await (await fetch(cli.management + path, { dispatcher: insecure })).json()) as T;

const clientWith = async (grantType: string, callbackUrl = CALLBACK, tokenType = 'JWT'): Promise<OAuthClient> => {
  const answer = await cli.post('/client-registration/v0.17/register', {
    clientName: unique('app'),
    owner: 'admin',
    grantType,
    callbackUrl,
    tokenType,
  });
  return answer.body as OAuthClient;
};

const redeem = async (client: OAuthClient, code = '') => {
  const answer = await fetch(`${cli.management}/oauth2/token`, {
    method: 'POST',
    dispatcher: insecure,
    headers: { authorization: `Basic ${btoa(`${client.clientId}:${client.clientSecret}`)}` },
    body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: CALLBACK }),
  });
  return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, string>> };
};

/** What the client is sent in the fragment of its callback. */
const fragmentFor = async (client: OAuthClient, further: Readonly<Record<string, string>>) => {
  const back = await new Browser(cli.management).arrive(asking(client, further), ADMIN);
  expect(back.location.startsWith(`${CALLBACK}#`)).toBe(true);
  return sentBack(back);
};

const isSigned = async (token: string): Promise<boolean> => {
  const { keys } = await json<{ keys: readonly (JsonWebKeyInput['key'] & { kid: string })[] }>('/oauth2/jwks');
  const key = keys.find(({ kid }) => kid === partsOf(token).header['kid']);
  const [header, claims, signature = ''] = token.split('.');
  return (
    key !== undefined &&
    verify('sha256', Buffer.from(`${header}.${claims}`), createPublicKey({ key, format: 'jwk' }), Buffer.from(signature, 'base64url'))
  );
};

describe('with the implicit grant switched on', () => {
  it('a token comes in the fragment, with the scopes that the user may have', async () => {
    const client = await clientWith('implicit');

    const {
      access_token = '',
      state,
      id_token,
      refresh_token,
      ...rest
    } = await fragmentFor(client, {
      response_type: 'token',
      scope: 'apim:api_view apim:no_such_scope',
      state: 's',
    });

    expect({ state, id_token, refresh_token }).toEqual({ state: 's' });
    expect(rest).toMatchObject({ token_type: 'Bearer', expires_in: '3600', scope: 'apim:api_view', session_state: expect.any(String) });
    expect(await isSigned(access_token)).toBe(true);
    expect(partsOf(access_token).claims).toMatchObject({ aud: client.clientId, scope: 'apim:api_view', aut: 'APPLICATION_USER' });
    const answer = await fetch(`${cli.management}/api/am/publisher/v4/key-managers`, {
      dispatcher: insecure,
      headers: { authorization: `Bearer ${access_token}` },
    });
    expect(answer.status).toBe(200);
  });

  it('a token is opaque where the client’s tokens are, and the ID token beside it belongs to it', async () => {
    const client = await clientWith('implicit', CALLBACK, 'OAUTH');
    const usersOf = async (token: string) => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(`${cli.management}/oauth2/userinfo`, { dispatcher: insecure, headers })).status;
    };

    for (const response_type of ['token', 'id_token token']) {
      const { access_token = '', id_token } = await fragmentFor(client, { response_type, nonce: 'n' });

      expect(access_token).toMatch(/^[\w-]{43}$/);
      expect(await usersOf(access_token)).toBe(200);
      if (response_type === 'token') continue;
      const half = createHash('sha256').update(access_token).digest().subarray(0, 16).toString('base64url');
      expect(partsOf(id_token ?? '').claims['at_hash']).toBe(half);
      expect(await isSigned(id_token ?? '')).toBe(true);
    }
  });

  it('a token without any scope is one of the scope default', async () => {
    const back = await fragmentFor(await clientWith('implicit'), { response_type: 'token', scope: '' });

    expect(back['scope']).toBe('default');
  });

  it('an ID token comes alone or beside an access token, and belongs to it', async () => {
    const client = await clientWith('implicit');

    const alone = await fragmentFor(client, { response_type: 'id_token', nonce: 'n' });
    const both = await fragmentFor(client, { response_type: 'id_token token', nonce: 'n' });

    expect(alone['access_token']).toBeUndefined();
    expect(await isSigned(alone['id_token'] ?? '')).toBe(true);
    expect(partsOf(both['id_token'] ?? '').claims).toMatchObject({ nonce: 'n', aud: client.clientId, at_hash: expect.any(String) });
  });

  it('a code comes with them, and tokens of its own for it', async () => {
    const client = await clientWith('authorization_code implicit refresh_token');

    const back = await fragmentFor(client, { response_type: 'code id_token token', nonce: 'n' });
    const { status, body } = await redeem(client, back['code']);

    expect(partsOf(back['id_token'] ?? '').claims).toMatchObject({ c_hash: expect.any(String) });
    expect(status).toBe(200);
    expect(partsOf(body['access_token'] ?? '').claims.jti).not.toBe(partsOf(back['access_token'] ?? '').claims.jti);
  });

  it.each([
    ['an ID token without a nonce', { response_type: 'id_token' }, 'invalid_request'],
    ['an ID token without openid', { response_type: 'id_token', nonce: 'n', scope: 'other' }, 'invalid_request'],
    ['a token in the query', { response_type: 'token', response_mode: 'query' }, 'invalid_request'],
    ['a code beside it that the client may not use', { response_type: 'code token' }, 'unauthorized_client'],
  ])('%s is refused', async (_, further, error) => {
    const back = await new Browser(cli.management).authorize(asking(await clientWith('implicit'), further));

    expect(back.location.startsWith(CALLBACK)).toBe(true);
    expect(sentBack(back)).toMatchObject({ error });
  });

  it('a client that may not use it gets none', async () => {
    const back = await new Browser(cli.management).authorize(asking(await clientWith('authorization_code'), { response_type: 'token' }));

    expect(back.location.startsWith(`${CALLBACK}#`)).toBe(true);
    expect(sentBack(back)).toMatchObject({ error: 'unauthorized_client' });
  });

  it('discovery lists it', async () =>
    expect(await json('/oauth2/token/.well-known/openid-configuration')).toMatchObject({
      response_types_supported: [
        'code',
        'none',
        'id_token',
        'token',
        'id_token token',
        'code id_token',
        'code token',
        'code id_token token',
      ],
      grant_types_supported: expect.arrayContaining(['authorization_code', 'implicit']),
      code_challenge_methods_supported: ['S256', 'plain'],
    }));
});

it('without consent, users of applications are not asked', async () => {
  const application = await cli.post('/api/am/devportal/v3/applications', {
    name: unique('app'),
    throttlingPolicy: 'Unlimited',
    tokenType: 'JWT',
  });
  const { applicationId } = application.body as { readonly applicationId: string };
  const keys = await cli.post(`/api/am/devportal/v3/applications/${applicationId}/generate-keys`, {
    keyType: 'PRODUCTION',
    grantTypesToBeSupported: ['authorization_code'],
    callbackUrl: CALLBACK,
  });
  const { consumerKey } = keys.body as { readonly consumerKey: string };

  const back = await new Browser(cli.management).arrive(asking({ clientId: consumerKey }, { prompt: 'consent' }), ADMIN);

  expect(sentBack(back)['code']).toEqual(expect.any(String));
});

it('without literal characters, a pattern is a plain regular expression', async () => {
  const client = await clientWith('authorization_code', 'regexp=https://a.example.com/cb');

  const answer = await new Browser(cli.management).authorize(asking(client, { redirect_uri: 'https://aXexample.com/cb' }));

  expect(pathOf(answer)).toBe('/authenticationendpoint/login.do');
});

it('a code lives as long as the configuration says', async () => {
  const client = await clientWith('authorization_code');
  const browser = new Browser(cli.management);
  const { code } = sentBack(await browser.arrive(asking(client), ADMIN));
  const issued = Date.now();

  await eventually(
    async () => Date.now(),
    (now) => now > issued + 1_100,
  );

  expect(await redeem(client, code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
});

it('a public client may do without PKCE where that is allowed', async () => {
  const { body } = await cli.post('/keymanager-operations/dcr/register', {
    client_name: unique('old'),
    redirect_uris: [CALLBACK],
    grant_types: ['authorization_code'],
    bypassClientCredentials: true,
  });
  const { client_id: clientId } = body as { readonly client_id: string };

  const back = await new Browser(cli.management).arrive(asking({ clientId }), ADMIN);

  expect(sentBack(back)['code']).toEqual(expect.any(String));
});
