import { createPublicKey, type JsonWebKeyInput, verify } from 'node:crypto';
import { type ClientAuth, type Configuration, customFetch, discovery } from 'openid-client';
import { Agent, type RequestInit, fetch as undiciFetch } from 'undici';
import { expected, type OAuthClient } from '../support/actor.js';
import { type Answer, type Body, management } from '../support/client.js';
import { server } from '../support/server.js';
import { unique } from '../support/unique.js';

export interface Claims extends Body {
  readonly iss: string;
  readonly sub: string;
  readonly jti: string;
  readonly scope: string;
  readonly iat: number;
  readonly exp: number;
}

/** A JWT's header and claims, unverified. */
export const partsOf = (token: string): { readonly header: Body; readonly claims: Claims } => {
  const [header = '', claims = ''] = token.split('.');
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  return { header: read(header), claims: read(claims) };
};

/** Whether a key of the JWKS document made the token's signature. */
export const isSignedByJwks = async (token: string, jwksPath = '/oauth2/jwks'): Promise<boolean> => {
  const { keys } = expected(
    await management.request<{ keys: readonly (JsonWebKeyInput['key'] & { kid: string })[] }>(`GET ${jwksPath}`),
    200,
  );
  const key = keys.find(({ kid }) => kid === partsOf(token).header['kid']);
  const [header, claims, signature = ''] = token.split('.');
  if (!key) return false;
  return verify('sha256', Buffer.from(`${header}.${claims}`), createPublicKey({ key, format: 'jwk' }), Buffer.from(signature, 'base64url'));
};

// The server makes its own certificate.
const agent = new Agent({ connect: { rejectUnauthorized: false } });

/** The client as openid-client sees it after reading the discovery document of an issuer. */
export const discovered = (
  client: OAuthClient,
  issuer = `${server.management}/oauth2/token`,
  authentication?: ClientAuth,
): Promise<Configuration> =>
  discovery(new URL(issuer), client.clientId, client.clientSecret, authentication, {
    // Both fetches follow one specification; their types differ in name only.
    [customFetch]: (url, options) => undiciFetch(url, { ...(options as RequestInit), dispatcher: agent }) as unknown as Promise<Response>,
  });

export const basic = (client: OAuthClient) => ({ basic: { username: client.clientId, password: client.clientSecret } });

export interface Registration {
  readonly as?: { readonly username: string; readonly password: string };
  readonly grantType?: string;
  readonly saasApp?: boolean;
  readonly callbackUrl?: string;
}

/** Registers a client with the given traits. */
export const register = async ({
  as = server.admin,
  grantType = 'client_credentials password refresh_token',
  saasApp = false,
  callbackUrl = 'www.example.com',
}: Registration = {}): Promise<OAuthClient> =>
  expected(
    await management.request<OAuthClient>('POST /client-registration/v0.17/register', {
      as: { basic: as },
      body: { callbackUrl, clientName: unique('client'), owner: as.username, grantType, saasApp },
    }),
    200,
  );

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly id_token: string;
  readonly scope: string;
  readonly token_type: string;
  readonly expires_in: number;
}

/** Asks a token endpoint with a form; the client authenticates with Basic. */
export const tokenOf = (
  client: OAuthClient,
  parameters: Readonly<Record<string, string>>,
  path = '/oauth2/token',
): Promise<Answer<Tokens>> => management.request<Tokens>(`POST ${path}`, { as: basic(client), urlencoded: parameters });

/** Tokens of the password grant. */
export const passwordTokens = async (client: OAuthClient, user = server.admin, scope = 'apim:api_view'): Promise<Tokens> =>
  expected(await tokenOf(client, { grant_type: 'password', ...user, scope }), 200);

export const introspect = async (token: string): Promise<Body> =>
  expected(await management.request('POST /oauth2/introspect', { as: { basic: server.admin }, urlencoded: { token } }), 200);

/** An operation of the REST APIs that any token with the scope opens. */
export const useAtRestApi = (token: string) => management.request('GET /api/am/publisher/v4/key-managers', { as: { bearer: token } });
