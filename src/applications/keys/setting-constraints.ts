import { RE2JS } from 're2js';
import type { SettingConstraint, SettingConstraints } from '../../keys/managers/setting-constraints.js';
import { PropertyConstrained } from './application-keys.problems.js';
import type { Properties } from './resident-properties.js';

const NOT_SET = new Set<unknown>([undefined, null, '', 'N/A']);

/**
 * Checks what an application sets; a property that is not set takes the server's own value, about which nothing was promised.
 * @throws PropertyConstrained (400)
 */
export const checkConstraints = (properties: Properties, constraints: SettingConstraints): void => {
  for (const [name, constraint] of Object.entries(constraints)) {
    const value = properties[name];
    if (NOT_SET.has(value)) continue;
    for (const item of Array.isArray(value) ? value : [value]) {
      const rule = brokenRule(item, constraint);
      if (rule !== undefined) throw PropertyConstrained(name, rule);
    }
  }
};

/** What the value must be, when it is not. A constraint that says nothing forbids nothing. */
const brokenRule = (value: unknown, { type, value: limits }: SettingConstraint): string | undefined => {
  switch (type) {
    case 'MAX':
      return outside(value, undefined, limits['max']);
    case 'MIN':
      return outside(value, limits['min'], undefined);
    case 'RANGE':
      return outside(value, limits['min'], limits['max']);
    case 'REGEX':
      return mismatch(String(value), limits['pattern']);
    case 'ENUM': {
      const allowed = Array.isArray(limits['allowed']) ? limits['allowed'].map(String) : [];
      return allowed.length === 0 || allowed.includes(String(value)) ? undefined : `one of ${allowed.join(', ')}`;
    }
    default:
      return undefined;
  }
};

const outside = (value: unknown, min: unknown, max: unknown): string | undefined => {
  const number = Number(value);
  const [lowest, highest] = [limitOf(min), limitOf(max)];
  if (Number.isNaN(number)) return 'a number';
  if (lowest !== undefined && number < lowest) return `at least ${lowest}`;
  // A negative life never ends, which is more than any maximum.
  if (highest !== undefined && (number > highest || number < 0)) return `at most ${highest}`;
  return undefined;
};

const limitOf = (limit: unknown): number | undefined => {
  const number = typeof limit === 'number' || (typeof limit === 'string' && limit.trim() !== '') ? Number(limit) : Number.NaN;
  return Number.isNaN(number) ? undefined : number;
};

const mismatch = (value: string, pattern: unknown): string | undefined => {
  if (typeof pattern !== 'string' || pattern === '') return undefined;
  const regex = compiled(pattern);
  // What an administrator forbade by an expression that cannot be read stays forbidden.
  return regex?.matches(value) ? undefined : `of the form ${pattern}`;
};

const compiled = (pattern: string): RE2JS | undefined => {
  try {
    return RE2JS.compile(pattern);
  } catch {
    return undefined;
  }
};
