import type { LoginQuestion, LoginVerdict } from '../messages.js';

/** Asks the main thread; the answer comes back through `answered`. */
export type AskLogin = (id: number, question: LoginQuestion) => void;

const UNKNOWN: LoginVerdict = { outcome: 'unknown' };
const BUSY: LoginVerdict = { outcome: 'busy' };

const PENDING_MAX = 1_000;
/** One client's guesses leave room for the others'. */
const PENDING_OF_ONE_MAX = 64;
const TIMEOUT_MS = 8_000;

interface Pending {
  readonly digest: string;
  readonly address: string;
  readonly answer: Promise<LoginVerdict>;
  readonly resolve: (verdict: LoginVerdict) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * A worker's questions whether a name and a password belong together. Requests with the same credentials wait for one answer; the number of open
 * questions is bounded, in all and by client address, and none stays open for long. Wrong credentials are not remembered: each try counts.
 */
export class LoginQuestions {
  private readonly pending = new Map<number, Pending>();
  private readonly byDigest = new Map<string, Pending>();
  private readonly byAddress = new Map<string, number>();
  private lastId = 0;

  constructor(private readonly askParent: AskLogin) {}

  /** `digest` stands for the credentials of the question. */
  ask(digest: string, question: LoginQuestion): Promise<LoginVerdict> {
    const open = this.byDigest.get(digest);
    if (open !== undefined) return open.answer;
    const { address } = question;
    const own = this.byAddress.get(address) ?? 0;
    if (this.pending.size >= PENDING_MAX || own >= PENDING_OF_ONE_MAX) return Promise.resolve(BUSY);
    this.lastId += 1;
    const id = this.lastId;
    const { promise, resolve } = Promise.withResolvers<LoginVerdict>();
    const timer = setTimeout(() => this.answered(id, UNKNOWN), TIMEOUT_MS).unref();
    const pending = { digest, address, answer: promise, resolve, timer };
    this.pending.set(id, pending);
    this.byDigest.set(digest, pending);
    this.byAddress.set(address, own + 1);
    this.askParent(id, question);
    return promise;
  }

  answered(id: number, verdict: LoginVerdict): void {
    const pending = this.pending.get(id);
    if (pending === undefined) return;
    clearTimeout(pending.timer);
    this.pending.delete(id);
    this.byDigest.delete(pending.digest);
    const left = (this.byAddress.get(pending.address) ?? 1) - 1;
    if (left === 0) this.byAddress.delete(pending.address);
    else this.byAddress.set(pending.address, left);
    pending.resolve(verdict);
  }
}
