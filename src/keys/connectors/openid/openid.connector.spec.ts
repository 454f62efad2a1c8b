import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApimConfig } from '../../../platform/config/sections/apim.config.js';
import { Log } from '../../../platform/logging/log.js';
import { Outbound } from '../../../platform/outbound/outbound.js';
import type { ClientRequest, ConnectedKeyManager } from '../connector.js';
import { KeyManagerUnreachable, RefusedByKeyManager } from '../connector.problems.js';
import { KeyManagerHttp } from '../key-manager-http.js';
import type { RegisteredClients, Registration } from '../registered-clients.js';
import { ManagementAccess } from './management-access.js';
import { OpenIdConnector } from './openid.connector.js';

interface Seen {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** How the other side answers; a test replaces it. */
let answer: (seen: Seen) => readonly [status: number, body: unknown];
let seen: Seen[] = [];
let server: Server;
let base: string;

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { method, url: path, headers } = request;
  const call = { method, path, authorization: headers.authorization, body: await bodyOf(request) };
  seen.push(call);
  const [status, body] = answer(call);
  response.writeHead(status, { 'content-type': 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body));
};

beforeAll(async () => {
  server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  seen = [];
  kept.clear();
});
afterAll(() => server.close());

const kept = new Map<string, Registration>();
const registered: Pick<RegisteredClients, 'find' | 'keep' | 'forget'> = {
  find: async (_, clientId) => kept.get(clientId),
  keep: async (_, clientId, registration) => void kept.set(clientId, registration),
  forget: async (_, clientId) => void kept.delete(clientId),
};

const config = new ApimConfig();
const outbound = new Outbound(Object.assign(config, { outbound: { ...config.outbound, timeoutMs: 500 } }));
const http = new KeyManagerHttp(outbound, { warn: () => undefined } as unknown as Log); // nothing is read from the log here
// The three methods are all that the connector calls.
const connector = new OpenIdConnector(http, new ManagementAccess(http), registered as RegisteredClients);

const keyManager = (properties: ConnectedKeyManager['properties'] = { registration_authentication: 'None' }): ConnectedKeyManager => ({
  id: `${Math.random()}`,
  organization: 'org.com',
  name: 'Idp',
  type: 'oidc',
  issuer: base,
  wellKnownEndpoint: '',
  clientRegistrationEndpoint: `${base}/register`,
  tokenEndpoint: `${base}/token`,
  revokeEndpoint: '',
  introspectionEndpoint: `${base}/introspect`,
  scopeManagementEndpoint: '',
  endpoints: {},
  consumerKeyClaim: 'azp',
  scopesClaim: 'scope',
  properties,
});

const request: ClientRequest = {
  name: 'ann_1_PRODUCTION',
  displayName: 'Orders',
  owner: 'ann',
  grantTypes: ['client_credentials', 'authorization_code'],
  callbackUrls: ['https://app.test/cb'],
  scopes: [],
  properties: { token_endpoint_auth_method: 'client_secret_post', client_uri: 'https://app.test', unknown: 'not passed on', logo_uri: '' },
};
const REGISTRATION = { registration_client_uri: '', registration_access_token: 'rat-1' };
const CLIENT = { client_id: 'c1', client_secret: 's1', grant_types: ['client_credentials'], redirect_uris: ['https://app.test/cb'] };
const whole = () => ({ ...CLIENT, ...REGISTRATION, registration_client_uri: `${base}/clients/c1` });
const json = (index: number): Readonly<Record<string, unknown>> => JSON.parse(seen[index]?.body ?? '{}') as Record<string, unknown>;

