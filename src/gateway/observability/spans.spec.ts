import type { TraceRecord } from '../engine/observability/tracing.js';
import { spansOf } from './spans.js';

const trace: TraceRecord = {
  traceId: 'a'.repeat(32),
  spanId: 'c'.repeat(16),
  parentId: 'b'.repeat(16),
  traceState: 'shop=1',
  backendSpanId: 'd'.repeat(16),
  startedAt: 1_790_000_000_000,
  durationMs: 12.5,
  organization: 'carbon.super',
  api: 'Pizza',
  version: '1.0.0',
  method: 'GET',
  resource: '/menu',
  path: '/pizza/1.0.0/menu',
  status: 200,
  isAborted: false,
  correlationId: 'one',
  consumerKey: 'key-1',
  backend: { endpoint: 'http://backend', offsetMs: 2, durationMs: 10 },
  steps: [
    ['cors', 0.1, 0.1, 'passed'],
    ['authenticate', 0.2, 0.5, 'passed'],
    ['subscription', 0.7, 0.1, 'passed'],
    ['throttle', 0.8, 0.1, 'passed'],
    ['policy:addHeader', 0.9, 0.1, 'passed'],
    ['endpoint', 1, 0.1, 'passed'],
    ['backend', 2, 9, 'answered 200'],
    ['response-policy:addHeader', 11, 0.1, 'passed'],
  ],
};

it('makes the product’s spans, each below the right one', () => {
  const spans = spansOf(trace);

  const nameOf = new Map(spans.map(({ spanId, name }) => [spanId, name]));
  expect(spans.map(({ name, parentId }) => [name, nameOf.get(parentId ?? '') ?? parentId])).toEqual([
    ['Pizza--1.0.0--carbon.super', 'b'.repeat(16)],
    ['GET--/menu', 'Pizza--1.0.0--carbon.super'],
    ['API:CORS_Request_Latency', 'GET--/menu'],
    ['API:Key_Validation_Latency', 'GET--/menu'],
    ['API:Throttle_Latency', 'GET--/menu'],
    ['API:Request_Mediation_Latency', 'GET--/menu'],
    ['API:Response_Mediation_Latency', 'GET--/menu'],
    ['API:Backend_Latency', 'GET--/menu'],
  ]);
  expect(spans[0]?.attributes).toMatchObject({ 'span.activity.id': 'one', 'span.consumerkey': 'key-1', 'http.response.status_code': 200 });
  expect(spans.at(-1)).toMatchObject({ spanId: 'd'.repeat(16), attributes: { 'span.endpoint': 'http://backend' }, kind: 'client' });
});
