import { atPointer, decoded, isObject, type JsonObject, objectAt, textsAt } from '../definitions/json-document.js';
import { isSwagger2 } from '../definitions/openapi.js';
import { type ClientSchema, SCHEMA_POINTER, type SchemaType } from './client-definition.js';
import { textOf } from './client-texts.js';
import { pascalCase, UniqueNames } from './identifiers.js';

/** Schemas nested deeper than this, without a name on the way, are left open. */
const DEPTH_MAX = 40;
const ENUM_MAX = 1_000;
const TYPES: readonly string[] = ['string', 'number', 'integer', 'boolean', 'array', 'object'] satisfies readonly SchemaType[];
const FORMATS: readonly string[] = [
  ...['int32', 'int64', 'float', 'double', 'byte', 'binary', 'date', 'date-time'],
  ...['password', 'email', 'uuid', 'uri', 'hostname', 'ipv4', 'ipv6'],
];

/** Types of TypeScript, Java and their libraries that generated code itself speaks of. */
const TAKEN_TYPES = [
  ...[
    'Any',
    'Array',
    'Blob',
    'Boolean',
    'Byte',
    'Character',
    'Class',
    'Date',
    'DateTime',
    'Double',
    'Enum',
    'Error',
    'Exception',
    'File',
    'Float',
  ],
  ...[
    'FormData',
    'Headers',
    'Integer',
    'List',
    'Literal',
    'Long',
    'Map',
    'Model',
    'Null',
    'Number',
    'Object',
    'Override',
    'Promise',
    'Record',
  ],
  ...['Request', 'Response', 'Set', 'Short', 'String', 'Symbol', 'Thread', 'TypedDict', 'Undefined', 'Union', 'Unknown', 'Upload', 'Void'],
  ...['ApiClient', 'ApiError', 'Client', 'ClientOptions', 'Config', 'Configuration', 'Module', 'Options', 'System'],
];

/** Reads the schemas of one definition. Whatever a schema refers to within the document becomes a schema with a name; what is elsewhere is left open. */
export class ClientSchemas {
  private readonly names = new UniqueNames();
  private readonly byPointer = new Map<string, string>();
  private readonly pending: (readonly [name: string, schema: unknown])[] = [];

