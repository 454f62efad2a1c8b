import {
  CallbackMissing,
  KeyManagerNotRegistered,
  KeyMappingExists,
  PropertiesInvalid,
} from '../../src/applications/keys/application-keys.problems.js';
import { type Actor, expected, requestToken } from '../support/actor.js';
import { type Body, management } from '../support/client.js';
import { type GivenApplication, given } from '../support/given.js';

interface Key {
  readonly keyMappingId: string;
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly supportedGrantTypes: readonly string[];
  readonly token: { readonly accessToken: string; readonly tokenScopes: readonly string[]; readonly validityTime: number } | null;
}

interface KeyList {
  readonly count: number;
  readonly list: readonly Key[];
}

interface Token {
  readonly accessToken: string;
  readonly tokenScopes: readonly string[];
  readonly validityTime: number;
}

interface Secret {
  readonly secretId: string;
  readonly secretValue: string;
}

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';
const GENERATE = 'POST /applications/{applicationId}/generate-keys';
const KEYS = '/applications/{applicationId}/oauth-keys';
const KEY = `${KEYS}/{keyMappingId}`;
const PRODUCTION = { keyType: 'PRODUCTION', grantTypesToBeSupported: ['client_credentials', 'password'] };

const generate = (by: Actor, { applicationId }: GivenApplication, body: Body = {}) =>
  by.devportal<Key>(GENERATE, { path: { applicationId }, body: { ...PRODUCTION, ...body } });

const tokenOf = (key: Pick<Key, 'consumerKey'>, clientSecret: string) =>
  requestToken({ clientId: key.consumerKey, clientSecret }, { grant_type: 'client_credentials' });

const claimsOf = (token: string): Body => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

const isActive = async (by: Actor, token: string): Promise<unknown> => {
  const answer = await management.request('POST /oauth2/introspect', { as: by.basic, urlencoded: { token } });
  return expected(answer, 200)['active'];
};

/** An application with production keys, of a new tenant's administrator. */
const withKeys = async (body: Body = {}) => {
  const { admin } = await given.organization();
  const application = await given.application(admin);
  const key = expected(await generate(admin, application, body), 200);
  return { admin, application, key, path: { applicationId: application.applicationId, keyMappingId: key.keyMappingId } };
};

