import { constants } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContextOptions, TLSSocket } from 'node:tls';
import type { TlsSettings, WorkerSettings } from '../messages.js';
import { HeadersTooLarge, MalformedRequest, type Refusal, RequestTimeout } from '../refusal.js';
import { HostCertificates } from './host-certificates.js';
import { Http2Listener } from './http2.js';

/** What the listeners hand their requests to. */
export interface RequestHandler {
  handle(request: IncomingMessage, reply: ServerResponse, secure: boolean): void;
  /** Whether the request may leave HTTP behind; where not, it is answered as if it did not ask. */
  mayUpgrade(request: IncomingMessage): boolean;
  /** A request that may, on a connection that is its own from now on; `head` is what the client has sent beyond. */
  upgrade(request: IncomingMessage, socket: Socket, head: Buffer, secure: boolean): void;
}

export type ServerSettings = Pick<
  WorkerSettings,
  'host' | 'httpPort' | 'httpsPort' | 'tls' | 'reusePort' | 'headerBytesMax' | 'clientIdleMs' | 'http2' | 'http2StreamsMax'
> & { readonly clientCertificates: Pick<WorkerSettings['clientCertificates'], 'followsChains'> };

/** Whether it is one that an API lets in is that API's business (`reference/key-manager.md` §6.4). */
const ASKS_FOR_CERTIFICATE = { requestCert: true, rejectUnauthorized: false };

/** How long a head may take to come, however many of its bytes trickle in, unless idle clients have less. */
const HEADERS_TIMEOUT_MS = 60_000;
const CHECKING_INTERVAL_MS = 30_000;
/** Requests that one connection may have waiting behind one another. */
const PIPELINED_MAX = 1_000;

/** The gateway's listeners. */
export class GatewayServer {
  private readonly http: Server;
  private readonly https: TlsServer | null;
  private readonly http2: Http2Listener | null = null;
  private hostCertificates: HostCertificates | null = null;
  /** Connections that HTTP has left. */
  private readonly upgraded = new Set<Duplex>();

  /** How many requests of a connection wait for the answer to the one before. */
  private readonly queued = new WeakMap<Socket, number>();

  constructor(
    private readonly settings: ServerSettings,
    private readonly handler: RequestHandler,
  ) {
    const { tls, headerBytesMax, clientIdleMs, httpsPort } = settings;
    const options = {
      maxHeaderSize: headerBytesMax,
      keepAliveTimeout: clientIdleMs,
      headersTimeout: Math.min(HEADERS_TIMEOUT_MS, clientIdleMs),
      connectionsCheckingInterval: Math.min(CHECKING_INTERVAL_MS, clientIdleMs),
      requestTimeout: 0,
      // Refused in the gateway's own shape, with what else is wrong with a head.
      requireHostHeader: false,
      shouldUpgradeCallback: (request: IncomingMessage) => this.handler.mayUpgrade(request),
    };
    this.http = this.prepare(createServer(options), false);
    if (tls === null || httpsPort === null) {
      this.https = null;
      return;
    }
    this.hostCertificates = new HostCertificates(tls, this.secureOptions);
    this.https = this.prepare(
      createTlsServer({
        ...options,
        ...ASKS_FOR_CERTIFICATE,
        ...this.secureOptions,
        key: tls.key,
        cert: tls.cert,
        ALPNProtocols: settings.http2 ? ['h2', 'http/1.1'] : ['http/1.1'],
        SNICallback: (name, done) => done(null, this.hostCertificates?.find(name)),
      }),
      true,
    );
    if (settings.http2) {
      this.http2 = new Http2Listener(
        settings,
        (request, reply) => handler.handle(request, reply, true),
        (request, reply) => this.receiveExpecting(request, reply, true),
      );
      divide(this.https, this.http2);
    }
  }

  /** Opens the ports and gives their numbers; rejects when one is taken. */
  async listen(): Promise<{ httpPort: number; httpsPort: number | null }> {
    const { httpPort, httpsPort } = this.settings;
    const http = await this.open(this.http, httpPort);
    return { httpPort: http, httpsPort: this.https === null || httpsPort === null ? null : await this.open(this.https, httpsPort) };
  }

  /** New connections get these certificates. @throws Error for what TLS does not take; the ones before stay. */
  renewCertificate(tls: TlsSettings): void {
    const hosts = new HostCertificates(tls, this.secureOptions);
    this.https?.setSecureContext({ ...this.secureOptions, key: tls.key, cert: tls.cert });
    this.hostCertificates = hosts;
  }

  /** A resumed session remembers the client's certificate but not its chain, so there are none where chains count. */
  private get secureOptions(): SecureContextOptions {
    return this.settings.clientCertificates.followsChains ? { secureOptions: constants.SSL_OP_NO_TICKET } : {};
  }

