import { randomInt } from 'node:crypto';

/**
 * The table of fixed-window counters, shared by every worker of the process (design §4).
 *
 * A slot belongs to one throttle key in one window; its 64-bit name is made of both, so that a new window is a new slot and the old one becomes
 * free by itself. Slots sit in buckets of 16, chosen by the name; what does not fit in its bucket goes to the next segment, twice as large, which is added when
 * needed up to the table's reserved length. Charging is one atomic add and takes no lock; claiming a slot, once per key and window, takes the bucket's.
 */
const HEADER_WORDS = 1_040;
const SEGMENTS = 2;
const FIRST_SLOTS = 3;
const SEGMENTS_MOST = 4;
/** How many tickets to locks were given out. */
const TICKETS = 6;
/** Whether a slot that must be saved was ever claimed; until then there is nothing to look for. */
const HAS_LASTING = 5;
const LOCKS_AT = 16;
const LOCKS = 1_024;
const BUCKET_SLOTS = 16;
/** Per slot: two halves of the name, two of the count, when it may be reused, and flags. */
const FIELDS = 6;
const BUCKET_WORDS = BUCKET_SLOTS * FIELDS;
const NAME_HI = BUCKET_SLOTS;
const COUNT = 2 * BUCKET_SLOTS;
const COUNT_HI = COUNT + BUCKET_SLOTS;
const REUSE_AT = 4 * BUCKET_SLOTS;
const FLAGS = 5 * BUCKET_SLOTS;
const LASTING = 1;
/** A count is `hi × 2^28 + lo`; the spare bits hold what several threads add before one of them carries. */
const CARRY = 2 ** 28;
/** A limit of requests below this never carries: what exceeds the limit is taken back at once. */
export const FEW = 2 ** 27;
/** An address is a word's number and, in its low bits, the segment's. */
const SEGMENT_BITS = 4;
const SEGMENT_MASK = 2 ** SEGMENT_BITS - 1;
const ADDRESSES = 2 ** (31 - SEGMENT_BITS);
/**
 * A slot outlives its window by this much, so that a thread that charged it just before the end can still take its charge back without touching the
 * slot's next owner.
 */
const GRACE_SECONDS = 5;
/** Windows of at most this length are not saved. */
const SHORT_WINDOW_MS = 60_000;
/** Nobody holds a lock for so long but a thread that was ended; a garbage collection or a scheduler that gives a thread no time take less. */
const LOCK_HELD_MS = 250;
const SAVED_VERSION = 1;
/** Buckets of a segment that are looked at to estimate how full it is. */
const LOOKED_AT_MAX = 4_096;

export interface CounterTableOptions {
  /** Slots of the first segment; a power of two, at least 16 × 1024. */
  readonly slots?: number;
  /** Segments the table may grow to, each twice the one before. */
  readonly segments?: number;
  /** Seed of the names: known to this process only, so that nobody can make keys collide on purpose. */
  readonly seed?: readonly [number, number];
}

const SLOTS = 1 << 16;
const SEGMENTS_DEFAULT = 6;
const wordsOf = (slots: number, segments: number): number => HEADER_WORDS + slots * (2 ** segments - 1) * FIELDS;

/** Makes the memory that all workers are handed; only the first segment takes up memory until more is needed. */
export const createCounterTable = (options: CounterTableOptions = {}): SharedArrayBuffer => {
  const slots = options.slots ?? SLOTS;
  const segments = options.segments ?? SEGMENTS_DEFAULT;
  if (slots < BUCKET_SLOTS * LOCKS || (slots & (slots - 1)) !== 0) throw new RangeError('slots must be a power of two, at least 16384');
  if (segments < 1 || segments > SEGMENT_MASK || wordsOf(slots, segments) > ADDRESSES) throw new RangeError('the table would be too large');
  const buffer = new SharedArrayBuffer(wordsOf(slots, 1) * 4, { maxByteLength: wordsOf(slots, segments) * 4 });
  const header = new Int32Array(buffer, 0, HEADER_WORDS);
  const [hi, lo] = options.seed ?? [randomInt(2 ** 31), randomInt(2 ** 31)];
  header[0] = hi;
  header[1] = lo;
  header[SEGMENTS] = 1;
  header[FIRST_SLOTS] = slots;
  header[SEGMENTS_MOST] = segments;
  return buffer;
};

