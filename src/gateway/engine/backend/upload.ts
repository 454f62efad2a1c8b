import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

/**
 * A request's body on its way to the backend, with back-pressure. The client's message itself is not handed over: whoever reads a body may
 * destroy it, and that would close the client's connection before it had its answer.
 */
export class Upload extends Readable {
  /** Bytes that have passed. */
  bytes = 0;

  constructor(
    private readonly source: IncomingMessage,
    /** Told of what passes; null where nobody wants to know. */
    witness: { requestBody(chunk: Buffer): void } | null = null,
  ) {
    super();
    source.on('data', (chunk: Buffer) => {
      this.bytes += chunk.length;
      if (witness !== null) witness.requestBody(chunk);
      if (!this.destroyed && !this.push(chunk)) source.pause();
    });
    source.on('end', () => this.push(null));
    source.on('error', (err) => this.destroy(err));
    source.on('close', () => {
      if (!source.complete) this.destroy(new Error('the client hung up'));
    });
    source.pause();
  }

  override _read(): void {
    this.source.resume();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    // What the client still sends is read and dropped, so that it gets to read our answer.
    this.source.resume();
    callback(error);
  }
}
