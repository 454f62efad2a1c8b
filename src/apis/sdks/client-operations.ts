import { atPointer, isObject, type JsonObject, objectAt, textsAt } from '../definitions/json-document.js';
import { isSwagger2, operationsIn } from '../definitions/openapi.js';
import type {
  ClientBody,
  ClientContent,
  ClientOperation,
  ClientParameter,
  ClientResponse,
  ClientSchema,
  ParameterPlace,
} from './client-definition.js';
import type { ClientSchemas } from './client-schemas.js';
import { lineOf, textOf } from './client-texts.js';
import { camelCase, UniqueNames, wordsOf } from './identifiers.js';

const REFERENCES_MAX = 10;
const NAME_MAX = 200;
const MEDIA_TYPE = /^[\w.+*-]+\/[\w.+*-]+$/;
const STATUS = /^([1-5]\d\d|default)$/;
const PLACES: readonly string[] = ['path', 'query', 'header', 'cookie'] satisfies readonly ParameterPlace[];
/** By what generators or the HTTP client itself send. */
const IGNORED_HEADERS: readonly string[] = ['accept', 'content-type', 'content-length', 'host', 'authorization'];
const STYLES: readonly string[] = ['simple', 'label', 'matrix', 'form', 'spaceDelimited', 'pipeDelimited', 'deepObject'];
const SWAGGER_STYLES: ReadonlyMap<string, readonly [style: string, explode: boolean]> = new Map([
  ['csv', ['form', false]],
  ['ssv', ['spaceDelimited', false]],
  ['pipes', ['pipeDelimited', false]],
  ['multi', ['form', true]],
]);
const FORMS: readonly string[] = ['application/x-www-form-urlencoded', 'multipart/form-data'];
const JSON_TYPE = 'application/json';

export interface PathOperations {
  readonly path: string;
  readonly operations: Readonly<Record<string, ClientOperation>>;
}

/** What generated clients use themselves, and words that are no names in JavaScript. */
const RESERVED_OPERATIONS = [
  ...['client', 'createClient', 'createConfig', 'options', 'request', 'close', 'types', 'index', 'exports', 'module', 'require'],
  ...['arguments', 'await', 'break', 'case', 'catch', 'class', 'const', 'constructor', 'continue', 'debugger', 'default', 'delete', 'do'],
  ...['else', 'enum', 'eval', 'export', 'extends', 'false', 'finally', 'for', 'function', 'if', 'implements', 'import', 'in', 'instanceof'],
  ...['interface', 'let', 'new', 'null', 'package', 'private', 'protected', 'prototype', 'public', 'return', 'static', 'super', 'switch'],
  ...['this', 'throw', 'true', 'try', 'typeof', 'undefined', 'var', 'void', 'while', 'with', 'yield'],
];

/** Reads the operations of one definition. */
export class ClientOperations {
  private readonly ids = new UniqueNames();

  constructor(
    private readonly document: JsonObject,
    private readonly schemas: ClientSchemas,
    /** Names of the security schemes by which secured operations are called. */
    private readonly waysIn: readonly string[],
  ) {}

  of(template: string, item: JsonObject): PathOperations {
    const named = namedTemplate(template);
    const operations = operationsIn(item).map(([verb, operation]) => [verb, this.operation(verb, named, item, operation)] as const);
    return { path: named.path, operations: Object.fromEntries(operations) };
  }

  private operation(verb: string, { path, names }: NamedTemplate, item: JsonObject, operation: JsonObject): ClientOperation {
    const listed = [...listAt(item, 'parameters'), ...listAt(operation, 'parameters')];
    const given = listed.map((parameter) => this.resolved(parameter)).filter((parameter) => parameter !== undefined);
    const [description, summary] = [textOf(operation['description']), lineOf(operation['summary'])];
    const body = isSwagger2(this.document) ? this.swaggerBody(given, operation) : this.body(operation['requestBody']);
    const [tag] = textsAt(operation, 'tags').map((text) => wordsOf(text.slice(0, NAME_MAX)).join(' '));
    return {
      operationId: this.ids.take(idOf(operation, verb, path)),
      tags: [tag || 'default'],
      ...(summary !== undefined && { summary }),
      ...(description !== undefined && { description }),
      ...(operation['deprecated'] === true && { deprecated: true }),
      parameters: this.parameters(given, names),
      ...(body !== undefined && { requestBody: body }),
      responses: this.responses(operation),
      security: isOpen(this.document, operation) ? [] : this.waysIn.map((name) => ({ [name]: [] })),
    };
  }

