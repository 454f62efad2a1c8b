import type { Filter, Operand, Path, Step } from './json-path-syntax.js';
import { type Json, MediationError } from './message.js';

/** A value that a path leads to, and the way to it. */
export interface Found {
  readonly json: Json;
  /** Its name or index in the parent; undefined for the root. */
  readonly key: string | number | undefined;
  readonly parent: Found | undefined;
}

type JsonObject = { readonly [key: string]: Json };

const VISITS_MAX = 1_000_000;

/** How many more values this evaluation may look at. */
interface Budget {
  left: number;
}

/** All values that the steps lead to from a root, in document order. @throws MediationError when it would look at more than a million values. */
export const select = (steps: readonly Step[], root: Json): readonly Found[] => selectWithin(steps, root, root, { left: VISITS_MAX });

/** The value of a path; undefined for a definite one that leads nowhere. @throws MediationError. */
export const readPath = (path: Path, current: Json, root: Json): Json | undefined => read(path, current, root, { left: VISITS_MAX });

const read = (path: Path, current: Json, root: Json, budget: Budget): Json | undefined => {
  const start = path.isRelative ? current : root;
  const isSingle = path.steps.every(({ kind }) => kind === 'name' || kind === 'index');
  if (isSingle) {
    const json = walk(path.steps, start);
    return path.aggregate === undefined ? json : aggregated(path.aggregate, json);
  }
  const values = selectWithin(path.steps, start, root, budget).map(({ json }) => json);
  if (path.aggregate !== undefined) return aggregated(path.aggregate, values);
  return path.isDefinite ? values[0] : values;
};

const walk = (steps: readonly Step[], start: Json): Json | undefined => {
  let json: Json | undefined = start;
  for (const step of steps) {
    if (json === undefined) return undefined;
    if (step.kind === 'name') json = member(json, step.name);
    else if (step.kind === 'index') json = isList(json) ? json.at(step.index) : undefined;
  }
  return json;
};

const selectWithin = (steps: readonly Step[], start: Json, root: Json, budget: Budget): readonly Found[] => {
  let found: readonly Found[] = [{ json: start, key: undefined, parent: undefined }];
  for (const step of steps) {
    const next: Found[] = [];
    for (const each of found) apply(step, each, root, budget, next);
    found = next;
  }
  return found;
};

const apply = (step: Step, at: Found, root: Json, budget: Budget, out: Found[]): void => {
  const { json } = at;
  const add = (key: string | number, value: Json | undefined): void => {
    spend(budget);
    if (value !== undefined) out.push({ json: value, key, parent: at });
  };
  switch (step.kind) {
    case 'name':
      add(step.name, member(json, step.name));
      return;
    case 'names':
      out.push({
        json: Object.fromEntries(
          step.names.flatMap((name) => (member(json, name) === undefined ? [] : [[name, member(json, name) ?? null]])),
        ),
        key: undefined,
        parent: at,
      });
      return;
    case 'index':
    case 'indexes':
      if (!isList(json)) return;
      for (const index of step.kind === 'index' ? [step.index] : step.indexes) add(index < 0 ? index + json.length : index, json.at(index));
      return;
    case 'slice':
      if (!isList(json)) return;
      for (let i = bound(step.from ?? 0, json.length); i < bound(step.to ?? json.length, json.length); i += 1) add(i, json[i]);
      return;
    case 'all':
      eachOf(json, add);
      return;
    case 'deep':
      descend(at, budget, out);
      return;
    case 'filter':
      eachOf(isList(json) ? json : [json], (key, value) => {
        spend(budget);
        if (!holds(step.filter, value, root, budget)) return;
        out.push(isList(json) ? { json: value, key, parent: at } : at);
      });
      return;
  }
};

/** A value and all below it, parents first; without recursion, for a payload may be nested as deep as its parser bears. */
const descend = (from: Found, budget: Budget, out: Found[]): void => {
  const open: Found[] = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const parent = at;
    spend(budget);
    out.push(parent);
    const below: Found[] = [];
    eachOf(parent.json, (key, json) => below.push({ json, key, parent }));
    for (let i = below.length - 1; i >= 0; i -= 1) {
      const child = below[i];
      if (child !== undefined) open.push(child);
    }
  }
};

const spend = (budget: Budget): void => {
  budget.left -= 1;
  if (budget.left < 0) throw new MediationError('0', `a JSONPath looked at more than ${VISITS_MAX} values`);
};

const bound = (index: number, length: number): number => Math.max(0, Math.min(length, index < 0 ? index + length : index));