  /** Stops accepting connections and closes idle ones; resolves when the last is gone. */
  async close(): Promise<void> {
    this.http2?.close();
    await Promise.all(this.servers().map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
  }

  /** Cuts the connections that are left. */
  destroy(): void {
    this.http2?.destroy();
    for (const socket of this.upgraded) socket.destroy();
    for (const server of this.servers()) server.closeAllConnections();
  }

  private receive(request: IncomingMessage, reply: ServerResponse, secure: boolean): void {
    // Node gives the connection to one answer at a time: the others are pipelined.
    if (reply.socket === null && !this.queue(request.socket, reply)) request.socket.destroy();
    else this.handler.handle(request, reply, secure);
  }

  /**
   * The client sends its body when it is asked to (RFC 9110 §10.1.1), which is when somebody begins to read it. An answer that comes before ends
   * the connection: nobody can tell then whether a body follows.
   */
  private receiveExpecting(request: IncomingMessage, reply: ServerResponse, secure: boolean): void {
    const { shouldKeepAlive } = reply;
    reply.shouldKeepAlive = false;
    request.once('resume', () => {
      if (reply.headersSent || reply.destroyed) return;
      reply.shouldKeepAlive = shouldKeepAlive;
      reply.writeContinue();
    });
    this.receive(request, reply, secure);
  }

  private leave(request: IncomingMessage, socket: Duplex, head: Buffer, secure: boolean): void {
    this.upgraded.add(socket);
    socket.on('close', () => this.upgraded.delete(socket));
    // Both servers hand over sockets (`tls.TLSSocket` is one).
    this.handler.upgrade(request, socket as Socket, head, secure);
  }

  /** False for one more than a connection may have waiting. */
  private queue(socket: Socket, reply: ServerResponse): boolean {
    const waiting = this.queued.get(socket) ?? 0;
    if (waiting >= PIPELINED_MAX) return false;
    this.queued.set(socket, waiting + 1);
    reply.on('close', () => this.queued.set(socket, (this.queued.get(socket) ?? 1) - 1));
    return true;
  }

  private servers(): Server[] {
    return this.https === null ? [this.http] : [this.http, this.https];
  }

  private prepare<T extends Server>(server: T, secure: boolean): T {
    server.on('request', (request, reply) => this.receive(request, reply, secure));
    server.on('checkContinue', (request, reply) => this.receiveExpecting(request, reply, secure));
    server.on('upgrade', (request, socket, head) => this.leave(request, socket, head, secure));
    // The header block is bounded by its size; a bound on the number would drop headers without a word.
    server.maxHeadersCount = 0;
    server.on('clientError', onClientError);
    server.setTimeout(this.settings.clientIdleMs, onIdle);
    return server;
  }

  private open(server: Server, port: number): Promise<number> {
    const { host, reusePort } = this.settings;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port, reusePort, exclusive: true }, () => {
        server.removeListener('error', reject);
        // A TCP listener's address is never a pipe's name.
        resolve((server.address() as AddressInfo).port);
      });
    });
  }
}

/** Gives connections on which HTTP/2 was agreed upon to it, and leaves the others to the server. */
const divide = (server: TlsServer, http2: Http2Listener): void => {
  const others = server.listeners('secureConnection');
  server.removeAllListeners('secureConnection');
  server.on('secureConnection', (socket: TLSSocket) => {
    if (socket.alpnProtocol === 'h2') http2.accept(socket);
    else for (const listener of others) listener.call(server, socket);
  });
};

/** What Node hangs on a connection while it answers a request on it. */
interface Busy {
  readonly _httpMessage?: ServerResponse | null;
}

/**
 * A connection on which nothing moved for long. While the backend is at work that is its timeout's business; an idle client, one that stopped sending its
 * body, or one that does not read its answer is cut off.
 */
const onIdle = (socket: Socket): void => {
  const reply = (socket as Busy)._httpMessage;
  const waitsForBackend = reply instanceof ServerResponse && reply.req.complete && reply.writableLength === 0;
  if (!waitsForBackend) socket.destroy();
};

const CLIENT_ERRORS: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: HeadersTooLarge,
  ERR_HTTP_REQUEST_TIMEOUT: RequestTimeout,
};

const REASONS: Readonly<Record<number, string>> = { 400: 'Bad Request', 408: 'Request Timeout', 431: 'Request Header Fields Too Large' };

/** Answers what is no proper request, in the gateway's own shape, and closes. */
const onClientError = (error: NodeJS.ErrnoException, socket: Duplex): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  // An answer under way must not be followed by a second one.
  if ((socket as Busy)._httpMessage?.headersSent) {
    socket.destroy(error);
    return;
  }
  const { status, headers, body } = CLIENT_ERRORS[error.code ?? ''] ?? MalformedRequest;
  let head = `HTTP/1.1 ${status} ${REASONS[status] ?? 'Bad Request'}\r\nConnection: close\r\n`;
  for (let i = 0; i < headers.length; i += 2) head += `${headers[i]}: ${headers[i + 1]}\r\n`;
  socket.end(`${head}\r\n${body.toString()}`);
};
