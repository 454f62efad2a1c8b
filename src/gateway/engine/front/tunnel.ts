import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** What a client may send before it has an answer; the rest waits. */
const EARLY_BYTES_MAX = 65_536;

/** A client's connection that leaves HTTP behind once the backend agrees (RFC 9110 §7.8); until then it is answered like any other. */
export class Tunnel {
  /** Whether both sides have left HTTP. */
  isOpen = false;

  /** What the client sends before it has an answer. */
  private readonly early: Buffer[];
  private earlyBytes = 0;

  constructor(
    private readonly client: Socket,
    /** What came with the request. */
    head: Buffer,
    /** How long nothing may move in either direction, milliseconds. */
    private readonly idleMs: number,
  ) {
    this.early = [head];
    client.on('error', () => client.destroy());
    // Only who reads learns that the client went away.
    client.on('data', this.keep);
    client.on('end', this.leave);
  }

  /** Sends the backend's agreement and joins the two; either side's end is the other's. */
  open(raw: readonly (Buffer | string)[], backend: Duplex): void {
    const { client } = this;
    this.isOpen = true;
    backend.on('error', () => client.destroy());
    backend.on('close', () => client.destroy());
    client.on('close', () => backend.destroy());
    if (client.destroyed) {
      backend.destroy();
      return;
    }
    // What passes either way passes here.
    client.removeAllListeners('timeout');
    client.setTimeout(this.idleMs, () => client.destroy());
    client.write(headOf(raw), 'latin1');
    client.off('data', this.keep);
    client.off('end', this.leave);
    for (const chunk of this.early) if (chunk.length > 0) backend.write(chunk);
    client.pipe(backend);
    backend.pipe(client);
  }

  private readonly keep = (chunk: Buffer): void => {
    this.early.push(chunk);
    this.earlyBytes += chunk.length;
    if (this.earlyBytes > EARLY_BYTES_MAX) this.client.pause();
  };

  private readonly leave = (): void => {
    this.client.destroy();
  };
}

/** Fields of a body, which there is not. */
const DROPPED: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding', 'keep-alive', 'trailer']);

const headOf = (raw: readonly (Buffer | string)[]): string => {
  let head = 'HTTP/1.1 101 Switching Protocols\r\n';
  for (let i = 0; i < raw.length; i += 2) {
    const name = text(raw[i]);
    if (!DROPPED.has(name.toLowerCase())) head += `${name}: ${text(raw[i + 1])}\r\n`;
  }
  return `${head}\r\n`;
};

const text = (part: Buffer | string | undefined): string => (Buffer.isBuffer(part) ? part.toString('latin1') : (part ?? ''));
