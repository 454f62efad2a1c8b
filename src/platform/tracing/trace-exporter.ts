import { setTimeout as pause } from 'node:timers/promises';
import { request } from 'undici';
import type { Log } from '../logging/log.js';
import type { Span, Trace } from './span.js';

/** Where spans go. */
export interface SpanTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: (spans: readonly Span[]) => string;
}

const WAITING_MAX = 20_000;
/** What one export may hold is ended by the trace that reaches this. */
const BATCH_SPANS = 5_000;
const TIMEOUT_MS = 5_000;
const FLUSH_MS = 1_000;
/** However long the collector is away, the log says so this often. */
const TOLD_EVERY_MS = 60_000;

/** Sends traces to a collector, in batches beside the requests. What it does not take is dropped and counted: traces are worth no memory. */
export class TraceExporter {
  droppedTraces = 0;
  exportedTraces = 0;
  private waiting: Trace[] = [];
  private sending: Promise<void> | undefined;
  private toldAt = Number.NEGATIVE_INFINITY;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly target: SpanTarget,
    private readonly log: Pick<Log, 'warn'>,
    private readonly waitingMax = WAITING_MAX,
  ) {
    this.timer = setInterval(() => void this.flush(), FLUSH_MS).unref();
  }

  add(traces: readonly Trace[]): void {
    const room = Math.max(0, this.waitingMax - this.waiting.length);
    this.waiting.push(...traces.slice(0, room));
    this.droppedTraces += Math.max(0, traces.length - room);
  }

  /** Sends what waits, until the collector fails once; what is left then waits for the next time. */
  async flush(): Promise<void> {
    this.sending ??= this.sendAll().finally(() => {
      this.sending = undefined;
    });
    await this.sending;
  }

  /** Sends what is left, as far as a few seconds allow. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    const deadline = new AbortController();
    await Promise.race([this.flush(), pause(TIMEOUT_MS, undefined, { signal: deadline.signal }).catch(() => undefined)]);
    deadline.abort();
  }

  private async sendAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const { count, spans } = this.batch();
      this.waiting.splice(0, count);
      try {
        await this.send(spans);
        this.exportedTraces += count;
      } catch (err) {
        this.droppedTraces += count;
        this.tell(err);
        return;
      }
    }
  }

  private batch(): { readonly count: number; readonly spans: readonly Span[] } {
    const spans: Span[] = [];
    let count = 0;
    for (const trace of this.waiting) {
      spans.push(...trace());
      count += 1;
      if (spans.length >= BATCH_SPANS) break;
    }
    return { count, spans };
  }

  private async send(spans: readonly Span[]): Promise<void> {
    const { statusCode, body } = await request(this.target.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...this.target.headers },
      body: this.target.body(spans),
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await body.dump();
    if (statusCode >= 300) throw new Error(`the collector answered ${statusCode}`);
  }

  private tell(err: unknown): void {
    const now = Date.now();
    if (now - this.toldAt < TOLD_EVERY_MS) return;
    this.toldAt = now;
    this.log.warn({ err, dropped: this.droppedTraces }, 'traces could not be exported and are dropped');
  }
}
