import type { ApiDocument, FeedRow } from '../../domain/gateway-documents.js';
import { parseKeyTemplate } from '../../throttling/rules/key-template.js';
import { compileQuery } from '../../throttling/rules/query/compile-rule.js';
import type { BackendJwtSettings } from './credentials/backend-jwts.js';
import {
  apiRow,
  type CallOptions,
  operation,
  row,
  Signer,
  startBackend,
  subscriber,
  TENANT,
  type TestBackend,
  TestGateway,
} from './engine.fixture.js';
import { written } from './sequences.fixture.js';

const signer = new Signer('key-a');
let backend: TestBackend;
let gateway: TestGateway;

const BACKEND_JWT: BackendJwtSettings = {
  header: 'X-JWT-Assertion',
  claimDialect: 'http://wso2.org/claims',
  encoding: 'base64',
  isSigned: true,
  hasKid: true,
  thumbprint: 'x5t',
  isTenantKey: false,
  lifeSeconds: 900,
  hasUserClaims: false,
  excludedClaims: [],
};

interface Rule {
  readonly template: string;
  readonly isEligible?: string;
  readonly key?: string;
  readonly limit?: string;
  readonly window?: string;
}

/** A rule by its parts; a day's window, so that no test falls on the edge of one but at midnight. */
const rule = (
  id: string,
  { template, isEligible = 'true', key = "''", limit = 'count() >= 1', window = '1 day' }: Rule,
  tenant = TENANT,
): FeedRow => {
  const query = `FROM RequestStream SELECT propertiesMap, (${isEligible}) AS isEligible, ${key} AS throttleKey INSERT INTO EligibilityStream;
    FROM EligibilityStream[isEligible == true]#throttler:timeBatch(${window}, 0)
    SELECT throttleKey, (${limit}) AS isThrottled, expiryTimeStamp GROUP BY throttleKey INSERT ALL EVENTS INTO ResultStream;`;
  return row('custom-rule', id, { name: id, keyTemplate: parseKeyTemplate(template), ...compileQuery(query) }, tenant);
};

const start = async (rows: readonly FeedRow[], settings: ConstructorParameters<typeof TestGateway>[0] = {}) => {
  gateway = await TestGateway.start([...subscriber(signer), api(), ...rows], settings);
};

const api = (changes: Partial<ApiDocument> = {}): FeedRow => apiRow(backend.url, changes);

const call = (claims: Record<string, unknown> = {}, path = '/pizza/1.0.0/menu', { headers = {}, ...options }: CallOptions = {}) =>
  gateway.call(path, { ...options, headers: { Authorization: `Bearer ${signer.token(claims)}`, ...headers } });

const outcome = async (answer: ReturnType<typeof call>): Promise<string> => {
  const { status, body } = await answer;
  return status === 200 ? '200' : String(JSON.parse(body).code);
};

const outcomes = async (times: number, make: () => ReturnType<typeof call>): Promise<string[]> => {
  const all: string[] = [];
  for (let i = 0; i < times; i += 1) all.push(await outcome(make()));
  return all;
};

beforeEach(async () => {
  backend = await startBackend();
});

afterEach(async () => {
  await gateway.stop();
  await backend.stop();
});

it('answers 900806 and says when the next request may come', async () => {
  await start([rule('r', { template: '$apiContext', key: 'apiContext' })]);
  expect((await call()).status).toBe(200);

  const { status, headers, body } = await call();

  const { nextAccessTime, ...rest } = JSON.parse(body);
  expect(status).toBe(429);
  expect(Date.parse(headers['retry-after'] ?? '') % 86_400_000).toBe(0);
  expect(rest).toEqual({
    code: '900806',
    message: 'Message throttled out',
    description: `You have exceeded your quota .You can access API after ${nextAccessTime}`,
  });
});

