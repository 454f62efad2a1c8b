/** Memory for the bodies of one worker that wait to be written; a body beyond it is left out. */
const HELD_BYTES_MAX = 32 * 1_048_576;

/** Keeps the beginnings of bodies that pass by, within a bound for each and one for all of them. */
export class Payloads {
  heldBytes = 0;

  constructor(readonly bytesMax: number) {}

  get hasRoom(): boolean {
    return this.heldBytes < HELD_BYTES_MAX;
  }
}

/** The beginning of one body. It copies what it keeps: chunks are views of larger buffers. */
export class Payload {
  /** All that passed, kept or not. */
  bytes = 0;
  /** Nothing that still comes would change what is kept. */
  isComplete = false;
  private chunks: Buffer[] = [];
  private kept = 0;
  private holders = 0;

  constructor(private readonly payloads: Payloads) {}

  static of(payloads: Payloads, body: Buffer): Payload {
    const payload = new Payload(payloads);
    payload.add(body);
    payload.isComplete = true;
    return payload;
  }

  get isCut(): boolean {
    return this.kept < this.bytes;
  }

  add(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.isComplete) return;
    const room = this.payloads.bytesMax - this.kept;
    if (room < chunk.length || !this.payloads.hasRoom) this.isComplete = true;
    if (!this.payloads.hasRoom || room <= 0) return;
    const part = Buffer.from(chunk.subarray(0, room));
    this.chunks.push(part);
    this.kept += part.length;
    this.payloads.heldBytes += part.length;
  }

  /** One more needs it. */
  hold(): this {
    this.holders += 1;
    return this;
  }

  /** One needs it no more; with the last one the memory is free. */
  release(): void {
    this.holders -= 1;
    if (this.holders > 0) return;
    this.payloads.heldBytes -= this.kept;
    this.kept = 0;
    this.chunks = [];
  }

  /** What was kept, as text; null for what is no text in UTF-8. */
  text(): string | null {
    const bytes = Buffer.concat(this.chunks);
    if (bytes.includes(0)) return null;
    try {
      // A character that the cut has gone through is left out.
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: this.isCut });
    } catch {
      return null;
    }
  }
}
