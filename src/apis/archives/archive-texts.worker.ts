import {
  CORE_SCHEMA,
  DUMP_SCHEMA,
  defineScalarTag,
  dump,
  FAILSAFE_SCHEMA,
  floatCoreTag,
  intCoreTag,
  load,
  mergeTag,
  NOT_RESOLVED,
  type ScalarTagDefinition,
  YAMLException,
} from 'js-yaml';
import { JSON_NUMBER, parseExact } from '../definitions/exact-json.js';
import { isObject, type JsonObject } from '../definitions/json-document.js';
import { nodesOf } from '../definitions/parse-definition.js';

export type ArchiveReading = { readonly document: JsonObject } | { readonly finding: string };

/** JSON text as people read it, its numbers as they were written. */
export const write = ({ json, format }: { readonly json: string; readonly format: 'YAML' | 'JSON' }): string => {
  const document = parseExact(json);
  return format === 'JSON' ? JSON.stringify(document, null, 2) : dump(document, { schema: WRITTEN, noRefs: true, lineWidth: -1 });
};

/** What numbers look like whose text is kept, as JavaScript would write another. */
const KEPT: Readonly<Record<string, RegExp>> = { [intCoreTag.tagName]: /^-?\d+$/, [floatCoreTag.tagName]: /[.eE]/ };

const exact = (tag: ScalarTagDefinition, kept: RegExp): ScalarTagDefinition =>
  defineScalarTag(tag.tagName, {
    ...tag,
    resolve: (source, isExplicit, tagName) => {
      const value = tag.resolve(source, isExplicit, tagName);
      return value === NOT_RESOLVED && kept.test(source) && JSON_NUMBER.test(source) ? JSON.rawJSON(source) : value;
    },
    identify: (value) => (JSON.isRawJSON(value) ? kept.test(value.rawJSON) : tag.identify(value)),
    represent: (value) => (JSON.isRawJSON(value) ? value.rawJSON : tag.represent(value)),
  });

const WRITTEN = DUMP_SCHEMA.withTags(
  DUMP_SCHEMA.tags.flatMap((tag) => {
    const kept = KEPT[tag.tagName];
    return kept && tag.nodeKind === 'scalar' ? [exact(tag, kept)] : [];
  }),
);

/** Parses the object of an archive's file, JSON or YAML, into plain values. Never throws for its input. */
export const read = (text: string): ArchiveReading => {
  try {
    const source = text.replace(/^\uFEFF/, '');
    const document = jsonIn(source) ?? load(source, { schema: YAML, maxDepth: DEPTH_MAX });
    if (!isObject(document)) return { finding: 'It holds no object.' };
    if (nodesOf(document, NODES_MAX) < 0) return { finding: 'It is too large once its aliases are resolved.' };
    keepTexts(document, source);
    if (UNSTORABLE.test(JSON.stringify(document))) return { finding: 'It holds characters that cannot be stored.' };
    return { document };
  } catch (err) {
    if (err instanceof YAMLException) return { finding: err.toString(true) };
    // The call stack or the longest text ran out.
    if (err instanceof RangeError) return { finding: 'It is nested too deeply or is too large.' };
    throw err;
  }
};

/** Aliases let a few lines stand for a document of any size; no API object has so many nodes. */
const NODES_MAX = 1_000_000;
const DEPTH_MAX = 200;
/** NUL and half a surrogate pair, as JSON writes them; after an escaped backslash they are plain text. */
const UNSTORABLE = /(?:^|[^\\])(?:\\\\)*\\u(?:0000|d[89a-f])/;
/** Without the YAML 1.1 types: a date or `yes` stays a text. */
const YAML = CORE_SCHEMA.withTags(mergeTag);

/** Undefined for what is no JSON: YAML in flow style begins like it. */
const jsonIn = (source: string): unknown => {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
};

/** Properties that people write without quotes although they are texts: `version: 1.10` is a number to YAML. */
const TEXTS = ['name', 'version', 'displayName'] as const;

const keepTexts = ({ data }: JsonObject, text: string): void => {
  if (!isObject(data) || TEXTS.every((key) => typeof data[key] !== 'number')) return;
  const plain: unknown = load(text, { schema: FAILSAFE_SCHEMA });
  const written = isObject(plain) && isObject(plain['data']) ? plain['data'] : {};
  for (const key of TEXTS) if (typeof data[key] === 'number') data[key] = written[key] ?? String(data[key]);
};
