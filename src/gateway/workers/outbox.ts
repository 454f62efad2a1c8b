import { randomUUID } from 'node:crypto';
import type { Log } from '../../platform/logging/log.js';

/** Records kept while the database is away; the oldest go first beyond this. */
const KEPT_MAX = 100_000;

interface Batch<T> {
  readonly id: string;
  readonly records: readonly T[];
}

/**
 * Gathers records and writes them in batches, one at a time. A batch that could not be written is tried again before the next one, with the same id and the same
 * records: a database that is away for a while loses nothing, and one that wrote it without a word can tell.
 */
export class Outbox<T> {
  private kept: T[] = [];
  private tried: Batch<T> | undefined;
  private writing: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;
  private failing = false;

  constructor(
    private readonly name: string,
    private readonly write: (records: readonly T[], batch: string) => Promise<void>,
    private readonly log: Log,
  ) {}

  add(records: readonly T[]): void {
    for (const record of records) this.kept.push(record);
    if (this.kept.length > KEPT_MAX) {
      this.log.warn(
        { dropped: this.kept.length - KEPT_MAX, records: this.name },
        'the database has been away too long; the oldest records are dropped',
      );
      this.kept.splice(0, this.kept.length - KEPT_MAX);
    }
  }

  /** Writes everything that is there now, after the batch that is being written; resolves when it is written or was refused. */
  flush(): Promise<void> {
    this.next ??= this.writing.then(() => {
      this.next = undefined;
      this.writing = this.writeOut();
      return this.writing;
    });
    return this.next;
  }

  private async writeOut(): Promise<void> {
    // What was tried before goes first and as it was: it may have been written, and only the answer was lost.
    if (this.tried !== undefined && !(await this.isWritten(this.tried))) return;
    if (this.kept.length === 0) return;
    const records = this.kept;
    this.kept = [];
    await this.isWritten({ id: randomUUID(), records });
  }

  private async isWritten(batch: Batch<T>): Promise<boolean> {
    try {
      await this.write(batch.records, batch.id);
      this.tried = undefined;
      this.failing = false;
      return true;
    } catch (err) {
      this.tried = batch;
      if (!this.failing) this.log.warn({ err, records: this.name }, 'records could not be written; trying again');
      this.failing = true;
      return false;
    }
  }
}
