import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { SUPER_TENANT } from '../../domain/organization.js';
import type { Answering } from './backend/call.js';
import type { UpstreamSettings } from './backend/upstream.js';
import { Upstream } from './backend/upstream.js';
import { Exchange } from './exchange.js';
import { addCors, correlate, readHeaders, setHeaders } from './front/headers.js';
import { targetOf } from './front/request-target.js';
import type { RequestHandler } from './front/server.js';
import { soapFault } from './front/soap-faults.js';
import { Tunnel } from './front/tunnel.js';
import { checksOf, type LinkedApi, type LinkedEndpoint, type Operation } from './link.js';
import { mediatedAnswer } from './mediation/answer.js';
import type { Answer, AnswerFlow } from './mediation/flows.js';
import type { WorkerSettings } from './messages.js';
import { EXPLANATION_HEADER, type Explainer } from './observability/explainer.js';
import type { Observer } from './observability/observer.js';
import { decisionOf } from './observability/recorder.js';
import type { Policy } from './pipeline.js';
import { MalformedRequest, NoApi, Refusal, Reply, Unexpected, UnsupportedHttp, UnsupportedHttps } from './refusal.js';
import { comparablePath, restStart } from './routing/router.js';
import { resourcePath, selectOperation } from './routing/select-operation.js';
import type { Snapshot } from './snapshot.js';
import type { Usage } from './usage.js';

const WELCOME =
  '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Welcome to APIM</title></head><body><h1>Welcome to APIM</h1></body></html>';
const JWKS_PATH = /^(?:\/t\/([^/]+))?\/jwks$/;

/** Takes a request from its first line to its answer: finds the API and the operation, runs the checks, hands over to the backend. */
export class GatewayHandler implements Answering, RequestHandler {
  readonly upstream: Upstream;
  private isDraining = false;

  constructor(
    private readonly snapshot: Snapshot,
    private readonly usage: Usage,
    private readonly settings: UpstreamSettings & Pick<WorkerSettings, 'servesJwks' | 'clientIdleMs'>,
    private readonly failed: (error: unknown) => void,
    private readonly explainer: Explainer,
    /** Null when nothing is written down; that may change while requests run. */
    public observer: Observer | null,
  ) {
    this.upstream = new Upstream(settings, this, snapshot.certificates);
  }

  /** From now on every answer closes its connection, so that clients move on. */
  drain(): void {
    this.isDraining = true;
  }

  handle(request: IncomingMessage, reply: ServerResponse, secure: boolean): void {
    this.take(new Exchange(request, reply, secure, Date.now(), performance.now()));
  }

  mayUpgrade(request: IncomingMessage): boolean {
    if (request.method !== 'GET' || request.headers.upgrade?.toLowerCase() !== 'websocket') return false;
    const url = targetOf(request);
    if (url === undefined) return false;
    const query = url.indexOf('?');
    const path = comparablePath(query < 0 ? url : url.slice(0, query));
    return path !== undefined && this.apiAt(path, request)?.document.allowsUpgrades === true;
  }

  upgrade(request: IncomingMessage, socket: Socket, head: Buffer, secure: boolean): void {
    // Whoever is refused gets an ordinary answer, and the connection ends with it.
    const reply = new ServerResponse(request);
    reply.shouldKeepAlive = false;
    reply.assignSocket(socket);
    reply.on('finish', () => socket.end());
    const exchange = new Exchange(request, reply, secure, Date.now(), performance.now());
    exchange.tunnel = new Tunnel(socket, head, this.settings.clientIdleMs);
    this.take(exchange);
  }

  upgraded(exchange: Exchange): void {
    exchange.status = 101;
    if (exchange.apiLog !== null) exchange.apiLog.responseOut(101, [], null);
    this.record(exchange, false);
  }

  private take(exchange: Exchange): void {
    exchange.reply.on('close', () => this.closed(exchange));
    try {
      this.route(exchange);
    } catch (err) {
      this.fail(exchange, err);
    }
  }

  /** Begins an answer with the backend's head. */
  begin(exchange: Exchange, status: number, headers: string[], body?: Buffer): void {
    exchange.status = status;
    if (exchange.route !== null) exchange.route.addCookie(headers, exchange.api?.document.path ?? '/', exchange.secure);
    this.addOwn(headers, exchange);
    if (exchange.apiLog !== null) exchange.apiLog.responseOut(status, headers, body);
    exchange.reply.writeHead(status, headers);
  }

  async explain(exchange: Exchange): Promise<void> {
    if (exchange.recorder !== null) await this.explainer.explain(exchange, exchange.recorder);
  }

  /** Answers with a refusal of ours. */
  refuse(exchange: Exchange, refusal: Refusal): void {
    if (exchange.reply.destroyed) return;
    exchange.status = refusal.status;
    exchange.outcome = refusal.kind;
    const flow = flowOver(refusal, exchange.operation);
    const answer = flow === null ? (soapFault(refusal, exchange) ?? refusal) : mediatedAnswer(flow, refusal, exchange);
    if (answer instanceof Promise)
      answer.then(
        (mediated) => this.answerWith(exchange, mediated),
        (err: unknown) => this.fail(exchange, err),
      );
    else this.answerWith(exchange, answer);
  }

