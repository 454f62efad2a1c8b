import { atPointer, isObject, type JsonObject, objectAt } from '../definitions/json-document.js';

/**
 * How many schemas a sampler goes through for a sample of this depth, counted up to one more than `most`: schemas that name one another several times
 * make few lines cost more time than there is.
 */
export const sampleVisits = (document: JsonObject, schema: unknown, depthMax: number, most: number): number => {
  let count = 0;
  const open = new Set<string>();
  const visit = (value: unknown, depth: number): void => {
    if (count > most) return;
    count += 1;
    if (!isObject(value) || depth > depthMax) return;
    const { $ref: reference } = value;
    if (typeof reference === 'string') {
      if (open.has(reference)) return;
      open.add(reference);
      visit(reference.startsWith('#/') ? atPointer(document, reference) : undefined, depth);
      open.delete(reference);
    }
    if (value['example'] !== undefined) return;
    for (const part of sameLevel(value)) visit(part, depth);
    for (const part of Object.values(objectAt(value, 'properties'))) visit(part, depth + 1);
    // The sampler shows two of them.
    for (const part of [value['additionalProperties'], value['additionalProperties']]) if (isObject(part)) visit(part, depth + 1);
    const { items, length } = itemsOf(value);
    for (let index = 0; index < length && count <= most; index += 1) visit(Array.isArray(items) ? items[index] : items, depth + 1);
  };
  visit(schema, 1);
  return count;
};

/** The schemas that are sampled as parts of this one. */
const sameLevel = ({ allOf, oneOf, anyOf, if: condition, then }: JsonObject): readonly unknown[] => [
  ...(Array.isArray(allOf) ? allOf : []),
  ...[oneOf, anyOf].flatMap((choices) => (Array.isArray(choices) ? choices.slice(0, 1) : [])),
  ...(isObject(condition) && isObject(then) ? [condition, then] : []),
];

const itemsOf = ({ prefixItems, items, contains, minItems, maxItems }: JsonObject) => {
  const each = prefixItems ?? items ?? contains;
  if (!Array.isArray(each) && !isObject(each)) return { items: [], length: 0 };
  const asked = Math.min(Number(maxItems ?? Number.POSITIVE_INFINITY), Number(minItems) || 1);
  return { items: each, length: Array.isArray(each) ? Math.max(asked, each.length) : asked };
};
