import { type Json, JsonValue, MediationError, type Value, XmlValue } from './message.js';
import { textOf } from './values.js';
import { parseXml } from './xml-text.js';

/** Types of properties and variables (`reference/mediation.md` §3.1). */
export const VALUE_TYPES = ['STRING', 'INTEGER', 'LONG', 'SHORT', 'FLOAT', 'DOUBLE', 'BOOLEAN', 'OM', 'XML', 'JSON'] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

const WHOLE: Partial<Readonly<Record<ValueType, number>>> = { SHORT: 2 ** 15, INTEGER: 2 ** 31, LONG: 2 ** 63 };

/** A value as the type; an element counts as its markup. @throws MediationError for what is none. */
export const converted = (given: Value | Element | null, type: ValueType): Value | null => {
  const value = isElement(given) ? new XmlValue([given]) : given;
  switch (type) {
    case 'STRING':
      return value === null ? null : textOf(value);
    case 'BOOLEAN':
      return /^(?:true|yes|1)$/i.test(textOf(value).trim());
    case 'OM':
    case 'XML':
      return value instanceof XmlValue ? value : new XmlValue([xmlOf(textOf(value))]);
    case 'JSON':
      return value instanceof JsonValue ? value : new JsonValue(jsonOf(textOf(value)));
    default:
      return numberOf(textOf(value).trim(), type);
  }
};

const isElement = (value: Value | Element | null): value is Element => typeof value === 'object' && value !== null && 'nodeType' in value;

const numberOf = (text: string, type: ValueType): number => {
  const limit = WHOLE[type];
  const number = text === '' ? Number.NaN : Number(text);
  const isWhole = limit !== undefined;
  if (!Number.isFinite(number) || (isWhole && (!/^[+-]?\d+$/.test(text) || number >= limit || number < -limit)))
    throw new MediationError('0', `'${text.slice(0, 100)}' is no ${type}`);
  return number;
};

const xmlOf = (text: string): Element => {
  try {
    return parseXml(text).documentElement;
  } catch (err) {
    throw new MediationError('0', `The value is no XML: ${err instanceof Error ? err.message : String(err)}`, { cause: err });
  }
};

const jsonOf = (text: string): Json => {
  try {
    return JSON.parse(text);
  } catch (err) {
    throw new MediationError('0', 'The value is no JSON', { cause: err });
  }
};
