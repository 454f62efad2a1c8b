import { headerOf } from '../front/headers.js';
import type { KeptAnswer } from './response-cache.js';

/** What a 304 repeats of the answer (RFC 9110 §15.4.5). */
const REPEATED: ReadonlySet<string> = new Set(['cache-control', 'content-location', 'date', 'etag', 'expires', 'last-modified', 'vary']);

/** Whether the client has the answer already, by the validators that it sent (RFC 9110 §13.1.2, §13.1.3). */
export const isNotModified = (request: readonly string[], { status, headers }: KeptAnswer): boolean => {
  if (status !== 200) return false;
  const tags = headerOf(request, 'if-none-match');
  if (tags !== null) {
    const own = headerOf(headers, 'etag');
    return tags.trim() === '*' || (own !== null && tags.split(',').some((tag) => weak(tag) === weak(own)));
  }
  const since = Date.parse(headerOf(request, 'if-modified-since') ?? '');
  const modified = Date.parse(headerOf(headers, 'last-modified') ?? '');
  return !Number.isNaN(since) && !Number.isNaN(modified) && modified <= since;
};

export const notModifiedHeaders = (headers: readonly string[]): readonly string[] => {
  const repeated: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? '';
    if (REPEATED.has(name.toLowerCase())) repeated.push(name, headers[i + 1] ?? '');
  }
  return repeated;
};

const weak = (tag: string): string => tag.trim().replace(/^W\//, '');
