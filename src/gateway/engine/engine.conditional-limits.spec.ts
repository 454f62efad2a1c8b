import type { Condition, ConditionalGroup } from '../../domain/conditional-groups.js';
import type { BackendJwtSettings } from './credentials/backend-jwts.js';
import { apiRow, operation, Signer, startBackend, subscriber, type TestBackend, TestGateway } from './engine.fixture.js';
import type { WorkerSettings } from './messages.js';
import { advancedPolicy, quota } from './throttling.fixture.js';

const signer = new Signer('key-a');
let backend: TestBackend;
let gateway: TestGateway;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend.stop());
afterEach(() => gateway.stop());

const group = (count: number, ...conditions: Condition[]): ConditionalGroup => ({ description: '', conditions, quota: quota({ count }) });
const header = (headerName: string, headerValue: string, invertCondition = false): Condition => ({
  type: 'HEADERCONDITION',
  invertCondition,
  headerCondition: { headerName, headerValue },
});
const parameter = (parameterName: string, parameterValue: string, invertCondition = false): Condition => ({
  type: 'QUERYPARAMETERCONDITION',
  invertCondition,
  queryParameterCondition: { parameterName, parameterValue },
});
const claim = (claimUrl: string, attribute: string, invertCondition = false): Condition => ({
  type: 'JWTCLAIMSCONDITION',
  invertCondition,
  jwtClaimsCondition: { claimUrl, attribute },
});
const address = (specificIP: string, invertCondition = false): Condition => ({
  type: 'IPCONDITION',
  invertCondition,
  ipCondition: { ipConditionType: 'IPSPECIFIC', specificIP },
});
const range = (startingIP: string, endingIP: string): Condition => ({
  type: 'IPCONDITION',
  invertCondition: false,
  ipCondition: { ipConditionType: 'IPRANGE', startingIP, endingIP },
});

const start = async (groups: readonly ConditionalGroup[], settings: Partial<WorkerSettings> = {}, count = 2) => {
  gateway = await TestGateway.start(
    [
      ...subscriber(signer),
      advancedPolicy('Grouped', { count }, groups),
      apiRow(backend.url, { operations: [operation('GET', '/menu', { throttlingPolicy: 'Grouped' })] }),
    ],
    { trustedProxies: ['127.0.0.1'], ...settings },
  );
};

interface Call {
  readonly headers?: Record<string, string>;
  readonly search?: string;
  readonly claims?: Record<string, unknown>;
}

const passes = async ({ headers = {}, search = '', claims = {} }: Call = {}) => {
  const Authorization = `Bearer ${signer.token(claims)}`;
  const { status, body } = await gateway.call(`/pizza/1.0.0/menu${search}`, { headers: { Authorization, ...headers } });
  if (status !== 200) expect(JSON.parse(body).code).toBe('900802');
  return status === 200;
};
const from = (forwarded: string): Call => ({ headers: { 'X-Forwarded-For': forwarded } });
/** Whether the request is in the only group, which takes none. */
const isIn = async (condition: Condition | readonly Condition[], call: Call, settings: Partial<WorkerSettings> = {}) => {
  await start([group(0, ...(Array.isArray(condition) ? condition : [condition]))], settings, 1_000);
  return !(await passes(call));
};

it('a group trips at its limit while others pass, and uses nothing up of theirs', async () => {
  await start([group(1, header('X-Kind', 'robot'))]);
  const robot = { headers: { 'x-kind': 'a robot' } };

  expect([await passes(robot), await passes(robot), await passes(robot)]).toEqual([true, false, false]);
  expect([await passes(), await passes(), await passes()]).toEqual([true, true, false]);
});

it('the first group whose conditions all hold decides', async () => {
  await start([group(1, header('X-A', '1'), parameter('b', '2')), group(3, header('X-A', '1'))]);
  const both = { headers: { 'X-A': '1' }, search: '?b=2' };
  const one = { headers: { 'X-A': '1' } };

  expect([await passes(both), await passes(both)]).toEqual([true, false]);
  expect([await passes(one), await passes(one), await passes(one), await passes(one)]).toEqual([true, true, true, false]);
});

