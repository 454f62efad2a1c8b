import { AlreadyExists, PreconditionFailed, Unauthenticated } from '../../src/domain/problem.js';
import {
  AddressInvalid,
  ApiContextUnknown,
  ApplicationUnknown,
  DenyPolicyExists,
  DenyPolicyNotFound,
  FilterUnreadable,
  ForeignUser,
  RangeAddressInvalid,
  RangeMixed,
  RangeReversed,
  ValueUnreadable,
} from '../../src/throttling/deny/deny-policies.problems.js';
import { type Actor, expected } from '../support/actor.js';
import { management } from '../support/client.js';
import { type GivenApi, type GivenApplication, given, type Organization } from '../support/given.js';
import { unique } from '../support/unique.js';

interface Condition {
  readonly conditionId: string;
  readonly conditionType: string;
  readonly conditionValue: unknown;
  readonly conditionStatus: boolean;
}

interface ConditionList {
  readonly count: number;
  readonly list: readonly Condition[];
}

const COLLECTION = '/throttling/deny-policies';
const ITEM = '/throttling/deny-policy/{conditionId}';
const UNKNOWN_ID = '7d0e8a0e-9a34-4a44-9f0b-0f5a3b1c2d3e';

let tenant: Organization;
let admin: Actor;
let api: GivenApi;
let application: GivenApplication;
beforeAll(async () => {
  tenant = await given.organization();
  admin = tenant.admin;
  api = await given.api({ by: admin });
  application = await given.application(admin);
});

const add = (conditionType: string, conditionValue: unknown, further: object = {}, by = admin) =>
  by.admin<Condition>(`POST ${COLLECTION}`, { body: { conditionType, conditionValue, ...further } });
const added = async (...parts: Parameters<typeof add>): Promise<Condition> => expected(await add(...parts), 201);
const valuesIn = async (query: string | undefined, by = admin): Promise<readonly unknown[]> => {
  const { count, list } = expected(await by.admin<ConditionList>(`GET ${COLLECTION}`, { query: { query } }), 200);
  expect(list).toHaveLength(count);
  return list.map(({ conditionValue }) => conditionValue);
};
/** An address that no other test denies. */
let lastAddress = 0;
const address = (): string => {
  lastAddress += 1;
  return `198.51.${lastAddress >> 8}.${lastAddress & 255}`;
};

it.each<[string, () => unknown, (() => unknown)?]>([
  ['API', () => api.url],
  ['APPLICATION', () => `admin@${tenant.domain}:${application.name}`],
  ['IP', () => ({ fixedIp: address(), invert: true })],
  ['IPRANGE', () => ({ startingIp: '203.0.113.1', endingIp: '203.0.113.9', invert: false })],
  ['USER', () => 'nobody-yet', () => `nobody-yet@${tenant.domain}`],
])('a policy about an %s is created, read, switched and deleted', async (conditionType, sent, shown = sent) => {
  const conditionValue = sent();
  const created = await add(conditionType, conditionValue, { conditionStatus: true });
  const { conditionId } = created.body;
  const stored = { conditionId, conditionType, conditionValue: conditionType === 'USER' ? shown() : conditionValue, conditionStatus: true };
  expect(created).toMatchObject({ status: 201, body: stored });
  expect(created.headers['location']).toContain(`/throttling/deny-policy/${conditionId}`);
  const path = { conditionId };

  const read = await admin.admin(`GET ${ITEM}`, { path });
  expect(read.status).toBe(200);
  // Clients search for fragments of the text: properties keep their order.
  expect(JSON.stringify(read.body)).toBe(JSON.stringify(stored));
  for (const conditionStatus of [false, false, true]) {
    const changed = await admin.admin(`PATCH ${ITEM}`, { path, body: { conditionStatus } });
    expect(changed).toMatchObject({ status: 200, body: { ...stored, conditionStatus } });
    expect((await admin.admin(`GET ${ITEM}`, { path })).body).toEqual({ ...stored, conditionStatus });
  }
  expect(await valuesIn(undefined)).toContainEqual(stored.conditionValue);

  expect((await admin.admin(`DELETE ${ITEM}`, { path })).status).toBe(200);
  for (const operation of ['GET', 'DELETE']) expect(await admin.admin(`${operation} ${ITEM}`, { path })).toFailWith(DenyPolicyNotFound);
  expect(await valuesIn(undefined)).not.toContainEqual(stored.conditionValue);
});

