import { createHash } from 'node:crypto';
import { request } from 'node:https';
import { generate } from 'selfsigned';
import type { DenyRuleDocument } from '../../domain/deny-rules.js';
import type { ApiDocument, FeedRow } from '../../domain/gateway-documents.js';
import {
  type Answer,
  apiDocument,
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

const OTHER_TENANT = 'other.com';
const ID = 'b1b2c3d4-0000-4000-8000-000000000001';
const BLOCKED = { code: '900805', message: 'Message blocked', description: 'You have been blocked from accessing the resource' };

const resident = new Signer('resident');
const outside = new Signer('outside');
const IDP = 'https://idp.test/';
let backend: TestBackend;
let gateway: TestGateway;

const apiKey = (value: string, owner: string): FeedRow =>
  row('api-key', createHash('sha256').update(value).digest('base64url'), {
    ...{ keyId: value, owner, keyType: 'PRODUCTION', apiId: 'pizza', applicationId: 'app-1', expiresAt: null },
    restrictions: { ips: [], referers: [] },
  });
const onceADay = row('policy', 'application:Once', {
  ...{ level: 'application', name: 'Once', burst: null, stopOnQuotaReach: true },
  quota: { type: 'REQUESTCOUNTLIMIT', timeUnit: 'day', unitTime: 1, count: 1 },
});
const usualApi = (changes: Partial<ApiDocument> = {}): Partial<ApiDocument> => ({
  securityScheme: ['oauth2', 'api_key', 'basic_auth'],
  isDefaultVersion: true,
  ...changes,
});

const rows = (): readonly FeedRow[] => [
  ...subscriber(resident),
  keyManager(outside, { name: 'Idp', type: 'oidc', issuer: IDP, isIntrospectable: false }),
  row('key-mapping', 'Idp:key-1', { consumerKey: 'key-1', keyManager: 'Idp', applicationId: 'app-1', keyType: 'PRODUCTION' }),
  apiRow(backend.url, usualApi()),
  // The version stands within the context.
  apiRow(
    backend.url,
    usualApi({ apiId: 'pasta', context: '/v1/pasta', path: '/v1/pasta', isDefaultVersion: false, subscriptionless: true }),
  ),
  apiRow(backend.url, {
    ...{ apiId: 'soap', context: '/soap', path: '/soap/1.0.0', type: 'SOAP' },
    operations: [operation('POST', '/*', { authType: 'None' })],
  }),
  apiKey('ann-key', 'ann'),
  apiKey('bob-key', 'bob'),
];

beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend.stop());
beforeEach(async () => {
  backend.seen.length = 0;
  gateway = await TestGateway.start(rows(), { trustedProxies: ['127.0.0.1'] });
});
afterEach(() => gateway.stop());

const put = (rule: DenyRuleDocument | null, organization = TENANT, key = 'rule-1'): void =>
  gateway.engine.apply([row('deny-rule', key, rule, organization)]);
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const asApplication = () => bearer(resident.token());
const call = (headers: Record<string, string> = asApplication(), path = '/pizza/1.0.0/menu') => gateway.call(path, { headers });
const isBlocked = ({ status, body }: Answer): boolean => {
  if (status === 200) return false;
  expect(status).toBe(403);
  expect(JSON.parse(body)).toEqual(BLOCKED);
  return true;
};

/** The calls of which the rule turns some away. */
const blocked = async (rule: DenyRuleDocument, calls: Readonly<Record<string, () => Promise<Answer>>>): Promise<readonly string[]> => {
  for (const [name, made] of Object.entries(calls)) expect([name, (await made()).status]).toEqual([name, 200]);
  put(rule);
  const names: string[] = [];
  for (const [name, made] of Object.entries(calls)) if (isBlocked(await made())) names.push(name);
  put(null);
  for (const [name, made] of Object.entries(calls)) expect([name, (await made()).status]).toEqual([name, 200]);
  return names;
};

const ann: DenyRuleDocument = { type: 'USER', name: 'Ann', id: ID };
const byAddress = (first: string, last = first, isInverted = false): DenyRuleDocument => ({ type: 'IP', first, last, isInverted });

