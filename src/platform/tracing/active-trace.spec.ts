import { ActiveTrace } from './active-trace.js';
import type { Span } from './span.js';

const parent = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), isSampled: true };
const statement = (name = 'SELECT apis') => ({
  name,
  kind: 'client' as const,
  startedAt: performance.now(),
  attributes: { 'db.system.name': 'postgresql' },
  isError: false,
});
const started = () => {
  const exported: (readonly Span[])[] = [];
  const trace = new ActiveTrace(parent, 'shop=1', (spans) => exported.push(spans()));
  return { trace, exported };
};

it('continues the caller’s trace, and has what it does right below it', () => {
  const { trace, exported } = started();

  trace.add(statement());
  trace.add({ ...statement('POST'), spanId: 'c'.repeat(16) });
  trace.end('GET /apis', 'server', { 'http.route': '/apis' }, false);

  const [[root, first, second] = []] = exported;
  expect(root).toMatchObject({ name: 'GET /apis', traceId: parent.traceId, parentId: parent.spanId, traceState: 'shop=1', kind: 'server' });
  expect(first).toMatchObject({ name: 'SELECT apis', traceId: parent.traceId, parentId: trace.spanId });
  expect(second).toMatchObject({ name: 'POST', spanId: 'c'.repeat(16), parentId: trace.spanId });
  expect((root?.startUs ?? 0) <= (first?.startUs ?? 0) && (first?.endUs ?? 0) <= (root?.endUs ?? 0)).toBe(true);
});

it('begins a trace of its own where the caller has none', () => {
  const spans: Span[] = [];
  const trace = new ActiveTrace(null, null, (made) => spans.push(...made()));

  trace.end('POST', 'server', {}, true);

  expect(spans).toEqual([expect.objectContaining({ traceId: expect.stringMatching(/^[\da-f]{32}$/), parentId: null, isError: true })]);
});

it('hands on by itself what ends after the request', () => {
  const { trace, exported } = started();

  trace.end('POST /apis', 'server', {}, false);
  trace.add(statement('INSERT late'));

  expect(exported.map((spans) => spans.map(({ name }) => name))).toEqual([['POST /apis'], ['INSERT late']]);
  expect(exported[1]?.[0]?.parentId).toBe(trace.spanId);
});

it('has a bounded number of spans, and counts the others', () => {
  const { trace, exported } = started();

  for (let i = 0; i < 1_000; i += 1) trace.add(statement());
  trace.end('POST /apis', 'server', {}, false);

  expect(exported[0]).toHaveLength(301);
  expect(exported[0]?.[0]?.attributes).toEqual({ 'gatehouse.spans_dropped': 700 });
});