  /** Those of the operation replace those of its path; every name in the path has one. */
  private parameters(given: readonly JsonObject[], names: ReadonlyMap<string, string>): readonly ClientParameter[] {
    const found = new Map<string, ClientParameter>();
    for (const [wire, name] of names) {
      const usual = { name, in: 'path', required: true, style: 'simple', explode: false, schema: { type: 'string' } } as const;
      found.set(`path ${wire}`, wire === REST ? { ...usual, 'x-rest': true } : usual);
    }
    for (const parameter of given) {
      const { name: wire, in: place } = parameter;
      if (typeof wire !== 'string' || wire === '' || wire === '__proto__' || wire.length > NAME_MAX || !isPlace(place)) continue;
      const name = place === 'path' ? names.get(wire) : wire;
      if (name === undefined || (place === 'header' && IGNORED_HEADERS.includes(wire.toLowerCase()))) continue;
      found.set(`${place} ${wire}`, this.parameter(name, place, parameter));
    }
    return [...found.values()];
  }

  private parameter(name: string, place: ParameterPlace, parameter: JsonObject): ClientParameter {
    const description = textOf(parameter['description']);
    return {
      ...{ name, in: place, required: place === 'path' || parameter['required'] === true },
      ...(description !== undefined && { description }),
      ...(parameter['deprecated'] === true && { deprecated: true }),
      ...this.writing(place, parameter),
      schema: this.parameterSchema(parameter),
    };
  }

  private parameterSchema(parameter: JsonObject): ClientSchema {
    if (isSwagger2(this.document)) return this.schemas.schema(withoutDescription(parameter));
    const [media] = Object.values(objectAt(parameter, 'content')).filter(isObject);
    return this.schemas.schema(parameter['schema'] ?? media?.['schema'] ?? { type: 'string' });
  }

  private writing(place: ParameterPlace, parameter: JsonObject): { readonly style: string; readonly explode: boolean } {
    const usual = place === 'query' || place === 'cookie' ? 'form' : 'simple';
    if (isSwagger2(this.document)) {
      const [style, explode] = SWAGGER_STYLES.get(String(parameter['collectionFormat'] ?? 'csv')) ?? ['form', false];
      return usual === 'form' ? { style, explode } : { style: usual, explode: false };
    }
    const style = STYLES.find((known) => known === parameter['style']) ?? usual;
    return { style, explode: typeof parameter['explode'] === 'boolean' ? parameter['explode'] : style === 'form' };
  }

  private body(given: unknown): ClientBody | undefined {
    const body = this.resolved(given);
    if (body === undefined) return undefined;
    const content = this.content(objectAt(body, 'content'));
    const description = textOf(body['description']);
    return content && { required: body['required'] === true, ...(description !== undefined && { description }), content };
  }

  private swaggerBody(given: readonly JsonObject[], operation: JsonObject): ClientBody | undefined {
    const consumed =
      [operation, this.document].map((level) => textsAt(level, 'consumes').filter(isMediaType)).find((list) => list.length > 0) ?? [];
    const body = given.find((parameter) => parameter['in'] === 'body');
    if (body !== undefined) {
      const types = consumed.length > 0 ? consumed : [JSON_TYPE];
      return { required: body['required'] === true, content: contentOf(types, this.schemas.schema(body['schema'])) };
    }
    const fields = given.filter((parameter) => parameter['in'] === 'formData' && typeof parameter['name'] === 'string');
    if (fields.length === 0) return undefined;
    const schema = {
      type: 'object',
      properties: Object.fromEntries(fields.map((field) => [field['name'], field])),
      required: fields.filter((field) => field['required'] === true).map((field) => field['name']),
    };
    const types = fields.some((field) => field['type'] === 'file')
      ? ['multipart/form-data']
      : consumed.filter((type) => FORMS.includes(type));
    return {
      required: schema.required.length > 0,
      content: contentOf(types.length > 0 ? types : ['application/x-www-form-urlencoded'], this.schemas.schema(schema)),
    };
  }