/** Calls with a password that was found right. */
const asUser = async (name: string): Promise<Answer> => {
  const questions = () => gateway.messages.filter((message) => message.type === 'login-question');
  const before = questions().length;
  let isAnswered = false;
  const answer = call({ Authorization: `Basic ${Buffer.from(`${name}:secret`).toString('base64')}` }).finally(() => {
    isAnswered = true;
  });
  await until(() => isAnswered || questions().length > before);
  for (const { id } of questions().slice(before)) gateway.engine.loggedIn(id, { outcome: 'active', name, roles: [] });
  return answer;
};

const OPAQUE: ActiveToken = {
  ...{ outcome: 'active', keyManager: 'Idp', owner: TENANT, consumerKey: 'key-1', subject: '', entityId: '', jti: '' },
  ...{ issuedAt: 0, expiresAt: null, scopes: ['default'], audiences: ['key-1'], isUser: true, userNames: [] },
};

/** Calls with a token of which its key manager says this. */
const asOpaque = async (token: string, verdict: ActiveToken): Promise<Answer> => {
  const questions = () =>
    gateway.messages.flatMap((message) => (message.type === 'token-question' && message.token === token ? [message] : []));
  const before = questions().length;
  let isAnswered = false;
  const answer = call(bearer(token)).finally(() => {
    isAnswered = true;
  });
  await until(() => isAnswered || questions().length > before);
  for (const { id } of questions().slice(before)) gateway.engine.answered(id, verdict);
  return answer;
};

const testKey = (sub: string, entityId?: string) => ({
  'Internal-Key': resident.token(
    { token_type: 'InternalKey', keytype: 'PRODUCTION', subscribedAPIs: [{ uuid: 'pizza' }], sub, entity_id: entityId },
    { typ: 'JWT' },
  ),
});
const idpToken = (claims: Record<string, unknown>) =>
  bearer(outside.token({ iss: IDP, aut: undefined, jti: JSON.stringify(claims), ...claims }));

describe('a rule about an API', () => {
  it('turns everybody away from it, by whatever path, and nobody from another', async () => {
    const found = await blocked(
      { type: 'API', path: '/pizza/1.0.0' },
      {
        token: () => call(),
        'API key': () => call({ ApiKey: 'ann-key' }),
        password: () => asUser('ann'),
        'test key': () => call(testKey('ann@carbon.super')),
        nobody: () => call({}, '/pizza/1.0.0/open'),
        'default version': () => call(asApplication(), '/pizza/menu'),
        'another API': () => call(asApplication(), '/v1/pasta/menu'),
      },
    );

    expect(found).toEqual(['token', 'API key', 'password', 'test key', 'nobody', 'default version']);
  });

  it('knows an API whose context has the version within it', async () => {
    const found = await blocked(
      { type: 'API', path: '/v1/pasta' },
      { pasta: () => call(asApplication(), '/v1/pasta/menu'), pizza: () => call() },
    );

    expect(found).toEqual(['pasta']);
  });

  it('leaves preflights and what is wrong anyway as they are', async () => {
    put({ type: 'API', path: '/pizza/1.0.0' });

    expect((await call({})).status).toBe(401);
    expect((await call(asApplication(), '/pizza/1.0.0/none')).status).toBe(404);
  });
});

describe('a rule about an application', () => {
  it.each<[string, DenyRuleDocument, boolean]>([
    ['its owner and name', { type: 'APPLICATION', owner: 'admin', name: 'App' }, true],
    ['the name of another owner’s', { type: 'APPLICATION', owner: 'ann', name: 'App' }, false],
    ['another name', { type: 'APPLICATION', owner: 'admin', name: 'app' }, false],
  ])('by %s', async (_, rule, isMeant) => {
    const found = await blocked(rule, {
      token: () => call(),
      'API key': () => call({ ApiKey: 'ann-key' }),
      password: () => asUser('admin'),
      'test key': () => call(testKey('admin@carbon.super')),
      nobody: () => call({}, '/pizza/1.0.0/open'),
    });

    expect(found).toEqual(isMeant ? ['token', 'API key'] : []);
  });

  it('follows the name of the application', async () => {
    put({ type: 'APPLICATION', owner: 'admin', name: 'Renamed' });
    expect((await call()).status).toBe(200);

    const application = { uuid: 'app-1', id: 1, name: 'Renamed', owner: 'admin', policy: 'Unlimited', organization: TENANT };
    gateway.engine.apply([row('application', 'app-1', application)]);

    expect(isBlocked(await call())).toBe(true);
  });
});

