import type { Exchange } from '../exchange.js';
import type { ClientAddress } from '../front/client-address.js';
import { correlate } from '../front/headers.js';
import type { FromWorker } from '../messages.js';
import { AccessLog } from './access-log.js';
import { correlationIds, isCorrelationId } from './correlation.js';
import { Figures } from './figures.js';
import type { ObservabilitySettings } from './settings.js';
import { Tracing } from './tracing.js';

/** Writes down what happens to the requests of one worker, as far as that is wanted. */
export class Observer {
  private readonly accessLog: AccessLog | null;
  private readonly figures: Figures | null;
  private readonly tracing: Tracing | null;
  private readonly nextId: (() => string) | null;
  /** For traced requests, where others get none. */
  private readonly tracedId: (() => string) | null;

  private constructor(settings: ObservabilitySettings, addressOf: ClientAddress) {
    this.accessLog = settings.accessLog === null ? null : new AccessLog(settings.accessLog, addressOf);
    this.figures = settings.metrics ? new Figures() : null;
    this.tracing = settings.traces === null ? null : new Tracing(settings.traces.ratio);
    this.nextId = settings.alwaysCorrelates || this.accessLog !== null ? correlationIds() : null;
    this.tracedId = this.tracing === null ? null : correlationIds();
  }

  /** Null when nothing is to be written down. @throws Error for an access log pattern that cannot be written. */
  static of(settings: ObservabilitySettings | undefined, addressOf: ClientAddress): Observer | null {
    if (settings === undefined) return null;
    const { accessLog, metrics, traces, alwaysCorrelates } = settings;
    return accessLog !== null || metrics || traces !== null || alwaysCorrelates ? new Observer(settings, addressOf) : null;
  }

  /** Once the request's headers are read, or no API was found for it. */
  begin(exchange: Exchange): void {
    if (exchange.api === null) readUnmatched(exchange);
    else if (this.tracing !== null) this.tracing.begin(exchange);
    if (exchange.correlationId !== null) return;
    const nextId = this.nextId ?? (exchange.trace === null ? null : this.tracedId);
    if (nextId === null) return;
    exchange.correlationId = nextId();
    correlate(exchange.outbound, exchange.correlationId);
  }

  /** Once the answer has left, or the client has. */
  end(exchange: Exchange, durationMs: number, isAborted: boolean): void {
    if (this.figures !== null) this.figures.record(exchange, durationMs);
    if (this.accessLog !== null) this.accessLog.add(exchange, durationMs, isAborted);
    if (exchange.trace !== null) this.tracing?.end(exchange, exchange.trace, durationMs, isAborted);
  }

  /** Hands over everything since the last call. */
  report(emit: (message: FromWorker) => void): void {
    const lines = this.accessLog?.take();
    if (lines !== undefined) emit({ type: 'access-lines', ...lines });
    const figures = this.figures?.take() ?? [];
    if (figures.length > 0) emit({ type: 'figures', figures });
    const traces = this.tracing?.take();
    if (traces !== undefined) emit({ type: 'traces', ...traces });
  }
}

/** The headers of a request to no API are not gone through: it goes nowhere. */
const readUnmatched = (exchange: Exchange): void => {
  const { host, activityid } = exchange.request.headers;
  exchange.host = host ?? '';
  if (typeof activityid === 'string' && isCorrelationId(activityid)) exchange.correlationId = activityid;
};