  private responses(operation: JsonObject): Readonly<Record<string, ClientResponse>> {
    const responses = Object.entries(objectAt(operation, 'responses')).flatMap(([key, given]) => {
      const status = /^[1-5]XX$/i.test(key) ? key.replace(/XX$/i, '00') : key;
      const response = this.resolved(given);
      if (!STATUS.test(status) || response === undefined) return [];
      const content = isSwagger2(this.document) ? this.swaggerContent(operation, response) : this.content(objectAt(response, 'content'));
      return [[status, { description: lineOf(response['description']) ?? status, ...(content !== undefined && { content }) }] as const];
    });
    return responses.length > 0 ? Object.fromEntries(responses) : { default: { description: 'Any answer' } };
  }

  private content(given: JsonObject): ClientContent | undefined {
    const entries = Object.entries(given).flatMap(([type, media]) => {
      const name = mediaTypeOf(type);
      return isMediaType(name) && isObject(media) ? [[name, { schema: this.schemas.schema(media['schema']) }] as const] : [];
    });
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  }

  private swaggerContent(operation: JsonObject, response: JsonObject): ClientContent | undefined {
    if (!isObject(response['schema'])) return undefined;
    const produced = [operation, this.document]
      .map((level) => textsAt(level, 'produces').filter(isMediaType))
      .find((list) => list.length > 0);
    return contentOf(produced ?? [JSON_TYPE], this.schemas.schema(response['schema']));
  }

  /** What a reference within the document leads to; undefined for one that leads elsewhere. */
  private resolved(value: unknown): JsonObject | undefined {
    let at = value;
    for (let count = 0; count < REFERENCES_MAX && isObject(at); count += 1) {
      const { $ref } = at;
      if (typeof $ref !== 'string') return at;
      at = $ref.startsWith('#/') ? atPointer(this.document, $ref) : undefined;
    }
    return undefined;
  }
}

interface NamedTemplate {
  readonly path: string;
  /** Identifiers by the names in the template. */
  readonly names: ReadonlyMap<string, string>;
}

/** The name that stands for `/*` at the end of a path. */
const REST = '*';

/** Path parameters get names that are identifiers, which nobody sees on the wire; `/*` at the end becomes one more; the rest is escaped as in an address. */
const namedTemplate = (template: string): NamedTemplate => {
  const names = new Map<string, string>();
  const unique = new UniqueNames();
  const path = template
    .slice(0, 2_000)
    .replace(/\/\*$/, `/{${REST}}`)
    .split(/(\{[^{}]*\})/)
    .map((part) => {
      const wire = /^\{(.*)\}$/s.exec(part)?.[1];
      if (wire === undefined) return escapedLiteral(part);
      const name = names.get(wire) ?? unique.take(wire === REST ? 'path' : camelCase(wire) || 'parameter');
      names.set(wire, name);
      return `{${name}}`;
    })
    .join('');
  return { path, names };
};

const escapedLiteral = (text: string): string =>
  text.replace(/%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9/_.~:!+,;=()%-]/gu, (character) =>
    Array.from(Buffer.from(character, 'utf8'), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );

const idOf = (operation: JsonObject, verb: string, path: string): string => {
  const { operationId } = operation;
  const name = (typeof operationId === 'string' && camelCase(operationId.slice(0, NAME_MAX))) || camelCase(`${verb} ${path}`) || verb;
  return RESERVED_OPERATIONS.includes(name) ? `${name}Operation` : name;
};

/** Open to everybody: said by the gateway's own word, or by an empty list of ways in. */
const isOpen = (document: JsonObject, operation: JsonObject): boolean => {
  if (operation['x-auth-type'] === 'None') return true;
  const security = operation['security'] ?? document['security'];
  return Array.isArray(security) && security.length === 0;
};

const listAt = (parent: JsonObject, key: string): readonly unknown[] => {
  const value = parent[key];
  return Array.isArray(value) ? value : [];
};

const isPlace = (value: unknown): value is ParameterPlace => typeof value === 'string' && PLACES.includes(value);

const mediaTypeOf = (text: string): string => text.replace(/;.*$/s, '').trim().toLowerCase();

const isMediaType = (text: string): boolean => MEDIA_TYPE.test(text) && text.length <= NAME_MAX;

const contentOf = (types: readonly string[], schema: ClientSchema): ClientContent =>
  Object.fromEntries(types.map((type) => [mediaTypeOf(type), { schema }]));

/** In Swagger 2.0 a parameter is its own schema; its description is said once. */
const withoutDescription = ({ description, ...schema }: JsonObject): JsonObject => schema;
