import { correlationLine, logDate } from '../../../domain/correlation.js';
import type { Exchange } from '../exchange.js';
import { LineQueue } from './line-queue.js';
import { maskedUrl } from './masked-url.js';

/** What runs the gateway's requests, in the place of a thread's name. */
const THREAD = 'gateway';
const STATE = 'HTTP State Transition';

interface CorrelationEvent {
  readonly at: number;
  readonly id: string;
  readonly durationMs: number;
  readonly type: string;
  readonly connection: string;
  readonly method: string;
  readonly address: string;
  readonly state: string;
}

/** The lines of one worker for the correlation log: when a call came and went, and how long it and its backend took (`reference/operations.md` §8). */
export class CorrelationLines {
  private readonly queue = new LineQueue<CorrelationEvent>(({ at, id, durationMs, type, connection, method, address, state }) =>
    correlationLine([logDate(at), id, THREAD, Math.round(durationMs), type, connection, method, address, state]),
  );

  begin(exchange: Exchange): void {
    this.add(exchange, { durationMs: 0, type: STATE, ...ofClient(exchange), state: 'REQUEST_HEAD' });
  }

  end(exchange: Exchange, durationMs: number, isAborted: boolean): void {
    const { endpoint, backendStartedAt, backendMs, method, request, outcome } = exchange;
    const state = isAborted ? 'CLIENT_GONE' : 'RESPONSE_DONE';
    if (endpoint !== null && backendStartedAt > 0) {
      const connection = endpoint.origin.startsWith('https:') ? 'https-outgoing' : 'http-outgoing';
      const backend = { connection, method: method ?? request.method ?? '', address: endpoint.origin + endpoint.basePath };
      this.add(exchange, {
        durationMs: backendMs,
        type: 'BACKEND LATENCY',
        ...backend,
        state: outcome === 'fault' ? 'BACKEND_FAILED' : state,
      });
    }
    this.add(exchange, { durationMs, type: 'ROUND-TRIP LATENCY', ...ofClient(exchange), state });
    this.add(exchange, { durationMs: 0, type: STATE, ...ofClient(exchange), state });
  }

  take(isLast: boolean): ReturnType<LineQueue<CorrelationEvent>['take']> {
    return this.queue.take(isLast);
  }

  /** A call that came before the lines were switched on may have no name. */
  private add({ correlationId }: Exchange, event: Omit<CorrelationEvent, 'at' | 'id'>): void {
    if (correlationId !== null) this.queue.add({ at: Date.now(), id: correlationId, ...event });
  }
}

const ofClient = ({ request, secure }: Exchange): Pick<CorrelationEvent, 'connection' | 'method' | 'address'> => ({
  connection: secure ? 'https-incoming' : 'http-incoming',
  method: request.method ?? '',
  address: maskedUrl(request.url ?? ''),
});
