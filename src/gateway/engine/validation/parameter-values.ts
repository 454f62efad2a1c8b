import type { ParameterDocument } from '../../../domain/gateway-documents.js';

/** Every name of a query or form with its values as sent, in their order. */
export type Fields = ReadonlyMap<string, readonly string[]>;

/** Values are split before they are decoded: an encoded comma belongs to its item. */
const SEPARATORS: Readonly<Record<string, RegExp>> = { spaceDelimited: /%20|\+| /, pipeDelimited: /\||%7c/i, tabDelimited: /%09|\t/ };

export const decoded = (text: string): string => {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const decodedField = (text: string): string => decoded(text.replaceAll('+', ' '));

/** The fields of a query or form; the values keep their encoding. */
export const fieldsOf = (text: string): Fields => {
  const fields = new Map<string, string[]>();
  for (const part of text.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = decodedField(equals < 0 ? part : part.slice(0, equals));
    const value = equals < 0 ? '' : part.slice(equals + 1);
    const values = fields.get(name);
    if (values === undefined) fields.set(name, [value]);
    else values.push(value);
  }
  return fields;
};

/** What the fields hold for the parameter, put together as its style says (OpenAPI 3.1 §4.8.12); undefined when it is not there. */
export const fieldValue = (parameter: ParameterDocument, fields: Fields): unknown => {
  const { name, style, shape, isExploded } = parameter;
  if (shape === 'object' && style === 'deepObject') return deepObject(name, fields);
  if (shape === 'object' && isExploded && style === 'form') return explodedObject(parameter, fields);
  const values = fields.get(name);
  if (values === undefined) return undefined;
  if (shape === 'text' || style === 'json') return values.length === 1 ? decodedField(values[0] ?? '') : values.map(decodedField);
  if (shape === 'list' && isExploded) return values.map(decodedField);
  const items = values.flatMap((value) => value.split(SEPARATORS[style] ?? ',')).map(decodedField);
  return shape === 'list' ? items : paired(items);
};

/** The value of a parameter that stands in a path or header, where lists are written with commas. */
export const simpleValue = (
  { name, style, shape, isExploded }: ParameterDocument,
  text: string,
  read: (part: string) => string,
): unknown => {
  const bare = style === 'matrix' ? text.replace(/^;/, '') : style === 'label' ? text.replace(/^\./, '') : text;
  const named = style === 'matrix' && bare.startsWith(`${name}=`) ? bare.slice(name.length + 1) : bare;
  if (shape === 'text' || style === 'json') return read(named);
  const items = bare === '' ? [] : listed(style, isExploded, bare, named);
  if (shape === 'list') return items.map((item) => read(isExploded && style === 'matrix' ? item.slice(name.length + 1) : item));
  if (!isExploded) return paired(items.map(read));
  return Object.fromEntries(
    items.map((item) => {
      const equals = item.indexOf('=');
      return equals < 0 ? [read(item), ''] : [read(item.slice(0, equals)), read(item.slice(equals + 1))];
    }),
  );
};

const listed = (style: string, isExploded: boolean, bare: string, named: string): readonly string[] => {
  if (isExploded && style === 'matrix') return bare.split(';');
  if (isExploded && style === 'label') return bare.split('.');
  return named.split(',').map((item) => item.trim());
};

/** `a,1,b,2` as an object. */
const paired = (items: readonly string[]): Readonly<Record<string, string>> => {
  const object: Record<string, string> = {};
  for (let i = 0; i < items.length; i += 2) define(object, items[i] ?? '', items[i + 1] ?? '');
  return object;
};

const deepObject = (name: string, fields: Fields): unknown => {
  const object: Record<string, unknown> = {};
  for (const [field, values] of fields) {
    if (!field.startsWith(`${name}[`) || !field.endsWith(']')) continue;
    define(object, field.slice(name.length + 1, -1), oneOrAll(values));
  }
  return Object.keys(object).length === 0 ? undefined : object;
};

const explodedObject = ({ properties = [] }: ParameterDocument, fields: Fields): unknown => {
  const object: Record<string, unknown> = {};
  for (const property of properties) {
    const values = fields.get(property);
    if (values !== undefined) define(object, property, oneOrAll(values));
  }
  return Object.keys(object).length === 0 ? undefined : object;
};

export const oneOrAll = (values: readonly string[]): unknown => {
  const texts = values.map(decodedField);
  return texts.length === 1 ? texts[0] : texts;
};

/** An own property, also where the name is one that objects are born with. */
export const define = (object: Record<string, unknown>, name: string, value: unknown): void => {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
};
