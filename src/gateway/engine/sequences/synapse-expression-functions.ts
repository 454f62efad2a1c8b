import { javaDateParser } from './java-date-parse.js';
import { javaDateFormat } from './java-dates.js';
import type { Json } from './message.js';
import {
  anyText,
  booleanOf,
  bounded,
  checkLength,
  EvaluationFailure,
  finite,
  HeldText,
  numberIfSo,
  numberOf,
  type Operand,
  present,
  textOf,
  typeOf,
  wholeOf,
} from './synapse-expression-values.js';
import { TEXT_FUNCTIONS } from './xpath-functions.js';

const PLACES_MAX = 15;
const ISO_DATE = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?)?$/;

/** A function of `${…}` expressions; arguments that the policy wrote as texts can be checked before any message comes. */
export interface SynapseFunction {
  readonly least: number;
  readonly most: number;
  /** @throws DefinitionError for a literal argument that it does not know. */
  check?(literals: readonly (string | undefined)[]): void;
  /** @throws EvaluationFailure for arguments that are not there or of another type. */
  run(args: readonly Operand[]): Operand;
}

const onText = (run: (text: string) => Operand): SynapseFunction => ({ least: 1, most: 1, run: ([text]) => run(textOf(text)) });
const onTexts = (run: (text: string, other: string) => Operand): SynapseFunction => ({
  least: 2,
  most: 2,
  run: ([text, other]) => run(textOf(text), textOf(other)),
});
const onNumber = (run: (number: number) => number): SynapseFunction => ({
  least: 1,
  most: 1,
  run: ([number]) => finite(run(numberOf(number))),
});
const isOf = (type: string): SynapseFunction => ({ least: 1, most: 1, run: ([value]) => typeOf(present(value)) === type });

/** Encodings are those of XPath. */
const encoding = (name: string): SynapseFunction => {
  const known = TEXT_FUNCTIONS.get(name);
  if (known === undefined) throw new Error(`XPath has no function ${name}`);
  return {
    least: known.least,
    most: known.most,
    check: (literals) => known.check?.(literals),
    run: (args) => bounded(known.run(args.map(textOf))),
  };
};

const lengthOf = (value: Operand): number => (Array.isArray(value) ? value.length : textOf(value).length);

const within = (text: string, from: number, to: number): string => {
  if (from < 0 || to > text.length || from > to) throw new EvaluationFailure('a position is outside of the text');
  return text.slice(from, to);
};

const replaced = (text: string, old: string, by: string): string => {
  if (old === '') return text;
  const pieces = text.split(old);
  checkLength(text.length + (pieces.length - 1) * (by.length - old.length));
  return pieces.join(by);
};

const rounded = (number: number, places: number): number => {
  if (places < 0 || places > PLACES_MAX) throw new EvaluationFailure(`numbers are rounded to 0 to ${PLACES_MAX} decimal places`);
  const text = String(number);
  return text.includes('e') ? (Math.abs(number) < 1 ? 0 : number) : Number(`${Math.round(Number(`${text}e${places}`))}e-${places}`);
};

const decodedUrl = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new EvaluationFailure('a text is no URL-encoded UTF-8');
  }
};

const integerOf = (value: Operand): number => {
  const plain = numberIfSo(present(value));
  if (typeof plain === 'number') return Math.trunc(plain);
  const number = Number(textOf(plain));
  if (!/^\s*[+-]?\d+\s*$/.test(textOf(plain)) || !Number.isSafeInteger(number)) throw new EvaluationFailure('a text is no integer');
  return number;
};

const floatOf = (value: Operand): number => {
  const plain = numberIfSo(present(value));
  if (typeof plain === 'number') return plain;
  if (!/^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/.test(textOf(plain))) throw new EvaluationFailure('a text is no number');
  return finite(Number(textOf(plain)));
};

const structured = (value: Operand, type: 'array' | 'object'): Operand => {
  const json = typeof value === 'string' || value instanceof HeldText ? parsed(anyText(value)) : present(value);
  if (typeOf(json) !== type) throw new EvaluationFailure(`a value is no JSON ${type}`);
  return json;
};

const parsed = (text: string): Json => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new EvaluationFailure('a text is no JSON');
  }
};

