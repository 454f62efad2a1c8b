import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { RevokedTokenDocument } from '../../domain/gateway-documents.js';
import type { AccessTokenClaims } from '../../platform/auth/access-tokens.js';
import { SubjectRevocations } from '../../platform/auth/subject-revocations.js';
import { inBatches } from '../../platform/database/batches.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { Feed } from '../../platform/feed/feed.js';
import { Log } from '../../platform/logging/log.js';
import { epochSeconds, NEVER_SECONDS } from '../tokens/lifetimes.js';
import { familyOf } from '../tokens/token-family.js';

type RevocationType = RevokedTokenDocument['type'];
type Row = Pick<RevokedTokenDocument, 'type' | 'value' | 'revokedAt' | 'expiresAt'>;

type GoneRow = Pick<Row, 'type' | 'value'> & { readonly organization: string; readonly fed: boolean };

interface Found {
  readonly type: RevocationType;
  readonly revoked_at: string;
  readonly fed: boolean;
}

const PURGE_EVERY_MS = 10 * 60_000;
const PURGED_AT_ONCE = 500;

/** Claims that a revocation may name. */
export type RevocableClaims = Pick<AccessTokenClaims, 'jti' | 'iat' | 'azp' | 'entity_id'>;

/** What kills tokens before their time, here and, by the feed, at the gateways (`reference/key-manager.md` §2.5). */
@Injectable()
export class Revocations extends SubjectRevocations implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  /** The second of the newest revocation of a client or a user by this process, by `type:value`. */
  private readonly recent = new Map<string, number>();

  constructor(
    private readonly database: DataSource,
    private readonly transactions: Transactions,
    private readonly feed: Feed,
    private readonly log: Log,
  ) {
    super();
  }

  onModuleInit(): void {
    this.timer = setInterval(
      () => this.purge().catch((err: unknown) => this.log.warn({ err }, 'old revocations stay for now')),
      PURGE_EVERY_MS,
    );
    this.timer.unref();
  }

  onModuleDestroy(): void {
    this.stopped = true;
    clearInterval(this.timer);
  }

  /** Kills one token until it would have ended anyway; `expiresAt` in epoch seconds, undefined for one without an end. */
  revokeToken(tx: Tx, organization: string, jti: string, expiresAt?: number): Promise<void> {
    return this.revoke(tx, organization, 'jti', jti, expiresAt ?? neverEnds());
  }

  /** Kills a token and all that came of it by refreshing, or that it came of; `expiresAt` as for one token, of the last among them. */
  family(tx: Tx, organization: string, jti: string, expiresAt?: number): Promise<void> {
    const family = familyOf(jti);
    if (family === '') return this.revokeToken(tx, organization, jti, expiresAt);
    return this.revoke(tx, organization, 'family', family, expiresAt ?? neverEnds());
  }

  /** Kills every token the client was given up to now. */
  consumerKey(tx: Tx, organization: string, clientId: string): Promise<void> {
    return this.revoke(tx, organization, 'consumer-key', clientId, neverEnds());
  }

  /** Kills every token issued on behalf of the user up to now. */
  subject(tx: Tx, organization: string, userId: string): Promise<void> {
    return this.revoke(tx, organization, 'subject', userId, neverEnds());
  }

  revokeSubject(tx: Tx, organization: string, userId: string): Promise<void> {
    return this.subject(tx, organization, userId);
  }

  /**
   * Uses up a refresh token. Two requests with one token cannot both succeed: the database decides. Gateways never accept refresh tokens, so they are
   * not told. Gives `used` for the one that succeeds, and for any other the second (epoch) of the first use, or `revoked`.
   */
  async consume(organization: string, jti: string, expiresAt: number | undefined): Promise<'used' | 'revoked' | number> {
    const [row]: readonly { mine: boolean; fed: boolean; revoked_at: string }[] = await this.database.query(
      `WITH mine AS (
         INSERT INTO token_revocations (type, value, organization, revoked_at, expires_at, fed) VALUES ('jti', $1, $2, $3, $4, false)
         ON CONFLICT (type, value, organization) DO NOTHING RETURNING fed, revoked_at)
       SELECT true AS mine, fed, revoked_at FROM mine
       UNION ALL SELECT false, fed, revoked_at FROM token_revocations WHERE type = 'jti' AND value = $1 AND organization = $2`,
      [jti, organization, epochSeconds(), expiresAt ?? neverEnds()],
    );
    if (row?.mine) return 'used';
    // Nothing is seen of a row that another request is writing at this very moment.
    if (!row) return epochSeconds();
    return row.fed ? 'revoked' : Number(row.revoked_at);
  }

  /** Whether the token of this tenant was revoked by its id, its family, its client or its subject. */
  async isRevoked(organization: string, claims: RevocableClaims): Promise<boolean> {
    const found = await this.revocationsOf(organization, claims);
    return found.some(({ type, revoked_at: revokedAt }) => type === 'jti' || isDead(type, Number(revokedAt), claims.iat));
  }

  /** As {@link isRevoked}, but a refresh token that was merely used counts as live. */
  async isRevokedBesidesUse(organization: string, claims: RevocableClaims): Promise<boolean> {
    const found = await this.revocationsOf(organization, claims);
    return found.some(({ type, fed, revoked_at: revokedAt }) => (type === 'jti' ? fed : isDead(type, Number(revokedAt), claims.iat)));
  }

  /** A user is one whichever tenant's client the token is of; all else counts in the tenant of the token alone. */
  private revocationsOf(organization: string, claims: RevocableClaims): Promise<readonly Found[]> {
    return this.database.query(
      `SELECT type, revoked_at, fed FROM token_revocations
       WHERE (type, value, organization) IN (('jti', $1, $5), ('family', $2, $5), ('consumer-key', $3, $5))
       UNION ALL SELECT type, revoked_at, fed FROM token_revocations WHERE type = 'subject' AND value = $4`,
      [claims.jti, familyOf(claims.jti), claims.azp ?? '', claims.entity_id ?? '', organization],
    );
  }

  /**
   * Waits out the second in which the client or the user was revoked: times in tokens have no fractions, so a token issued in that second would
   * be dead like those before it.
   */
  async settle(clientId: string, subject: string): Promise<void> {
    const last = Math.max(this.recent.get(`consumer-key:${clientId}`) ?? 0, this.recent.get(`subject:${subject}`) ?? 0);
    const waitMs = (last + 1) * 1000 - Date.now();
    if (waitMs > 0) await pause(waitMs);
  }

  /** Forgets revocations of tokens that have ended by now, here and in the feed. */
  async purge(): Promise<void> {
    const batch = () =>
      this.transactions.run(async (tx) => {
        const [rows]: [readonly GoneRow[], number] = await tx.em.query(
          `DELETE FROM token_revocations WHERE (type, value, organization) IN
             (SELECT type, value, organization FROM token_revocations WHERE expires_at < $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)
           RETURNING type, value, organization, fed`,
          [epochSeconds(), PURGED_AT_ONCE],
        );
        const fed = rows.filter((row) => row.fed).map(({ type, value, organization }) => ({ organization, key: `${type}:${value}` }));
        this.feed.removeAll(tx, 'revoked-token', fed);
        return rows.length;
      });
    await inBatches(PURGED_AT_ONCE, batch, () => this.stopped);
  }

  private async revoke(tx: Tx, organization: string, type: RevocationType, value: string, expiresAt: number): Promise<void> {
    const row: Row = { type, value, revokedAt: epochSeconds(), expiresAt };
    await tx.em.query(
      `INSERT INTO token_revocations (type, value, organization, revoked_at, expires_at, fed) VALUES ($1, $2, $3, $4, $5, true)
       ON CONFLICT (type, value, organization) DO UPDATE SET revoked_at = excluded.revoked_at, expires_at = excluded.expires_at, fed = true`,
      [type, value, organization, row.revokedAt, row.expiresAt],
    );
    await this.feed.put(tx, organization, 'revoked-token', `${type}:${value}`, row);
    tx.raise('audited', { organization, type: 'Token', action: 'revoked', info: { by: type, value } });
    if (type === 'consumer-key' || type === 'subject') this.remember(`${type}:${value}`, row.revokedAt);
  }

  private remember(key: string, second: number): void {
    const now = epochSeconds();
    for (const [held, at] of this.recent) if (at + 1 < now) this.recent.delete(held);
    this.recent.set(key, second);
  }
}

/** Of a family all tokens die, of a client or a user those issued up to then. */
const isDead = (type: RevocationType, revokedAt: number, issuedAt: number): boolean => type === 'family' || issuedAt <= revokedAt;

const neverEnds = (): number => epochSeconds() + NEVER_SECONDS;
