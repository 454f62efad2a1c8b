import {
  clientCredentialsGrant,
  fetchUserInfo,
  genericGrantRequest,
  refreshTokenGrant,
  tokenIntrospection,
  tokenRevocation,
} from 'openid-client';
import { management } from '../support/client.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';
import { discovered, isSignedByJwks, partsOf, passwordTokens, register, tokenOf } from './oauth.js';

const { admin } = server;
const ISSUER = `${server.management}/oauth2/token`;

describe('a standard OAuth library', () => {
  it('finds everything it needs in the discovery document', async () => {
    const configuration = await discovered(await register());

    expect(configuration.serverMetadata()).toMatchObject({
      issuer: ISSUER,
      token_endpoint: ISSUER,
      revocation_endpoint: `${server.management}/oauth2/revoke`,
      introspection_endpoint: `${server.management}/oauth2/introspect`,
      userinfo_endpoint: `${server.management}/oauth2/userinfo`,
      jwks_uri: `${server.management}/oauth2/jwks`,
      grant_types_supported: expect.arrayContaining(['password', 'client_credentials', 'refresh_token']),
    });
  });

  it('gets an application token, and reads about it', async () => {
    const configuration = await discovered(await register());

    const tokens = await clientCredentialsGrant(configuration, { scope: 'orders:read' });
    const introspected = await tokenIntrospection(configuration, tokens.access_token);

    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 3600, scope: 'orders:read' });
    expect(tokens.refresh_token).toBeUndefined();
    expect(introspected).toMatchObject({ active: true, scope: 'orders:read', client_id: configuration.clientMetadata().client_id });
  });

  it('gets a user’s tokens with the password, checks the ID token, reads the user and refreshes', async () => {
    const configuration = await discovered(await register());

    const tokens = await genericGrantRequest(configuration, 'password', { ...admin, scope: 'openid profile' });
    const subject = tokens.claims()?.sub ?? '';
    const user = await fetchUserInfo(configuration, tokens.access_token, subject);
    const refreshed = await refreshTokenGrant(configuration, tokens.refresh_token ?? '');

    expect(user).toMatchObject({ sub: subject, preferred_username: admin.username });
    expect(refreshed.scope).toBe('openid profile');
    expect(refreshed.access_token).not.toBe(tokens.access_token);
    expect(partsOf(refreshed.access_token).claims.sub).toBe(subject);
  });

  it('gives a token back', async () => {
    const configuration = await discovered(await register());
    const { access_token: token } = await clientCredentialsGrant(configuration);

    await tokenRevocation(configuration, token);

    expect(await tokenIntrospection(configuration, token)).toEqual({ active: false });
  });
});