describe('a rule about a user', () => {
  it('knows the user by whatever the credential says', async () => {
    const found = await blocked(ann, {
      'its id as subject': () => call(bearer(resident.token({ sub: ID, entity_id: ID }))),
      'its id beside another subject': () => call(bearer(resident.token({ sub: 'somebody', entity_id: ID }))),
      'its name': () => call(idpToken({ sub: 'ann' })),
      'its name in another case': () => call(idpToken({ sub: 'ANN' })),
      'its name with the tenant': () => call(idpToken({ sub: 'ann@carbon.super' })),
      'preferred_username beside a pseudonym': () => call(idpToken({ sub: '5f0c', preferred_username: 'ann' })),
      'username beside a pseudonym': () => call(idpToken({ sub: '5f0d', username: 'ann@carbon.super' })),
      'the owner of an API key': () => call({ ApiKey: 'ann-key' }),
      'a password': () => asUser('ann'),
      'a test key': () => call(testKey('ann@carbon.super')),
      'a test key by id': () => call(testKey('somebody', ID)),
      'another user': () => call(idpToken({ sub: 'anna' })),
      'a user of another tenant': () => call(idpToken({ sub: 'ann@other.com' })),
      'another id': () => call(bearer(resident.token({ sub: 'c1', entity_id: 'c1' }))),
      'another API key': () => call({ ApiKey: 'bob-key' }),
      'another password': () => asUser('bob'),
      'another test key': () => call(testKey('bob@carbon.super')),
      nobody: () => call({}, '/pizza/1.0.0/open'),
    });

    expect(found).toEqual([
      'its id as subject',
      'its id beside another subject',
      'its name',
      'its name in another case',
      'its name with the tenant',
      'preferred_username beside a pseudonym',
      'username beside a pseudonym',
      'the owner of an API key',
      'a password',
      'a test key',
      'a test key by id',
    ]);
  });

  it('knows names that are mail addresses', async () => {
    const found = await blocked(
      { type: 'USER', name: 'ann@mail.com', id: null },
      {
        plain: () => call(idpToken({ sub: 'Ann@mail.com' })),
        'with the tenant': () => call(idpToken({ sub: 'ann@mail.com@carbon.super' })),
        other: () => call(idpToken({ sub: 'bob@mail.com' })),
      },
    );

    expect(found).toEqual(['plain', 'with the tenant']);
  });

  it('knows the user by the names that a key manager tells of an opaque token', async () => {
    const opaque = (subject: string, userNames: readonly string[], keyManager = 'Idp') => {
      const token = createHash('sha256')
        .update(JSON.stringify([subject, userNames]))
        .digest('hex')
        .slice(0, 43);
      return () => asOpaque(token, { ...OPAQUE, keyManager, subject, entityId: subject, userNames });
    };
    const found = await blocked(ann, {
      'a name beside a pseudonym': opaque('5f0c', ['ann']),
      'one of two names': opaque('5f0d', ['a7', 'Ann@carbon.super']),
      'its subject': opaque('ann', []),
      'another name': opaque('5f0e', ['anna']),
      'a name that our own key manager does not tell': opaque('5f0f', ['ann'], 'Resident Key Manager'),
    });

    expect(found).toEqual(['a name beside a pseudonym', 'one of two names', 'its subject']);
  });

  it('reads no name but `sub` from tokens of the server itself, whose other claims users may choose', async () => {
    const found = await blocked(ann, { token: () => call(bearer(resident.token({ sub: 'x', preferred_username: 'ann' }))) });

    expect(found).toEqual([]);
  });
});