it('a group keeps its count where it moves to and when its limit changes', async () => {
  const grouped = (count: number) => group(count, header('X-A', '1'));
  await start([grouped(2)]);
  const call = { headers: { 'X-A': '1' } };
  expect([await passes(call), await passes(call), await passes(call)]).toEqual([true, true, false]);

  gateway.engine.apply([advancedPolicy('Grouped', { count: 2 }, [group(9, header('X-B', '1')), grouped(3)])]);

  expect([await passes(call), await passes(call)]).toEqual([true, false]);
});

it('a group keeps its count when its address is written in another way', async () => {
  await start([group(2, address('2001:db8::1'))]);
  const call = from('2001:db8::1');
  expect([await passes(call), await passes(call), await passes(call)]).toEqual([true, true, false]);

  gateway.engine.apply([advancedPolicy('Grouped', { count: 2 }, [group(3, address('2001:0DB8:0::1'))])]);

  expect([await passes(call), await passes(call)]).toEqual([true, false]);
});

it.each([
  ['found anywhere in the value', header('X-A', 'b+'), { headers: { 'x-a': 'abba' } }, true],
  ['not found', header('X-A', '^b'), { headers: { 'x-a': 'abba' } }, false],
  ['empty', header('X-A', '.*'), { headers: { 'x-a': '' } }, false],
  ['not there', header('X-A', '.*'), {}, false],
  ['not there, inverted', header('X-A', '.*', true), {}, true],
  ['a parameter, decoded', parameter('q q', '^a b$'), { search: '?x=1&q+q=a%20b' }, true],
  ['one of several of the name', parameter('q', '^2$'), { search: '?q=1&q=2' }, true],
  ['a parameter of another name', parameter('q', '1'), { search: '?Q=1' }, false],
  ['an address', address('10.0.0.1'), from('10.0.0.1, 9.9.9.9'), true],
  ['another address', address('10.0.0.1'), from('10.0.0.2'), false],
  ['another address, inverted', address('10.0.0.1', true), from('10.0.0.2'), true],
  ['the start of a range', range('10.0.0.5', '10.0.0.9'), from('10.0.0.5'), true],
  ['the end of a range', range('10.0.0.5', '10.0.0.9'), from('10.0.0.9'), true],
  ['below a range', range('10.0.0.5', '10.0.0.9'), from('10.0.0.4'), false],
  ['above a range, in the order of numbers', range('10.0.0.5', '10.0.0.9'), from('10.0.0.50'), false],
  ['an IPv6 address however it is written', address('2001:db8::1'), from('2001:0DB8:0:0::0001'), true],
  ['an IPv4 address that the condition writes as IPv6', address('::ffff:10.0.0.1'), from('10.0.0.1'), true],
  ['an IPv4 address that comes as IPv6', address('10.0.0.1'), from('::ffff:a00:1'), true],
  ['a range of IPv4 that the condition writes as IPv6', range('::ffff:10.0.0.5', '::ffff:10.0.0.9'), from('10.0.0.7'), true],
  ['above such a range', range('::ffff:10.0.0.5', '::ffff:10.0.0.9'), from('10.0.0.10'), false],
  ['an IPv6 address with a zone', address('fe80::1'), from('fe80::1%eth0'), true],
  ['the start of a range of IPv6', range('2001:db8::1', '2001:db8::ff'), from('2001:db8::1'), true],
  ['the end of a range of IPv6', range('2001:db8::1', '2001:db8::ff'), from('2001:db8::ff'), true],
  ['above a range of IPv6', range('2001:db8::1', '2001:db8::ff'), from('2001:db8::1:0'), false],
  ['IPv4 in a range of IPv6', range('::', 'ffff::'), from('10.0.0.1'), false],
])('looks at what is %s', async (_what, condition, call, expected) => {
  expect(await isIn(condition, call)).toBe(expected);
});

