import type { ApiDocument, AttachedPolicyDocument, FeedRow, PolicyFlowsDocument } from '../../domain/gateway-documents.js';
import { apiRow, operation, row, startBackend, type TestBackend, TestGateway, until } from './engine.fixture.js';

/** `reference/mediation.md` §1.2: what runs for every API of a tenant. */
const setHeader = (headerName: string, headerValue: string): AttachedPolicyDocument => ({
  name: 'addHeader',
  version: 'v3',
  isBuiltIn: true,
  parameters: { headerName, headerValue },
});
const flows = (changes: Partial<PolicyFlowsDocument> = {}): PolicyFlowsDocument => ({ request: [], response: [], fault: [], ...changes });
const policies = (of: Partial<PolicyFlowsDocument>, label = 'Default') => row('gateway-policies', label, { label, policies: flows(of) });

let backend: TestBackend;
let gateway: TestGateway;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend.stop());
afterEach(() => gateway?.stop());

const open = operation('GET', '/open', { authType: 'None' });
const api = (changes: Partial<ApiDocument> = {}) => apiRow(backend.url, { operations: [open], ...changes });
const start = async (...rows: FeedRow[]) => {
  gateway = await TestGateway.start(rows);
};
const call = () => gateway.call('/pizza/1.0.0/open');

it.each(['before', 'after'])('run for an API that is known %s them', async (order) => {
  const rows = [api(), policies({ request: [setHeader('X-All', 'yes')], response: [setHeader('X-Answer', 'all')] })];
  await start(...(order === 'before' ? rows : rows.toReversed()));

  const { headers } = await call();

  expect(headers['x-answer']).toBe('all');
  expect(backend.seen.at(-1)?.headers['x-all']).toBe('yes');
});

it('run before those of the API and of the operation, in every flow', async () => {
  const all = (value: string) => ({
    request: [setHeader('X-Level', value), setHeader(`X-${value}`, 'yes')],
    response: [setHeader('X-Level', value), setHeader(`X-${value}`, 'yes')],
    fault: [setHeader('X-Level', value), setHeader(`X-${value}`, 'yes')],
  });
  const dead = { production: { url: 'http://127.0.0.1:1', onTimeout: 'fault' as const, timeoutMs: null }, sandbox: null };
  const own = { policies: flows(all('api')), operations: [{ ...open, policies: flows(all('operation')) }] };
  await start(policies(all('gateway')), api(own), api({ ...own, apiId: 'dead', context: '/dead', path: '/dead/1.0.0', endpoints: dead }));

  const answer = await call();
  const fault = await gateway.call('/dead/1.0.0/open');

  const expected = { 'x-level': 'operation', 'x-gateway': 'yes', 'x-api': 'yes', 'x-operation': 'yes' };
  expect(backend.seen.at(-1)?.headers).toMatchObject(expected);
  expect(answer.headers).toMatchObject(expected);
  expect(fault).toMatchObject({ status: 500, headers: expected });
});

it('reach APIs that are served, are changed and taken off, without a deployment', async () => {
  await start(api());
  const seen = async () => (await call()).headers['x-answer'];
  const becomes = async (of: FeedRow, wanted: string | undefined) => {
    gateway.engine.apply([of]);
    let now: string | string[] | undefined;
    for (let i = 0; i < 100 && now !== wanted; i += 1) now = await seen();
    return now;
  };
  expect(await seen()).toBeUndefined();

  expect(await becomes(policies({ response: [setHeader('X-Answer', 'one')] }), 'one')).toBe('one');
  expect(await becomes(policies({ response: [setHeader('X-Answer', 'two')] }), 'two')).toBe('two');
  gateway.engine.apply([row('gateway-policies', 'Default', null)]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await seen()).toBeUndefined();
});

it.each([
  ['another tenant', { ...policies({ response: [setHeader('X-Answer', 'all')] }), organization: 'other.com' }],
  ['another label', policies({ response: [setHeader('X-Answer', 'all')] }, 'Staging')],
])('of %s do not run', async (_, rowOfOthers) => {
  await start(rowOfOthers, api());

  const { status, headers } = await call();

  expect([status, headers['x-answer']]).toEqual([200, undefined]);
});

describe('those that cannot be run', () => {
  const broken = policies({ response: [{ ...setHeader('a', 'b'), name: 'unheard-of' }] });

  it('leave those before them in force', async () => {
    await start(api(), policies({ response: [setHeader('X-Answer', 'one')] }), broken);

    expect((await call()).headers['x-answer']).toBe('one');
    expect(gateway.messages).toContainEqual(
      expect.objectContaining({ type: 'warning', detail: expect.objectContaining({ label: 'Default' }) }),
    );
  });

  it('keep an API from being served where there were none before', async () => {
    await start(broken, api());

    expect((await call()).status).toBe(404);
    expect(gateway.messages).toContainEqual(expect.objectContaining({ type: 'ack', ok: false }));
  });
});

it('reach thousands of APIs while requests are served', async () => {
  const many = Array.from({ length: 3_000 }, (_, i) =>
    api({ apiId: `api-${i}`, context: `/api-${i}`, path: `/api-${i}/1.0.0`, name: `Api${i}` }),
  );
  await start(api(), ...many);
  // Work of this thread alone: what others do on the machine meanwhile is no turn of ours.
  const worked = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1_000;
  };
  let longest = 0;
  let last = worked();
  const beat = setInterval(() => {
    longest = Math.max(longest, worked() - last);
    last = worked();
  }, 1);

  gateway.engine.apply([policies({ response: [setHeader('X-Answer', 'all')] })]);

  let isThere = false;
  void (async () => {
    while (!isThere) isThere = (await gateway.call('/api-2999/1.0.0/open')).headers['x-answer'] === 'all';
  })();
  await until(() => isThere);
  clearInterval(beat);
  // In one go the others would wait for nearly all of it.
  expect(longest).toBeLessThan(250);
});
