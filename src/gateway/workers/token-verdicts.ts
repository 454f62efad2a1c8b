import type { Log } from '../../platform/logging/log.js';
import { RESIDENT_KEY_MANAGER } from '../engine/key-manager.js';
import type { TokenVerdict } from '../engine/messages.js';
import type { OutsideTokens } from './outside-tokens.js';
import type { ResidentTokens } from './resident-tokens.js';

const OUTSIDE_AT_ONCE = 128;

/** Answers the workers' questions about tokens: from the database about our own, by asking whoever issued it about another's. */
export class TokenVerdicts {
  private readonly outsideNow = new Map<string, Promise<TokenVerdict>>();

  constructor(
    private readonly resident: ResidentTokens,
    private readonly outside: OutsideTokens,
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
      this.log.warn({ err, organization, keyManager }, 'a token could not be checked');
      return { outcome: 'unknown' };
    }
  }

  /** Workers that ask the same at the same time get one answer. */
  private askOutside(organization: string, keyManager: string | null, token: string): Promise<TokenVerdict> {
    const key = `${organization}\0${keyManager ?? ''}\0${token}`;
    const open = this.outsideNow.get(key);
    if (open) return open;
    if (this.outsideNow.size >= OUTSIDE_AT_ONCE) return Promise.reject(new Error('too many questions to key managers are open'));
    const answer = this.outside.verdict(organization, keyManager, token).finally(() => this.outsideNow.delete(key));
    this.outsideNow.set(key, answer);
    return answer;
  }
}
