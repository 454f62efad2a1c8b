import { appendFileSync, createReadStream, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { FeedRow } from '../../domain/gateway-documents.js';

/** First line of the file: which database's feed it copies. */
interface Header {
  readonly feed: string;
}

/** Appended lines beyond the living documents before the file is written anew. */
const WASTE_MAX = 10_000;

const keyOf = (row: FeedRow): string => `${row.organization}\n${row.kind}\n${row.key}`;

/**
 * The gateway's last copy of the feed on disk, so that it can start while the control plane is down (design §2): JSON lines, appended as documents
 * arrive and compacted now and then. Readable by its owner alone.
 */
export class DocumentCopy {
  private lines = 0;
  private alive = 0;
  /** Whether the file is known to end with a whole line. */
  private isWhole = false;

  constructor(private readonly file: string) {}

  /** Everything alive, in order, and the feed it belongs to; empty when there is no usable copy. Torn lines are left out. */
  async read(): Promise<{ readonly feed: string; readonly rows: readonly FeedRow[] }> {
    if (!existsSync(this.file)) return { feed: '', rows: [] };
    const rows = new Map<string, FeedRow>();
    let feed = '';
    this.lines = 0;
    let last: FeedRow | undefined;
    for await (const line of createInterface({ input: createReadStream(this.file, 'utf8') })) {
      const value = parsed(line);
      // Torn by a crash; the feed is read on from before it, so its rows follow.
      if (value === undefined) continue;
      if ('feed' in value) {
        feed = value.feed;
        continue;
      }
      this.lines++;
      last = value;
      rows.delete(keyOf(value));
      if (value.body !== null) rows.set(keyOf(value), value);
    }
    this.alive = rows.size;
    const ordered = [...rows.values()];
    // A deletion that came last carries the cursor.
    if (last && last.body === null) ordered.push(last);
    return { feed, rows: ordered };
  }

  /** Replaces the file by these rows of this feed. */
  write(feed: string, rows: readonly FeedRow[]): void {
    mkdirSync(dirname(this.file), { recursive: true, mode: 0o700 });
    const header: Header = { feed };
    const next = `${this.file}.next`;
    writeFileSync(next, `${[header, ...rows].map((row) => JSON.stringify(row)).join('\n')}\n`, { mode: 0o600 });
    renameSync(next, this.file);
    this.lines = rows.length;
    this.alive = rows.length;
    this.isWhole = true;
  }

  /** Adds the rows at the end, on lines of their own whatever was torn there before. */
  append(rows: readonly FeedRow[]): void {
    const start = this.isWhole ? '' : '\n';
    this.isWhole = false;
    appendFileSync(this.file, `${start}${rows.map((row) => `${JSON.stringify(row)}\n`).join('')}`, { mode: 0o600 });
    this.isWhole = true;
    this.lines += rows.length;
  }

  /** Whether most of the file is history. */
  get isWasteful(): boolean {
    return this.lines > 2 * this.alive + WASTE_MAX;
  }
}

const parsed = (line: string): Header | FeedRow | undefined => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // empty, or the process was killed in the middle of this line; the feed still has it
  }
};
