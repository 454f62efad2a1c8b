import { createHash } from 'node:crypto';
import type { ApiKeyDocument, FeedRow, SubscriptionState } from '../../domain/gateway-documents.js';
import type { PolicyLevel } from '../../domain/throttling.js';
import {
  apiRow,
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
import type { ActiveToken, FromWorker } from './messages.js';

/** The rows of `reference/key-manager.md` §4.1, §5 and §6 and of `reference/gateway.md` §11, for each kind of credential. */
const signer = new Signer('key-a');
const OPAQUE = 'opaque'.padEnd(43, 'x');
let backend: TestBackend;
let gateway: TestGateway;

const apiKey = (value: string, changes: Partial<ApiKeyDocument> = {}): FeedRow =>
  row('api-key', createHash('sha256').update(value).digest('base64url'), {
    ...{ keyId: `id-${value}`, owner: 'ann', keyType: 'PRODUCTION', apiId: 'pizza', applicationId: 'app-1', expiresAt: null },
    restrictions: { ips: [], referers: [] },
    ...changes,
  });
const subscription = (state: SubscriptionState, policy = 'Unlimited'): FeedRow =>
  row('subscription', 'sub-1', { subscriptionId: 'sub-1', apiId: 'pizza', applicationId: 'app-1', policy, state });
const application = (policy: string): FeedRow =>
  row('application', 'app-1', { uuid: 'app-1', id: 1, name: 'App', owner: 'admin', policy, organization: TENANT });
const twoADay = (level: PolicyLevel): FeedRow =>
  row('policy', `${level}:Two`, {
    ...{ level, name: 'Two', burst: null, stopOnQuotaReach: true },
    quota: { type: 'REQUESTCOUNTLIMIT', timeUnit: 'day', unitTime: 1, count: 2 },
  });
const usual = { securityScheme: ['oauth2', 'api_key'] };

beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend.stop());
beforeEach(async () => {
  gateway = await TestGateway.start([
    ...subscriber(signer),
    apiRow(backend.url, usual),
    apiKey('good'),
    apiKey('sandboxed', { keyType: 'SANDBOX' }),
  ]);
});
afterEach(() => gateway.stop());

type Question = Extract<FromWorker, { readonly type: 'token-question' }>;
const questions = () => gateway.messages.filter((message): message is Question => message.type === 'token-question');

const active = (changes: Partial<ActiveToken> = {}): ActiveToken => ({
  ...{ outcome: 'active', keyManager: 'Resident Key Manager', owner: TENANT, consumerKey: 'key-1', subject: 'ann', entityId: 'ann' },
  ...{ jti: 'jti-2', issuedAt: 1, expiresAt: null, scopes: ['default'], audiences: ['key-1'], isUser: false, userNames: [] },
  ...changes,
});

/** Asks with the opaque token, and answers what is asked about it. */
const withOpaque = async (path?: string, changes?: Partial<ActiveToken>) => {
  const before = questions().length;
  const answer = outcome({ Authorization: `Bearer ${OPAQUE}` }, path);
  let isAnswered = false;
  void answer.then(() => {
    isAnswered = true;
  });
  // A remembered token is answered without a question.
  await until(() => isAnswered || questions().length > before);
  const question = questions()[before];
  if (question) gateway.engine.answered(question.id, active(changes));
  return answer;
};

/** The status, and the code where the gateway gave one. */
const outcome = async (headers: Record<string, string>, path = '/pizza/1.0.0/menu'): Promise<string> => {
  const { status, body } = await gateway.call(path, { headers });
  return status === 200 ? '200' : `${status} ${JSON.parse(body).code}`;
};
const withJwt = (path?: string) => outcome({ Authorization: `Bearer ${signer.token()}` }, path);
const withKey = (path?: string, value = 'good') => outcome({ ApiKey: value }, path);

const KINDS: readonly (readonly [string, (path?: string) => Promise<string>])[] = [
  ['a JWT', withJwt],
  ['an opaque token', withOpaque],
  ['an API key', withKey],
];

