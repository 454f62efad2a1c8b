import { connect, type Socket } from 'node:net';
import { startRawBackend } from './engine.fixture.js';

/** Bytes as they are on the wire, each a character. */
const LATIN1 = 'latin1';

/** What a backend got of one request: its first line, how its body is framed, and the bytes of it. */
export interface Recorded {
  readonly line: string;
  /** Names in lower case and values, in turn as sent, but for `host` and `connection`. */
  readonly headers: readonly string[];
  /** As sent, chunks with their framing. */
  readonly body: string;
}

/** A backend that reads requests by the letter of RFC 9112, notes them, and answers `ok`. */
export const startRecorder = async (): Promise<{ url: string; seen: Recorded[]; partial(): string; stop(): Promise<void> }> => {
  const seen: Recorded[] = [];
  let partial = '';
  const backend = await startRawBackend((socket) => {
    let text = '';
    socket.setEncoding(LATIN1);
    socket.on('data', (chunk: string) => {
      text += chunk;
      for (let end = endOf(text); end > 0; end = endOf(text)) {
        seen.push(recorded(text.slice(0, end)));
        text = text.slice(end);
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      }
      partial = text;
    });
  });
  return { ...backend, seen, partial: () => partial };
};

/** Where the first request ends; 0 while it is incomplete. */
const endOf = (text: string): number => {
  const head = text.indexOf('\r\n\r\n') + 4;
  if (head < 4) return 0;
  if (/^transfer-encoding:/im.test(text.slice(0, head))) return endOfChunks(text, head);
  const length = Number(/^content-length: *(\d+)/im.exec(text.slice(0, head))?.[1] ?? 0);
  return text.length >= head + length ? head + length : 0;
};

const endOfChunks = (text: string, from: number): number => {
  for (let at = from; ; ) {
    const line = text.indexOf('\r\n', at);
    if (line < 0) return 0;
    const size = Number.parseInt(text.slice(at, line), 16);
    at = line + 2 + size + 2;
    if (at > text.length) return 0;
    if (size === 0) return at;
  }
};

const recorded = (request: string): Recorded => {
  const head = request.indexOf('\r\n\r\n');
  const [line = '', ...fields] = request.slice(0, head).split('\r\n');
  const headers = fields.filter((field) => !/^(host|connection):/i.test(field));
  return { line, headers, body: request.slice(head + 4) };
};

/** A client that writes bytes as told. */
export class RawClient {
  text = '';
  isClosed = false;
  private readonly listeners = new Set<() => void>();

  private constructor(readonly socket: Socket) {
    socket.setEncoding(LATIN1);
    socket.on('data', (chunk: string) => {
      this.text += chunk;
      this.notify();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.isClosed = true;
      this.notify();
    });
  }

  static open(port: number): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new RawClient(socket)));
      socket.once('error', reject);
    });
  }

  write(bytes: string | Buffer): void {
    if (typeof bytes === 'string') this.socket.write(bytes, LATIN1);
    else this.socket.write(bytes);
  }

  /** The statuses of the answers that have come whole. */
  get statuses(): readonly number[] {
    const statuses: number[] = [];
    for (let rest = this.text; ; ) {
      const head = rest.indexOf('\r\n\r\n');
      if (head < 0) return statuses;
      const status = Number(rest.slice(9, 12));
      const length = status < 200 ? 0 : Number(/^content-length: *(\d+)/im.exec(rest.slice(0, head))?.[1] ?? 0);
      if (rest.length < head + 4 + length) return statuses;
      statuses.push(status);
      rest = rest.slice(head + 4 + length);
    }
  }

  /** Resolves when there are so many answers, or no more can come; rejects after two seconds. */
  answers(count: number): Promise<readonly number[]> {
    return this.when(() => this.isClosed || this.statuses.length >= count, `${count} answers`).then(() => this.statuses);
  }

  closed(): Promise<void> {
    return this.when(() => this.isClosed, 'the end of the connection');
  }

  private when(isSo: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`waited in vain for ${what}, got ${JSON.stringify(this.text)}`)), 2_000);
      const check = (): void => {
        if (!isSo()) return;
        clearTimeout(timer);
        this.listeners.delete(check);
        resolve();
      };
      this.listeners.add(check);
      check();
    });
  }

  private notify(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
