import { type Expression, JsonValue, type Message, type Value, XmlValue } from './message.js';
import { propertyOf } from './xpath-functions.js';
import type { Syntax } from './xpath-library.js';
import { nodesAsText } from './xpath-text.js';
import { readVariable } from './xpath-variables.js';

type Read = (message: Message) => Value | null;

/**
 * The common expressions as plain functions: literal texts, variables of scopes, `get-property` of literals, `concat` of all these. Undefined for any other;
 * they are on the way of every request.
 */
export const directExpression = (syntax: Syntax): Expression | undefined => {
  const read = directRead(syntax);
  if (read === undefined) return undefined;
  return {
    usesPayload: usesPayload(syntax),
    value: read,
    text: (message) => textOfValue(read(message)),
    test: (message) => isTrueValue(read(message)),
  };
};

const directRead = (syntax: Syntax): Read | undefined => {
  const of = unwrapped(syntax);
  if (of?.str !== undefined) {
    const { str } = of;
    return () => str;
  }
  if (of?.variable !== undefined) return ENVELOPE_PARTS.has(of.variable) ? undefined : readVariable(of.variable);
  if (of?.functionName === 'get-property') {
    const [first, second] = (of.arguments ?? []).map((argument) => unwrapped(argument)?.str);
    if (first === undefined || (of.arguments?.length === 2 && second === undefined)) return undefined;
    return (message) => propertyOf(message, first, second);
  }
  if (of?.functionName !== 'concat') return undefined;
  const parts = (of.arguments ?? []).map(directRead);
  const reads = parts.filter((part) => part !== undefined);
  return reads.length === parts.length ? (message) => reads.map((part) => textOfValue(part(message))).join('') : undefined;
};

const ENVELOPE_PARTS: ReadonlySet<string> = new Set(['body', 'header', 'env']);

/** What a path without steps and predicates is about. */
export const unwrapped = (syntax: Syntax): Syntax | undefined => {
  if (syntax.filter === undefined) return syntax.locationPath === undefined ? syntax : undefined;
  return syntax.locationPath === undefined && (syntax.filterPredicates ?? []).length === 0 ? syntax.filter : undefined;
};

/** `From` and `FAULT` are found in the message itself (`reference/mediation.md` §2.2). */
export const usesPayload = (syntax: Syntax): boolean => {
  const of = unwrapped(syntax);
  if (of?.functionName === 'concat') return (of.arguments ?? []).some(usesPayload);
  const [first] = of?.functionName === 'get-property' ? (of.arguments ?? []) : [];
  const name = first === undefined ? undefined : unwrapped(first)?.str;
  return name === 'From' || name === 'FAULT';
};

/** A property's value as the text of an expression. */
export const textOfValue = (value: Value | null): string => {
  if (value === null) return '';
  if (value instanceof JsonValue) return JSON.stringify(value.json);
  return value instanceof XmlValue ? nodesAsText(value.nodes) : String(value);
};

const isTrueValue = (value: Value | null): boolean => {
  if (value === null) return false;
  if (value instanceof XmlValue) return value.nodes.length > 0;
  return typeof value === 'number' ? value !== 0 && !Number.isNaN(value) : value !== '' && value !== false;
};
