import { InvalidAdditionalProperties } from './apis.problems.js';
import { isObject, type JsonObject } from './definitions/json-document.js';

/** The properties of an API to make from a definition, given as a JSON object; those that are null count as absent. @throws InvalidAdditionalProperties (400). */
export const givenProperties = (text: string | undefined): JsonObject =>
  Object.fromEntries(Object.entries(parsed(text)).filter(([, value]) => value !== null));

const parsed = (text: string | undefined): JsonObject => {
  if (!text) throw InvalidAdditionalProperties('they are missing');
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch (err) {
    throw InvalidAdditionalProperties(err instanceof Error ? err.message : 'no JSON');
  }
  throw InvalidAdditionalProperties('no JSON object');
};
