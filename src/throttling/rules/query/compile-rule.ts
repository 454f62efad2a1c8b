import type { CustomRuleDocument, RuleExpression } from '../../../domain/custom-rules.js';
import { windowMs } from '../../../domain/throttling.js';
import { type Compiled, compileCondition, compileExpression, compileText, type Names, requestNames } from './compile-expression.js';
import { parseQuery } from './parse-query.js';
import { type Place, QueryError } from './query-error.js';
import type { Column, Written, WrittenRule } from './query-tree.js';

export type CompiledQuery = Omit<CustomRuleDocument, 'name' | 'keyTemplate'>;

const UNITS = /^(?:sec|min|hour|day|week|month|year)s?$|^(?:second|minute)s?$/i;
const WINDOW_MS_MAX = 10 * 365 * 86_400_000;
const COUNT_MAX = 2 ** 48;
const MAP = 'propertiesMap';

/** Makes the queries of a rule what the gateway is told. @throws QueryError that names the place and what belongs there. */
export const compileQuery = (text: string): CompiledQuery => {
  const rule = parseQuery(text);
  const columns = columnsOf(rule);
  const selected: Names = (name) => columns.get(name);
  const throttleKey = columnOf('throttleKey', rule.eligibilityEnd, columns);
  columnOf('isEligible', rule.eligibilityEnd, columns);
  return {
    isEligible: compileCondition(rule.filter, selected).tree,
    throttleKey: throttleKey.tree,
    windowMs: windowOf(rule.window),
    ...limitOf(rule, selected),
  };
};

/** The columns of the first query, by name. */
const columnsOf = ({ eligibility }: WrittenRule): ReadonlyMap<string, Compiled> => {
  const columns = new Map<string, Compiled>();
  for (const { at, name, value } of eligibility) {
    if (name === null) throw new QueryError(at, 'expected AS and a name for this column');
    if (columns.has(name)) throw new QueryError(at, `the column '${name}' is there twice`);
    // The map is passed on as it is, for the second query to read.
    const isMap = value.kind === 'name' && value.name === MAP && name === MAP;
    if (!isMap) columns.set(name, compilerOf(name)(value, requestNames));
  }
  return columns;
};

const compilerOf = (column: string): ((written: Written, names: Names) => Compiled) => {
  if (column === 'isEligible') return compileCondition;
  return column === 'throttleKey' ? compileText : compileExpression;
};

const columnOf = (name: string, end: Place, columns: ReadonlyMap<string, Compiled>): Compiled => {
  const column = columns.get(name);
  if (column === undefined) throw new QueryError(end, `expected a column AS ${name} before this`);
  return column;
};

const windowOf = ({ at, amount, unitAt, unit }: WrittenRule['window']): number => {
  if (!UNITS.test(unit)) throw new QueryError(unitAt, 'expected sec, min, hour, day, week, month or year');
  const unitTime = Number(amount);
  if (!Number.isInteger(unitTime) || unitTime < 1) throw new QueryError(at, 'expected a whole number from 1');
  const ms = windowMs({ timeUnit: unit, unitTime });
  if (ms > WINDOW_MS_MAX) throw new QueryError(at, 'a window may last ten years at most');
  return ms;
};

/** What the second query says of a key: how much of what, and nothing else. */
const limitOf = ({ result, resultEnd }: WrittenRule, selected: Names): Pick<CompiledQuery, 'max' | 'counts'> => {
  const names = new Set<string>();
  for (const { at, name } of result) {
    if (name === null || !['throttleKey', 'isThrottled', 'expiryTimeStamp'].includes(name))
      throw new QueryError(at, 'expected throttleKey, expiryTimeStamp or a limit AS isThrottled');
    if (names.has(name)) throw new QueryError(at, `the column '${name}' is there twice`);
    names.add(name);
  }
  for (const name of ['throttleKey', 'expiryTimeStamp']) checkPassedOn(name, result);
  const limit = result.find(({ name }) => name === 'isThrottled');
  if (!names.has('throttleKey') || limit === undefined)
    throw new QueryError(resultEnd, `expected a column ${names.has('throttleKey') ? 'AS isThrottled' : 'throttleKey'} before this`);
  return comparisonOf(limit.value, selected);
};

const checkPassedOn = (name: string, columns: readonly Column[]): void => {
  const column = columns.find((each) => each.name === name);
  if (column !== undefined && (column.value.kind !== 'name' || column.value.name !== name))
    throw new QueryError(column.at, `expected ${name}`);
};

const FORM = 'expected count(…) or sum(…) to be compared with a number by >= or >';
const MIRRORED: Readonly<Record<string, string>> = { '<=': '>=', '<': '>' };

const comparisonOf = (written: Written, selected: Names): Pick<CompiledQuery, 'max' | 'counts'> => {
  if (written.kind !== 'compare') throw new QueryError(written.at, FORM);
  const isMirrored = written.left.kind === 'literal';
  const [counted, bound] = isMirrored ? [written.right, written.left] : [written.left, written.right];
  const operator = isMirrored ? MIRRORED[written.operator] : written.operator;
  if (operator !== '>=' && operator !== '>') throw new QueryError(written.at, FORM);
  if (bound.kind !== 'literal' || typeof bound.value !== 'number' || bound.value > COUNT_MAX)
    throw new QueryError(bound.at, `expected a number up to ${COUNT_MAX}`);
  // A key is throttled from the request on that makes the comparison true: that one has passed.
  const max = operator === '>=' ? Math.ceil(bound.value) : Math.floor(bound.value) + 1;
  return { max, counts: countOf(counted, selected) };
};

const countOf = (written: Written, selected: Names): CompiledQuery['counts'] => {
  if (written.kind !== 'call') throw new QueryError(written.at, FORM);
  const { name, at, args } = written;
  const [argument, ...rest] = args;
  if (rest.length > 0) throw new QueryError(at, `${name} takes one value`);
  if (name === 'count') {
    if (argument !== undefined) compileExpression(argument, selected);
    return 'requests';
  }
  if (name !== 'sum') throw new QueryError(at, FORM);
  if (argument === undefined) throw new QueryError(at, 'expected sum(<number>)');
  const { type, tree } = compileExpression(argument, selected);
  if (type !== 'number') throw new QueryError(argument.at, "expected a number to add up; say which with cast(…, 'long')");
  const property = propertyOf(tree);
  const counts = property === null ? undefined : SUMS.get(property);
  if (counts === undefined)
    throw new QueryError(argument.at, `expected one of ${[...SUMS.keys()].join(', ')}: nothing else can be added up`);
  return counts;
};

/** What a request uses up that is no request: the gateway learns it when the body has passed, or the answer has come. */
const SUMS: ReadonlyMap<string, CompiledQuery['counts']> = new Map<string, CompiledQuery['counts']>([
  ['messageSize', 'bytes'],
  ['TOTAL_TOKENS', 'totalTokens'],
  ['PROMPT_TOKENS', 'promptTokens'],
  ['COMPLETION_TOKENS', 'completionTokens'],
]);

/** The entry of the map, whatever it was cast to. */
const propertyOf = (tree: RuleExpression): string | null => {
  if (tree.kind === 'cast') return propertyOf(tree.of);
  return tree.kind === 'property' ? tree.name : null;
};
