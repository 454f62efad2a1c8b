import { request } from 'node:http';
import { connect } from 'node:net';
import type { KeyManagerDocument } from '../../domain/gateway-documents.js';
import {
  apiRow,
  keyManager,
  operation,
  row,
  Signer,
  startBackend,
  subscriber,
  type TestBackend,
  TestGateway,
  until,
} from './engine.fixture.js';
import type { ActiveToken, FromWorker, TokenVerdict } from './messages.js';

const signer = new Signer('key-a');
const outside = new Signer('key-o');
let backend: TestBackend;
let gateway: TestGateway;

beforeAll(async () => {
  backend = await startBackend();
  gateway = await TestGateway.start([
    ...subscriber(signer),
    row('policy', 'advanced:OnceADay', {
      ...{ level: 'advanced', name: 'OnceADay', burst: null, stopOnQuotaReach: true },
      quota: { type: 'REQUESTCOUNTLIMIT', count: 1, timeUnit: 'day', unitTime: 1 },
    }),
    keyManager(outside, { name: 'Elsewhere', type: 'oidc', issuer: 'https://elsewhere', isSelfValidated: false }),
    apiRow(backend.url, {
      subscriptionless: true,
      operations: [
        operation('GET', '/menu'),
        operation('GET', '/kitchen', { authType: 'Application' }),
        operation('GET', '/me', { authType: 'Application User' }),
        operation('GET', '/secret', { scopes: ['chef'] }),
        operation('GET', '/limited', { throttlingPolicy: 'OnceADay' }),
        operation('POST', '/order'),
      ],
    }),
  ]);
});

afterAll(async () => {
  await gateway.stop();
  await backend.stop();
});

type Question = Extract<FromWorker, { readonly type: 'token-question' }>;

const questions = (token: string): readonly Question[] =>
  gateway.messages.filter((message): message is Question => message.type === 'token-question' && message.token === token);

const active = (changes: Partial<ActiveToken> = {}): ActiveToken => ({
  outcome: 'active',
  keyManager: 'Resident Key Manager',
  owner: 'carbon.super',
  consumerKey: 'key-1',
  subject: 'ann',
  entityId: 'ann',
  jti: `0a0a0a0a-0b0b-0c0c-0d0d-${Math.random().toString(16).slice(2, 14).padEnd(12, '0')}`,
  issuedAt: Math.floor(Date.now() / 1_000) - 10,
  expiresAt: Math.floor(Date.now() / 1_000) + 600,
  scopes: ['default'],
  audiences: ['key-1'],
  isUser: true,
  userNames: [],
  ...changes,
});

let last = 0;
const opaque = (): string => {
  last += 1;
  return `opaque${last}`.padEnd(43, 'x');
};

const call = (token: string, path = '/pizza/1.0.0/menu') => gateway.call(path, { headers: { Authorization: `Bearer ${token}` } });

/** The answer to one call, whose question is answered with the verdict. */
const judged = async (token: string, verdict: TokenVerdict, path?: string) => {
  const answer = call(token, path);
  await until(() => questions(token).length > 0);
  gateway.engine.answered(questions(token).at(-1)?.id ?? 0, verdict);
  const { status, body } = await answer;
  return { status, code: status === 200 ? '' : JSON.parse(body).code };
};

const OK = { status: 200, code: '' };

