import { createHmac, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ExpiringCache } from '../cache/expiring-cache.js';
import { CryptoConfig } from '../config/sections/crypto.config.js';
import { networkOf } from '../origin/network.js';
import { originNow } from '../origin/origin.js';
import { FairQueue } from '../turns/fair-queue.js';
import { argon2id, nameOfHash, type PasswordHash, pbkdf2Sha512 } from './password-hashes.js';

/** All threads share libuv's four helpers; the rest of the hashes wait, one client's no more than it takes a few seconds to compute. */
const LIMITS = { running: 2, waiting: 2_048, waitingOfOne: 128, retryAfterSeconds: 2 };
const DECOY_BYTES = 16;
/** How long a password that was hashed here is remembered, under a keyed hash: most are used a moment later, and a check costs some 30 ms of a core. */
const MADE_MS = 15 * 60_000;
const MADE_MAX = 10_000;

/** Password hashes: argon2id, or PBKDF2 where the configuration or FIPS asks for it. At most two are computed at a time; clients take turns. */
@Injectable()
export class Passwords {
  private readonly queue = new FairQueue(LIMITS);
  /** For new hashes. */
  private readonly preferred: PasswordHash;
  /** Those that may be checked. */
  private readonly allowed: readonly PasswordHash[];
  private decoy: Promise<string> | undefined;
  private readonly made = new ExpiringCache<true>(MADE_MS, MADE_MAX);
  private readonly key = randomBytes(32);

  constructor({ provider, passwordHash, pbkdf2Iterations }: CryptoConfig) {
    const approved = pbkdf2Sha512(pbkdf2Iterations);
    this.allowed = provider === 'FIPS' ? [approved] : [argon2id, approved];
    this.preferred = provider === 'FIPS' || passwordHash === 'pbkdf2' ? approved : argon2id;
  }

  async hash(password: string): Promise<string> {
    const stored = await this.inTurn(() => this.preferred.hash(password));
    this.made.set(this.digestOf(password, stored), true);
    return stored;
  }

  /** Takes the same time for a user that does not exist (`stored` undefined), so that names cannot be found out. */
  async matches(password: string, stored: string | undefined): Promise<boolean> {
    const method = stored === undefined ? undefined : this.allowed.find(({ name }) => name === nameOfHash(stored));
    if (method && stored !== undefined) {
      return this.made.peek(this.digestOf(password, stored)) ?? this.inTurn(() => method.matches(password, stored));
    }
    const decoy = await this.decoyHash();
    await this.inTurn(() => this.preferred.matches(password, decoy));
    return false;
  }

  /** Whether a hash is of another kind than new ones are. */
  isOutdated(stored: string): boolean {
    return nameOfHash(stored) !== this.preferred.name;
  }

  /** The kinds of hashes this server may compute; a user whose hash is of another needs a new password. */
  get kinds(): readonly string[] {
    return this.allowed.map(({ name }) => name);
  }

  private digestOf(password: string, stored: string): string {
    return createHmac('sha256', this.key).update(stored).update('\0').update(password).digest('base64url');
  }

  private decoyHash(): Promise<string> {
    this.decoy ??= this.hash(randomBytes(DECOY_BYTES).toString('hex')).catch((err: unknown) => {
      this.decoy = undefined; // there was no room to wait: the next one tries again
      throw err;
    });
    return this.decoy;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.queue.run(networkOf(originNow()?.address ?? ''), work);
  }
}
