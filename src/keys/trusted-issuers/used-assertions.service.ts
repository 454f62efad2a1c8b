import { createHash } from 'node:crypto';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { inBatches } from '../../platform/database/batches.js';
import { Log } from '../../platform/logging/log.js';
import { epochSeconds } from '../tokens/lifetimes.js';

const PURGE_EVERY_MS = 10 * 60_000;
const PURGED_AT_ONCE = 500;

/** Remembers assertions that were presented, so that none is taken twice, by whichever server. */
@Injectable()
export class UsedAssertions implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly database: DataSource,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(
      () => this.purge().catch((err: unknown) => this.log.warn({ err }, 'old assertions stay for now')),
      PURGE_EVERY_MS,
    );
    this.timer.unref();
  }

  onModuleDestroy(): void {
    this.stopped = true;
    clearInterval(this.timer);
  }

  /** Uses an assertion up; false when it was used before. `expiresAt` in epoch seconds, after which the assertion is refused anyway. */
  async use(organization: string, issuer: string, id: string, expiresAt: number): Promise<boolean> {
    const digest = createHash('sha256')
      .update(JSON.stringify([issuer, id]))
      .digest('hex');
    const rows: readonly unknown[] = await this.database.query(
      `INSERT INTO used_assertions (organization, digest, expires_at) VALUES ($1, $2, $3)
       ON CONFLICT (organization, digest) DO NOTHING RETURNING digest`,
      [organization, digest, expiresAt],
    );
    return rows.length > 0;
  }

  /** Forgets assertions that would be refused anyway. */
  async purge(): Promise<void> {
    const batch = async () => {
      const [, gone]: [unknown, number] = await this.database.query(
        `DELETE FROM used_assertions WHERE (organization, digest) IN
           (SELECT organization, digest FROM used_assertions WHERE expires_at < $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
        [epochSeconds(), PURGED_AT_ONCE],
      );
      return gone;
    };
    await inBatches(PURGED_AT_ONCE, batch, () => this.stopped);
  }
}
