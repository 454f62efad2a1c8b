import { isObject, type JsonObject, objectAt, textsAt } from '../definitions/json-document.js';
import { isSwagger2 } from '../definitions/openapi.js';
import type { Sampler } from './sampler.js';

/** What an operation's mock answers: by status (`200`, `2XX`, `default`) the payloads by media type. A status without payloads has an empty one. */
export type MockResponses = Readonly<Record<string, MockPayloads>>;

export interface MockPayloads {
  readonly json?: unknown;
  /** As text. */
  readonly xml?: string;
}

const STATUS = /^(?:[1-5]\d\d|[1-5]XX|default)$/i;
const JSON_TYPE = /^(?:application\/json|[^/]+\/[^;]*\+json|\*\/\*|application\/\*)/i;
const XML_TYPE = /^(?:application\/xml|text\/xml|[^/]+\/[^;]*\+xml)/i;

/** The declared responses of an operation with examples, or what their schemas allow. */
export const mockResponses = (document: JsonObject, operation: JsonObject, sampler: Sampler): MockResponses => {
  const declared = Object.entries(objectAt(operation, 'responses')).filter(([status]) => STATUS.test(status));
  return Object.fromEntries(
    declared.map(([status, given]) => {
      const response = sampler.resolved(given);
      const contents = isSwagger2(document) ? contentsOfV2(document, operation, response) : contentsOfV3(response, sampler);
      return [status === 'default' ? status : status.toUpperCase(), payloadsOf(contents, sampler)];
    }),
  );
};

interface Content {
  readonly mediaType: string;
  /** Undefined where the definition gives none. */
  readonly example: unknown;
  readonly schema: unknown;
}

const contentsOfV2 = (document: JsonObject, operation: JsonObject, response: JsonObject): readonly Content[] => {
  const examples = objectAt(response, 'examples');
  const own = textsAt(operation, 'produces');
  const produced = own.length > 0 ? own : textsAt(document, 'produces');
  const types = new Set([...Object.keys(examples), ...(produced.length > 0 ? produced : ['application/json'])]);
  return [...types].map((mediaType) => ({ mediaType, example: examples[mediaType], schema: response['schema'] }));
};

const contentsOfV3 = (response: JsonObject, sampler: Sampler): readonly Content[] =>
  Object.entries(objectAt(response, 'content')).flatMap(([mediaType, content]) => {
    if (!isObject(content)) return [];
    const [first] = Object.values(objectAt(content, 'examples'));
    return [{ mediaType, example: content['example'] ?? sampler.resolved(first)['value'], schema: content['schema'] }];
  });

/** The first JSON content and the first XML content; other media types are answered as JSON where there is nothing else. */
const payloadsOf = (contents: readonly Content[], sampler: Sampler): MockPayloads => {
  const known = contents.filter(({ example, schema }) => example !== undefined || isObject(schema));
  const xml = known.find(({ mediaType }) => XML_TYPE.test(mediaType));
  const json = known.find(({ mediaType }) => JSON_TYPE.test(mediaType)) ?? (xml ? undefined : known[0]);
  return {
    ...(json && { json: json.example ?? sampler.json(json.schema) }),
    ...(xml && { xml: typeof xml.example === 'string' ? xml.example : sampler.xml(xml.example, xml.schema) }),
  };
};
