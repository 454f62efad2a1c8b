import { type CounterTable, FEW } from './counters.js';
import { areWhole, type LeaseSlots, type LeaseStores, type Leases, leaseSlots } from './leases.js';
import { Limit, type LimitRule, type MakeLimit } from './limits.js';

const NO_SLOTS: LeaseSlots = { counted: -1, granted: -1, taken: -1, mark: -1 };

/**
 * A limit shared with other gateways: this gateway may use what it was granted of it, or its share while the store is away (`docs/decisions/0024`).
 * Windows go by the store's clock.
 */
export class LeasedLimit extends Limit {
  /** As the leases know it. */
  readonly name: string;
  private slots = NO_SLOTS;

  constructor(
    table: CounterTable,
    readonly key: string,
    rule: LimitRule,
    private readonly leases: Leases,
  ) {
    super(table, key, rule);
    this.name = `${key}:${rule.windowMs}`;
  }

  override isFull(now: number): boolean {
    const count = this.count(now);
    if (count < 0 || count < this.bound()) return false;
    return count >= this.max || this.isUsedUp() || (this.leases.isAway && count >= this.share());
  }

  /** What this gateway was granted and what nobody was, as far as is known; while the store is away what is left of its share. */
  override left(now: number): number {
    const count = this.count(now);
    if (count < 0) return this.max;
    if (this.leases.isAway) return Math.max(0, Math.max(this.bound(), this.share()) - count);
    return Math.max(0, this.max - this.read(this.slots.taken)) + Math.max(0, this.bound() - count);
  }

  override reserve(now: number, amount: number): boolean {
    const address = this.slot(now);
    if (address < 0) {
      this.table.admittedUncounted += 1;
      return true;
    }
    const before = this.add(address, amount);
    const bound = this.bound();
    // What takes nothing yet, such as a request without a body, passes where there is room for one.
    if (before + (amount || 1) <= bound) {
      if (before + amount >= this.read(this.slots.mark) && !this.isUsedUp()) this.leases.ask(this, this.window);
      return true;
    }
    const isUsedUp = this.isUsedUp();
    if (!isUsedUp && (this.isLenient || this.leases.isAway)) this.leases.ask(this, this.window);
    // More than one unit may cross the limit, where no more is to be had.
    if (before < bound && isUsedUp) return true;
    if (this.leases.isAway ? before < Math.max(bound, this.share()) : this.isLenient && !isUsedUp) return true;
    if (!this.isLenient) this.add(address, -amount);
    return false;
  }

  override charge(now: number, amount: number): void {
    const address = this.slot(now);
    if (address < 0) return;
    const before = this.table.add(address, amount);
    if (before + amount >= this.read(this.slots.mark) && !this.isUsedUp()) this.leases.askSoon(this, this.window);
  }

  override more(now: number, amount: number, waitedMs = 0): Promise<void> | undefined {
    if (this.isLenient || this.isFull(now) || this.leases.isAway) return undefined;
    const waitMs = this.leases.settings.waitMs - waitedMs;
    if (waitMs > 0) return this.leases.wait(this, this.window, amount || 1, waitMs);
    this.leases.giveUp();
    return Promise.resolve();
  }

  override takeBack(now: number, amount: number): void {
    super.takeBack(now + this.leases.board.aheadMs, amount);
  }

  /** By the store's clock. */
  override windowEnd(now: number): number {
    return super.windowEnd(now + this.leases.board.aheadMs);
  }

  override msLeft(now: number): number {
    return this.windowEnd(now) - now - this.leases.board.aheadMs;
  }

  protected override slot(now: number): number {
    const { aheadMs } = this.leases.board;
    const window = Math.floor((now + aheadMs) / this.windowMs);
    if (window !== this.window) {
      const slots = leaseSlots(this.table, this.key, this.windowMs, now, aheadMs);
      this.slots = areWhole(slots) ? slots : NO_SLOTS;
      this.address = this.slots.counted;
      // A full table is asked again at the next request.
      this.window = this.address < 0 ? -1 : window;
      this.isFew = this.mayBeFew && this.address >= 0 && this.table.read(this.address) < FEW;
    }
    return this.address;
  }

  /** How far this gateway may count by what it was granted. */
  private bound(): number {
    return Math.min(this.max, this.read(this.slots.granted));
  }

  /** Whether no gateway is granted any more. */
  private isUsedUp(): boolean {
    return this.read(this.slots.taken) >= this.max;
  }

  /** How far this gateway may count while the store is away: up to its part of the limit, and of what was left of it when that was last known. */
  private share(): number {
    const { gateways } = this.leases.board;
    const left = Math.max(0, this.max - this.read(this.slots.taken));
    return Math.floor(Math.min(this.max / gateways, this.read(this.slots.granted) + left / gateways));
  }

  private read(address: number): number {
    return this.table.read(address);
  }
}

/** Makes limits of this process alone, or shared with other gateways where there is a store for their kind. */
export const limitMaker =
  (table: CounterTable, stores: LeaseStores): MakeLimit =>
  (kind, key, rule) => {
    const leases = stores[kind];
    return leases === undefined ? new Limit(table, key, rule) : new LeasedLimit(table, key, rule, leases);
  };
