import type { IncomingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Dispatcher, errors } from 'undici';
import type { Exchange } from '../exchange.js';
import { addCors, answerHead, removeHeader, setHeader } from '../front/headers.js';
import { addTrailers } from '../front/trailers.js';
import type { LinkedEndpoint } from '../link.js';
import { runAnswerFlow } from '../mediation/answer.js';
import type { Answer, AnswerFlow } from '../mediation/flows.js';
import { AnswerTooLarge, type Refusal } from '../refusal.js';
import { pathAt } from './backend-path.js';
import type { Connections } from './connections.js';
import { ConnectTimeout, faultOf, isStaleConnection, SendTimeout } from './faults.js';
import { Upload } from './upload.js';

/** How the server ends an exchange; the upstream does not know about draining or figures. */
export interface Answering {
  /** `body`: all of it, where it is known. */
  begin(exchange: Exchange, status: number, headers: string[], body?: Buffer): void;
  refuse(exchange: Exchange, refusal: Refusal): void;
  /** Explains the exchange to whoever may know, before the answer's head leaves. */
  explain(exchange: Exchange): Promise<void>;
  /** Notes that an exchange has left HTTP. */
  upgraded(exchange: Exchange): void;
  /** Ends an exchange that a mistake of ours has broken. */
  fail(exchange: Exchange, err: unknown): void;
  /** Sends a request that failed somewhere else; false when there is nowhere left. */
  reroute(exchange: Exchange): boolean;
  /** Sends a request again whose credentials the backend refused, or refuses it; false when the backend's answer stands. */
  reauthorize(exchange: Exchange, raw: readonly (Buffer | string)[]): boolean;
}

