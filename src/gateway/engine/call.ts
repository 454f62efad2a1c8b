import { type Dispatcher, type Pool } from 'undici';
import type { Exchange } from './exchange.js';
import { ConnectTimeout, faultOf, isStaleConnection, SendTimeout } from './faults.js';
import { addCors, answerHead, removeHeader, setHeader } from './headers.js';
import type { LinkedEndpoint } from './link.js';
import { runAnswerFlow } from './mediation/answer.js';
import type { Answer, AnswerFlow } from './mediation/flows.js';
import { MEDIATED_BYTES_MAX } from './mediation/request-body.js';
import { AnswerTooLarge, type Refusal } from './refusal.js';
import { Upload } from './upload.js';

/** How the server ends an exchange; the upstream does not know about draining or figures. */
export interface Answering {
  begin(exchange: Exchange, status: number, headers: string[]): void;
  refuse(exchange: Exchange, refusal: Refusal): void;
  /** Sends a request that failed somewhere else; false when there is nowhere left. */
  reroute(exchange: Exchange): boolean;
  /** Sends a request again whose credentials the backend refused, or refuses it; false when the backend's answer stands. */
  reauthorize(exchange: Exchange, raw: readonly (Buffer | string)[]): boolean;
}

const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE']);
const TIMEOUTS: ReadonlySet<Refusal> = new Set([SendTimeout, ConnectTimeout]);
const STRING_BYTES_MAX = 8_192;
const REFUSED = new Error('the answer is not wanted');
const CLIENT_GONE = new Error('the client hung up');

