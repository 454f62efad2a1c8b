import {
  CORE_SCHEMA,
  defineMappingTag,
  defineScalarTag,
  floatCoreTag,
  intCoreTag,
  load,
  mapTag,
  mergeTag,
  NOT_RESOLVED,
  type ScalarTagDefinition,
  YAMLException,
} from 'js-yaml';
import type { DefinitionFinding } from './definition.js';
import { exactNumber, JSON_NUMBER, parseExact } from './exact-json.js';
import { isObject, type JsonObject } from './json-document.js';

/** Aliases let a few lines of YAML stand for a document of any size; nobody writes one of so many nodes. */
const NODES_MAX = 5_000_000;
const YAML_DEPTH_MAX = 200;

/** Numbers that JavaScript would write otherwise, or cannot hold, keep their text. */
const exact = (tag: ScalarTagDefinition<number>): ScalarTagDefinition<number | RawJson> =>
  defineScalarTag(tag.tagName, {
    ...tag,
    resolve: (source, isExplicit, tagName) => {
      const value = tag.resolve(source, isExplicit, tagName);
      if (value === NOT_RESOLVED) return tag === floatCoreTag && JSON_NUMBER.test(source) ? JSON.rawJSON(source) : value;
      return exactNumber(value, source);
    },
  });

const keyOf = (key: unknown): unknown => (JSON.isRawJSON(key) ? key.rawJSON : key);

/** Such a number may be a key, too. */
const EXACT_KEYS = defineMappingTag(mapTag.tagName, {
  ...mapTag,
  addPair: (carrier, key, value) => mapTag.addPair(carrier, keyOf(key), value),
  has: (carrier, key) => mapTag.has(carrier, keyOf(key)),
});

/** Without the YAML 1.1 types: a date or `yes` stays a text. */
const YAML = CORE_SCHEMA.withTags(mergeTag, exact(intCoreTag), exact(floatCoreTag), EXACT_KEYS);

export const unparsable = (description: string): DefinitionFinding => ({
  code: 900754,
  message: 'Error while parsing OpenAPI definition',
  description,
});

export type Parsed = { readonly document: JsonObject; readonly finding?: undefined } | { readonly finding: DefinitionFinding };

/** Parses JSON or YAML into a tree of plain values; says where it fails. */
export const parseDefinition = (text: string): Parsed => {
  const source = sourceOf(text);
  const value = /^\s*[{[]/.test(source) ? parseJson(source) : parseYaml(source);
  if ('finding' in value) return value;
  return isObject(value.value) ? { document: value.value } : { finding: unparsable('The definition is no object.') };
};

/** Without the byte order mark; forms send lines that end in two characters. */
export const sourceOf = (text: string): string => text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');

type Value = { readonly value: unknown } | { readonly finding: DefinitionFinding };

const parseJson = (source: string): Value => {
  try {
    return { value: parseExact(source) };
  } catch (err) {
    // Flow-style YAML starts like JSON.
    const yaml = parseYaml(source);
    return 'finding' in yaml ? { finding: unparsable(err instanceof Error ? err.message : 'The definition is no JSON.') } : yaml;
  }
};

const parseYaml = (source: string): Value => {
  try {
    const value = load(source, { schema: YAML, maxDepth: YAML_DEPTH_MAX });
    if (isObject(value)) keepVersionText(value);
    if (nodesOf(value, NODES_MAX) < 0) return { finding: unparsable('The definition is too large once its aliases are resolved.') };
    // A tree without shared branches: later edits reach one place only.
    return { value: parseExact(JSON.stringify(value ?? null)) };
  } catch (err) {
    if (err instanceof YAMLException) return { finding: unparsable(err.toString(true)) };
    return { finding: unparsable(err instanceof Error ? err.message : 'The definition is no YAML.') };
  }
};

/** `version: 1.10` is a number to YAML and a text to everybody else. */
const keepVersionText = (document: JsonObject): void => {
  const { info } = document;
  if (!isObject(info)) return;
  const { version } = info;
  if (JSON.isRawJSON(version)) info['version'] = version.rawJSON;
  else if (typeof version === 'number') info['version'] = String(version);
};

/** What is left of the budget when every node was counted as often as it appears; negative when it did not suffice. */
export const nodesOf = (value: unknown, budget: number): number => {
  let left = budget - 1;
  if (typeof value !== 'object' || value === null) return left;
  for (const child of Object.values(value)) {
    if (left < 0) return left;
    left = nodesOf(child, left);
  }
  return left;
};
