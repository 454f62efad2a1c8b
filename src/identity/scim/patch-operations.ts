import { parseFilter, type Term } from './filter-expression.js';
import { InvalidPath, InvalidSyntax } from './scim.problems.js';

const OPERATIONS = ['add', 'replace', 'remove'] as const;
export type PatchVerb = (typeof OPERATIONS)[number];

/** One operation of a PATCH; a path may select among values (`members[value eq "…"]`) and name a part of them (`.value`). */
export interface PatchOperation {
  readonly verb: PatchVerb;
  readonly path: PatchPath | undefined;
  readonly value: unknown;
}

export interface PatchPath {
  /** The attribute before the brackets, with its schema when it was written. */
  readonly attribute: string;
  readonly selector: Term | undefined;
  readonly part: string | undefined;
}

const PATH = /^([A-Za-z][\w.:$-]*)(?:\[(.+)\](?:\.([A-Za-z]\w*))?)?$/;
const OPERATIONS_MAX = 1000;

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value of a key, whatever its case: clients write `Operations` and `operations`. */
export const field = (object: Readonly<Record<string, unknown>>, key: string): unknown => {
  const name = Object.keys(object).find((candidate) => candidate.toLowerCase() === key.toLowerCase());
  return name === undefined ? undefined : object[name];
};

/** @throws InvalidPath (400). */
export const parsePath = (text: string): PatchPath => {
  const [, attribute, filter, part] = PATH.exec(text.trim()) ?? [];
  if (attribute === undefined) throw InvalidPath(`The path ${text} is not supported.`);
  if (filter === undefined) return { attribute, selector: undefined, part: undefined };
  const [selector, ...others] = parseFilter(filter);
  if (others.length > 0 || selector?.operator !== 'eq') throw InvalidPath(`The path ${text} is not supported.`);
  return { attribute, selector, part };
};

/** The operations of a PatchOp message, in order. @throws InvalidSyntax, InvalidPath, InvalidFilter (400). */
export const parsePatch = (body: unknown): readonly PatchOperation[] => {
  if (!isObject(body)) throw InvalidSyntax('The request body is not a JSON object.');
  const operations = field(body, 'Operations');
  if (!Array.isArray(operations) || operations.length === 0) throw InvalidSyntax('The request has no Operations.');
  if (operations.length > OPERATIONS_MAX) throw InvalidSyntax(`There are more than ${OPERATIONS_MAX} operations.`);
  return operations.map((operation: unknown) => {
    if (!isObject(operation)) throw InvalidSyntax('An operation is not a JSON object.');
    const name = field(operation, 'op');
    const verb = OPERATIONS.find((candidate) => typeof name === 'string' && candidate === name.toLowerCase());
    if (!verb) throw InvalidSyntax(`The operation ${String(name)} is none of add, replace and remove.`);
    const path = field(operation, 'path');
    if (path !== undefined && typeof path !== 'string') throw InvalidPath('A path is a string.');
    const value = field(operation, 'value');
    if (verb !== 'remove' && value === undefined) throw InvalidSyntax(`The operation ${verb} needs a value.`);
    return { verb, path: path === undefined || path === '' ? undefined : parsePath(path), value };
  });
};