describe('a client', () => {
  it('is registered in the words of RFC 7591, and what opens it is kept and never shown', async () => {
    answer = () => [201, { ...whole(), client_name: 'x' }];

    const client = await connector.createClient(keyManager(), request);

    expect(json(0)).toEqual({
      client_name: 'ann_1_PRODUCTION',
      grant_types: ['client_credentials', 'authorization_code'],
      redirect_uris: ['https://app.test/cb'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_post',
      application_type: 'web',
      client_uri: 'https://app.test',
    });
    expect(client).toMatchObject({ clientId: 'c1', clientSecret: 's1', callbackUrls: ['https://app.test/cb'] });
    expect(client.properties).toEqual({
      client_id: 'c1',
      client_name: 'x',
      grant_types: ['client_credentials'],
      redirect_uris: ['https://app.test/cb'],
    });
    expect(kept.get('c1')).toEqual({ uri: `${base}/clients/c1`, accessToken: 'rat-1' });
  });

  it('is changed, read and removed with its own token, which may change each time', async () => {
    answer = () => [201, whole()];
    const manager = keyManager();
    await connector.createClient(manager, request);
    let token = 1;
    answer = ({ method }) =>
      method === 'DELETE' ? [204, ''] : [200, { ...whole(), contacts: ['x'], registration_access_token: `rat-${++token}` }];

    await connector.updateClient(manager, 'c1', { ...request, grantTypes: ['client_credentials'], callbackUrls: [] });
    await connector.removeClient(manager, 'c1');

    expect(seen.map(({ method, path, authorization }) => [method, path, authorization])).toEqual([
      ['POST', '/register', undefined],
      ['GET', '/clients/c1', 'Bearer rat-1'],
      ['PUT', '/clients/c1', 'Bearer rat-2'],
      ['DELETE', '/clients/c1', 'Bearer rat-3'],
    ]);
    // What we do not know of stays as it is; what RFC 7592 forbids is left out.
    expect(json(2)).toMatchObject({ client_id: 'c1', client_secret: 's1', contacts: ['x'], redirect_uris: [] });
    expect(json(2)).not.toHaveProperty('registration_access_token');
    expect(kept.size).toBe(0);
  });

  it('is not taken for gone when the credentials of the connection are refused', async () => {
    answer = () => [401, { error: 'bad password' }];
    const manager = keyManager({ registration_authentication: 'Basic', management_username: 'root', management_password: 'old' });

    await expect(connector.removeClient(manager, 'c1')).rejects.toThrow('answered 401: bad password');
    await expect(connector.client(manager, 'c1')).rejects.toThrow('answered 401: bad password');
  });

  it('is removed although it is gone already', async () => {
    answer = () => [201, whole()];
    const manager = keyManager();
    await connector.createClient(manager, request);
    answer = () => [401, {}];

    await connector.removeClient(manager, 'c1');

    expect(kept.size).toBe(0);
  });

  it('gets a new secret where the other side gives one out', async () => {
    const manager = keyManager();
    kept.set('c1', { uri: `${base}/clients/c1`, accessToken: 'rat-1' });
    answer = ({ method }) => [200, method === 'PUT' ? { ...CLIENT, client_secret: 's2' } : whole()];
    expect(await connector.newSecret(manager, 'c1')).toMatchObject({ clientSecret: 's2' });
    expect(json(1)).not.toHaveProperty('client_secret');

    answer = () => [200, whole()];
    expect(await connector.newSecret(manager, 'c1')).toBeUndefined();
  });

  it('that was made elsewhere is looked up with the credentials of the connection, where there are any', async () => {
    answer = () => [200, CLIENT];
    const basic = { registration_authentication: 'Basic', management_username: 'root', management_password: 'pass' };

    expect(connector.mayLookUp(keyManager())).toBe(false);
    expect(await connector.client(keyManager(), 'c1')).toBeUndefined();
    expect(seen).toHaveLength(0);
    expect(connector.mayLookUp(keyManager(basic))).toBe(true);
    expect(await connector.client(keyManager(basic), 'c/1')).toMatchObject({ clientId: 'c1' });

    expect(seen[0]).toMatchObject({ path: '/register/c%2F1', authorization: `Basic ${btoa('root:pass')}` });
    answer = () => [404, {}];
    expect(await connector.client(keyManager(basic), 'c1')).toBeUndefined();
    await expect(connector.updateClient(keyManager(basic), 'c1', request)).rejects.toThrow('knows no client c1');
  });
});

describe('the connection', () => {
  it('presents an initial access token', async () => {
    answer = () => [201, CLIENT];

    await connector.createClient(keyManager({ registration_authentication: 'InitialAccessToken', initial_access_token: 'iat' }), request);

    expect(seen[0]?.authorization).toBe('Bearer iat');
  });

  it('fetches a token for client credentials, remembers it, and fetches another when it is refused', async () => {
    let issued = 0;
    let valid = 'm1';
    answer = ({ path, authorization }) => {
      if (path === '/token') return [200, { access_token: `m${++issued}` }];
      return authorization === `Bearer ${valid}` ? [201, CLIENT] : [401, {}];
    };
    const manager = keyManager({
      registration_authentication: 'ClientCredentials',
      management_client_id: 'a:b',
      management_client_secret: 'c d',
      management_scope: 'clients',
    });

    await connector.createClient(manager, request);
    await connector.createClient(manager, request);
    expect(issued).toBe(1);
    valid = 'm2';
    await connector.createClient(manager, request);

    expect(issued).toBe(2);
    expect(seen[0]).toMatchObject({ authorization: `Basic ${btoa('a%3Ab:c+d')}`, body: 'grant_type=client_credentials&scope=clients' });
  });

  it('gives up when a fresh token is refused too', async () => {
    answer = ({ path }) => (path === '/token' ? [200, { access_token: 'm' }] : [401, { error: 'insufficient rights' }]);
    const manager = keyManager({
      registration_authentication: 'ClientCredentials',
      management_client_id: 'a',
      management_client_secret: 'b',
    });

    await expect(connector.createClient(manager, request)).rejects.toThrow('answered 401: insufficient rights');
  });
});

describe('a token', () => {
  const client = { clientId: 'a:b', clientSecret: 's' };
  const asked = { scopes: ['one', 'two'], validitySeconds: 60, properties: {} };

  it('is asked for with either way of authentication', async () => {
    answer = () => [200, { access_token: 't', scope: 'one', expires_in: 300 }];

    expect(await connector.applicationToken(keyManager(), client, asked)).toEqual({ accessToken: 't', scopes: ['one'], expiresIn: 300 });
    await connector.applicationToken(keyManager(), client, { ...asked, properties: { token_endpoint_auth_method: 'client_secret_post' } });

    expect(seen[0]).toMatchObject({ authorization: `Basic ${btoa('a%3Ab:s')}`, body: 'grant_type=client_credentials&scope=one+two' });
    expect(seen[1]?.authorization).toBeUndefined();
    expect(seen[1]?.body).toContain('client_id=a%3Ab&client_secret=s');
  });

  it('that says nothing more has the scopes and the life that were asked for', async () => {
    answer = () => [200, { access_token: 't' }];

    expect(await connector.applicationToken(keyManager(), client, asked)).toEqual({
      accessToken: 't',
      scopes: ['one', 'two'],
      expiresIn: 60,
    });
  });

  it.each([
    ['by the claims of the key manager', { active: true, azp: 'c1', client_id: 'other', scope: 'a b', sub: 'ann', exp: 9 }, 'c1'],
    ['by the standard ones', { active: true, client_id: 'c1', scope: ['a', 'b'], sub: 'ann', exp: 9 }, 'c1'],
  ])('is described %s', async (_, body, clientId) => {
    answer = () => [200, body];
    const introspector = { registration_authentication: 'None', client_id: 'i', client_secret: 'p' };

    const facts = await connector.introspect(keyManager(introspector), 'opaque');

    expect(facts).toMatchObject({ active: true, clientId, scopes: ['a', 'b'], subject: 'ann', expiresAt: 9 });
    expect(seen[0]).toMatchObject({ authorization: `Basic ${btoa('i:p')}`, body: 'token=opaque&token_type_hint=access_token' });
  });

  it.each([{ active: false }, { active: 'true' }, {}])('is not active when the answer is %j', async (body) => {
    answer = () => [200, body];

    expect(await connector.introspect(keyManager(), 'opaque')).toMatchObject({ active: false });
  });
});

describe('a failure', () => {
  it.each<readonly [string, number, unknown, string]>([
    [
      'with words',
      400,
      { error: 'invalid_redirect_uri', error_description: 'no such thing' },
      'The key manager Idp answered 400: no such thing',
    ],
    ['of its own', 500, '<html>', 'The key manager Idp answered 500'],
    ['without a client', 201, {}, 'The key manager Idp answered without a client'],
  ])('of the other side is told: %s', async (_, status, body, words) => {
    answer = () => [status, body];

    await expect(connector.createClient(keyManager(), request)).rejects.toEqual(RefusedByKeyManager(words));
  });

  it.each([
    ['nobody listens', 'http://127.0.0.1:9/register'],
    ['the network is refused', 'http://169.254.169.254/register'],
    ['the address is none', 'register'],
  ])('is prompt when %s, and does not tell the address', async (_, clientRegistrationEndpoint) => {
    const manager = { ...keyManager(), clientRegistrationEndpoint };

    await expect(connector.createClient(manager, request)).rejects.toEqual(KeyManagerUnreachable('The key manager Idp cannot be reached'));
  });

  it('is an answer without end, too', async () => {
    answer = () => [201, JSON.stringify({ ...CLIENT, filler: 'x'.repeat(300_000) })];

    await expect(connector.createClient(keyManager(), request)).rejects.toThrow('cannot be reached');
  });

  it('is a missing address', async () => {
    await expect(connector.introspect({ ...keyManager(), introspectionEndpoint: '' }, 't')).rejects.toThrow('has no address for this');
  });
});
