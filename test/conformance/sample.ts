import type { FormField, RequestOptions } from '../support/client.js';
import { type Contract, flatten, listed, type Operation, type Schema } from '../support/contracts.js';

/** The smallest value a schema accepts: required properties only, the first of an enum, the shortest text. */
export const sample = (contract: Contract, schema: Schema): unknown => {
  const flat = flatten(contract, schema);
  if (flat.enum) return flat.enum[0];
  switch (flat.type) {
    case 'array':
      return Array.from({ length: flat.minItems ?? 0 }, () => sample(contract, flat.items ?? {}));
    case 'integer':
    case 'number':
      return flat.minimum ?? 1;
    case 'boolean':
      return true;
    case 'string':
      return 'sample'.padEnd(flat.minLength ?? 0, 'e').slice(0, flat.maxLength);
    default:
      return Object.fromEntries(
        listed(flat.required).flatMap((name) => {
          const property = flat.properties?.[name];
          return property && !property.readOnly ? [[name, sample(contract, property)]] : [];
        }),
      );
  }
};

/** A request body that passes validation, in the form the operation takes. */
export const sampleBody = (contract: Contract, operation: Operation): RequestOptions => {
  const [media, schema] = [...operation.body][0] ?? [];
  if (!media || !schema) return {};
  if (/json/.test(media)) return { body: sample(contract, schema) };
  if (!/multipart/.test(media)) return { raw: 'sample', headers: { 'content-type': media } };
  const fields = Object.entries(flatten(contract, schema).properties ?? {}).map(([name, field]): [string, FormField] => [
    name,
    field.format === 'binary' ? { file: 'sample', name: 'sample.txt' } : textOf(sample(contract, field)),
  ]);
  return { form: Object.fromEntries(fields) };
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The query parameters without which the operation is refused. */
export const sampleQuery = (contract: Contract, operation: Operation): Readonly<Record<string, string>> =>
  Object.fromEntries(
    operation.parameters
      .filter((parameter) => parameter.in === 'query' && parameter.required)
      .map((parameter) => [parameter.name, textOf(sample(contract, parameter.schema))]),
  );
