import type { Operation } from '../link.js';

const SLASH = /%(?:25)*2f/gi;
const BACKSLASH = /\\|%(?:25)*5c/gi;
const PARAMETERS = /;[^/]*/g;
const NONE: readonly string[] = [];

/**
 * What else backends take a path for: some read an encoded slash or a backslash as a slash, some drop the parameters of segments (`;x`). Empty
 * for a path that all read alike.
 */
export const otherReadings = (path: string): readonly string[] => {
  if (path.indexOf('%') < 0 && path.indexOf(';') < 0 && path.indexOf('\\') < 0) return NONE;
  const slashes = path.replace(SLASH, '/');
  const all = [path, slashes, path.replace(BACKSLASH, '/'), slashes.replace(BACKSLASH, '/')];
  const readings = new Set([...all, ...all.map((reading) => reading.replace(PARAMETERS, ''))].map(tidy));
  readings.delete(path);
  return [...readings];
};

const tidy = (path: string): string => {
  const single = path.replace(/\/{2,}/g, '/');
  return single.length > 1 && single.endsWith('/') ? single.slice(0, -1) : single;
};

/** Whether it makes no difference which of two operations of an API a request is taken for. */
export const haveSameRules = (one: Operation, other: Operation): boolean =>
  one === other ||
  (one.authType === other.authType &&
    one.throttlingPolicy === other.throttlingPolicy &&
    one.backend === other.backend &&
    one.mediation === null &&
    other.mediation === null &&
    one.mock === undefined &&
    other.mock === undefined &&
    one.lambda === undefined &&
    other.lambda === undefined &&
    one.checks === null &&
    other.checks === null &&
    one.scopes.length === other.scopes.length &&
    one.scopes.every((scope) => other.scopes.includes(scope)));
