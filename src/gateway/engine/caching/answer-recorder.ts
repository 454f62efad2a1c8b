import { headerOf } from '../front/headers.js';
import { keyOf } from './answer-keys.js';
import { ageOf, cacheControlOf, freshMs, isKeepable } from './cache-control.js';
import type { KeptAnswers } from './response-cache.js';

/** A longer body is not kept. */
const BODY_BYTES_MAX = 1_048_576;
const VARYING_MAX = 1_000;

/** Told of an answer of the backend while it leaves for the client. */
export interface AnswerRecorder {
  /** The head as the response policies left it, before the gateway's own headers. */
  head(status: number, headers: readonly string[]): void;
  data(chunk: Buffer): void;
  /** All of it has come; never told of an answer that broke off. */
  end(): void;
}

/** Copies one answer as it leaves for the client, and keeps it when all of it was there and it may be kept. */
export class KeepingRecorder implements AnswerRecorder {
  private chunks: Buffer[] | null = [];
  private bytes = 0;
  private status = 0;
  private headers: readonly string[] = [];

  constructor(
    private readonly answers: KeptAnswers,
    private readonly rest: string,
    /** Where an answer for this caller alone goes, and one for everybody. */
    private readonly places: { readonly own: string; readonly open: string },
    /** The request's headers when the answer was not found. */
    private readonly request: readonly string[],
    private readonly seconds: number,
  ) {}

  head(status: number, headers: readonly string[]): void {
    this.status = status;
    this.headers = [...headers];
    const length = Number(headerOf(headers, 'content-length') ?? 0);
    if (length > BODY_BYTES_MAX || !isKeepable(status, headers, cacheControlOf(headers))) this.chunks = null;
  }

  data(chunk: Buffer): void {
    if (this.chunks === null) return;
    this.bytes += chunk.length;
    if (this.bytes > BODY_BYTES_MAX) this.chunks = null;
    else this.chunks.push(chunk);
  }

  end(): void {
    const { chunks } = this;
    const headers = this.headers;
    if (chunks === null) return;
    this.chunks = null;
    const now = Date.now();
    const control = cacheControlOf(headers);
    const fresh = freshMs(headers, control, this.seconds * 1_000, now);
    if (fresh <= 0) return;
    const place = control.has('public') ? this.places.open : this.places.own;
    const names = varyingNames(headers);
    // Forgetting them costs a call to the backend each, and happens to those alone that call for a thousand different things.
    const { varying } = this.answers;
    if (varying.size >= VARYING_MAX) varying.clear();
    varying.set(place, names);
    // Chunks are views of larger buffers: only a copy is as small as it says.
    const body = Buffer.concat(chunks);
    const age = ageOf(headers);
    this.answers.put(keyOf(place, names, this.request), this.rest, {
      status: this.status,
      headers: withoutLength(headers),
      body,
      madeAt: now - age * 1_000,
      freshUntil: now + fresh,
    });
  }
}

/** Lets go of what was kept about a place that a request has changed (RFC 9111 §4.4). */
export class ForgettingRecorder implements AnswerRecorder {
  constructor(
    private readonly answers: KeptAnswers,
    private readonly rest: string,
  ) {}

  head(status: number): void {
    if (status < 400) this.answers.dropAll(this.rest);
  }

  data(): void {}

  end(): void {}
}

/** The request headers that the answer differs by, in lower case. */
const varyingNames = (headers: readonly string[]): readonly string[] => {
  const names = new Set<string>();
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i]?.toLowerCase() !== 'vary') continue;
    for (const name of (headers[i + 1] ?? '').split(',')) if (name.trim() !== '') names.add(name.trim().toLowerCase());
  }
  // Not every backend says so.
  if ((headerOf(headers, 'access-control-allow-origin') ?? '*').trim() !== '*') names.add('origin');
  if (headerOf(headers, 'content-encoding') !== null) names.add('accept-encoding');
  return [...names].sort();
};

/** The headers without those that are told anew each time. */
const withoutLength = (headers: readonly string[]): readonly string[] => {
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? '';
    const lower = name.toLowerCase();
    if (lower !== 'age' && lower !== 'content-length') kept.push(name, headers[i + 1] ?? '');
  }
  return kept;
};
