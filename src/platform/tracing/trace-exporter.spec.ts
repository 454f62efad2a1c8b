import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Span } from './span.js';
import { otlpBody, resourceOf, spanLine, zipkinBody } from './span-formats.js';
import { TraceExporter } from './trace-exporter.js';

const root: Span = {
  traceId: 'a'.repeat(32),
  spanId: 'c'.repeat(16),
  parentId: 'b'.repeat(16),
  traceState: 'shop=1',
  name: 'GET /apis',
  kind: 'server',
  startUs: 1_790_000_000_000_000,
  endUs: 1_790_000_000_012_500,
  attributes: { 'http.request.method': 'GET' },
  isError: false,
};
const trace = () => [root];

let collector: Server;
let status = 200;
const received: { headers: IncomingHttpHeaders; body: string; url: string | undefined }[] = [];
const warnings: string[] = [];
const log = { warn: (_: object | string, text?: string) => void warnings.push(text ?? '') };
let url = '';

beforeAll(async () => {
  collector = createServer((request, reply) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString(), url: request.url });
      reply.writeHead(status).end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces`; // it listens on TCP
});
beforeEach(() => {
  status = 200;
  received.length = 0;
  warnings.length = 0;
});
afterAll(() => new Promise((resolve) => collector.close(resolve)));

const exporter = (to = url, waitingMax?: number): TraceExporter =>
  new TraceExporter({ url: to, headers: { 'x-key': 'k' }, body: (spans) => otlpBody(spans, { 'service.name': 'test' }) }, log, waitingMax);

it('posts OTLP in its JSON form, with the headers configured', async () => {
  const sending = exporter();

  sending.add([trace]);
  await sending.stop();

  const [post] = received;
  const { resourceSpans } = JSON.parse(post?.body ?? '');
  expect(post?.headers).toMatchObject({ 'content-type': 'application/json', 'x-key': 'k' });
  expect(resourceSpans[0].resource.attributes).toEqual([{ key: 'service.name', value: { stringValue: 'test' } }]);
  expect(resourceSpans[0].scopeSpans[0].spans[0]).toMatchObject({
    traceId: 'a'.repeat(32),
    spanId: 'c'.repeat(16),
    parentSpanId: 'b'.repeat(16),
    traceState: 'shop=1',
    kind: 2,
    startTimeUnixNano: '1790000000000000000',
    endTimeUnixNano: '1790000000012500000',
    status: {},
  });
  expect(sending).toMatchObject({ exportedTraces: 1, droppedTraces: 0 });
});

it.each([
  ['refuses', () => url, 500],
  ['is away', () => 'http://127.0.0.1:1/v1/traces', 200],
])('drops and counts what a collector that %s does not take, and says so once', async (_, to, answer) => {
  status = answer;
  const sending = exporter(to());

  sending.add([trace, trace]);
  await sending.flush();
  sending.add([trace]);
  await sending.stop();

  expect(sending).toMatchObject({ exportedTraces: 0, droppedTraces: 3 });
  expect(warnings).toEqual(['traces could not be exported and are dropped']);
});

it('keeps a bounded number of traces', async () => {
  const sending = exporter(url, 3);

  sending.add([trace, trace, trace, trace, trace]);
  await sending.stop();

  expect(sending).toMatchObject({ exportedTraces: 3, droppedTraces: 2 });
});

it('sends no more in one export than a collector takes', async () => {
  const sending = exporter();
  const long = Array.from({ length: 2_000 }, () => root);

  sending.add([() => long, () => long, () => long, () => long]);
  await sending.stop();

  expect(received.map(({ body }) => JSON.parse(body).resourceSpans[0].scopeSpans[0].spans.length)).toEqual([6_000, 2_000]);
  expect(sending.exportedTraces).toBe(4);
});

it('writes Zipkin’s form, and lines for a file', () => {
  const failed = { ...root, isError: true };

  const [sent] = JSON.parse(zipkinBody([failed], { 'service.name': 'test' }));
  expect(sent).toMatchObject({
    id: 'c'.repeat(16),
    kind: 'SERVER',
    timestamp: 1_790_000_000_000_000,
    duration: 12_500,
    localEndpoint: { serviceName: 'test' },
  });
  expect(sent.tags).toMatchObject({ error: 'true', 'http.request.method': 'GET' });
  expect(JSON.parse(spanLine(root))).toMatchObject({ 'Span Id': 'c'.repeat(16), 'Tracer Id': 'a'.repeat(32), Latency: 13 });
});

it.each([
  ['', { 'service.name': 'shop', region: 'eu' }],
  ['region=us,service.name=a%20b', { 'service.name': 'a b', region: 'us' }],
  ['broken,=x,ok=%zz', { 'service.name': 'shop', region: 'eu', ok: '%zz' }],
])('lays the variable %p over the resource attributes configured', (variable, expected) => {
  const configured = [
    { name: 'service.name', value: 'shop' },
    { name: 'region', value: 'eu' },
  ];

  expect(resourceOf(configured, variable)).toEqual(expected);
});
