import { createHash } from 'node:crypto';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Secrets } from '../../platform/crypto/secrets.js';
import { inBatches } from '../../platform/database/batches.js';
import { Log } from '../../platform/logging/log.js';

/** What a record holds besides its id. */
export type RecordPayload = Readonly<Record<string, unknown>>;

export interface EngineRecord {
  readonly id: string;
  readonly organization: string;
  readonly payload: RecordPayload;
  /** Epoch seconds; undefined while it has not been used. */
  readonly consumedAt: number | undefined;
}

interface Row {
  readonly organization: string;
  readonly sealed_id: string;
  readonly payload: RecordPayload;
  readonly consumed_at: Date | null;
}

export interface NewRecord {
  readonly kind: string;
  readonly id: string;
  readonly organization: string;
  readonly payload: RecordPayload;
  readonly lifeSeconds: number;
}

const PURGE_EVERY_MS = 10 * 60_000;
const PURGED_AT_ONCE = 500;
/**
 * Not a plain comparison: where nearly all records have expired, Postgres would take the index on the end for the most selective, and read every live
 * record to find one.
 */
const IS_LIVE = '(expires_at > now()) IS TRUE';
const COLUMNS = 'organization, sealed_id, payload, consumed_at';

const hashOf = (id: string): string => createHash('sha256').update(id).digest('hex');

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/**
 * The short-lived records of the OAuth engines. The ids are what browsers and clients hold: only hashes of them are stored to find a record by,
 * so whoever reads the database can use none. Expired records are as good as gone, and removed in batches.
 */
@Injectable()
export class EngineRecords implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly database: DataSource,
    private readonly secrets: Secrets,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(
      () => this.purge().catch((err: unknown) => this.log.warn({ err }, 'expired sign-in records stay for now')),
      PURGE_EVERY_MS,
    );
    this.timer.unref();
  }

  onModuleDestroy(): void {
    this.stopped = true;
    clearInterval(this.timer);
  }

  /** Writes the record, or replaces the one of this id; whether it was used stays as it was. */
  async put({ kind, id, organization, payload, lifeSeconds }: NewRecord): Promise<void> {
    const { grantId, userCode, uid } = payload;
    await this.database.query(
      `INSERT INTO oauth_engine_records (kind, id_hash, organization, sealed_id, payload, grant_id, user_code, uid, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() + make_interval(secs => $9))
       ON CONFLICT (kind, id_hash) DO UPDATE SET payload = excluded.payload, grant_id = excluded.grant_id, user_code = excluded.user_code,
         uid = excluded.uid, expires_at = excluded.expires_at WHERE oauth_engine_records.organization = excluded.organization`,
      [kind, hashOf(id), organization, this.secrets.encrypt(id), payload, textOf(grantId), textOf(userCode), textOf(uid), lifeSeconds],
    );
  }

  /** The record of this id, used or not, unless it has expired. */
  find(kind: string, id: string): Promise<EngineRecord | undefined> {
    return this.one('kind = $1 AND id_hash = $2', kind, hashOf(id));
  }

  findByUid(organization: string, kind: string, uid: string): Promise<EngineRecord | undefined> {
    return this.one('kind = $1 AND uid = $2 AND organization = $3', kind, uid, organization);
  }

  findByUserCode(organization: string, kind: string, userCode: string): Promise<EngineRecord | undefined> {
    return this.one('kind = $1 AND user_code = $2 AND organization = $3', kind, userCode, organization);
  }

  /** Uses the record up; false when it was used before or is gone. Of two requests at the same moment one succeeds: the database decides. */
  async consume(organization: string, kind: string, id: string): Promise<boolean> {
    const [rows]: [readonly unknown[], number] = await this.database.query(
      `UPDATE oauth_engine_records SET consumed_at = now()
       WHERE kind = $1 AND id_hash = $2 AND organization = $3 AND consumed_at IS NULL AND ${IS_LIVE} RETURNING 1`,
      [kind, hashOf(id), organization],
    );
    return rows.length > 0;
  }

  /** Removes the record; false when it was gone, so that it can be taken once only. */
  async remove(organization: string, kind: string, id: string): Promise<boolean> {
    const [rows]: [readonly unknown[], number] = await this.database.query(
      'DELETE FROM oauth_engine_records WHERE kind = $1 AND id_hash = $2 AND organization = $3 RETURNING 1',
      [kind, hashOf(id), organization],
    );
    return rows.length > 0;
  }

  async removeByGrant(organization: string, kind: string, grantId: string): Promise<void> {
    await this.database.query('DELETE FROM oauth_engine_records WHERE kind = $1 AND grant_id = $2 AND organization = $3', [
      kind,
      grantId,
      organization,
    ]);
  }

  /** Removes what has expired. */
  async purge(): Promise<void> {
    const batch = async () => {
      const [, gone]: [unknown, number] = await this.database.query(
        `DELETE FROM oauth_engine_records WHERE (kind, id_hash) IN
           (SELECT kind, id_hash FROM oauth_engine_records WHERE expires_at < now() ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)`,
        [PURGED_AT_ONCE],
      );
      return gone;
    };
    await inBatches(PURGED_AT_ONCE, batch, () => this.stopped);
  }

  private async one(condition: string, ...parameters: readonly string[]): Promise<EngineRecord | undefined> {
    if (parameters.some((value) => value.includes('\0'))) return undefined; // no text of the database holds it
    const [row]: readonly Row[] = await this.database.query(
      `SELECT ${COLUMNS} FROM oauth_engine_records WHERE ${condition} AND ${IS_LIVE}`,
      [...parameters],
    );
    return row && this.toRecord(row);
  }

  private toRecord({ organization, sealed_id: sealed, payload, consumed_at: consumedAt }: Row): EngineRecord {
    const used = consumedAt === null ? undefined : Math.floor(consumedAt.getTime() / 1000);
    return { id: this.secrets.decrypt(sealed), organization, payload, consumedAt: used };
  }
}
