import { atPointer, isObject, type JsonObject, objectAt, textAt, textsAt } from '../definitions/json-document.js';
import { operationsIn, pathsOf } from '../definitions/openapi.js';

const JSON_TYPE = 'application/json';
const FORM_TYPES = ['multipart/form-data', 'application/x-www-form-urlencoded'];
/** What of a parameter is not about its value. */
const PARAMETER_FIELDS: readonly string[] = ['name', 'in', 'description', 'required', 'allowEmptyValue'];
/** How lists are written in a parameter, in both languages. */
const LISTS: Readonly<Record<string, JsonObject>> = {
  csv: { explode: false },
  multi: { explode: true },
  ssv: { style: 'spaceDelimited' },
  pipes: { style: 'pipeDelimited' },
};

/** A Swagger 2.0 definition in the words of OpenAPI 3.0: its paths and what they refer to. Servers and security are left out. */
export const fromSwagger2 = (definition: JsonObject): JsonObject => {
  const paths = pathsOf(definition).map(([target, item]) => {
    const shared = parametersOf(definition, item);
    const operations = operationsIn(item).map(([verb, operation]) => [verb, operationOf(definition, operation, shared)]);
    return [target, Object.fromEntries(operations)];
  });
  const responses = Object.entries(objectAt(definition, 'responses')).map(([name, response]) => [
    name,
    responseOf(response, textsAt(definition, 'produces')),
  ]);
  const components = { schemas: objectAt(definition, 'definitions'), responses: Object.fromEntries(responses) };
  const { tags } = definition;
  return inNewWords({ openapi: '3.0.1', ...(tags !== undefined && { tags }), paths: Object.fromEntries(paths), components });
};

/** Parameters with their references followed: a body may hide behind one, and has its own place now. */
const parametersOf = (definition: JsonObject, holder: JsonObject): readonly JsonObject[] => {
  const { parameters } = holder;
  if (!Array.isArray(parameters)) return [];
  return parameters
    .map((parameter) =>
      isObject(parameter) && textAt(parameter, '$ref') ? atPointer(definition, `${parameter['$ref']}`.slice(1)) : parameter,
    )
    .filter(isObject);
};

const operationOf = (definition: JsonObject, operation: JsonObject, shared: readonly JsonObject[]): JsonObject => {
  const { consumes, produces, schemes, parameters, responses, ...kept } = operation;
  const own = parametersOf(definition, operation);
  const isOwn = ({ in: place, name }: JsonObject) => own.some((other) => other['in'] === place && other['name'] === name);
  const all = [...shared.filter((parameter) => !isOwn(parameter)), ...own];
  const accepted = Array.isArray(consumes) ? textsAt(operation, 'consumes') : textsAt(definition, 'consumes');
  const offered = Array.isArray(produces) ? textsAt(operation, 'produces') : textsAt(definition, 'produces');
  const plain = all.filter(({ in: place }) => place !== 'body' && place !== 'formData').map(parameterOf);
  const requestBody = bodyOf(all, accepted);
  const answers = Object.entries(isObject(responses) ? responses : {}).map(([status, response]) => [status, responseOf(response, offered)]);
  return {
    ...kept,
    ...(plain.length > 0 && { parameters: plain }),
    ...(requestBody && { requestBody }),
    responses: Object.fromEntries(answers),
  };
};

const parameterOf = (parameter: JsonObject): JsonObject => {
  const { schema, collectionFormat, ...flat } = withSchema(parameter);
  return { ...flat, schema, ...(schema['type'] === 'array' && LISTS[typeof collectionFormat === 'string' ? collectionFormat : 'csv']) };
};

/** Splits what a parameter or header is from what its value is. */
const withSchema = (parameter: JsonObject): JsonObject & { readonly schema: JsonObject } => {
  const entries = Object.entries(parameter).filter(([key]) => key !== 'collectionFormat');
  const isOuter = (key: string) => PARAMETER_FIELDS.includes(key) || key.startsWith('x-');
  return {
    ...Object.fromEntries(entries.filter(([key]) => isOuter(key))),
    ...(parameter['collectionFormat'] !== undefined && { collectionFormat: parameter['collectionFormat'] }),
    schema: Object.fromEntries(entries.filter(([key]) => !isOuter(key))),
  };
};

const bodyOf = (parameters: readonly JsonObject[], accepted: readonly string[]): JsonObject | undefined => {
  const body = parameters.find(({ in: place }) => place === 'body');
  if (body !== undefined) {
    const { description, required, schema = {} } = body;
    const content = contentOf(accepted, { schema });
    return { ...(description !== undefined && { description }), ...(required === true && { required }), content };
  }
  const fields = parameters.filter(({ in: place }) => place === 'formData');
  if (fields.length === 0) return undefined;
  const required = fields.filter((field) => field['required'] === true).map(({ name }) => name);
  const properties = fields.map((field) => {
    const { description } = field;
    return [field['name'], { ...withSchema(field).schema, ...(description !== undefined && { description }) }];
  });
  const schema = { type: 'object', properties: Object.fromEntries(properties), ...(required.length > 0 && { required }) };
  const forms = accepted.filter((type) => FORM_TYPES.includes(type));
  const usual = FORM_TYPES[fields.some(({ type }) => type === 'file') ? 0 : 1] ?? JSON_TYPE;
  return { content: contentOf(forms.length > 0 ? forms : [usual], { schema }) };
};

const responseOf = (response: unknown, offered: readonly string[]): unknown => {
  if (!isObject(response) || '$ref' in response) return response;
  const { schema, examples, headers, ...kept } = response;
  const named = Object.entries(isObject(headers) ? headers : {}).map(([name, header]) => {
    if (!isObject(header)) return [name, header];
    const { collectionFormat, ...shown } = withSchema(header);
    return [name, shown];
  });
  const content = schema === undefined ? {} : contentOf(offered, { schema });
  for (const [type, example] of Object.entries(isObject(examples) ? examples : {})) content[type] = { ...content[type], example };
  return {
    ...kept,
    ...(named.length > 0 && { headers: Object.fromEntries(named) }),
    ...(Object.keys(content).length > 0 && { content }),
  };
};

const contentOf = (types: readonly string[], media: JsonObject): Record<string, JsonObject> =>
  Object.fromEntries((types.length > 0 ? types : [JSON_TYPE]).map((type) => [type, { ...media }]));

const MOVED = [
  [/^#\/definitions\//, '#/components/schemas/'],
  [/^#\/responses\//, '#/components/responses/'],
] as const;

/** The schemas' own words: where references lead, discriminators, files, absent values. */
const inNewWords = (value: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(value).flatMap(([key, child]): (readonly [string, unknown])[] => {
      if (key === '$ref' && typeof child === 'string') {
        return [[key, MOVED.reduce((reference, [from, to]) => reference.replace(from, to), child)]];
      }
      if (key === 'discriminator' && typeof child === 'string') return [[key, { propertyName: child }]];
      if (key === 'type' && child === 'file') {
        return [
          [key, 'string'],
          ['format', 'binary'],
        ];
      }
      if (key === 'x-nullable') return [['nullable', child]];
      return [[key, inNewWordsAny(child)]];
    }),
  );

const inNewWordsAny = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inNewWordsAny);
  return isObject(value) ? inNewWords(value) : value;
};