/** The two halves of a throttle key's name, before the window is mixed in. */
export interface KeyHash {
  readonly hi: number;
  readonly lo: number;
}

/** Every slot that must survive a restart, as `export` gives it and `import` takes it. */
export interface SavedCounters {
  readonly version: number;
  readonly seed: readonly [number, number];
  /** Five numbers a slot: name hi, name lo, count, reuse time in epoch seconds, flags. */
  readonly slots: readonly number[];
}

/** One thread's view of the table. */
export class CounterTable {
  private readonly header: Int32Array;
  private readonly views: Int32Array[] = [];
  private readonly masks: number[] = [];
  private readonly firstSlots: number;
  private readonly segmentsMax: number;
  private readonly seedHi: number;
  private readonly seedLo: number;
  /** Charges let through because no slot was to be had, since the last look. */
  admittedUncounted = 0;

  constructor(private readonly buffer: SharedArrayBuffer) {
    this.header = new Int32Array(buffer, 0, HEADER_WORDS);
    this.seedHi = this.header[0] ?? 0;
    this.seedLo = this.header[1] ?? 0;
    this.firstSlots = this.header[FIRST_SLOTS] ?? 0;
    this.segmentsMax = this.header[SEGMENTS_MOST] ?? 1;
    this.lookForSegments();
  }

  /** Hashes a throttle key. Meant for when a limit is set up, not for each request. */
  hash(key: string): KeyHash {
    let hi = this.seedHi ^ key.length;
    let lo = this.seedLo;
    for (let i = 0; i < key.length; i += 1) {
      const code = key.charCodeAt(i);
      hi = Math.imul(hi ^ code, 2_654_435_761);
      lo = Math.imul(lo ^ code, 1_597_334_677);
    }
    hi = mix(hi ^ (lo >>> 16));
    lo = mix(lo ^ (hi >>> 13) ^ this.seedHi);
    return { hi, lo };
  }

  /**
   * Finds or claims the slot of a key in the window that `now` lies in, and gives its address, or -1 when the table is full.
   * The address stays good for the whole window, so callers may keep it. Windows that go by another clock than this machine's are `aheadMs` ahead of it;
   * a slot that is not to survive a restart says so by `isSaved`.
   */
  slot(hi: number, lo: number, windowMs: number, now: number, aheadMs = 0, isSaved = true): number {
    const window = Math.floor((now + aheadMs) / windowMs);
    const low = window | 0;
    const nameHi = mix(hi ^ Math.imul(low, 0x27d4_eb2f) ^ windowMs);
    const nameLo = mix(lo + Math.imul(low, 0x1656_67b1) + nameHi) || 1;
    const found = this.find(nameHi, nameLo);
    if (found >= 0) return found;
    const reuseAt = Math.ceil(((window + 1) * windowMs - aheadMs) / 1_000) + GRACE_SECONDS;
    return this.claim(nameHi, nameLo, reuseAt, isSaved && windowMs > SHORT_WINDOW_MS ? LASTING : 0, Math.floor(now / 1_000));
  }

  /** Adds to a slot and gives what it held before; concurrent adders may make that too large for a moment, never too small. */
  add(address: number, amount: number): number {
    const view = this.view(address & SEGMENT_MASK);
    const at = address >>> SEGMENT_BITS;
    const whole = Math.trunc(amount / CARRY);
    const rest = amount - whole * CARRY;
    // The upper half goes up first and down last: a reader in between sees too much.
    if (whole > 0) Atomics.add(view, at + BUCKET_SLOTS, whole);
    const lo = Atomics.add(view, at, rest);
    const hi = Atomics.load(view, at + BUCKET_SLOTS) - (whole > 0 ? whole : 0);
    if (whole < 0) Atomics.add(view, at + BUCKET_SLOTS, whole);
    if (rest > 0 && lo + rest >= CARRY) {
      Atomics.add(view, at + BUCKET_SLOTS, 1);
      Atomics.sub(view, at, CARRY);
    }
    return hi * CARRY + lo;
  }

