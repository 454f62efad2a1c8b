import { isDeepStrictEqual } from 'node:util';
import type { ApiOperation } from '../../domain/api.js';
import type { DefinitionSource } from '../definitions/definition.js';
import { parseDocument } from '../definitions/exact-json.js';
import { isObject, type JsonObject, objectAt, objectIn, textAt } from '../definitions/json-document.js';
import { isSwagger2, OPENAPI_VERBS } from '../definitions/openapi.js';
import { emptyOpenApi, writeOpenApi } from '../definitions/write-openapi.js';
import { fromSwagger2 } from './from-swagger2.js';
import { takeComponents } from './take-components.js';

/** A member's share of a product's definition. */
export interface MemberDefinition {
  /** The API's name, which tells apart what two members call alike. */
  readonly name: string;
  /** Its OpenAPI definition as JSON; null for an API that has none. */
  readonly definition: string | null;
  /** What the product offers of it. */
  readonly operations: readonly Pick<ApiOperation, 'target' | 'verb'>[];
}

export interface ProductDefinitionInput {
  /** What of the product its definition repeats. */
  readonly source: DefinitionSource;
  readonly members: readonly MemberDefinition[];
  /** The definition so far as JSON; given back as it is when nothing has changed. */
  readonly stored: string | null;
}

/**
 * The OpenAPI 3 definition of a product as JSON: the operations it offers as its members define them, in the product's order, with the components
 * they refer to and no others. What two members call alike but define otherwise gets the second member's name added.
 */
export const productDefinition = ({ source, members, stored }: ProductDefinitionInput): string => {
  const document = emptyOpenApi(source, 'v3');
  const ids = new Set<string>();
  for (const member of members) {
    const definition = member.definition === null ? {} : asOpenApi3(parseDocument(member.definition));
    if (textAt(definition, 'openapi')?.startsWith('3.1')) document['openapi'] = '3.1.0';
    takeOver(document, member, definition, ids);
  }
  // Verbs of other kinds of API have no place in a path item.
  const operations = source.operations.filter(({ target, verb }) => target.startsWith('/') && OPENAPI_VERBS.includes(verb.toLowerCase()));
  writeOpenApi(document, { ...source, operations });
  const text = JSON.stringify(document);
  return stored !== null && isDeepStrictEqual(parseDocument(stored), parseDocument(text)) ? stored : text;
};

const asOpenApi3 = (definition: JsonObject): JsonObject => (isSwagger2(definition) ? fromSwagger2(definition) : definition);

/** Adds a member's operations to the product's definition; `ids` are the operation ids that are taken. */
const takeOver = (document: JsonObject, { name, operations }: MemberDefinition, definition: JsonObject, ids: Set<string>): void => {
  const taken = operations.flatMap(({ target, verb }) => {
    const item = objectAt(objectAt(definition, 'paths'), target);
    const defined = item[verb.toLowerCase()];
    return isObject(defined) ? [{ target, verb: verb.toLowerCase(), operation: ownOperation(definition, item, defined) }] : [];
  });
  const rewritten = takeComponents(
    document,
    definition,
    name,
    taken.map(({ operation }) => operation),
  );
  for (const [at, { target, verb }] of taken.entries()) {
    const operation = rewritten[at] ?? {};
    const id = textAt(operation, 'operationId');
    if (id !== undefined) operation['operationId'] = freeId(ids, id, name);
    objectIn(objectIn(document, 'paths'), target)[verb] = operation;
    takeTags(document, definition, operation['tags']);
  }
};

/** An operation on its own: what its path item says for all of its operations is said here, and what the gateway decides is left out. */
const ownOperation = (definition: JsonObject, item: JsonObject, operation: JsonObject): JsonObject => {
  const { security, servers, ...kept } = operation;
  const own = parametersIn(operation);
  const names = new Set(own.map((parameter) => parameterKey(definition, parameter)));
  const inherited = parametersIn(item).filter((parameter) => !names.has(parameterKey(definition, parameter)));
  const parameters = [...inherited, ...own];
  return { ...kept, ...(parameters.length > 0 && { parameters }) };
};

const parametersIn = (value: JsonObject): readonly unknown[] => (Array.isArray(value['parameters']) ? value['parameters'] : []);

/** A parameter is told apart by its place and its name, which may stand in the component it refers to. */
const parameterKey = (definition: JsonObject, parameter: unknown): string => {
  if (!isObject(parameter)) return '';
  const [, component] = /^#\/components\/parameters\/([^/]+)$/.exec(textAt(parameter, '$ref') ?? '') ?? [];
  const { in: place, name } =
    component === undefined ? parameter : objectAt(objectAt(objectAt(definition, 'components'), 'parameters'), component);
  return `${place} ${name}`;
};

const freeId = (ids: Set<string>, id: string, member: string): string => {
  let free = id;
  for (let count = 1; ids.has(free); count += 1) free = `${id}_${member.replace(/\W+/g, '_')}${count > 1 ? `_${count}` : ''}`;
  ids.add(free);
  return free;
};

/** What a member says about the tags of its operations; of two that say something about one tag, the first counts. */
const takeTags = (document: JsonObject, definition: JsonObject, used: unknown): void => {
  if (!Array.isArray(used) || !Array.isArray(definition['tags'])) return;
  const known: unknown[] = Array.isArray(document['tags']) ? document['tags'] : [];
  for (const tag of definition['tags'].filter(isObject)) {
    if (used.includes(tag['name']) && !known.some((other) => isObject(other) && other['name'] === tag['name'])) known.push(tag);
  }
  if (known.length > 0) document['tags'] = known;
};
