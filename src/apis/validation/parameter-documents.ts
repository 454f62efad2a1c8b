import type { ParameterDocument } from '../../domain/gateway-documents.js';
import { isObject, type JsonObject, objectAt, textAt } from '../definitions/json-document.js';
import type { Direction, SchemaTexts } from './schema-texts.js';

const PLACES = ['path', 'query', 'header', 'cookie'] as const;

/** How Swagger 2.0 writes lists, in the words of OpenAPI 3. */
const COLLECTIONS: Readonly<Record<string, string>> = {
  csv: 'form',
  multi: 'form',
  ssv: 'spaceDelimited',
  tsv: 'tabDelimited',
  pipes: 'pipeDelimited',
};

/** A parameter of a definition, or a header of an answer, as the gateway reads it; undefined where it stands in another place of a message. */
export const parameterDocument = (parameter: JsonObject, texts: SchemaTexts, direction: Direction): ParameterDocument | undefined => {
  const place = PLACES.find((each) => each === parameter['in']);
  const name = textAt(parameter, 'name');
  if (place === undefined || name === undefined) return undefined;
  const isRequired = place === 'path' || parameter['required'] === true;
  const json = jsonSchemaOf(parameter);
  if (json !== undefined) {
    return { name, in: place, isRequired, style: 'json', isExploded: false, shape: 'text', schema: texts.text(json, direction) };
  }
  // In Swagger 2.0 the parameter is its own schema.
  const schema = 'schema' in parameter ? parameter['schema'] : withoutRequired(parameter);
  const collection = textAt(parameter, 'collectionFormat');
  const inFields = place === 'query' || place === 'cookie';
  const style =
    textAt(parameter, 'style') ?? (collection && inFields ? COLLECTIONS[collection] : undefined) ?? (inFields ? 'form' : 'simple');
  const isOlder = !('schema' in parameter);
  const explode = parameter['explode'];
  const isExploded = isOlder ? collection === 'multi' : typeof explode === 'boolean' ? explode : style === 'form';
  const { shape, properties } = shapeOf(schema, texts);
  return {
    name,
    in: place,
    isRequired,
    style,
    isExploded,
    shape,
    ...(properties && { properties }),
    schema: texts.text(schema, direction),
  };
};

const withoutRequired = ({ required: _, ...schema }: JsonObject): JsonObject => schema;

/** The schema of a parameter that is a JSON text. */
const jsonSchemaOf = (parameter: JsonObject): unknown => {
  for (const [type, media] of Object.entries(objectAt(parameter, 'content'))) {
    if (/json/i.test(type) && isObject(media)) return media['schema'] ?? {};
  }
  return undefined;
};

const shapeOf = (schema: unknown, texts: SchemaTexts): Pick<ParameterDocument, 'shape' | 'properties'> => {
  const resolved = texts.resolved(schema);
  const types = [resolved['type']].flat();
  if (types.includes('array')) return { shape: 'list' };
  if (!types.includes('object') && !isObject(resolved['properties'])) {
    const parts = resolved['allOf'];
    return Array.isArray(parts) && parts.length > 0 ? shapeOf(parts[0], texts) : { shape: 'text' };
  }
  return { shape: 'object', properties: Object.keys(objectAt(resolved, 'properties')) };
};
