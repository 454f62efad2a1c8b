import { createHash } from 'node:crypto';
import type { ApiKeyDocument } from '../../domain/gateway-documents.js';
import {
  apiRow,
  type CallOptions,
  keyManager,
  operation,
  row,
  Signer,
  startBackend,
  subscriber,
  TENANT,
  type TestBackend,
  TestGateway,
  until,
} from './engine.fixture.js';

const signer = new Signer('key-a');
const olderRelease = new Signer('gateway_certificate_alias');
const stranger = new Signer('gateway_certificate_alias');
let production: TestBackend;
let sandbox: TestBackend;
let gateway: TestGateway;

const hashed = (value: string): string => createHash('sha256').update(value).digest('base64url');

/** A key of the usual API, associated with the usual application, unless told otherwise. */
const apiKey = (value: string, changes: Partial<ApiKeyDocument> = {}, organization = TENANT) =>
  row(
    'api-key',
    hashed(value),
    {
      keyId: `id-${value}`,
      owner: 'ann',
      keyType: 'PRODUCTION',
      apiId: 'pizza',
      applicationId: 'app-1',
      expiresAt: null,
      restrictions: { ips: [], referers: [] },
      ...changes,
    },
    organization,
  );

/** A key as an older release issued it. */
const signedKey = (claims: Record<string, unknown> = {}, by = olderRelease, header: Record<string, unknown> = {}): string =>
  by.token(
    { sub: 'ann@carbon.super', token_type: 'apiKey', keytype: 'PRODUCTION', application: { id: 1, uuid: 'app-1' }, ...claims },
    { typ: 'JWT', ...header },
  );

beforeAll(async () => {
  production = await startBackend();
  sandbox = await startBackend((_, reply) => reply.end('sandbox'));
  const operations = [
    operation('GET', '/menu'),
    operation('GET', '/secret', { scopes: ['chef'], authType: 'Application User' }),
    operation('GET', '/open', { authType: 'None' }),
  ];
  const endpoint = (url: string) => ({ url, onTimeout: 'fault' as const, timeoutMs: null });
  const endpoints = { production: endpoint(production.url), sandbox: endpoint(sandbox.url) };
  const usual = { securityScheme: ['oauth2', 'api_key'], audiences: ['kitchen'], operations, endpoints };
  gateway = await TestGateway.start(
    [
      ...subscriber(signer),
      apiRow(production.url, { ...usual }),
      apiRow(production.url, { ...usual, apiId: 'pasta', context: '/pasta', path: '/pasta/1.0.0' }),
      apiRow(production.url, { ...usual, apiId: 'named', context: '/named', path: '/named/1.0.0', apiKeyHeader: 'X-Key' }),
      apiRow(production.url, { ...usual, apiId: 'tokens', context: '/tokens', path: '/tokens/1.0.0', securityScheme: ['oauth2'] }),
      apiRow(production.url, { ...usual, apiId: 'keys', context: '/keys', path: '/keys/1.0.0', securityScheme: ['api_key'] }),
      apiRow(production.url, { ...usual, apiId: 'free', context: '/free', path: '/free/1.0.0', subscriptionless: true }),
      apiKey('good'),
      apiKey('sandboxed', { keyType: 'SANDBOX' }),
      apiKey('loose', { applicationId: null }),
      apiKey('freed', { apiId: 'free', applicationId: null }),
      apiKey('legacy', { apiId: null }),
      apiKey('ended', { expiresAt: Date.now() - 1 }),
      apiKey('elsewhere', {}, 'other.com'),
      apiKey('named', { apiId: 'named' }),
      apiKey('keys', { apiId: 'keys' }),
      ...['named', 'keys'].map((apiId) =>
        row('subscription', `sub-${apiId}`, {
          subscriptionId: `sub-${apiId}`,
          apiId,
          applicationId: 'app-1',
          policy: 'Unlimited',
          state: 'UNBLOCKED',
        }),
      ),
    ],
    {
      trustedProxies: ['127.0.0.1'],
      apiKeySigners: [
        { alias: 'gateway_certificate_alias', certificate: olderRelease.publicKey.export({ format: 'pem', type: 'spki' }).toString() },
      ],
    },
  );
});

afterAll(async () => {
  await gateway.stop();
  await production.stop();
  await sandbox.stop();
});

const call = (headers: Record<string, string>, path = '/pizza/1.0.0/menu', options: CallOptions = {}) =>
  gateway.call(path, { ...options, headers });
