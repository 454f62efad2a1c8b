import { boundedState, isTraced, traceParent, traceparentOf } from '../../../domain/trace-context.js';
import { TraceIds } from '../../../domain/trace-ids.js';
import type { Exchange } from '../exchange.js';
import { headerOf, setHeader } from '../front/headers.js';
import { Recorder } from './recorder.js';

/** One traced request, as plain values: the main thread makes spans of it. Offsets and durations are in milliseconds. */
export interface TraceRecord {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | null;
  readonly traceState: string | null;
  /** Id of the backend's span, which the backend saw as its parent. */
  readonly backendSpanId: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly organization: string;
  readonly api: string;
  readonly version: string;
  readonly method: string;
  readonly resource: string | null;
  /** Without the query. */
  readonly path: string;
  readonly status: number;
  readonly isAborted: boolean;
  readonly correlationId: string | null;
  readonly consumerKey: string | null;
  readonly backend: { readonly endpoint: string; readonly offsetMs: number; readonly durationMs: number } | null;
  readonly steps: readonly (readonly [name: string, offsetMs: number, durationMs: number, decision: string])[];
}

/** What a traced request carries. */
export interface Trace {
  readonly traceId: string;
  readonly spanId: string;
  readonly backendSpanId: string;
  readonly parentId: string | null;
  readonly traceState: string | null;
}

const WAITING_MAX = 5_000;

/** Decides which requests are traced and gathers what became of them. */
export class Tracing {
  private waiting: TraceRecord[] = [];
  private droppedCount = 0;
  private readonly ids = new TraceIds();

  constructor(private readonly ratio: number) {}

  /** Traces the request when its caller does, or when it falls into the share of those whose caller has not decided. */
  begin(exchange: Exchange): void {
    const parent = traceParent(headerOf(exchange.outbound, 'traceparent'));
    if (!isTraced(parent, this.ratio)) return;
    const trace: Trace = {
      traceId: parent?.traceId ?? this.ids.next(16),
      spanId: this.ids.next(8),
      backendSpanId: this.ids.next(8),
      parentId: parent?.spanId ?? null,
      traceState: parent === null ? null : boundedState(headerOf(exchange.outbound, 'tracestate')),
    };
    exchange.trace = trace;
    exchange.recorder ??= new Recorder();
    setHeader(exchange.outbound, 'traceparent', 'traceparent', traceparentOf(trace.traceId, trace.backendSpanId));
  }

  end(exchange: Exchange, trace: Trace, durationMs: number, isAborted: boolean): void {
    if (this.waiting.length >= WAITING_MAX) this.droppedCount += 1;
    else this.waiting.push(recordOf(exchange, trace, durationMs, isAborted));
  }

  /** As JSON: between threads that costs half of what the objects would. */
  take(): { readonly traces: string; readonly dropped: number } | undefined {
    if (this.waiting.length === 0 && this.droppedCount === 0) return undefined;
    const taken = { traces: JSON.stringify(this.waiting), dropped: this.droppedCount };
    this.waiting = [];
    this.droppedCount = 0;
    return taken;
  }
}

const recordOf = (exchange: Exchange, trace: Trace, durationMs: number, isAborted: boolean): TraceRecord => {
  const { api, operation, endpoint, startedAt, request } = exchange;
  const url = request.url ?? '';
  return {
    ...trace,
    startedAt: exchange.now,
    durationMs,
    organization: api?.organization ?? '',
    api: api?.document.name ?? '',
    version: api?.document.version ?? '',
    method: request.method ?? '',
    resource: operation?.target ?? null,
    path: url.split('?', 1)[0] ?? '',
    status: exchange.status,
    isAborted,
    correlationId: exchange.correlationId,
    consumerKey: exchange.token?.consumerKey || null,
    backend:
      endpoint !== null && exchange.backendStartedAt > 0
        ? {
            endpoint: endpoint.origin + endpoint.basePath,
            offsetMs: exchange.backendStartedAt - startedAt,
            durationMs: exchange.backendMs,
          }
        : null,
    steps: (exchange.recorder?.steps ?? []).map((step) => [
      step.name,
      step.startedAt - startedAt,
      step.endedAt - step.startedAt,
      step.decision,
    ]),
  };
};
