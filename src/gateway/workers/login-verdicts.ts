import { Problem } from '../../domain/problem.js';
import type { Accounts } from '../../platform/auth/accounts.js';
import type { Log } from '../../platform/logging/log.js';
import { withOrigin } from '../../platform/origin/origin.js';
import type { LoginQuestion, LoginVerdict } from '../engine/messages.js';

/** However many logins cannot be checked, the log says so this often. */
const TOLD_EVERY_MS = 5_000;

/** Answers the workers' questions about names and passwords: by the same door as every other login, so that failures lock accounts and wait their turn. */
export class LoginVerdicts {
  private toldAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly accounts: Pick<Accounts, 'authenticate'>,
    private readonly log: Log,
  ) {}

  /** Never rejects: what cannot be asked makes the verdict `unknown`. */
  async verdict({ name, password, address }: LoginQuestion): Promise<LoginVerdict> {
    try {
      const account = await withOrigin({ address }, () => this.accounts.authenticate(name, password));
      return account === undefined ? { outcome: 'refused' } : { outcome: 'active', name: account.name, roles: account.roles };
    } catch (err) {
      if (err instanceof Problem && err.status === 429) return { outcome: 'busy' };
      this.tell(err);
      return { outcome: 'unknown' };
    }
  }

  private tell(err: unknown): void {
    const now = Date.now();
    if (now - this.toldAt < TOLD_EVERY_MS) return;
    this.toldAt = now;
    this.log.warn({ err }, 'a name and a password could not be checked');
  }
}