  /** A mistake of ours must cost one request, not the worker and all that it carries. */
  fail(exchange: Exchange, err: unknown): void {
    this.failed(err);
    if (exchange.reply.headersSent) exchange.reply.destroy();
    else {
      exchange.status = Unexpected.status;
      exchange.outcome = Unexpected.kind;
      this.answerWith(exchange, Unexpected);
    }
  }

  reroute(exchange: Exchange): boolean {
    const { route } = exchange;
    const next = route === null ? undefined : route.group.next(route);
    if (next === undefined) return false;
    exchange.endpoint = next;
    exchange.isReauthorized = false;
    void this.sendAgain(exchange, next, next.security?.apply(exchange, next));
    return true;
  }

  reauthorize(exchange: Exchange, raw: readonly (Buffer | string)[]): boolean {
    const { endpoint } = exchange;
    const ready = endpoint?.security?.retry(exchange, endpoint, raw) ?? null;
    if (endpoint === null || ready === null) return false;
    void this.sendAgain(exchange, endpoint, ready);
    return true;
  }

  private async sendAgain(exchange: Exchange, endpoint: LinkedEndpoint, ready: Promise<Refusal | undefined> | undefined): Promise<void> {
    try {
      const refusal = await ready;
      if (exchange.reply.destroyed) return;
      if (refusal === undefined) this.upstream.forward(exchange, endpoint);
      else this.refuse(exchange, refusal);
    } catch (err) {
      this.failed(err);
      this.refuse(exchange, Unexpected);
    }
  }

  private route(exchange: Exchange): void {
    const { request, secure } = exchange;
    const url = targetOf(request);
    if (url === undefined) {
      this.refuseMalformed(exchange);
      return;
    }
    const query = url.indexOf('?');
    const sent = query < 0 ? url : url.slice(0, query);
    const path = comparablePath(sent);
    const api = path === undefined ? undefined : this.apiAt(path, exchange.request);
    if (path === undefined || api === undefined || !this.snapshot.isActive(api.organization)) {
      this.handleOwn(exchange, path ?? '');
      return;
    }
    const { matchedLength } = this.snapshot.router;
    exchange.api = api;
    if (readHeaders(exchange, api.authHeader, api.apiKeyHeader) !== undefined) {
      this.refuseMalformed(exchange);
      return;
    }
    if (this.observer !== null) this.observer.begin(exchange);
    if (exchange.explain !== null) this.explainer.begin(exchange, api, exchange.explain);
    if (secure ? !api.allowsHttps : !api.allowsHttp) {
      const refusal = secure ? UnsupportedHttps : UnsupportedHttp;
      exchange.recorder?.note('transport', performance.now(), decisionOf(refusal));
      if (api.unmatchedLog !== null) void api.unmatchedLog(exchange);
      this.refuse(exchange, refusal);
      return;
    }
    exchange.rest = restOf(url, path === sent ? matchedLength : restStart(sent, path.slice(0, matchedLength)));
    this.select(exchange, api, resourcePath(path.slice(matchedLength)), query < 0 ? '' : url.slice(query + 1));
  }

  /** What follows such a request on its connection cannot be trusted to be a request. */
  private refuseMalformed(exchange: Exchange): void {
    exchange.reply.shouldKeepAlive = false;
    this.refuse(exchange, MalformedRequest);
  }

  /** The API at a path, whatever the host; of several the one that is deployed on the virtual host that was asked for (`docs/decisions/0022`). */
  private apiAt(path: string, request: IncomingMessage): LinkedApi | undefined {
    const { router } = this.snapshot;
    const api = router.find(path);
    if (api === undefined || !router.isContested) return api;
    const host = (request.headers.host ?? '').toLowerCase().replace(/:\d*$/, '');
    return router.wanted(({ document }) => document.vhost.toLowerCase() === host) ?? api;
  }

  private select(exchange: Exchange, api: LinkedApi, path: string, search: string): void {
    const rules = api.cors ?? this.snapshot.cors;
    const selected = selectOperation(api, exchange.request.method ?? 'GET', path, search, exchange.requestedMethod, rules !== null);
    if (selected instanceof Refusal) {
      exchange.recorder?.note('resource', exchange.startedAt, decisionOf(selected));
      exchange.cors = rules?.answerHeaders(exchange.origin) ?? null;
      if (api.unmatchedLog !== null) void api.unmatchedLog(exchange);
      this.refuse(exchange, selected);
      return;
    }
    if ('operation' in selected) exchange.isPreflight = selected.isPreflight;
    const operation = 'operation' in selected ? selected.operation : selected;
    exchange.operation = operation;
    this.run(exchange, checksOf(operation), 0);
  }

