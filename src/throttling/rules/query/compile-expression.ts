import { type CastType, type RuleExpression, STREAM_FIELDS, type StreamField } from '../../../domain/custom-rules.js';
import { javaPattern } from '../../../gateway/engine/sequences/java-pattern.js';
import { QueryError } from './query-error.js';
import type { Written } from './query-tree.js';

/** What an expression comes to. `any` is an entry of the map, which nobody knows beforehand. */
export type ValueType = 'string' | 'number' | 'boolean' | 'any';

export interface Compiled {
  readonly type: ValueType;
  readonly tree: RuleExpression;
  /** How many nodes the tree has. */
  readonly size: number;
}

/** What a name stands for where an expression is; undefined for a name that is not known there. */
export type Names = (name: string) => Compiled | undefined;

const PROPERTIES = 'propertiesMap';
const SIZE_MAX = 1_000;
const CASTS: ReadonlyMap<string, CastType> = new Map<string, CastType>([
  ['string', 'string'],
  ['bool', 'boolean'],
  ['int', 'integer'],
  ['long', 'integer'],
  ['float', 'number'],
  ['double', 'number'],
]);
const TYPE_OF_CAST: Readonly<Record<CastType, ValueType>> = { string: 'string', boolean: 'boolean', integer: 'number', number: 'number' };
const TYPE_NAMES: Readonly<Record<ValueType, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  any: 'an entry of the map',
};

const isField = (name: string): name is StreamField => (STREAM_FIELDS as readonly string[]).includes(name);

/** The names of the first query: the attributes of the stream. */
export const requestNames: Names = (name) => (isField(name) ? { type: 'string', tree: { kind: 'field', name }, size: 1 } : undefined);

/** Checks an expression and makes it what the gateway is told. @throws QueryError for what cannot be evaluated. */
export const compileExpression = (written: Written, names: Names): Compiled => {
  const compiled = compile(written, names);
  if (compiled.size > SIZE_MAX) throw new QueryError(written.at, `an expression may have ${SIZE_MAX} parts at most`);
  return compiled;
};

/** The same, of an expression that must come to true or false. */
export const compileCondition = (written: Written, names: Names): Compiled => wanted('boolean', written, compileExpression(written, names));

/** The same, of an expression that must come to a text. */
export const compileText = (written: Written, names: Names): Compiled =>
  wanted('string', written, asText(compileExpression(written, names)));

const compile = (written: Written, names: Names): Compiled => {
  switch (written.kind) {
    case 'literal':
      return literal(written.value);
    case 'name':
      return named(written, names);
    case 'call':
      return called(written, names);
    case 'missing': {
      const of = compile(written.of, names);
      return made('boolean', { kind: 'missing', of: of.tree }, of);
    }
    case 'not':
    case 'negative': {
      const type = written.kind === 'not' ? 'boolean' : 'number';
      const of = wanted(type, written.of, compile(written.of, names));
      return made(type, { kind: written.kind, of: of.tree }, of);
    }
    case 'and':
    case 'or': {
      const left = wanted('boolean', written.left, compile(written.left, names));
      const right = wanted('boolean', written.right, compile(written.right, names));
      return made('boolean', { kind: written.kind, left: left.tree, right: right.tree }, left, right);
    }
    case 'compare':
      return compared(written, names);
    case 'calculate': {
      const left = wanted('number', written.left, compile(written.left, names));
      const right = wanted('number', written.right, compile(written.right, names));
      return made('number', { kind: 'calculate', operator: written.operator, left: left.tree, right: right.tree }, left, right);
    }
  }
};

const made = (type: ValueType, tree: RuleExpression, ...parts: readonly Compiled[]): Compiled => ({
  type,
  tree,
  size: parts.reduce((size, part) => size + part.size, 1),
});

const literal = (value: string | number | bigint | boolean): Compiled =>
  typeof value === 'bigint'
    ? made('number', { kind: 'large', digits: String(value) })
    : made(typeof value === 'string' ? 'string' : typeof value === 'number' ? 'number' : 'boolean', { kind: 'literal', value });

const named = ({ at, name }: Written & { kind: 'name' }, names: Names): Compiled => {
  if (name === PROPERTIES) throw new QueryError(at, `${PROPERTIES} is read by map:get(${PROPERTIES}, '<name>')`);
  const known = names(name);
  if (known === undefined) throw new QueryError(at, `'${name}' is not known here`);
  return known;
};

