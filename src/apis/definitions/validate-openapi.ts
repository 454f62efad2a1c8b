import SwaggerParser from '@apidevtools/swagger-parser';
import type { DefinitionFinding } from './definition.js';
import { atPointer, type JsonObject } from './json-document.js';
import { isSwagger2 } from './openapi.js';
import { unparsable } from './parse-definition.js';

const FINDINGS_MAX = 50;
const VERSION_MISSING: DefinitionFinding = {
  code: 903206,
  message: 'Invalid OAS definition',
  description: 'Could not determine the OAS version as the version element of the definition is not found',
};

/** What is wrong with a parsed definition, and where; empty when it is a good Swagger 2.0, OpenAPI 3.0 or 3.1 document. Changes `document`: pass a copy. */
export const validateOpenApi = async (document: JsonObject): Promise<readonly DefinitionFinding[]> => {
  if (document['swagger'] === undefined && document['openapi'] === undefined) return [VERSION_MISSING];
  const dangling = danglingReferences(document).map((place) => invalid(document, place));
  if (dangling.length > 0) return dangling;
  try {
    await new SwaggerParser().validate(document as never, {
      // A definition may name other files; none is ever fetched.
      resolve: { external: false },
      // Checking every use of a shared schema would take exponential time; checking each once finds the same faults.
      dereference: { circular: 'ignore', excludedPathMatcher: isSwagger2(document) ? isNoParameter : () => true },
    });
    return [];
  } catch (err) {
    return findingsOf(document, err);
  }
};

/** The rules of Swagger 2.0 beyond its schema look at parameters, so these references are followed. */
const PARAMETER = /^#(\/paths(\/[^/]+(\/(parameters(\/\d+)?|[a-z]+(\/parameters(\/\d+)?)?))?)?)?$/;
const isNoParameter = (path: string): boolean => !PARAMETER.test(path);

const invalid = (document: JsonObject, description: string): DefinitionFinding =>
  isSwagger2(document)
    ? { code: 900761, message: 'Invalid OpenAPI V2 definition found', description }
    : { code: 900762, message: 'Invalid OpenAPI V3 definition found', description };

interface SchemaError {
  readonly instancePath: string;
  readonly message?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

const findingsOf = (document: JsonObject, err: unknown): readonly DefinitionFinding[] => {
  if (!(err instanceof Error)) return [unparsable('The definition could not be validated.')];
  if ('details' in err && Array.isArray(err.details)) {
    const places = (err.details as readonly SchemaError[]).map(placeOf); // the schema validator's own errors
    return [...new Set(places)].slice(0, FINDINGS_MAX).map((place) => invalid(document, place));
  }
  if (/^Unsupported OpenAPI version|^Unrecognized Swagger version/.test(err.message)) return [unparsable(err.message)];
  if (/is not a valid Openapi API definition/.test(err.message)) return [invalid(document, "#/: must have required property 'paths'")];
  return [invalid(document, err.message)];
};

const placeOf = ({ instancePath, message, params }: SchemaError): string => {
  const unknown = params?.['additionalProperty'] ?? params?.['unevaluatedProperty'];
  return `#${instancePath || '/'}: ${message ?? 'is not valid'}${typeof unknown === 'string' ? ` ('${unknown}')` : ''}`;
};

/** References inside the document that lead nowhere, as `#/place: text`. */
const danglingReferences = (document: JsonObject): readonly string[] => {
  const found: string[] = [];
  const visit = (node: unknown, place: string): void => {
    if (found.length >= FINDINGS_MAX || typeof node !== 'object' || node === null) return;
    if (Array.isArray(node)) {
      for (const [index, item] of node.entries()) visit(item, `${place}/${index}`);
      return;
    }
    const reference = (node as JsonObject)['$ref'];
    if (typeof reference === 'string' && reference.startsWith('#/') && atPointer(document, reference) === undefined) {
      found.push(`${place}: ${reference} leads nowhere`);
    }
    for (const [key, value] of Object.entries(node)) {
      // What stands in examples and enumerations is data, whatever its names.
      if (key === 'example' || key === 'examples' || key === 'enum' || key === 'default') continue;
      visit(value, `${place}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    }
  };
  visit(document, '#');
  return found;
};