  private run(exchange: Exchange, pipeline: readonly Policy[], from: number): void {
    const { recorder } = exchange;
    for (let i = from; i < pipeline.length; i += 1) {
      const policy = pipeline[i];
      if (policy === undefined) continue;
      const outcome = recorder === null ? policy(exchange) : recorder.run(policy, exchange);
      if (outcome === undefined) continue;
      if (outcome instanceof Refusal) {
        this.refuse(exchange, outcome);
        return;
      }
      void this.runLater(exchange, pipeline, i + 1, outcome);
      return;
    }
    if (exchange.endpoint === null || exchange.reply.destroyed) return;
    this.upstream.forward(exchange, exchange.endpoint);
  }

  private async runLater(
    exchange: Exchange,
    pipeline: readonly Policy[],
    next: number,
    outcome: Promise<Refusal | undefined>,
  ): Promise<void> {
    try {
      const refusal = await outcome;
      // Whoever went away meanwhile is neither counted nor served.
      if (exchange.reply.destroyed) return;
      exchange.resumedAt = Date.now();
      if (refusal === undefined) this.run(exchange, pipeline, next);
      else this.refuse(exchange, refusal);
    } catch (err) {
      this.fail(exchange, err);
    }
  }

  private answerWith(exchange: Exchange, answer: Pick<Answer, 'status' | 'body'> & { readonly headers: readonly string[] }): void {
    const { reply } = exchange;
    if (reply.destroyed) return;
    if (exchange.recorder?.isToBeExplained === true) {
      void this.explain(exchange).then(() => this.answerWith(exchange, answer));
      return;
    }
    exchange.status = answer.status;
    exchange.sentBytes = exchange.request.method === 'HEAD' ? 0 : (answer.body?.length ?? 0);
    const headers = [...answer.headers];
    addCors(headers, exchange.cors);
    this.addOwn(headers, exchange);
    if (exchange.apiLog !== null) exchange.apiLog.responseOut(answer.status, headers, answer.body);
    reply.writeHead(answer.status, headers);
    reply.end(answer.body);
  }

  /** What the gateway adds to every answer, whoever made it. */
  private addOwn(headers: string[], { correlationId, recorder, rateLimit }: Exchange): void {
    if (correlationId !== null) correlate(headers, correlationId);
    if (recorder !== null && recorder.explanation !== null) headers.push(EXPLANATION_HEADER, recorder.explanation);
    if (rateLimit !== null) setHeaders(headers, rateLimit);
    if (this.isDraining) headers.push('Connection', 'close');
  }

  /** Paths the gateway itself answers (`reference/gateway.md` §1). */
  private handleOwn(exchange: Exchange, path: string): void {
    const { request } = exchange;
    if (this.observer !== null) this.observer.begin(exchange);
    if (request.method === 'GET' && path === '/') {
      this.answer(exchange, 'text/html; charset=UTF-8', WELCOME);
      return;
    }
    const jwks = request.method === 'GET' && this.settings.servesJwks ? JWKS_PATH.exec(path) : null;
    const organization = jwks?.[1] ?? SUPER_TENANT;
    const keyManager = jwks && this.snapshot.isActive(organization) ? this.snapshot.residentKeyManager(organization) : undefined;
    if (keyManager) this.answer(exchange, 'application/json', JSON.stringify({ keys: keyManager.document.jwks }));
    else this.refuse(exchange, NoApi);
  }

  private answer(exchange: Exchange, type: string, body: string): void {
    exchange.status = 200;
    exchange.sentBytes = Buffer.byteLength(body);
    const headers = ['Content-Type', type, 'Content-Length', String(exchange.sentBytes)];
    this.addOwn(headers, exchange);
    exchange.reply.writeHead(200, headers).end(body);
  }

  /** The answer has left, or the client has. */
  private closed(exchange: Exchange): void {
    // It was recorded when it left HTTP.
    if (exchange.tunnel?.isOpen) return;
    const isComplete = exchange.reply.writableFinished;
    if (!isComplete) exchange.call?.abandon();
    this.record(exchange, !isComplete);
  }

  private record(exchange: Exchange, isAborted: boolean): void {
    const durationMs = performance.now() - exchange.startedAt;
    this.usage.record(exchange, exchange.now, durationMs, isAborted);
    if (this.observer !== null) this.observer.end(exchange, durationMs, isAborted);
    if (exchange.apiLog !== null) exchange.apiLog.end();
  }
}

/** The policies that an answer of the gateway's own still passes: those of faults, or for an answer in the backend's place those of responses. */
const flowOver = (refusal: Refusal, operation: Operation | null): AnswerFlow | null => {
  const mediation = operation?.mediation ?? null;
  if (mediation === null) return null;
  if (refusal.kind === 'fault') return mediation.fault;
  return refusal instanceof Reply && !refusal.isMediated ? mediation.response : null;
};

/** The path and query after the API's route. Two slashes at its beginning would make its first segment a host's name to some backends. */
const restOf = (url: string, start: number): string => {
  let at = start;
  while (url[at] === '/' && url[at + 1] === '/') at += 1;
  return url.slice(at);
};
