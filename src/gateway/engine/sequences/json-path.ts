import { parsePath } from './json-path-syntax.js';
import { type Found, readPath, select } from './json-select.js';
import {
  DefinitionError,
  type Expression,
  type Json,
  JsonValue,
  MediationError,
  type Message,
  type Scope,
  type Value,
  XmlValue,
} from './message.js';

/** Where a value stands: the names and indexes from the root to it. */
export type Location = readonly (string | number)[];

/** A compiled path without a message. */
export interface JsonPath {
  readonly source: string;
  /** Whether it leads to one value at most. */
  readonly isDefinite: boolean;
  /** The value of a definite path, undefined when there is none; the list of all values of another. @throws MediationError for more than a million steps. */
  read(json: Json): Json | undefined;
  /** Where the values stand, for changing them; empty for a path that ends with a function. @throws MediationError. */
  locate(json: Json): readonly Location[];
}

const SCOPES: ReadonlyMap<string, Scope> = new Map<string, Scope>([
  ['ctx', 'default'],
  ['trp', 'transport'],
  ['axis2', 'axis2'],
  ['var', 'var'],
  ['operation', 'operation'],
]);
const TEXT_MAX = 10 * 1024 * 1024;
const CACHE_MAX = 100;

/**
 * Reads a JSONPath (`reference/mediation.md` §7.2), in the dialect that policies know.
 *
 * | form | leads to |
 * |---|---|
 * | `$`, `$.`, `.name`, `['name']`, `[0]`, `[-1]` | the root, a member, an item from the start or the end |
 * | `['a','b']` at the end | an object of these members |
 * | `[0,2]`, `[1:3]`, `[*]`, `.*`, `..name`, `[?(…)]` | several values: a list, `[]` when there are none |
 * | `.length() .size() .min() .max() .avg() .sum() .stddev() .keys() .first() .last()` at the end | what it computes of the values before it |
 *
 * Filters know `@` and `$` paths, `== != < <= > >=`, `=~ /pattern/i` in linear time, `in nin size empty subsetof anyof noneof`, `&& || !` and parentheses.
 *
 * @throws DefinitionError.
 */
export const jsonPath = (source: string): JsonPath => {
  const path = parsePath(source);
  return {
    source,
    isDefinite: path.isDefinite,
    read: (json) => readPath(path, json, json),
    locate: (json) => (path.aggregate === undefined ? select(path.steps, json).map(locationOf) : []),
  };
};

const locationOf = (found: Found): Location => {
  const location: (string | number)[] = [];
  for (let at: Found | undefined = found; at?.key !== undefined; at = at.parent) location.push(at.key);
  return location.reverse();
};

/**
 * The expression `json-eval(path)`, given without its wrapping (`reference/mediation.md` §7.2).
 *
 * | begins with | reads |
 * |---|---|
 * | `$` | the payload, XML converted |
 * | `$ctx:p`, `$trp:h`, `$axis2:p`, `$var:v`, then `.…` after a name that no text can continue, `[…]`, `..` | the JSON that the property, header or variable holds |
 *
 * `{xpath}` within the path is replaced by its text for each message. Names of properties may hold dots, so the name ends where the rest begins with
 * `[` or `..`, or where a property of a shorter name exists.
 *
 * @param embedded compiles the expressions in braces. @throws DefinitionError.
 */
export const compileJsonPath = (source: string, embedded: (xpath: string) => Expression): Expression => {
  const text = source.trim();
  if (text === '') throw new DefinitionError('the JSONPath is empty');
  const parts = embeddedParts(text, embedded);
  return parts === undefined ? pathExpression(text) : embeddedExpression(parts);
};

const pathExpression = (text: string): Expression => {
  const prefix = /^\$(ctx|trp|axis2|var|operation):/.exec(text);
  if (prefix === null) {
    const path = jsonPath(text);
    return new JsonExpression(path.isDefinite, true, ({ payload }) => {
      const json = payload.json();
      return json === undefined ? undefined : path.read(json);
    });
  }
  return propertyExpression(SCOPES.get(prefix[1] ?? '') ?? 'default', text.slice(prefix[0].length), text);
};

