import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Log } from '../../platform/logging/log.js';
import { CounterTable, createCounterTable, type SavedCounters } from '../engine/throttling/counters.js';

const EVERY_MS = 1_000;

/** The shared counters; what windows longer than a minute hold is saved every second and survives a restart. */
export class SavedCounterTable {
  readonly buffer: SharedArrayBuffer;
  private readonly table: CounterTable;
  private timer: NodeJS.Timeout | undefined;
  private written = '';
  private failing = false;

  constructor(
    private readonly file: string,
    private readonly log: Log,
  ) {
    const saved = readSaved(file);
    this.buffer = createCounterTable(saved ? { seed: saved.seed } : {});
    this.table = new CounterTable(this.buffer);
    if (saved) this.table.import(saved, Date.now());
  }

  start(): void {
    mkdirSync(dirname(this.file), { recursive: true });
    this.timer = setInterval(() => this.save(), EVERY_MS);
  }

  /** How many counters there is room for, and about how many are in use. */
  fill(): ReturnType<CounterTable['fill']> {
    return this.table.fill(Date.now());
  }

  /** Writes the last state. */
  stop(): void {
    clearInterval(this.timer);
    this.save();
  }

  /** A full disk costs the counts of a restart, not the server. */
  private save(): void {
    const text = JSON.stringify(this.table.export(Date.now()));
    if (text === this.written) return;
    try {
      writeFileSync(`${this.file}.next`, text, { mode: 0o600 });
      renameSync(`${this.file}.next`, this.file);
      this.written = text;
      this.failing = false;
    } catch (err) {
      if (!this.failing) this.log.warn({ err }, 'the counters could not be saved; trying again');
      this.failing = true;
    }
  }
}

/** A file that was torn or is of another version counts as none: the windows begin anew. */
const readSaved = (file: string): SavedCounters | undefined => {
  if (!existsSync(file)) return undefined;
  try {
    const saved: SavedCounters = JSON.parse(readFileSync(file, 'utf8'));
    return Array.isArray(saved.seed) && Array.isArray(saved.slots) ? saved : undefined;
  } catch {
    return undefined;
  }
};
