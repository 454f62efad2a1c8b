import type { ThrottledOut } from '../refusal.js';
import { type CounterTable, FEW } from './counters.js';

/** One limit on one throttle key: the counter and what is answered when it is used up. Keeps its slot's address for the running window. */
export class Limit {
  protected window = -1;
  protected address = -1;
  protected readonly isFew: boolean;

  constructor(
    protected readonly table: CounterTable,
    protected readonly hi: number,
    protected readonly lo: number,
    readonly max: number,
    readonly windowMs: number,
    /** Whether it counts bytes: then the request that crosses the limit still passes (`reference/throttling.md` §4). */
    readonly bytes: boolean,
    /** Over this limit the request goes on (a plan with `stopOnQuotaReach` off). */
    readonly lenient: boolean,
    readonly refusal: ThrottledOut,
  ) {
    this.isFew = !bytes && max < FEW;
  }

  isFull(now: number): boolean {
    const address = this.slot(now);
    return address >= 0 && (this.isFew ? this.table.readFew(address) : this.table.read(address)) >= this.max;
  }

  /** Charges, unless the limit is used up. */
  reserve(now: number, amount: number): boolean {
    const address = this.slot(now);
    if (address < 0) {
      this.table.admittedUncounted += 1;
      return true;
    }
    if (this.add(address, amount) < this.max) return true;
    this.add(address, -amount);
    return false;
  }

  /** Takes a charge of this window back. */
  release(amount: number): void {
    if (this.address >= 0) this.add(this.address, -amount);
  }

  /** Adds what became known only after the request was let through. */
  charge(now: number, amount: number): void {
    const address = this.slot(now);
    if (address >= 0) this.table.add(address, amount);
  }

  /** End of the window that `now` lies in, epoch milliseconds: when the next request may pass. */
  windowEnd(now: number): number {
    return (Math.floor(now / this.windowMs) + 1) * this.windowMs;
  }

  /**
   * A promise to wait for, for at most `waitMs`, where this limit may yet let `amount` through although it just did not; undefined when its answer stands.
   */
  more(_now: number, _amount: number, _waitMs: number): Promise<unknown> | undefined {
    return undefined;
  }

  protected add(address: number, amount: number): number {
    return this.isFew ? this.table.addFew(address, amount) : this.table.add(address, amount);
  }

  private slot(now: number): number {
    const window = Math.floor(now / this.windowMs);
    if (window !== this.window) {
      this.address = this.table.slot(this.hi, this.lo, this.windowMs, now);
      // A full table is asked again at the next request.
      this.window = this.address < 0 ? -1 : window;
    }
    return this.address;
  }
}

/**
 * Charges one request to every limit, or to none: the limit in the way is given back, or undefined. Order is the order of the checks
 * (`reference/throttling.md` §2). `bytes` is the request's length.
 */
export const chargeAll = (limits: readonly Limit[], now: number, bytes: number): Limit | undefined => {
  // Looking first keeps refused requests from reserving anything at all, so they hardly ever stand in each other's way.
  for (let i = 0; i < limits.length; i += 1) {
    const limit = limits[i];
    if (limit !== undefined && !limit.lenient && limit.isFull(now)) return limit;
  }
  let charged = 0;
  for (let i = 0; i < limits.length; i += 1) {
    const limit = limits[i];
    if (limit === undefined) continue;
    if (limit.reserve(now, limit.bytes ? bytes : 1)) {
      charged |= 1 << i;
    } else if (!limit.lenient) {
      for (let j = 0; j < i; j += 1) {
        const earlier = limits[j];
        if (earlier !== undefined && (charged & (1 << j)) !== 0) earlier.release(earlier.bytes ? bytes : 1);
      }
      return limit;
    }
  }
  return undefined;
};