/** One request to a backend and its answer. */
export class Call implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | null = null;
  private upload: Upload | null = null;
  private responded = false;
  private begun = false;
  private ended = false;
  private retried = false;
  private awaitsDrain = false;
  /** The answer's body while it is taken in for policies. */
  private buffered: Buffer[] | null = null;
  private bufferedBytes = 0;
  private status = 0;
  private headers: string[] = [];
  private contentLength = -1;

  constructor(
    private readonly exchange: Exchange,
    private readonly endpoint: LinkedEndpoint,
    private readonly pool: Pool,
    private readonly answering: Answering,
  ) {
    exchange.call = this;
  }

  send(): void {
    const { exchange } = this;
    const { timeoutMs } = this.endpoint;
    if (exchange.bodyBytes !== 0 && exchange.body === null) this.upload = new Upload(exchange.request);
    this.pool.dispatch(
      {
        path: pathAt(this.endpoint, exchange.rest),
        // Any method the server's parser accepts; undici takes them all.
        method: this.method as Dispatcher.HttpMethod,
        headers: exchange.outbound,
        body: exchange.body ?? this.upload,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      },
      this,
    );
  }

  /** The client went away, or has its answer. */
  abandon(): void {
    if (this.ended) return;
    // What was sent counts, although nobody waits for the answer.
    this.finish();
    this.controller?.abort(CLIENT_GONE);
    this.dropUpload();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    // The client may have gone while the request waited for a connection.
    if (this.ended) controller.abort(CLIENT_GONE);
  }

  onResponseStarted(): void {
    this.responded = true;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    // Early hints and the like are between the backend and us.
    if (status < 200 || this.ended) return;
    const { exchange } = this;
    // HTTP/1.1 gives the pairs as received; with HTTP/2 switched off there is no other form.
    const raw = Array.isArray(controller.rawHeaders) ? controller.rawHeaders : [];
    if (this.endpoint.health !== null) this.endpoint.health.succeeded(performance.now());
    if (status === 401 && this.endpoint.security !== null && this.upload === null && this.answering.reauthorize(exchange, raw)) {
      this.ended = true;
      controller.abort(REFUSED);
      return;
    }
    const flow = exchange.operation?.mediation?.response ?? null;
    // Policies see the backend's answer; the gateway's own headers come after them.
    const head = answerHead(raw, () => `${exchange.secure ? 'https' : 'http'}://${exchange.host}`, flow === null ? exchange.cors : null);
    this.status = status;
    this.headers = head.headers;
    this.contentLength = head.contentLength;
    if (flow !== null && !this.mediateHead(flow)) return;
    // The answer to a HEAD that was made of another method announces a body that does not come.
    if (this.method === 'HEAD' && exchange.request.method !== 'HEAD') removeHeader(this.headers, 'content-length');
    // The head waits for the first bytes of the body and leaves with them; where the body may be long in coming, it does not.
    if (head.contentLength < 0) setImmediate(flushHead, this);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.ended) return;
    const { reply } = this.exchange;
    if (this.buffered !== null) {
      this.keep(this.buffered, chunk);
      return;
    }
    if (!this.begun) {
      this.begin();
      if (chunk.length === this.contentLength) {
        // The whole answer in one write.
        this.finish();
        // As a string a short body leaves in one buffer with the head, which costs the system less than two.
        if (chunk.length <= STRING_BYTES_MAX) reply.end(chunk.toString('latin1'), 'latin1');
        else reply.end(chunk);
        return;
      }
    }
    if (!reply.write(chunk)) {
      controller.pause();
      if (!this.awaitsDrain) {
        this.awaitsDrain = true;
        reply.on('drain', () => this.controller?.resume());
      }
    }
  }

  onResponseEnd(): void {
    this.dropUpload();
    if (this.ended) return;
    if (this.buffered !== null) {
      this.mediateBody(this.buffered);
      return;
    }
    if (!this.begun) this.begin();
    this.finish();
    this.exchange.reply.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.dropUpload();
    if (this.ended) return;
    const { exchange } = this;
    if (!this.retried && this.upload === null && IDEMPOTENT.has(this.method) && isStaleConnection(error, this.responded)) {
      this.retried = true;
      this.controller = null;
      this.send();
      return;
    }
    const fault = faultOf(error);
    if (this.endpoint.health !== null) this.endpoint.health.failed(fault.code, performance.now());
    const isDiscarded = this.endpoint.onTimeout === 'discard' && TIMEOUTS.has(fault);
    if (exchange.route !== null && !this.begun && !isDiscarded && this.upload === null && this.answering.reroute(exchange)) {
      this.ended = true;
      return;
    }
    this.finish();
    exchange.outcome = 'fault';
    // Half an answer must not look like a whole one; a discarded one gets none.
    if (this.begun || isDiscarded) exchange.reply.destroy();
    else this.answering.refuse(exchange, fault);
  }

  /** Sends the head, if it is still waiting. */
  flush(): void {
    if (this.begun || this.ended || this.buffered !== null) return;
    this.begin();
    this.exchange.reply.flushHeaders();
  }

  private get method(): string {
    return this.exchange.method ?? this.exchange.request.method ?? 'GET';
  }

  /** Runs the response policies on a head whose body streams past; false when they were refused or wait for the body. */
  private mediateHead(flow: AnswerFlow): boolean {
    if (flow.body === 'whole' || (flow.body === 'length' && this.contentLength < 0)) {
      this.buffered = [];
      return false;
    }
    return this.mediate(flow, null) !== undefined;
  }

  /** The answer as the policies leave it; undefined when they refuse it, which is answered then. */
  private mediate(flow: AnswerFlow, body: Buffer | null): Answer | undefined {
    const { exchange } = this;
    const answer: Answer = { status: this.status, headers: this.headers, body };
    const refusal = runAnswerFlow(flow, answer, exchange);
    if (refusal !== undefined) {
      this.refuse(refusal);
      return undefined;
    }
    addCors(answer.headers, exchange.cors);
    this.status = answer.status;
    this.headers = answer.headers;
    return answer;
  }

  private keep(buffered: Buffer[], chunk: Buffer): void {
    this.bufferedBytes += chunk.length;
    if (this.bufferedBytes > MEDIATED_BYTES_MAX) this.refuse(AnswerTooLarge);
    else buffered.push(chunk);
  }

  private mediateBody(buffered: Buffer[]): void {
    const { exchange } = this;
    const flow = exchange.operation?.mediation?.response;
    if (!flow) return;
    const answer = this.mediate(flow, Buffer.concat(buffered));
    if (answer === undefined) return;
    const body = answer.body ?? Buffer.alloc(0);
    // An answer to HEAD, and one that has no body by its status, describes a body that does not come.
    if (body.length > 0 || !(exchange.request.method === 'HEAD' || this.status === 204 || this.status === 304)) {
      setHeader(this.headers, 'Content-Length', 'content-length', String(body.length));
    }
    this.begin();
    this.finish();
    exchange.reply.end(body);
  }

  /** Answers with a refusal in place of the backend's answer. */
  private refuse(refusal: Refusal): void {
    this.finish();
    this.controller?.abort(CLIENT_GONE);
    this.dropUpload();
    this.answering.refuse(this.exchange, refusal);
  }

  /** What the client still sends has nowhere to go; it is read to its end, so that the connection serves the next request. */
  private dropUpload(): void {
    if (this.upload !== null && !this.upload.readableEnded) this.upload.destroy();
  }

  private begin(): void {
    this.begun = true;
    this.exchange.outcome = 'other';
    this.answering.begin(this.exchange, this.status, this.headers);
  }

  private finish(): void {
    const { exchange } = this;
    this.ended = true;
    exchange.backendMs = performance.now() - exchange.backendStartedAt;
    const bytes = exchange.body?.length ?? this.upload?.bytes ?? 0;
    if (exchange.bodyLimits !== null && bytes > 0) {
      for (const limit of exchange.bodyLimits) limit.charge(exchange.now, bytes);
    }
  }
}

const flushHead = (call: Call): void => call.flush();

/** The backend's path for what follows the API's route: appended to the endpoint's own path, with both queries. */
export const pathAt = (endpoint: LinkedEndpoint, rest: string): string => {
  const query = rest.indexOf('?');
  if (query < 0 && endpoint.search === '') return endpoint.basePath + rest || '/';
  const path = endpoint.basePath + (query < 0 ? rest : rest.slice(0, query)) || '/';
  let search = query < 0 ? '' : rest.slice(query + 1);
  if (endpoint.search !== '') search = search === '' ? endpoint.search : `${endpoint.search}&${search}`;
  return search === '' ? path : `${path}?${search}`;
};