const formattedDate = (value: Operand, first: string, second: string | undefined): string => {
  if (second === undefined) return javaDateFormat(first)(epochOf(value));
  const epochMs = javaDateParser(first)(textOf(value));
  if (epochMs === undefined) throw new EvaluationFailure('a text is no date of that pattern');
  return javaDateFormat(second)(epochMs);
};

const epochOf = (value: Operand): number => {
  const plain = numberIfSo(present(value));
  const epochMs = typeof plain === 'number' ? plain : ISO_DATE.test(textOf(plain)) ? Date.parse(textOf(plain)) : Number.NaN;
  if (!(Math.abs(epochMs) <= 8.64e15)) throw new EvaluationFailure('a value is no date');
  return epochMs;
};

const checkPatterns = ([, first, second]: readonly (string | undefined)[], isParsed: boolean): void => {
  if (first !== undefined) (isParsed ? javaDateParser : javaDateFormat)(first);
  if (second !== undefined) javaDateFormat(second);
};

/** The functions by their names (`reference/mediation.md` §7.3); `exists` and `xpath` are not among them, as they do not take values. */
export const SYNAPSE_FUNCTIONS: ReadonlyMap<string, SynapseFunction> = new Map<string, SynapseFunction>([
  ['length', { least: 1, most: 1, run: ([value]) => lengthOf(value) }],
  ['toUpper', onText((text) => text.toUpperCase())],
  ['toLower', onText((text) => text.toLowerCase())],
  ['trim', onText((text) => text.trim())],
  ['startsWith', onTexts((text, start) => text.startsWith(start))],
  ['endsWith', onTexts((text, end) => text.endsWith(end))],
  ['contains', onTexts((text, part) => text.includes(part))],
  ['split', onTexts((text, separator) => text.split(separator))],
  ['charAt', { least: 2, most: 2, run: ([text, at]) => within(textOf(text), wholeOf(at), wholeOf(at) + 1) }],
  [
    'subString',
    {
      least: 2,
      most: 3,
      run: ([text, from, ...to]) => within(textOf(text), wholeOf(from), to.length === 0 ? textOf(text).length : wholeOf(to[0])),
    },
  ],
  [
    'indexOf',
    { least: 2, most: 3, run: ([text, part, ...from]) => textOf(text).indexOf(textOf(part), from.length === 0 ? 0 : wholeOf(from[0])) },
  ],
  ['replace', { least: 3, most: 3, run: ([text, old, by]) => replaced(textOf(text), textOf(old), textOf(by)) }],
  ['now', { least: 0, most: 0, run: () => Date.now() }],
  [
    'formatDateTime',
    {
      least: 2,
      most: 3,
      check: (literals) => checkPatterns(literals, literals.length === 3),
      run: ([value, first, ...second]) => formattedDate(value, textOf(first), second.length === 0 ? undefined : textOf(second[0])),
    },
  ],
  ['abs', onNumber(Math.abs)],
  ['ceil', onNumber(Math.ceil)],
  ['floor', onNumber(Math.floor)],
  ['sqrt', onNumber(Math.sqrt)],
  ['log', onNumber(Math.log)],
  ['pow', { least: 2, most: 2, run: ([base, exponent]) => finite(numberOf(base) ** numberOf(exponent)) }],
  [
    'round',
    {
      least: 1,
      most: 2,
      run: ([number, ...places]) => finite(rounded(numberOf(number), places.length === 0 ? 0 : wholeOf(places[0]))),
    },
  ],
  ['base64encode', encoding('base64Encode')],
  ['base64decode', encoding('base64Decode')],
  ['urlEncode', encoding('url-encode')],
  ['urlDecode', onText(decodedUrl)],
  ['isString', isOf('text')],
  ['isNumber', isOf('number')],
  ['isArray', isOf('array')],
  ['isObject', isOf('object')],
  ['string', { least: 1, most: 1, run: ([value]) => anyText(value) }],
  ['integer', { least: 1, most: 1, run: ([value]) => integerOf(value) }],
  ['float', { least: 1, most: 1, run: ([value]) => floatOf(value) }],
  ['boolean', { least: 1, most: 1, run: ([value]) => booleanOf(value) }],
  ['object', { least: 1, most: 1, run: ([value]) => structured(value, 'object') }],
  ['array', { least: 1, most: 1, run: ([value]) => structured(value, 'array') }],
  ['not', { least: 1, most: 1, run: ([value]) => !booleanOf(value) }],
]);
