import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PreconditionFailed, Unauthenticated } from '../../src/domain/problem.js';
import {
  CertificateInvalid,
  ConnectionIncomplete,
  KeyManagerExists,
  KeyManagerKept,
  KeyManagerNotFound,
  KeyManagerTypeUnknown,
  NameChanged,
  PropertyTooLong,
  TypeChanged,
} from '../../src/keys/managers/key-managers.problems.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body, RequestOptions } from '../support/client.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

interface KeyManager {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly additionalProperties: Readonly<Record<string, unknown>>;
}
interface Info {
  readonly id: string;
  readonly name: string;
  readonly isUsed: boolean;
  readonly isGlobal: boolean;
}
interface List {
  readonly count: number;
  readonly list: readonly Info[];
}

const RESIDENT = 'Resident Key Manager';
const ONE = '/key-managers/{keyManagerId}';
const on = <T = KeyManager>(operation: string, keyManagerId: string, options: RequestOptions = {}, by = admin) =>
  by.admin<T>(operation, { path: { keyManagerId }, ...options });
const add = (body: Body, by = admin) => by.admin<KeyManager>('POST /key-managers', { body });
/** Global key managers are everybody's: those that other files make meanwhile are not looked at. */
const list = async (by = admin) => expected(await by.admin<List>('GET /key-managers'), 200).list.filter(({ isGlobal }) => !isGlobal);
const residentId = async () => (await list()).find(({ name }) => name === RESIDENT)?.id ?? '';

/** All that a key manager can hold. */
const whole = (changes: Body = {}): Body => ({
  name: unique('Idp'),
  displayName: 'Identity provider',
  type: 'CustomKeyManager',
  description: 'The company’s own',
  wellKnownEndpoint: 'https://idp.test/.well-known',
  introspectionEndpoint: 'https://idp.test/introspect',
  clientRegistrationEndpoint: 'not a URL at all',
  tokenEndpoint: 'https://idp.test/token',
  displayTokenEndpoint: 'https://public.test/token',
  revokeEndpoint: 'https://idp.test/revoke',
  displayRevokeEndpoint: '',
  userInfoEndpoint: 'https://idp.test/me',
  authorizeEndpoint: 'https://idp.test/authorize',
  scopeManagementEndpoint: 'https://idp.test/scopes',
  endpoints: [{ name: 'api_resource_management_endpoint', value: 'https://idp.test/resources' }],
  certificates: { type: 'JWKS', value: 'http://127.0.0.1:9/jwks' },
  issuer: 'https://idp.test/',
  alias: 'https://localhost:9443/oauth2/token',
  availableGrantTypes: ['client_credentials', 'made-up'],
  enableTokenGeneration: true,
  enableTokenEncryption: true,
  enableTokenHashing: true,
  enableMapOAuthConsumerApps: true,
  enableOAuthAppCreation: true,
  enableProvisionedAppValidation: false,
  enableSelfValidationJWT: false,
  claimMapping: [{ remoteClaim: 'sub', localClaim: 'http://wso2.org/claims/enduser' }],
  consumerKeyClaim: 'cid',
  scopesClaim: 'scp',
  tokenValidation: [{ id: 1, enable: true, type: 'JWT', value: { body: { iss: 'https://idp.test/' } } }],
  enabled: false,
  additionalProperties: { self_validate_jwt: true, note: 'kept' },
  permissions: { permissionType: 'DENY', roles: ['Internal/creator'] },
  tokenType: 'BOTH',
  allowedOrganizations: ['ALL'],
  ...changes,
});

let admin: Actor;
beforeEach(async () => {
  ({ admin } = await given.organization());
});

