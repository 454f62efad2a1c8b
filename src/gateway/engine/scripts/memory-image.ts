const PAGE = 4_096;
/** A stretch of zeros this long in a fresh module is its stack, which need not be put back. */
const STACK_BYTES_MIN = 1_048_576;

/** What the memory of a module holds at one moment, and its state besides: to be put back as often as one likes. */
export class MemoryImage {
  private readonly parts: (readonly [at: number, bytes: Uint8Array])[] = [];
  private readonly values: readonly unknown[];

  constructor(
    private readonly memory: WebAssembly.Memory,
    private readonly globals: readonly WebAssembly.Global[],
  ) {
    const bytes = new Uint8Array(memory.buffer);
    let start = -1;
    let zerosFrom = 0;
    for (let at = 0; at < bytes.length; at += PAGE) {
      if (bytes.subarray(at, at + PAGE).every((byte) => byte === 0)) continue;
      if (start >= 0 && at - zerosFrom > STACK_BYTES_MIN) {
        this.parts.push([start, bytes.slice(start, zerosFrom)]);
        start = at;
      } else if (start < 0) start = at;
      zerosFrom = at + PAGE;
    }
    if (start >= 0) this.parts.push([start, bytes.slice(start, zerosFrom)]);
    this.values = globals.map(({ value }) => value);
  }

  /** Bytes that are copied to put it back. */
  get length(): number {
    return this.parts.reduce((length, [, part]) => length + part.length, 0);
  }

  /** Memory beyond it was free then and is free again. */
  restore(): void {
    const bytes = new Uint8Array(this.memory.buffer);
    for (const [at, part] of this.parts) bytes.set(part, at);
    for (const [index, global] of this.globals.entries()) global.value = this.values[index];
  }
}
