import { type Json, JsonValue, type Value, XmlValue } from './message.js';
import { nodesAsText } from './xpath-text.js';

const TEXT_MAX = 10 * 1024 * 1024;
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The text of a header, property or parameter, or of XML: a number where one is wanted and it looks like one, and otherwise its characters as they came. */
export class HeldText {
  constructor(readonly text: string) {}

  /** Undefined for a text that is no number, or one that would lose digits. */
  get number(): number | undefined {
    if (this.text.length > 40 || !NUMBER.test(this.text)) return undefined;
    const number = Number(this.text);
    return Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number)) ? number : undefined;
  }
}

/** What a part of a `${…}` expression gives; undefined for what is not there. */
export type Operand = Json | HeldText | XmlValue | undefined;

/** The expression has no result; the message says why, and carries no data. */
export class EvaluationFailure extends Error {}

/** @throws EvaluationFailure for what is not there. */
export const present = (value: Operand): Exclude<Operand, undefined> => {
  if (value === undefined) throw new EvaluationFailure('a value in it is not there');
  return value;
};

export const typeOf = (value: Operand): string => {
  const plain = numberIfSo(value);
  if (plain === undefined) return 'nothing';
  if (plain instanceof XmlValue) return 'XML';
  if (plain === null) return 'null';
  if (plain instanceof HeldText || typeof plain === 'string') return 'text';
  return Array.isArray(plain) ? 'array' : typeof plain;
};

/** @throws EvaluationFailure for what is no number. */
export const numberOf = (value: Operand): number => {
  const number = numberIfSo(present(value));
  if (typeof number !== 'number') throw new EvaluationFailure(`a number was expected, and there is ${typeOf(value)}`);
  return number;
};

/** A number of a text that was held elsewhere and looks like one; anything else as it is. */
export const numberIfSo = (value: Operand): Operand => {
  if (value instanceof HeldText) return value.number ?? value;
  if (value instanceof XmlValue) return new HeldText(nodesAsText(value.nodes)).number ?? value;
  return value;
};

/** @throws EvaluationFailure for what is no whole number. */
export const wholeOf = (value: Operand): number => {
  const number = numberOf(value);
  if (!Number.isSafeInteger(number)) throw new EvaluationFailure('a whole number was expected');
  return number;
};

/** @throws EvaluationFailure for what is neither a boolean nor the text of one. */
export const booleanOf = (value: Operand): boolean => {
  const boolean = booleanIfSo(present(value));
  if (typeof boolean !== 'boolean') throw new EvaluationFailure(`true or false was expected, and there is ${typeOf(value)}`);
  return boolean;
};

/** The texts `true` and `false`, by any letter case, as what they say. */
export const booleanIfSo = (value: Operand): Operand => {
  const text = value instanceof HeldText || value instanceof XmlValue ? anyText(value) : value;
  if (typeof text !== 'string') return value;
  const word = text.toLowerCase();
  return word === 'true' || (word === 'false' ? false : value);
};

/** The text of a single value. @throws EvaluationFailure for null, an object or an array. */
export const textOf = (value: Operand): string => {
  const held = present(value);
  if (held === null || (typeof held === 'object' && !(held instanceof HeldText) && !(held instanceof XmlValue)))
    throw new EvaluationFailure(`a text was expected, and there is ${typeOf(value)}`);
  return anyText(held);
};

/** Any value as text; objects and arrays are written as compact JSON. @throws EvaluationFailure for what is not there, or larger than 10 MiB. */
export const anyText = (value: Operand): string => {
  const held = present(value);
  if (typeof held === 'string') return held;
  if (held instanceof HeldText) return held.text;
  return bounded(held instanceof XmlValue ? nodesAsText(held.nodes) : JSON.stringify(held));
};

/** @throws EvaluationFailure for more than 10 MiB. */
export const bounded = (text: string): string => {
  if (text.length > TEXT_MAX) throw tooLarge();
  return text;
};

/** @throws EvaluationFailure where a text of this many characters would be more than 10 MiB. */
export const checkLength = (length: number): void => {
  if (length > TEXT_MAX) throw tooLarge();
};

const tooLarge = (): EvaluationFailure => new EvaluationFailure('a text in it would be larger than 10 MiB');

/** A number that JSON can hold. @throws EvaluationFailure. */
export const finite = (number: number): number => {
  if (!Number.isFinite(number)) throw new EvaluationFailure('the result is no number');
  return Object.is(number, -0) ? 0 : number;
};

/** As JSON, for arrays and for the filters of paths: texts that look like numbers are numbers. */
export const jsonOfOperand = (value: Operand): Json => {
  const held = numberIfSo(present(value));
  return held instanceof HeldText || held instanceof XmlValue || held === undefined ? anyText(held) : held;
};

/** As a property holds it. A text that came from elsewhere keeps its characters. */
export const asValue = (value: Operand): Value => {
  const held = present(value);
  if (held instanceof XmlValue) return held;
  if (held instanceof HeldText) return held.number !== undefined && String(held.number) === held.text ? held.number : held.text;
  if (held === null) return 'null';
  return typeof held === 'object' ? new JsonValue(held) : held;
};

/** What a property holds as an operand; only texts of headers, properties and parameters may be numbers. */
export const asOperand = (value: Value | null, mayBeNumber: boolean): Operand => {
  if (value === null) return undefined;
  if (value instanceof JsonValue) return value.json;
  return typeof value === 'string' && mayBeNumber ? new HeldText(value) : value;
};
