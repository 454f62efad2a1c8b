import { isStorable } from '../users/user-rules.js';
import { InvalidFilter } from './scim.problems.js';

export const OPERATORS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const;
export type Operator = (typeof OPERATORS)[number];

/** `path op value`; the path as it was written. */
export interface Term {
  readonly path: string;
  readonly operator: Operator;
  readonly value: string;
}

const TERM = /^([A-Za-z][\w.:$-]*) +([A-Za-z]+) +("(?:[^"\\]|\\.)*"|[^\s"]+)/;
const AND = /^ +and +/i;
const TEXT_MAX = 4096;

const isOperator = (word: string): word is Operator => OPERATORS.some((operator) => operator === word);

const unquoted = (text: string): string => {
  if (!text.startsWith('"')) return text;
  try {
    const value = String(JSON.parse(text));
    if (isStorable(value)) return value;
  } catch {
    // What is no JSON string is refused below.
  }
  throw InvalidFilter(`The value ${text} is not a JSON string.`);
};

/** `term ( " and " term )*` (`reference/identity.md` §3); neither `or` nor `not` nor parentheses. @throws InvalidFilter (400). */
export const parseFilter = (text: string): readonly Term[] => {
  if (text.length > TEXT_MAX || !isStorable(text)) throw InvalidFilter('The filter is too long or holds characters that are not allowed.');
  const terms: Term[] = [];
  let rest = text.trim();
  for (;;) {
    const [whole, path = '', word = '', value = ''] = TERM.exec(rest) ?? [];
    if (whole === undefined) throw InvalidFilter(`The filter ${text} is not supported.`);
    const operator = word.toLowerCase();
    if (!isOperator(operator)) throw InvalidFilter(`The filter operator ${word} is not supported.`);
    terms.push({ path, operator, value: unquoted(value) });
    rest = rest.slice(whole.length);
    if (rest === '') return terms;
    const [and] = AND.exec(rest) ?? [];
    if (and === undefined) throw InvalidFilter(`The filter ${text} is not supported.`);
    rest = rest.slice(and.length);
  }
};