it('is in force unless told otherwise', async () => {
  expect((await added('IP', { fixedIp: address() })).conditionStatus).toBe(true);
  expect((await added('IP', { fixedIp: address() }, { conditionStatus: null })).conditionStatus).toBe(true);
  expect((await added('IP', { fixedIp: address() }, { conditionStatus: false })).conditionStatus).toBe(false);
});

it('is stored once: of many at a time one is made', async () => {
  const fixedIp = address();

  const answers = await Promise.all(Array.from({ length: 8 }, () => add('IP', { fixedIp })));

  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
  const refused = answers.find(({ status }) => status === 409);
  expect(refused).toFailWith(DenyPolicyExists('IP', `{"fixedIp":"${fixedIp}","invert":false}`));
});

it('is one whatever way it is written, but not whatever it means', async () => {
  const name = unique('Twice');
  await added('USER', name);
  await added('IP', { fixedIp: '2001:db8::77' });

  expect(await add('USER', `${name.toUpperCase()}@${tenant.domain}`)).toFailWith(AlreadyExists);
  expect(await add('IP', { fixedIp: '2001:DB8:0:0::77', invert: false })).toFailWith(AlreadyExists);
  expect((await add('IP', { fixedIp: '2001:db8::77', invert: true })).status).toBe(201);
});

it('may be there in two tenants', async () => {
  const { admin: other } = await given.organization();
  const value = { fixedIp: address() };

  expect((await add('IP', value)).status).toBe(201);
  expect((await add('IP', value, {}, other)).status).toBe(201);
});

it('may come again after it was deleted', async () => {
  const value = { fixedIp: address() };
  const { conditionId } = await added('IP', value);
  expected(await admin.admin(`DELETE ${ITEM}`, { path: { conditionId } }), 200);

  expect((await add('IP', value)).status).toBe(201);
});

it('is hidden from other tenants', async () => {
  const { admin: other } = await given.organization();
  const condition = await added('IP', { fixedIp: address() });
  const path = { conditionId: condition.conditionId };

  expect(await valuesIn(undefined, other)).toEqual([]);
  expect(await other.admin(`GET ${ITEM}`, { path })).toFailWith(DenyPolicyNotFound);
  expect(await other.admin(`PATCH ${ITEM}`, { path, body: { conditionStatus: false } })).toFailWith(DenyPolicyNotFound);
  expect(await other.admin(`DELETE ${ITEM}`, { path })).toFailWith(DenyPolicyNotFound);

  expect((await admin.admin(`GET ${ITEM}`, { path })).body).toEqual(condition);
});

it.each([UNKNOWN_ID, 'no-uuid'])('is not found under the id %s', async (conditionId) => {
  const path = { conditionId };

  expect(await admin.admin(`GET ${ITEM}`, { path })).toFailWith(DenyPolicyNotFound);
  expect(await admin.admin(`PATCH ${ITEM}`, { path, body: { conditionStatus: false } })).toFailWith(DenyPolicyNotFound);
  expect(await admin.admin(`DELETE ${ITEM}`, { path })).toFailWith(DenyPolicyNotFound);
});

