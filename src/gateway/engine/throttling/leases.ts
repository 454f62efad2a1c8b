import type { CounterTable } from './counters.js';
import { LeaseBoard } from './lease-board.js';
import type { LimitKind } from './limits.js';

/** How the counters of one store are shared; plain values, for a worker's start. */
export interface LeaseStoreSettings {
  readonly board: SharedArrayBuffer;
  /** A request waits no longer than this for the store. */
  readonly waitMs: number;
  /** What became known only after its request was let through is told to the store this often. */
  readonly chargeMs: number;
}

export type LeaseSettings = Readonly<Partial<Record<LimitKind, LeaseStoreSettings>>>;

/** A key of which this gateway needs more units, in one window. */
export interface LeaseQuestion {
  readonly id: number;
  readonly key: string;
  readonly windowMs: number;
  /** Number of the window since the epoch, by the store's clock. */
  readonly window: number;
  readonly max: number;
  /** Units that requests wait for; what they have used already is in the counter table. */
  readonly wanted: number;
}

/** A key whose units are leased. */
export interface LeasedKey {
  /** Tells it from the same key with another window. */
  readonly name: string;
  readonly key: string;
  readonly windowMs: number;
  readonly max: number;
}

/** A question that was not answered yet. */
interface Open {
  readonly id: number;
  readonly window: number;
  readonly leased: LeasedKey;
  wanted: number;
  waiting: (() => void)[];
}

/** After waiting in vain, requests go by the gateway's share for so long before one waits again. */
const GIVEN_UP_MS = 1_000;

/** The slots of a leased key; all but the first are written by the main thread. */
export interface LeaseSlots {
  /** Units used by this gateway. */
  readonly counted: number;
  /** Units granted to this gateway. */
  readonly granted: number;
  /** Units taken by all gateways, as far as is known: once that is the limit, nobody is granted more. */
  readonly taken: number;
  /** At which count more is asked for. */
  readonly mark: number;
}

/** The addresses of a leased key's slots, -1 where there is none. They do not survive a restart: what is needed then is leased anew. */
export const leaseSlots = (table: CounterTable, key: string, windowMs: number, now: number, aheadMs: number): LeaseSlots => {
  const address = (name: string): number => {
    const { hi, lo } = table.hash(name);
    return table.slot(hi, lo, windowMs, now, aheadMs, false);
  };
  return { counted: address(key), granted: address(`${key}#granted`), taken: address(`${key}#taken`), mark: address(`${key}#mark`) };
};

export const areWhole = (slots: LeaseSlots): boolean => slots.counted >= 0 && slots.granted >= 0 && slots.taken >= 0 && slots.mark >= 0;

/** One worker's side of the counters in a store: asks the main thread for more units, and lets requests wait for them. */
export class Leases {
  readonly board: LeaseBoard;
  private readonly open = new Map<string, Open>();
  private readonly byId = new Map<number, Open>();
  private readonly charged = new Map<string, { readonly leased: LeasedKey; readonly window: number }>();
  private unsent: Open[] = [];
  private lastId = 0;
  private givenUpUntil = 0;

  constructor(
    readonly settings: LeaseStoreSettings,
    private readonly send: (questions: readonly LeaseQuestion[]) => void,
  ) {
    this.board = new LeaseBoard(settings.board);
  }

  /** Whether limits go by this gateway's share: the store is away, or too slow to wait for. */
  get isAway(): boolean {
    return this.board.isAway || performance.now() < this.givenUpUntil;
  }

  /** Asks for more, if nobody does so already. Questions of one turn go in one message. */
  ask(leased: LeasedKey, window: number, wanted = 0): void {
    this.opened(leased, window).wanted += wanted;
  }

  /** As `ask`, resolved when the question is answered, or after `waitMs`. */
  wait(leased: LeasedKey, window: number, wanted: number, waitMs: number): Promise<void> {
    const open = this.opened(leased, window);
    open.wanted += wanted;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.giveUp();
        resolve();
      }, waitMs);
      open.waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Nobody waits for the store for a while. */
  giveUp(): void {
    this.givenUpUntil = performance.now() + GIVEN_UP_MS;
  }

  /** Asks before long, for what was used without asking. */
  askSoon(leased: LeasedKey, window: number): void {
    if (this.charged.size === 0) setTimeout(() => this.askForCharged(), this.settings.chargeMs).unref();
    this.charged.set(leased.name, { leased, window });
  }

  answered(ids: readonly number[]): void {
    this.givenUpUntil = 0;
    for (const id of ids) {
      const open = this.byId.get(id);
      if (open === undefined) continue;
      this.byId.delete(id);
      const { name } = open.leased;
      if (this.open.get(name) === open) this.open.delete(name);
      for (const wake of open.waiting) wake();
    }
  }

  private opened(leased: LeasedKey, window: number): Open {
    const { name } = leased;
    const before = this.open.get(name);
    if (before !== undefined && before.window === window && before.leased.max === leased.max) return before;
    this.lastId += 1;
    const open: Open = { id: this.lastId, leased, window, wanted: 0, waiting: [] };
    this.open.set(name, open);
    this.byId.set(open.id, open);
    if (this.unsent.length === 0) setImmediate(() => this.sendQuestions());
    this.unsent.push(open);
    return open;
  }

  private sendQuestions(): void {
    const { unsent } = this;
    this.unsent = [];
    this.send(unsent.map(({ id, window, wanted, leased: { key, windowMs, max } }) => ({ id, key, windowMs, window, max, wanted })));
  }

  private askForCharged(): void {
    const all = [...this.charged.values()];
    this.charged.clear();
    for (const { leased, window } of all) this.ask(leased, window);
  }
}

export type LeaseStores = Readonly<Partial<Record<LimitKind, Leases>>>;

/** A worker's side of every store that there is. */
export const leaseStores = (
  settings: LeaseSettings | undefined,
  send: (store: LimitKind, questions: readonly LeaseQuestion[]) => void,
): LeaseStores => ({
  ...(settings?.quotas && { quotas: new Leases(settings.quotas, (questions) => send('quotas', questions)) }),
  ...(settings?.bursts && { bursts: new Leases(settings.bursts, (questions) => send('bursts', questions)) }),
});