describe('a variable of the template', () => {
  const ofUser = (sub: string) => () => call({ sub });
  const at = (path: string) => () => call({}, path);

  it.each([
    ['$userId', 'userId', "'ann@carbon.super'", ofUser('ann'), ofUser('bob')],
    ['$resourceKey', 'resourceKey', "'/pizza/1.0.0/1.0.0/menu:GET'", at('/pizza/1.0.0/menu'), at('/pizza/1.0.0/other')],
    ['$apiContext', 'apiContext', "'/pizza/1.0.0'", at('/pizza/1.0.0/menu'), at('/pasta/1.0.0/menu')],
    ['$apiVersion', 'apiVersion', "'1.0.0'", at('/pizza/1.0.0/menu'), at('/pizza/2.0.0/menu')],
    ['$appTenant', 'appTenant', "'carbon.super'", ofUser('ann'), null],
    ['$apiTenant', 'apiTenant', "'carbon.super'", ofUser('ann'), null],
    ['$appId', 'appId', "'1'", ofUser('ann'), () => call({ azp: 'key-2' })],
    ['$clientIp', "cast(map:get(propertiesMap, 'ip'), 'string')", "'2130706433'", ofUser('ann'), null],
  ])('%s: the query’s %s is %s', async (template, expression, value, hit, other) => {
    await start([
      api({ operations: [operation('GET', '/menu'), operation('GET', '/other')] }),
      api({ apiId: 'pizza-2', version: '2.0.0', path: '/pizza/2.0.0' }),
      api({ apiId: 'pasta', name: 'Pasta', context: '/pasta', path: '/pasta/1.0.0' }),
      row('application', 'app-2', { uuid: 'app-2', id: 2, name: 'Other', owner: 'admin', policy: 'Unlimited', organization: TENANT }),
      row('key-mapping', 'Resident Key Manager:key-2', {
        consumerKey: 'key-2',
        keyManager: 'Resident Key Manager',
        applicationId: 'app-2',
        keyType: 'PRODUCTION',
      }),
      ...['pizza-2', 'pasta'].map((apiId) =>
        row('subscription', `sub-${apiId}`, {
          subscriptionId: `sub-${apiId}`,
          apiId,
          applicationId: 'app-1',
          policy: 'Unlimited',
          state: 'UNBLOCKED',
        }),
      ),
      row('subscription', 'sub-2', {
        subscriptionId: 'sub-2',
        apiId: 'pizza',
        applicationId: 'app-2',
        policy: 'Unlimited',
        state: 'UNBLOCKED',
      }),
      rule('by-name', { template, isEligible: `${expression} == ${value}`, key: expression }),
    ]);

    expect(await outcomes(2, hit)).toEqual(['200', '900806']);
    if (other !== null) expect(await outcomes(2, other)).toEqual(['200', '200']);
  });

  it('$clientIp is a number of 128 bits for an address of IPv6', async () => {
    const key = "cast(map:get(propertiesMap, 'ipv6'), 'string')";
    await start(
      [
        rule('r', {
          template: '$clientIp',
          isEligible: "cast(map:get(propertiesMap,'ipv6'),'long') == 42540766411282592856903984951653826561",
          key,
        }),
      ],
      {
        trustedProxies: ['127.0.0.1'],
      },
    );
    const from = (address: string) => () => call({}, undefined, { headers: { 'X-Forwarded-For': address } });

    expect(await outcomes(2, from('2001:db8::1'))).toEqual(['200', '900806']);
    expect(await outcomes(2, from('2001:db8::2'))).toEqual(['200', '200']);
  });

  it('several are joined with colons, and each key is counted by itself', async () => {
    await start([rule('r', { template: '$userId:$apiContext', key: "str:concat(userId, ':', apiContext)", limit: 'count() >= 2' })]);

    expect(await outcomes(3, ofUser('ann'))).toEqual(['200', '200', '900806']);
    expect(await outcomes(3, ofUser('bob'))).toEqual(['200', '200', '900806']);
  });
});

it.each([
  ['a key that is not the expanded template', { template: '$userId', key: "'somebody'" }],
  ['a condition that does not hold', { template: '$userId', key: 'userId', isEligible: "userId == 'bob@carbon.super'" }],
  ['a property that no policy sets', { template: '$customProperty.truck', key: "''" }],
])('%s leaves requests alone', async (_, parts) => {
  await start([rule('r', parts)]);

  expect(await outcomes(3, call)).toEqual(['200', '200', '200']);
});

describe('an attribute', () => {
  it.each([
    ['appKey', '1:ann@carbon.super'],
    ['appTier', 'Unlimited'],
    ['subscriptionKey', '1:/pizza/1.0.0:1.0.0:Unlimited'],
    ['subscriptionTier', 'Unlimited'],
    ['apiKey', '/pizza/1.0.0:1.0.0'],
    ['apiName', 'Pizza'],
    ['resourceTier', 'Unlimited'],
    ["map:get(propertiesMap, 'applicationName')", 'App'],
    ["map:get(propertiesMap, 'subscriptionType')", 'PRODUCTION'],
  ])('%s is %s', async (expression, value) => {
    await start([rule('r', { template: '$apiContext', key: 'apiContext', isEligible: `${expression} == '${value}'` })]);

    expect(await outcomes(2, call)).toEqual(['200', '900806']);
  });

  it('of a call without a credential names nobody and its address', async () => {
    const isEligible = "userId == 'anonymous@carbon.super' and appId == '127.0.0.1' and subscriptionTier == 'Unauthenticated'";
    await start([rule('r', { template: '$userId', key: 'userId', isEligible })]);

    expect(await outcomes(2, () => gateway.call('/pizza/1.0.0/open'))).toEqual(['200', '900806']);
    expect(await outcomes(2, call)).toEqual(['200', '200']);
  });
});

