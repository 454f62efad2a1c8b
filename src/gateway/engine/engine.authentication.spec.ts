import { createHmac } from 'node:crypto';
import {
  apiRow,
  ISSUER,
  keyManager,
  operation,
  row,
  Signer,
  startBackend,
  subscriber,
  TENANT,
  type TestBackend,
  TestGateway,
} from './engine.fixture.js';

const signer = new Signer('key-a');
const stranger = new Signer('key-a');
let backend: TestBackend;
let gateway: TestGateway;

beforeAll(async () => {
  backend = await startBackend();
  gateway = await TestGateway.start([
    ...subscriber(signer),
    apiRow(backend.url, {
      operations: [
        operation('GET', '/menu'),
        operation('GET', '/secret', { scopes: ['chef', 'boss'] }),
        operation('GET', '/open', { authType: 'None' }),
      ],
    }),
    apiRow(backend.url, { apiId: 'other', context: '/other', path: '/other/1.0.0', authorizationHeader: 'X-Token' }),
    apiRow(backend.url, { apiId: 'strict', context: '/strict', path: '/strict/1.0.0', audiences: ['kitchen'], subscriptionless: true }),
    apiRow(backend.url, { apiId: 'picky', context: '/picky', path: '/picky/1.0.0', keyManagers: ['Elsewhere'] }),
  ]);
});

afterAll(async () => {
  await gateway.stop();
  await backend.stop();
});

const bearer = (token: string, path = '/pizza/1.0.0/menu', header = 'Authorization') =>
  gateway.call(path, { headers: { [header]: `Bearer ${token}` } });
const body = (answer: { body: string }): unknown => JSON.parse(answer.body);

const INVALID = {
  code: '900901',
  message: 'Invalid Credentials',
  description: 'Invalid Credentials. Make sure you have provided the correct security credentials',
};

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const tampered = (): string => {
  const [header = '', payload = '', signature = ''] = signer.token().split('.');
  const claims: Record<string, unknown> = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return [header, part({ ...claims, sub: 'somebody-else' }), signature].join('.');
};
const withHmac = (): string => {
  const signed = `${part({ alg: 'HS256', kid: 'key-a' })}.${part({ iss: ISSUER, azp: 'key-1', exp: 9_999_999_999 })}`;
  const secret = signer.publicKey.export({ format: 'pem', type: 'spki' });
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
};
const past = Math.floor(Date.now() / 1_000) - 10;

it('lets a subscribed application through', async () => {
  expect(await bearer(signer.token())).toMatchObject({ status: 200, body: 'hello' });
});

it.each([
  ['tampered', tampered],
  ['expired', () => signer.token({ exp: past })],
  ['not valid yet', () => signer.token({ nbf: past + 3_600 })],
  ['signed by a foreign key under our key id', () => stranger.token()],
  ['signed by an unknown key id', () => signer.token({}, { kid: 'nobody' })],
  ['from an unknown issuer', () => signer.token({ iss: 'https://elsewhere' })],
  ['alg none', () => `${part({ alg: 'none' })}.${part({ iss: ISSUER, azp: 'key-1', exp: 9_999_999_999 })}.`],
  ['alg none with our key id', () => signer.token({}, { alg: 'none' })],
  ['signed with the public key as a secret', withHmac],
  ['a refresh token', () => signer.token({ token_type: 'refresh_token' }, { typ: 'rt+jwt' })],
  ['an API key', () => signer.token({ token_type: 'apiKey' })],
  ['an ID token', () => signer.token({ at_hash: 'w8o_5E_xxwrwFzmEAy_1WA' }, { typ: undefined })],
  ['an ID token that came without an access token', () => signer.token({ nonce: 'n' }, { typ: 'JWT' })],
  ['of no kind', () => signer.token({}, { typ: undefined })],
  ['opaque', () => 'f3b2a1'],
  ['three parts of nothing', () => '..'],
  ['no JSON', () => 'a.b.c'],
  ['four parts', () => `${signer.token()}.x`],
])('refuses a token that is %s', async (_case, token) => {
  const answer = await bearer(token());

  expect(answer.status).toBe(401);
  expect(body(answer)).toEqual(INVALID);
  expect(answer.headers['www-authenticate']).toBe(
    'Internal API Key realm="WSO2 API Manager", Bearer realm="WSO2 API Manager", error="invalid_token", error_description="The provided token is invalid"',
  );
});

it('does not take a changed token for the one it verified before', async () => {
  await bearer(signer.token());
  expect((await bearer(tampered())).status).toBe(401);
});

it.each([
  [{}],
  [{ Authorization: 'Basic YTpi' }],
  [{ Authorization: 'Bearer' }],
  [{ 'X-Token': 'Bearer x' }],
])('asks for credentials when %j holds none it takes', async (headers) => {
  const answer = await gateway.call('/pizza/1.0.0/menu', { headers });

  expect(answer.status).toBe(401);
  expect(body(answer)).toEqual({
    code: '900902',
    message: 'Missing Credentials',
    description:
      "Invalid Credentials. Make sure your API invocation call has a header: 'Authorization : Bearer ACCESS_TOKEN' or 'Authorization : Basic ACCESS_TOKEN' or 'ApiKey : API_KEY'",
  });
});

it.each([['bearer '], ['Bearer  '], ['Basic YTpi, Bearer '], ['BEARER ']])('reads the token after %j', async (prefix) => {
  expect((await gateway.call('/pizza/1.0.0/menu', { headers: { Authorization: prefix + signer.token() } })).status).toBe(200);
});