describe('is refused', () => {
  it.each([
    ['an unknown path of an API', 'API', '/nothing/1.0.0', ApiContextUnknown],
    ['what is no path', 'API', 'nothing', ApiContextUnknown],
    ['an unknown application', 'APPLICATION', 'admin:Nothing', ApplicationUnknown],
    ['an application without an owner', 'APPLICATION', 'Nothing', ApplicationUnknown],
    ['what is no address', 'IP', { fixedIp: '10.0.0.300' }, AddressInvalid('10.0.0.300')],
    ['a network', 'IP', { fixedIp: '10.0.0.0/8' }, AddressInvalid('10.0.0.0/8')],
    ['an address as a text', 'IP', '10.0.0.1', ValueUnreadable('IP')],
    ['a range without an end', 'IPRANGE', { startingIp: '10.0.0.1' }, ValueUnreadable('IPRANGE')],
    ['a range of no addresses', 'IPRANGE', { startingIp: 'a', endingIp: '10.0.0.1' }, RangeAddressInvalid('a')],
    ['a range the wrong way round', 'IPRANGE', { startingIp: '10.0.0.2', endingIp: '10.0.0.1' }, RangeReversed('10.0.0.2', '10.0.0.1')],
    ['a range from IPv4 to IPv6', 'IPRANGE', { startingIp: '10.0.0.2', endingIp: '::1' }, RangeMixed('10.0.0.2', '::1')],
    ['a user as an object', 'USER', { name: 'ann' }, ValueUnreadable('USER')],
    ['a user without a name', 'USER', ' ', ForeignUser('%s')],
    ['a user name of any length', 'USER', 'x'.repeat(10_000), ValueUnreadable('USER')],
  ] as const)('%s', async (_, type, value, problem) => {
    expect(await add(type, value)).toFailWith(problem);
  });

  it('what belongs to another tenant', async () => {
    const [theirs, app] = [await given.api(), await given.application()];

    expect(await add('API', theirs.url)).toFailWith(ApiContextUnknown);
    expect(await add('APPLICATION', `admin:${app.name}`)).toFailWith(ApplicationUnknown);
    expect(await add('APPLICATION', `admin@carbon.super:${app.name}`)).toFailWith(ApplicationUnknown);
    expect(await add('USER', 'admin@carbon.super')).toFailWith(ForeignUser(tenant.domain));
    expect(await add('API', api.url, {}, given.superAdmin)).toFailWith(ApiContextUnknown);
    expect(await add('USER', `admin@${tenant.domain}`, {}, given.superAdmin)).toFailWith(ForeignUser('carbon.super'));
  });

  it.each([
    ['without a type', { conditionValue: 'x' }],
    ['of an unknown type', { conditionType: 'MOOD', conditionValue: 'x' }],
    ['about a subscription', { conditionType: 'SUBSCRIPTION', conditionValue: '/a:1:ann-App' }],
    ['without a value', { conditionType: 'USER' }],
    ['with a status that is none', { conditionType: 'USER', conditionValue: 'ann', conditionStatus: 'on' }],
    ['with an unknown property', { conditionType: 'USER', conditionValue: 'ann', colour: 'red' }],
  ])('a policy %s', async (_, body) => {
    expect(await admin.admin(`POST ${COLLECTION}`, { body })).toFailWith({ status: 400, code: 400, message: 'Bad Request' });
  });

  it.each([
    [{}],
    [{ conditionStatus: 'off' }],
    [{ conditionStatus: null }],
    [{ conditionStatus: true, conditionType: 'IP' }],
  ])('the change %j', async (body) => {
    const { conditionId } = await added('IP', { fixedIp: address() });

    const answer = await admin.admin(`PATCH ${ITEM}`, { path: { conditionId }, body });

    expect(answer).toFailWith({ status: 400, code: 400, message: 'Bad Request' });
  });
});

it('takes the id that a portal sends back with a status', async () => {
  const { conditionId } = await added('IP', { fixedIp: address() });

  const answer = await admin.admin(`PATCH ${ITEM}`, { path: { conditionId }, body: { conditionId, conditionStatus: false } });

  expect(answer).toMatchObject({ status: 200, body: { conditionId, conditionStatus: false } });
});

it('is switched only when If-Match still fits', async () => {
  const path = { conditionId: (await added('IP', { fixedIp: address() })).conditionId };
  const { headers } = await admin.admin(`GET ${ITEM}`, { path });
  const change = { path, body: { conditionStatus: false }, headers: { 'if-match': headers['etag'] ?? '' } };

  expect((await admin.admin(`PATCH ${ITEM}`, change)).status).toBe(200);
  expect(await admin.admin(`PATCH ${ITEM}`, change)).toFailWith(PreconditionFailed);
});

