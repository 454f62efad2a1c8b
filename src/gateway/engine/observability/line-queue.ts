/** Records that wait to be written out, and characters of lines that wait to be taken; more are dropped and counted. */
const RECORDS_MAX = 10_000;
const CHARACTERS_MAX = 16 * 1_048_576;
/** How long requests wait at most while lines are written out. */
const SLICE_MS = 4;

/** Lines of one worker for a log file, written out between requests: whoever adds a record waits for nothing. */
export class LineQueue<R> {
  private records: R[] = [];
  private next = 0;
  private lines: string[] = [];
  private characters = 0;
  private dropped = 0;
  private isScheduled = false;

  constructor(
    /** Makes a record's line, with its end. */
    private readonly write: (record: R) => string,
    /** Told of every record once it is written, or dropped. */
    private readonly done: (record: R) => void = () => undefined,
  ) {}

  add(record: R): void {
    if (this.records.length - this.next >= RECORDS_MAX || this.characters >= CHARACTERS_MAX) {
      this.dropped += 1;
      this.done(record);
      return;
    }
    this.records.push(record);
    this.schedule();
  }

  /** The lines since the last call, and how many there was no room for; undefined when there is nothing. `isLast`: whatever still waits comes along. */
  take(isLast = false): { readonly text: string; readonly dropped: number } | undefined {
    if (isLast) this.writeOut(Number.POSITIVE_INFINITY);
    if (this.lines.length === 0 && this.dropped === 0) return undefined;
    const taken = { text: this.lines.join(''), dropped: this.dropped };
    this.lines = [];
    this.characters = 0;
    this.dropped = 0;
    return taken;
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      this.writeOut(performance.now() + SLICE_MS);
      if (this.records.length > 0) this.schedule();
    });
  }

  private writeOut(until: number): void {
    for (let record = this.records[this.next]; record !== undefined; record = this.records[this.next]) {
      this.next += 1;
      const line = this.write(record);
      this.lines.push(line);
      this.characters += line.length;
      this.done(record);
      if (performance.now() >= until) break;
    }
    if (this.next < this.records.length) return;
    this.records = [];
    this.next = 0;
  }
}
