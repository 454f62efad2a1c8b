import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { buildConnector, Dispatcher, errors, Pool } from 'undici';
import { isProxied } from '../../../domain/proxied-hosts.js';
import type { ProxySettings } from '../messages.js';
import type { Connections } from './connections.js';

/** The proxy did not let the request through; its own answer is none of the client's business. */
export class ProxyRefused extends Error {
  override readonly name = 'ProxyRefused';
  readonly code = 'ERR_PROXY_REFUSED';

  constructor(status: number) {
    super(`the proxy answered ${status}`);
  }
}

/** The forward proxy between the gateway and its backends (`reference/operations.md` §1.1, `apim.proxy_config`). */
export class ForwardProxy {
  private readonly origin: string;
  private readonly authorization: string | null;

  constructor(
    private readonly settings: ProxySettings,
    private readonly connectTimeoutMs: number,
  ) {
    const { protocol, host, port, username, password } = settings;
    this.origin = `${protocol}://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`;
    this.authorization = username === '' ? null : `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }

  appliesTo(origin: string): boolean {
    return isProxied(this.settings, new URL(origin).hostname);
  }

  /** Connects to backends through a tunnel (RFC 9110 §9.3.6); `tls` is what connections to the backend itself are made with. */
  tunnel(tls: buildConnector.BuildOptions): buildConnector.connector {
    const secure = buildConnector(tls);
    return (options, done) => {
      const { protocol, hostname, port } = options;
      const target = `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
      this.connect(target).then(
        (socket) => (protocol === 'https:' ? secure({ ...options, httpSocket: socket }, done) : done(null, socket)),
        (error: Error) => done(error, null),
      );
    };
  }

  /** Requests to a backend without TLS, which the proxy makes itself (RFC 9112 §3.2.2). */
  relay(origin: string, options: Pool.Options): Connections {
    return new Relay(new Pool(this.origin, { ...options, allowH2: false }), origin, this.authorization);
  }

  private connect(target: string): Promise<Socket> {
    const { protocol, hostname, port } = new URL(this.origin);
    const send = protocol === 'https:' ? tlsRequest : request;
    return new Promise((resolve, reject) => {
      const asked = send({
        host: hostname.replace(/^\[|\]$/g, ''),
        port: port || (protocol === 'https:' ? 443 : 80),
        method: 'CONNECT',
        path: target,
        headers: { host: target, ...(this.authorization !== null && { 'proxy-authorization': this.authorization }) },
        agent: false,
        timeout: this.connectTimeoutMs,
      });
      asked.on('timeout', () => asked.destroy(new errors.ConnectTimeoutError('the proxy did not answer')));
      asked.on('error', reject);
      asked.on('connect', (answer, socket) => {
        const status = answer.statusCode ?? 0;
        if (status >= 200 && status < 300) {
          socket.setTimeout(0);
          resolve(socket);
          return;
        }
        socket.destroy();
        reject(new ProxyRefused(status));
      });
      asked.end();
    });
  }
}

const PROXY_AUTHENTICATION_REQUIRED = 407;

class Relay extends Dispatcher implements Connections {
  private readonly host: string;

  constructor(
    private readonly pool: Pool,
    private readonly origin: string,
    private readonly authorization: string | null,
  ) {
    super();
    this.host = new URL(origin).host;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    // The gateway writes request headers as one flat list.
    const headers = [...((options.headers ?? []) as readonly string[]), 'host', this.host];
    if (this.authorization !== null) headers.push('proxy-authorization', this.authorization);
    return this.pool.dispatch({ ...options, path: this.origin + options.path, headers }, new Relayed(handler));
  }

  override close(): Promise<void> {
    return this.pool.close();
  }

  override destroy(): Promise<void> {
    return this.pool.destroy();
  }
}

/** Passes everything on but a proxy's refusal. */
class Relayed implements Dispatcher.DispatchHandler {
  constructor(private readonly handler: Dispatcher.DispatchHandler) {}

  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    this.handler.onRequestStart?.(controller, context);
  }

  onRequestUpgrade(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders, socket: Duplex): void {
    this.handler.onRequestUpgrade?.(controller, status, headers, socket);
  }

  onResponseStarted(): void {
    this.handler.onResponseStarted?.();
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders, message?: string): void {
    if (status === PROXY_AUTHENTICATION_REQUIRED) controller.abort(new ProxyRefused(status));
    else this.handler.onResponseStart?.(controller, status, headers, message);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.handler.onResponseData?.(controller, chunk);
  }

  onResponseEnd(controller: Dispatcher.DispatchController, trailers: IncomingHttpHeaders): void {
    this.handler.onResponseEnd?.(controller, trailers);
  }

  onResponseError(controller: Dispatcher.DispatchController, error: Error): void {
    this.handler.onResponseError?.(controller, error);
  }
}
