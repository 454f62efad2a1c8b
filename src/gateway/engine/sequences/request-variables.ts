import type { Exchange } from '../exchange.js';
import type { Operation } from '../link.js';
import { type PathVariables, variableReader } from '../routing/path-variables.js';

const PREFIX = 'uri.var.';
const NONE: PathVariables = new Map();
const readers = new WeakMap<Operation, (rest: string) => PathVariables>();

const readerOf = (operation: Operation): ((rest: string) => PathVariables) => {
  const known = readers.get(operation);
  if (known !== undefined) return known;
  const reader = variableReader(operation.target) ?? (() => NONE);
  readers.set(operation, reader);
  return reader;
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // no UTF-8: as sent
  }
};

/** What a request gives the variables of its resource and of its query, decoded, by the names of the properties that hold it (`reference/mediation.md` §6.3). */
export const requestVariables = (operation: Operation | null, rest: string): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  if (operation !== null) for (const [name, value] of readerOf(operation)(rest)) found.set(PREFIX + name, decoded(value));
  const query = rest.indexOf('?');
  if (query < 0) return found;
  for (const [name, value] of new URLSearchParams(rest.slice(query))) {
    const property = `query.param.${name}`;
    const before = found.get(property);
    // A name that comes again: its values in one.
    found.set(property, before === undefined ? value : `${before}&${value}`);
  }
  return found;
};

/** Lets the address of the API's endpoint have what a policy makes of a variable; null removes it. Other properties are none of its business. */
export const feedVariable = (exchange: Exchange, property: string, value: string | null): void => {
  if (!property.startsWith(PREFIX)) return;
  const variables = new Map(exchange.variables ?? NONE);
  const name = property.slice(PREFIX.length);
  if (value === null) variables.delete(name);
  else variables.set(name, asSent(value));
  exchange.variables = variables;
};

/** As a client would have sent it: what is percent-encoded already stays so. */
const asSent = (value: string): string =>
  encodeURI(value.toWellFormed())
    .replace(/%25([0-9a-f]{2})/gi, '%$1')
    .replaceAll('#', '%23');
