import type { Exchange } from '../exchange.js';
import type { ClientAddress } from '../front/client-address.js';
import { correlate } from '../front/headers.js';
import type { FromWorker } from '../messages.js';
import { AccessLog } from './access-log.js';
import { correlationIds, isCorrelationId } from './correlation.js';
import { CorrelationLines } from './correlation-lines.js';
import { Figures } from './figures.js';
import type { ObservabilitySettings } from './settings.js';
import { Tracing } from './tracing.js';

/** Writes down what happens to the requests of one worker, as far as that is wanted. */
export class Observer {
  private readonly accessLog: AccessLog | null;
  private readonly figures: Figures | null;
  private readonly tracing: Tracing | null;
  private readonly nextId: (() => string) | null;
  /** For requests that are traced or in the correlation log, where others get none. */
  private readonly neededId = correlationIds();
  private readonly correlation = new CorrelationLines();
  /** Whether calls get lines in the correlation log; it is switched while requests run. */
  correlates = false;

  /** @throws Error for an access log pattern that cannot be written. */
  constructor(settings: ObservabilitySettings, addressOf: ClientAddress) {
    this.accessLog = settings.accessLog === null ? null : new AccessLog(settings.accessLog, addressOf);
    this.figures = settings.metrics ? new Figures() : null;
    this.tracing = settings.traces === null ? null : new Tracing(settings.traces.ratio);
    this.nextId = settings.alwaysCorrelates || this.accessLog !== null ? correlationIds() : null;
  }

  /** Whether there is nothing to be written down: then nobody need call {@link begin} and {@link end}. */
  get isIdle(): boolean {
    return this.accessLog === null && this.figures === null && this.tracing === null && this.nextId === null && !this.correlates;
  }

  /** Once the request's headers are read, or no API was found for it. */
  begin(exchange: Exchange): void {
    if (exchange.api === null) readUnmatched(exchange);
    else if (this.tracing !== null) this.tracing.begin(exchange);
    if (exchange.correlationId === null) this.name(exchange);
    if (this.correlates) this.correlation.begin(exchange);
  }

  /** Once the answer has left, or the client has. */
  end(exchange: Exchange, durationMs: number, isAborted: boolean): void {
    if (this.figures !== null) this.figures.record(exchange, durationMs);
    if (this.accessLog !== null) this.accessLog.add(exchange, durationMs, isAborted);
    if (exchange.trace !== null) this.tracing?.end(exchange, exchange.trace, durationMs, isAborted);
    if (this.correlates) this.correlation.end(exchange, durationMs, isAborted);
  }

  /** Hands over everything since the last call. `isLast`: there is no later one. */
  report(emit: (message: FromWorker) => void, isLast: boolean): void {
    const lines = this.accessLog?.take();
    if (lines !== undefined) emit({ type: 'access-lines', ...lines });
    const figures = this.figures?.take() ?? [];
    if (figures.length > 0) emit({ type: 'figures', figures });
    const traces = this.tracing?.take();
    if (traces !== undefined) emit({ type: 'traces', ...traces });
    const correlated = this.correlation.take(isLast);
    if (correlated !== undefined) emit({ type: 'log-lines', log: 'correlation', ...correlated });
  }

  private name(exchange: Exchange): void {
    const nextId = this.nextId ?? (exchange.trace !== null || this.correlates ? this.neededId : null);
    if (nextId === null) return;
    exchange.correlationId = nextId();
    correlate(exchange.outbound, exchange.correlationId);
  }
}

/** The headers of a request to no API are not gone through: it goes nowhere. */
const readUnmatched = (exchange: Exchange): void => {
  const { host, activityid } = exchange.request.headers;
  exchange.host = host ?? '';
  if (typeof activityid === 'string' && isCorrelationId(activityid)) exchange.correlationId = activityid;
};
