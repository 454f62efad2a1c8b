import { appendFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from './log.js';

export interface DailyLogFiles {
  readonly directory: string;
  /** A file is named by prefix, date (`2026-11-22`, UTC) and suffix. */
  readonly prefix: string;
  readonly suffix: string;
  /** 0 keeps every file. */
  readonly maxDays: number;
  /** The name of today's file, which gets its date with the next day's first line; without one every file has its date from the beginning. */
  readonly current?: string;
}

/** Text that waits while the disk is slow, in characters; more is dropped, and told. */
const WAITING_MAX = 64 * 1_048_576;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;

const dateOf = (now: number): string => new Date(now).toISOString().slice(0, 10);

/** A log of one file a day, written beside whatever makes its lines: nobody waits for the disk. */
export class DailyLog {
  private waiting: string[] = [];
  private waitingLength = 0;
  private dropped = 0;
  private writing: Promise<void> | undefined;
  private day = '';
  private isFailing = false;

  constructor(
    private readonly files: DailyLogFiles,
    private readonly log: Pick<Log, 'warn'>,
    private readonly now: () => number = Date.now,
  ) {}

  /** Adds whole lines, each with its end. */
  add(lines: string): void {
    if (this.waitingLength + lines.length > WAITING_MAX) {
      this.dropped += 1;
      return;
    }
    this.waiting.push(lines);
    this.waitingLength += lines.length;
    this.writing ??= this.writeOut().finally(() => {
      this.writing = undefined;
    });
  }

  /** Resolves once everything added so far is written, or could not be. */
  async flush(): Promise<void> {
    while (this.writing !== undefined) await this.writing;
  }

  private async writeOut(): Promise<void> {
    // What comes in the same turn leaves in one write.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const text = this.waiting.join('');
      this.waiting = [];
      this.waitingLength = 0;
      try {
        const today = dateOf(this.now());
        if (today !== this.day) await this.begin(today);
        await appendFile(this.file(this.files.current ?? this.dated(today)), text, { mode: 0o600 });
        if (this.dropped > 0) this.log.warn({ dropped: this.dropped }, 'the disk was too slow for a log file; lines are missing');
        this.dropped = 0;
        this.isFailing = false;
      } catch (err) {
        if (!this.isFailing) this.log.warn({ err }, 'lines of a log file could not be written and are lost');
        this.isFailing = true;
      }
    }
  }

  private file(name: string): string {
    return join(this.files.directory, name);
  }

  private dated(date: string): string {
    return `${this.files.prefix}${date}${this.files.suffix}`;
  }

  private async begin(today: string): Promise<void> {
    const { directory, prefix, suffix, maxDays, current } = this.files;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    if (current !== undefined) await this.moveAside(current, today);
    this.day = today;
    if (maxDays === 0) return;
    const oldest = dateOf(this.now() - (maxDays - 1) * DAY_MS);
    for (const name of await readdir(directory)) {
      if (!name.startsWith(prefix) || !name.endsWith(suffix)) continue;
      const date = name.slice(prefix.length, name.length - suffix.length);
      if (DATE.test(date) && date < oldest) await rm(join(directory, name), { force: true });
    }
  }

  /** Gives the file of an earlier day its date. */
  private async moveAside(current: string, today: string): Promise<void> {
    const written = await stat(this.file(current)).catch((err: NodeJS.ErrnoException) => {
      if (err.code === 'ENOENT') return undefined; // nothing was written yet
      throw err;
    });
    const date = written === undefined ? today : dateOf(written.mtimeMs);
    if (date !== today) await rename(this.file(current), this.file(this.dated(date)));
  }
}
