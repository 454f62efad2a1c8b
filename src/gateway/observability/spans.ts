import { TraceIds } from '../../domain/trace-ids.js';
import type { Span } from '../../platform/tracing/span.js';
import type { TraceRecord } from '../engine/observability/tracing.js';

const SPAN_ID_BYTES = 8;

/** The product's names for what our steps do (`reference/operations.md` §10); other steps have our own. */
const NAMES: Readonly<Record<string, string>> = {
  cors: 'API:CORS_Request_Latency',
  authenticate: 'API:Key_Validation_Latency',
  subscription: 'API:Key_Validation_Latency',
  scopes: 'API:Key_Validation_Latency',
  throttle: 'API:Throttle_Latency',
};
const REQUEST_MEDIATION = 'API:Request_Mediation_Latency';
const RESPONSE_MEDIATION = 'API:Response_Mediation_Latency';
const BACKEND = 'API:Backend_Latency';

/** Makes the spans of one request: the root, the resource below it, and below that what happened. */
export const spansOf = (trace: TraceRecord): readonly Span[] => {
  const at = (offsetMs: number): number => Math.round((trace.startedAt + offsetMs) * 1_000);
  const common = { traceId: trace.traceId, traceState: trace.traceState };
  const [startUs, endUs] = [at(0), at(trace.durationMs)];
  const isError = trace.status >= 500 || trace.isAborted;
  const root: Span = {
    ...common,
    spanId: trace.spanId,
    parentId: trace.parentId,
    name: `${trace.api}--${trace.version}--${trace.organization}`,
    kind: 'server',
    startUs,
    endUs,
    attributes: rootAttributes(trace),
    isError,
  };
  if (trace.resource === null) return [root];
  const resourceId = newId();
  const resource: Span = {
    ...common,
    spanId: resourceId,
    parentId: trace.spanId,
    name: `${trace.method}--${trace.resource}`,
    kind: 'internal',
    startUs,
    endUs,
    attributes: {},
    isError,
  };
  const backend: Span[] = trace.backend
    ? [
        {
          ...common,
          spanId: trace.backendSpanId,
          parentId: resourceId,
          name: BACKEND,
          kind: 'client',
          startUs: at(trace.backend.offsetMs),
          endUs: at(trace.backend.offsetMs + trace.backend.durationMs),
          attributes: { 'span.endpoint': trace.backend.endpoint },
          isError: trace.status >= 500,
        },
      ]
    : [];
  const steps = stepsByName(trace).map(
    ({ name, offsetMs, endMs, decision }): Span => ({
      ...common,
      spanId: newId(),
      parentId: resourceId,
      name,
      kind: 'internal',
      startUs: at(offsetMs),
      endUs: at(endMs),
      attributes: { 'span.decision': decision },
      isError: false,
    }),
  );
  return [root, resource, ...steps, ...backend];
};

const rootAttributes = (trace: TraceRecord): Span['attributes'] => ({
  'span.api.name': trace.api,
  'span.api.version': trace.version,
  'span.request.method': trace.method,
  'span.request.path': trace.path,
  ...(trace.resource !== null && { 'span.resource': trace.resource, 'http.route': trace.resource }),
  ...(trace.correlationId !== null && { 'span.activity.id': trace.correlationId }),
  ...(trace.consumerKey !== null && { 'span.consumerkey': trace.consumerKey }),
  'http.request.method': trace.method,
  'http.response.status_code': trace.status,
  'url.path': trace.path,
});

interface NamedStep {
  readonly name: string;
  readonly offsetMs: number;
  endMs: number;
  decision: string;
}

/** The steps under the names of spans: neighbours of one name are one span, up to the first that did not pass. */
const stepsByName = ({ steps }: TraceRecord): readonly NamedStep[] => {
  const named: NamedStep[] = [];
  for (const [step, offsetMs, durationMs, decision] of steps) {
    const name = spanName(step);
    if (name === undefined) continue;
    const last = named.at(-1);
    if (last?.name === name) {
      last.endMs = offsetMs + durationMs;
      last.decision = decision;
    } else named.push({ name, offsetMs, endMs: offsetMs + durationMs, decision });
  }
  return named;
};

const spanName = (step: string): string | undefined => {
  if (step === 'backend' || step === 'endpoint' || step === 'api-key-parameter') return undefined;
  if (step.startsWith('policy:') || step === 'request-body' || step === 'accept-encoding') return REQUEST_MEDIATION;
  if (step.startsWith('response-policy:') || step.startsWith('fault-policy:')) return RESPONSE_MEDIATION;
  return NAMES[step] ?? `API:${step}`;
};

const ids = new TraceIds();
const newId = (): string => ids.next(SPAN_ID_BYTES);
