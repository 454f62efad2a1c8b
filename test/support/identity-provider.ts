import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Adapter, type AdapterPayload, type Configuration, Provider } from 'oidc-provider';
import { unique } from './unique.js';

/** What clients of the provider need to be registered with. */
const INITIAL_ACCESS_TOKEN = 'initial-access-token';

/** A client that is there from the start: it may introspect any token. */
const INTROSPECTOR = { clientId: 'introspector', clientSecret: 'introspector-secret' };

/** An OpenID provider that is not ours: clients register and are managed over HTTP, access tokens are JWTs. */
export interface IdentityProvider {
  readonly issuer: string;
  readonly jwksUri: string;
  readonly tokenEndpoint: string;
  readonly introspectionEndpoint: string;
  readonly registrationEndpoint: string;
  readonly initialAccessToken: string;
  readonly introspector: typeof INTROSPECTOR;
  /** Requests seen, as `GET /jwks`. */
  readonly seen: readonly string[];
  /** Registers a client for client credentials; gives its id and secret. */
  client(): Promise<{ readonly clientId: string; readonly clientSecret: string }>;
  /** An access token of the client itself. */
  token(client: { readonly clientId: string; readonly clientSecret: string }): Promise<string>;
  /** Signs with a new key from now on; the old one is gone. */
  rotate(): void;
  /** Whether the keys can be fetched. */
  breakKeys(broken: boolean): void;
  close(): Promise<void>;
}

const PATHS = { jwks: '/jwks', token: '/token', introspection: '/introspect', registration: '/register' };

/** Its access tokens are JWTs unless told otherwise. */
export const startIdentityProvider = async (format: 'jwt' | 'opaque' = 'jwt'): Promise<IdentityProvider> => {
  const seen: string[] = [];
  let handle: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.end();
  let isBroken = false;
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    if (isBroken && request.url === PATHS.jwks) response.writeHead(503).end();
    else handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stored = new Map<string, AdapterPayload>();
  const serve = () => {
    handle = new Provider(issuer, configuration(stored, format)).callback();
  };
  serve();

  const post = async (path: string, init: RequestInit): Promise<Readonly<Record<string, string>>> => {
    const answer = await fetch(issuer + path, { method: 'POST', ...init });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as Record<string, string>; // the test's own provider
  };
  const text = (value: string | undefined): string => value ?? '';
  return {
    issuer,
    jwksUri: issuer + PATHS.jwks,
    tokenEndpoint: issuer + PATHS.token,
    introspectionEndpoint: issuer + PATHS.introspection,
    registrationEndpoint: issuer + PATHS.registration,
    initialAccessToken: INITIAL_ACCESS_TOKEN,
    introspector: INTROSPECTOR,
    seen,
    client: async () => {
      const made = await post(PATHS.registration, {
        headers: { authorization: `Bearer ${INITIAL_ACCESS_TOKEN}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          client_name: unique('client'),
          grant_types: ['client_credentials'],
          redirect_uris: [],
          response_types: [],
        }),
      });
      return { clientId: text(made['client_id']), clientSecret: text(made['client_secret']) };
    },
    token: async ({ clientId, clientSecret }) => {
      const authorization = `Basic ${Buffer.from(`${clientId}:${encodeURIComponent(clientSecret)}`).toString('base64')}`;
      const made = await post(PATHS.token, { headers: { authorization }, body: new URLSearchParams({ grant_type: 'client_credentials' }) });
      return text(made['access_token']);
    },
    rotate: serve,
    breakKeys: (broken) => {
      isBroken = broken;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** Keeps what the provider stores, over a change of its keys. */
const adapter = (stored: Map<string, AdapterPayload>, kind: string): Adapter => ({
  upsert: async (id, payload) => {
    stored.set(`${kind}:${id}`, payload);
  },
  find: async (id) => stored.get(`${kind}:${id}`),
  findByUid: async () => undefined,
  findByUserCode: async () => undefined,
  consume: async () => undefined,
  destroy: async (id) => {
    stored.delete(`${kind}:${id}`);
  },
  revokeByGrantId: async () => undefined,
});

const configuration = (stored: Map<string, AdapterPayload>, format: 'jwt' | 'opaque'): Configuration => {
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
  return {
    adapter: (kind: string) => adapter(stored, kind),
    jwks: { keys: [{ ...key, kid: unique('key'), use: 'sig', alg: 'RS256' }] },
    clients: [
      {
        client_id: INTROSPECTOR.clientId,
        client_secret: INTROSPECTOR.clientSecret,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    routes: PATHS,
    scopes: ['openid', 'orders:read'],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: () => true },
      registration: { enabled: true, initialAccessToken: INITIAL_ACCESS_TOKEN },
      registrationManagement: { enabled: true, rotateRegistrationAccessToken: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => 'urn:api',
        getResourceServerInfo: () => ({
          scope: 'orders:read',
          audience: 'urn:api',
          accessTokenTTL: 600,
          ...(format === 'jwt' ? { accessTokenFormat: format, jwt: { sign: { alg: 'RS256' } } } : { accessTokenFormat: format }),
        }),
      },
    },
    extraTokenClaims: (_, token) => ({ azp: token.clientId }),
  };
};