describe('POST /applications/{applicationId}/generate-keys', () => {
  it('registers a client and issues its first token', async () => {
    const { admin } = await given.organization();
    const application = await given.application(admin);

    const { status, body } = await generate(admin, application, {
      callbackUrl: 'https://example.com/callback',
      validityTime: '120',
      additionalProperties: { refresh_token_expiry_time: '7200', pkceMandatory: true },
    });

    expect(status).toBe(200);
    expect(body).toEqual({
      keyMappingId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      keyManager: 'Resident Key Manager',
      consumerKey: expect.stringMatching(/^\w{20,}$/),
      consumerSecret: expect.stringMatching(/^\w{20,}$/),
      consumerSecrets: [
        { secretId: expect.any(String), secretValue: body.consumerSecret, additionalProperties: { description: '', expiresAt: 0 } },
      ],
      supportedGrantTypes: PRODUCTION.grantTypesToBeSupported,
      callbackUrl: 'https://example.com/callback',
      keyState: 'COMPLETED',
      keyType: 'PRODUCTION',
      mode: 'CREATED',
      groupId: '',
      token: { accessToken: expect.any(String), tokenScopes: ['default'], validityTime: 120 },
      additionalProperties: {
        application_access_token_expiry_time: 'N/A',
        user_access_token_expiry_time: 'N/A',
        refresh_token_expiry_time: 7200,
        id_token_expiry_time: 'N/A',
        pkceMandatory: true,
        pkceSupportPlain: false,
        bypassClientCredentials: false,
        application_scopes: [],
      },
    });
    expect(claimsOf(body.token?.accessToken ?? '')).toMatchObject({ azp: body.consumerKey, aut: 'APPLICATION' });
    expect((await tokenOf(body, body.consumerSecret)).status).toBe(200);
  });

  it('issues no token to a client that may not ask for one itself', async () => {
    const { key } = await withKeys({ grantTypesToBeSupported: ['password'] });

    expect(key.token).toBeNull();
  });

  it('takes the life of application tokens from the properties', async () => {
    const { key } = await withKeys({ additionalProperties: { application_access_token_expiry_time: '77' } });

    expect((await tokenOf(key, key.consumerSecret)).body.expires_in).toBe(77);
  });

  it('accepts grant types the key manager does not know', async () => {
    const grantTypesToBeSupported = ['client_credentials', 'urn:example:own'];

    const { key } = await withKeys({ grantTypesToBeSupported });

    expect(key.supportedGrantTypes).toEqual(grantTypesToBeSupported);
  });

  it('makes one set of keys for each type, and refuses a second', async () => {
    const { admin, application, path } = await withKeys();

    const sandbox = await generate(admin, application, { keyType: 'SANDBOX' });
    const again = await generate(admin, application);

    expect(sandbox.status).toBe(200);
    expect(again).toFailWith(KeyMappingExists());
    expect((await admin.devportal<KeyList>(`GET ${KEYS}`, { path })).body.count).toBe(2);
  });

  it('makes exactly one of many that are asked for at once', async () => {
    const { admin } = await given.organization();
    const application = await given.application(admin);

    const answers = await Promise.all(Array.from({ length: 5 }, () => generate(admin, application)));

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
  });

  it.each([
    ['no key type', { keyType: undefined }, {}],
    ['an unknown key type', { keyType: 'TEST' }, {}],
    ['no grant types', { grantTypesToBeSupported: undefined }, {}],
    ['a grant type that is no text', { grantTypesToBeSupported: [1] }, {}],
    ['an authorization code without a callback', { grantTypesToBeSupported: ['authorization_code'] }, CallbackMissing()],
    ['an implicit grant with a blank callback', { grantTypesToBeSupported: ['implicit'], callbackUrl: ' ' }, CallbackMissing()],
    ['an unknown key manager', { keyManager: 'Nobody' }, KeyManagerNotRegistered()],
    ['a validity that is no number', { validityTime: 'soon' }, {}],
    ['a negative validity', { validityTime: '-7' }, {}],
    ['an expiry time that is no number', { additionalProperties: { user_access_token_expiry_time: 'soon' } }, PropertiesInvalid()],
    ['a checkbox that is none', { additionalProperties: { pkceMandatory: 'perhaps' } }, PropertiesInvalid()],
    ['more grant types than anybody has', { grantTypesToBeSupported: Array.from({ length: 101 }, (_, index) => `g${index}`) }, {}],
    ['a long grant type', { grantTypesToBeSupported: ['x'.repeat(256)] }, {}],
    ['a long callback', { callbackUrl: `https://a.test/${'x'.repeat(8_192)}` }, {}],
    ['too many scopes', { scopes: Array(501).fill('a') }, {}],
    ['a zero byte', { additionalProperties: { application_scopes: ['a\0'] } }, {}],
  ])('refuses %s and leaves no keys behind', async (_, change, refusal) => {
    const { admin } = await given.organization();
    const application = await given.application(admin);

    expect(await generate(admin, application, change)).toFailWith({ status: 400, ...refusal });

    expect((await admin.devportal<KeyList>(`GET ${KEYS}`, { path: { applicationId: application.applicationId } })).body.list).toEqual([]);
  });

  it('names the key manager by its id too', async () => {
    const { admin } = await given.organization();
    const managers = expected(await admin.devportal<{ list: readonly { id: string; name: string }[] }>('GET /key-managers'), 200);
    const resident = managers.list.find(({ name }) => name === 'Resident Key Manager');

    expect((await generate(admin, await given.application(admin), { keyManager: resident?.id })).status).toBe(200);
  });
});

