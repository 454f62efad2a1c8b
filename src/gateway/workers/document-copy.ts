import { appendFileSync, createReadStream, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { FeedRow } from '../../domain/gateway-documents.js';

/** First line of the file: which database's feed it copies, and how far it had been read when the file was written. */
interface Header {
  readonly feed: string;
  readonly cursor: number;
}

/** A document that could not be served: the one before it stays in force, also after a restart. */
interface Refused {
  readonly refused: number;
}

export interface CopiedDocuments {
  /** Empty when there is no usable copy. */
  readonly feed: string;
  /** The highest number the copy has seen. */
  readonly cursor: number;
  /** Everything alive, in the order it came. */
  readonly rows: readonly FeedRow[];
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
  private additions = 0;
  /** Whether the file is known to end with a whole line. */
  private isWhole = false;

  constructor(private readonly file: string) {}

  /** Reads the file; torn lines are left out, and so are documents that were refused. */
  async read(): Promise<CopiedDocuments> {
    if (!existsSync(this.file)) return { feed: '', cursor: 0, rows: [] };
    const read: FeedRow[] = [];
    const refused = new Set<number>();
    let header: Header = { feed: '', cursor: 0 };
    for await (const line of createInterface({ input: createReadStream(this.file, 'utf8') })) {
      const value = parsed(line);
      // Torn by a crash; the feed is read on from before it, so its rows follow.
      if (value === undefined) continue;
      if ('feed' in value) header = { feed: value.feed, cursor: Number.isInteger(value.cursor) ? value.cursor : 0 };
      else if ('refused' in value) refused.add(value.refused);
      else read.push(value);
    }
    const rows = new Map<string, FeedRow>();
    let cursor = header.cursor;
    for (const row of read) {
      cursor = Math.max(cursor, row.seq);
      if (refused.has(row.seq)) continue;
      rows.delete(keyOf(row));
      if (row.body !== null) rows.set(keyOf(row), row);
    }
    this.lines = read.length;
    this.alive = rows.size;
    return { feed: header.feed, cursor, rows: [...rows.values()] };
  }

  /** Replaces the file by these documents. */
  write({ feed, cursor, rows }: CopiedDocuments): void {
    mkdirSync(dirname(this.file), { recursive: true, mode: 0o700 });
    const header: Header = { feed, cursor };
    const next = `${this.file}.next`;
    writeFileSync(next, `${[header, ...rows].map((line) => JSON.stringify(line)).join('\n')}\n`, { mode: 0o600 });
    renameSync(next, this.file);
    this.lines = rows.length;
    this.alive = rows.length;
    this.isWhole = true;
  }

  append(rows: readonly FeedRow[]): void {
    this.add(rows);
    this.lines += rows.length;
  }

  /** Notes that the document of this number cannot be served. */
  refuse(seq: number): void {
    this.add([{ refused: seq }]);
  }

  /** Writes the file anew when most of it is history. What is added meanwhile goes before: it is then left for the next time. */
  async compact(): Promise<void> {
    if (this.lines <= 2 * this.alive + WASTE_MAX) return;
    const before = this.additions;
    const documents = await this.read();
    if (this.additions === before) this.write(documents);
  }

  /** Adds lines at the end, whatever was torn there before. */
  private add(values: readonly (FeedRow | Refused)[]): void {
    const start = this.isWhole ? '' : '\n';
    this.isWhole = false;
    this.additions += 1;
    appendFileSync(this.file, `${start}${values.map((value) => `${JSON.stringify(value)}\n`).join('')}`, { mode: 0o600 });
    this.isWhole = true;
  }
}

const parsed = (line: string): Header | Refused | FeedRow | undefined => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // empty, or the process was killed in the middle of this line; the feed still has it
  }
};