const body = (answer: { body: string }): unknown => JSON.parse(answer.body);

const MISSING = { status: 401, code: '900902' };
const INVALID = { status: 401, code: '900901' };
const FORBIDDEN = { status: 403, code: '900908' };
const expectRefusal = (answer: { status: number; body: string }, { status, code }: { status: number; code: string }) => {
  expect(answer.status).toBe(status);
  expect(body(answer)).toMatchObject({ code });
};

describe('a key of an API', () => {
  it.each(['ApiKey', 'apikey', 'APIKEY', 'aPiKeY'])('is read from the header %s, which the backend does not see', async (name) => {
    const answer = await call({ [name]: 'good' });

    expect(answer).toMatchObject({ status: 200, body: 'hello' });
    expect(JSON.stringify(production.seen.at(-1)?.rawHeaders).toLowerCase()).not.toContain('apikey');
  });

  it.each([
    ['?apikey=good', '/menu'],
    ['?a=1&ApiKey=good&b=2', '/menu?a=1&b=2'],
    ['?a=1&apikey=%67ood', '/menu?a=1'],
    ['?a=%61&%61pi%4Bey=good&apikey=bad&b', '/menu?a=%61&b'],
    ['?%61%70%69%6b%65%79=good', '/menu'],
    ['?&ApiKey=good&&x=a%20b&apikey', '/menu?&&x=a%20b&apikey'],
  ])('is read from the query %s, and the backend is asked for %s', async (query, seen) => {
    expect((await gateway.call(`/pizza/1.0.0/menu${query}`)).status).toBe(200);
    expect(production.seen.at(-1)?.url).toBe(seen);
  });

  it.each(['/menu&apikey=good', '/menu?a=1?apikey=good', '/menu?xapikey=good'])('is not read from %s', async (path) => {
    expect((await gateway.call(`/pizza/1.0.0${path}`)).status).not.toBe(200);
  });

  it('is the one in the header when there are two', async () => {
    expectRefusal(await call({ ApiKey: 'bad' }, '/pizza/1.0.0/menu?apikey=good'), INVALID);
    expect((await call({ ApiKey: 'good' }, '/pizza/1.0.0/menu?apikey=bad')).status).toBe(200);
  });

  it('needs neither scope nor audience nor a user', async () => {
    expect((await call({ ApiKey: 'good' }, '/pizza/1.0.0/secret')).status).toBe(200);
  });

  it('leads to the endpoint of its type', async () => {
    expect(await call({ ApiKey: 'sandboxed' })).toMatchObject({ status: 200, body: 'sandbox' });
  });

  it.each([
    ['unknown', 'bad'],
    ['of another tenant', 'elsewhere'],
    ['at its end', 'ended'],
    ['its own hash', hashed('good')],
    ['an access token', signer.token()],
    ['three parts of nothing', '..'],
    ['longer than any key', 'a.'.repeat(3_000)],
  ])('is refused when it is %s', async (_, value) => {
    const answer = await call({ ApiKey: value });

    expectRefusal(answer, INVALID);
    expect(answer.headers['www-authenticate']).toContain('Bearer realm="WSO2 API Manager", API Key realm="WSO2 API Manager", error=');
  });

  it.each([
    ['another API', 'good', '/pasta/1.0.0/menu'],
    ['its API without an application', 'loose', '/pizza/1.0.0/menu'],
  ])('does not open %s', async (_, value, path) => {
    expectRefusal(await call({ ApiKey: value }, path), FORBIDDEN);
  });

  it('needs no application where the API needs no subscription', async () => {
    expect((await call({ ApiKey: 'freed' }, '/free/1.0.0/menu')).status).toBe(200);
  });

  it('is asked for when nothing is presented', async () => {
    expectRefusal(await call({}), MISSING);
    expectRefusal(await call({ ApiKey: ' ' }), MISSING);
    expectRefusal(await call({}, '/pizza/1.0.0/menu?apikey='), MISSING);
  });

  it('comes in the header the API names, and in no other', async () => {
    expect((await call({ 'X-Key': 'named' }, '/named/1.0.0/menu')).status).toBe(200);
    expectRefusal(await call({ ApiKey: 'named' }, '/named/1.0.0/menu'), MISSING);
    expect((await call({}, '/named/1.0.0/menu?apikey=named')).status).toBe(200);
  });

  it('is not seen by an API that takes none, nor by its backend', async () => {
    expectRefusal(await call({ ApiKey: 'good' }, '/tokens/1.0.0/menu'), MISSING);
    await call({ ApiKey: 'good' }, '/pizza/1.0.0/open?apikey=good');
    expect(production.seen.at(-1)).toMatchObject({ url: '/open' });
    expect(production.seen.at(-1)?.headers['apikey']).toBeUndefined();
  });

  it('stops being good when it is revoked, though it was used before, and starts when it is regenerated', async () => {
    gateway.engine.apply([apiKey('first')]);
    expect((await call({ ApiKey: 'first' })).status).toBe(200);

    gateway.engine.apply([row('api-key', hashed('first'), null), apiKey('second')]);

    expectRefusal(await call({ ApiKey: 'first' }), INVALID);
    expect((await call({ ApiKey: 'second' })).status).toBe(200);
  });

  it('follows its association', async () => {
    gateway.engine.apply([apiKey('moved')]);
    expect((await call({ ApiKey: 'moved' })).status).toBe(200);

    gateway.engine.apply([apiKey('moved', { applicationId: null })]);

    expectRefusal(await call({ ApiKey: 'moved' }), FORBIDDEN);
  });

  it('reports that it was used, once however often it is', async () => {
    gateway.engine.apply([apiKey('used')]);
    const uses = () => gateway.messages.flatMap((message) => (message.type === 'key-uses' ? message.uses : []));
    await call({ ApiKey: 'used' });
    await call({ ApiKey: 'used' });

    await until(() => uses().some(({ keyId }) => keyId === 'id-used'));

    expect(uses().filter(({ keyId }) => keyId === 'id-used')).toEqual([{ keyId: 'id-used', usedAt: expect.any(Number) }]);
  });
});