describe('the keys of an application', () => {
  it('are listed and read with their secret masked', async () => {
    const { admin, key, path } = await withKeys();
    const mask = `${key.consumerSecret.slice(0, 3)}${'*'.repeat(13)}`;

    const list = await admin.devportal<KeyList>(`GET ${KEYS}`, { path });
    const one = await admin.devportal<Key>(`GET ${KEY}`, { path });

    expect(list.body).toEqual({ count: 1, list: [one.body] });
    expect(one.body).toMatchObject({ keyMappingId: key.keyMappingId, consumerKey: key.consumerKey, consumerSecret: mask, token: null });
    expect(JSON.stringify(list.body)).not.toContain(key.consumerSecret);
  });

  it('change their grants, callback and properties', async () => {
    const { admin, key, path } = await withKeys();
    const before = (await admin.devportal(`GET ${KEY}`, { path })).body;

    const answer = await admin.devportal<Key>(`PUT ${KEY}`, {
      path,
      body: {
        ...before,
        supportedGrantTypes: ['client_credentials', 'authorization_code'],
        callbackUrl: 'https://example.com/back',
        additionalProperties: { application_access_token_expiry_time: 99 },
      },
    });

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      supportedGrantTypes: ['client_credentials', 'authorization_code'],
      callbackUrl: 'https://example.com/back',
      additionalProperties: { application_access_token_expiry_time: 99, user_access_token_expiry_time: 'N/A' },
    });
    expect((await admin.devportal(`GET ${KEY}`, { path })).body).toEqual(answer.body);
    expect((await tokenOf(key, key.consumerSecret)).body.expires_in).toBe(99);
  });

  it('keep their state when a change is refused', async () => {
    const { admin, path } = await withKeys();
    const before = (await admin.devportal(`GET ${KEY}`, { path })).body;
    const put = (body: Body) => admin.devportal(`PUT ${KEY}`, { path, body });

    expect(await put({ supportedGrantTypes: ['authorization_code'] })).toFailWith(CallbackMissing());
    expect(await put({ additionalProperties: { refresh_token_expiry_time: 'soon' } })).toFailWith(PropertiesInvalid());
    expect(await put({ keyType: 'TEST' })).toFailWith({ status: 400, code: 400 });
    expect(await put({ colour: 'red' })).toFailWith({ status: 400, code: 400 });

    expect((await admin.devportal(`GET ${KEY}`, { path })).body).toEqual(before);
  });

  it.each([
    ['DELETE', KEY],
    ['POST', `${KEY}/clean-up`],
  ])('are gone after %s %s, with their client, and may be made anew', async (method, template) => {
    const { admin, application, key, path } = await withKeys();

    const removed = await admin.devportal(`${method} ${template}`, { path });

    expect(removed.status).toBe(200);
    expect((await tokenOf(key, key.consumerSecret)).status).toBe(401);
    expect(await admin.devportal(`GET ${KEY}`, { path })).toFailWith({ status: 404, code: 404 });
    expect(await admin.devportal(`${method} ${template}`, { path })).toFailWith({ status: 404, code: 404 });
    expect((await generate(admin, application)).status).toBe(200);
  });

  it('die with their application', async () => {
    const { admin, key, path } = await withKeys();

    expected(await admin.devportal('DELETE /applications/{applicationId}', { path }), 200);

    expect((await tokenOf(key, key.consumerSecret)).status).toBe(401);
  });

  it('are hidden from other users and other tenants', async () => {
    const { admin, application, path } = await withKeys();
    const ann = await given.user({ roles: ['Internal/subscriber'], by: admin });
    const anns = await given.application(ann);
    const operations: readonly (readonly [string, Body | undefined])[] = [
      [`GET ${KEYS}`, undefined],
      [`GET ${KEY}`, undefined],
      [`PUT ${KEY}`, { supportedGrantTypes: [] }],
      [`DELETE ${KEY}`, undefined],
      [`POST ${KEY}/clean-up`, undefined],
      [`POST ${KEY}/generate-token`, {}],
      [`POST ${KEY}/generate-secret`, {}],
      [`GET ${KEY}/secrets`, undefined],
      [`POST ${KEY}/revoke-secret`, { secretId: UNKNOWN_ID }],
      [GENERATE, PRODUCTION],
    ];

    for (const [operation, body] of operations) {
      expect(await ann.devportal(operation, { path, body })).toFailWith({ status: 403, code: 403 });
      expect(await given.superAdmin.devportal(operation, { path, body })).toFailWith({ status: 404, code: 404 });
    }
    // Through an application of one's own, another's keys are not found either.
    expect(await ann.devportal(`GET ${KEY}`, { path: { ...path, applicationId: anns.applicationId } })).toFailWith({
      status: 404,
      code: 404,
    });
    expect((await admin.devportal<KeyList>(`GET ${KEYS}`, { path: { applicationId: application.applicationId } })).body.count).toBe(1);
  });

  it.each([UNKNOWN_ID, 'no-uuid'])('with the id %s are not found', async (keyMappingId) => {
    const { applicationId } = await given.application();

    expect(await given.superAdmin.devportal(`GET ${KEY}`, { path: { applicationId, keyMappingId } })).toFailWith({
      status: 404,
      code: 404,
    });
  });
});