describe('an entry of the map', () => {
  const only = (name: string, value: string) =>
    rule('r', {
      template: '$apiContext',
      key: 'apiContext',
      isEligible: `regex:find('${value}', cast(map:get(propertiesMap,'${name}'),'string'))`,
    });
  const off = { headers: false, queryParameters: false, claims: false };

  it.each([
    ['a header', 'user-agent', { headers: true }, () => call({}, undefined, { headers: { 'User-Agent': 'My Chrome' } })],
    ['a query parameter', 'browser', { queryParameters: true }, () => call({}, '/pizza/1.0.0/menu?browser=My+Chrome')],
  ])('may be %s, where that is switched on', async (_, name, on, make) => {
    await start([only(name, 'Chrome')], { conditions: { ...off, ...on } });
    expect(await outcomes(2, make)).toEqual(['200', '900806']);
    expect(await outcomes(2, call)).toEqual(['200', '200']);
    await gateway.stop();

    await start([only(name, 'Chrome')], { conditions: off });
    expect(await outcomes(2, make)).toEqual(['200', '200']);
  });

  it('may be a claim of the token for backends, where that is switched on', async () => {
    const conditions = { ...off, claims: true };
    gateway = new TestGateway({ backendJwt: BACKEND_JWT, conditions }, (message) => {
      if (message.type !== 'sign-question') return;
      const payload = Buffer.from(JSON.stringify(message.request.payload)).toString('base64');
      setImmediate(() => gateway.engine.signed(message.id, `h.${payload}.s`));
    });
    gateway.engine.apply([...subscriber(signer), api(), only('plan', '^gold$')]);
    await gateway.engine.listen();

    expect(await outcomes(2, () => call({ plan: 'silver' }))).toEqual(['200', '200']);
    expect(await outcomes(2, () => call({ plan: 'gold' }))).toEqual(['200', '900806']);
    expect(await outcomes(2, () => gateway.call('/pizza/1.0.0/open'))).toEqual(['200', '200']);
  });

  it('is the gateway’s own before it is anybody else’s', async () => {
    const isEligible = "cast(map:get(propertiesMap,'messageSize'),'long') == 3 and map:get(propertiesMap,'applicationName') == 'App'";
    await start([rule('r', { template: '$apiContext', key: 'apiContext', isEligible })], {
      conditions: { headers: true, queryParameters: true, claims: true },
    });
    const make = () =>
      call({}, '/pizza/1.0.0/order?applicationName=Fake&messageSize=9', {
        method: 'POST',
        body: 'abc',
        headers: { 'Content-Length': '3', messageSize: '9' },
      });

    expect(await outcomes(2, make)).toEqual(['200', '900806']);
  });
});

describe('bytes', () => {
  const bytes = rule('r', { template: '$userId', key: 'userId', limit: "sum(cast(map:get(propertiesMap,'messageSize'),'long')) >= 1024" });

  it.each([
    ['announced', { 'Content-Length': '2000' }],
    ['not announced', { 'Transfer-Encoding': 'chunked' }],
  ])('of a body whose length is %s are counted: the request that crosses the limit passes', async (_, headers) => {
    await start([bytes]);
    const post = () => call({}, '/pizza/1.0.0/order', { method: 'POST', body: 'x'.repeat(2_000), headers });

    expect(await outcomes(2, post)).toEqual(['200', '900806']);
  });
});

it('a limit of nothing lets nothing through', async () => {
  await start([rule('r', { template: '$userId', key: 'userId', isEligible: "userId == 'ann@carbon.super'", limit: 'count() >= 0' })]);

  expect(await outcomes(2, call)).toEqual(['900806', '900806']);
  expect(await outcomes(1, () => call({ sub: 'bob' }))).toEqual(['200']);
});

it('is exact under concurrency', async () => {
  await start([rule('r', { template: '$apiContext', key: 'apiContext', limit: 'count() >= 20' })]);

  const all = await Promise.all(Array.from({ length: 60 }, () => outcome(call())));

  expect(all.filter((each) => each === '200')).toHaveLength(20);
});

