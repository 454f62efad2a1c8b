import {
  type Calculation,
  type CastType,
  type Comparison,
  isOwnProperty,
  type RuleExpression,
  type StreamField,
} from '../../../domain/custom-rules.js';
import { javaPattern } from '../sequences/java-pattern.js';

/** Large whole numbers, such as addresses of IPv6, are bigints. Null: there is nothing. */
export type RuleValue = string | number | bigint | boolean | null;

/** What rules ask about a request. */
export interface RuleFacts {
  field(name: StreamField): string | null;
  /** An entry of `propertiesMap`. */
  property(name: string): RuleValue;
}

export type RuleFunction = (facts: RuleFacts) => RuleValue;

/** Makes an expression a function. Throws an `Error` for one that is none. */
export const linkExpression = (tree: RuleExpression): RuleFunction => {
  switch (tree.kind) {
    case 'literal': {
      const { value } = tree;
      return () => value;
    }
    case 'large': {
      const value = BigInt(tree.digits);
      return () => value;
    }
    case 'field': {
      const { name } = tree;
      return (facts) => facts.field(name);
    }
    case 'property': {
      const { name } = tree;
      return (facts) => facts.property(name);
    }
    case 'concat': {
      const parts = tree.parts.map(linkExpression);
      return (facts) => joined(parts, facts);
    }
    case 'cast': {
      const of = linkExpression(tree.of);
      const cast = CASTS[tree.to];
      return (facts) => cast(of(facts));
    }
    case 'find': {
      const text = linkExpression(tree.in);
      const pattern = javaPattern(tree.pattern);
      return (facts) => {
        const value = text(facts);
        return typeof value === 'string' && pattern.finds(value);
      };
    }
    case 'missing': {
      const of = linkExpression(tree.of);
      return (facts) => of(facts) === null;
    }
    case 'not': {
      const of = linkExpression(tree.of);
      return (facts) => of(facts) !== true;
    }
    case 'negative': {
      const of = linkExpression(tree.of);
      return (facts) => negated(of(facts));
    }
    case 'and': {
      const left = linkExpression(tree.left);
      const right = linkExpression(tree.right);
      return (facts) => left(facts) === true && right(facts) === true;
    }
    case 'or': {
      const left = linkExpression(tree.left);
      const right = linkExpression(tree.right);
      return (facts) => left(facts) === true || right(facts) === true;
    }
    case 'compare': {
      const left = linkExpression(tree.left);
      const right = linkExpression(tree.right);
      const holds = COMPARE[tree.operator];
      return (facts) => {
        const one = left(facts);
        const other = right(facts);
        // As in Siddhi, what is not there is neither equal nor unequal to anything.
        return one !== null && other !== null && holds(one, other);
      };
    }
    case 'calculate': {
      const left = linkExpression(tree.left);
      const right = linkExpression(tree.right);
      const calculate = CALCULATE[tree.operator];
      return (facts) => {
        const one = left(facts);
        const other = right(facts);
        return one === null || other === null ? null : calculate(Number(one), Number(other));
      };
    }
  }
};

/** Whether an expression reads entries of the map that the gateway does not fill in by itself. */
export const readsOthers = (tree: RuleExpression): boolean => {
  switch (tree.kind) {
    case 'literal':
    case 'large':
    case 'field':
      return false;
    case 'property':
      return !isOwnProperty(tree.name);
    case 'concat':
      return tree.parts.some(readsOthers);
    case 'find':
      return readsOthers(tree.in);
    case 'cast':
    case 'missing':
    case 'not':
    case 'negative':
      return readsOthers(tree.of);
    default:
      return readsOthers(tree.left) || readsOthers(tree.right);
  }
};

const joined = (parts: readonly RuleFunction[], facts: RuleFacts): string => {
  let text = '';
  for (const part of parts) text += textOf(part(facts)) ?? '';
  return text;
};

const textOf = (value: RuleValue): string | null => (value === null ? null : String(value));

const negated = (value: RuleValue): RuleValue => (typeof value === 'number' || typeof value === 'bigint' ? -value : null);

const WHOLE = /^\s*[+-]?\d+\s*$/;

const integerOf = (value: RuleValue): RuleValue => {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Math.trunc(value);
  if (typeof value !== 'string' || !WHOLE.test(value)) return null;
  const whole = Number(value);
  return Number.isSafeInteger(whole) ? whole : BigInt(value.trim().replace(/^\+/, ''));
};

const numberOf = (value: RuleValue): RuleValue => {
  if (value === null || typeof value === 'boolean' || value === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
};

const booleanOf = (value: RuleValue): RuleValue => {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return null;
  const lower = value.toLowerCase();
  return lower === 'true' ? true : lower === 'false' ? false : null;
};

const CASTS: Readonly<Record<CastType, (value: RuleValue) => RuleValue>> = {
  string: textOf,
  integer: integerOf,
  number: numberOf,
  boolean: booleanOf,
};

type Present = Exclude<RuleValue, null>;

/** A number and a bigint are compared by what they stand for. */
const isEqual = (one: Present, other: Present): boolean =>
  typeof one === typeof other || typeof one === 'string' || typeof other === 'string' ? one === other : one >= other && one <= other;

const COMPARE: Readonly<Record<Comparison, (one: Present, other: Present) => boolean>> = {
  '==': isEqual,
  '!=': (one, other) => !isEqual(one, other),
  '<': (one, other) => one < other,
  '<=': (one, other) => one <= other,
  '>': (one, other) => one > other,
  '>=': (one, other) => one >= other,
};

const CALCULATE: Readonly<Record<Calculation, (one: number, other: number) => number>> = {
  '+': (one, other) => one + other,
  '-': (one, other) => one - other,
  '*': (one, other) => one * other,
  '/': (one, other) => one / other,
  '%': (one, other) => one % other,
};
