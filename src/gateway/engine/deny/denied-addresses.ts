import { addressKey } from '../../../domain/ip-address.js';
import { Tally } from './tally.js';

/** Addresses from the first to the last, by their keys. */
interface Range {
  readonly first: string;
  readonly last: string;
}

/** What a rule says of addresses, as text. */
export interface AddressRule extends Range {
  readonly isInverted: boolean;
}

/** The ranges in the order of their beginnings. */
interface Arranged {
  readonly firsts: readonly string[];
  /** By the same index: the last address of this range or of one before it, whichever is farther. */
  readonly reaches: readonly string[];
}

/**
 * The addresses that rules deny. A look-up asks a set and halves its way through the ranges, so that ten thousand rules cost it no more than a few; rules
 * are put in order when somebody first looks after a change.
 */
export class DeniedAddresses {
  private readonly single = new Tally();
  private readonly ranges = new Map<string, Range>();
  /** Each denies whatever is outside of it. */
  private readonly inverted = new Map<string, Range>();
  private arranged: Arranged | null = null;
  /** What all inverted rules leave alone. */
  private allowed: Range | null = null;

  get isEmpty(): boolean {
    return this.single.size === 0 && this.ranges.size === 0 && this.inverted.size === 0;
  }

  add(id: string, rule: AddressRule): void {
    const range = { first: addressKey(rule.first), last: addressKey(rule.last) };
    if (rule.isInverted) this.inverted.set(id, range);
    else if (range.first === range.last) this.single.add(range.first);
    else this.ranges.set(id, range);
    this.disarrange();
  }

  delete(id: string, rule: AddressRule): void {
    if (!rule.isInverted && !this.ranges.delete(id)) this.single.delete(addressKey(rule.first));
    this.inverted.delete(id);
    this.disarrange();
  }

  /** Whether a rule denies the address, which is one that `isIP` of `node:net` takes. */
  deny(address: string): boolean {
    const key = addressKey(address);
    if (this.single.has(key)) return true;
    if (this.ranges.size > 0 && this.isWithin(key)) return true;
    if (this.inverted.size === 0) return false;
    this.allowed ??= intersection(this.inverted.values());
    return key < this.allowed.first || key > this.allowed.last;
  }

  private isWithin(key: string): boolean {
    this.arranged ??= arrange(this.ranges.values());
    const { firsts, reaches } = this.arranged;
    let low = 0;
    let high = firsts.length;
    // Of the ranges that begin at the address or before it, the last one.
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((firsts[middle] ?? '') <= key) low = middle + 1;
      else high = middle;
    }
    return low > 0 && key <= (reaches[low - 1] ?? '');
  }

  private disarrange(): void {
    this.arranged = null;
    this.allowed = null;
  }
}

const arrange = (ranges: Iterable<Range>): Arranged => {
  const sorted = [...ranges].sort((one, other) => (one.first < other.first ? -1 : one.first > other.first ? 1 : 0));
  let reach = '';
  const reaches = sorted.map(({ last }) => {
    if (last > reach) reach = last;
    return reach;
  });
  return { firsts: sorted.map(({ first }) => first), reaches };
};

/** Perhaps one that ends before it begins: then there is no address that none of the rules denies. */
const intersection = (ranges: Iterable<Range>): Range => {
  let [first, last] = ['', '~'];
  for (const range of ranges) {
    if (range.first > first) first = range.first;
    if (range.last < last) last = range.last;
  }
  return { first, last };
};