/** A name may hold dots, and a path after it may begin with one: the longest name that is held wins. */
const propertyExpression = (scope: Scope, rest: string, text: string): Expression => {
  const end = /\[|\.\./.exec(rest)?.index ?? rest.length;
  const ends = Array.from(rest.slice(0, end).matchAll(/\.|$/g), ({ index }) => index).reverse();
  if (ends.at(-1) === 0 || !/^[\w.-]+$/.test(rest.slice(0, end).replace(/\(\)$/, '')))
    throw new DefinitionError(`the JSONPath '${text}' names no property`);
  const choices = ends.flatMap((at) => {
    const name = rest.slice(0, at);
    return name.includes('(') ? [] : [{ name, path: jsonPath(`$${rest.slice(at)}`) }];
  });
  const isDefinite = choices.every(({ path }) => path.isDefinite);
  return new JsonExpression(isDefinite, false, (message) => {
    for (const { name, path } of choices) {
      const held = message.get(scope, name);
      const json = held === null ? undefined : jsonOf(held);
      if (json !== undefined) return path.read(json);
    }
    return undefined;
  });
};

/** What a property holds as JSON; undefined for a text that is none, and for XML. */
export const jsonOf = (value: Value): Json | undefined => {
  if (value instanceof JsonValue) return value.json;
  if (value instanceof XmlValue) return undefined;
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return undefined;
  }
};

/** The text between the braces compiled; undefined when there are none outside of quotes and patterns. */
const embeddedParts = (text: string, embedded: (xpath: string) => Expression): readonly (string | Expression)[] | undefined => {
  if (!text.includes('{')) return undefined;
  const parts: (string | Expression)[] = [];
  let from = 0;
  // A brace of a pattern (`=~ /a{2}/`) is the pattern's.
  for (const { index, 0: whole, 1: inside } of text.matchAll(/\/(?:[^/\\{}]|\\.)*\{\d+(?:,\d*)?\}(?:[^/\\]|\\.)*\/|\{([^{}]*)\}/g)) {
    if (inside === undefined) continue;
    parts.push(text.slice(from, index), embedded(inside));
    from = index + whole.length;
  }
  return parts.length === 0 ? undefined : [...parts, text.slice(from)];
};

const embeddedExpression = (parts: readonly (string | Expression)[]): Expression => {
  const cache = new Map<string, Expression>();
  const resolve = (message: Message): Expression => {
    const text = parts.map((part) => (typeof part === 'string' ? part : part.text(message))).join('');
    let expression = cache.get(text);
    if (expression === undefined) {
      if (cache.size >= CACHE_MAX) cache.clear();
      expression = atRunTime(text);
      cache.set(text, expression);
    }
    return expression;
  };
  return {
    usesPayload:
      !/^\$(?:ctx|trp|axis2|var|operation):/.test(String(parts[0])) || parts.some((part) => typeof part !== 'string' && part.usesPayload),
    value: (message) => resolve(message).value(message),
    text: (message) => resolve(message).text(message),
    test: (message) => resolve(message).test(message),
  };
};

const atRunTime = (text: string): Expression => {
  try {
    return pathExpression(text);
  } catch (error) {
    if (error instanceof DefinitionError) throw new MediationError('0', error.message, { cause: error });
    throw error;
  }
};

class JsonExpression implements Expression {
  constructor(
    readonly isDefinite: boolean,
    readonly usesPayload: boolean,
    private readonly read: (message: Message) => Json | undefined,
  ) {}

  value(message: Message): Value | null {
    const json = this.read(message);
    if (json === undefined) return null;
    if (json === null) return 'null';
    return typeof json === 'object' ? new JsonValue(json) : json;
  }

  text(message: Message): string {
    const json = this.read(message);
    if (json === undefined) return '';
    const text = typeof json === 'string' ? json : JSON.stringify(json);
    if (text.length > TEXT_MAX) throw new MediationError('0', 'the result of an expression is larger than 10 MiB');
    return text;
  }

  test(message: Message): boolean {
    return this.text(message) === 'true';
  }
}