const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE']);
const TIMEOUTS: ReadonlySet<Refusal> = new Set([SendTimeout, ConnectTimeout]);
const STRING_BYTES_MAX = 8_192;
/** Interim answers (1xx) of one request. Each gives the backend its time anew, so they must come to an end. */
const INTERIM_MAX = 32;
const TOO_MANY_INTERIM = new errors.HTTPParserError('too many interim answers');
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
  private interim = 0;
  private awaitsDrain = false;
  /** The answer's body while it is taken in for policies. */
  private buffered: Buffer[] | null = null;
  private bufferedBytes = 0;
  /** What comes of the body while a policy of the head is still at work. */
  private held: Buffer[] | null = null;
  private isHeldWhole = false;
  private status = 0;
  private headers: string[] = [];
  private contentLength = -1;

  constructor(
    private readonly exchange: Exchange,
    private readonly endpoint: LinkedEndpoint,
    private readonly connections: Connections,
    private readonly answering: Answering,
  ) {
    exchange.call = this;
  }

  send(): void {
    const { exchange } = this;
    const timeoutMs = exchange.timeoutMs ?? this.endpoint.timeoutMs;
    if (exchange.apiLog !== null) exchange.apiLog.requestOut(exchange);
    if (exchange.bodyBytes !== 0 && exchange.body === null) this.upload = new Upload(exchange.request, exchange.apiLog);
    this.connections.dispatch(
      {
        path: pathAt(this.endpoint, exchange.rest, exchange.variables),
        // Any method the server's parser accepts; undici takes them all.
        method: this.method as Dispatcher.HttpMethod,
        headers: exchange.outbound,
        body: exchange.body ?? this.upload,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        upgrade: exchange.tunnel === null ? null : 'websocket',
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

  /** The backend leaves HTTP, and so does the client. */
  onRequestUpgrade(controller: Dispatcher.DispatchController, _status: number, _headers: IncomingHttpHeaders, socket: Duplex): void {
    const { exchange } = this;
    if (this.ended || exchange.tunnel === null) {
      socket.destroy();
      return;
    }
    if (this.endpoint.health !== null) this.endpoint.health.succeeded(performance.now());
    if (exchange.apiLog !== null) exchange.apiLog.responseIn(101, rawPairs(controller.rawHeaders));
    this.begun = true;
    exchange.outcome = 'other';
    this.finish();
    this.answering.upgraded(exchange);
    exchange.tunnel.open(rawPairs(controller.rawHeaders), socket);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    // Early hints and the like are between the backend and us.
    if (this.ended) return;
    if (status < 200) {
      this.interim += 1;
      if (this.interim > INTERIM_MAX) controller.abort(TOO_MANY_INTERIM);
      return;
    }
    const { exchange } = this;
    const raw = rawPairs(controller.rawHeaders);
    if (exchange.apiLog !== null) exchange.apiLog.responseIn(status, raw);
    if (this.endpoint.health !== null) this.endpoint.health.succeeded(performance.now());
    if (status === 401 && this.endpoint.security !== null && this.upload === null && this.answering.reauthorize(exchange, raw)) {
      this.ended = true;
      controller.abort(REFUSED);
      return;
    }
    const { recorder } = exchange;
    if (recorder !== null) recorder.note('backend', exchange.backendStartedAt, `answered ${status}`);
    const flow = exchange.operation?.mediation?.response ?? null;
    // Policies see the backend's answer; the gateway's own headers come after them.
    const head = answerHead(
      raw,
      () => `${exchange.secure ? 'https' : 'http'}://${exchange.host}`,
      flow === null && exchange.keeper === null ? exchange.cors : null,
    );
    this.status = status;
    this.headers = head.headers;
    this.contentLength = head.contentLength;
    if (flow !== null || recorder?.isToBeExplained === true) {
      if (!this.mediateHead(flow)) return;
    } else if (exchange.keeper !== null) {
      exchange.keeper.head(status, this.headers);
      addCors(this.headers, exchange.cors);
    }
    this.dropEmptyPromise();
    // The head waits for the first bytes of the body and leaves with them; where the body may be long in coming, it does not.
    if (head.contentLength < 0) setImmediate(flushHead, this);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.ended) return;
    const { reply, keeper, apiLog } = this.exchange;
    this.exchange.sentBytes += chunk.length;
    if (apiLog !== null) apiLog.responseBody(chunk);
    if (this.buffered !== null) {
      this.keep(this.buffered, chunk);
      return;
    }
    if (this.held !== null) {
      this.held.push(chunk);
      controller.pause();
      return;
    }
    if (keeper !== null) keeper.data(chunk);
    if (!this.begun) {
      this.begin();
      if (chunk.length === this.contentLength) {
        // The whole answer in one write.
        this.finish();
        if (keeper !== null) keeper.end();
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

  onResponseEnd(_controller: Dispatcher.DispatchController | null = null, trailers: IncomingHttpHeaders = {}): void {
    this.dropUpload();
    if (this.ended) return;
    addTrailers(this.exchange, trailers);
    if (this.buffered !== null) {
      this.mediateBody(this.buffered);
      return;
    }
    if (this.held !== null) {
      this.isHeldWhole = true;
      return;
    }
    if (!this.begun) this.begin();
    this.finish();
    this.exchange.keeper?.end();
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
    if (exchange.recorder !== null) exchange.recorder.note('backend', exchange.backendStartedAt, `failed ${fault.code}`);
    if (this.endpoint.health !== null) this.endpoint.health.failed(fault.code, performance.now());
    const isDiscarded = this.endpoint.onTimeout === 'discard' && TIMEOUTS.has(fault);
    if (
      exchange.route !== null &&
      !this.begun &&
      this.held === null &&
      !isDiscarded &&
      this.upload === null &&
      this.answering.reroute(exchange)
    ) {
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
    if (this.begun || this.ended || this.buffered !== null || this.held !== null) return;
    this.begin();
    this.exchange.reply.flushHeaders();
  }

  private get method(): string {
    return this.exchange.method ?? this.exchange.request.method ?? 'GET';
  }

  /** Runs the response policies on a head whose body streams past; false when they were refused, or the head waits for them or for the body. */
  private mediateHead(flow: AnswerFlow | null): boolean {
    if (flow?.body === 'whole' || (flow?.body === 'length' && this.contentLength < 0)) {
      this.buffered = [];
      return false;
    }
    const mediated = this.mediate(flow, null);
    if (!(mediated instanceof Promise)) return mediated !== undefined;
    this.held = [];
    this.controller?.pause();
    void this.letGo(mediated);
    return false;
  }

  /** The answer to a HEAD that was made of another method announces a body that does not come. */
  private dropEmptyPromise(): void {
    if (this.method === 'HEAD' && this.exchange.request.method !== 'HEAD') removeHeader(this.headers, 'content-length');
  }

  /** Sends the head that waited for its policies, and what has come of the body meanwhile. */
  private async letGo(mediated: Promise<Answer | undefined>): Promise<void> {
    try {
      const answer = await mediated;
      const held = this.held ?? [];
      this.held = null;
      if (answer === undefined || this.ended) return;
      this.dropEmptyPromise();
      this.begin();
      for (const chunk of held) {
        this.exchange.keeper?.data(chunk);
        this.exchange.reply.write(chunk);
      }
      if (this.isHeldWhole) this.onResponseEnd();
      else this.controller?.resume();
    } catch (err) {
      this.fail(err);
    }
  }

  /** The answer as the policies leave it; undefined when they refuse it, which is answered then. */
  private mediate(flow: AnswerFlow | null, body: Buffer | null): Answer | undefined | Promise<Answer | undefined> {
    const answer: Answer = { status: this.status, headers: this.headers, body };
    const outcome = flow === null ? undefined : runAnswerFlow(flow, answer, this.exchange);
    const mediated =
      outcome instanceof Promise ? outcome.then((refusal) => this.mediated(answer, refusal)) : this.mediated(answer, outcome);
    return this.exchange.recorder?.isToBeExplained === true ? this.explained(mediated) : mediated;
  }

  /** What is refused instead is explained with the refusal. */
  private async explained(mediated: Answer | undefined | Promise<Answer | undefined>): Promise<Answer | undefined> {
    const answer = await mediated;
    if (answer === undefined) return undefined;
    await this.answering.explain(this.exchange);
    return this.ended ? undefined : answer;
  }

  private mediated(answer: Answer, refusal: Refusal | undefined): Answer | undefined {
    // The client may have gone while a policy was at work.
    if (this.ended) return undefined;
    if (refusal !== undefined) {
      this.refuse(refusal);
      return undefined;
    }
    this.exchange.keeper?.head(answer.status, answer.headers);
    addCors(answer.headers, this.exchange.cors);
    this.status = answer.status;
    this.headers = answer.headers;
    return answer;
  }

  private keep(buffered: Buffer[], chunk: Buffer): void {
    this.bufferedBytes += chunk.length;
    if (this.bufferedBytes > (this.exchange.operation?.mediation?.bodyBytesMax ?? 0)) this.refuse(AnswerTooLarge);
    else buffered.push(chunk);
  }

  private mediateBody(buffered: Buffer[]): void {
    const flow = this.exchange.operation?.mediation?.response;
    if (!flow) return;
    const mediated = this.mediate(flow, Buffer.concat(buffered));
    if (mediated instanceof Promise)
      mediated.then(
        (answer) => this.sendMediated(answer),
        (err: unknown) => this.fail(err),
      );
    else this.sendMediated(mediated);
  }

  private sendMediated(answer: Answer | undefined): void {
    if (answer === undefined) return;
    const { exchange } = this;
    const body = answer.body ?? Buffer.alloc(0);
    // An answer to HEAD, and one that has no body by its status, describes a body that does not come.
    if (body.length > 0 || !(exchange.request.method === 'HEAD' || this.status === 204 || this.status === 304)) {
      setHeader(this.headers, 'Content-Length', 'content-length', String(body.length));
    }
    exchange.sentBytes = body.length;
    this.begin(body);
    this.finish();
    exchange.keeper?.data(body);
    exchange.keeper?.end();
    exchange.reply.end(body);
  }

  /** A mistake of ours costs this request alone. */
  private fail(err: unknown): void {
    if (this.ended) return;
    this.finish();
    this.controller?.abort(REFUSED);
    this.dropUpload();
    this.answering.fail(this.exchange, err);
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

  private begin(body?: Buffer): void {
    this.begun = true;
    this.exchange.outcome = 'other';
    this.answering.begin(this.exchange, this.status, this.headers, body);
  }

  private finish(): void {
    const { exchange } = this;
    this.ended = true;
    exchange.backendMs = performance.now() - exchange.backendStartedAt;
    const bytes = exchange.body?.length ?? this.upload?.bytes ?? 0;
    // A body of unknown length is charged when it has passed, to the windows of that time.
    if (exchange.bodyBytes < 0 && exchange.limits !== null && bytes > 0) {
      for (const limit of exchange.limits.bytes) limit.charge(Date.now(), bytes);
    }
  }
}

/** Header pairs of a backend: HTTP/1.1 gives them as received, HTTP/2 by name. */
const rawPairs = (raw: Dispatcher.DispatchController['rawHeaders']): readonly (Buffer | string)[] => {
  if (Array.isArray(raw)) return raw;
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(raw ?? {})) {
    if (name.startsWith(':') || value === undefined) continue;
    for (const each of Array.isArray(value) ? value : [value]) pairs.push(name, String(each));
  }
  return pairs;
};

const flushHead = (call: Call): void => call.flush();
