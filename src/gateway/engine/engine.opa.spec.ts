import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AttachedPolicyDocument } from '../../domain/gateway-documents.js';
import {
  type Answer,
  apiRow,
  Signer,
  startBackend,
  startRawBackend,
  subscriber,
  TENANT,
  type TestBackend,
  TestGateway,
} from './engine.fixture.js';
import type { ApiAck, FromWorker } from './messages.js';

const signer = new Signer('key-1');
let backend: TestBackend;
let opa: TestBackend;
let gateway: TestGateway | undefined;
/** What the policy server says next. */
let decide: (request: IncomingMessage, reply: ServerResponse) => void;
const result = (value: unknown) => (_: IncomingMessage, reply: ServerResponse) => {
  reply.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
};

beforeAll(async () => {
  backend = await startBackend();
  opa = await startBackend((request, reply) => decide(request, reply));
});
afterAll(async () => {
  await backend.stop();
  await opa.stop();
});
beforeEach(() => {
  backend.seen.length = 0;
  opa.seen.length = 0;
  decide = result({ result: true });
});
afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
});

const start = async (parameters: Record<string, unknown> = {}): Promise<TestGateway> => {
  const usual = { serverUrl: `${opa.url}/v1/data`, policy: 'pizza', rule: 'allow' };
  const policy: AttachedPolicyDocument = { name: 'opaPolicy', version: 'v1', isBuiltIn: true, parameters: { ...usual, ...parameters } };
  gateway = await TestGateway.start([
    ...subscriber(signer),
    apiRow(backend.url, { policies: { request: [policy], response: [], fault: [] } }),
  ]);
  return gateway;
};
const call = (at: TestGateway, path = '/menu', headers: Record<string, string> = {}): Promise<Answer> =>
  at.call(`/pizza/1.0.0${path}`, { headers: { Authorization: `Bearer ${signer.token()}`, ...headers } });
const isAck = (message: FromWorker): message is ApiAck => message.type === 'ack';

const REFUSED = { status: 403, body: '{"code":"902012","message":"Forbidden"}' };
const FAILED = { status: 500, body: '{"code":"902011","message":"Internal Sever Error"}' };

it('asks the policy server about the request, and goes on when it agrees', async () => {
  const token = signer.token();

  const answer = await (await start({ accessKey: 'key of ours' })).call('/pizza/1.0.0/menu?size=large', {
    headers: { Authorization: `Bearer ${token}`, 'X-Table': '7' },
  });

  expect(answer).toMatchObject({ status: 200, body: 'hello' });
  expect(opa.seen).toMatchObject([
    { method: 'POST', url: '/v1/data/pizza/allow', headers: { 'content-type': 'application/json', authorization: 'key of ours' } },
  ]);
  expect(JSON.parse(opa.seen[0]?.body ?? '')).toEqual({
    input: {
      requestOrigin: '127.0.0.1',
      method: 'GET',
      path: '/pizza/1.0.0/menu?size=large',
      transportHeaders: expect.objectContaining({ 'X-Table': '7' }),
      electedResource: '/menu',
      apiContext: {
        apiName: 'Pizza',
        apiVersion: '1.0.0',
        subscriberOrganization: TENANT,
        isAuthenticated: true,
        issuer: 'https://localhost:9443/oauth2/token',
        apiPublisher: 'admin',
        keyType: 'PRODUCTION',
        subscriber: 'admin',
        consumerKey: 'key-1',
        applicationUUID: 'app-1',
        applicationName: 'App',
        username: 'ann',
      },
    },
  });
  expect(opa.seen[0]?.body).not.toContain(token);
});

it('sends the access token and further properties when it is told to', async () => {
  const at = await start({ sendAccessToken: 'true', additionalProperties: 'AM_KEY_TYPE,API_UUID,unheard_of,method' });
  const token = signer.token();

  await at.call('/pizza/1.0.0/menu', { headers: { Authorization: `Bearer ${token}` } });

  const { input } = JSON.parse(opa.seen[0]?.body ?? '');
  expect(input).toMatchObject({ AM_KEY_TYPE: 'PRODUCTION', API_UUID: 'pizza', method: 'GET', apiContext: { accessToken: token } });
  expect(input).not.toHaveProperty('unheard_of');
});

it('says that nobody is authenticated at an open resource', async () => {
  await call(await start(), '/open');

  expect(JSON.parse(opa.seen[0]?.body ?? '').input.apiContext).toMatchObject({ isAuthenticated: false });
});

