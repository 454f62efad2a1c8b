import { JsonValue, type Value, XmlValue } from './message.js';
import { xmlText } from './xml-text.js';

/** A value as text: JSON compact, XML as its markup, null as nothing. */
export const textOf = (value: Value | null): string => {
  if (value === null) return '';
  if (value instanceof JsonValue) return typeof value.json === 'string' ? value.json : JSON.stringify(value.json);
  if (value instanceof XmlValue) return value.nodes.map(xmlText).join('');
  return String(value);
};

export const isTrue = (value: Value | null): boolean => value === true || value === 'true';