describe('an access token', () => {
  it('of an application says what gateways and clients read', async () => {
    const client = await register();

    const { body, headers } = await tokenOf(client, { grant_type: 'client_credentials' });

    const { header, claims } = partsOf(body.access_token);
    expect(Object.keys(body)).toEqual(['access_token', 'scope', 'token_type', 'expires_in']);
    expect(body).toMatchObject({ scope: 'default', token_type: 'Bearer', expires_in: 3600 });
    expect(headers).toMatchObject({ 'cache-control': 'no-store', pragma: 'no-cache' });
    expect(header).toEqual({ alg: 'RS256', typ: 'at+jwt', kid: expect.any(String), x5t: expect.any(String) });
    expect(claims).toEqual({
      iss: ISSUER,
      sub: client.clientId,
      aut: 'APPLICATION',
      aud: client.clientId,
      azp: client.clientId,
      client_id: client.clientId,
      scope: 'default',
      realm: { signing_tenant: 'carbon.super' },
      entity_id: client.clientId,
      jti: expect.stringMatching(/^[\da-f-]{36}$/),
      iat: expect.any(Number),
      nbf: claims.iat,
      exp: claims.iat + 3600,
    });
    expect(await isSignedByJwks(body.access_token)).toBe(true);
  });

  it('of a user names the user by id, and its refresh token is a JWT too', async () => {
    const client = await register();

    const tokens = await passwordTokens(client, admin, 'openid apim:api_view');

    const { claims } = partsOf(tokens.access_token);
    const refresh = partsOf(tokens.refresh_token);
    expect(claims).toMatchObject({ aut: 'APPLICATION_USER', sub: expect.stringMatching(/^[\da-f-]{36}$/), scope: 'openid apim:api_view' });
    expect(claims['entity_id']).toBe(claims.sub);
    expect(refresh.header).toMatchObject({ typ: 'rt+jwt' });
    expect(refresh.claims).toMatchObject({
      iss: ISSUER,
      aud: ISSUER,
      sub: claims.sub,
      token_type: 'refresh_token',
      rt_scope: claims.scope,
    });
    expect(partsOf(tokens.id_token).claims).toMatchObject({ iss: ISSUER, sub: claims.sub, aud: client.clientId, azp: client.clientId });
    for (const token of Object.values({
      ...tokens,
      scope: tokens.access_token,
      token_type: tokens.id_token,
      expires_in: tokens.refresh_token,
    })) {
      expect(await isSignedByJwks(String(token))).toBe(true);
    }
  });

  it('has the scopes that the roles open, and nothing for asking for more', async () => {
    const creator = await given.user({ roles: ['Internal/creator'] });
    const client = await register();

    const tokens = await passwordTokens(client, creator, 'apim:api_create apim:admin apim:no_such_scope my:own');

    expect(tokens.scope).toBe('apim:api_create my:own');
  });

  it('of an application is judged by the roles of its owner', async () => {
    const owner = await given.user({ roles: ['Internal/creator'] });
    const client = await register({ as: owner });

    const { body } = await tokenOf(client, { grant_type: 'client_credentials', scope: 'apim:api_create apim:admin openid' });

    expect(body.scope).toBe('apim:api_create');
  });
});

describe('the token endpoint', () => {
  it.each(['form', 'JSON'] as const)('takes a %s body with the credentials in it', async (kind) => {
    const client = await register();
    const parameters = { grant_type: 'client_credentials', client_id: client.clientId, client_secret: client.clientSecret };

    const answer = await management.request('POST /oauth2/token', kind === 'form' ? { urlencoded: parameters } : { body: parameters });

    expect(answer).toMatchObject({ status: 200, body: { token_type: 'Bearer' } });
  });

  it('gives a new pair for a refresh token once, and narrows the scopes when asked to', async () => {
    const client = await register();
    const { refresh_token } = await passwordTokens(client, admin, 'apim:api_view apim:api_create');

    const [first, second] = await Promise.all(
      [1, 2].map(() => tokenOf(client, { grant_type: 'refresh_token', refresh_token, scope: 'apim:api_create apim:admin' })),
    );

    expect([first?.status, second?.status].sort()).toEqual([200, 400]);
    const granted = [first, second].find((answer) => answer?.status === 200);
    expect(granted?.body.scope).toBe('apim:api_create');
  });

  it('and the others that no cookie opens can be asked by scripts of any origin', async () => {
    const headers = { origin: 'https://portal.example' };
    const preflight = await management.request('OPTIONS /oauth2/token', { headers });
    expect([preflight.status, preflight.headers['access-control-allow-methods']]).toEqual([204, 'POST']);

    for (const operation of ['POST /oauth2/token', 'POST /oauth2/revoke', 'GET /oauth2/userinfo', 'GET /oauth2/jwks'])
      expect((await management.request(operation, { headers })).headers['access-control-allow-origin']).toBe('*');
  });

  it.each([
    '/oauth2/authorize',
    '/oauth2/device',
    '/oauth2/introspect',
    '/oidc/logout',
    '/oidc/checksession',
  ])('has a neighbour that no script of another origin may ask: %s', async (path) => {
    const headers = { origin: 'https://portal.example', 'access-control-request-method': 'POST' };

    for (const operation of [`OPTIONS ${path}`, `GET ${path}`]) {
      const answer = await management.request(operation, { headers });
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
      expect(operation.startsWith('GET') || answer.status).not.toBe(204);
    }
  });
});