  /** As `add`, for a slot that never comes near a carry: one word, no second look. */
  addFew(address: number, amount: number): number {
    return Atomics.add(this.view(address & SEGMENT_MASK), address >>> SEGMENT_BITS, amount);
  }

  /** As `read`, for a slot that never comes near a carry. */
  readFew(address: number): number {
    return Atomics.load(this.view(address & SEGMENT_MASK), address >>> SEGMENT_BITS);
  }

  /** What a slot holds. */
  read(address: number): number {
    return countIn(this.view(address & SEGMENT_MASK), address >>> SEGMENT_BITS);
  }

  /** What windows longer than a minute hold now, to be saved by the main thread. */
  export(now: number): SavedCounters {
    this.lookForSegments();
    const seconds = Math.floor(now / 1_000);
    const slots: number[] = [];
    const views = Atomics.load(this.header, HAS_LASTING) === 0 ? [] : this.views;
    for (const view of views) {
      for (let bucket = 0; bucket < view.length; bucket += BUCKET_WORDS) {
        for (let slot = bucket; slot < bucket + BUCKET_SLOTS; slot += 1) {
          const reuseAt = Atomics.load(view, slot + REUSE_AT) >>> 0;
          const flags = Atomics.load(view, slot + FLAGS);
          if ((flags & LASTING) === 0 || reuseAt <= seconds) continue;
          slots.push(Atomics.load(view, slot + NAME_HI), Atomics.load(view, slot), countIn(view, slot + COUNT), reuseAt, flags);
        }
      }
    }
    return { version: SAVED_VERSION, seed: [this.seedHi, this.seedLo], slots };
  }

  /** Takes saved counts up again. The table must have been created with the same seed; another version or seed restores nothing. */
  import(saved: SavedCounters, now: number): void {
    if (saved.version !== SAVED_VERSION || saved.seed[0] !== this.seedHi || saved.seed[1] !== this.seedLo) return;
    const seconds = Math.floor(now / 1_000);
    for (let i = 0; i + 4 < saved.slots.length; i += 5) {
      const [hi = 0, lo = 0, count = 0, reuseAt = 0, flags = 0] = saved.slots.slice(i, i + 5);
      if (reuseAt <= seconds) continue;
      const address = this.find(hi, lo);
      const claimed = address >= 0 ? address : this.claim(hi, lo, reuseAt, flags, seconds);
      if (claimed >= 0) this.add(claimed, count);
    }
  }

  /** How many slots there are now, and about how many are taken: names are spread evenly, so that some buckets tell of all. */
  fill(now: number): { readonly slots: number; readonly used: number } {
    this.lookForSegments();
    const seconds = Math.floor(now / 1_000);
    let slots = 0;
    let used = 0;
    for (const view of this.views) {
      const buckets = view.length / BUCKET_WORDS;
      const looked = Math.min(buckets, LOOKED_AT_MAX);
      let taken = 0;
      for (let bucket = 0; bucket < looked; bucket += 1) {
        const first = bucket * BUCKET_WORDS + REUSE_AT;
        for (let slot = first; slot < first + BUCKET_SLOTS; slot += 1) if (Atomics.load(view, slot) >>> 0 > seconds) taken += 1;
      }
      slots += buckets * BUCKET_SLOTS;
      used += Math.round((taken * buckets) / looked);
    }
    return { slots, used };
  }

  private view(segment: number): Int32Array {
    return this.views[segment] ?? this.header;
  }

  private find(nameHi: number, nameLo: number): number {
    for (let segment = 0; segment < this.views.length; segment += 1) {
      const view = this.view(segment);
      const bucket = ((nameHi >>> 0) & (this.masks[segment] ?? 0)) * BUCKET_WORDS;
      for (let slot = bucket; slot < bucket + BUCKET_SLOTS; slot += 1) {
        const name = Atomics.load(view, slot);
        if (name === nameLo && Atomics.load(view, slot + NAME_HI) === nameHi) return ((slot + COUNT) << SEGMENT_BITS) | segment;
      }
    }
    return -1;
  }