describe('POST …/generate-token', () => {
  it('issues a token with the scopes and the life asked for', async () => {
    const { admin, key, path } = await withKeys();

    const { status, body } = await admin.devportal<Token>(`POST ${KEY}/generate-token`, {
      path,
      body: { consumerSecret: key.consumerSecret, validityPeriod: 50, scopes: ['read', 'write'] },
    });

    expect(status).toBe(200);
    expect(body).toMatchObject({ tokenScopes: ['read', 'write'], validityTime: 50 });
    const { exp, iat, azp } = claimsOf(body.accessToken);
    expect(Number(exp) - Number(iat)).toBe(50);
    expect(azp).toBe(key.consumerKey);
  });

  it('takes an hour, the default scope and the newest secret where nothing is said', async () => {
    const { admin, path } = await withKeys();

    const { body } = await admin.devportal<Token>(`POST ${KEY}/generate-token`, { path, body: {} });

    expect(body).toMatchObject({ tokenScopes: ['default'], validityTime: 3600 });
  });

  it('ends the token named for revocation, and no other client’s', async () => {
    const { admin, key, path } = await withKeys();
    const other = await withKeys();
    const old = key.token?.accessToken ?? '';
    const foreign = other.key.token?.accessToken ?? '';

    for (const revokeToken of [old, foreign, 'no-token']) {
      expected(await admin.devportal(`POST ${KEY}/generate-token`, { path, body: { revokeToken } }), 200);
    }

    expect(await isActive(admin, old)).toBe(false);
    expect(await isActive(other.admin, foreign)).toBe(true);
  });

  it.each([
    ['a wrong secret', { consumerSecret: 'wrong' }],
    ['a token to exchange', { grantType: 'TOKEN_EXCHANGE' }],
    ['an unknown grant', { grantType: 'PASSWORD' }],
    ['a validity of zero', { validityPeriod: 0 }],
    ['a validity that is no number', { validityPeriod: 'soon' }],
    ['scopes that are no list', { scopes: 'read' }],
  ])('refuses %s', async (_, body) => {
    const { admin, path } = await withKeys();

    expect((await admin.devportal(`POST ${KEY}/generate-token`, { path, body })).status).toBe(400);
  });
});

