import { type ClientDefinition, type ClientSchema, SCHEMA_POINTER } from './client-definition.js';

type Schemas = Readonly<Record<string, ClientSchema>>;

/**
 * The definition with members that lead back to their own schema left open. Some generators on Java write examples of what they describe, and never
 * come to the end of a schema that holds itself. What a schema is put together from is kept.
 */
export const openCircles = (definition: ClientDefinition): ClientDefinition => {
  const { components } = definition;
  const reach = new Map(Object.keys(components.schemas).map((name) => [name, reachable(name, components.schemas)]));
  const schemas = Object.entries(components.schemas).map(([name, schema]) => {
    const leadsBack = (other: string) => reach.get(other)?.has(name) ?? false;
    return [name, opened(schema, leadsBack, false)] as const;
  });
  return { ...definition, components: { ...components, schemas: Object.fromEntries(schemas) } };
};

const opened = (schema: ClientSchema, leadsBack: (name: string) => boolean, isMember: boolean): ClientSchema => {
  const { $ref } = schema;
  if ($ref !== undefined) return isMember && leadsBack($ref.slice(SCHEMA_POINTER.length)) ? { type: 'object' } : schema;
  const member = (inner: ClientSchema): ClientSchema => opened(inner, leadsBack, true);
  const { items, properties, additionalProperties, allOf, oneOf, anyOf } = schema;
  return {
    ...schema,
    ...(items !== undefined && { items: member(items) }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(Object.entries(properties).map(([key, inner]) => [key, member(inner)])),
    }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: member(additionalProperties) }),
    ...(allOf !== undefined && { allOf: allOf.map((part) => opened(part, leadsBack, isMember)) }),
    ...(oneOf !== undefined && { oneOf: oneOf.map(member) }),
    ...(anyOf !== undefined && { anyOf: anyOf.map(member) }),
  };
};

/** Names of all schemas that a schema leads to. */
const reachable = (from: string, schemas: Schemas): ReadonlySet<string> => {
  const found = new Set<string>();
  const left = [from];
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    const schema = schemas[name];
    for (const next of schema === undefined ? [] : referredTo(schema)) {
      if (found.has(next)) continue;
      found.add(next);
      left.push(next);
    }
  }
  return found;
};

const referredTo = (schema: ClientSchema): readonly string[] => {
  const { $ref, items, properties, additionalProperties, allOf, oneOf, anyOf } = schema;
  if ($ref !== undefined) return [$ref.slice(SCHEMA_POINTER.length)];
  const more = typeof additionalProperties === 'object' ? [additionalProperties] : [];
  const inner = [...(items === undefined ? [] : [items]), ...Object.values(properties ?? {}), ...more];
  return [...inner, ...(allOf ?? []), ...(oneOf ?? []), ...(anyOf ?? [])].flatMap(referredTo);
};