it.each([
  ['false', result({ result: false }), REFUSED],
  ['nothing', result({}), FAILED],
  ['no boolean', result({ result: 'true' }), FAILED],
  ['an object', result({ result: { allow: true } }), FAILED],
  ['a list', result([true]), FAILED],
  ['null', result(null), FAILED],
  ['no JSON', (_: IncomingMessage, reply: ServerResponse) => reply.end('true'), FAILED],
  ['another status', (_: IncomingMessage, reply: ServerResponse) => reply.writeHead(500).end('{"result":true}'), FAILED],
  ['a redirect', (_: IncomingMessage, reply: ServerResponse) => reply.writeHead(302, { Location: opa.url }).end('{"result":true}'), FAILED],
  ['a lot', (_: IncomingMessage, reply: ServerResponse) => reply.end(`{"result":true,"x":"${'x'.repeat(100_000)}"}`), FAILED],
])('refuses the request when the server answers %s', async (_, answer, expected) => {
  decide = answer;

  expect(await call(await start())).toMatchObject(expected);

  expect(backend.seen).toEqual([]);
});

it('fails where nobody answers in time', async () => {
  const silent = await startRawBackend(() => undefined);
  const at = await start({ serverUrl: silent.url, connectionTimeout: 1 });
  const before = performance.now();

  expect(await call(at)).toMatchObject(FAILED);

  expect(performance.now() - before).toBeLessThan(3_000);
  await silent.stop();
});

it.each([
  ['http://127.0.0.1:9'],
  ['http://169.254.169.254/latest'],
  ['http://[fe80::1]:8181'],
  ['http://100.100.100.200'],
])('fails at %s', async (serverUrl) => {
  const at = await start({ serverUrl });
  const before = performance.now();

  expect(await call(at)).toMatchObject(FAILED);

  // Refused, not waited for.
  expect(performance.now() - before).toBeLessThan(1_000);
  expect(at.messages.filter((message) => message.type === 'warning')).toMatchObject([{ message: 'a policy server gave no decision' }]);
});

it('says only now and then that a server fails', async () => {
  decide = result({});
  const at = await start();

  for (let i = 0; i < 3; i += 1) await call(at);

  expect(at.messages.filter((message) => message.type === 'warning')).toMatchObject([
    { detail: { server: opa.url, reason: 'the answer has no result that is true or false' } },
  ]);
});

it('keeps its connections and opens no more than it may', async () => {
  const ports = new Set<number>();
  let open = 0;
  let most = 0;
  decide = ({ socket }, reply) => {
    ports.add(socket.remotePort ?? 0);
    open += 1;
    most = Math.max(most, open);
    setTimeout(() => {
      open -= 1;
      reply.end('{"result":true}');
    }, 5);
  };
  const at = await start({ maxOpenConnections: 2 });

  const answers = await Promise.all(Array.from({ length: 10 }, () => call(at)));

  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect(most).toBe(2);
  expect(ports.size).toBe(2);
});

it.each([
  ['http://opa/v1/data/', '/a/b/', 'allow', '/v1/data/a/b/allow'],
  ['', 'a', '', '/a'],
  ['', 'a?b#c', 'd e', '/a%3Fb%23c/d%20e'],
])('puts %s, the policy %s and the rule %s together', async (base, policy, rule, expected) => {
  await call(await start({ serverUrl: opa.url + base.replace('http://opa', ''), policy, rule }));

  expect(opa.seen[0]?.url).toBe(expected);
});

it.each([
  [{ serverUrl: 'opa:8181' }, "'serverUrl' is no address"],
  [{ serverUrl: 'file:///etc/passwd' }, "'serverUrl' is no address"],
  [{ serverUrl: 'http://a:b@opa' }, "'serverUrl' holds credentials"],
  [{ policy: '' }, "'policy' is missing"],
  [{ accessKey: 'a\r\nX: y' }, "'accessKey' holds characters"],
  [{ maxOpenConnections: '0' }, "'maxOpenConnections' is no number between 1 and 999"],
  [{ connectionTimeout: 'soon' }, "'connectionTimeout' is no number between 1 and 999"],
])('is not deployed with %j', async (parameters, reason) => {
  const { messages } = await start(parameters);

  expect(messages.filter(isAck).find(({ ok }) => !ok)?.error).toContain(reason);
});
