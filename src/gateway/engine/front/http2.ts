import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  constants,
  createServer,
  type Http2Server,
  Http2ServerRequest,
  Http2ServerResponse,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type { ReadableOptions } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { WorkerSettings } from '../messages.js';

/** Names that HTTP/2 forbids (RFC 9113 §8.2.2). */
const CONNECTION_FIELDS: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);
/** Header fields of one request; their bytes are bounded besides. */
const FIELDS_MAX = 1_000;
const FRAME_WINDOW_BYTES = 262_144;

/** A stream's request as the gateway reads requests: its raw headers are those of HTTP/1.1. */
class Http2Request extends Http2ServerRequest {
  constructor(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, options: ReadableOptions, rawHeaders: readonly string[]) {
    super(stream, headers, options, http1Fields(rawHeaders, !stream.endAfterHeaders));
    // The authority is what counts where the two differ (RFC 9113 §8.3.1).
    headers.host = headers[':authority'] ?? headers.host;
    // A stream that its client gives up ends by `close`; nobody else may be listening.
    this.on('error', () => undefined);
  }

  /** Node ends the body of a stream that was given up as if it were whole. */
  override push(chunk: unknown, encoding?: BufferEncoding): boolean {
    return chunk === null && this.stream.aborted ? false : super.push(chunk, encoding);
  }
}

/**
 * Header pairs without pseudo headers: the authority is the host, split cookies are one field again (RFC 9113 §8.2.3), and a body whose length
 * nobody announced is marked as HTTP/1.1 marks it.
 */
export const http1Fields = (raw: readonly string[], hasBody: boolean): string[] => {
  const fields: string[] = [];
  let authority: string | undefined;
  let host: string | undefined;
  let cookieAt = -1;
  let isMeasured = false;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] ?? '';
    const value = raw[i + 1] ?? '';
    if (name.startsWith(':')) {
      if (name === ':authority') authority = value;
    } else if (name === 'host') host = value;
    else if (name === 'cookie' && cookieAt >= 0) fields[cookieAt] += `; ${value}`;
    else {
      if (name === 'cookie') cookieAt = fields.length + 1;
      else if (name === 'content-length') isMeasured = true;
      fields.push(name, value);
    }
  }
  const name = authority ?? host;
  if (name !== undefined) fields.push('host', name);
  if (hasBody && !isMeasured) fields.push('transfer-encoding', 'chunked');
  return fields;
};

/** A stream's answer, written as answers of HTTP/1.1 are. */
class Http2Reply extends Http2ServerResponse<Http2Request> {
  private isBodiless = false;

  override writeHead(status: number, headers: unknown = []): this {
    const { stream } = this;
    if (stream.destroyed || stream.closed) return this;
    this.isBodiless = WITHOUT_BODY.has(status) || this.req.method === 'HEAD';
    const te = this.req.headers.te;
    stream.respond(
      // The gateway writes every head as one flat list.
      { [constants.HTTP2_HEADER_STATUS]: status, ...http2Fields(headers as readonly string[]) },
      { endStream: false, waitForTrailers: te !== undefined && !this.isBodiless },
    );
    return this;
  }

  override write(chunk: string | Uint8Array, ...rest: unknown[]): boolean {
    return this.isBodiless || Reflect.apply(super.write, this, [chunk, ...rest]);
  }

  override end(chunk?: unknown, ...rest: unknown[]): this {
    return Reflect.apply(super.end, this, this.isBodiless || chunk === undefined ? [] : [chunk, ...rest]);
  }

  /** Half an answer must not look like a whole one. */
  override destroy(): this {
    this.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    return this;
  }
}

// Node's class lacks the first, whatever its types say; its second is true of a stream that the client gave up, too.
Object.defineProperties(Http2Reply.prototype, {
  destroyed: {
    get(this: Http2Reply) {
      return this.stream.destroyed || this.stream.closed;
    },
  },
  writableFinished: {
    get(this: Http2Reply) {
      return this.writableEnded && this.stream.rstCode === constants.NGHTTP2_NO_ERROR;
    },
  },
});

const http2Fields = (pairs: readonly string[]): Record<string, string | string[]> => {
  const fields: Record<string, string | string[]> = {};
  for (let i = 0; i < pairs.length; i += 2) {
    const name = (pairs[i] ?? '').toLowerCase();
    const value = pairs[i + 1] ?? '';
    if (CONNECTION_FIELDS.has(name)) continue;
    const known = fields[name];
    if (known === undefined) fields[name] = value;
    // Of a field that is single nothing is sent twice; the first one counts.
    else if (name !== 'content-length' && name !== 'content-type' && name !== 'location') fields[name] = [known, value].flat();
  }
  return fields;
};

/** Takes over connections on which HTTP/2 was agreed upon. */
export class Http2Listener {
  private readonly server: Http2Server;
  private readonly sessions = new Set<Http2Session>();
  private isClosing = false;

  constructor(
    settings: Pick<WorkerSettings, 'headerBytesMax' | 'clientIdleMs' | 'http2StreamsMax'>,
    receive: (request: IncomingMessage, reply: ServerResponse) => void,
    receiveExpecting: (request: IncomingMessage, reply: ServerResponse) => void,
  ) {
    const { headerBytesMax, clientIdleMs, http2StreamsMax } = settings;
    this.server = createServer({
      Http2ServerRequest: Http2Request,
      Http2ServerResponse: Http2Reply,
      maxHeaderListPairs: FIELDS_MAX,
      settings: {
        maxConcurrentStreams: http2StreamsMax,
        maxHeaderListSize: headerBytesMax,
        initialWindowSize: FRAME_WINDOW_BYTES,
        enablePush: false,
      },
    });
    // Node's interface for HTTP/2 requests is that of HTTP/1, and what it lacks is added above.
    const taken =
      (handle: typeof receive) =>
      (request: Http2ServerRequest, reply: Http2ServerResponse): void => {
        const { stream } = request;
        stream.setTimeout(clientIdleMs, () => {
          const waitsForBackend = (stream.endAfterHeaders || stream.readableEnded) && stream.writableLength === 0;
          if (!waitsForBackend) stream.close(constants.NGHTTP2_CANCEL);
        });
        handle(request as unknown as IncomingMessage, reply as unknown as ServerResponse);
      };
    this.server.on('request', taken(receive));
    this.server.on('checkContinue', taken(receiveExpecting));
    this.server.on('session', (session) => this.joined(session));
    // Streams have their own timers: a connection is idle without any.
    this.server.setTimeout(clientIdleMs);
    this.server.on('timeout', (session: unknown) => (session as Http2Session).close()); // the event's only argument, which its types leave out
  }

  accept(socket: TLSSocket): void {
    this.server.emit('connection', socket);
  }

  /** Tells clients to go elsewhere; running requests end first. */
  close(): void {
    this.isClosing = true;
    for (const session of this.sessions) session.close();
  }

  destroy(): void {
    for (const session of this.sessions) session.destroy();
  }

  private joined(session: Http2Session): void {
    this.sessions.add(session);
    session.on('close', () => this.sessions.delete(session));
    if (this.isClosing) session.close();
  }
}
