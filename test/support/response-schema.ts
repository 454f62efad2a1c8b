import { type Contract, flatten, listed, type Schema } from './contracts.js';

/** A JSON Schema for ajv; the contracts' dialect differs in a few places only. */
export type JsonSchema = { [keyword: string]: unknown };

const KEPT = ['format', 'enum', 'minLength', 'maxLength', 'pattern', 'minimum', 'maximum', 'minItems', 'maxItems', 'uniqueItems'] as const;

/**
 * Turns a response schema of a contract into a JSON Schema that also refuses properties the contract does not have.
 *
 * The product writes a property that has no value as null although its contract does not say nullable; lists it writes empty. So null is
 * accepted for any optional property that is no list, and clients that read lists blindly stay safe.
 */
export const responseSchema = (contract: Contract, schema: Schema): JsonSchema => {
  const definitions: Record<string, JsonSchema> = {};
  const root = convert(contract, schema, false, definitions);
  return { ...root, definitions };
};

const nameOf = (reference: string) => reference.slice(reference.lastIndexOf('/') + 1);

const convert = (contract: Contract, schema: Schema, mayBeNull: boolean, definitions: Record<string, JsonSchema>): JsonSchema => {
  if (!schema.$ref) return inline(contract, schema, mayBeNull, definitions);
  const name = `${nameOf(schema.$ref)}${mayBeNull ? '.orNull' : ''}`;
  if (!definitions[name]) {
    definitions[name] = {}; // a schema may lead back to itself
    definitions[name] = inline(contract, schema, mayBeNull, definitions);
  }
  return { $ref: `#/definitions/${name}` };
};

const inline = (contract: Contract, schema: Schema, mayBeNull: boolean, definitions: Record<string, JsonSchema>): JsonSchema => {
  const own = contract.resolve(schema);
  const flat = flatten(contract, own);
  if (isAnything(flat)) return {};
  const result: JsonSchema = {};
  const nullable = flat.nullable === true || (mayBeNull && flat.type !== 'array');
  const type = flat.type ?? (flat.properties ? 'object' : undefined);
  if (type) result['type'] = nullable ? [type, 'null'] : type;
  for (const keyword of KEPT) {
    const value = (flat as JsonSchema)[keyword]; // keywords without a meaning of their own for us
    if (value !== undefined) result[keyword] = value;
  }
  if (flat.enum && nullable) result['enum'] = [...flat.enum, null];
  // The content of a binary or encoded string is not the schema's business.
  if (flat.format === 'binary' || flat.format === 'byte') return {};
  if (flat.items) result['items'] = convert(contract, flat.items, false, definitions);
  if (flat.properties && Object.keys(flat.properties).length > 0) {
    const required = listed(flat.required);
    result['required'] = required;
    result['properties'] = Object.fromEntries(
      Object.entries(flat.properties).map(([name, property]) => [name, convert(contract, property, !required.includes(name), definitions)]),
    );
    // With a discriminator the value is one of the schema's extensions, which have more properties.
    if (!('discriminator' in own) && flat.additionalProperties === undefined) result['additionalProperties'] = false;
  }
  if (typeof flat.additionalProperties === 'object') {
    result['additionalProperties'] = convert(contract, flat.additionalProperties, true, definitions);
  }
  return result;
};

/** The contracts write `type: object` without properties for a value of any kind; the product puts lists there too. */
export const isAnything = (schema: Schema): boolean =>
  schema.type === 'object' && Object.keys(schema.properties ?? {}).length === 0 && typeof schema.additionalProperties !== 'object';
