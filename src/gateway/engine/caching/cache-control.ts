import { headerOf } from '../front/headers.js';

/** What `Cache-Control` says, by lower-case directive; one without a value is an empty text (RFC 9111 §5.2). */
export type CacheControl = ReadonlyMap<string, string>;

const DIRECTIVE = /([!#$%&'*+\-.^_`|~0-9a-z]+)(?:\s*=\s*(?:"([^"]*)"|([^,\s]*)))?/gi;
const NOTHING: CacheControl = new Map();

/** Statuses that are kept without being told to be (RFC 9110 §15.1), but for 206. */
const STATUSES: ReadonlySet<number> = new Set([200, 203, 204, 300, 301, 404, 405, 410, 414, 501]);

export const cacheControlOf = (headers: readonly string[]): CacheControl => {
  let directives: Map<string, string> | undefined;
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i]?.toLowerCase() !== 'cache-control') continue;
    directives ??= new Map();
    for (const [, name = '', quoted, plain] of (headers[i + 1] ?? '').matchAll(DIRECTIVE)) {
      const lower = name.toLowerCase();
      if (!directives.has(lower)) directives.set(lower, quoted ?? plain ?? '');
    }
  }
  return directives ?? NOTHING;
};

/** The seconds of a directive; null without it, 0 for what is no number (RFC 9111 §4.2.1: better stale than wrong). */
export const secondsOf = (control: CacheControl, directive: string): number | null => {
  const value = control.get(directive);
  if (value === undefined) return null;
  return /^\d+$/.test(value) ? Math.min(Number(value), 2_147_483_648) : 0;
};

/** Whether an answer may be kept at all, for whoever sent the same credential. */
export const isKeepable = (status: number, headers: readonly string[], control: CacheControl): boolean =>
  STATUSES.has(status) &&
  !control.has('no-store') &&
  !control.has('private') &&
  !control.has('no-cache') &&
  headerOf(headers, 'set-cookie') === null &&
  headerOf(headers, 'vary')?.trim() !== '*';

/** How long an answer stays fresh from now on, milliseconds; `usualMs` where the backend does not say, and at most. */
export const freshMs = (headers: readonly string[], control: CacheControl, usualMs: number, now: number): number => {
  const stated = secondsOf(control, 's-maxage') ?? secondsOf(control, 'max-age') ?? expiresIn(headers, now);
  if (stated === null) return usualMs;
  return Math.min(usualMs, (stated - ageOf(headers)) * 1_000);
};

/** The age an answer has when it comes, seconds. */
export const ageOf = (headers: readonly string[]): number => {
  const age = headerOf(headers, 'age')?.trim() ?? '';
  return /^\d+$/.test(age) ? Number(age) : 0;
};

const expiresIn = (headers: readonly string[], now: number): number | null => {
  const expires = headerOf(headers, 'expires');
  if (expires === null) return null;
  const end = Date.parse(expires);
  const date = Date.parse(headerOf(headers, 'date') ?? '');
  return Number.isNaN(end) ? 0 : Math.floor((end - (Number.isNaN(date) ? now : date)) / 1_000);
};