describe.each(KINDS)('%s', (_, call) => {
  it.each<[string, string, () => readonly FeedRow[]]>([
    ['a subscription', '200', () => []],
    ['a subscription whose plan is to change', '200', () => [subscription('TIER_UPDATE_PENDING')]],
    ['a blocked subscription', '401 900907', () => [subscription('BLOCKED')]],
    ['one blocked for production', '401 900907', () => [subscription('PROD_ONLY_BLOCKED')]],
    ['one on hold', '401 900909', () => [subscription('ON_HOLD')]],
    ['a rejected one', '401 900909', () => [subscription('REJECTED')]],
    ['one from when none was needed', '403 900908', () => [subscription('UNBLOCKED', 'DefaultSubscriptionless')]],
    ['none', '403 900908', () => [row('subscription', 'sub-1', null)]],
    ['an API that is not published', '403 900908', () => [apiRow(backend.url, { ...usual, status: 'CREATED' })]],
    ['an API that is blocked', '503 700700', () => [apiRow(backend.url, { ...usual, status: 'BLOCKED' })]],
    [
      'an API that has a sandbox alone',
      '403 900901',
      () => {
        const endpoints = { production: null, sandbox: { url: backend.url, onTimeout: 'fault' as const, timeoutMs: null } };
        return [apiRow(backend.url, { ...usual, endpoints })];
      },
    ],
  ])('at %s: %s', async (__, expected, rows) => {
    gateway.engine.apply(rows());

    expect(await call()).toBe(expected);
    // From what is remembered, too.
    expect(await call()).toBe(expected);
  });

  it.each<[string, string, () => readonly FeedRow[]]>([
    [
      'resource',
      '429 900802',
      () => [twoADay('advanced'), apiRow(backend.url, { ...usual, operations: [operation('GET', '/menu', { throttlingPolicy: 'Two' })] })],
    ],
    ['API', '429 900800', () => [twoADay('advanced'), apiRow(backend.url, { ...usual, apiThrottlingPolicy: 'Two' })]],
    ['subscription', '429 900804', () => [twoADay('subscription'), subscription('UNBLOCKED', 'Two')]],
    ['application', '429 900803', () => [twoADay('application'), application('Two')]],
  ])('is held to the limit of the %s', async (__, expected, rows) => {
    gateway.engine.apply(rows());

    expect([await call(), await call(), await call()]).toEqual(['200', '200', expected]);
  });

  it('is counted for its application', async () => {
    await call();

    const records = () => gateway.messages.flatMap((message) => (message.type === 'usage' ? message.records : []));
    await until(() => records().length > 0);
    expect(records()).toEqual([expect.objectContaining({ applicationId: 'app-1', keyType: 'PRODUCTION', hits: 1, refused: 0 })]);
  });
});

it('a sandbox key has no production endpoint to fall back on, and is not blocked with production', async () => {
  gateway.engine.apply([subscription('PROD_ONLY_BLOCKED')]);

  expect(await withKey(undefined, 'sandboxed')).toBe('403 900901');
});

it('a key ends at its end, though it was used before', async () => {
  gateway.engine.apply([apiKey('short', { expiresAt: Date.now() + 300 })]);
  expect(await withKey(undefined, 'short')).toBe('200');
  await new Promise((resolve) => setTimeout(resolve, 350));

  expect(await withKey(undefined, 'short')).toBe('401 900901');
});

describe('an opaque token that is remembered', () => {
  beforeEach(async () => {
    expect(await withOpaque()).toBe('200');
  });

  const again = () => outcome({ Authorization: `Bearer ${OPAQUE}` });

  it('is refused when its key manager is switched off', async () => {
    gateway.engine.apply([keyManager(signer, { enabled: false })]);
    const answer = again();
    await until(() => questions().length > 1);
    gateway.engine.answered(questions().at(-1)?.id ?? 0, active());

    expect(await answer).toBe('401 900901');
  });

  it('means nothing in another tenant', async () => {
    const path = '/t/other.com/pizza/1.0.0';
    const { body } = apiRow(backend.url, { context: '/t/other.com/pizza', path, subscriptionless: true });
    gateway.engine.apply([row('api', 'other:Default', body as never, 'other.com')]); // the body is an API's, as made above
    const answer = outcome({ Authorization: `Bearer ${OPAQUE}` }, `${path}/menu`);
    await until(() => questions().length > 1);
    expect(questions().at(-1)).toMatchObject({ organization: 'other.com', keyManager: null });
    gateway.engine.answered(questions().at(-1)?.id ?? 0, { outcome: 'inactive' });

    expect(await answer).toBe('401 900901');
    expect(await again()).toBe('200');
  });

  it('does not pass where the API takes other key managers', async () => {
    gateway.engine.apply([apiRow(backend.url, { ...usual, keyManagers: ['Elsewhere'] })]);

    expect(await again()).toBe('401 900901');
  });
});

it('an opaque token is asked about each time where nothing is to be remembered, and is not known longer than told', async () => {
  await gateway.stop();
  gateway = await TestGateway.start([...subscriber(signer), apiRow(backend.url)], { verdictMs: 0 });

  expect([await withOpaque(), await withOpaque()]).toEqual(['200', '200']);
  expect(questions()).toHaveLength(2);
});

it.each([
  [`Bearer ${OPAQUE}`, undefined],
  [`bearer ${OPAQUE}`, undefined],
  [`"Bearer ${OPAQUE}"`, undefined],
  [`Bearer "${OPAQUE}"`, undefined],
  [`Basic YTpi, Bearer ${OPAQUE}`, 'Basic YTpi'],
  [`Bearer ${OPAQUE} , Basic YTpi`, 'Basic YTpi'],
  [`Basic YTpi,Bearer ${OPAQUE}, Digest x`, 'Basic YTpi, Digest x'],
])('of %s the backend sees %s', async (presented, kept) => {
  const answer = gateway.call('/pizza/1.0.0/menu?apikey=good', {
    headers: { Authorization: presented, ApiKey: 'good', 'Internal-key': '' },
  });
  expect((await answer).status).toBe(401); // a test key that is none
  const open = await gateway.call('/pizza/1.0.0/open?apikey=good&x=1', {
    headers: { Authorization: presented, APIKEY: 'good', 'INTERNAL-KEY': 'x' },
  });

  expect(open.status).toBe(200);
  const seen = backend.seen.at(-1);
  expect(seen).toMatchObject({ url: '/open?x=1' });
  expect(seen?.headers['authorization']).toBe(kept);
  expect(JSON.stringify(seen)).not.toMatch(/opaque|good|internal-key/i);
});
