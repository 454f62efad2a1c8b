import type { RE2JS } from 're2js';
import { linearPatterns } from './linear-pattern.js';

interface Reader {
  readonly index: number;
  readonly names: readonly string[];
  /** Null where the parameter is the whole segment. */
  readonly pattern: RE2JS | null;
}

const PARAMETER = /\{[+]?([^{}]+)\}/g;

/**
 * Reads the values of a template's parameters off a path that matches it: by name, still encoded. Segments with more than a parameter are matched in time
 * linear in their length.
 */
export const pathReader = (template: string): ((path: string) => ReadonlyMap<string, string>) => {
  const segments = template.split('?', 1)[0]?.split('/') ?? [];
  const readers = segments.flatMap((segment, index): Reader[] => {
    const names = Array.from(segment.matchAll(PARAMETER), ([, name]) => name ?? '');
    if (names.length === 0) return [];
    if (names.length === 1 && /^\{[+]?[^{}]+\}$/.test(segment)) return [{ index, names, pattern: null }];
    const pattern = segment
      .split(PARAMETER)
      .map((part, at) => (at % 2 === 1 ? '(.*)' : linearPatterns().quote(part)))
      .join('');
    return [{ index, names, pattern: linearPatterns().compile(pattern) }];
  });
  return (path) => {
    const parts = path.split('/');
    const values = new Map<string, string>();
    for (const { index, names, pattern } of readers) {
      const part = parts[index];
      if (part === undefined) continue;
      if (pattern === null) {
        values.set(names[0] ?? '', part);
        continue;
      }
      const matcher = pattern.matcher(part);
      if (matcher.matches()) for (const [at, name] of names.entries()) values.set(name, matcher.group(at + 1) ?? '');
    }
    return values;
  };
};
