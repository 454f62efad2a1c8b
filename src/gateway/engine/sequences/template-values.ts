import { DefinitionError } from './message.js';

const LENGTH_MAX = 1024 * 1024;

/** How a value is printed: nothing for none and undefined, whole numbers without `.0`, lists and maps as JSON. */
export const printed = (value: unknown): string => {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

/** Whether a value counts as true in a condition (`reference/mediation.md` §1.3). */
export const isTrue = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'string') return value !== '' && value.toLowerCase() !== 'false';
  return value !== undefined && value !== null && value !== false && value !== 0 && !Number.isNaN(value);
};

/** A member that the value itself holds; lists by index, from the end when negative. */
export const memberOf = (value: unknown, key: unknown): unknown => {
  if (Array.isArray(value)) return Number.isInteger(Number(key)) ? (value.at(Number(key)) as unknown) : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  const name = printed(key);
  return Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
};

/** A comparison; numbers and texts that are numbers compare as numbers. */
export const compareValues = (operator: string, left: unknown, right: unknown): boolean => {
  if (operator === 'in') {
    if (Array.isArray(right)) return right.some((item) => isEqual(left, item));
    if (typeof right === 'object' && right !== null) return Object.hasOwn(right, printed(left));
    return typeof right === 'string' && right.includes(printed(left));
  }
  if (operator === '==') return isEqual(left, right);
  if (operator === '!=') return !isEqual(left, right);
  if (left === undefined || left === null || right === undefined || right === null) return false;
  const [a, b] = isNumeric(left) && isNumeric(right) ? [Number(left), Number(right)] : [printed(left), printed(right)];
  if (operator === '<') return a < b;
  if (operator === '<=') return a <= b;
  return operator === '>' ? a > b : a >= b;
};

const isNumeric = (value: unknown): boolean =>
  typeof value === 'number' || (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)));

const isEqual = (left: unknown, right: unknown): boolean => {
  if (left === undefined || left === null || right === undefined || right === null) return (left ?? null) === (right ?? null);
  if (typeof left === 'number' || typeof right === 'number') return isNumeric(left) && isNumeric(right) && Number(left) === Number(right);
  return printed(left) === printed(right);
};

/** One of the filters that the syntax lets through. @throws DefinitionError for a text that grows beyond what a policy may be. */
export const applyFilter = (name: string, value: unknown, args: readonly unknown[]): unknown => {
  const text = printed(value);
  switch (name) {
    case 'default':
      return value === undefined || (isTrue(args[1]) && !isTrue(value)) ? args[0] : value;
    case 'lower':
      return text.toLowerCase();
    case 'upper':
      return text.toUpperCase();
    case 'trim':
      return text.trim();
    case 'replace':
      return printed(args[0]) === '' ? text : joined(text.split(printed(args[0])), printed(args[1]));
    case 'length':
      if (Array.isArray(value)) return value.length;
      return typeof value === 'object' && value !== null ? Object.keys(value).length : text.length;
    case 'join':
      return Array.isArray(value) ? joined(value.map(printed), printed(args[0])) : text;
    case 'int': {
      const number = Number.parseInt(text, 10);
      return Number.isNaN(number) ? (args[0] ?? 0) : number;
    }
    case 'tojson':
      return JSON.stringify(value ?? null);
    case 'split':
      return args.length === 0 ? text.split(/\s+/).filter((part) => part !== '') : text.split(printed(args[0]));
    default:
      return text
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;')
        .replaceAll("'", '&#39;');
  }
};

/** Puts pieces together unless they grow too long; each occurrence of a replaced text may grow. */
const joined = (pieces: readonly string[], separator: string): string => {
  const length = pieces.reduce((total, piece) => total + piece.length, separator.length * Math.max(0, pieces.length - 1));
  if (length > LENGTH_MAX) throw new DefinitionError('the policy with its values is larger than 1 MiB');
  return pieces.join(separator);
};