describe('the secrets of keys', () => {
  it('may be several: each works until it is revoked', async () => {
    const { admin, key, path } = await withKeys();

    const made = await admin.devportal<Secret>(`POST ${KEY}/generate-secret`, {
      path,
      body: { additionalProperties: { description: 'rotation', expiresIn: 3600 } },
    });
    const { body } = await admin.devportal<{ count: number; list: readonly Secret[] }>(`GET ${KEY}/secrets`, { path });

    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ additionalProperties: { description: 'rotation', expiresAt: expect.any(Number) } });
    expect(body.count).toBe(2);
    expect(body.list[1]?.secretId).toBe(made.body.secretId);
    expect(body.list.map(({ secretValue }) => secretValue)).toEqual([
      `${key.consumerSecret.slice(0, 3)}${'*'.repeat(13)}`,
      `${made.body.secretValue.slice(0, 3)}${'*'.repeat(13)}`,
    ]);
    expect((await tokenOf(key, key.consumerSecret)).status).toBe(200);
    expect((await tokenOf(key, made.body.secretValue)).status).toBe(200);

    const revoked = await admin.devportal(`POST ${KEY}/revoke-secret`, { path, body: { secretId: body.list[0]?.secretId } });

    expect(revoked.status).toBe(204);
    expect((await tokenOf(key, key.consumerSecret)).status).toBe(401);
    expect((await tokenOf(key, made.body.secretValue)).status).toBe(200);
  });

  it('cannot lose the newest one, nor one that is not there', async () => {
    const { admin, path } = await withKeys();
    const newest = (await admin.devportal<{ list: readonly Secret[] }>(`GET ${KEY}/secrets`, { path })).body.list[0]?.secretId;
    const revoke = (body: Body) => admin.devportal(`POST ${KEY}/revoke-secret`, { path, body });

    expect(await revoke({ secretId: newest })).toFailWith({ status: 400, code: 400 });
    expect(await revoke({ secretId: UNKNOWN_ID })).toFailWith({ status: 404, code: 404 });
    expect(await revoke({})).toFailWith({ status: 400, code: 400 });
  });

  it.each([
    { expiresIn: 'soon' },
    { expiresIn: -1 },
    { description: 7 },
    { description: 'd'.repeat(513) },
  ])('cannot be made with %j', async (additionalProperties) => {
    const { admin, path } = await withKeys();

    expect(await admin.devportal(`POST ${KEY}/generate-secret`, { path, body: { additionalProperties } })).toFailWith(PropertiesInvalid());
  });
});

describe('the older operations by key type', () => {
  const BY_TYPE = '/applications/{applicationId}/keys/{keyType}';

  it.each(['SERVER', '%00'])('find nothing under the type %s', async (keyType) => {
    const { admin, path } = await withKeys();

    expect(await admin.devportal(`GET /applications/{applicationId}/keys/${keyType}`, { path })).toFailWith({ status: 404, code: 404 });
  });

  it('read, change and remove the same keys', async () => {
    const { admin, key, path: ids } = await withKeys();
    const path = { ...ids, keyType: 'PRODUCTION' };
    const one = (await admin.devportal(`GET ${KEY}`, { path })).body;

    expect((await admin.devportal('GET /applications/{applicationId}/keys', { path })).body).toEqual({ count: 1, list: [one] });
    expect((await admin.devportal(`GET ${BY_TYPE}`, { path })).body).toEqual(one);
    const changed = await admin.devportal<Key>(`PUT ${BY_TYPE}`, { path, body: { supportedGrantTypes: ['client_credentials'] } });
    expect(changed.body.supportedGrantTypes).toEqual(['client_credentials']);
    const token = await admin.devportal<Token>(`POST ${BY_TYPE}/generate-token`, { path, body: { consumerSecret: key.consumerSecret } });
    expect(claimsOf(expected(token, 200).accessToken)['azp']).toBe(key.consumerKey);
    expect((await admin.devportal(`POST ${BY_TYPE}/clean-up`, { path })).status).toBe(200);
    expect(await admin.devportal(`GET ${BY_TYPE}`, { path })).toFailWith({ status: 404, code: 404 });
  });

  it.each(['SANDBOX', 'TEST'])('find no keys of the type %s', async (keyType) => {
    const { admin, path } = await withKeys();

    expect(await admin.devportal(`GET ${BY_TYPE}`, { path: { ...path, keyType } })).toFailWith({ status: 404, code: 404 });
  });
});

describe('the operations on keys', () => {
  it('are closed to a publisher', async () => {
    const publisher = await given.user({ roles: ['Internal/publisher'] });
    const path = { applicationId: UNKNOWN_ID, keyMappingId: UNKNOWN_ID, keyType: 'PRODUCTION' };
    const unauthenticated = { status: 401, code: 401, description: 'Unauthenticated request' };

    for (const operation of [`GET ${KEYS}`, `GET ${KEY}`, `PUT ${KEY}`, `DELETE ${KEY}`, `POST ${KEY}/generate-token`, GENERATE]) {
      expect(await publisher.devportal(operation, { path })).toFailWith(unauthenticated);
    }
  });
});
