import {
  type Answer,
  apiRow,
  operation,
  row,
  Signer,
  startBackend,
  subscriber,
  type TestBackend,
  TestGateway,
  until,
} from './engine.fixture.js';
import type { FromWorker, LoginVerdict } from './messages.js';

const signer = new Signer('key-a');
let backend: TestBackend;
let gateway: TestGateway;

beforeAll(async () => {
  backend = await startBackend();
  gateway = await TestGateway.start([
    ...subscriber(signer),
    row('policy', 'subscription:Unauthenticated', {
      ...{ level: 'subscription', name: 'Unauthenticated', burst: null, stopOnQuotaReach: true },
      quota: { type: 'REQUESTCOUNTLIMIT', count: 3, timeUnit: 'day', unitTime: 1 },
    }),
    apiRow(backend.url, {
      securityScheme: ['basic_auth', 'oauth_basic_auth_api_key_mandatory'],
      scopeRoles: { cook: ['Kitchen/Chef', 'owner'], read: [] },
      audiences: ['someone'],
      operations: [
        operation('GET', '/menu'),
        operation('GET', '/kitchen', { scopes: ['cook'] }),
        operation('GET', '/list', { scopes: ['cook', 'read'] }),
        operation('GET', '/unknown', { scopes: ['nobody-knows'] }),
      ],
    }),
    apiRow(backend.url, {
      apiId: 'both',
      context: '/both',
      path: '/both/1.0.0',
      securityScheme: ['basic_auth', 'oauth2', 'api_key'],
      subscriptionless: true,
    }),
    apiRow(backend.url, { apiId: 'oauth', context: '/oauth', path: '/oauth/1.0.0' }),
    apiRow(backend.url, { apiId: 'made', context: '/made', path: '/made/1.0.0', securityScheme: ['basic_auth'], status: 'CREATED' }),
  ]);
});

afterAll(async () => {
  await gateway.stop();
  await backend.stop();
});

type Question = Extract<FromWorker, { readonly type: 'login-question' }>;

