import type { Grant, Grantee } from '../throttling/grants.js';
import type { LinkedKeyManager } from './key-manager.js';

/** What was said of a token that means nothing by itself. */
export interface Verdict {
  /** Until when it is believed, epoch milliseconds. */
  readonly until: number;
  /** Whether the token acts for a user; null when that is not known. */
  readonly isUser: boolean | null;
  /** What else its user is called, besides `subject`. */
  readonly userNames: readonly string[];
}

/** A token whose signature held, or that its key manager called active, with what the checks need of it. */
export class VerifiedToken implements Grantee {
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

/** Enough of a value's end to tell credentials apart. */
const KEY_LENGTH = 32;

/**
 * Credentials found good before, looked up by their end. Bounded: two halves, of which the older is dropped when the newer is full, so that what is
 * in use stays.
 */
export class Remembered<T extends { readonly presented: string }> {
  private newer = new Map<string, T>();
  private older = new Map<string, T>();
  private readonly half: number;

  constructor(max: number) {
    this.half = Math.max(1, Math.floor(max / 2));
  }

  get(presented: string): T | undefined {
    const key = presented.slice(-KEY_LENGTH);
    const recent = this.newer.get(key);
    if (recent !== undefined) return recent.presented === presented ? recent : undefined;
    const found = this.older.get(key);
    if (found === undefined || found.presented !== presented) return undefined;
    this.put(found);
    return found;
  }

  put(credential: T): void {
    if (this.newer.size >= this.half) {
      this.older = this.newer;
      this.newer = new Map();
    }
    this.newer.set(credential.presented.slice(-KEY_LENGTH), credential);
  }

  clear(): void {
    this.newer.clear();
    this.older.clear();
  }
}

/** Tokens verified before. */
export class VerifiedTokens extends Remembered<VerifiedToken> {}
