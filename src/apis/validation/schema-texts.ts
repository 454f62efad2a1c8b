import { atPointer, isObject, type JsonObject, textAt } from '../definitions/json-document.js';

/** Which way a message goes: what is read-only is not asked of requests, what is write-only not of answers. */
export type Direction = 'request' | 'response';

/** What a definition's schemas are written in. */
export type Dialect = 'swagger-2.0' | 'openapi-3.0' | 'openapi-3.1';

/** A definition that says something that cannot be checked. */
export class Unusable extends Error {}

const KEYWORDS_OF_ONE: ReadonlySet<string> = new Set([
  'not',
  'additionalProperties',
  'contains',
  'propertyNames',
  'if',
  'then',
  'else',
  'items',
]);
const KEYWORDS_OF_LIST: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const KEYWORDS_OF_MAP: ReadonlySet<string> = new Set(['properties', 'patternProperties', 'dependentSchemas']);
const LOOKING_THROUGH: ReadonlySet<string> = new Set(['unevaluatedProperties', 'unevaluatedItems']);
const VALUES: ReadonlySet<string> = new Set([
  ...[
    'type',
    'enum',
    'const',
    'multipleOf',
    'maximum',
    'exclusiveMaximum',
    'minimum',
    'exclusiveMinimum',
    'maxLength',
    'minLength',
    'pattern',
  ],
  ...[
    'maxItems',
    'minItems',
    'uniqueItems',
    'maxContains',
    'minContains',
    'maxProperties',
    'minProperties',
    'required',
    'dependentRequired',
  ],
  'format',
]);
const ONLY_IN_3_1: ReadonlySet<string> = new Set([
  ...['const', 'contains', 'propertyNames', 'if', 'then', 'else', 'prefixItems', 'patternProperties', 'dependentSchemas', 'maxContains'],
  ...['minContains', 'dependentRequired', 'unevaluatedProperties', 'unevaluatedItems'],
]);
/** Schemas within one that makes a unit of its own: what is compiled at once stays small. */
const UNIT = 60;
const REFERENCES_MAX = 20;

/**
 * Turns the schemas of a definition into JSON Schema 2020-12, as texts. What is referred to, and what is large, becomes a shared schema; everything that
 * checks nothing is left out.
 */
export class SchemaTexts {
  readonly shared: string[] = [];
  private readonly known = new Map<string, number>();
  private readonly waiting: (() => void)[] = [];
  private readonly looksThrough: boolean;
  private schemas = 0;

  constructor(
    private readonly document: JsonObject,
    private readonly dialect: Dialect,
  ) {
    this.looksThrough = dialect === 'openapi-3.1' && JSON.stringify(document).includes('"unevaluated');
  }

  /** The schema as text. @throws Unusable */
  text(schema: unknown, direction: Direction): string {
    const text = JSON.stringify(this.schema(schema, direction));
    for (let next = this.waiting.pop(); next !== undefined; next = this.waiting.pop()) next();
    return text;
  }

  /** What the references of a value lead to. @throws Unusable */
  resolved(value: unknown): JsonObject {
    let at = value;
    for (let i = 0; i < REFERENCES_MAX; i += 1) {
      if (!isObject(at)) return {};
      const reference = textAt(at, '$ref');
      if (reference === undefined) return at;
      at = this.target(reference);
    }
    throw new Unusable('references lead in a circle');
  }

  private target(reference: string): unknown {
    const found = reference === '#' ? this.document : reference.startsWith('#/') ? atPointer(this.document, reference) : undefined;
    if (found === undefined) throw new Unusable(`'${reference}' refers to nothing in the definition`);
    return found;
  }

  private schema(schema: unknown, direction: Direction): unknown {
    if (typeof schema === 'boolean') return schema;
    if (!isObject(schema)) return {};
    const before = this.schemas;
    this.schemas += 1;
    const reference = textAt(schema, '$ref') ?? (this.dialect === 'openapi-3.1' ? textAt(schema, '$dynamicRef') : undefined);
    if (reference !== undefined && this.dialect !== 'openapi-3.1') return this.refer(this.indexOf(reference, direction));
    const written = this.keywords(schema, direction);
    if (reference !== undefined) Object.assign(written, this.refer(this.indexOf(reference, direction)));
    if (this.dialect !== 'openapi-3.1') asIn2020(written, schema);
    if (this.schemas - before <= UNIT) return this.dialect === 'openapi-3.1' ? written : nullable(written, schema);
    this.schemas = before + 1;
    const unit = this.dialect === 'openapi-3.1' ? written : nullable(written, schema);
    return this.refer(this.shared.push(JSON.stringify(unit)) - 1);
  }

  private keywords(schema: JsonObject, direction: Direction): JsonObject {
    const written: JsonObject = {};
    for (const [keyword, value] of Object.entries(schema)) {
      if (this.dialect !== 'openapi-3.1' && ONLY_IN_3_1.has(keyword)) continue;
      if (keyword === 'required') written[keyword] = this.required(schema, direction);
      else if (VALUES.has(keyword)) written[keyword] = value;
      else if (KEYWORDS_OF_ONE.has(keyword) || LOOKING_THROUGH.has(keyword)) written[keyword] = this.schema(value, direction);
      else if (KEYWORDS_OF_LIST.has(keyword) && Array.isArray(value)) written[keyword] = value.map((one) => this.schema(one, direction));
      else if (KEYWORDS_OF_MAP.has(keyword) && isObject(value)) {
        written[keyword] = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, this.schema(one, direction)]));
      }
    }
    return written;
  }

  /** Names of properties that must be there in a message of this direction. */
  private required({ required, properties }: JsonObject, direction: Direction): unknown {
    if (!Array.isArray(required)) return [];
    const known = isObject(properties) ? properties : {};
    const exempt = direction === 'request' ? 'readOnly' : 'writeOnly';
    return required.filter(
      (name) => typeof name === 'string' && !(Object.hasOwn(known, name) && this.resolved(known[name])[exempt] === true),
    );
  }

  private indexOf(reference: string, direction: Direction): number {
    const key = `${direction} ${reference}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const target = this.target(reference);
    const index = this.shared.push('true') - 1;
    this.known.set(key, index);
    // Later, as definitions refer to one another deeper than the stack is.
    this.waiting.push(() => {
      this.schemas = 0;
      this.shared[index] = JSON.stringify(this.schema(target, direction));
    });
    return index;
  }

  private refer(index: number): JsonObject {
    return this.looksThrough ? { $ref: `shared:${index}` } : { 'x-shared': index };
  }
}

/** Words that older dialects read otherwise. */
const asIn2020 = (written: JsonObject, { type }: JsonObject): void => {
  for (const [exclusive, limit] of [
    ['exclusiveMaximum', 'maximum'],
    ['exclusiveMinimum', 'minimum'],
  ] as const) {
    if (written[exclusive] === true) {
      written[exclusive] = written[limit];
      delete written[limit];
    }
    if (typeof written[exclusive] !== 'number') delete written[exclusive];
  }
  // A file has no schema (Swagger 2.0).
  if (type === 'file') delete written['type'];
};

const nullable = (written: JsonObject, schema: JsonObject): JsonObject =>
  schema['nullable'] === true || schema['x-nullable'] === true ? { anyOf: [{ type: 'null' }, written] } : written;
