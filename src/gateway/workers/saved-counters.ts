import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { CounterTable, createCounterTable, type SavedCounters } from '../engine/counters.js';

const EVERY_MS = 1_000;

/** The shared counters; what windows longer than a minute hold is saved every second and survives a restart. */
export class SavedCounterTable {
  readonly buffer: SharedArrayBuffer;
  private readonly table: CounterTable;
  private timer: NodeJS.Timeout | undefined;
  private written = '';

  constructor(private readonly file: string) {
    const saved = readSaved(file);
    this.buffer = createCounterTable(saved ? { seed: saved.seed } : {});
    this.table = new CounterTable(this.buffer);
    if (saved) this.table.import(saved, Date.now());
  }

  start(): void {
    mkdirSync(dirname(this.file), { recursive: true });
    this.timer = setInterval(() => this.save(), EVERY_MS);
  }

  /** Writes the last state. */
  stop(): void {
    clearInterval(this.timer);
    this.save();
  }

  private save(): void {
    const text = JSON.stringify(this.table.export(Date.now()));
    if (text === this.written) return;
    writeFileSync(`${this.file}.next`, text, { mode: 0o600 });
    renameSync(`${this.file}.next`, this.file);
    this.written = text;
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