describe('a key manager', () => {
  it('is made, read back as it was sent, changed and deleted', async () => {
    const body = whole();
    const answer = await add(body);
    const made = expected(answer, 201);
    expect(answer.headers['location']).toContain(`/key-managers/${made.id}`);
    expect(made).toEqual({ ...body, id: made.id, global: false });
    expect(expected(await on(`GET ${ONE}`, made.id), 200)).toEqual(made);

    const changed = expected(await on(`PUT ${ONE}`, made.id, { body: { ...made, description: 'x', tokenType: 'DIRECT' } }), 200);

    expect(changed).toEqual({ ...made, description: 'x', tokenType: 'DIRECT' });
    expect(await list()).toEqual([
      expect.objectContaining({ id: made.id, isUsed: false, isGlobal: false, enabled: false, tokenType: 'DIRECT' }),
      expect.objectContaining({ name: RESIDENT }),
    ]);
    expect((await on(`DELETE ${ONE}`, made.id)).status).toBe(200);
    expect(await on(`GET ${ONE}`, made.id)).toFailWith(KeyManagerNotFound());
    expect((await list()).map(({ name }) => name)).toEqual([RESIDENT]);
  });

  it('needs no more than a name and a type', async () => {
    const name = unique('Idp');

    const made = expected(await add({ name, type: 'CustomKeyManager' }), 201);

    expect(made).toMatchObject({
      displayName: name,
      enabled: true,
      consumerKeyClaim: 'azp',
      scopesClaim: 'scope',
      tokenType: 'DIRECT',
      enableSelfValidationJWT: true,
      enableOAuthAppCreation: false,
      permissions: { permissionType: 'PUBLIC', roles: [] },
      certificates: {},
    });
  });

  it('may have its endpoints in the newer list', async () => {
    const endpoints = [{ name: 'token_endpoint', value: 'https://idp.test/t' }];

    const made = expected(await add({ name: unique('Idp'), type: 'CustomKeyManager', endpoints }), 201);

    expect(made).toMatchObject({ tokenEndpoint: 'https://idp.test/t', endpoints });
  });

  it('changes its kind of tokens in every direction', async () => {
    const made = expected(await add(whole({ tokenType: 'EXCHANGED', certificates: {} })), 201);

    for (const tokenType of ['DIRECT', 'BOTH', 'EXCHANGED', 'BOTH', 'DIRECT', 'EXCHANGED']) {
      expect(expected(await on(`PUT ${ONE}`, made.id, { body: { ...made, tokenType } }), 200)).toMatchObject({ tokenType });
      expect((await on(`GET ${ONE}`, made.id)).body).toMatchObject({ tokenType });
    }
  });
});

describe('the resident key manager', () => {
  it('shows where it is, and is changed but for what is this server’s own', async () => {
    const id = await residentId();
    const before = expected(await on(`GET ${ONE}`, id), 200);
    expect(before).toMatchObject({ name: RESIDENT, type: 'default', tokenEndpoint: expect.stringContaining('/oauth2/token') });

    const change = { ...before, displayName: 'Ours', description: 'Changed', issuer: 'https://elsewhere.test', tokenEndpoint: 'x' };
    const after = expected(await on(`PUT ${ONE}`, id, { body: change }), 200);

    expect(after).toEqual({ ...before, displayName: 'Ours', description: 'Changed' });
  });

  it('is never deleted', async () => {
    expect(await on(`DELETE ${ONE}`, await residentId())).toFailWith(KeyManagerKept('The resident key manager cannot be deleted.'));
  });
});

