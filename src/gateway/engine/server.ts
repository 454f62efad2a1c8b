import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WorkerSettings } from './messages.js';
import { HeadersTooLarge, MalformedRequest, type Refusal, RequestTimeout } from './refusal.js';

export type RequestHandler = (request: IncomingMessage, reply: ServerResponse, secure: boolean) => void;

export type ServerSettings = Pick<
  WorkerSettings,
  'host' | 'httpPort' | 'httpsPort' | 'tls' | 'reusePort' | 'headerBytesMax' | 'clientIdleMs'
>;

const HEADERS_TIMEOUT_MS = 60_000;
/** Requests that one connection may have waiting behind one another. */
const PIPELINED_MAX = 1_000;

/** The gateway's listeners. */
export class GatewayServer {
  private readonly http: Server;
  private readonly https: TlsServer | null;

  /** How many requests of a connection wait for the answer to the one before. */
  private readonly queued = new WeakMap<Socket, number>();

  constructor(
    private readonly settings: ServerSettings,
    private readonly handle: RequestHandler,
  ) {
    const { tls, headerBytesMax, clientIdleMs, httpsPort } = settings;
    const options = {
      maxHeaderSize: headerBytesMax,
      keepAliveTimeout: clientIdleMs,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: 0,
    };
    this.http = this.prepare(createServer(options, (request, reply) => this.receive(request, reply, false)));
    this.https =
      tls === null || httpsPort === null
        ? null
        : this.prepare(
            createTlsServer({ ...options, key: tls.key, cert: tls.cert }, (request, reply) => this.receive(request, reply, true)),
          );
  }

  /** Opens the ports and gives their numbers; rejects when one is taken. */
  async listen(): Promise<{ httpPort: number; httpsPort: number | null }> {
    const { httpPort, httpsPort } = this.settings;
    const http = await this.open(this.http, httpPort);
    return { httpPort: http, httpsPort: this.https === null || httpsPort === null ? null : await this.open(this.https, httpsPort) };
  }

  /** New connections get this certificate. */
  renewCertificate(tls: NonNullable<WorkerSettings['tls']>): void {
    this.https?.setSecureContext(tls);
  }

  /** Stops accepting connections and closes idle ones; resolves when the last is gone. */
  async close(): Promise<void> {
    await Promise.all(this.servers().map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
  }

  /** Cuts the connections that are left. */
  destroy(): void {
    for (const server of this.servers()) server.closeAllConnections();
  }

  private receive(request: IncomingMessage, reply: ServerResponse, secure: boolean): void {
    // Node gives the connection to one answer at a time: the others are pipelined.
    if (reply.socket === null && !this.queue(request.socket, reply)) request.socket.destroy();
    else this.handle(request, reply, secure);
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

  private prepare<T extends Server>(server: T): T {
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
