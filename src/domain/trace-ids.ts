const POOL_BYTES = 4_096;

/** Makes the random ids of traces and spans, in hexadecimal; many of them from one question to the system. */
export class TraceIds {
  private readonly pool = Buffer.alloc(POOL_BYTES);
  private at = POOL_BYTES;

  next(bytes: 8 | 16): string {
    if (this.at + bytes > POOL_BYTES) {
      crypto.getRandomValues(this.pool);
      this.at = 0;
    }
    const id = this.pool.toString('hex', this.at, this.at + bytes);
    this.at += bytes;
    return id;
  }
}