it('a request that a rule refuses is charged to no other limit, and the other way round', async () => {
  const application = row('application', 'app-1', {
    uuid: 'app-1',
    id: 1,
    name: 'App',
    owner: 'admin',
    policy: 'Three',
    organization: TENANT,
  });
  const three = row('policy', 'application:Three', {
    level: 'application',
    name: 'Three',
    quota: { type: 'REQUESTCOUNTLIMIT', timeUnit: 'day', unitTime: 1, count: 3 },
    burst: null,
    stopOnQuotaReach: true,
  });
  await start([
    three,
    application,
    rule('r', {
      template: '$resourceKey',
      key: 'resourceKey',
      isEligible: "resourceKey == '/pizza/1.0.0/1.0.0/menu:GET'",
      limit: 'count() >= 2',
    }),
  ]);
  const order = () => call({}, '/pizza/1.0.0/order', { method: 'POST' });

  expect(await outcomes(4, call)).toEqual(['200', '200', '900806', '900806']);
  expect(await outcomes(2, order)).toEqual(['200', '900803']);
  // What the application's limit refused has not used up the rule of another user's requests.
  expect(await outcomes(1, () => call({ sub: 'bob' }))).toEqual(['900806']);
});

it('two rules hold at once', async () => {
  await start([
    rule('wide', { template: '$apiContext', key: 'apiContext', limit: 'count() >= 3' }),
    rule('narrow', { template: '$userId', key: 'userId', limit: 'count() >= 2' }),
  ]);

  expect(await outcomes(3, () => call({ sub: 'ann' }))).toEqual(['200', '200', '900806']);
  expect(await outcomes(2, () => call({ sub: 'bob' }))).toEqual(['200', '900806']);
});

describe('a change', () => {
  const parts: Rule = { template: '$userId', key: 'userId', limit: 'count() >= 3' };

  it('of one rule leaves the counts of the others and its own', async () => {
    await start([rule('one', parts)]);
    expect(await outcomes(2, call)).toEqual(['200', '200']);

    gateway.engine.apply([rule('other', { ...parts, limit: 'count() >= 100' })]);
    expect(await outcomes(2, call)).toEqual(['200', '900806']);

    gateway.engine.apply([rule('one', { ...parts, limit: 'count() >= 4' })]);
    expect(await outcomes(2, call)).toEqual(['200', '900806']);
  });

  it('that takes a rule away lets requests through at once', async () => {
    await start([rule('one', { ...parts, limit: 'count() >= 0' })]);
    expect(await outcomes(1, call)).toEqual(['900806']);

    gateway.engine.apply([row('custom-rule', 'one', null)]);

    expect(await outcomes(1, call)).toEqual(['200']);
  });

  it('that cannot be used is reported, and the rule before it stays', async () => {
    const good = rule('one', { ...parts, limit: 'count() >= 0' });
    await start([good]);
    if (good.kind !== 'custom-rule' || good.body === null) throw new Error('a rule has a document');

    gateway.engine.apply([
      row('custom-rule', 'one', { ...good.body, isEligible: { kind: 'find', pattern: '(', in: { kind: 'field', name: 'userId' } } }),
    ]);

    expect(gateway.messages).toContainEqual(expect.objectContaining({ type: 'warning', message: 'a document cannot be used' }));
    expect(await outcomes(1, call)).toEqual(['900806']);
  });
});

it('of another tenant is no rule', async () => {
  await start([rule('r', { template: '$userId', key: 'userId', limit: 'count() >= 0' }, 'other.com')]);

  expect(await outcomes(1, call)).toEqual(['200']);
});

describe('a property that a policy has set', () => {
  const truck = rule('r', {
    template: '$apiContext:$customProperty.vehicle',
    isEligible: "map:get(propertiesMap,'vehicle') == 'truck'",
    key: "str:concat(apiContext, ':', cast(map:get(propertiesMap,'vehicle'),'string'))",
    limit: 'count() >= 2',
  });
  const sequence = written(
    `<property name="custom_property" type="JSON" expression="fn:concat('{&quot;vehicle&quot;:&quot;', $ctx:query.param.vehicle, '&quot;}')"/>`,
  );
  const script = {
    ...written("mc.setProperty('custom_property', { vehicle: mc.getProperty('query.param.vehicle') });"),
    language: 'javascript' as const,
  };
  const by = (vehicle: string) => () => call({}, `/pizza/1.0.0/menu?vehicle=${vehicle}`);
  const carried = (request: typeof sequence) =>
    api({ operations: [operation('GET', '/menu', { policies: { request: [request], response: [], fault: [] } })] });

  it.each([
    ['a sequence', sequence],
    ['a script', script],
  ])('is seen by the rules that name it: %s', async (_, policy) => {
    await start([carried(policy), truck]);

    expect(await outcomes(3, by('truck'))).toEqual(['200', '200', '900806']);
    expect(await outcomes(3, by('car'))).toEqual(['200', '200', '200']);
  });

  it('leaves the other limits uncharged when such a rule refuses', async () => {
    const narrow = rule('user', { template: '$userId', key: 'userId', limit: 'count() >= 3' });
    await start([carried(sequence), truck, narrow]);

    expect(await outcomes(4, by('truck'))).toEqual(['200', '200', '900806', '900806']);
    expect(await outcomes(2, by('car'))).toEqual(['200', '900806']);
  });
});
