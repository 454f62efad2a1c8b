import type { ClientDefinition, ClientOperation, ClientPath, ClientSchema } from './client-definition.js';

/**
 * The templates of these generators put names and texts into code, comments, documentation and build files of eleven languages, with escapes for some of
 * them. So that nothing of a definition ever means anything there, they are given letters, digits and the punctuation below.
 */
const SAFE_NAME = /^[\p{L}\p{N} _.:$@/+[\]-]+$/u;
const UNSAFE_TEXT = /[^\p{L}\p{N} ’.,;:!?()[\]_/+%-]+/gu;

export interface JavaWritable {
  readonly definition: ClientDefinition;
  /** Names on the wire that cannot be written; with one of them the definition is not for these generators. */
  readonly unsafe: readonly string[];
}

export const writableForJava = (definition: ClientDefinition): JavaWritable => {
  const unsafe: string[] = [];
  const schema = (given: ClientSchema): ClientSchema => schemaForJava(given, unsafe);
  const { paths, components, info } = definition;
  return {
    definition: {
      ...definition,
      info: { ...info, title: plainText(info.title) || 'API' },
      paths: mapped(paths, (path): ClientPath => mapped(path, (operation) => operationForJava(operation, schema, unsafe))),
      components: { ...components, schemas: mapped(components.schemas, schema) },
    },
    unsafe,
  };
};

const operationForJava = (operation: ClientOperation, schema: (given: ClientSchema) => ClientSchema, unsafe: string[]): ClientOperation => {
  const content = (given: Readonly<Record<string, { readonly schema: ClientSchema }>>) =>
    mapped(given, (media) => ({ schema: schema(media.schema) }));
  const { requestBody } = operation;
  return {
    ...plainlyDescribed(operation),
    ...(operation.summary !== undefined && { summary: plainText(operation.summary) }),
    parameters: operation.parameters.map((parameter) => {
      if (!SAFE_NAME.test(parameter.name)) unsafe.push(parameter.name);
      return { ...plainlyDescribed(parameter), schema: schema(parameter.schema) };
    }),
    ...(requestBody !== undefined && { requestBody: { ...plainlyDescribed(requestBody), content: content(requestBody.content) } }),
    responses: mapped(operation.responses, (response) => ({
      description: plainText(response.description) || 'Answer',
      ...(response.content !== undefined && { content: content(response.content) }),
    })),
  };
};

const schemaForJava = (given: ClientSchema, unsafe: string[]): ClientSchema => {
  const schema = (inner: ClientSchema): ClientSchema => schemaForJava(inner, unsafe);
  const { enum: values, items, properties, required, additionalProperties, allOf, oneOf, anyOf, ...rest } = given;
  unsafe.push(...Object.keys(properties ?? {}).filter((name) => !SAFE_NAME.test(name)));
  const named = values?.filter((value) => value !== null);
  const writable = named?.every((value) => typeof value !== 'string' || SAFE_NAME.test(value));
  return {
    ...plainlyDescribed(rest),
    ...(writable && { enum: named }),
    ...(items !== undefined && { items: schema(items) }),
    ...(properties !== undefined && { properties: mapped(properties, schema) }),
    ...(required !== undefined && { required }),
    ...(additionalProperties !== undefined && {
      additionalProperties: typeof additionalProperties === 'boolean' ? additionalProperties : schema(additionalProperties),
    }),
    ...(allOf !== undefined && { allOf: allOf.map(schema) }),
    ...(oneOf !== undefined && { oneOf: oneOf.map(schema) }),
    ...(anyOf !== undefined && { anyOf: anyOf.map(schema) }),
  };
};

const plainlyDescribed = <T extends { readonly description?: string }>(given: T): T =>
  given.description === undefined ? given : { ...given, description: plainText(given.description) };

/** One line. An apostrophe stays visible as such, and means nothing to a compiler. */
const plainText = (text: string): string => text.replaceAll("'", '’').replace(UNSAFE_TEXT, ' ').replace(/ {2,}/g, ' ').trim();

const mapped = <T, U>(given: Readonly<Record<string, T>>, change: (value: T) => U): Readonly<Record<string, U>> =>
  Object.fromEntries(Object.entries(given).map(([key, value]) => [key, change(value)]));
