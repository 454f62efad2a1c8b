import { text } from 'node:stream/consumers';
import { type Actor, expected } from '../support/actor.js';
import { type Backend, startBackend } from '../support/backend.js';
import type { Body } from '../support/client.js';
import { withDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { type GivenApplication, given } from '../support/given.js';
import { type IdentityProvider, startIdentityProvider } from '../support/identity-provider.js';
import { unique } from '../support/unique.js';

interface Key {
  readonly keyMappingId: string;
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly keyState: string;
  readonly supportedGrantTypes: readonly string[];
  readonly callbackUrl: string;
  readonly additionalProperties: Body;
  readonly token: { readonly accessToken: string } | null;
}

interface KeyManager extends Body {
  readonly id: string;
  readonly name: string;
}

const KEYS = '/applications/{applicationId}/oauth-keys';
const KEY = `${KEYS}/{keyMappingId}`;
const STARS = /^.{3}\*{13}$/;

let provider: IdentityProvider;
let admin: Actor;
beforeAll(async () => {
  provider = await startIdentityProvider();
  admin = (await given.organization()).admin;
});
afterAll(() => provider.close());

/** A key manager of the tenant that makes clients at the provider. */
const keyManager = async (change: Body = {}, by = admin): Promise<KeyManager> => {
  const body = {
    ...{ name: unique('Idp'), type: 'oidc', issuer: provider.issuer },
    ...{ clientRegistrationEndpoint: provider.registrationEndpoint, tokenEndpoint: provider.tokenEndpoint },
    ...{ enableOAuthAppCreation: true, enableTokenGeneration: true, enableMapOAuthConsumerApps: true, enabled: true },
    additionalProperties: { registration_authentication: 'InitialAccessToken', initial_access_token: provider.initialAccessToken },
    ...change,
  };
  return expected(await by.admin<KeyManager>('POST /key-managers', { body }), 201);
};

const generate = ({ applicationId }: GivenApplication, { name }: Pick<KeyManager, 'name'>, change: Body = {}, by = admin) =>
  by.devportal<Key>('POST /applications/{applicationId}/generate-keys', {
    path: { applicationId },
    body: { keyType: 'PRODUCTION', keyManager: name, grantTypesToBeSupported: ['client_credentials'], ...change },
  });

const map = ({ applicationId }: GivenApplication, { name }: Pick<KeyManager, 'name'>, change: Body = {}) =>
  admin.devportal<Key>('POST /applications/{applicationId}/map-keys', {
    path: { applicationId },
    body: { keyType: 'PRODUCTION', keyManager: name, consumerKey: unique('client'), ...change },
  });

const withKeys = async (change: Body = {}) => {
  const [application, manager] = [await given.application(admin), await keyManager()];
  const key = expected(await generate(application, manager, change), 200);
  return { application, manager, key, path: { applicationId: application.applicationId, keyMappingId: key.keyMappingId } };
};

const keysOf = async ({ applicationId }: GivenApplication): Promise<readonly Key[]> =>
  expected(await admin.devportal<{ list: readonly Key[] }>(`GET ${KEYS}`, { path: { applicationId } }), 200).list;

const claimsOf = (token: string): Body => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

/** A server with one client, which gets a new secret with each change that names none. */
const startRegistrar = async (
  beforeAnswer: () => Promise<void> = async () => undefined,
  isAway: () => boolean = () => false,
): Promise<Backend> => {
  let secrets = 0;
  return startBackend(async (request, response) => {
    const body = await text(request);
    if (request.method === 'POST') await beforeAnswer();
    if (request.method === 'POST' || (request.method === 'PUT' && !body.includes('client_secret'))) secrets += 1;
    const registration = { registration_client_uri: `http://${request.headers.host}/client`, registration_access_token: 'token' };
    const client = { client_id: 'client', client_secret: `secret-${secrets}`, grant_types: ['client_credentials'], ...registration };
    if (isAway()) {
      response.writeHead(503).end();
      return;
    }
    const status = request.method === 'POST' ? 201 : request.method === 'DELETE' ? 204 : 200;
    response.writeHead(status, { 'content-type': 'application/json' }).end(status === 204 ? '' : JSON.stringify(client));
  });
};

/** Lets the pause after a failed removal be over. */
const becomeDue = (name: string) =>
  withDatabase((database) => database.query('UPDATE client_removals SET due_at = now() WHERE key_manager = $1 AND attempts > 0', [name]));

describe('keys at an outside key manager', () => {
  it('have a client of its own there, and its first token', async () => {
    const { application, manager, key } = await withKeys({ callbackUrl: 'https://example.com/back' });

    expect(key).toMatchObject({
      keyManager: manager.name,
      keyState: 'COMPLETED',
      mode: 'CREATED',
      callbackUrl: 'https://example.com/back',
    });
    expect(claimsOf(key.token?.accessToken ?? '')).toMatchObject({ iss: provider.issuer, azp: key.consumerKey });
    expect(key.additionalProperties).toMatchObject({ client_id: key.consumerKey, client_name: expect.stringContaining('_PRODUCTION') });
    const [listed] = await keysOf(application);
    expect(listed).toEqual({ ...key, consumerSecret: expect.stringMatching(STARS), consumerSecrets: expect.anything(), token: null });
    expect(JSON.stringify(listed)).not.toContain(key.consumerSecret);
    expect(JSON.stringify(key.additionalProperties)).not.toMatch(/secret"|registration_access_token/);
  });

  it('change there too', async () => {
    const { key, path } = await withKeys();

    const answer = await admin.devportal<Key>(`PUT ${KEY}`, {
      path,
      body: { supportedGrantTypes: ['authorization_code', 'client_credentials'], callbackUrl: 'https://a.example/cb,https://b.example/cb' },
    });

    expect(answer).toMatchObject({ status: 200, body: { supportedGrantTypes: ['authorization_code', 'client_credentials'] } });
    expect(answer.body.additionalProperties['redirect_uris']).toEqual(['https://a.example/cb', 'https://b.example/cb']);
    expect(provider.seen).toContain(`PUT /register/${key.consumerKey}`);
    expect((await admin.devportal<Key>(`GET ${KEY}`, { path })).body).toEqual(answer.body);
  });

  it('keep their state when the key manager refuses a change', async () => {
    const { path } = await withKeys();
    const before = (await admin.devportal<Key>(`GET ${KEY}`, { path })).body;

    const answer = await admin.devportal(`PUT ${KEY}`, {
      path,
      body: { supportedGrantTypes: ['authorization_code'], callbackUrl: 'no address' },
    });

    expect(answer).toMatchObject({ status: 400, body: { code: 900967, description: expect.stringContaining('redirect_uris') } });
    expect((await admin.devportal<Key>(`GET ${KEY}`, { path })).body).toEqual(before);
  });

  it('give tokens of the key manager', async () => {
    const { key, path } = await withKeys();
    const token = (body: Body) =>
      admin.devportal<{ accessToken: string; tokenScopes: readonly string[] }>(`POST ${KEY}/generate-token`, { path, body });

    const known = await token({ scopes: ['orders:read'] });
    const sent = await token({ consumerSecret: key.consumerSecret });

    expect(claimsOf(expected(known, 200).accessToken)).toMatchObject({ iss: provider.issuer, azp: key.consumerKey, scope: 'orders:read' });
    expect(claimsOf(expected(sent, 200).accessToken)['azp']).toBe(key.consumerKey);
    expect(await token({ consumerSecret: 'wrong' })).toMatchObject({ status: 400, body: { message: 'Bad Request', code: 900967 } });
    expect((await token({ grantType: 'TOKEN_EXCHANGE', additionalProperties: { subjectToken: 'x' } })).status).toBe(400);
  });

  it('have one secret', async () => {
    const { path } = await withKeys();

    const more = await admin.devportal(`POST ${KEY}/generate-secret`, { path, body: {} });
    const list = await admin.devportal(`GET ${KEY}/secrets`, { path });

    expect(more).toMatchObject({ status: 400, body: { code: 900916 } });
    expect(list.body).toMatchObject({ count: 1, list: [{ secretValue: expect.stringMatching(STARS) }] });
  });

  it('get a new secret where the key manager gives one', async () => {
    const registrar = await startRegistrar();
    const [application, manager] = [await given.application(admin), await keyManager({ clientRegistrationEndpoint: registrar.url })];
    const key = expected(await generate(application, manager), 200);
    const path = { applicationId: application.applicationId, keyMappingId: key.keyMappingId };

    const answer = await admin.devportal(`POST ${KEY}/regenerate-secret`, { path });

    expect(key.consumerSecret).toBe('secret-1');
    expect(answer).toMatchObject({ status: 200, body: { consumerKey: 'client', consumerSecret: 'secret-2' } });
    await registrar.close();
  });

  it('keep their secret where the key manager gives no other', async () => {
    const { key, path } = await withKeys();

    expect((await admin.devportal(`POST ${KEY}/regenerate-secret`, { path })).status).toBe(400);
    expect((await admin.devportal(`POST ${KEY}/generate-token`, { path, body: { consumerSecret: key.consumerSecret } })).status).toBe(200);
  });

  it.each([
    ['DELETE', KEY],
    ['POST', `${KEY}/clean-up`],
    ['DELETE', '/applications/{applicationId}'],
  ])('take their client along on %s %s', async (method, template) => {
    const { key, path } = await withKeys();

    expect((await admin.devportal(`${method} ${template}`, { path })).status).toBe(200);

    await eventually(
      async () => provider.seen,
      (seen) => seen.includes(`DELETE /register/${key.consumerKey}`),
    );
    expect((await admin.devportal(`GET ${KEY}`, { path })).status).toBe(404);
  });

  it('are made for each key manager and each type once', async () => {
    const { application, manager } = await withKeys();

    expect(await generate(application, manager)).toMatchObject({ status: 409, body: { code: 901409 } });
    expect((await generate(application, manager, { keyType: 'SANDBOX' })).status).toBe(200);
    expect((await generate(application, { name: 'Resident Key Manager' })).status).toBe(200);
  });
});

describe('a client whose key manager is away when its keys are removed', () => {
  it('is removed when the key manager is back', async () => {
    let isAway = false;
    const registrar = await startRegistrar(undefined, () => isAway);
    const [application, manager] = [await given.application(admin), await keyManager({ clientRegistrationEndpoint: registrar.url })];
    const key = expected(await generate(application, manager), 200);
    const path = { applicationId: application.applicationId, keyMappingId: key.keyMappingId };
    const removals = () => registrar.requests.filter(({ method }) => method === 'DELETE').length;

    isAway = true;
    expect((await admin.devportal(`DELETE ${KEY}`, { path })).status).toBe(200);
    await eventually(
      async () => removals(),
      (count) => count === 1,
    );
    isAway = false;
    await becomeDue(manager.name);
    // Any other removal looks for what is due as well, as a timer does.
    const other = await withKeys();
    expected(await admin.devportal(`DELETE ${KEY}`, { path: other.path }), 200);

    await eventually(
      async () => removals(),
      (count) => count === 2,
    );
    await registrar.close();
  });
});

describe('a registration that fails', () => {
  it.each([
    ['the key manager cannot be reached', { clientRegistrationEndpoint: 'http://127.0.0.1:9/register' }, {}, 409],
    [
      'the key manager refuses us',
      { additionalProperties: { registration_authentication: 'InitialAccessToken', initial_access_token: 'no' } },
      {},
      400,
    ],
    ['the key manager refuses the client', {}, { grantTypesToBeSupported: ['authorization_code'], callbackUrl: 'no address' }, 400],
  ])('because %s leaves nothing behind', async (_, manager, request, status) => {
    const application = await given.application(admin);

    const answer = await generate(application, await keyManager(manager), request);

    expect(answer).toMatchObject({ status, body: { code: 900967 } });
    expect(await keysOf(application)).toEqual([]);
  });

  it('because its keys were cleaned up meanwhile leaves no client behind', async () => {
    const asked = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<void>();
    const slow = await startRegistrar(async () => {
      asked.resolve();
      await answered.promise;
    });
    const application = await given.application(admin);
    const generating = generate(application, await keyManager({ clientRegistrationEndpoint: slow.url }));
    await asked.promise;

    const [reserved] = await keysOf(application);
    expect(reserved).toMatchObject({ keyState: 'CREATED', consumerKey: '', consumerSecret: '' });
    const path = { applicationId: application.applicationId, keyMappingId: reserved?.keyMappingId ?? '' };
    for (const operation of [`POST ${KEY}/generate-token`, `PUT ${KEY}`])
      expect((await admin.devportal(operation, { path, body: {} })).status).toBe(400);
    expect((await admin.devportal(`POST ${KEY}/clean-up`, { path })).status).toBe(200);
    answered.resolve();

    expect((await generating).status).toBe(404);
    await eventually(
      async () => slow.requests.map(({ method, url }) => `${method} ${url}`),
      (seen) => seen.includes('DELETE /client'),
    );
    expect(await keysOf(application)).toEqual([]);
    await slow.close();
  });
});

describe('a key manager', () => {
  it.each([
    ['that is disabled', { enabled: false }, 400, 901406],
    ['that makes no clients', { enableOAuthAppCreation: false }, 400, 901405],
    ['whose tokens are only exchanged', { tokenType: 'EXCHANGED', alias: 'us' }, 400, 901405],
    ['that the caller’s role is denied', { permissions: { permissionType: 'DENY', roles: ['admin'] } }, 403, 902013],
    ['that other roles are allowed', { permissions: { permissionType: 'ALLOW', roles: ['Internal/creator'] } }, 403, 902013],
  ])('%s makes no keys', async (_, change, status, code) => {
    const [application, manager] = [await given.application(admin), await keyManager(change)];

    for (const name of [manager.name, manager.id]) expect(await generate(application, { name })).toMatchObject({ status, body: { code } });

    expect(await keysOf(application)).toEqual([]);
  });

  it('that gives no tokens gives none', async () => {
    const [application, manager] = [await given.application(admin), await keyManager({ enableTokenGeneration: false })];
    const key = expected(await generate(application, manager), 200);

    const path = { applicationId: application.applicationId, keyMappingId: key.keyMappingId };
    expect(key.token).toBeNull();
    expect(await admin.devportal(`POST ${KEY}/generate-token`, { path, body: {} })).toMatchObject({ status: 400, body: { code: 901405 } });
  });

  it('of another tenant is none', async () => {
    const other = await given.organization();
    const manager = await keyManager({}, other.admin);

    for (const name of [manager.name, manager.id])
      expect(await generate(await given.application(admin), { name })).toMatchObject({ status: 400, body: { code: 901403 } });
  });

  it('that is this server holds applications to what its administrator allows', async () => {
    const { admin: by } = await given.organization();
    const managers = expected(await by.admin<{ list: readonly KeyManager[] }>('GET /key-managers'), 200).list;
    const path = { keyManagerId: managers.find(({ name }) => name === 'Resident Key Manager')?.id ?? '' };
    const resident = expected(await by.admin<KeyManager>('GET /key-managers/{keyManagerId}', { path }), 200);
    const constraints = { application_access_token_expiry_time: { type: 'MAX', value: { max: 600 } } };
    const body = { ...resident, additionalProperties: { ...(resident['additionalProperties'] as Body), constraints } };
    expected(await by.admin('PUT /key-managers/{keyManagerId}', { path, body }), 200);
    const [application, too] = [await given.application(by), { application_access_token_expiry_time: 601 }];
    const most = { application_access_token_expiry_time: 600 };

    expect(await generate(application, resident, { additionalProperties: too }, by)).toMatchObject({ status: 400, body: { code: 901410 } });
    const key = expected(await generate(application, resident, { additionalProperties: most }, by), 200);
    const keyPath = { applicationId: application.applicationId, keyMappingId: key.keyMappingId };
    expect(claimsOf(key.token?.accessToken ?? '')).toMatchObject({ exp: Number(claimsOf(key.token?.accessToken ?? '')['iat']) + 600 });
    for (const validityPeriod of [601, -1])
      expect((await by.devportal(`POST ${KEY}/generate-token`, { path: keyPath, body: { validityPeriod } })).status).toBe(400);
    const change = { additionalProperties: too };
    expect(await by.devportal(`PUT ${KEY}`, { path: keyPath, body: change })).toMatchObject({ status: 400, body: { code: 901410 } });
  });

  it('holds applications to what its administrator allows', async () => {
    const constraints = {
      client_uri: { type: 'REGEX', value: { pattern: 'https://.+' } },
      default_max_age: { type: 'RANGE', value: { min: 10, max: 100 } },
      application_type: { type: 'ENUM', value: { allowed: ['web'] } },
    };
    const manager = await keyManager({
      additionalProperties: {
        registration_authentication: 'InitialAccessToken',
        initial_access_token: provider.initialAccessToken,
        constraints,
      },
    });
    const application = await given.application(admin);

    // What is not set is not constrained.
    expect((await generate(await given.application(admin), manager)).status).toBe(200);
    for (const additionalProperties of [
      { client_uri: 'http://a.example' },
      { default_max_age: 9 },
      { default_max_age: 101 },
      { application_type: 'native' },
    ])
      expect(await generate(application, manager, { additionalProperties })).toMatchObject({ status: 400, body: { code: 901410 } });
    const allowed = { client_uri: 'https://a.example', default_max_age: 10, application_type: 'web' };
    expect((await generate(application, manager, { additionalProperties: allowed })).status).toBe(200);
  });
});

describe('a key manager that is being deleted', () => {
  /** Runs the work while the deletion is on its way, and gives what came of it once it is through. */
  const whileDeleted = <T>({ id }: KeyManager, work: () => Promise<T>): Promise<T> =>
    withDatabase(async (database) => {
      await database.query('BEGIN');
      await database.query('DELETE FROM key_managers WHERE id = $1', [id]);
      const answer = work();
      await eventually(
        async () => (await database.query('SELECT 1 FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))')).rowCount,
        (count) => count !== 0,
      ).finally(() => database.query('COMMIT'));
      return answer;
    });
  const custom = () => keyManager({ type: 'CustomKeyManager', additionalProperties: {} });

  it('gets no keys any more', async () => {
    const [application, manager] = [await given.application(admin), await custom()];

    const answer = await whileDeleted(manager, () => map(application, manager));

    expect(answer).toMatchObject({ status: 400, body: { code: 901403 } });
    expect(await keysOf(application)).toEqual([]);
  });

  it('is named by no API any more', async () => {
    const [made, first, second] = [await given.api({ by: admin }), await custom(), await custom()];
    const path = { apiId: made.id };
    const body = expected(await admin.publisher<Body>('GET /apis/{apiId}', { path }), 200);
    const create = () =>
      admin.publisher('POST /apis', { body: { ...body, name: unique('Api'), context: unique('/c'), keyManagers: [first.name] } });
    const update = () => admin.publisher('PUT /apis/{apiId}', { path, body: { ...body, keyManagers: [second.name] } });

    expect(await whileDeleted(first, create)).toMatchObject({ status: 400, body: { code: 901403 } });
    expect(await whileDeleted(second, update)).toMatchObject({ status: 400, body: { code: 901403 } });
  });
});

describe('a client that was made by hand', () => {
  const byHand = (change: Body = {}) =>
    keyManager({
      type: 'CustomKeyManager',
      enableOAuthAppCreation: false,
      enableTokenGeneration: false,
      additionalProperties: {},
      ...change,
    });

  it('is mapped by its key alone, once', async () => {
    const [application, other, manager] = [await given.application(admin), await given.application(admin), await byHand()];
    const consumerKey = unique('client');

    const answer = await map(application, manager, { consumerKey });

    expect(answer).toMatchObject({ status: 200, body: { consumerKey, consumerSecret: '', mode: 'MAPPED', keyState: 'COMPLETED' } });
    expect(await map(application, manager)).toMatchObject({ status: 409, body: { code: 901409 } });
    expect(await map(other, manager, { consumerKey })).toMatchObject({ status: 409, body: { code: 901408 } });
    const path = { applicationId: application.applicationId, keyMappingId: answer.body.keyMappingId };
    expect(await admin.devportal(`PUT ${KEY}`, { path, body: {} })).toMatchObject({ status: 400, body: { code: 901405 } });
    expect((await admin.devportal(`DELETE ${KEY}`, { path })).status).toBe(200);
    expect((await map(other, manager, { consumerKey })).status).toBe(200);
  });

  it.each([
    ['without a key', {}, { consumerKey: ' ' }, 901414],
    ['of an unknown type of keys', {}, { keyType: 'TEST' }, 400],
    ['where none is mapped', { enableMapOAuthConsumerApps: false }, {}, 901405],
    ['where tokens are only exchanged', { tokenType: 'EXCHANGED', alias: 'us', issuer: 'https://by-hand.example' }, {}, 901405],
    ['where the key manager is disabled', { enabled: false }, {}, 901406],
  ])('is not mapped %s', async (_, manager, change, code) => {
    const application = await given.application(admin);

    expect(await map(application, await byHand(manager), change)).toMatchObject({ status: 400, body: { code } });
    expect(await keysOf(application)).toEqual([]);
  });

  it('is mapped by the owner of the application alone', async () => {
    const [application, manager] = [await given.application(admin), await byHand()];
    const ann = await given.user({ roles: ['Internal/subscriber'], by: admin });
    const body = { keyType: 'PRODUCTION', keyManager: manager.name, consumerKey: unique('client') };
    const request = { path: { applicationId: application.applicationId }, body };
    const MAP = 'POST /applications/{applicationId}/map-keys';

    expect((await ann.devportal(MAP, request)).status).toBe(403);
    expect((await given.superAdmin.devportal(MAP, request)).status).toBe(404);
    expect((await (await given.user({ roles: ['Internal/publisher'] })).devportal(MAP, request)).status).toBe(401);
  });

  it.each([
    ['is not changed from here by whoever mapped it by its key alone', {}, 403],
    ['is changed from here by whoever knew its secret', { consumerSecret: 'theirs' }, 200],
  ])('%s', async (_, change, status) => {
    const client = { client_id: 'theirs-1', client_secret: 'theirs', grant_types: ['client_credentials'] };
    const registrar = await given.backend(async (request, response) => {
      await text(request);
      const { client_secret: _hidden, ...shown } = client;
      // It shows its secrets to those who know them: here, in one of the two cases.
      const body = request.method === 'PUT' ? { ...client, client_secret: 'new' } : status === 200 ? client : shown;
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    const connection = { registration_authentication: 'Basic', management_username: 'root', management_password: 'root' };
    const manager = await keyManager({ clientRegistrationEndpoint: registrar.url, additionalProperties: connection });
    const application = await given.application(admin);
    const key = expected(await map(application, manager, { consumerKey: client.client_id, ...change }), 200);
    const path = { applicationId: application.applicationId, keyMappingId: key.keyMappingId };

    const changed = await admin.devportal(`PUT ${KEY}`, { path, body: { supportedGrantTypes: ['password'] } });

    expect(changed.status).toBe(status);
    if (status === 200) return;
    expect((await admin.devportal(`POST ${KEY}/regenerate-secret`, { path })).status).toBe(403);
    expect(registrar.requests.filter(({ method }) => method === 'PUT')).toEqual([]);
  });

  it('is not mapped at the resident key manager unless the server says so', async () => {
    const answer = await map(await given.application(admin), { name: 'Resident Key Manager' });

    expect(answer).toMatchObject({ status: 400, body: { code: 901405 } });
  });
});
