import type { LinkedKeyManager } from './key-manager.js';

/** Tokens with made-up key ids ask no more often than this. */
const FLOOR_MS = 500;
/** How long a request waits for keys that are being fetched; longer than the control plane leaves between two fetches. */
const WAIT_MS = 3_000;
/** Who waited in vain is not waited for again so soon: made-up key ids hold nobody up for long. */
const VAIN_MS = 10_000;
const WAITING_MAX = 1_000;

interface Wish {
  askedAt: number;
  readonly until: number;
  /** Null once it was waited for in vain. */
  fetched: Promise<void> | null;
  readonly end: () => void;
}

/** Asks for keys that key managers may have got since theirs were fetched, and has the requests that need them wait a moment. */
export class KeyWishes {
  private readonly wishes = new Map<LinkedKeyManager, Wish>();
  private waiting = 0;

  constructor(private readonly ask: (keyManager: LinkedKeyManager) => void) {}

  /** Says that a token was signed with a key which is not known. A promise where it is worth waiting for: it ends when the key manager's keys changed, or after a while. */
  want(keyManager: LinkedKeyManager, now: number): Promise<void> | undefined {
    const wish = this.wishes.get(keyManager);
    if (wish === undefined || wish.until <= now) return this.wait(this.begin(keyManager, now));
    if (wish.askedAt + FLOOR_MS <= now) {
      wish.askedAt = now;
      this.ask(keyManager);
    }
    return this.wait(wish);
  }

  /** The key manager was replaced or deleted. */
  changed(keyManager: LinkedKeyManager): void {
    this.wishes.get(keyManager)?.end();
    this.wishes.delete(keyManager);
  }

  private begin(keyManager: LinkedKeyManager, now: number): Wish {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wish: Wish = { askedAt: now, until: now + VAIN_MS, fetched: promise, end: resolve };
    this.wishes.set(keyManager, wish);
    setTimeout(() => {
      wish.fetched = null;
      resolve();
    }, WAIT_MS).unref();
    this.ask(keyManager);
    return wish;
  }

  private wait({ fetched }: Wish): Promise<void> | undefined {
    if (fetched === null || this.waiting >= WAITING_MAX) return undefined;
    this.waiting += 1;
    return fetched.finally(() => {
      this.waiting -= 1;
    });
  }
}
