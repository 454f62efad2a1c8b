import { AsyncLocalStorage } from 'node:async_hooks';
import type { TraceParent } from '../../domain/trace-context.js';
import { TraceIds } from '../../domain/trace-ids.js';
import type { Span, Trace } from './span.js';

/** What is said of a span once it has ended. Times are those of `performance.now()`; it ends now. */
export interface EndedSpan {
  readonly name: string;
  readonly kind: Span['kind'];
  readonly startedAt: number;
  readonly attributes: Span['attributes'];
  readonly isError: boolean;
  /** One that {@link ActiveTrace.newSpanId} gave, where it had to be known before the span ended. */
  readonly spanId?: string;
}

/** A request with more of them than this has no use for the rest: they are counted. */
const CHILDREN_MAX = 300;
/** What a request began may go on for some time; whatever still refers to it later has kept its context by accident. */
const LATE_MS = 60_000;

const ids = new TraceIds();

/** One traced request or job: the span of the whole, and those of what it does, which all lie right below it. */
export class ActiveTrace {
  readonly traceId: string;
  readonly spanId = ids.next(8);
  private readonly startedAt = performance.now();
  private readonly startedAtEpochMs = Date.now();
  private readonly children: Span[] = [];
  private childrenDropped = 0;
  private endedAt: number | undefined;

  constructor(
    private readonly parent: TraceParent | null,
    readonly traceState: string | null,
    private readonly exported: (trace: Trace) => void,
  ) {
    this.traceId = parent?.traceId ?? ids.next(16);
  }

  newSpanId(): string {
    return ids.next(8);
  }

  /** Adds something that the request did. What ends after the request goes to the collector by itself. */
  add(ended: EndedSpan): void {
    const now = performance.now();
    if (this.endedAt !== undefined && now - this.endedAt > LATE_MS) return;
    if (this.children.length >= CHILDREN_MAX) {
      this.childrenDropped += 1;
      return;
    }
    const span = this.spanOf(ended, ended.spanId ?? ids.next(8), this.spanId, now);
    this.children.push(span);
    if (this.endedAt !== undefined) this.exported(() => [span]);
  }

  /** Ends the whole, and hands it on. */
  end(name: string, kind: Span['kind'], attributes: Span['attributes'], isError: boolean): void {
    this.endedAt = performance.now();
    const { startedAt } = this;
    const all = { ...attributes, ...(this.childrenDropped > 0 && { 'gatehouse.spans_dropped': this.childrenDropped }) };
    const root = this.spanOf({ name, kind, startedAt, attributes: all, isError }, this.spanId, this.parent?.spanId ?? null, this.endedAt);
    const spans = [root, ...this.children];
    this.exported(() => spans);
  }

  private spanOf({ name, kind, startedAt, attributes, isError }: EndedSpan, spanId: string, parentId: string | null, now: number): Span {
    const { traceId, traceState } = this;
    const startUs = this.epochUs(startedAt);
    return { traceId, traceState, spanId, parentId, name, kind, startUs, endUs: this.epochUs(now), attributes, isError };
  }

  private epochUs(at: number): number {
    return Math.round((this.startedAtEpochMs + at - this.startedAt) * 1_000);
  }
}

const traces = new AsyncLocalStorage<ActiveTrace>();

/** The trace of the work at hand; undefined for what is not traced. */
export const traceNow = (): ActiveTrace | undefined => traces.getStore();

/** Runs the work as a part of the trace. */
export const withTrace = <T>(trace: ActiveTrace, work: () => T): T => traces.run(trace, work);