describe('an opaque token', () => {
  it('is asked about once, however many requests bring it, and then remembered', async () => {
    const token = opaque();
    const calls = [call(token), call(token), call(token)];
    await until(() => questions(token).length > 0);

    gateway.engine.answered(questions(token)[0]?.id ?? 0, active());
    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    const later = await call(token);

    expect(statuses).toEqual([200, 200, 200]);
    expect(later.status).toBe(200);
    expect(questions(token)).toHaveLength(1);
    expect(questions(token)[0]).toMatchObject({ organization: 'carbon.super', keyManager: null });
  });

  it.each<[string, TokenVerdict, { status: number; code: string }]>([
    ['that nobody knows', { outcome: 'inactive' }, { status: 401, code: '900901' }],
    ['that has ended', { outcome: 'expired' }, { status: 401, code: '900903' }],
    ['about which nobody can be asked', { outcome: 'unknown' }, { status: 500, code: '900900' }],
    ['of a key manager that is gone', active({ keyManager: 'Gone' }), { status: 401, code: '900901' }],
    ['that has ended while it was asked about', active({ expiresAt: 1 }), { status: 401, code: '900903' }],
  ])('%s is refused', async (_, verdict, refusal) => expect(await judged(opaque(), verdict)).toEqual(refusal));

  it('that was refused is refused again without a question', async () => {
    const token = opaque();
    await judged(token, { outcome: 'inactive' });

    expect((await call(token)).status).toBe(401);
    expect(questions(token)).toHaveLength(1);
  });

  it.each([
    ['jti', (token: ActiveToken) => token.jti],
    ['family', (token: ActiveToken) => token.jti.slice(0, 23)],
    ['consumer-key', (token: ActiveToken) => token.consumerKey],
    ['subject', (token: ActiveToken) => token.entityId],
  ] as const)('dies in the cache by a revocation of its %s', async (type, named) => {
    const [token, facts] = [
      opaque(),
      active({ jti: `${type.padEnd(8, '0').slice(0, 8)}-0b0b-0c0c-0d0d-000000000000`, consumerKey: `k-${type}` }),
    ];
    expect(await judged(token, { ...facts, entityId: `e-${type}` })).toEqual(OK);
    const value = named({ ...facts, entityId: `e-${type}` });
    const now = Math.floor(Date.now() / 1_000);

    gateway.engine.apply([row('revoked-token', `${type}:${value}`, { type, value, revokedAt: now, expiresAt: now + 600 })]);

    expect((await call(token)).status).toBe(401);
  });

  it('must be of the type that the resource wants', async () => {
    expect(await judged(opaque(), active({ isUser: true }), '/pizza/1.0.0/kitchen')).toEqual({ status: 401, code: '900905' });
    expect(await judged(opaque(), active({ isUser: false }), '/pizza/1.0.0/kitchen')).toEqual(OK);
    expect(await judged(opaque(), active({ isUser: false }), '/pizza/1.0.0/me')).toEqual({ status: 401, code: '900905' });
    expect(await judged(opaque(), active({ isUser: null }), '/pizza/1.0.0/me')).toEqual(OK);
  });

  it('needs the scope', async () => {
    expect(await judged(opaque(), active(), '/pizza/1.0.0/secret')).toEqual({ status: 403, code: '900910' });
    expect(await judged(opaque(), active({ scopes: ['chef'] }), '/pizza/1.0.0/secret')).toEqual(OK);
  });
});

