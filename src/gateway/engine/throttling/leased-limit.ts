import type { ThrottledOut } from '../refusal.js';
import type { CounterTable } from './counters.js';
import { isUsedUp, type LeaseSlots, type Leases, leaseSlots } from './leases.js';
import { Limit } from './limits.js';

const NO_SLOTS: LeaseSlots = { counted: -1, granted: -1, mark: -1 };

/**
 * A limit shared with other gateways: this gateway may use what it was granted of it (`docs/decisions/0024`), or its share while the store is away.
 * Windows go by the store's clock.
 */
export class LeasedLimit extends Limit {
  readonly name: string;
  private slots = NO_SLOTS;

  constructor(
    table: CounterTable,
    readonly key: string,
    max: number,
    windowMs: number,
    bytes: boolean,
    lenient: boolean,
    refusal: ThrottledOut,
    private readonly leases: Leases,
  ) {
    const { hi, lo } = table.hash(key);
    super(table, hi, lo, max, windowMs, bytes, lenient, refusal);
    this.name = `${key}:${windowMs}`;
  }

  override isFull(now: number): boolean {
    const address = this.slot(now);
    if (address < 0) return false;
    const count = this.read(address);
    if (count < this.bound()) return false;
    return count >= this.max || isUsedUp(this.read(this.slots.mark), this.max) || (this.leases.isAway && count >= this.share());
  }

  override reserve(now: number, amount: number): boolean {
    const address = this.slot(now);
    if (address < 0) {
      this.table.admittedUncounted += 1;
      return true;
    }
    const before = this.add(address, amount);
    const bound = this.bound();
    // Nothing, such as a request without a body, still needs room for one.
    if (before + (amount || 1) <= bound) {
      const mark = this.read(this.slots.mark);
      if (mark >= 0 && before + amount >= mark) this.leases.ask(this, this.window);
      return true;
    }
    if (before < bound && isUsedUp(this.read(this.slots.mark), this.max)) return true;
    if (this.leases.isAway && before < Math.max(bound, this.share())) {
      this.leases.ask(this, this.window);
      return true;
    }
    this.add(address, -amount);
    if (this.lenient && !isUsedUp(this.read(this.slots.mark), this.max)) this.leases.ask(this, this.window, amount || 1);
    return false;
  }

  override charge(now: number, amount: number): void {
    const address = this.slot(now);
    if (address < 0) return;
    const before = this.table.add(address, amount);
    const mark = this.read(this.slots.mark);
    if (mark >= 0 && before + amount >= mark) this.leases.askSoon(this, this.window);
  }

  override more(now: number, amount: number, waitMs: number): Promise<unknown> | undefined {
    if (this.isFull(now) || this.leases.isAway) return undefined;
    if (waitMs > 0) return this.leases.wait(this, this.window, amount || 1, waitMs);
    this.leases.giveUp();
    return Promise.resolve();
  }

  override windowEnd(now: number): number {
    return super.windowEnd(now + this.leases.board.aheadMs);
  }

  protected override slot(now: number): number {
    const { aheadMs } = this.leases.board;
    const window = Math.floor((now + aheadMs) / this.windowMs);
    if (window !== this.window) {
      const slots = leaseSlots(this.table, this.key, this.windowMs, now, aheadMs);
      const isWhole = slots.counted >= 0 && slots.granted >= 0 && slots.mark >= 0;
      this.slots = isWhole ? slots : NO_SLOTS;
      this.address = this.slots.counted;
      // A full table is asked again at the next request.
      this.window = isWhole ? window : -1;
    }
    return this.address;
  }

  /** How far this gateway may count by what it was granted. */
  private bound(): number {
    return Math.min(this.max, this.read(this.slots.granted));
  }

  /** What is left to this gateway when the store is away: the limit over all gateways, less what it was granted, which is counted. */
  private share(): number {
    return Math.floor(this.max / this.leases.board.gateways);
  }

  private read(address: number): number {
    return this.isFew ? this.table.readFew(address) : this.table.read(address);
  }
}