  constructor(private readonly document: JsonObject) {
    const [pointer, named] = isSwagger2(document)
      ? ['#/definitions', objectAt(document, 'definitions')]
      : ['#/components/schemas', objectAt(objectAt(document, 'components'), 'schemas')];
    for (const name of Object.keys(named)) this.nameOf(`${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  }

  /** All schemas with names, those that only these lead to among them. */
  named(): Readonly<Record<string, ClientSchema>> {
    const schemas: [string, ClientSchema][] = [];
    for (let next = this.pending.shift(); next !== undefined; next = this.pending.shift()) schemas.push([next[0], this.schema(next[1])]);
    return withoutCircles(Object.fromEntries(schemas));
  }

  schema(value: unknown, depth = 0): ClientSchema {
    if (!isObject(value) || depth > DEPTH_MAX) return {};
    const { $ref } = value;
    if (typeof $ref === 'string') return this.referredTo($ref);
    return { ...describedBy(value), ...this.shapeOf(value, depth) };
  }

  private referredTo(pointer: string): ClientSchema {
    if (!pointer.startsWith('#/') || !isObject(atPointer(this.document, pointer)))
      return { description: 'Described outside of this definition.' };
    return { $ref: `${SCHEMA_POINTER}${this.nameOf(pointer)}` };
  }

  private nameOf(given: string): string {
    const pointer = decoded(given);
    const known = this.byPointer.get(pointer);
    if (known !== undefined) return known;
    const [last = ''] = pointer.split('/').slice(-1);
    const wanted = pascalCase(last.replace(/~[01]/g, ' ')) || 'Schema';
    const name = this.names.take(isTaken(wanted) ? `${wanted}Model` : wanted);
    this.byPointer.set(pointer, name);
    this.pending.push([name, atPointer(this.document, given)]);
    return name;
  }

  private shapeOf(value: JsonObject, depth: number): ClientSchema {
    const types = typesOf(value);
    const nullable = types.includes('null') || isNullable(value);
    const known = types.filter((type): type is SchemaType => TYPES.includes(type));
    if (known.length > 1) {
      const anyOf = known.map((type) => this.ofType(type, value, depth));
      return { anyOf, ...(nullable && { nullable }) };
    }
    const combined = this.combined(value, depth);
    const [type = combined === undefined ? impliedType(value) : undefined] = known;
    // A type beside `allOf` says nothing more, and generators take it for a schema of its own.
    const own = type === undefined || (combined !== undefined && type !== 'object') ? {} : this.ofType(type, value, depth);
    return { ...(nullable && { nullable }), ...own, ...combined };
  }

  private ofType(type: SchemaType, value: JsonObject, depth: number): ClientSchema {
    if (type === 'array') return { type, items: this.schema(value['items'], depth + 1) };
    if (type === 'object') return { type, ...this.membersOf(value, depth) };
    const values = enumOf(value, type);
    const listed = values !== undefined && isNullable(value) ? [...values, null] : values;
    const format = formatOf(value);
    return { type, ...(format !== undefined && { format }), ...(listed !== undefined && { enum: listed }) };
  }

  private membersOf(value: JsonObject, depth: number): ClientSchema {
    const entries = Object.entries(objectAt(value, 'properties'))
      .filter(([name]) => name !== '__proto__')
      .map(([name, schema]) => [name, this.schema(schema, depth + 1)] as const);
    const properties = Object.fromEntries(entries);
    const required = [...new Set(textsAt(value, 'required'))].filter((name) => Object.hasOwn(properties, name));
    const { additionalProperties: more } = value;
    return {
      ...(entries.length > 0 && { properties }),
      ...(required.length > 0 && { required }),
      ...(isObject(more) && { additionalProperties: this.schema(more, depth + 1) }),
      ...(typeof more === 'boolean' && { additionalProperties: more }),
    };
  }

  private combined(value: JsonObject, depth: number): ClientSchema | undefined {
    const of = (key: string) => {
      const list = value[key];
      const members = Array.isArray(list) ? list.filter((schema) => !isNull(schema)) : [];
      return members.length > 0 ? { [key]: members.map((schema) => this.schema(schema, depth + 1)) } : {};
    };
    const combined = { ...of('allOf'), ...of('oneOf'), ...of('anyOf') };
    return Object.keys(combined).length > 0 ? combined : undefined;
  }
}

/** A schema that is itself, directly or by way of others, says nothing; the step that closes such a circle is left open. */
const withoutCircles = (schemas: Readonly<Record<string, ClientSchema>>): Readonly<Record<string, ClientSchema>> => {
  const done = new Map<string, ClientSchema>();
  const begun = new Set<string>();
  const visit = (name: string): void => {
    const schema = schemas[name];
    if (schema === undefined || begun.has(name)) return;
    begun.add(name);
    done.set(name, without(schema));
  };
  const without = (schema: ClientSchema): ClientSchema => {
    const other = schema.$ref?.slice(SCHEMA_POINTER.length);
    if (other !== undefined) {
      visit(other);
      // Begun and not done: this is on the way from it.
      return done.has(other) ? schema : {};
    }
    const parts = (['allOf', 'oneOf', 'anyOf'] as const).flatMap((key) => {
      const list = schema[key];
      return list === undefined ? [] : [[key, list.map(without)] as const];
    });
    return parts.length === 0 ? schema : { ...schema, ...Object.fromEntries(parts) };
  };
  for (const name of Object.keys(schemas)) visit(name);
  return Object.fromEntries(Object.keys(schemas).map((name) => [name, done.get(name) ?? {}]));
};

const isTaken = (name: string): boolean => TAKEN_TYPES.some((taken) => taken.toLowerCase() === name.toLowerCase());

const describedBy = (value: JsonObject): ClientSchema => {
  const description = textOf(value['description']) ?? textOf(value['title']);
  return {
    ...(description !== undefined && { description }),
    ...(value['deprecated'] === true && { deprecated: true }),
    ...(value['readOnly'] === true && { readOnly: true }),
    ...(value['writeOnly'] === true && { writeOnly: true }),
  };
};

/** OpenAPI 3.1 lists types; Swagger 2.0 has `file`. */
const typesOf = (value: JsonObject): readonly string[] => {
  const { type, const: only } = value;
  if (type === 'file') return ['string'];
  if (typeof type === 'string') return [type];
  if (Array.isArray(type)) return textsAt(value, 'type');
  const [sample = only] = Array.isArray(value['enum']) ? value['enum'].filter((item) => item !== null) : [];
  return ['string', 'number', 'boolean'].includes(typeof sample) ? [typeof sample] : [];
};

const impliedType = (value: JsonObject): SchemaType | undefined => {
  if (isObject(value['properties']) || value['additionalProperties'] !== undefined) return 'object';
  return value['items'] === undefined ? undefined : 'array';
};

const isNull = (schema: unknown): boolean => isObject(schema) && schema['type'] === 'null';

const isNullable = (value: JsonObject): boolean => {
  if (value['nullable'] === true || value['x-nullable'] === true) return true;
  const has = (key: string, holds: (item: unknown) => boolean) => {
    const list = value[key];
    return Array.isArray(list) && list.some(holds);
  };
  return has('enum', (item) => item === null) || has('oneOf', isNull) || has('anyOf', isNull);
};

const enumOf = (value: JsonObject, type: SchemaType): readonly (string | number | boolean)[] | undefined => {
  const listed = Array.isArray(value['enum']) ? value['enum'] : [value['const']];
  const fits = type === 'integer' ? 'number' : type;
  const values = [...new Set(listed.filter((item): item is string | number | boolean => typeof item === fits))];
  return values.length > 0 && values.length <= ENUM_MAX ? values : undefined;
};

const formatOf = (value: JsonObject): string | undefined => {
  if (value['type'] === 'file' || value['contentMediaType'] === 'application/octet-stream') return 'binary';
  const { format } = value;
  return typeof format === 'string' && FORMATS.includes(format) ? format : undefined;
};