it('believes no forwarded address but that of a trusted proxy', async () => {
  expect(await isIn(address('10.0.0.1'), from('10.0.0.1'), { trustedProxies: [] })).toBe(false);
});

it.each([
  ['headers', header('X-A', '1'), { headers: false }],
  ['headers, inverted', header('X-Z', '1', true), { headers: false }],
  ['query parameters', parameter('a', '1'), { queryParameters: false }],
])('a group takes no part when conditions on %s are switched off', async (_kind, condition, off) => {
  const conditions = { headers: true, queryParameters: true, claims: true, ...off };
  expect(await isIn(condition, { headers: { 'X-A': '1' }, search: '?a=1' }, { conditions })).toBe(false);
});

it('a group that cannot be used takes no part, and somebody is told', async () => {
  expect(await isIn(header('X-A', '(?=1)'), { headers: { 'X-A': '1' } })).toBe(false);
  expect(gateway.messages).toContainEqual(
    expect.objectContaining({ type: 'warning', message: 'a conditional limit of a throttling policy cannot be used' }),
  );
});

describe('claims of the token for backends', () => {
  const SETTINGS: BackendJwtSettings = {
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

  /** The main thread, which signs what it is asked to and adds a claim of its own. */
  const signing = async (groups: readonly ConditionalGroup[], asked: () => void = () => undefined) => {
    gateway = new TestGateway({ backendJwt: SETTINGS }, (message) => {
      if (message.type !== 'sign-question') return;
      asked();
      const payload = { ...message.request.payload, added: { by: 'main' } };
      setImmediate(() => gateway.engine.signed(message.id, `h.${Buffer.from(JSON.stringify(payload)).toString('base64')}.s`));
    });
    gateway.engine.apply([
      ...subscriber(signer),
      advancedPolicy('Grouped', { count: 1_000 }, groups),
      apiRow(backend.url, {
        operations: [
          operation('GET', '/menu', { throttlingPolicy: 'Grouped' }),
          operation('GET', '/open', { authType: 'None', throttlingPolicy: 'Grouped' }),
        ],
      }),
    ]);
    await gateway.engine.listen();
  };

  it.each([
    ['as it is', claim('plan', '^gold$'), { plan: 'gold' }, true],
    ['another value', claim('plan', '^gold$'), { plan: 'golden' }, false],
    ['inverted', claim('plan', '^gold$', true), { plan: 'golden' }, true],
    ['in an object', claim('address.country', 'LK'), { address: { country: 'LK' } }, true],
    ['a list', claim('groups', '^a\\|b$'), { groups: ['a', 'b'] }, true],
    ['a number', claim('level', '^7$'), { level: 7 }, true],
    ['not there', claim('plan', '.*'), {}, false],
    ['that only such tokens have', claim('http://wso2.org/claims/apiname', 'Pizza'), {}, true],
    ['that is added where it is signed', claim('added.by', 'main'), {}, true],
  ])('%s', async (_what, condition, claims, expected) => {
    await signing([group(0, condition)]);
    expect(await passes({ claims })).toBe(!expected);
    // The second time the token is there already.
    expect(await passes({ claims })).toBe(!expected);
  });

  it('a request that waits for them counts in the window in which it goes on', async () => {
    const { now } = Date;
    try {
      await signing([group(1, claim('plan', 'gold'))], () => {
        Date.now = () => now() + 86_400_000;
      });
      const claims = { plan: 'gold', exp: Math.floor(now() / 1_000) + 3 * 86_400 };

      expect(await passes({ claims })).toBe(true);
      expect(await passes({ claims })).toBe(false);
    } finally {
      Date.now = now;
    }
  });

  it('nobody without a credential has any', async () => {
    await signing([group(0, claim('plan', '.*'))]);
    expect((await gateway.call('/pizza/1.0.0/open')).status).toBe(200);
  });

  it.each([false, true])('without such tokens a group takes no part, inverted: %p', async (inverted) => {
    expect(await isIn(claim('plan', inverted ? 'silver' : 'gold', inverted), { claims: { plan: 'gold' } })).toBe(false);
  });
});
