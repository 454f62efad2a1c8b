/** Entries of one resource, as many as the product keeps (`reference/gateway.md` §15). */
const ENTRIES_MAX = 500;
/** What an entry costs besides its texts. */
const ENTRY_BYTES = 512;

/** An answer that is kept: as it left the response policies, without the gateway's CORS headers. */
export interface KeptAnswer {
  readonly status: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: Buffer;
  /** Epoch milliseconds: when the backend made it, as far as it says, and until when it is fresh. */
  readonly madeAt: number;
  readonly freshUntil: number;
}

interface Entry {
  readonly resource: KeptAnswers;
  readonly key: string;
  /** Path and query that it answers. */
  readonly rest: string;
  readonly answer: KeptAnswer;
  readonly bytes: number;
}

/** All answers that a worker keeps, within one bound of memory: those that were not asked for longest give way. */
export class ResponseCache {
  private readonly entries = new Set<Entry>();
  private readonly resources = new WeakMap<object, Map<string, KeptAnswers>>();
  private bytes = 0;

  constructor(readonly bytesMax: number) {}

  /** Of one resource of a deployed API: a new deployment is another `api`, and begins with nothing. */
  answers(api: object, target: string): KeptAnswers {
    const ofApi = this.resources.get(api) ?? new Map<string, KeptAnswers>();
    this.resources.set(api, ofApi);
    const answers = ofApi.get(target) ?? new KeptAnswers(this);
    ofApi.set(target, answers);
    return answers;
  }

  admit(entry: Entry): void {
    this.entries.add(entry);
    this.bytes += entry.bytes;
    for (const oldest of this.entries) {
      if (this.bytes <= this.bytesMax) return;
      oldest.resource.drop(oldest);
    }
  }

  touch(entry: Entry): void {
    this.entries.delete(entry);
    this.entries.add(entry);
  }

  release(entry: Entry): void {
    if (this.entries.delete(entry)) this.bytes -= entry.bytes;
  }

  /** Lets go of what is not fresh any more. */
  forgetStale(now: number): void {
    for (const entry of this.entries) if (entry.answer.freshUntil <= now) entry.resource.drop(entry);
  }
}

/** The kept answers of one resource. */
export class KeptAnswers {
  /** By the place of an answer, the headers that those of the place differ by, as the last of them said. */
  readonly varying = new Map<string, readonly string[]>();
  private readonly byRest = new Map<string, Set<Entry>>();
  /** In the order in which they were asked for, the longest ago first. */
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly cache: ResponseCache) {}

  get(key: string, now: number): KeptAnswer | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.answer.freshUntil <= now) {
      this.drop(entry);
      return undefined;
    }
    this.entries.delete(key);
    this.entries.set(key, entry);
    this.cache.touch(entry);
    return entry.answer;
  }

  put(key: string, rest: string, answer: KeptAnswer): void {
    const before = this.entries.get(key);
    if (before !== undefined) this.drop(before);
    const text = answer.headers.reduce((sum, part) => sum + part.length, key.length);
    const bytes = ENTRY_BYTES + 2 * text + answer.body.length;
    if (bytes > this.cache.bytesMax) return;
    const entry: Entry = { resource: this, key, rest, answer, bytes };
    this.entries.set(key, entry);
    const others = this.byRest.get(rest);
    if (others === undefined) this.byRest.set(rest, new Set([entry]));
    else others.add(entry);
    if (this.entries.size > ENTRIES_MAX) this.dropOldest();
    this.cache.admit(entry);
  }

  drop(entry: Entry): void {
    if (this.entries.get(entry.key) === entry) this.entries.delete(entry.key);
    const others = this.byRest.get(entry.rest);
    others?.delete(entry);
    if (others?.size === 0) this.byRest.delete(entry.rest);
    this.cache.release(entry);
  }

  /** Lets go of everything about a path and query, whoever it was for. */
  dropAll(rest: string): void {
    for (const entry of this.byRest.get(rest) ?? []) this.drop(entry);
  }

  private dropOldest(): void {
    for (const oldest of this.entries.values()) {
      this.drop(oldest);
      return;
    }
  }
}
