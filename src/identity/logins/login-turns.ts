import { TooManyRequests } from '../../platform/http/too-many-requests.js';

const WAITING_MAX = 256;
const RETRY_AFTER_SECONDS = 2;

/** Keeps a turn open after its answer was given, until what it began is done. */
export type Hold = (until: Promise<unknown>) => void;

/**
 * One login of an account at a time: however many are sent at once, each sees what the one before it did to the account. Without this a hundred wrong passwords
 * sent together would all be tried before the first is counted.
 */
export class LoginTurns {
  private readonly last = new Map<string, { turn: Promise<void>; waiting: number }>();

  /** @throws TooManyRequests (429) when too many logins of the account wait already. */
  async run<T>(key: string, login: (hold: Hold) => Promise<T>): Promise<T> {
    const state = this.last.get(key) ?? { turn: Promise.resolve(), waiting: 0 };
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
      void Promise.allSettled(held).then(() => {
        state.waiting--;
        if (state.waiting === 0) this.last.delete(key);
        end();
      });
    }
  }
}
