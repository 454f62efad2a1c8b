import type { IncomingMessage, ServerResponse } from 'node:http';
import { SUPER_TENANT } from '../../domain/organization.js';
import type { Answering } from './call.js';
import { Exchange } from './exchange.js';
import { addCors, readHeaders } from './headers.js';
import type { LinkedApi, LinkedEndpoint } from './link.js';
import { mediatedFault } from './mediation/answer.js';
import type { WorkerSettings } from './messages.js';
import type { Policy } from './pipeline.js';
import { NoApi, Refusal, Unexpected, UnsupportedHttp, UnsupportedHttps } from './refusal.js';
import { comparablePath, restStart } from './router.js';
import { resourcePath, selectOperation } from './select-operation.js';
import type { Snapshot } from './snapshot.js';
import type { UpstreamSettings } from './upstream.js';
import { Upstream } from './upstream.js';
import type { Usage } from './usage.js';

const WELCOME =
  '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Welcome to APIM</title></head><body><h1>Welcome to APIM</h1></body></html>';
const JWKS_PATH = /^(?:\/t\/([^/]+))?\/jwks$/;

/** Takes a request from its first line to its answer: finds the API and the operation, runs the checks, hands over to the backend. */
export class GatewayHandler implements Answering {
  readonly upstream: Upstream;
  private isDraining = false;

  constructor(
    private readonly snapshot: Snapshot,
    private readonly usage: Usage,
    private readonly settings: UpstreamSettings & Pick<WorkerSettings, 'servesJwks'>,
    private readonly failed: (error: unknown) => void,
  ) {
    this.upstream = new Upstream(settings, this, snapshot.certificates);
  }

  /** From now on every answer closes its connection, so that clients move on. */
  drain(): void {
    this.isDraining = true;
  }

  handle(request: IncomingMessage, reply: ServerResponse, secure: boolean): void {
    const exchange = new Exchange(request, reply, secure, Date.now(), performance.now());
    reply.on('close', () => this.closed(exchange));
    try {
      this.route(exchange);
    } catch (err) {
      this.fail(exchange, err);
    }
  }

  /** Begins an answer with the backend's head. */
  begin(exchange: Exchange, status: number, headers: string[]): void {
    exchange.status = status;
    if (exchange.route !== null) exchange.route.addCookie(headers, exchange.api?.document.path ?? '/', exchange.secure);
    if (this.isDraining) headers.push('Connection', 'close');
    exchange.reply.writeHead(status, headers);
  }

  /** Answers with a refusal of ours. */
  refuse(exchange: Exchange, refusal: Refusal): void {
    const { reply } = exchange;
    if (reply.destroyed) return;
    exchange.status = refusal.status;
    exchange.outcome = refusal.kind;
    const faultFlow = refusal.kind === 'fault' ? (exchange.operation?.mediation?.fault ?? null) : null;
    const answer = faultFlow === null ? refusal : mediatedFault(faultFlow, refusal, exchange);
    const headers = [...answer.headers];
    addCors(headers, exchange.cors);
    if (this.isDraining) headers.push('Connection', 'close');
    reply.writeHead(answer.status, headers);
    reply.end(answer.body);
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
    const url = originForm(request.url ?? '/');
    const query = url.indexOf('?');
    const sent = query < 0 ? url : url.slice(0, query);
    const path = comparablePath(sent);
    const api = path === undefined ? undefined : this.snapshot.router.find(path);
    if (path === undefined || api === undefined || !this.snapshot.isActive(api.organization)) {
      this.handleOwn(exchange, path ?? '');
      return;
    }
    const { matchedLength } = this.snapshot.router;
    exchange.api = api;
    readHeaders(exchange, api.authHeader, api.apiKeyHeader);
    if (secure ? !api.allowsHttps : !api.allowsHttp) {
      this.refuse(exchange, secure ? UnsupportedHttps : UnsupportedHttp);
      return;
    }
    exchange.rest = url.slice(path === sent ? matchedLength : restStart(sent, path.slice(0, matchedLength)));
    this.select(exchange, api, resourcePath(path.slice(matchedLength)), query < 0 ? '' : url.slice(query + 1));
  }

  private select(exchange: Exchange, api: LinkedApi, path: string, search: string): void {
    const rules = api.cors ?? this.snapshot.cors;
    const selected = selectOperation(api, exchange.request.method ?? 'GET', path, search, exchange.requestedMethod, rules !== null);
    if (selected instanceof Refusal) {
      exchange.cors = rules?.answerHeaders(exchange.origin) ?? null;
      this.refuse(exchange, selected);
      return;
    }
    if ('operation' in selected) exchange.isPreflight = selected.isPreflight;
    const operation = 'operation' in selected ? selected.operation : selected;
    exchange.operation = operation;
    this.run(exchange, operation.pipeline, 0);
  }

  private run(exchange: Exchange, pipeline: readonly Policy[], from: number): void {
    for (let i = from; i < pipeline.length; i += 1) {
      const outcome = pipeline[i]?.(exchange);
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
      if (refusal === undefined) this.run(exchange, pipeline, next);
      else this.refuse(exchange, refusal);
    } catch (err) {
      this.fail(exchange, err);
    }
  }

  /** A mistake of ours must cost one request, not the worker and all that it carries. */
  private fail(exchange: Exchange, err: unknown): void {
    this.failed(err);
    if (exchange.reply.headersSent) exchange.reply.destroy();
    else this.refuse(exchange, Unexpected);
  }

  /** Paths the gateway itself answers (`reference/gateway.md` §1). */
  private handleOwn(exchange: Exchange, path: string): void {
    const { request } = exchange;
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
    const headers = ['Content-Type', type, 'Content-Length', String(Buffer.byteLength(body))];
    if (this.isDraining) headers.push('Connection', 'close');
    exchange.reply.writeHead(200, headers).end(body);
  }

  /** The answer has left, or the client has. */
  private closed(exchange: Exchange): void {
    const isComplete = exchange.reply.writableFinished;
    if (!isComplete) exchange.call?.abandon();
    this.usage.record(exchange, exchange.now, performance.now() - exchange.startedAt, !isComplete);
  }
}

/** A request to a proxy names the whole URL; only its path and query matter here. */
const originForm = (target: string): string => {
  // A fragment never travels (RFC 9112 §3.2); a backend would drop it and serve another resource than the one that was checked.
  const fragment = target.indexOf('#');
  const url = fragment < 0 ? target : target.slice(0, fragment);
  if (url.startsWith('/')) return url;
  const path = url.indexOf('/', url.indexOf('://') + 3);
  return path < 0 ? '/' : url.slice(path);
};