it('takes the token from the header the API names, and only there', async () => {
  const token = signer.token();

  expect((await bearer(token, '/other/1.0.0/menu', 'X-Token')).status).toBe(403);
  expect((await bearer(token, '/other/1.0.0/menu')).status).toBe(401);
});

it('refuses an application without a subscription, and a client nobody knows', async () => {
  const answers = [await bearer(signer.token(), '/other/1.0.0/menu', 'X-Token'), await bearer(signer.token({ azp: 'unknown' }))];
  for (const answer of answers) {
    expect(answer.status).toBe(403);
    expect(body(answer)).toMatchObject({ code: '900908', message: 'Resource forbidden ' });
    expect(answer.headers['www-authenticate']).toBeUndefined();
  }
});

it('asks for one of the scopes of the operation', async () => {
  const refused = await bearer(signer.token({ scope: 'default waiter' }), '/pizza/1.0.0/secret');

  expect(refused.status).toBe(403);
  expect(body(refused)).toEqual({
    code: '900910',
    message: 'The access token does not allow you to access the requested resource',
    description: 'User is NOT authorized to access the Resource: /secret. Scope validation failed.',
  });
  expect((await bearer(signer.token({ scope: 'waiter boss', jti: 'x' }), '/pizza/1.0.0/secret')).status).toBe(200);
});

it('asks for the audience, and lets anybody with a token into a subscriptionless API', async () => {
  expect(body(await bearer(signer.token(), '/strict/1.0.0/menu'))).toMatchObject({ code: '900914' });
  expect((await bearer(signer.token({ aud: ['x', 'kitchen'], azp: 'unmapped' }), '/strict/1.0.0/menu')).status).toBe(200);
});

it('refuses tokens of key managers the API does not accept', async () => {
  expect(body(await bearer(signer.token(), '/picky/1.0.0/menu'))).toEqual(INVALID);
});

it('lets anybody use an open resource and keeps the token from the backend', async () => {
  expect((await gateway.call('/pizza/1.0.0/open')).status).toBe(200);
  await gateway.call('/pizza/1.0.0/menu', { headers: { Authorization: `Bearer ${signer.token()}, Basic YTpi` } });
  expect(backend.seen.at(-1)?.headers.authorization).toBe('Basic YTpi');
  await bearer(signer.token());
  expect(backend.seen.at(-1)?.headers.authorization).toBeUndefined();
});

it.each([
  ['BLOCKED', 401, '900907'],
  ['PROD_ONLY_BLOCKED', 401, '900907'],
  ['ON_HOLD', 401, '900909'],
  ['REJECTED', 401, '900909'],
  ['TIER_UPDATE_PENDING', 200, undefined],
  ['UNBLOCKED', 200, undefined],
] as const)('a subscription that is %s answers %i %s at the next call', async (state, status, code) => {
  gateway.engine.apply([
    row('subscription', 'sub-1', { subscriptionId: 'sub-1', apiId: 'pizza', applicationId: 'app-1', policy: 'Unlimited', state }),
  ]);

  const answer = await bearer(signer.token());

  expect(answer.status).toBe(status);
  if (code !== undefined) expect(body(answer)).toMatchObject({ code });
});

it.each([
  ['jti', 'jti-dead', { jti: 'jti-dead' }],
  ['consumer-key', 'key-1', {}],
  ['subject', 'ann-id', { entity_id: 'ann-id' }],
] as const)('refuses a token revoked by %s at once, though it was verified before', async (type, value, claims) => {
  const token = signer.token(claims);
  expect((await bearer(token)).status).toBe(200);
  const now = Math.floor(Date.now() / 1_000);

  gateway.engine.apply([row('revoked-token', `${type}:${value}`, { type, value, revokedAt: now, expiresAt: now + 60 })]);

  expect(body(await bearer(token))).toEqual(INVALID);
  if (type !== 'jti') expect((await bearer(signer.token({ ...claims, iat: now + 5 }))).status).toBe(200);
  gateway.engine.apply([row('revoked-token', `${type}:${value}`, null)]);
  expect((await bearer(token)).status).toBe(200);
});

it('knows the end of a user in whichever tenant the token was issued, and that of a client in its own alone', async () => {
  const token = signer.token({ entity_id: 'bob-id' });
  const revokedAt = Math.floor(Date.now() / 1_000);
  const elsewhere = (type: 'consumer-key' | 'subject', value: string) =>
    row('revoked-token', `${type}:${value}`, { type, value, revokedAt, expiresAt: revokedAt + 60 }, 'other.example');

  gateway.engine.apply([elsewhere('consumer-key', 'key-1')]);
  expect((await bearer(token)).status).toBe(200);
  gateway.engine.apply([elsewhere('subject', 'bob-id')]);
  expect(body(await bearer(token))).toEqual(INVALID);
});

it('verifies anew when the key manager changes its keys, and refuses when it is switched off', async () => {
  const token = signer.token();
  expect((await bearer(token)).status).toBe(200);
  gateway.engine.apply([keyManager(stranger)]);
  expect((await bearer(token)).status).toBe(401);
  gateway.engine.apply([keyManager(signer, { enabled: false })]);
  expect((await bearer(token)).status).toBe(401);
  gateway.engine.apply([keyManager(signer)]);
  expect((await bearer(token)).status).toBe(200);
});

it('answers 404 in a tenant that is not active', async () => {
  gateway.engine.apply([row('organization', TENANT, { active: false })]);
  expect((await bearer(signer.token())).status).toBe(404);
  gateway.engine.apply([row('organization', TENANT, { active: true })]);
  expect((await bearer(signer.token())).status).toBe(200);
});
