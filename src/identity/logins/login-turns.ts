import { TooManyRequests } from '../../platform/http/too-many-requests.js';

const WAITING_MAX = 256;
const RETRY_AFTER_SECONDS = 2;

interface Turns {
  turn: Promise<void>;
  waiting: number;
  writing: Promise<unknown> | undefined;
}

/** Keeps a turn open after its answer was given, until what it began is done. */
export type Hold = (until: Promise<unknown>) => void;

/**
 * One login of an account at a time: however many are sent at once, each sees what the one before it did to the account. Without this a hundred wrong passwords
 * sent together would all be tried before the first is counted.
 */
export class LoginTurns {
  private readonly last = new Map<string, Turns>();

  /** What answered logins of the account still write; undefined when that is nothing. */
  pending(key: string): Promise<unknown> | undefined {
    return this.last.get(key)?.writing;
  }

  /** @throws TooManyRequests (429) when too many logins of the account wait already. */
  async run<T>(key: string, login: (hold: Hold) => Promise<T>): Promise<T> {
    const state = this.last.get(key) ?? { turn: Promise.resolve(), waiting: 0, writing: undefined };
    if (state.waiting >= WAITING_MAX) throw TooManyRequests(RETRY_AFTER_SECONDS);
    this.last.set(key, state);
    state.waiting++;
    const before = state.turn;
    const { promise: turn, resolve: end } = Promise.withResolvers<void>();
    state.turn = turn;
    await before;
    const held: Promise<unknown>[] = [];
    try {
      return await login((until) => held.push(until));
    } finally {
      const writing = Promise.allSettled(held);
      if (held.length > 0) state.writing = writing;
      void writing.then(() => {
        state.waiting--;
        state.writing = undefined;
        if (state.waiting === 0) this.last.delete(key);
        end();
      });
    }
  }
}
