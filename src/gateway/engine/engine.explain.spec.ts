import { generateKeyPairSync, sign, verify } from 'node:crypto';
import type { AttachedPolicyDocument } from '../../domain/gateway-documents.js';
import { apiRow, operation, Signer, startBackend, subscriber, type TestBackend, TestGateway } from './engine.fixture.js';
import type { FromWorker } from './messages.js';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const signer = new Signer('key-a');
let backend: TestBackend;
let gateway: TestGateway;
let signs = true;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs in place of the main thread. */
const answerQuestions = (running: TestGateway): NodeJS.Timeout => {
  let answered = 0;
  return setInterval(() => {
    const questions = running.messages.filter(
      (message): message is Extract<FromWorker, { type: 'sign-question' }> => message.type === 'sign-question',
    );
    for (const { id, request } of questions.slice(answered)) {
      const text = `${encode({ ...request.header, alg: 'RS256' })}.${encode(request.payload)}`;
      running.engine.signed(id, signs ? `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}` : null);
    }
    answered = questions.length;
  }, 2);
};

const addHeader = (headerName: string): AttachedPolicyDocument => ({
  name: 'addHeader',
  version: 'v3',
  isBuiltIn: true,
  parameters: { headerName, headerValue: 'very secret value' },
});
let timer: NodeJS.Timeout;

beforeAll(async () => {
  backend = await startBackend();
  const policies = { request: [addHeader('x-a')], response: [addHeader('x-b')], fault: [] };
  const many = { request: Array.from({ length: 120 }, (_, index) => addHeader(`x-${index}`)), response: [], fault: [] };
  gateway = await TestGateway.start([
    ...subscriber(signer),
    apiRow(backend.url, {
      operations: [
        operation('GET', '/menu'),
        operation('GET', '/chef', { scopes: ['chef'] }),
        operation('GET', '/mediated', { authType: 'None', policies }),
        operation('GET', '/many', { authType: 'None', policies: many }),
      ],
    }),
    apiRow('http://127.0.0.1:1', {
      apiId: 'away',
      context: '/away',
      path: '/away/1.0.0',
      operations: [operation('GET', '/*', { authType: 'None' })],
    }),
  ]);
  timer = answerQuestions(gateway);
});
beforeEach(() => {
  signs = true;
  backend.seen.length = 0;
});
afterAll(async () => {
  clearInterval(timer);
  await gateway.stop();
  await backend.stop();
});

const key = (claims: Record<string, unknown> = {}): string =>
  signer.token({ token_type: 'InternalKey', keytype: 'PRODUCTION', subscribedAPIs: [{ uuid: 'pizza' }, { uuid: 'away' }], ...claims });
const call = (path: string, headers: Record<string, string> = {}, method = 'GET') => gateway.call(path, { method, headers });
const bearer = { Authorization: `Bearer ${signer.token()}` };
const explained = (headers: Record<string, unknown>): Record<string, unknown> => {
  const [header = '', payload = '', signature = ''] = String(headers['x-gateway-explanation']).split('.');
  expect(verify('sha256', Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
};
const stepsOf = (headers: Record<string, unknown>): readonly string[] =>
  (explained(headers)['steps'] as readonly [string, string, number][]).map(([step, decision]) => `${step}: ${decision}`);

it('explains an answer of the backend step by step, with times, and keeps the key from the backend', async () => {
  const answer = await call('/pizza/1.0.0/menu', { ...bearer, 'X-Gateway-Explain': key() });

  expect(answer).toMatchObject({ status: 200, body: 'hello' });
  expect(stepsOf(answer.headers)).toEqual([
    'cors: passed',
    'authenticate: passed',
    'subscription: passed',
    'deny: passed',
    'throttle: passed',
    'api-key-parameter: passed',
    'endpoint: passed',
    'backend: answered 200',
  ]);
  expect(explained(answer.headers)).toMatchObject({
    api: 'Pizza',
    version: '1.0.0',
    method: 'GET',
    resource: '/menu',
    iat: expect.any(Number),
  });
  expect(backend.seen[0]?.headers).not.toHaveProperty('x-gateway-explain');
});

it.each([
  ['no token', '/pizza/1.0.0/menu', {}, 'GET', 401, 'authenticate: refused 401 900902'],
  ['a missing scope', '/pizza/1.0.0/chef', bearer, 'GET', 403, 'scopes: refused 403 900910'],
  ['no such resource', '/pizza/1.0.0/none', bearer, 'GET', 404, 'resource: refused 404'],
  ['no such method', '/pizza/1.0.0/menu', bearer, 'PUT', 405, 'resource: refused 405'],
  ['a backend that is away', '/away/1.0.0/x', {}, 'GET', 500, expect.stringMatching(/^backend: failed 10\d{4}$/)],
])('explains a refusal: %s', async (_, path, headers, method, status, last) => {
  const answer = await call(path, { ...headers, 'X-Gateway-Explain': key() }, method);

  expect(answer.status).toBe(status);
  expect(stepsOf(answer.headers).at(-1)).toEqual(last);
});

it('names policies and says nothing of what they write', async () => {
  const answer = await call('/pizza/1.0.0/mediated', { 'X-Gateway-Explain': key() });

  expect(stepsOf(answer.headers)).toEqual(expect.arrayContaining(['policy:addHeader: passed', 'response-policy:addHeader: passed']));
  expect(JSON.stringify(explained(answer.headers))).not.toContain('secret');
});

it('leaves out the middle of what would be longer than 4 kB', async () => {
  const answer = await call('/pizza/1.0.0/many', { 'X-Gateway-Explain': key() });

  const steps = stepsOf(answer.headers);
  expect(String(answer.headers['x-gateway-explanation']).length).toBeLessThanOrEqual(4_096);
  expect(steps[0]).toBe('cors: passed');
  expect(steps.at(-1)).toBe('backend: answered 200');
  expect(steps.join()).toMatch(/\d+ left out/);
});

it.each([
  ['of another API', () => key({ subscribedAPIs: [{ uuid: 'other' }] })],
  ['that has ended', () => key({ exp: 1 })],
  ['that is an access token', () => signer.token()],
  ['made up', () => 'true'],
])('means nothing with a key %s', async (_, made) => {
  const answer = await call('/pizza/1.0.0/menu', { 'X-Gateway-Explain': made() });

  expect(answer.status).toBe(401);
  expect(answer.headers).not.toHaveProperty('x-gateway-explanation');
});

it('answers without an explanation when nobody can sign', async () => {
  signs = false;

  const answer = await call('/pizza/1.0.0/menu', { ...bearer, 'X-Gateway-Explain': key() });

  expect(answer).toMatchObject({ status: 200, body: 'hello' });
  expect(answer.headers).not.toHaveProperty('x-gateway-explanation');
});
