const IS_AWAY = 0;
const GATEWAYS = 1;
const AHEAD_DAYS = 2;
const AHEAD_MS = 3;
const WORDS = 4;
const DAY_MS = 86_400_000;

/** Makes the memory that the main thread and all workers share about one store of counters. */
export const createLeaseBoard = (gateways: number): SharedArrayBuffer => {
  const buffer = new SharedArrayBuffer(WORDS * 4);
  Atomics.store(new Int32Array(buffer), GATEWAYS, gateways);
  return buffer;
};

/** What the main thread knows of a store of shared counters, as every worker may read it at any time. */
export class LeaseBoard {
  private readonly words: Int32Array;

  constructor(buffer: SharedArrayBuffer) {
    this.words = new Int32Array(buffer);
  }

  /** Whether the store cannot be asked: then each gateway goes by its share of the limits. */
  get isAway(): boolean {
    return Atomics.load(this.words, IS_AWAY) !== 0;
  }

  set isAway(isAway: boolean) {
    Atomics.store(this.words, IS_AWAY, isAway ? 1 : 0);
  }

  /** How many gateways share the limits, as far as is known. */
  get gateways(): number {
    return Atomics.load(this.words, GATEWAYS);
  }

  set gateways(count: number) {
    Atomics.store(this.words, GATEWAYS, count);
  }

  /** How far the store's clock is ahead of this machine's, milliseconds. */
  get aheadMs(): number {
    return Atomics.load(this.words, AHEAD_DAYS) * DAY_MS + Atomics.load(this.words, AHEAD_MS);
  }

  set aheadMs(ms: number) {
    const days = Math.trunc(ms / DAY_MS);
    Atomics.store(this.words, AHEAD_DAYS, days);
    Atomics.store(this.words, AHEAD_MS, Math.round(ms - days * DAY_MS));
  }
}
