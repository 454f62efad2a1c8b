import type { Grant } from './grants.js';
import type { LinkedKeyManager } from './key-manager.js';

/** What was said of a token that means nothing by itself. */
export interface Verdict {
  /** Until when it is believed, epoch milliseconds. */
  readonly until: number;
  /** Whether the token acts for a user; null when that is not known. */
  readonly isUser: boolean | null;
}

/** A token whose signature held, or that its key manager called active, with what the checks need of it. */
export class VerifiedToken {
  /** Grants by API; see `Grants`. */
  readonly grants = new Map<string, Grant>();
  lastGrant: Grant | null = null;
  /** State of the revocations when the token was last compared with them. */
  revocationEpoch = -1;
  isRevoked = false;

  constructor(
    /** The whole value of the header it came in: only the very same value is trusted again. */
    readonly presented: string,
    readonly keyManager: LinkedKeyManager,
    readonly consumerKey: string,
    readonly subject: string,
    /** Whom a revocation by subject names. */
    readonly entityId: string,
    readonly jti: string,
    /** Epoch seconds. */
    readonly issuedAt: number,
    /** Epoch milliseconds; infinite for a token without end. */
    readonly expiresAt: number,
    readonly scopes: readonly string[],
    readonly audiences: readonly string[],
    /** Null for a token that proves itself. */
    readonly verdict: Verdict | null = null,
  ) {}
}

/** Enough of a signature's end to tell tokens apart. */
const KEY_LENGTH = 32;

/**
 * Tokens verified before, found again by the end of their signature. Bounded: two halves, of which the older is dropped when the newer is full,
 * so that what is in use stays.
 */
export class VerifiedTokens {
  private newer = new Map<string, VerifiedToken>();
  private older = new Map<string, VerifiedToken>();
  private readonly half: number;

  constructor(max: number) {
    this.half = Math.max(1, Math.floor(max / 2));
  }

  get(presented: string): VerifiedToken | undefined {
    const key = presented.slice(-KEY_LENGTH);
    const recent = this.newer.get(key);
    if (recent !== undefined) return recent.presented === presented ? recent : undefined;
    const found = this.older.get(key);
    if (found === undefined || found.presented !== presented) return undefined;
    this.put(found);
    return found;
  }

  put(token: VerifiedToken): void {
    if (this.newer.size >= this.half) {
      this.older = this.newer;
      this.newer = new Map();
    }
    this.newer.set(token.presented.slice(-KEY_LENGTH), token);
  }

  clear(): void {
    this.newer.clear();
    this.older.clear();
  }
}
