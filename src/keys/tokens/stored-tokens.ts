import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { inBatches } from '../../platform/database/batches.js';
import { Log } from '../../platform/logging/log.js';
import { epochSeconds, NEVER_SECONDS } from './lifetimes.js';
import { tokenHash } from './opaque-tokens.js';
import type { TokenUser } from './token-claims.js';

/** What is known of a token that is kept, by the hash of its text alone. */
export interface StoredToken {
  readonly organization: string;
  readonly clientId: string;
  readonly kind: 'access' | 'refresh';
  readonly holder: TokenUser;
  readonly subject: string;
  /** Whom a revocation by subject names. */
  readonly entityId: string;
  readonly scope: string;
  readonly audiences: readonly string[];
  readonly jti: string;
  /** Epoch seconds. */
  readonly issuedAt: number;
  /** Epoch seconds; undefined never ends. */
  readonly expiresAt: number | undefined;
  /** See `OpaqueToken`; null for a token that is handed out once. */
  readonly seed: string | null;
}

interface Row {
  readonly organization: string;
  readonly client_id: string;
  readonly kind: StoredToken['kind'];
  readonly holder: TokenUser;
  readonly subject: string;
  readonly entity_id: string;
  readonly scope: string;
  readonly audiences: readonly string[];
  readonly jti: string;
  readonly issued_at: string;
  readonly expires_at: string;
  readonly seed: string | null;
}

const COLUMNS = 'organization, client_id, kind, holder, subject, entity_id, scope, audiences, jti, issued_at, expires_at, seed';
const REUSABLE_MAX = 100;
const PURGE_EVERY_MS = 10 * 60_000;
const PURGED_AT_ONCE = 1_000;

/** The tokens that are kept: opaque ones always, JWTs where `oauth.token_persistence` says so. */
@Injectable()
export class StoredTokens implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly database: DataSource,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(
      () => this.purge().catch((err: unknown) => this.log.warn({ err }, 'ended tokens stay for now')),
      PURGE_EVERY_MS,
    );
    this.timer.unref();
  }

  onModuleDestroy(): void {
    this.stopped = true;
    clearInterval(this.timer);
  }

  async save(tokens: readonly (StoredToken & { readonly text: string })[], em: EntityManager = this.database.manager): Promise<void> {
    const values = tokens.flatMap((token) => [
      ...[tokenHash(token.text), token.organization, token.clientId, token.kind, token.holder, token.subject, token.entityId, token.scope],
      ...[token.audiences, token.jti, token.issuedAt, token.expiresAt ?? token.issuedAt + NEVER_SECONDS, token.seed],
    ]);
    const width = values.length / tokens.length;
    const row = (at: number) => `(${Array.from({ length: width }, (_, i) => `$${at * width + i + 1}`).join(', ')})`;
    await em.query(`INSERT INTO oauth_tokens (hash, ${COLUMNS}) VALUES ${tokens.map((_, at) => row(at)).join(', ')}`, values);
  }

  /** The token, unless it has ended or was never kept. Whether it was revoked is not looked at. */
  async find(text: string): Promise<StoredToken | undefined> {
    const [row]: Row[] = await this.database.query(`SELECT ${COLUMNS} FROM oauth_tokens WHERE hash = $1`, [tokenHash(text)]);
    return row && Number(row.expires_at) > epochSeconds() ? tokenOf(row) : undefined;
  }

  /** Live tokens of the client on behalf of the user that may be handed out again, those that live longest first. */
  async reusable(
    clientId: string,
    entityId: string,
    scopes: readonly string[],
    em: EntityManager = this.database.manager,
  ): Promise<readonly StoredToken[]> {
    const rows: Row[] = await em.query(
      `SELECT ${COLUMNS} FROM oauth_tokens
       WHERE client_id = $1 AND entity_id = $2 AND expires_at > $3 AND seed IS NOT NULL
         AND string_to_array(scope, ' ') @> $4 AND string_to_array(scope, ' ') <@ $4 ORDER BY expires_at DESC LIMIT ${REUSABLE_MAX}`,
      [clientId, entityId, epochSeconds(), scopes],
    );
    return rows.map(tokenOf);
  }

  /** Forgets a token that was given back; the caller also writes its revocation, for those who remember it. */
  async remove(em: EntityManager, text: string): Promise<void> {
    await em.query('DELETE FROM oauth_tokens WHERE hash = $1', [tokenHash(text)]);
  }

  /** Forgets tokens that have ended, a few at a time; rows that somebody holds are left for later. */
  async purge(): Promise<void> {
    const batch = async () => {
      const [, gone]: [unknown, number] = await this.database.query(
        `DELETE FROM oauth_tokens WHERE hash IN
           (SELECT hash FROM oauth_tokens WHERE to_timestamp(expires_at) < now() ORDER BY to_timestamp(expires_at) LIMIT $1 FOR UPDATE SKIP LOCKED)`,
        [PURGED_AT_ONCE],
      );
      return gone;
    };
    await inBatches(PURGED_AT_ONCE, batch, () => this.stopped);
  }
}

const tokenOf = (row: Row): StoredToken => {
  const [issuedAt, expiresAt] = [Number(row.issued_at), Number(row.expires_at)];
  const { organization, kind, holder, subject, scope, audiences, jti, seed } = row;
  const end = expiresAt - issuedAt >= NEVER_SECONDS ? undefined : expiresAt;
  return {
    organization,
    clientId: row.client_id,
    entityId: row.entity_id,
    kind,
    holder,
    subject,
    scope,
    audiences,
    jti,
    issuedAt,
    expiresAt: end,
    seed,
  };
};
