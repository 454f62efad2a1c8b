import { apiRow, operation, Signer, startBackend, subscriber, type TestBackend, TestGateway, until } from './engine.fixture.js';
import type { FromWorker, WorkerSettings } from './messages.js';
import { CLASSES, COUNTS_AT, DURATIONS_AT, METHODS } from './observability/figures.js';
import type { TraceRecord } from './observability/tracing.js';

type Settings = NonNullable<WorkerSettings['observability']>;
type Message<T extends FromWorker['type']> = Extract<FromWorker, { readonly type: T }>;

const OFF: Settings = { accessLog: null, metrics: false, traces: null, alwaysCorrelates: false, apiLogPayloadBytesMax: 1_024 };
const signer = new Signer('key-a');
let backend: TestBackend;
let gateway: TestGateway;

beforeAll(async () => {
  backend = await startBackend();
});
afterEach(() => gateway.stop());
afterAll(() => backend.stop());

const start = async (settings: Partial<Settings>): Promise<void> => {
  backend.seen.length = 0;
  const failing = { apiId: 'failing', context: '/failing', path: '/failing/1.0.0', name: 'Failing' };
  const suspension = { codes: [], retryCodes: [], retries: 0, retryDelayMs: 0, durationMs: 60_000, durationMaxMs: null, factor: 1 };
  const endpoints = {
    production: { url: 'http://ann:pw@127.0.0.1:1/base?key=s3cret', onTimeout: 'fault' as const, timeoutMs: null, suspension },
    sandbox: null,
  };
  gateway = await TestGateway.start(
    [
      ...subscriber(signer),
      apiRow(backend.url),
      apiRow(backend.url, { ...failing, endpoints, operations: [operation('GET', '/*', { authType: 'None' })] }),
    ],
    {
      observability: { ...OFF, ...settings },
    },
  );
};
const messages = <T extends FromWorker['type']>(type: T): readonly Message<T>[] =>
  gateway.messages.filter((message): message is Message<T> => message.type === type);
const menu = (headers: Record<string, string> = {}, query = '') =>
  gateway.call(`/pizza/1.0.0/menu${query}`, { headers: { Authorization: `Bearer ${signer.token()}`, ...headers } });

describe('a correlation id', () => {
  it('of the client reaches the backend and comes back, whatever is switched on', async () => {
    await start({});

    const answer = await menu({ ActivityId: 'order-7/a' });

    expect(answer.headers['activityid']).toBe('order-7/a');
    expect(backend.seen[0]?.headers['activityid']).toBe('order-7/a');
  });

  it.each([
    ['with characters that could do harm', 'a"b'],
    ['too long', 'x'.repeat(129)],
    ['empty', ''],
  ])('%s is none', async (_, id) => {
    await start({});

    const answer = await menu({ activityid: id });

    expect(answer.headers).not.toHaveProperty('activityid');
    expect(backend.seen[0]?.headers).not.toHaveProperty('activityid');
  });

  it('is made where there is none, another for each request, refusals and unknown paths included', async () => {
    await start({ alwaysCorrelates: true });

    const answers = [await menu(), await menu(), await gateway.call('/pizza/1.0.0/menu'), await gateway.call('/nothing')];

    const ids = answers.map(({ headers }) => headers['activityid']);
    expect(new Set(ids).size).toBe(4);
    expect(ids.every((id) => typeof id === 'string' && id.length > 10)).toBe(true);
    expect(backend.seen.map(({ headers }) => headers['activityid'])).toEqual(ids.slice(0, 2));
  });

  it('is not made where nothing writes it down', async () => {
    await start({ metrics: true });

    expect((await menu()).headers).not.toHaveProperty('activityid');
  });
});

describe('the access log', () => {
  const lines = () => messages('access-lines').flatMap(({ text }) => text.trimEnd().split('\n'));

  it('has a JSON object for each request, without credentials', async () => {
    await start({ accessLog: { format: 'json', pattern: '' } });
    await menu({ 'User-Agent': 'curl\u00e9', activityid: 'one' }, '?size=2&apikey=s3cret');
    await gateway.call('/pizza/1.0.0/menu');
    await gateway.call('/nothing');
    await until(() => lines().length === 3);

    const [served, refused, unknown] = lines().map((line): Record<string, unknown> => JSON.parse(line));

    expect(served).toMatchObject({
      correlationId: 'one',
      method: 'GET',
      url: '/pizza/1.0.0/menu?size=2&apikey=***',
      status: 200,
      bytes: 5,
      outcome: 'answered',
      organization: 'carbon.super',
      api: 'Pizza',
      version: '1.0.0',
      resource: '/menu',
      applicationId: 'app-1',
      client: '127.0.0.1',
    });
    expect(served?.['backendMs']).toBeGreaterThan(0);
    expect(refused).toMatchObject({ status: 401, outcome: 'refused', backendMs: null });
    expect(unknown).toMatchObject({ status: 404, url: '/nothing' });
    expect(lines().join()).not.toMatch(/s3cret|Bearer/);
  });

  it('writes a pattern', async () => {
    await start({ accessLog: { format: 'pattern', pattern: '%h %m %U %s %b' } });
    await menu();
    await until(() => lines().length === 1);

    expect(lines()).toEqual(['127.0.0.1 GET /pizza/1.0.0/menu 200 5']);
  });
});

