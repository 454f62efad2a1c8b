import type { Log } from '../../platform/logging/log.js';

/** Records kept while the database is away; the oldest go first beyond this. */
const KEPT_MAX = 100_000;

/**
 * Gathers records and writes them in batches, one batch at a time; what could not be written is tried again with the next batch, so that a database
 * that is away for a while loses nothing.
 */
export class Outbox<T> {
  private kept: T[] = [];
  private writing: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;
  private failing = false;

  constructor(
    private readonly name: string,
    private readonly write: (records: readonly T[]) => Promise<void>,
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
    if (this.kept.length === 0) return;
    const batch = this.kept;
    this.kept = [];
    try {
      await this.write(batch);
      this.failing = false;
    } catch (err) {
      this.kept = [...batch, ...this.kept];
      if (!this.failing) this.log.warn({ err, records: this.name }, 'records could not be written; trying again');
      this.failing = true;
    }
  }
}