describe('refuses', () => {
  it.each([
    ['no name', { type: 'CustomKeyManager' }, { status: 400, code: 400 }],
    ['an empty name', { name: '', type: 'CustomKeyManager' }, { status: 400, code: 400 }],
    ['no type', { name: 'x' }, { status: 400, code: 400 }],
    ['a long name', whole({ name: 'x'.repeat(101) }), { status: 400, code: 400 }],
    ['a long description', whole({ description: 'x'.repeat(257) }), { status: 400, code: 400 }],
    ['a long address', whole({ tokenEndpoint: `https://a.test/${'x'.repeat(2_048)}` }), { status: 400, code: 400 }],
    ['too many grants', whole({ availableGrantTypes: Array(1_001).fill('password') }), { status: 400, code: 400 }],
    ['too many endpoints', whole({ endpoints: Array(1_001).fill({ name: 'a', value: 'b' }) }), { status: 400, code: 400 }],
    ['too much about the connection', whole({ additionalProperties: { a: 'x'.repeat(70_000) } }), PropertyTooLong('additionalProperties')],
    ['too long a pattern', whole({ tokenValidation: [{ value: 'x'.repeat(70_000) }] }), PropertyTooLong('tokenValidation')],
    ['another kind of tokens', whole({ tokenType: 'SOME' }), { status: 400, code: 400 }],
    ['an unknown type', whole({ type: 'Nobody' }), KeyManagerTypeUnknown()],
    ['a second resident one', whole({ type: 'default' }), KeyManagerTypeUnknown()],
    ['a certificate that is none', whole({ certificates: { type: 'PEM', value: 'x' } }), CertificateInvalid()],
  ])('%s', async (_, body, problem) => {
    expect(await add(body)).toFailWith(problem);
    expect(await list()).toHaveLength(1);
  });

  it('a blank name', async () => {
    expect(await add(whole({ name: ' ' }))).toFailWith({ status: 400, code: 901404 });
  });

  it('a name that is taken', async () => {
    const { name } = expected(await add(whole()), 201);

    expect(await add(whole({ name }))).toFailWith(KeyManagerExists());
    expect(await add(whole({ name: RESIDENT }))).toFailWith(KeyManagerExists());
  });

  it('two whose tokens of one issuer would be exchanged', async () => {
    expected(await add(whole({ tokenType: 'EXCHANGED' })), 201);

    expect(await add(whole({ tokenType: 'BOTH' }))).toFailWith(KeyManagerExists());
    expected(await add(whole({ tokenType: 'DIRECT' })), 201);
  });

  it('another type or name for one that is there', async () => {
    const made = expected(await add(whole()), 201);

    expect(await on(`PUT ${ONE}`, made.id, { body: { ...made, type: 'default' } })).toFailWith(TypeChanged());
    expect(await on(`PUT ${ONE}`, made.id, { body: { ...made, name: 'other' } })).toFailWith(NameChanged());
  });

  it('an unknown one', async () => {
    for (const id of [randomUUID(), 'nothing', 'a\0b']) {
      expect(await on(`GET ${ONE}`, id)).toFailWith(KeyManagerNotFound());
      expect(await on(`PUT ${ONE}`, id, { body: whole() })).toFailWith(KeyManagerNotFound());
      expect(await on(`DELETE ${ONE}`, id)).toFailWith(KeyManagerNotFound());
      expect(await on(`GET ${ONE}/api-usages`, id)).toFailWith(KeyManagerNotFound());
      expect(await on(`GET ${ONE}/app-usages`, id)).toFailWith(KeyManagerNotFound());
    }
  });

  it('a change under an outdated tag', async () => {
    const { id } = expected(await add(whole()), 201);
    const { headers, body } = await on(`GET ${ONE}`, id);
    expected(await on(`PUT ${ONE}`, id, { body: { ...body, description: 'x' } }), 200);

    const stale = { headers: { 'if-match': String(headers['etag']) } };
    expect(await on(`PUT ${ONE}`, id, { body: { ...body }, ...stale })).toFailWith(PreconditionFailed);
    expect(await on(`DELETE ${ONE}`, id, stale)).toFailWith(PreconditionFailed);
  });

  it('a scope for something else, and another tenant', async () => {
    const { id } = expected(await add(whole()), 201);
    const { admin: stranger } = await given.organization();
    const narrow = admin.withScopes('apim:api_manage');

    const calls: readonly (readonly [string, RequestOptions])[] = [
      [`GET ${ONE}`, {}],
      [`PUT ${ONE}`, { body: whole() }],
      [`GET ${ONE}/api-usages`, {}],
      [`GET ${ONE}/app-usages`, {}],
      [`DELETE ${ONE}`, {}],
    ];
    for (const [operation, options] of calls) {
      expect(await on(operation, id, options, narrow)).toFailWith(Unauthenticated());
      expect(await on(operation, id, options, stranger)).toFailWith(KeyManagerNotFound());
    }
    expect(await narrow.admin('GET /key-managers')).toFailWith(Unauthenticated());
    expect(await add(whole(), narrow)).toFailWith(Unauthenticated());
    expect((await list(stranger)).map(({ name }) => name)).toEqual([RESIDENT]);
  });
});

