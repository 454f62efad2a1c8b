import { type ClientSchema, type EnumValue, SCHEMA_POINTER } from '../client-definition.js';
import { pascalCase, UniqueNames } from '../identifiers.js';
import { docstring, isPlainName, literal } from './python-text.js';

type Schemas = Readonly<Record<string, ClientSchema>>;

/** What `models.py` itself uses. */
const RESERVED = ['Any', 'Literal', 'Optional', 'Required', 'Union', 'TypeAlias', 'TypedDict', 'Upload', 'None', 'True', 'False'];
const DEPTH_MAX = 20;

const HEADER = `"""Shapes of what the API takes and answers."""

from __future__ import annotations

from typing import Any, Literal, Optional, Required, TypeAlias, TypedDict, Union

from ._http import Upload
`;

/** Members of an object, with those of the schemas it is put together from. */
interface Members {
  readonly properties: ReadonlyMap<string, ClientSchema>;
  readonly required: ReadonlySet<string>;
}

/** Types of one definition: a name for each schema, and one for each object without a name. */
export class PythonTypes {
  private readonly unique = new UniqueNames(RESERVED);
  private readonly names: ReadonlyMap<string, string>;
  private readonly written: string[] = [];

  constructor(private readonly schemas: Schemas) {
    this.names = new Map(Object.keys(schemas).map((name) => [name, this.unique.take(name)]));
  }

  /** The text of `models.py`; to be asked for when all other types are known. */
  models(): string {
    for (const [name, schema] of Object.entries(this.schemas)) {
      const written = this.names.get(name);
      if (written !== undefined) this.write(written, schema);
    }
    return [HEADER, ...this.written].join('\n\n');
  }

  /** The type of a schema in `models.py`; objects in it are named after where they stand. */
  type(schema: ClientSchema, place: string, depth = 0): string {
    const type = depth > DEPTH_MAX ? 'Any' : this.typeOf(schema, place, depth);
    return schema.nullable && type !== 'Any' && !type.startsWith('Optional[') ? `Optional[${type}]` : type;
  }

  private typeOf(schema: ClientSchema, place: string, depth: number): string {
    if (schema.$ref !== undefined) return this.names.get(schema.$ref.slice(SCHEMA_POINTER.length)) ?? 'Any';
    const one = schema.oneOf ?? schema.anyOf;
    if (one !== undefined) return union(one.map((member, index) => this.type(member, `${place} ${index + 1}`, depth + 1)));
    if (schema.type === 'object' || schema.allOf !== undefined) return this.object(schema, place, depth);
    if (schema.type === 'array') return `list[${this.type(schema.items ?? {}, `${place} item`, depth + 1)}]`;
    return simple(schema);
  }

  private object(schema: ClientSchema, place: string, depth: number): string {
    const [only, ...others] = schema.allOf ?? [];
    if (only !== undefined && others.length === 0 && schema.properties === undefined) return this.type(only, place, depth + 1);
    const members = this.membersOf(schema);
    if (members.properties.size === 0) return this.map(schema, place, depth);
    const name = this.unique.take(pascalCase(place) || 'Value');
    this.writeMembers(name, schema, members);
    return name;
  }

  private map({ additionalProperties: more, allOf }: ClientSchema, place: string, depth: number): string {
    if (allOf !== undefined) return 'Any';
    return `dict[str, ${typeof more === 'object' ? this.type(more, `${place} value`, depth + 1) : 'Any'}]`;
  }

  private write(name: string, schema: ClientSchema): void {
    const members = this.membersOf(schema);
    const isRecord = schema.oneOf === undefined && schema.anyOf === undefined && !schema.nullable && members.properties.size > 0;
    if (isRecord) {
      this.writeMembers(name, schema, members);
      return;
    }
    const { description, ...shape } = schema;
    // Names within quotation marks are not looked at before all are there.
    const type = withModels(this.type(shape, `${name} value`), (model) => `"${model}"`);
    const alias = [`${name}: TypeAlias = ${type}`, ...docstring([description], '')];
    this.written.push(`${alias.join('\n')}\n`);
  }

  private writeMembers(name: string, { description }: ClientSchema, { properties, required }: Members): void {
    const doc = docstring([description], '');
    // Its place comes before those of the objects in it.
    const at = this.written.push('') - 1;
    const members = [...properties].map(([key, schema]) => {
      const type = this.type(schema, `${name} ${key}`);
      return { key, schema, type: required.has(key) ? `Required[${type}]` : type };
    });
    if (!members.every(({ key }) => isPlainName(key))) {
      const entries = members.map(({ key, type }) => `        ${literal(key)}: ${literal(type)},`);
      const lines = [`${name} = TypedDict(`, `    ${literal(name)},`, '    {', ...entries, '    },', '    total=False,', ')', ...doc];
      this.written[at] = `${lines.join('\n')}\n`;
      return;
    }
    const lines = members.flatMap(({ key, schema, type }) => [`    ${key}: ${type}`, ...docstring([schema.description], '    ')]);
    const body = [...docstring([description], '    '), ...(doc.length > 0 ? [''] : []), ...lines];
    this.written[at] = `${[`class ${name}(TypedDict, total=False):`, ...body].join('\n')}\n`;
  }

  private membersOf(schema: ClientSchema, seen: ReadonlySet<ClientSchema> = new Set()): Members {
    if (seen.has(schema)) return { properties: new Map(), required: new Set() };
    const seenNow = new Set([...seen, schema]);
    const referred = schema.$ref === undefined ? undefined : this.schemas[schema.$ref.slice(SCHEMA_POINTER.length)];
    const parts = [...(referred === undefined ? [] : [referred]), ...(schema.allOf ?? [])].map((part) => this.membersOf(part, seenNow));
    return {
      properties: new Map([...parts.flatMap(({ properties }) => [...properties]), ...Object.entries(schema.properties ?? {})]),
      required: new Set([...parts.flatMap(({ required }) => [...required]), ...(schema.required ?? [])]),
    };
  }
}

const simple = ({ type, format, enum: values }: ClientSchema): string => {
  // Only whole numbers, texts and truth values may be literals.
  if (values !== undefined && !values.some((value) => typeof value === 'number' && !Number.isSafeInteger(value))) {
    return `Literal[${values.map(literalOf).join(', ')}]`;
  }
  if (type === 'string') return format === 'binary' ? 'Union[bytes, Upload]' : 'str';
  if (type === 'integer') return 'int';
  if (type === 'number') return 'float';
  return type === 'boolean' ? 'bool' : 'Any';
};

const literalOf = (value: EnumValue): string => {
  if (value === null) return 'None';
  if (typeof value === 'string') return literal(value);
  if (typeof value === 'number') return String(value);
  return value ? 'True' : 'False';
};

const OWN_NAMES = [
  ...['Any', 'Literal', 'None', 'Optional', 'Union', 'Upload', 'True', 'False'],
  ...['bool', 'bytes', 'dict', 'float', 'int', 'list', 'str'],
];

/** The type with the names of models written otherwise; what is within quotation marks is no name. */
export const withModels = (type: string, write: (model: string) => string): string =>
  type.replace(/"(?:[^"\\]|\\.)*"|[A-Za-z_]\w*/g, (part) => (part.startsWith('"') || OWN_NAMES.includes(part) ? part : write(part)));

export const union = (types: readonly string[]): string => {
  const distinct = [...new Set(types)];
  if (distinct.includes('Any') || distinct.length === 0) return 'Any';
  return distinct.length === 1 ? distinct.join() : `Union[${distinct.join(', ')}]`;
};
