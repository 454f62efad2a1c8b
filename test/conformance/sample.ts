import type { FormField, RequestOptions } from '../support/client.js';
import { type Contract, flatten, listed, type Operation, type Schema } from '../support/contracts.js';

/** Values by the name of a property or query parameter, used wherever the name occurs, required or not. */
export type Known = Readonly<Record<string, unknown>>;

/** Values without which a body of the right form is refused all the same. */
const MEANINGFUL: Known = {
  throttlingPolicy: 'Unlimited',
  status: 'UNBLOCKED',
  secretId: '00000000-0000-4000-8000-000000000000',
  defaultLimit: { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'min', unitTime: 1, requestCount: 5 } },
};

/** The smallest value a schema accepts: required properties and known ones, the first of an enum, the shortest text. */
export const sample = (contract: Contract, schema: Schema, known: Known = {}): unknown => {
  const flat = flatten(contract, schema);
  if (flat.enum) return flat.enum[0];
  switch (flat.type) {
    case 'array':
      return Array.from({ length: flat.minItems ?? 0 }, () => sample(contract, flat.items ?? {}, known));
    case 'integer':
    case 'number':
      return flat.minimum ?? 1;
    case 'boolean':
      return true;
    case 'string':
      return 'sample'.padEnd(flat.minLength ?? 0, 'e').slice(0, flat.maxLength);
    default: {
      const values = { ...MEANINGFUL, ...known };
      const required = listed(flat.required);
      return Object.fromEntries(
        Object.entries(flat.properties ?? {}).flatMap(([name, property]) => {
          if (property.readOnly) return [];
          if (name in values && suits(flatten(contract, property), values[name])) return [[name, values[name]]];
          return required.includes(name) ? [[name, sample(contract, property, known)]] : [];
        }),
      );
    }
  }
};

/** Names mean different things in places: the `revisionId` of an API is a number, its `status` has other values. */
const suits = (schema: Schema, value: unknown): boolean =>
  typeof value === (schema.type ?? 'object') && (schema.enum === undefined || schema.enum.includes(value));

/** A request body that passes validation, in the form the operation takes. */
export const sampleBody = (contract: Contract, operation: Operation, known: Known): RequestOptions => {
  const [media, schema] = [...operation.body][0] ?? [];
  if (!media || !schema) return {};
  if (/json/.test(media)) return { body: sample(contract, schema, known) };
  if (!/multipart/.test(media)) return { raw: 'sample', headers: { 'content-type': media } };
  const fields = Object.entries(flatten(contract, schema).properties ?? {}).map(([name, field]): [string, FormField] => [
    name,
    field.format === 'binary' ? { file: 'sample', name: 'sample.txt' } : textOf(sample(contract, field)),
  ]);
  return { form: Object.fromEntries(fields) };
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The query parameters without which the operation is refused, and those whose value is known. */
export const sampleQuery = (contract: Contract, operation: Operation, known: Known): Readonly<Record<string, string>> =>
  Object.fromEntries(
    operation.parameters
      .filter(({ in: where, name, required }) => where === 'query' && (required || name in known))
      .map(({ name, schema }) => [name, textOf(known[name] ?? sample(contract, schema))]),
  );