describe('the secrets of a connection', () => {
  const secret = 'very secret';
  const connected = (properties: Body = {}) =>
    whole({
      type: 'oidc',
      additionalProperties: {
        registration_authentication: 'InitialAccessToken',
        initial_access_token: secret,
        client_secret: secret,
        client_id: 'gatehouse',
        ...properties,
      },
    });

  it('are read back as stars, kept when the stars come back, and changed by anything else', async () => {
    const made = expected(await add(connected()), 201);
    const stars = { initial_access_token: '*****', client_secret: '*****', client_id: 'gatehouse' };
    expect(made.additionalProperties).toEqual({ ...stars, registration_authentication: 'InitialAccessToken' });

    const again = expected(await on(`PUT ${ONE}`, made.id, { body: { ...made } }), 200);
    expect(again).toEqual(made);
    const without = { ...made, additionalProperties: { ...made.additionalProperties, client_secret: '' } };
    const changed = expected(await on(`PUT ${ONE}`, made.id, { body: without }), 200);

    expect(changed.additionalProperties).not.toHaveProperty('client_secret');
    expect(changed.additionalProperties).toHaveProperty('initial_access_token', '*****');
  });

  it('are needed where the connection needs them', async () => {
    const missing = ConnectionIncomplete('initial_access_token');

    expect(await add(connected({ initial_access_token: '' }))).toFailWith(missing);
    expect(await add(connected({ initial_access_token: '*****' }))).toFailWith(missing);
    const made = expected(await add(connected()), 201);
    const bare = { ...made, additionalProperties: { registration_authentication: 'InitialAccessToken' } };
    expect(await on(`PUT ${ONE}`, made.id, { body: bare })).toFailWith(missing);
    expect(await add(whole({ type: 'oidc', additionalProperties: {} }))).toFailWith(ConnectionIncomplete('registration_authentication'));
  });

  it('reach neither publishers nor developers', async () => {
    const made = expected(await add({ ...connected({ note: 'shown' }), enabled: true, permissions: {} }), 201);

    const developer = await admin.devportal<{ list: readonly KeyManager[] }>('GET /key-managers');
    const publisher = await admin.publisher<{ list: readonly KeyManager[] }>('GET /key-managers');

    expect(developer.body.list.find(({ id }) => id === made.id)?.additionalProperties).toEqual({ note: 'shown' });
    expect(JSON.stringify(publisher.body)).not.toContain('*****');
  });
});

describe('what uses a key manager', () => {
  interface ApiUses {
    readonly apiCount: number;
    readonly apis: readonly { readonly id: string }[];
  }

  it('is listed in pages, and keeps it from being deleted', async () => {
    const { id, name } = expected(await add(whole({ enabled: true })), 201);
    const apis = [];
    for (let times = 0; times < 3; times++) apis.push(await given.api({ by: admin, with: { keyManagers: [name] } }));
    await given.api({ by: admin });

    const page = await on<ApiUses>(`GET ${ONE}/api-usages`, id, { query: { limit: 2, offset: 1 } });

    const [, second, third] = apis.sort((a, b) => a.name.localeCompare(b.name));
    expect(page.body).toMatchObject({
      apiCount: 3,
      apis: [{ id: second?.id, provider: admin.username, type: 'API', transportType: 'HTTP', keyManagerEntry: name }, { id: third?.id }],
    });
    expect((await on<ApiUses>(`GET ${ONE}/api-usages`, id, { query: { offset: 9 } })).body).toEqual({ apiCount: 3, apis: [] });
    expect((await list()).find((one) => one.id === id)).toMatchObject({ isUsed: true });
    expect(await on(`DELETE ${ONE}`, id)).toFailWith(KeyManagerKept(`Key Manager ${name} is used by an API or an application.`));
    for (const api of apis) expected(await admin.publisher('DELETE /apis/{apiId}', { path: { apiId: api.id } }), 200);
    expect((await on(`DELETE ${ONE}`, id)).status).toBe(200);
  });

  it('is an application with keys, too', async () => {
    const application = await given.application(admin);
    await given.keys(application, { by: admin });

    const { body } = await on(`GET ${ONE}/app-usages`, await residentId());

    expect(body).toEqual({
      applicationCount: 1,
      applications: [
        {
          uuid: application.applicationId,
          name: application.name,
          owner: 'admin',
          organization: admin.organization,
          organizationId: null,
        },
      ],
    });
  });
});

