import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { RevokedTokenDocument } from '../../domain/gateway-documents.js';
import type { AccessTokenClaims } from '../../platform/auth/access-tokens.js';
import { SubjectRevocations } from '../../platform/auth/subject-revocations.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { Feed } from '../../platform/feed/feed.js';
import { Log } from '../../platform/logging/log.js';
import { epochSeconds, NEVER_SECONDS } from '../tokens/lifetimes.js';

type RevocationType = RevokedTokenDocument['type'];
type Row = Pick<RevokedTokenDocument, 'type' | 'value' | 'revokedAt' | 'expiresAt'>;

type GoneRow = Pick<Row, 'type' | 'value'> & { readonly organization: string; readonly fed: boolean };

const PURGE_EVERY_MS = 10 * 60_000;
const PURGED_AT_ONCE = 500;

/** Claims that a revocation may name. */
export type RevocableClaims = Pick<AccessTokenClaims, 'jti' | 'iat' | 'azp' | 'entity_id'>;

/** What kills tokens before their time, here and, by the feed, at the gateways (`reference/key-manager.md` §2.5). */
@Injectable()
export class Revocations extends SubjectRevocations implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
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
    clearInterval(this.timer);
  }

  /** Kills one token until it would have ended anyway; `expiresAt` in epoch seconds, undefined for one without an end. */
  revokeToken(tx: Tx, organization: string, jti: string, expiresAt?: number): Promise<void> {
    return this.revoke(tx, organization, 'jti', jti, expiresAt ?? neverEnds());
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
   * Uses up a refresh token; false when it was used or revoked before. Two requests with one token cannot both succeed: the database decides.
   * Gateways never accept refresh tokens, so they are not told.
   */
  async consume(organization: string, jti: string, expiresAt: number | undefined): Promise<boolean> {
    const rows: readonly unknown[] = await this.database.query(
      `INSERT INTO token_revocations (type, value, organization, revoked_at, expires_at, fed) VALUES ('jti', $1, $2, $3, $4, false)
       ON CONFLICT (type, value) DO NOTHING RETURNING value`,
      [jti, organization, epochSeconds(), expiresAt ?? neverEnds()],
    );
    return rows.length > 0;
  }

  /** Whether the token was revoked by its id, its client or its subject. */
  async isRevoked(claims: RevocableClaims): Promise<boolean> {
    const rows: readonly { type: RevocationType; revoked_at: string }[] = await this.database.query(
      `SELECT type, revoked_at FROM token_revocations
       WHERE (type, value) IN (('jti', $1), ('consumer-key', $2), ('subject', $3))`,
      [claims.jti, claims.azp ?? '', claims.entity_id ?? ''],
    );
    return rows.some(({ type, revoked_at: revokedAt }) => type === 'jti' || claims.iat <= Number(revokedAt));
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
    let gone: number;
    do {
      gone = await this.transactions.run(async (tx) => {
        const [rows]: [readonly GoneRow[], number] = await tx.em.query(
          `DELETE FROM token_revocations WHERE (type, value) IN
             (SELECT type, value FROM token_revocations WHERE expires_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)
           RETURNING type, value, organization, fed`,
          [epochSeconds(), PURGED_AT_ONCE],
        );
        for (const { type, value, organization, fed } of rows)
          if (fed) await this.feed.remove(tx, organization, 'revoked-token', `${type}:${value}`);
        return rows.length;
      });
    } while (gone === PURGED_AT_ONCE);
  }

  private async revoke(tx: Tx, organization: string, type: RevocationType, value: string, expiresAt: number): Promise<void> {
    const row: Row = { type, value, revokedAt: epochSeconds(), expiresAt };
    await tx.em.query(
      `INSERT INTO token_revocations (type, value, organization, revoked_at, expires_at, fed) VALUES ($1, $2, $3, $4, $5, true)
       ON CONFLICT (type, value) DO UPDATE SET revoked_at = excluded.revoked_at, expires_at = excluded.expires_at, fed = true`,
      [type, value, organization, row.revokedAt, row.expiresAt],
    );
    await this.feed.put(tx, organization, 'revoked-token', `${type}:${value}`, row);
    tx.raise('audited', { organization, type: 'Token', action: 'revoked', info: { by: type, value } });
    if (type !== 'jti') this.remember(`${type}:${value}`, row.revokedAt);
  }

  private remember(key: string, second: number): void {
    const now = epochSeconds();
    for (const [held, at] of this.recent) if (at + 1 < now) this.recent.delete(held);
    this.recent.set(key, second);
  }
}

const neverEnds = (): number => epochSeconds() + NEVER_SECONDS;
