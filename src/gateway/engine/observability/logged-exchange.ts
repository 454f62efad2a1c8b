import type { LogLevel } from '../../../domain/api-logging.js';
import type { Exchange } from '../exchange.js';
import type { Flow, FlowRecord } from './api-log-line.js';
import type { LineQueue } from './line-queue.js';
import { maskedUrl } from './masked-url.js';
import { Payload, type Payloads } from './payloads.js';

export interface ApiLogDeps {
  readonly queue: LineQueue<FlowRecord>;
  readonly payloads: Payloads;
  addressOf(exchange: Exchange): string;
}

/**
 * One call on its way through the gateway, as the log of its API tells it: a record for each of its four messages. Bodies pass by and are copied up to a
 * bound; a record waits for its body, and those after it wait for it, until the body has passed, is longer than the bound, or the call is over.
 */
export class LoggedExchange {
  private readonly waiting: FlowRecord[] = [];
  /** What the client sends, which goes on as it is unless a policy takes it in. */
  private readonly request: Payload | null;
  private response: Payload | null = null;
  private readonly outline: Pick<FlowRecord, 'level' | 'api' | 'apiTo' | 'correlationId' | 'verb' | 'credentials'>;
  private readonly sourceIP: string;

  constructor(
    exchange: Exchange,
    private readonly level: Exclude<LogLevel, 'OFF'>,
    /** Headers of its backend that hold credentials, in lower case. */
    credentials: readonly string[],
    private readonly deps: ApiLogDeps,
  ) {
    const { request, api, correlationId } = exchange;
    this.outline = {
      level,
      api: api?.document.name ?? '',
      apiTo: maskedUrl(request.url ?? ''),
      correlationId,
      verb: request.method ?? '',
      credentials: api === null ? credentials : [api.authHeader, api.apiKeyHeader, ...credentials],
    };
    this.sourceIP = deps.addressOf(exchange);
    this.request = this.isFull && exchange.bodyBytes !== 0 ? new Payload(deps.payloads) : null;
    if (this.request !== null) {
      this.request.hold();
      request.once('end', () => this.complete(this.request));
    }
    this.add('REQUEST_IN', { sourceIP: this.sourceIP, headers: [...request.rawHeaders], payload: this.request });
  }

  /** A part of the body passes, as the client sent it. */
  requestBody(chunk: Buffer): void {
    if (this.request === null) return;
    this.request.add(chunk);
    if (this.request.isComplete) this.settle();
  }

  /** The request leaves for the backend; its body streams past unless it is in memory. */
  requestOut({ outbound, method, body, request }: Exchange): void {
    const payload = !this.isFull ? null : body === null ? this.request : Payload.of(this.deps.payloads, body);
    const verb = method ?? request.method ?? '';
    this.add('REQUEST_OUT', { verb, sourceIP: this.sourceIP, headers: [...outbound], payload });
  }

  /** The backend begins to answer. */
  responseIn(statusCode: number, raw: readonly (Buffer | string)[]): void {
    this.complete(this.response);
    this.response?.release();
    this.response = this.isFull ? new Payload(this.deps.payloads).hold() : null;
    const headers = raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1')));
    this.add('RESPONSE_IN', { statusCode, headers, payload: this.response });
  }

  /** A part of the backend's body comes. */
  responseBody(chunk: Buffer): void {
    if (this.response === null) return;
    this.response.add(chunk);
    if (this.response.isComplete) this.settle();
  }

  /** An answer leaves for the client. Without a body of its own the backend's streams past. */
  responseOut(statusCode: number, headers: readonly string[], body?: Buffer | null): void {
    const payload = !this.isFull ? null : body ? Payload.of(this.deps.payloads, body) : body === null ? null : this.response;
    this.add('RESPONSE_OUT', { statusCode, headers: [...headers], payload });
  }

  /** The call is over: nothing that is waited for comes any more. Called once. */
  end(): void {
    for (const { payload } of this.waiting) if (payload !== null) payload.isComplete = true;
    this.settle();
    this.request?.release();
    this.response?.release();
  }

  private get isFull(): boolean {
    return this.level === 'FULL';
  }

  private add(
    flow: Flow,
    facts: Pick<FlowRecord, 'headers' | 'payload'> & Partial<Pick<FlowRecord, 'verb' | 'sourceIP' | 'statusCode'>>,
  ): void {
    facts.payload?.hold();
    this.waiting.push({ ...this.outline, flow, at: Date.now(), ...facts });
    this.settle();
  }

  private complete(payload: Payload | null): void {
    if (payload === null) return;
    payload.isComplete = true;
    this.settle();
  }

  /** Hands over the records whose bodies are known, in their order. */
  private settle(): void {
    for (let first = this.waiting[0]; first !== undefined; first = this.waiting[0]) {
      if (first.payload?.isComplete === false) return;
      this.waiting.shift();
      this.deps.queue.add(first);
    }
  }
}
