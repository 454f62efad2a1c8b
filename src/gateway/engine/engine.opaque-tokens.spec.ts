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
    keyManager(outside, { name: 'Elsewhere', type: 'oidc', issuer: 'https://elsewhere', isSelfValidated: false }),
    apiRow(backend.url, {
      subscriptionless: true,
      operations: [
        operation('GET', '/menu'),
        operation('GET', '/kitchen', { authType: 'Application' }),
        operation('GET', '/me', { authType: 'Application User' }),
        operation('GET', '/secret', { scopes: ['chef'] }),
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