describe('figures', () => {
  const figureOf = (api: string, at: number) =>
    messages('figures')
      .flatMap(({ figures }) => figures)
      .filter((each) => each.api === api)
      .reduce((sum, { values }) => sum + (values[at] ?? 0), 0);
  const count = (api: string, method: (typeof METHODS)[number], status: (typeof CLASSES)[number]) =>
    figureOf(api, COUNTS_AT + METHODS.indexOf(method) * CLASSES.length + CLASSES.indexOf(status));

  it('count requests by API, method and status, unknown methods and paths together', async () => {
    await start({ metrics: true });
    await menu();
    await menu();
    await gateway.call('/pizza/1.0.0/menu');
    await gateway.call('/pizza/1.0.0/menu', { method: 'PURGE' });
    await gateway.call('/nothing');
    await until(() => count('', 'GET', '4xx') === 1);

    expect(count('Pizza', 'GET', '2xx')).toBe(2);
    expect(count('Pizza', 'GET', '4xx')).toBe(1);
    expect(count('Pizza', 'OTHER', '4xx')).toBe(1);
    expect(figureOf('Pizza', DURATIONS_AT + 14)).toBeGreaterThan(0);
  });
});

describe('traces', () => {
  const traces = (): TraceRecord[] => messages('traces').flatMap((message) => JSON.parse(message.traces));
  const PARENT = `00-${'a'.repeat(32)}-${'b'.repeat(16)}`;

  it('go on with the caller’s, and the backend goes on with ours', async () => {
    await start({ traces: { ratio: 0 } });
    await menu({ traceparent: `${PARENT}-01`, tracestate: 'shop=1' });
    await until(() => traces().length === 1);

    const [trace] = traces();

    expect(trace).toMatchObject({
      traceId: 'a'.repeat(32),
      parentId: 'b'.repeat(16),
      traceState: 'shop=1',
      api: 'Pizza',
      resource: '/menu',
      path: '/pizza/1.0.0/menu',
      status: 200,
      consumerKey: 'key-1',
    });
    expect(trace?.correlationId).toMatch(/./);
    expect(trace?.backend?.endpoint).toBe(backend.url);
    expect(trace?.steps.map(([name, , , decision]) => `${name} ${decision}`)).toEqual([
      'cors passed',
      'authenticate passed',
      'subscription passed',
      'deny passed',
      'throttle passed',
      'api-key-parameter passed',
      'endpoint passed',
      'backend answered 200',
    ]);
    expect(backend.seen[0]?.headers).toMatchObject({
      traceparent: `00-${'a'.repeat(32)}-${trace?.backendSpanId}-01`,
      tracestate: 'shop=1',
    });
  });

  it.each([
    ['all of the share 1', 1, undefined, 1],
    ['none of the share 0', 0, undefined, 0],
    ['none that the caller decided against', 1, `${PARENT}-00`, 0],
    ['as if the caller had not decided, after a broken header', 1, '00-xyz-01', 1],
    ['with an id of zeros, as if there was no header', 1, `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`, 1],
  ])('are taken: %s', async (_, ratio, traceparent, expected) => {
    await start({ traces: { ratio }, metrics: true });
    await menu(traceparent === undefined ? {} : { traceparent });
    await until(() => messages('figures').length > 0);

    expect(traces()).toHaveLength(expected);
    if (expected === 0) expect(backend.seen[0]?.headers['traceparent']).toBe(traceparent);
  });

  it('tell of refusals', async () => {
    await start({ traces: { ratio: 1 } });
    await gateway.call('/pizza/1.0.0/menu');
    await until(() => traces().length === 1);

    expect(traces()[0]?.steps.at(-1)).toEqual(['authenticate', expect.any(Number), expect.any(Number), 'refused 401 900902']);
    expect(traces()[0]?.backend).toBeNull();
  });
});

it('tells which endpoints rest, without credentials', async () => {
  await start({});
  await gateway.call('/failing/1.0.0/x');
  await until(() => messages('suspended').length > 0);

  expect(messages('suspended')[0]?.endpoints).toEqual([{ organization: 'carbon.super', endpoint: 'http://127.0.0.1:1/base' }]);
});
