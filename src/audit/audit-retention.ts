import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditConfig } from '../platform/config/sections/audit.config.js';
import { inBatches } from '../platform/database/batches.js';
import { Log } from '../platform/logging/log.js';

const PURGE_EVERY_MS = 60 * 60_000;
const PURGED_AT_ONCE = 1_000;

/** Forgets entries that are older than the configuration keeps them. */
@Injectable()
export class AuditRetention implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly database: DataSource,
    private readonly config: AuditConfig,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    if (this.config.retentionDays === 0) return;
    const purge = () => this.purge().catch((err: unknown) => this.log.warn({ err }, 'old audit entries stay for now'));
    this.timer = setInterval(purge, PURGE_EVERY_MS);
    this.timer.unref();
    void purge();
  }

  onModuleDestroy(): void {
    this.stopped = true;
    clearInterval(this.timer);
  }

  private async purge(): Promise<void> {
    const batch = async () => {
      const [, gone]: [unknown, number] = await this.database.query(
        `DELETE FROM audit_entries WHERE ctid = ANY (ARRAY(
           SELECT ctid FROM audit_entries WHERE at < now() - make_interval(days => $1) LIMIT $2 FOR UPDATE SKIP LOCKED))`,
        [this.config.retentionDays, PURGED_AT_ONCE],
      );
      return gone;
    };
    await inBatches(PURGED_AT_ONCE, batch, () => this.stopped);
  }
}
