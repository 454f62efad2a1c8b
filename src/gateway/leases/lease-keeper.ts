import type { CounterTable } from '../engine/throttling/counters.js';
import type { LeaseBoard } from '../engine/throttling/lease-board.js';
import { areWhole, type LeaseQuestion, type LeaseSlots, leaseSlots } from '../engine/throttling/leases.js';
import { aheadMost, FIRST_PACE, nextPace, unitsAhead } from './lease-size.js';
import type { LeaseStore } from './lease-store.js';

/** Takes a question as answered. */
type Answer = (id: number) => void;

/** What this gateway holds of one key in one window. */
interface Held {
  /** The key in the store: with its window. */
  readonly name: string;
  readonly windowMs: number;
  readonly window: number;
  readonly slots: LeaseSlots;
  /** The limit, as it was last asked for. */
  max: number;
  /** Units that requests wait for. */
  wanted: number;
  open: { readonly id: number; readonly answer: Answer }[];
  isLeasing: boolean;
  /** Granted units that the store has forgotten. */
  owed: number;
  pace: number;
  leasedAt: number;
}

const SWEEP_MS = 1_000;
/** The next part is asked for when so much of what was taken in advance is left. */
const ASK_AT = 1 / 4;
/** A key in the store outlives its window by this much, for gateways whose clocks are behind. */
const GRACE_SECONDS = 60;

/**
 * Leases parts of limits from the store for all workers of this process, and puts what was granted into the counter table that they share.
 * `consume` is one atomic step in the store, so that all gateways together are never granted more than the limit, and the part of the last lease that still fits
 * is granted too.
 */
export class LeaseKeeper {
  private readonly held = new Map<string, Held>();
  /** The same by the end of their window, so that only what has ended is looked at. */
  private readonly ending = new Map<number, Set<Held>>();
  private sweeps: NodeJS.Timeout | undefined;

  constructor(
    private readonly table: CounterTable,
    private readonly board: LeaseBoard,
    private readonly store: Pick<LeaseStore, 'consume'>,
  ) {}

  start(): void {
    this.sweeps = setInterval(() => this.sweep(), SWEEP_MS);
  }

  stop(): void {
    clearInterval(this.sweeps);
  }

  /** Gets what is asked for, as far as it is there; while the store is away the question stays open. */
  ask(question: LeaseQuestion, answer: Answer): void {
    const held = this.of(question);
    held.max = question.max;
    held.wanted += question.wanted;
    held.open.push({ id: question.id, answer });
    this.lease(held);
  }

  /** The store can be asked again: what was used without it is made known to it. */
  back(): void {
    for (const held of this.held.values()) {
      // Whoever waited went by the share.
      held.wanted = 0;
      this.lease(held);
    }
  }

  /** The store has lost all counts: it is told of what this gateway has. */
  emptied(): void {
    for (const held of this.held.values()) {
      if (!areWhole(held.slots)) continue;
      held.owed = this.table.read(held.slots.granted);
      this.lease(held);
    }
  }

  private of({ key, windowMs, window, max }: LeaseQuestion): Held {
    const name = nameOf(key, windowMs, window);
    const known = this.held.get(name);
    if (known !== undefined) return known;
    const { aheadMs } = this.board;
    // The clocks may have been compared anew since the question was asked: the slots are those of its window. Of one that has just ended they are still there.
    const start = window * windowMs - aheadMs;
    const now = Math.min(Math.max(Date.now(), start), start + windowMs - 1);
    const held: Held = {
      name,
      windowMs,
      window,
      slots: leaseSlots(this.table, key, windowMs, now, aheadMs),
      max,
      wanted: 0,
      open: [],
      isLeasing: false,
      owed: 0,
      pace: FIRST_PACE,
      leasedAt: Number.NEGATIVE_INFINITY,
    };
    this.held.set(name, held);
    const end = (window + 1) * windowMs;
    const ending = this.ending.get(end);
    if (ending === undefined) this.ending.set(end, new Set([held]));
    else ending.add(held);
    return held;
  }

  /** One lease of a key at a time; who asks meanwhile shares the next. */
  private lease(held: Held): void {
    if (held.isLeasing) return;
    held.isLeasing = true;
    void this.leaseAll(held);
  }

  private async leaseAll(held: Held): Promise<void> {
    // What is asked of a store that is away may be done and not heard of: it waits until the store is back.
    while (!this.board.isAway && this.isHeld(held) && (held.open.length > 0 || held.owed > 0 || this.isOverdrawn(held))) {
      const { open, wanted } = held;
      held.open = [];
      held.wanted = 0;
      try {
        await this.leaseOnce(held, wanted);
      } catch {
        // The store says so itself. Nobody looks any more at what is asked about a window that is over.
        if (this.isHeld(held)) {
          held.open.push(...open);
          break;
        }
      }
      for (const { id, answer } of open) answer(id);
    }
    held.isLeasing = false;
  }

  /** Whether its slots are still its own: some time after their window they become another's. */
  private isHeld(held: Held): boolean {
    return this.held.get(held.name) === held;
  }

  /** Whether more was used than granted, and there is more to be had. */
  private isOverdrawn({ slots, max }: Held): boolean {
    const { table } = this;
    return areWhole(slots) && table.read(slots.counted) > table.read(slots.granted) && table.read(slots.taken) < max;
  }

  private async leaseOnce(held: Held, wanted: number): Promise<void> {
    const { table, board } = this;
    const { slots, max, owed } = held;
    if (!areWhole(slots)) return;
    const remaining = Math.max(0, max - table.read(slots.taken));
    if (remaining === 0) {
      if (owed > 0) await this.consume(held, owed);
      held.owed -= owed;
      return;
    }
    const ahead = unitsAhead(max, remaining, board.gateways, held.pace);
    const left = table.read(slots.granted) - table.read(slots.counted) - wanted;
    const units = left > ahead * ASK_AT ? 0 : ahead - left;
    if (units + owed > 0) {
      const taken = await this.consume(held, units + owed);
      if (!this.isHeld(held)) return;
      held.owed -= owed;
      table.add(slots.granted, Math.max(0, Math.min(units, max - (taken - units))));
      // Last, so that nobody finds the limit used up before the last of it is granted.
      this.set(slots.taken, taken);
      const now = performance.now();
      held.pace = nextPace(held.pace, now - held.leasedAt, aheadMost(max, board.gateways));
      held.leasedAt = now;
    }
    // Where nothing is taken in advance, more is asked for by whoever finds nothing left.
    this.set(slots.mark, table.read(slots.granted) + (ahead === 0 ? 1 : -Math.floor(ahead * ASK_AT)));
  }

  /** Only this thread writes the slot. */
  private set(address: number, value: number): void {
    this.table.add(address, value - this.table.read(address));
  }

  private consume({ name, windowMs }: Held, units: number): Promise<number> {
    return this.store.consume(name, units, Math.ceil(windowMs / 1_000) + GRACE_SECONDS);
  }

  private sweep(): void {
    const now = Date.now() + this.board.aheadMs;
    for (const [end, ending] of this.ending) {
      if (end + SWEEP_MS > now) continue;
      this.ending.delete(end);
      for (const { name, open } of ending) {
        this.held.delete(name);
        for (const { id, answer } of open) answer(id);
      }
    }
  }
}

const nameOf = (key: string, windowMs: number, window: number): string => `${key}:${windowMs}:${window}`;