describe('a rule about addresses', () => {
  const from = (address: string) => call({ ...asApplication(), 'X-Forwarded-For': `${address}, 10.9.9.9` });

  it.each<[string, DenyRuleDocument, readonly string[], readonly string[]]>([
    ['one', byAddress('192.0.2.7'), ['192.0.2.7', '::ffff:192.0.2.7', '192.0.2.7:5555'], ['192.0.2.8', '2001:db8::7']],
    ['one of IPv6', byAddress('2001:db8::7'), ['2001:DB8:0::7', '[2001:db8::7]:443'], ['2001:db8::8', '192.0.2.7']],
    ['a range with its ends', byAddress('192.0.2.7', '192.0.2.9'), ['192.0.2.7', '192.0.2.8', '192.0.2.9'], ['192.0.2.6', '192.0.2.10']],
    ['a range of IPv6', byAddress('2001:db8::7', '2001:db8::9'), ['2001:db8::7', '2001:db8::9'], ['2001:db8::6', '2001:db8::a']],
    ['all but one', byAddress('192.0.2.7', '192.0.2.7', true), ['192.0.2.8', '2001:db8::7'], ['192.0.2.7']],
    ['all but a range', byAddress('192.0.2.7', '192.0.2.9', true), ['192.0.2.6', '192.0.2.10'], ['192.0.2.7', '192.0.2.9']],
  ])('about %s', async (_, rule, inside, outside) => {
    put(rule);

    for (const address of inside) expect([address, isBlocked(await from(address))]).toEqual([address, true]);
    for (const address of outside) expect([address, isBlocked(await from(address))]).toEqual([address, false]);
  });

  it('holds for everybody from there, whatever the credential', async () => {
    const found = await blocked(byAddress('127.0.0.1'), {
      token: () => call(),
      'API key': () => call({ ApiKey: 'ann-key' }),
      password: () => asUser('ann'),
      'test key': () => call(testKey('ann@carbon.super')),
      nobody: () => call({}, '/pizza/1.0.0/open'),
      'somebody else': () => from('192.0.2.1'),
    });

    expect(found).toEqual(['token', 'API key', 'password', 'test key', 'nobody']);
  });

  it('believes X-Forwarded-For of trusted proxies alone', async () => {
    const careful = await TestGateway.start([...rows(), row('deny-rule', 'rule-1', byAddress('192.0.2.7'))]);
    const claiming = (address: string) =>
      careful.call('/pizza/1.0.0/menu', { headers: { ...asApplication(), 'X-Forwarded-For': address } });

    const answers = [await claiming('192.0.2.7')];
    careful.engine.apply([row('deny-rule', 'rule-1', byAddress('127.0.0.1'))]);
    answers.push(await claiming('192.0.2.1'));

    await careful.stop();
    expect(answers.map(({ status }) => status)).toEqual([200, 403]);
  });
});

it('a client with a certificate is a user by its common name', async () => {
  const [partner, tls] = await Promise.all(
    ['partner', 'localhost'].map((value) => generate([{ name: 'commonName', value }], { algorithm: 'sha256', keySize: 2048 })),
  );
  const listed = { alias: 'partner', keyType: 'PRODUCTION' as const, tier: 'Unlimited', pem: partner?.cert ?? '' };
  const guarded = apiRow(backend.url, { securityScheme: ['mutualssl', 'mutualssl_mandatory'], clientCertificates: [listed] });
  const secure = await TestGateway.start([...rows(), guarded], {
    httpsPort: 0,
    tls: { key: tls?.private ?? '', cert: tls?.cert ?? '' },
  });
  const port = secure.messages.flatMap((message) => (message.type === 'listening' ? [message.httpsPort] : []))[0] ?? 0;
  const statusNow = () =>
    new Promise<number | undefined>((resolve, reject) => {
      const identity = { key: partner?.private, cert: partner?.cert, rejectUnauthorized: false, agent: false as const };
      request({ host: '127.0.0.1', port, path: '/pizza/1.0.0/menu', ...identity }, (answer) => resolve(answer.resume().statusCode))
        .on('error', reject)
        .end();
    });

  const statuses = [await statusNow()];
  for (const name of ['Partner', 'stranger']) {
    secure.engine.apply([row('deny-rule', 'rule-1', { type: 'USER', name, id: null })]);
    statuses.push(await statusNow());
  }

  await secure.stop();
  expect(statuses).toEqual([200, 403, 200]);
});

