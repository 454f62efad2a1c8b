import { CORE_SCHEMA, load, mergeTag, YAMLException } from 'js-yaml';
import type { DefinitionFinding } from './definition.js';
import { isObject, type JsonObject } from './json-document.js';

/** Aliases let a few lines of YAML stand for a document of any size; nobody writes one of so many nodes. */
const NODES_MAX = 5_000_000;
const YAML_DEPTH_MAX = 200;
/** Without the YAML 1.1 types: a date or `yes` stays a text. */
const YAML = CORE_SCHEMA.withTags(mergeTag);

export const unparsable = (description: string): DefinitionFinding => ({
  code: 900754,
  message: 'Error while parsing OpenAPI definition',
  description,
});

export type Parsed = { readonly document: JsonObject; readonly finding?: undefined } | { readonly finding: DefinitionFinding };

/** Parses JSON or YAML into a tree of plain values; says where it fails. */
export const parseDefinition = (text: string): Parsed => {
  // Forms send lines that end in two characters.
  const source = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  const value = /^\s*[{[]/.test(source) ? parseJson(source) : parseYaml(source);
  if ('finding' in value) return value;
  return isObject(value.value) ? { document: value.value } : { finding: unparsable('The definition is no object.') };
};

type Value = { readonly value: unknown } | { readonly finding: DefinitionFinding };

const parseJson = (source: string): Value => {
  try {
    return { value: JSON.parse(source) };
  } catch (err) {
    // Flow-style YAML starts like JSON.
    const yaml = parseYaml(source);
    return 'finding' in yaml ? { finding: unparsable(err instanceof Error ? err.message : 'The definition is no JSON.') } : yaml;
  }
};

const parseYaml = (source: string): Value => {
  try {
    const value = load(source, { schema: YAML, maxDepth: YAML_DEPTH_MAX });
    if (isObject(value)) keepVersionText(value, source);
    if (nodesOf(value, NODES_MAX) < 0) return { finding: unparsable('The definition is too large once its aliases are resolved.') };
    // A tree without shared branches: later edits reach one place only.
    return { value: JSON.parse(JSON.stringify(value ?? null)) };
  } catch (err) {
    if (err instanceof YAMLException) return { finding: unparsable(err.toString(true)) };
    return { finding: unparsable(err instanceof Error ? err.message : 'The definition is no YAML.') };
  }
};

/** `version: 1.10` is a number to YAML and a text to everybody else. */
const keepVersionText = (document: JsonObject, source: string): void => {
  const { info } = document;
  if (!isObject(info) || typeof info['version'] !== 'number') return;
  const [, written] = /^info:[^\S\n]*(?:#.*)?\n(?:(?:[^\S\n].*|#.*|[^\S\n]*)\n)*?[^\S\n]+version:[^\S\n]*([\d.]+)/m.exec(source) ?? [];
  info['version'] = written ?? String(info['version']);
};

/** What is left of the budget when every node was counted as often as it appears; negative when it did not suffice. */
const nodesOf = (value: unknown, budget: number): number => {
  let left = budget - 1;
  if (typeof value !== 'object' || value === null) return left;
  for (const child of Object.values(value)) {
    if (left < 0) return left;
    left = nodesOf(child, left);
  }
  return left;
};
