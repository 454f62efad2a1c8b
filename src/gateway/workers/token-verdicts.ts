import type { Log } from '../../platform/logging/log.js';
import { RESIDENT_KEY_MANAGER } from '../engine/credentials/key-manager.js';
import type { TokenVerdict } from '../engine/messages.js';
import type { OutsideTokens } from './outside-tokens.js';
import type { ResidentTokens } from './resident-tokens.js';

const OUTSIDE_AT_ONCE = 256;
/** However many tokens cannot be checked, the log says so this often. */
const TOLD_EVERY_MS = 5_000;

/** Answers the workers' questions about tokens: from the database about our own, by asking whoever issued it about another's. */
export class TokenVerdicts {
  private outsideNow = new Map<string, Promise<TokenVerdict>>();
  private open = 0;
  private readonly openByTenant = new Map<string, number>();
  private toldAt = Number.NEGATIVE_INFINITY;
  private untold = 0;

  constructor(
    private readonly resident: Pick<ResidentTokens, 'verdict'>,
    private readonly outside: Pick<OutsideTokens, 'verdict' | 'forget'>,
    private readonly log: Log,
  ) {}

  /** Never rejects: who cannot be asked makes the verdict `unknown`. */
  async verdict(organization: string, keyManager: string | null, token: string): Promise<TokenVerdict> {
    try {
      if (keyManager === null || keyManager === RESIDENT_KEY_MANAGER) {
        const own = await this.resident.verdict(organization, token);
        if (own !== undefined) return own;
        if (keyManager !== null) return { outcome: 'inactive' };
      }
      return await this.askOutside(organization, keyManager, token);
    } catch (err) {
      this.tell(err, organization, keyManager);
      return { outcome: 'unknown' };
    }
  }

  /** Key managers have changed: nobody waits any more for what one says by its former settings. */
  forget(): void {
    this.outside.forget();
    this.outsideNow = new Map();
  }

  /** Workers that ask the same at the same time get one answer. */
  private askOutside(organization: string, keyManager: string | null, token: string): Promise<TokenVerdict> {
    const key = `${organization}\0${keyManager ?? ''}\0${token}`;
    const now = this.outsideNow;
    const known = now.get(key);
    if (known) return known;
    const own = this.openByTenant.get(organization) ?? 0;
    // A tenant never takes more than half of what the others leave, so that slow key managers of one do not stop the questions of all.
    if (own >= OUTSIDE_AT_ONCE - this.open) return Promise.reject(new Error('too many questions to key managers are open'));
    this.count(organization, 1);
    const answer = this.outside.verdict(organization, keyManager, token).finally(() => {
      now.delete(key);
      this.count(organization, -1);
    });
    now.set(key, answer);
    return answer;
  }

  private count(organization: string, change: 1 | -1): void {
    this.open += change;
    const own = (this.openByTenant.get(organization) ?? 0) + change;
    if (own === 0) this.openByTenant.delete(organization);
    else this.openByTenant.set(organization, own);
  }

  private tell(err: unknown, organization: string, keyManager: string | null): void {
    const now = Date.now();
    if (now - this.toldAt < TOLD_EVERY_MS) {
      this.untold += 1;
      return;
    }
    this.log.warn({ err, organization, keyManager, untold: this.untold }, 'a token could not be checked');
    this.toldAt = now;
    this.untold = 0;
  }
}