const isList = (json: Json): json is readonly Json[] => Array.isArray(json);

const isObject = (json: Json | undefined): json is JsonObject => typeof json === 'object' && json !== null && !Array.isArray(json);

const member = (json: Json, name: string): Json | undefined => (isObject(json) && Object.hasOwn(json, name) ? json[name] : undefined);

const eachOf = (json: Json, visit: (key: string | number, value: Json) => void): void => {
  if (isList(json)) for (const [index, item] of json.entries()) visit(index, item);
  else if (isObject(json)) for (const [key, value] of Object.entries(json)) visit(key, value);
};

const holds = (filter: Filter, current: Json, root: Json, budget: Budget): boolean => {
  switch (filter.kind) {
    case 'and':
      return holds(filter.left, current, root, budget) && holds(filter.right, current, root, budget);
    case 'or':
      return holds(filter.left, current, root, budget) || holds(filter.right, current, root, budget);
    case 'not':
      return !holds(filter.filter, current, root, budget);
    case 'exists': {
      const value = read(filter.path, current, root, budget);
      return filter.path.isDefinite ? value !== undefined : isList(value ?? null) && (value as readonly Json[]).length > 0;
    }
    case 'matches': {
      const value = operand(filter.left, current, root, budget);
      return typeof value === 'string' && filter.pattern.matches(value);
    }
    case 'compare':
      return compare(filter.operator, operand(filter.left, current, root, budget), operand(filter.right, current, root, budget), budget);
  }
};

const operand = (of: Operand, current: Json, root: Json, budget: Budget): Json | undefined =>
  of.kind === 'literal' ? of.json : read(of.path, current, root, budget);

const compare = (operator: string, left: Json | undefined, right: Json | undefined, budget: Budget): boolean => {
  switch (operator) {
    case '==':
      return isEqual(left, right);
    case '!=':
      return !isEqual(left, right);
    case 'in':
      return has(right, left, budget);
    case 'nin':
      return !has(right, left, budget);
    case 'subsetof':
      return Array.isArray(left) && left.every((item: Json) => has(right, item, budget));
    case 'anyof':
      return Array.isArray(left) && left.some((item: Json) => has(right, item, budget));
    case 'noneof':
      return Array.isArray(left) && !left.some((item: Json) => has(right, item, budget));
    case 'size':
      return sizeOf(left) !== undefined && sizeOf(left) === (typeof right === 'number' ? right : sizeOf(right));
    case 'empty':
      return (sizeOf(left) === 0) === (right !== false) && sizeOf(left) !== undefined;
    default:
      return isOrdered(operator, left, right);
  }
};

const isOrdered = (operator: string, left: Json | undefined, right: Json | undefined): boolean => {
  const isComparable = (typeof left === 'number' && typeof right === 'number') || (typeof left === 'string' && typeof right === 'string');
  if (!isComparable) return false;
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '>' ? left > right : left >= right;
};

const isEqual = (left: Json | undefined, right: Json | undefined): boolean =>
  left === right || (typeof left === 'object' && typeof right === 'object' && JSON.stringify(left) === JSON.stringify(right));

const has = (list: Json | undefined, item: Json | undefined, budget: Budget): boolean =>
  Array.isArray(list) &&
  list.some((each: Json) => {
    spend(budget);
    return isEqual(each, item);
  });

const sizeOf = (json: Json | undefined): number | undefined => (typeof json === 'string' || Array.isArray(json) ? json.length : undefined);

/** The functions at the end of a path; undefined where they have nothing to compute. */
const aggregated = (name: string, json: Json | undefined): Json | undefined => {
  if (json === undefined) return undefined;
  if (name === 'keys') return isObject(json) ? Object.keys(json) : undefined;
  if (name === 'length' || name === 'size') return isObject(json) ? Object.keys(json).length : sizeOf(json);
  if (!isList(json)) return undefined;
  if (name === 'first') return json[0];
  if (name === 'last') return json.at(-1);
  const numbers = json.filter((item) => typeof item === 'number');
  if (numbers.length === 0) return undefined;
  const sum = numbers.reduce((total, item) => total + item, 0);
  if (name === 'sum') return sum;
  if (name === 'min') return numbers.reduce((least, item) => Math.min(least, item));
  if (name === 'max') return numbers.reduce((most, item) => Math.max(most, item));
  const average = sum / numbers.length;
  if (name === 'avg') return average;
  return Math.sqrt(numbers.reduce((total, item) => total + (item - average) ** 2, 0) / numbers.length);
};