const compared = ({ operator, left, right }: Written & { kind: 'compare' }, names: Names): Compiled => {
  const one = compile(left, names);
  const other = compile(right, names);
  const [first, second] = operator === '==' || operator === '!=' ? equals(left, one, right, other) : numbers(left, one, right, other);
  return made('boolean', { kind: 'compare', operator, left: first.tree, right: second.tree }, first, second);
};

const numbers = (left: Written, one: Compiled, right: Written, other: Compiled): readonly [Compiled, Compiled] => [
  wanted('number', left, one),
  wanted('number', right, other),
];

/** What is of two types is never equal, so it is not compared; an entry of the map is compared as a text. */
const equals = (left: Written, one: Compiled, right: Written, other: Compiled): readonly [Compiled, Compiled] => {
  const type = one.type === 'any' ? (other.type === 'any' ? 'string' : other.type) : one.type;
  const isText = type === 'string';
  return [wanted(type, left, isText ? asText(one) : one), wanted(type, right, isText ? asText(other) : other)];
};

const asText = (compiled: Compiled): Compiled =>
  compiled.type === 'any' ? made('string', { kind: 'cast', to: 'string', of: compiled.tree }, compiled) : compiled;

const wanted = (type: ValueType, { at }: Written, compiled: Compiled): Compiled => {
  if (compiled.type === type) return compiled;
  const remedy = compiled.type === 'any' ? `; say which with cast(…, '${type === 'number' ? 'long' : 'bool'}')` : '';
  throw new QueryError(at, `expected ${TYPE_NAMES[type]} instead of ${TYPE_NAMES[compiled.type]}${remedy}`);
};

const called = (call: Written & { kind: 'call' }, names: Names): Compiled => {
  const make = FUNCTIONS.get(call.name);
  if (make === undefined)
    throw new QueryError(call.at, `there is no function '${call.name}' here; there are ${[...FUNCTIONS.keys()].join(', ')}`);
  return make(call, names);
};

const FUNCTIONS: ReadonlyMap<string, (call: Written & { kind: 'call' }, names: Names) => Compiled> = new Map([
  [
    'str:concat',
    (call, names) => {
      if (call.args.length === 0) throw new QueryError(call.at, 'str:concat needs texts to join');
      const parts = call.args.map((part) => compile(part, names));
      return made('string', { kind: 'concat', parts: parts.map(({ tree }) => tree) }, ...parts);
    },
  ],
  [
    'map:get',
    (call) => {
      const [map, name] = argumentsOf(call, `map:get(${PROPERTIES}, '<name>')`);
      if (map.kind !== 'name' || map.name !== PROPERTIES) throw new QueryError(map.at, `expected ${PROPERTIES}`);
      return made('any', { kind: 'property', name: textOf(name, 'the name of an entry in quotes') });
    },
  ],
  [
    'cast',
    (call, names) => {
      const [of, type] = argumentsOf(call, "cast(<value>, '<type>')");
      const to = CASTS.get(textOf(type, 'the name of a type in quotes').toLowerCase());
      if (to === undefined) throw new QueryError(type.at, `expected one of the types ${[...CASTS.keys()].join(', ')}`);
      const value = compile(of, names);
      return made(TYPE_OF_CAST[to], { kind: 'cast', to, of: value.tree }, value);
    },
  ],
  [
    'regex:find',
    (call, names) => {
      const [pattern, text] = argumentsOf(call, "regex:find('<pattern>', <text>)");
      const source = textOf(pattern, 'a pattern in quotes');
      checkPattern(source, pattern);
      const value = wanted('string', text, asText(compile(text, names)));
      return made('boolean', { kind: 'find', pattern: source, in: value.tree }, value);
    },
  ],
] satisfies [string, (call: Written & { kind: 'call' }, names: Names) => Compiled][]);

const argumentsOf = ({ at, args }: Written & { kind: 'call' }, form: string): readonly [Written, Written] => {
  const [first, second, ...rest] = args;
  if (first === undefined || second === undefined || rest.length > 0) throw new QueryError(at, `expected ${form}`);
  return [first, second];
};

const textOf = (written: Written, what: string): string => {
  if (written.kind !== 'literal' || typeof written.value !== 'string') throw new QueryError(written.at, `expected ${what}`);
  return written.value;
};

/** Patterns run in time that is proportional to the text: what that excludes is refused here, not at the gateway. */
const checkPattern = (source: string, { at }: Written): void => {
  try {
    javaPattern(source);
  } catch (err) {
    throw new QueryError(at, `expected a pattern that can be used: ${err instanceof Error ? err.message : String(err)}`);
  }
};