describe('beside a token', () => {
  it('the first that is good counts', async () => {
    const token = `Bearer ${signer.token({ aud: 'kitchen', scope: 'chef' })}`;
    expect((await call({ Authorization: token, ApiKey: 'bad' })).status).toBe(200);
    expect((await call({ Authorization: 'Bearer bad', ApiKey: 'good' })).status).toBe(200);
  });

  it('the failure of a credential that was presented wins', async () => {
    expectRefusal(await call({ Authorization: 'Bearer bad', ApiKey: 'loose' }), FORBIDDEN);
    expectRefusal(await call({ Authorization: 'Bearer bad' }), INVALID);
    expectRefusal(await call({ ApiKey: 'bad' }), INVALID);
  });

  it('an authorization header that no scheme of the API reads is for the backend', async () => {
    expect((await call({ ApiKey: 'keys', Authorization: 'Basic YTpi' }, '/keys/1.0.0/menu')).status).toBe(200);
    expect(production.seen.at(-1)?.headers.authorization).toBe('Basic YTpi');
    expectRefusal(await call({ Authorization: `Bearer ${signer.token()}` }, '/keys/1.0.0/menu'), MISSING);
  });
});

describe('a restricted key', () => {
  const from = (value: string, address: string, referer?: string) =>
    call({ ApiKey: value, 'X-Forwarded-For': `${address}, 127.0.0.1`, ...(referer !== undefined && { Referer: referer }) });
  const FORBIDDEN_BODY = { code: '900908', message: 'Resource forbidden ', description: 'Access forbidden for the invocations' };

  beforeAll(() =>
    gateway.engine.apply([
      apiKey('at-home', { restrictions: { ips: ['10.1.0.0/16', '192.168.7.7', '2001:db8::/32', '::1'], referers: [] } }),
      apiKey('on-pages', { restrictions: { ips: [], referers: ['www.a.com/path', 'sub.a.com/*', '*.b.com/*'] } }),
      apiKey('both', { restrictions: { ips: ['10.1.0.0/16'], referers: ['www.a.com/path'] } }),
    ]),
  );

  it.each([
    ['at-home', '10.1.255.1', undefined, 200],
    ['at-home', '10.2.0.1', undefined, 403],
    ['at-home', '192.168.7.7', undefined, 200],
    ['at-home', '192.168.7.8', undefined, 403],
    ['at-home', '2001:db8:1::9', undefined, 200],
    ['at-home', '2001:db9::1', undefined, 403],
    ['at-home', '::ffff:10.1.2.3', undefined, 200],
    ['on-pages', '10.9.9.9', 'www.a.com/path', 200],
    ['on-pages', '10.9.9.9', 'www.a.com/path2', 403],
    ['on-pages', '10.9.9.9', 'sub.a.com/x', 200],
    ['on-pages', '10.9.9.9', 'x.y.b.com/', 200],
    ['on-pages', '10.9.9.9', undefined, 403],
    ['both', '10.1.0.1', undefined, 200],
    ['both', '10.9.9.9', 'www.a.com/path', 403],
  ])('%s from %s with the referrer %s: %i', async (value, address, referer, status) => {
    const answer = await from(value, address, referer);

    expect(answer.status).toBe(status);
    if (status === 403) expect(body(answer)).toEqual(FORBIDDEN_BODY);
  });

  it('is held to the address of the connection unless a proxy is trusted', async () => {
    const careful = await TestGateway.start([
      ...subscriber(signer),
      apiRow(production.url, { securityScheme: ['api_key'] }),
      apiKey('at-home', { restrictions: { ips: ['10.1.0.0/16'], referers: [] } }),
    ]);

    const answer = await careful.call('/pizza/1.0.0/menu', { headers: { ApiKey: 'at-home', 'X-Forwarded-For': '10.1.0.1' } });

    await careful.stop();
    expect(answer.status).toBe(403);
  });
});