describe('the list', () => {
  let own: Organization;
  let path: string;
  beforeAll(async () => {
    own = await given.organization();
    const one = await given.api({ by: own.admin });
    const longer = await given.api({ by: own.admin, with: { context: `${one.context.replace(`/t/${own.domain}`, '')}/more` } });
    path = one.context;
    for (const each of [one, longer]) await added('API', each.url, {}, own.admin);
    await added('USER', 'ann', {}, own.admin);
    await added('IP', { fixedIp: '192.0.2.1' }, { conditionStatus: false }, own.admin);
    await added('IPRANGE', { startingIp: '192.0.2.1', endingIp: '192.0.2.9' }, {}, own.admin);
  });

  it('shows all, the oldest first, whatever their status', async () => {
    expect(await valuesIn(undefined, own.admin)).toEqual([
      `${path}/1.0.0`,
      `${path}/more/1.0.0`,
      `ann@${own.domain}`,
      { fixedIp: '192.0.2.1', invert: false },
      { startingIp: '192.0.2.1', endingIp: '192.0.2.9', invert: false },
    ]);
  });

  it.each<[string, () => string, number]>([
    ['a type', () => 'conditionType:API', 2],
    ['a part of a value', () => `conditionType:API&conditionValue:${path}`, 2],
    ['a whole value', () => `conditionType:API&conditionValue:"${path}/1.0.0"`, 1],
    ['half a value in quotes', () => `conditionType:API&conditionValue:"${path}"`, 0],
    ['a value of any type', () => 'conditionValue:ann', 1],
    ['an address', () => 'conditionValue:"192.0.2.1"', 2],
    ['both in the other order, with blanks', () => 'conditionValue:192 & conditionType:IP', 1],
    ['a type nobody can make', () => 'conditionType:SUBSCRIPTION', 0],
    ['nothing', () => '', 5],
  ])('filters by %s', async (_, query, count) => {
    expect(await valuesIn(query(), own.admin)).toHaveLength(count);
  });

  it('takes the filter as clients send it that encode nothing of it, or all', async () => {
    const as = { bearer: await own.admin.token() };
    const counted = async (search: string): Promise<unknown> => {
      const answer = await management.request<ConditionList>(`GET /api/am/admin/v4${COLLECTION}?query=${search}`, { as });
      return expected(answer, 200).count;
    };

    expect(await counted(`conditionType:API&conditionValue:"${path}/1.0.0"`)).toBe(1);
    expect(await counted(`conditionType%3AAPI%26conditionValue%3A%22${encodeURIComponent(`${path}/1.0.0`)}%22`)).toBe(1);
    expect(await counted(`conditionType:API%20&%20conditionValue:${path}`)).toBe(2);
  });

  it.each(['API', 'type:API', 'conditionType'])('does not understand %s', async (query) => {
    expect(await own.admin.admin(`GET ${COLLECTION}`, { query: { query } })).toFailWith(FilterUnreadable);
  });
});

describe('the scope', () => {
  const calls = ['GET', 'PATCH', 'DELETE'] as const;

  it('apim:bl_view shows and does not change', async () => {
    const reader = admin.withScopes('apim:bl_view');
    const path = { conditionId: (await added('IP', { fixedIp: address() })).conditionId };

    expect((await reader.admin(`GET ${COLLECTION}`)).status).toBe(200);
    expect((await reader.admin(`GET ${ITEM}`, { path })).status).toBe(200);
    expect(await add('IP', { fixedIp: address() }, {}, reader)).toFailWith(Unauthenticated());
    expect(await reader.admin(`PATCH ${ITEM}`, { path, body: { conditionStatus: false } })).toFailWith(Unauthenticated());
    expect(await reader.admin(`DELETE ${ITEM}`, { path })).toFailWith(Unauthenticated());
    expect((await admin.admin(`GET ${ITEM}`, { path })).body).toMatchObject({ conditionStatus: true });
  });

  it('apim:bl_manage changes and does not show', async () => {
    const writer = admin.withScopes('apim:bl_manage');

    const { conditionId } = await added('IP', { fixedIp: address() }, {}, writer);

    const path = { conditionId };
    expect((await writer.admin(`PATCH ${ITEM}`, { path, body: { conditionStatus: false } })).status).toBe(200);
    expect(await writer.admin(`GET ${COLLECTION}`)).toFailWith(Unauthenticated());
    expect(await writer.admin(`GET ${ITEM}`, { path })).toFailWith(Unauthenticated());
    expect((await writer.admin(`DELETE ${ITEM}`, { path })).status).toBe(200);
  });

  it.each(['apim:tier_manage', 'apim:api_view'])('%s opens nothing', async (scope) => {
    const stranger = admin.withScopes(scope);
    const path = { conditionId: UNKNOWN_ID };

    expect(await stranger.admin(`GET ${COLLECTION}`)).toFailWith(Unauthenticated());
    expect(await add('IP', { fixedIp: address() }, {}, stranger)).toFailWith(Unauthenticated());
    for (const call of calls)
      expect(await stranger.admin(`${call} ${ITEM}`, { path, ...(call === 'PATCH' && { body: { conditionStatus: true } }) })).toFailWith(
        Unauthenticated(),
      );
  });
});