it('holds in its own tenant alone', async () => {
  const document = apiDocument(backend.url, { context: '/t/other.com/pizza', path: '/t/other.com/pizza/1.0.0' });
  gateway.engine.apply([row('api', 'pizza:Default', document, OTHER_TENANT)]);
  const both = async () => [(await call({}, '/pizza/1.0.0/open')).status, (await call({}, '/t/other.com/pizza/1.0.0/open')).status];

  put(byAddress('127.0.0.1'), OTHER_TENANT);
  expect(await both()).toEqual([200, 403]);
  put(null, OTHER_TENANT);
  put(byAddress('127.0.0.1'));
  expect(await both()).toEqual([403, 200]);
  // Rules of both may have the same key.
  put(byAddress('127.0.0.1'), OTHER_TENANT);
  put(null);
  expect(await both()).toEqual([200, 403]);
});

it('charges nothing for what it turns away, and reaches no backend', async () => {
  const application = { uuid: 'app-1', id: 1, name: 'App', owner: 'admin', policy: 'Once', organization: TENANT };
  gateway.engine.apply([onceADay, row('application', 'app-1', application)]);
  put({ type: 'APPLICATION', owner: 'admin', name: 'App' });
  for (let index = 0; index < 3; index += 1) expect(isBlocked(await call())).toBe(true);
  expect(backend.seen).toHaveLength(0);

  put(null);

  expect([(await call()).status, (await call()).status]).toEqual([200, 429]);
});

it('goes before the limits: 900805 where both are in the way', async () => {
  const application = { uuid: 'app-1', id: 1, name: 'App', owner: 'admin', policy: 'Once', organization: TENANT };
  gateway.engine.apply([onceADay, row('application', 'app-1', application)]);
  expect([(await call()).status, (await call()).status]).toEqual([200, 429]);

  put(byAddress('127.0.0.1'));

  expect(isBlocked(await call())).toBe(true);
});

it('is told to those who speak SOAP by a fault of the server', async () => {
  put({ type: 'API', path: '/soap/1.0.0' });

  const { status, headers, body } = await gateway.call('/soap/1.0.0/x', { method: 'POST', body: '<a/>' });

  expect(status).toBe(403);
  expect(headers['content-type']).toBe('text/xml; charset=UTF-8');
  expect(body).toContain(
    '<faultcode>soapenv:Server</faultcode><faultstring>Message blocked</faultstring><detail>You have been blocked from accessing the resource</detail>',
  );
});

it('is seen in the figures as refused, with its application', async () => {
  const records = () => gateway.messages.flatMap((message: FromWorker) => (message.type === 'usage' ? message.records : []));
  put({ type: 'APPLICATION', owner: 'admin', name: 'App' });
  await call();

  await until(() => records().length > 0);

  expect(records()).toEqual([expect.objectContaining({ applicationId: 'app-1', hits: 1, refused: 1, throttled: 0, backendHits: 0 })]);
});

it('is written down in the access log as refused', async () => {
  const observability = {
    accessLog: { format: 'json' as const, pattern: '' },
    metrics: false,
    traces: null,
    alwaysCorrelates: false,
    apiLogPayloadBytesMax: 1_024,
  };
  const observed = await TestGateway.start([...rows(), row('deny-rule', 'rule-1', byAddress('127.0.0.1'))], { observability });
  const lines = () => observed.messages.flatMap((message) => (message.type === 'access-lines' ? [message.text] : []));

  await observed.call('/pizza/1.0.0/menu', { headers: asApplication() });
  await until(() => lines().length > 0);

  await observed.stop();
  expect(JSON.parse(lines()[0] ?? '')).toMatchObject({ status: 403, outcome: 'refused' });
});

it('takes no longer for a call with ten thousand rules than without', async () => {
  const timed = async (): Promise<number> => {
    const startedAt = performance.now();
    for (let index = 0; index < 200; index += 1) expect((await call()).status).toBe(200);
    return performance.now() - startedAt;
  };
  await timed();
  const before = await timed();

  gateway.engine.apply(
    Array.from({ length: 10_000 }, (_, index) => {
      const address = `10.${index >> 8}.${index & 255}`;
      return row('deny-rule', `rule-${index}`, index % 2 ? byAddress(`${address}.1`) : byAddress(`${address}.1`, `${address}.9`));
    }),
  );

  expect(await timed()).toBeLessThan(3 * before + 100);
  expect(isBlocked(await call({ ...asApplication(), 'X-Forwarded-For': '10.39.14.9' }))).toBe(true);
});
