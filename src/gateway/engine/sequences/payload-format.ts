import { jsonToXml } from '../mediation/json-to-xml.js';
import { xmlToJson } from '../mediation/xml-to-json.js';
import { JsonValue, type Value, XmlValue } from './message.js';
import { textOf } from './values.js';
import { asXml, escapedXml, xmlText } from './xml-text.js';

/** A piece of a payload's format: text, an argument by its number, or an expression by its source. */
export type FormatPiece = { readonly text: string } | { readonly argument: number } | { readonly source: string };

/** Takes a format apart into text, `$1` and `${…}`. */
export const formatPieces = (format: string): readonly FormatPiece[] => {
  const pieces: FormatPiece[] = [];
  let text = '';
  let at = 0;
  const flush = (): void => {
    if (text !== '') pieces.push({ text });
    text = '';
  };
  while (at < format.length) {
    const [whole, digits] = format[at] === '$' ? (/^\$(\d+)/.exec(format.slice(at, at + 8)) ?? []) : [];
    const end = format.startsWith('${', at) ? endOfExpression(format, at + 2) : -1;
    if (whole !== undefined) {
      flush();
      pieces.push({ argument: Number(digits) });
      at += whole.length;
    } else if (end >= 0) {
      flush();
      pieces.push({ source: format.slice(at, end + 1) });
      at = end + 1;
    } else {
      text += format[at];
      at += 1;
    }
  }
  flush();
  return pieces;
};

/** Where the brace of an expression closes; -1 when it does not. */
const endOfExpression = (text: string, start: number): number => {
  let depth = 1;
  let quote = '';
  for (let i = start; i < text.length; i += 1) {
    const character = text[i] ?? '';
    if (quote !== '') {
      if (character === '\\') i += 1;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '{') depth += 1;
    else if (character === '}') {
      depth -= 1;
      if (depth === 0) return i;
    }
  }
  return -1;
};

/** Whether a text that follows others ends within a JSON string. */
export const endsInString = (text: string, isInside: boolean): boolean => {
  let inside = isInside;
  for (let i = 0; i < text.length; i += 1) {
    if (inside && text[i] === '\\') i += 1;
    else if (text[i] === '"') inside = !inside;
  }
  return inside;
};

/** How a value is put into a format (`reference/mediation.md` §3.5). */
export interface Insertion {
  /** Always as text. */
  readonly isLiteral: boolean;
  /** What an XPath gave, which may be JSON or XML in a text. */
  readonly isXPath: boolean;
  readonly isQuoted: boolean;
  /** Texts that stand alone get quotes. */
  readonly quotesTexts: boolean;
}

const LITERAL = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

const inString = (text: string): string => JSON.stringify(text).slice(1, -1);

export const intoJson = (value: Value | null, { isLiteral, isXPath, isQuoted, quotesTexts }: Insertion): string => {
  const text = textOf(value);
  if (isLiteral) return inString(text);
  if (value instanceof JsonValue && typeof value.json === 'object' && value.json !== null) return isQuoted ? inString(text) : text;
  if (isXPath) {
    if (/^\s*[{[]/.test(text)) return text;
    const xml = asXml(text);
    if (xml !== null) return isQuoted ? inString(text) : xmlToJson(xmlText(xml));
  }
  if (isQuoted || !quotesTexts || LITERAL.test(text)) return inString(text);
  return JSON.stringify(text);
};

export const intoXml = (value: Value | null, { isLiteral }: Pick<Insertion, 'isLiteral'>): string => {
  const text = textOf(value);
  if (isLiteral) return escapedXml(text);
  if (value instanceof JsonValue && typeof value.json === 'object' && value.json !== null) return jsonToXml(text);
  if (value instanceof XmlValue && value.nodes.every(({ nodeType }) => nodeType === 1)) return text;
  const xml = asXml(text);
  return xml === null ? escapedXml(text) : xmlText(xml.documentElement);
};