describe('while a token is asked about', () => {
  const elsewhere = (changes: Partial<KeyManagerDocument> = {}) =>
    keyManager(outside, { name: 'Elsewhere', type: 'oidc', issuer: 'https://elsewhere', isSelfValidated: false, ...changes });
  const ofElsewhere = active({ keyManager: 'Elsewhere' });

  it.each<[string, Partial<KeyManagerDocument>]>([
    ['takes no tokens any more', { enabled: false }],
    ['takes exchanged ones alone', { tokenType: 'EXCHANGED' }],
  ])('its key manager %s: it is refused', async (_, changes) => {
    const token = opaque();
    const answer = call(token);
    await until(() => questions(token).length > 0);
    gateway.engine.apply([elsewhere(changes)]);

    gateway.engine.answered(questions(token)[0]?.id ?? 0, ofElsewhere);

    expect((await answer).status).toBe(401);
    gateway.engine.apply([elsewhere()]);
  });

  it('its key manager changes: the answer counts once, and whoever comes later asks anew', async () => {
    const token = opaque();
    const first = call(token);
    await until(() => questions(token).length === 1);
    gateway.engine.apply([elsewhere()]);
    const second = call(token);
    await until(() => questions(token).length === 2);

    gateway.engine.answered(questions(token)[0]?.id ?? 0, ofElsewhere);
    expect((await first).status).toBe(200);
    gateway.engine.answered(questions(token)[1]?.id ?? 0, { outcome: 'inactive' });

    expect((await second).status).toBe(401);
    expect((await call(token)).status).toBe(401);
  });

  it('its client goes away: nothing is counted or sent', async () => {
    const token = opaque();
    const seen = backend.seen.length;
    const gone = request({ host: '127.0.0.1', port: gateway.port, path: '/pizza/1.0.0/limited', agent: false });
    gone.on('error', () => undefined);
    gone.setHeader('Authorization', `Bearer ${token}`);
    gone.end();
    await until(() => questions(token).length > 0);
    gone.destroy();
    const aborted = () =>
      gateway.messages.some((message) => message.type === 'usage' && message.records.some((record) => record.aborted > 0));
    await until(aborted);

    gateway.engine.answered(questions(token)[0]?.id ?? 0, active());

    expect((await call(token, '/pizza/1.0.0/limited')).status).toBe(200);
    expect(backend.seen).toHaveLength(seen + 1);
  });

  it('its body is on the way: all of it reaches the backend, once', async () => {
    const token = opaque();
    const body = Buffer.alloc(3_000_000, 'x');
    const answer = gateway.call('/pizza/1.0.0/order', { method: 'POST', headers: { Authorization: `Bearer ${token}` }, body });
    await until(() => questions(token).length > 0);

    gateway.engine.answered(questions(token)[0]?.id ?? 0, active());
    gateway.engine.answered(questions(token)[0]?.id ?? 0, { outcome: 'inactive' });

    expect((await answer).status).toBe(200);
    expect(backend.seen.at(-1)?.body.length).toBe(body.length);
  });

  it('its connection brings further requests: they are answered in their order', async () => {
    const token = opaque();
    const socket = connect(gateway.port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    const get = (path: string, credential: string) =>
      `GET /pizza/1.0.0${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${credential}\r\n\r\n`;
    socket.write(get('/menu', token) + get('/menu', signer.token({ exp: 1 })) + get('/nowhere', token));
    await until(() => questions(token).length > 0);
    expect(text).toBe('');

    gateway.engine.answered(questions(token)[0]?.id ?? 0, active());
    await until(() => text.includes('404'));
    socket.destroy();

    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 401', 'HTTP/1.1 404']);
  });

  it('the gateway stops: the request ends by the deadline, with the answer if that comes in time', async () => {
    const draining = await TestGateway.start([...subscriber(signer), apiRow(backend.url, { subscriptionless: true })]);
    const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });
    const [lucky, unlucky] = [opaque(), opaque()];
    const [answered, cut] = [draining.call('/pizza/1.0.0/menu', bearer(lucky)), draining.call('/pizza/1.0.0/menu', bearer(unlucky))];
    const cutOff = expect(cut).rejects.toThrow();
    const asked = () => draining.messages.filter((message): message is Question => message.type === 'token-question');
    await until(() => asked().length === 2);

    const stopped = draining.engine.stop(300);
    draining.engine.answered(asked().find(({ token }) => token === lucky)?.id ?? 0, active());

    expect(await answered).toMatchObject({ status: 200, headers: { connection: 'close' } });
    await Promise.all([stopped, cutOff]);
    expect(() => draining.engine.answered(asked().find(({ token }) => token === unlucky)?.id ?? 0, active())).not.toThrow();
  });

  it('its API is deployed anew or taken away: requests under way end as they began', async () => {
    const moved = await TestGateway.start([...subscriber(signer), apiRow(backend.url, { subscriptionless: true })]);
    const token = opaque();
    const answer = moved.call('/pizza/1.0.0/menu', { headers: { Authorization: `Bearer ${token}` } });
    const asked = () => moved.messages.filter((message): message is Question => message.type === 'token-question');
    await until(() => asked().length === 1);

    moved.engine.apply([row('api', 'pizza:Default', null)]);
    moved.engine.answered(asked()[0]?.id ?? 0, active());

    expect((await answer).status).toBe(200);
    expect((await moved.call('/pizza/1.0.0/menu')).status).toBe(404);
    await moved.stop();
  });
});

describe('a JWT of a key manager that wants to be asked', () => {
  it('is asked about there, whatever its signature', async () => {
    const token = outside.token({ iss: 'https://elsewhere' });

    expect(await judged(token, active({ keyManager: 'Elsewhere' }))).toEqual(OK);
    expect(questions(token)[0]).toMatchObject({ keyManager: 'Elsewhere' });
  });

  it('of an issuer that is checked here causes no question', async () => {
    const forged = `${signer.token().slice(0, -8)}AAAAAAAA`;

    expect((await call(forged)).status).toBe(401);
    expect(questions(forged)).toHaveLength(0);
  });
});
