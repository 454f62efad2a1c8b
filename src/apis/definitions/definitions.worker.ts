import type { DefinitionReading, DefinitionSource } from './definition.js';
import type { JsonObject } from './json-document.js';
import { parseDefinition, unparsable } from './parse-definition.js';
import { definedOperations, definedScopes, definedSettings, infoOf } from './read-openapi.js';
import { validateOpenApi } from './validate-openapi.js';
import { emptyOpenApi, type OpenApiVersion, writeOpenApi } from './write-openapi.js';

/** Parses and checks an OpenAPI definition in JSON or YAML. Never throws for its input. */
export const read = async (text: string): Promise<DefinitionReading> => {
  try {
    const parsed = parseDefinition(text);
    if (parsed.finding) return { valid: false, findings: [parsed.finding] };
    const { document } = parsed;
    const content = JSON.stringify(document);
    const findings = await validateOpenApi(JSON.parse(content));
    if (findings.length > 0) return { valid: false, findings };
    return {
      valid: true,
      content,
      info: infoOf(document),
      operations: definedOperations(document),
      scopes: definedScopes(document),
      settings: definedSettings(document),
    };
  } catch (err) {
    // The call stack or the longest text ran out: the definition is nested or grows beyond reason.
    if (err instanceof RangeError) return { valid: false, findings: [unparsable('The definition is nested too deeply or is too large.')] };
    throw err;
  }
};

export interface WriteInput {
  /** A definition read before, as JSON; null makes a new one. */
  readonly content: string | null;
  /** Of a new one. */
  readonly version: OpenApiVersion;
  readonly source: DefinitionSource;
}

/** The definition as JSON text, in step with the API. */
export const write = ({ content, version, source }: WriteInput): string => {
  const document: JsonObject = content === null ? emptyOpenApi(source, version) : JSON.parse(content);
  writeOpenApi(document, source);
  return JSON.stringify(document);
};
