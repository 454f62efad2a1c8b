import type { Throttled } from '../refusal.js';
import { type CounterTable, FEW } from './counters.js';

/** Tokens of an AI model, which are known once it has answered. */
export type TokenKind = 'promptTokens' | 'completionTokens' | 'totalTokens';

/** What a limit counts. */
export type Counted = 'requests' | 'bytes' | 'events' | TokenKind;

export interface LimitRule {
  readonly counts: Counted;
  readonly max: number;
  readonly windowMs: number;
  /** Over the limit the request goes on (a plan with `stopOnQuotaReach` off), and counts all the same. */
  readonly isLenient: boolean;
  /** What is answered when it is used up. */
  readonly refusal: Throttled;
}

/** Quotas, and the limits of bursts and backends: other gateways may share the one or the other. */
export type LimitKind = 'quotas' | 'bursts';

/** Makes a limit on a throttle key. */
export type MakeLimit = (kind: LimitKind, key: string, rule: LimitRule) => Limit;

/** One limit on one throttle key. Nobody else touches its counter. Keeps its slot's address for the running window. */
export class Limit {
  readonly counts: Counted;
  readonly max: number;
  readonly windowMs: number;
  readonly isLenient: boolean;
  readonly refusal: Throttled;
  /** Whether it counts bytes: then the request that crosses the limit still passes (`reference/throttling.md` §4). */
  readonly countsBytes: boolean;
  /** What a request is charged before it passes, where it is not its bytes. */
  protected readonly perRequest: number;
  protected readonly hi: number;
  protected readonly lo: number;
  protected window = -1;
  protected address = -1;
  protected readonly mayBeFew: boolean;
  protected isFew = false;

  constructor(
    protected readonly table: CounterTable,
    key: string,
    { counts, max, windowMs, isLenient, refusal }: LimitRule,
  ) {
    ({ hi: this.hi, lo: this.lo } = table.hash(key));
    this.counts = counts;
    this.max = max;
    this.windowMs = windowMs;
    this.isLenient = isLenient;
    this.refusal = refusal;
    this.countsBytes = counts === 'bytes';
    this.perRequest = counts === 'requests' || counts === 'events' ? 1 : 0;
    // Only what is taken back when it is too much stays small.
    this.mayBeFew = this.perRequest === 1 && !isLenient && max < FEW;
  }

  /** What a request with so many bytes is charged before it passes. More than all of the limit makes no difference: clients may announce any length. */
  amountOf(bytes: number): number {
    return this.countsBytes ? Math.min(bytes, this.max) : this.perRequest;
  }

  isFull(now: number): boolean {
    return this.count(now) >= this.max;
  }

  /** How much of it is left. */
  left(now: number): number {
    return Math.max(0, this.max - Math.max(0, this.count(now)));
  }

  /** Charges, unless the limit is used up; a lenient one charges then too. Gives whether it was not used up. */
  reserve(now: number, amount: number): boolean {
    const address = this.slot(now);
    if (address < 0) {
      this.table.admittedUncounted += 1;
      return true;
    }
    if (this.add(address, amount) < this.max) return true;
    if (!this.isLenient) this.add(address, -amount);
    return false;
  }

  /** Takes a charge of this window back. */
  release(amount: number): void {
    if (this.address >= 0) this.add(this.address, -amount);
  }

  /** Takes back a charge made at `now`, unless its window is over: then it is in nobody's way. */
  takeBack(now: number, amount: number): void {
    if (Math.floor(now / this.windowMs) === this.window) this.release(amount);
  }

  /** Adds what became known only after the request was let through; `now` is then, as its window may be over. */
  charge(now: number, amount: number): void {
    const address = this.slot(now);
    if (address >= 0) this.table.add(address, amount);
  }

  /** End of the window that `now` lies in, epoch milliseconds: when the next request may pass. */
  windowEnd(now: number): number {
    return (Math.floor(now / this.windowMs) + 1) * this.windowMs;
  }

  /** How long the window that `now` lies in goes on, milliseconds. */
  msLeft(now: number): number {
    return this.windowEnd(now) - now;
  }

  /**
   * A promise to wait for where this limit may yet let `amount` through although it just did not; undefined when its answer stands. Whoever asks again
   * says how long it has waited.
   */
  more(_now: number, _amount: number, _waitedMs = 0): Promise<void> | undefined {
    return undefined;
  }

  protected count(now: number): number {
    const address = this.slot(now);
    // What a full table cannot count passes.
    if (address < 0) return -1;
    return this.isFew ? this.table.readFew(address) : this.table.read(address);
  }

  protected add(address: number, amount: number): number {
    return this.isFew ? this.table.addFew(address, amount) : this.table.add(address, amount);
  }

  protected slot(now: number): number {
    const window = Math.floor(now / this.windowMs);
    if (window !== this.window) {
      const address = this.table.slot(this.hi, this.lo, this.windowMs, now);
      this.address = address;
      // A full table is asked again at the next request.
      this.window = address < 0 ? -1 : window;
      // A limit that was higher, or lenient, until its policy changed may have left a count that takes both words.
      this.isFew = this.mayBeFew && address >= 0 && this.table.read(address) < FEW;
    }
    return this.address;
  }
}

/**
 * Charges one request to every limit, or to none: then the limit in the way is given back. A lenient limit that was used up already is given back too,
 * but is in nobody's way. Order is the order of the checks (`reference/throttling.md` §2). `bytes` is the request's length.
 */
export const chargeAll = (limits: readonly Limit[], now: number, bytes: number): Limit | undefined => {
  // Looking first keeps refused requests from reserving anything at all, so they hardly ever stand in each other's way.
  for (let i = 0; i < limits.length; i += 1) {
    const limit = limits[i];
    if (limit !== undefined && !limit.isLenient && limit.isFull(now)) return limit;
  }
  let passed: Limit | undefined;
  for (let i = 0; i < limits.length; i += 1) {
    const limit = limits[i];
    if (limit === undefined || limit.reserve(now, limit.amountOf(bytes))) continue;
    if (limit.isLenient) {
      passed ??= limit;
      continue;
    }
    for (let j = 0; j < i; j += 1) {
      const charged = limits[j];
      if (charged !== undefined) charged.release(charged.amountOf(bytes));
    }
    return limit;
  }
  return passed;
};

/** Takes back what a request was charged at `now` that is refused after all. */
export const takeBackAll = (limits: readonly Limit[], now: number, bytes: number): void => {
  for (const limit of limits) limit.takeBack(now, limit.amountOf(bytes));
};

/**
 * As `chargeAll`, once `first` is there, and again while a limit in the way may yet let more through. `resume` gives the time at which the request goes on,
 * or undefined when nobody waits for it any more: then nothing is charged. `waitedMs` is for how long it has waited for other limits before.
 */
export const chargeLater = async (
  limits: readonly Limit[],
  bytes: number,
  first: Promise<void>,
  resume: () => number | undefined,
  waitedMs = 0,
): Promise<Limit | undefined> => {
  const since = performance.now() - waitedMs;
  let reached: Limit | undefined;
  for (let more: Promise<void> | undefined = first; more !== undefined; ) {
    await more;
    const now = resume();
    if (now === undefined) return undefined;
    reached = chargeAll(limits, now, bytes);
    more = reached?.more(now, reached.amountOf(bytes), performance.now() - since);
  }
  return reached;
};