const basic = (name: string, password = 'secret'): string => `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
const call = (authorization: string, path = '/pizza/1.0.0/menu'): Promise<Answer> => gateway.call(path, { headers: { authorization } });
const questionsOf = (name: string): readonly Question[] =>
  gateway.messages.filter(
    (message): message is Question => message.type === 'login-question' && message.question.name === `${name}@carbon.super`,
  );

/** Calls, and has the main thread say this of the user. */
const answered = async (name: string, verdict: LoginVerdict, path?: string, authorization = basic(name)): Promise<Answer> => {
  const before = questionsOf(name).length;
  const answer = call(authorization, path);
  await until(() => questionsOf(name).length > before);
  gateway.engine.loggedIn(questionsOf(name).at(-1)?.id ?? -1, verdict);
  return answer;
};
const active = (name: string, ...roles: readonly string[]): LoginVerdict => ({ outcome: 'active', name, roles });

it('lets a user in whose password is right, asks once, and keeps the password from the backend', async () => {
  const first = await answered('ann', active('ann'));
  const second = await call(basic('ann'));

  expect([first.status, second.status]).toEqual([200, 200]);
  expect(questionsOf('ann')).toHaveLength(1);
  expect(questionsOf('ann')[0]?.question).toEqual({ name: 'ann@carbon.super', password: 'secret', address: '127.0.0.1' });
  expect(backend.seen.at(-1)?.headers.authorization).toBeUndefined();
});

it('asks once for all who come with the same credentials at the same time', async () => {
  const calls = [call(basic('crowd')), call(basic('crowd'))];
  await until(() => questionsOf('crowd').length > 0);
  // Long enough for the second to arrive as well.
  await call('Bearer nobody', '/oauth/1.0.0/menu');
  gateway.engine.loggedIn(questionsOf('crowd')[0]?.id ?? -1, active('crowd'));

  expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200]);
  expect(questionsOf('crowd')).toHaveLength(1);
});

it.each([
  ['refused', 401, '900901'],
  ['unknown', 500, '900900'],
  ['busy', 429, '429'],
] as const)('answers a %s login with %i, and asks again the next time', async (outcome, status, code) => {
  const answers = [await answered(outcome, { outcome }), await answered(outcome, { outcome })];

  for (const answer of answers) expect([answer.status, JSON.parse(answer.body).code]).toEqual([status, code]);
});

it.each([
  ['no credentials', undefined, 401, '900902'],
  ['no base64', 'Basic %%%', 401, '900901'],
  ['no colon', `Basic ${Buffer.from('ann').toString('base64')}`, 401, '900901'],
  ['nothing after the scheme', 'Basic', 401, '900901'],
  ['a bearer token alone', 'Bearer abc', 401, '900902'],
  ['a user of another tenant', basic('ann@other.com'), 403, '900908'],
])('refuses %s without asking', async (_, authorization, status, code) => {
  const before = gateway.messages.length;

  const answer = await gateway.call('/pizza/1.0.0/menu', { headers: authorization === undefined ? {} : { authorization } });

  expect([answer.status, JSON.parse(answer.body).code]).toEqual([status, code]);
  expect(gateway.messages.slice(before).filter(({ type }) => type === 'login-question')).toEqual([]);
});

it('names its challenge', async () => {
  expect((await gateway.call('/both/1.0.0/menu')).headers['www-authenticate']).toBe(
    'Internal API Key realm="WSO2 API Manager", Bearer realm="WSO2 API Manager", Basic realm="WSO2 API Manager", API Key realm="WSO2 API Manager", error="invalid_token", error_description="The provided token is invalid"',
  );
});

it.each([
  ['/kitchen', ['kitchen/chef'], 200],
  ['/kitchen', ['waiter'], 403],
  ['/list', ['waiter'], 200],
  ['/unknown', ['kitchen/chef'], 403],
] as const)('opens %s to a user with the roles %j: %i', async (path, roles, status) => {
  const name = `user-${path.slice(1)}-${roles[0].replace('/', '-')}`;

  const answer = await answered(name, active(name, ...roles), `/pizza/1.0.0${path}`);

  expect(answer.status).toBe(status);
  if (status === 403) expect(JSON.parse(answer.body)).toMatchObject({ code: '900910', description: 'Scope validation failed' });
});

it('forgets what it knows of a tenant’s users when one of them changes', async () => {
  await answered('bob', active('bob', 'owner'));
  gateway.engine.apply([row('accounts', 'accounts', { changedAt: Date.now() })]);

  const answer = await answered('bob', { outcome: 'refused' });

  expect(answer.status).toBe(401);
});

it('does not remember a user who changed while the main thread was asked', async () => {
  const answer = call(basic('carl'));
  await until(() => questionsOf('carl').length > 0);
  gateway.engine.apply([row('accounts', 'accounts', { changedAt: Date.now() })]);
  gateway.engine.loggedIn(questionsOf('carl')[0]?.id ?? -1, active('carl'));

  expect((await answer).status).toBe(200);
  expect((await answered('carl', { outcome: 'refused' })).status).toBe(401);
});

it('forgets nothing when another tenant’s users change', async () => {
  await answered('dora', active('dora'));
  gateway.engine.apply([row('accounts', 'accounts', { changedAt: Date.now() }, 'other.com')]);

  expect((await call(basic('dora'))).status).toBe(200);
  expect(questionsOf('dora')).toHaveLength(1);
});

it('counts the calls of each user, however the name is written', async () => {
  await answered('eve', active('eve'), '/both/1.0.0/menu');
  await answered('EVE', active('eve'), '/both/1.0.0/menu');
  const third = await call(basic('eve'), '/both/1.0.0/menu');
  const fourth = await call(basic('eve'), '/both/1.0.0/menu');
  const other = await answered('fred', active('fred'), '/both/1.0.0/menu');

  expect([third.status, fourth.status, other.status]).toEqual([200, 429, 200]);
});

it('takes tokens and passwords side by side, and keeps both from the backend', async () => {
  const token = signer.token();
  const calls = [
    await call(`Bearer ${token}`, '/both/1.0.0/menu'),
    await answered('gina', active('gina'), '/both/1.0.0/menu', `Bearer wrong, ${basic('gina')}, Digest kept`),
  ];

  expect(calls.map(({ status }) => status)).toEqual([200, 200]);
  expect(backend.seen.at(-1)?.headers.authorization).toBe('Digest kept');
});

it('does not see passwords where an API takes none', async () => {
  const answer = await call(basic('hans'), '/oauth/1.0.0/menu');

  expect([answer.status, JSON.parse(answer.body).code]).toEqual([401, '900902']);
});

it('keeps users from an API that is not published', async () => {
  const answer = await answered('ines', active('ines'), '/made/1.0.0/menu');

  expect([answer.status, JSON.parse(answer.body).code]).toEqual([403, '900908']);
});

it('asks no more than 64 questions of one client at a time', async () => {
  const answers: Answer[] = [];
  const calls = Array.from({ length: 70 }, async (_, at) => answers.push(await call(basic('flood', `wrong-${at}`))));
  await until(() => answers.length === 6);
  const refusedAtOnce = answers.map(({ status }) => status);

  for (const { id } of questionsOf('flood')) gateway.engine.loggedIn(id, { outcome: 'refused' });
  await Promise.all(calls);

  expect(refusedAtOnce).toEqual(Array(6).fill(429));
  expect(questionsOf('flood')).toHaveLength(64);
});