describe('a key of an application', () => {
  it('opens every API the application is subscribed to, and no other', async () => {
    expect((await call({ ApiKey: 'legacy' })).status).toBe(200);
    expectRefusal(await call({ ApiKey: 'legacy' }, '/pasta/1.0.0/menu'), FORBIDDEN);
  });
});

describe('a key that an older release signed', () => {
  const past = Math.floor(Date.now() / 1_000) - 10;

  it('opens what its application is subscribed to', async () => {
    expect((await call({ ApiKey: signedKey() })).status).toBe(200);
    expect((await call({ ApiKey: signedKey({ exp: undefined }) })).status).toBe(200);
    expect(await call({ ApiKey: signedKey({ keytype: 'SANDBOX' }) })).toMatchObject({ status: 200, body: 'sandbox' });
    expectRefusal(await call({ ApiKey: signedKey() }, '/pasta/1.0.0/menu'), FORBIDDEN);
    expectRefusal(await call({ ApiKey: signedKey({ application: { uuid: 'nobody' } }) }), FORBIDDEN);
  });

  it.each([
    ['expired', () => signedKey({ exp: past })],
    ['with an end that is none', () => signedKey({ exp: 'soon' })],
    ['of another kind', () => signedKey({ token_type: 'InternalKey' })],
    ['of another tenant', () => signedKey({ sub: 'ann@other.com' })],
    ['signed by somebody else', () => signedKey({}, stranger)],
    ['signed by nobody we know', () => signedKey({}, olderRelease, { kid: 'other' })],
    ['signed by the key manager', () => signedKey({}, signer)],
    ['alg none', () => signedKey({}, olderRelease, { alg: 'none' })],
    ['alg HS256', () => signedKey({}, olderRelease, { alg: 'HS256' })],
    ['tampered', () => signedKey().replace(/\.[^.]+\./, `.${Buffer.from('{"token_type":"apiKey"}').toString('base64url')}.`)],
    ['with a restriction nobody can read', () => signedKey({ permittedIP: 'home' })],
  ])('is refused when it is %s', async (_, value) => expectRefusal(await call({ ApiKey: value() }), INVALID));

  it('keeps its restrictions', async () => {
    const value = signedKey({ permittedIP: '10.0.0.1,10.1.0.0/16' });
    expect((await call({ ApiKey: value, 'X-Forwarded-For': '10.1.2.3' })).status).toBe(200);
    expectRefusal(await call({ ApiKey: value }), FORBIDDEN);
    expectRefusal(await call({ ApiKey: signedKey({ permittedReferer: 'a.com/*' }), Referer: 'b.com/' }), FORBIDDEN);
  });

  it('is refused from the moment it is revoked', async () => {
    const value = signedKey({ jti: 'dead' });
    expect((await call({ ApiKey: value })).status).toBe(200);

    gateway.engine.apply([row('revoked-token', 'jti:dead', { type: 'jti', value: 'dead', revokedAt: past, expiresAt: past + 7_200 })]);

    expectRefusal(await call({ ApiKey: value }), INVALID);
  });

  it('is no access token, and an access token is no key', async () => {
    gateway.engine.apply([keyManager(signer)]);
    expectRefusal(await call({ Authorization: `Bearer ${signer.token({ token_type: 'apiKey' })}` }), INVALID);
  });
});
