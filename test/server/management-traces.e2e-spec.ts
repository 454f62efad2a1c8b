import { type Body, Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { TraceCollector } from '../support/trace-collector.js';
import { Cli } from './cli.js';

interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string; readonly intValue?: string } }[];
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}

const PASSWORD = 'Passw0rd1';
const ADMIN = { basic: { username: 'admin', password: PASSWORD } };
const PUBLISHER = '/api/am/publisher/v4';
const [SERVER, CLIENT] = [2, 3];

const collector = new TraceCollector();
let server: Cli;
let client: Client;
beforeAll(async () => {
  const port = await collector.start();
  const environment = {
    APIM_LOG__LEVEL: 'debug',
    APIM_SUPER_ADMIN__PASSWORD: PASSWORD,
    APIM_ENCRYPTION__KEY: '12'.repeat(32),
    APIM_GATEWAY__METRICS__ENABLE: 'true',
    // Only what a test asks for by a traceparent of its own.
    APIM_APIM__OPEN_TELEMETRY__SAMPLING_RATIO: '0',
    APIM_APIM__OPEN_TELEMETRY__REMOTE_TRACER__ENABLE: 'true',
    APIM_APIM__OPEN_TELEMETRY__REMOTE_TRACER__URL: `http://127.0.0.1:${port}/v1/traces`,
  };
  server = await Cli.start(environment, undefined, ['--profile', 'control-plane']);
  client = new Client('', () => ADMIN, server.management);
});
afterAll(() => collector.stop());

const spansOf = (traceId: string): readonly SentSpan[] =>
  collector.exports
    .flatMap((text): readonly SentSpan[] => JSON.parse(text).resourceSpans[0].scopeSpans[0].spans)
    .filter((span) => span.traceId === traceId);
const traceOf = (traceId: string): Promise<readonly SentSpan[]> =>
  eventually(
    async () => spansOf(traceId),
    (spans) => spans.some(({ kind }) => kind === SERVER),
  );
const attributesOf = (span: SentSpan | undefined): Record<string, string | undefined> =>
  Object.fromEntries((span?.attributes ?? []).map(({ key, value }) => [key, value.stringValue ?? value.intValue]));
const parent = (traceId: string, flags = '01') => `00-${traceId}-${'b'.repeat(16)}-${flags}`;

it('has the tree of a publisher’s list at the collector: the request, its statements below, no value and no credential', async () => {
  const traceId = 'a1'.repeat(16);

  const answer = await client.request(`GET ${PUBLISHER}/apis?query=name:geheim7734&access_token=geheim7735`, {
    headers: { traceparent: parent(traceId), tracestate: 'shop=1', activityid: 'order-7' },
  });
  const spans = await traceOf(traceId);

  expect(answer.status).toBe(200);
  const [root, ...statements] = spans;
  expect(root).toMatchObject({
    name: `GET ${PUBLISHER}/apis`,
    kind: SERVER,
    parentSpanId: 'b'.repeat(16),
    traceState: 'shop=1',
  });
  expect(attributesOf(root)).toEqual({
    'http.request.method': 'GET',
    'http.route': `${PUBLISHER}/apis`,
    'url.path': `${PUBLISHER}/apis`,
    'url.scheme': 'https',
    'http.response.status_code': '200',
    'gatehouse.face': 'publisher',
    'gatehouse.organization': 'carbon.super',
    'gatehouse.statements': String(statements.length),
    'span.activity.id': 'order-7',
  });
  expect(statements.length).toBeGreaterThan(3);
  expect(statements.every(({ kind, parentSpanId }) => kind === CLIENT && parentSpanId === root?.spanId)).toBe(true);
  expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
  for (const { startTimeUnixNano, endTimeUnixNano } of spans) {
    expect(BigInt(startTimeUnixNano) >= BigInt(root?.startTimeUnixNano ?? 0)).toBe(true);
    expect(BigInt(endTimeUnixNano) <= BigInt(root?.endTimeUnixNano ?? 0)).toBe(true);
  }
  const list = statements.find(({ name }) => name.endsWith(' apis'));
  expect(attributesOf(list)).toMatchObject({ 'db.system.name': 'postgresql', 'db.collection.name': 'apis' });
  expect(attributesOf(list)['db.query.text']).toContain('organization = $1');
  expect(collector.exports.join('\n')).not.toMatch(new RegExp(`geheim|${PASSWORD}|${btoa(`admin:${PASSWORD}`)}`));
});

it('names the endpoints of OAuth and the identity interfaces by their paths, and what fails by its status', async () => {
  const [token, users, unknown] = ['a2', 'a3', 'a4'].map((byte) => byte.repeat(16));
  const urlencoded = { grant_type: 'client_credentials', client_id: 'nobody', client_secret: 'geheim' };

  await client.request('POST /t/carbon.super/oauth2/token', { urlencoded, headers: { traceparent: parent(token ?? '') } });
  await client.request('GET /scim2/Users/geheim', { headers: { traceparent: parent(users ?? '') } });
  await client.request('GET /nothing/here', { headers: { traceparent: parent(unknown ?? '') } });

  expect((await traceOf(token ?? ''))[0]?.name).toBe('POST /t/{tenant}/oauth2/token');
  expect((await traceOf(users ?? ''))[0]?.name).toBe('GET /scim2/Users/{id}');
  const [root] = await traceOf(unknown ?? '');
  expect(root?.name).toBe('GET');
  expect(attributesOf(root)).toMatchObject({ 'http.response.status_code': '404', 'url.path': '/nothing/here' });
});

it('traces nothing that its caller does not have traced', async () => {
  const [unsampled, traced] = ['a5'.repeat(16), 'a6'.repeat(16)];

  await client.request(`GET ${PUBLISHER}/apis`, { headers: { traceparent: parent(unsampled, '00') } });
  await client.request(`GET ${PUBLISHER}/settings`, { headers: { activityid: 'untraced-1' } });
  await client.request(`GET ${PUBLISHER}/settings`, { headers: { traceparent: parent(traced) } });
  await traceOf(traced);

  expect(collector.exports.join('\n')).not.toMatch(new RegExp(`${unsampled}|untraced-1`));
});

it('has the whole transaction of a change, and the figures of traces where there is no gateway', async () => {
  const traceId = 'a7'.repeat(16);

  await client.request('POST /api/am/admin/v4/labels', {
    body: { name: 'traced', description: '' },
    headers: { traceparent: parent(traceId) },
  });
  const spans = await traceOf(traceId);

  expect(spans.map(({ name }) => name)).toEqual(expect.arrayContaining(['START', 'INSERT labels', 'COMMIT']));
  const figures = String((await client.request('GET /metrics')).body);
  expect(figures).toMatch(/apim_traces_exported_total [1-9]/);
  expect(figures).toContain('apim_traces_dropped_total 0');
});

it('has the ids of the trace in each log line of the request', async () => {
  const traceId = 'a8'.repeat(16);
  await client.request(`GET ${PUBLISHER}/apis/nothing`, { headers: { traceparent: parent(traceId) } });
  const [root] = await traceOf(traceId);

  const { output } = await server.stop();

  const lines = output
    .split('\n')
    .filter((line) => line.includes('"msg":"request"'))
    .map((line) => JSON.parse(line) as Body); // lines of the log are objects
  expect(lines.filter((line) => line['traceId'] === traceId)).toEqual([
    expect.objectContaining({ operation: 'GET /apis/{apiId}', spanId: root?.spanId, status: 404 }),
  ]);
  expect(lines.some((line) => !('traceId' in line))).toBe(true);
});