describe('discovery', () => {
  interface Discovered {
    readonly valid: boolean;
    readonly value?: Readonly<Record<string, unknown>>;
  }
  let site: Server;
  let base: string;
  beforeAll(async () => {
    site = createServer((request, response) => {
      if (request.url === '/large') return response.end(JSON.stringify({ issuer: 'x'.repeat(200_000) }));
      if (request.url === '/text') return response.end('<html>');
      if (request.url === '/other') return response.end('{"hello":"world"}');
      if (request.url === '/gone') return response.writeHead(404).end('{"issuer":"x"}');
      return response.end(
        JSON.stringify({
          issuer: 'https://idp.test',
          token_endpoint: 'https://idp.test/token',
          introspection_endpoint: 'https://idp.test/introspect',
          revocation_endpoint: 'https://idp.test/revoke',
          registration_endpoint: 'https://idp.test/register',
          userinfo_endpoint: 'https://idp.test/me',
          authorization_endpoint: 'https://idp.test/authorize',
          jwks_uri: 'https://idp.test/jwks',
          grant_types_supported: ['client_credentials', 'password'],
        }),
      );
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  });
  afterAll(() => site.close());

  const discover = (url: string, by = admin) => by.admin<Discovered>('POST /key-managers/discover', { form: { url, type: 'oidc' } });

  it('fills a key manager from what the other side publishes', async () => {
    expect((await discover(`${base}/.well-known/openid-configuration`)).body).toMatchObject({
      valid: true,
      value: {
        type: 'oidc',
        issuer: 'https://idp.test',
        wellKnownEndpoint: `${base}/.well-known/openid-configuration`,
        tokenEndpoint: 'https://idp.test/token',
        introspectionEndpoint: 'https://idp.test/introspect',
        revokeEndpoint: 'https://idp.test/revoke',
        clientRegistrationEndpoint: 'https://idp.test/register',
        userInfoEndpoint: 'https://idp.test/me',
        authorizeEndpoint: 'https://idp.test/authorize',
        certificates: { type: 'JWKS', value: 'https://idp.test/jwks' },
        availableGrantTypes: ['client_credentials', 'password'],
      },
    });
  });

  it.each(['/large', '/text', '/other', '/gone'])('finds nothing in %s', async (path) => {
    expect(await discover(base + path)).toMatchObject({ status: 200, body: { valid: false } });
  });

  it.each([
    '',
    'nowhere',
    'http://127.0.0.1:9/',
    'http://169.254.169.254/latest/meta-data',
    'file:///etc/passwd',
  ])('finds nothing at %j', async (url) => expect(await discover(url)).toMatchObject({ status: 200, body: { valid: false } }));

  it('is not for everybody', async () => {
    expect(await discover(base, admin.withScopes('apim:subscribe'))).toFailWith(Unauthenticated());
  });
});

it('tells portals the types and their forms', async () => {
  const { body } = await admin.admin<{ keyManagerConfiguration: readonly { readonly type: string }[] }>('GET /settings');

  expect(body.keyManagerConfiguration.map(({ type }) => type)).toEqual(['default', 'CustomKeyManager', 'oidc']);
  expect(body.keyManagerConfiguration[2]).toMatchObject({
    displayName: 'OpenID Connect',
    defaultConsumerKeyClaim: 'azp',
    configurations: expect.arrayContaining([expect.objectContaining({ name: 'client_secret', mask: true })]),
  });
});
