import type { TokenVerdict } from '../messages.js';

/** Asks the main thread; the answer comes back through `answered`. */
export type AskParent = (id: number, organization: string, keyManager: string | null, token: string) => void;

/** Nobody was able to say in time; not remembered. */
export const UNKNOWN: TokenVerdict = { outcome: 'unknown' };

const PENDING_MAX = 1_000;
const TIMEOUT_MS = 8_000;
/** For so long a token that was refused is refused without asking: a client that repeats itself costs nothing. */
const REFUSED_MS = 5_000;
const REFUSED_MAX = 2_000;

interface Pending {
  readonly key: string;
  readonly answer: Promise<TokenVerdict>;
  readonly resolve: (verdict: TokenVerdict) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * A worker's questions about tokens that it cannot check by itself. Requests that bring the same token wait for one answer, the number of open questions is
 * bounded, and none stays open for long.
 */
export class TokenQuestions {
  private readonly pending = new Map<number, Pending>();
  private readonly byToken = new Map<string, Pending>();
  /** Until when (epoch milliseconds) the token is refused as before. */
  private readonly refused = new Map<string, { readonly verdict: TokenVerdict; readonly until: number }>();
  private lastId = 0;

  constructor(private readonly askParent: AskParent) {}

  /** The verdict; a promise unless it is known already. What was said of a token at another `epoch` of the key managers is not asked for again. */
  ask(organization: string, keyManager: string | null, token: string, now: number, epoch: number): TokenVerdict | Promise<TokenVerdict> {
    const key = `${organization}\0${keyManager ?? ''}\0${epoch}\0${token}`;
    const before = this.refused.get(key);
    if (before !== undefined && before.until > now) return before.verdict;
    const open = this.byToken.get(key);
    if (open !== undefined) return open.answer;
    if (this.pending.size >= PENDING_MAX) return UNKNOWN;
    this.lastId += 1;
    const id = this.lastId;
    const { promise, resolve } = Promise.withResolvers<TokenVerdict>();
    const timer = setTimeout(() => this.answered(id, UNKNOWN), TIMEOUT_MS).unref();
    const pending = { key, answer: promise, resolve, timer };
    this.pending.set(id, pending);
    this.byToken.set(key, pending);
    this.askParent(id, organization, keyManager, token);
    return promise;
  }

  answered(id: number, verdict: TokenVerdict): void {
    const pending = this.pending.get(id);
    if (pending === undefined) return;
    clearTimeout(pending.timer);
    this.pending.delete(id);
    this.byToken.delete(pending.key);
    if (verdict.outcome === 'inactive' || verdict.outcome === 'expired') {
      if (this.refused.size >= REFUSED_MAX) this.refused.clear();
      this.refused.set(pending.key, { verdict, until: Date.now() + REFUSED_MS });
    }
    pending.resolve(verdict);
  }
}