  private claim(nameHi: number, nameLo: number, reuseAt: number, flags: number, seconds: number): number {
    // The lock's number is the low bits of the bucket's number, in every segment: who shares a bucket shares its lock.
    const lock = LOCKS_AT + ((nameHi >>> 0) & (LOCKS - 1));
    const ticket = this.lock(lock);
    try {
      this.lookForSegments();
      const found = this.find(nameHi, nameLo);
      if (found >= 0) return found;
      for (;;) {
        for (let segment = 0; segment < this.views.length; segment += 1) {
          const view = this.view(segment);
          const bucket = ((nameHi >>> 0) & (this.masks[segment] ?? 0)) * BUCKET_WORDS;
          for (let slot = bucket; slot < bucket + BUCKET_SLOTS; slot += 1) {
            if (Atomics.load(view, slot + REUSE_AT) >>> 0 > seconds) continue;
            Atomics.store(view, slot, 0);
            Atomics.store(view, slot + NAME_HI, nameHi);
            Atomics.store(view, slot + COUNT, 0);
            Atomics.store(view, slot + COUNT_HI, 0);
            Atomics.store(view, slot + FLAGS, flags);
            Atomics.store(view, slot + REUSE_AT, reuseAt);
            if ((flags & LASTING) !== 0) Atomics.store(this.header, HAS_LASTING, 1);
            // The name's low half comes last: whoever sees it sees the rest.
            Atomics.store(view, slot, nameLo);
            return ((slot + COUNT) << SEGMENT_BITS) | segment;
          }
        }
        if (!this.grow()) return -1;
      }
    } finally {
      // Whoever took it over meanwhile keeps it.
      if (Atomics.compareExchange(this.header, lock, ticket, 0) === ticket) Atomics.notify(this.header, lock, 1);
    }
  }

  /** Waits for the lock and gives the ticket that it is now held with. */
  private lock(at: number): number {
    const ticket = (Atomics.add(this.header, TICKETS, 1) + 1) | 0 || 1;
    let seen = 0;
    let since = 0;
    for (;;) {
      const holder = Atomics.compareExchange(this.header, at, 0, ticket);
      if (holder === 0) return ticket;
      if (holder !== seen) {
        seen = holder;
        since = performance.now();
      } else if (performance.now() - since > LOCK_HELD_MS && Atomics.compareExchange(this.header, at, holder, ticket) === holder) {
        // The holder died between two instructions (its thread was ended) and will not unlock: one of those who wait takes its place.
        return ticket;
      }
      Atomics.wait(this.header, at, holder, 1);
    }
  }

  private grow(): boolean {
    const known = this.views.length;
    if (known < (Atomics.load(this.header, SEGMENTS) | 0)) {
      this.lookForSegments();
      return true;
    }
    if (known >= this.segmentsMax) return false;
    const bytes = wordsOf(this.firstSlots, known + 1) * 4;
    if (this.buffer.byteLength < bytes) {
      try {
        this.buffer.grow(bytes);
      } catch {
        // Another thread grew it further in between.
        if (this.buffer.byteLength < bytes) return false;
      }
    }
    Atomics.compareExchange(this.header, SEGMENTS, known, known + 1);
    this.lookForSegments();
    return true;
  }

  private lookForSegments(): void {
    const segments = Atomics.load(this.header, SEGMENTS);
    for (let segment = this.views.length; segment < segments; segment += 1) {
      const slots = this.firstSlots * 2 ** segment;
      this.views.push(new Int32Array(this.buffer, wordsOf(this.firstSlots, segment) * 4, slots * FIELDS));
      this.masks.push(slots / BUCKET_SLOTS - 1);
    }
  }
}

const countIn = (view: Int32Array, at: number): number => {
  // Lower half first: a carry in between makes the sum too large, never too small.
  const lo = Atomics.load(view, at);
  return Atomics.load(view, at + BUCKET_SLOTS) * CARRY + lo;
};

/** Spreads every bit of the input over the output (the finisher of MurmurHash3). */
const mix = (value: number): number => {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return h ^ (h >>> 16);
};
