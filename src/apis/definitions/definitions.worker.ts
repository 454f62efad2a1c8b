import { mockFindings } from '../mocks/check-mocks.js';
import { writeMocks } from '../mocks/write-mocks.js';
import type { Definition, DefinitionFinding, DefinitionSource } from './definition.js';
import { parseDocument } from './exact-json.js';
import type { JsonObject } from './json-document.js';
import { parseDefinition, sourceOf, unparsable } from './parse-definition.js';
import { repeatedKeys, withLines } from './placed-findings.js';
import { definedCircuitBreakers, definedOperations, definedScopes, definedSettings, infoOf } from './read-openapi.js';
import { validateOpenApi } from './validate-openapi.js';
import { emptyOpenApi, type OpenApiVersion, writeOpenApi } from './write-openapi.js';

/** A definition with its operations as JSON texts of lists: the main thread takes them in a stretch at a time. */
export type SerialReading =
  | ({ readonly valid: true; readonly operations: readonly string[] } & Omit<Definition, 'operations'>)
  | { readonly valid: false; readonly findings: readonly DefinitionFinding[] };

/** Operations in one text. */
const STRETCH = 1_000;

const NOT_STORABLE: DefinitionFinding = {
  code: 400,
  message: 'Bad Request',
  description: 'The definition holds a character that cannot be stored (NUL or half of a surrogate pair).',
};

/** Parses and checks an OpenAPI definition in JSON or YAML. Never throws for its input. */
export const read = async (text: string): Promise<SerialReading> => {
  try {
    const source = sourceOf(text);
    const parsed = parseDefinition(source);
    if (parsed.finding) return { valid: false, findings: [parsed.finding] };
    const { document } = parsed;
    const content = JSON.stringify(document);
    const findings = [...repeatedKeys(source), ...withLines(await validateOpenApi(JSON.parse(content)), source), ...mockFindings(document)];
    if (findings.length > 0) return { valid: false, findings };
    const operations = stretches(definedOperations(document));
    const scopes = definedScopes(document);
    if ([...operations, JSON.stringify(scopes)].some((json) => UNSTORABLE.test(json))) return { valid: false, findings: [NOT_STORABLE] };
    return {
      valid: true,
      content,
      info: infoOf(document),
      operations,
      scopes,
      settings: definedSettings(document),
      circuitBreakers: definedCircuitBreakers(document),
    };
  } catch (err) {
    // The call stack or the longest text ran out: the definition is nested or grows beyond reason.
    if (err instanceof RangeError) return { valid: false, findings: [unparsable('The definition is nested too deeply or is too large.')] };
    throw err;
  }
};

/** NUL and half a surrogate pair, as JSON writes them; an escaped backslash before them makes them plain text. */
const UNSTORABLE = /(?:^|[^\\])(?:\\\\)*\\u(?:0000|d[89a-f])/;

const stretches = (items: readonly unknown[]): readonly string[] =>
  Array.from({ length: Math.ceil(items.length / STRETCH) }, (_, index) =>
    JSON.stringify(items.slice(index * STRETCH, (index + 1) * STRETCH)),
  );

export interface WriteInput {
  /** A definition read before, as JSON; null makes a new one. */
  readonly content: string | null;
  /** Of a new one. */
  readonly version: OpenApiVersion;
  /** A `DefinitionSource` as JSON. */
  readonly source: string;
}

/** The definition as JSON text, in step with the API. */
export const write = ({ content, version, source: json }: WriteInput): string => {
  const source: DefinitionSource = JSON.parse(json);
  const document: JsonObject = content === null ? emptyOpenApi(source, version) : parseDocument(content);
  writeOpenApi(document, source);
  // Inline scripts belong to their author, so that only those for new operations are made; the others follow the examples of the definition.
  if (source.endpointImplementationType === 'MOCKED_OAS') writeMocks(document, 'all');
  if (source.endpointImplementationType === 'INLINE') writeMocks(document, 'missing');
  return JSON.stringify(document);
};
