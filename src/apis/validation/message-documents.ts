import type {
  AnswerDocument,
  ContentDocument,
  MessagesDocument,
  ParameterDocument,
  ValidationDocument,
} from '../../domain/gateway-documents.js';
import { isObject, type JsonObject, objectAt, textAt, textsAt } from '../definitions/json-document.js';
import { isSwagger2, operationsIn, pathsOf } from '../definitions/openapi.js';
import { parameterDocument } from './parameter-documents.js';
import { type Dialect, type Direction, SchemaTexts } from './schema-texts.js';

/** What a definition says about the messages of an API. */
export interface DefinedMessages {
  readonly validation: ValidationDocument;
  /** By `<VERB> <path>`. */
  readonly messages: Readonly<Record<string, MessagesDocument>>;
}

const FORMS: readonly string[] = ['application/x-www-form-urlencoded', 'multipart/form-data'];

/** Reads them off a definition of OpenAPI 3.0, 3.1 or Swagger 2.0. @throws Unusable */
export const definedMessages = (document: JsonObject): DefinedMessages => {
  const texts = new SchemaTexts(document, dialectOf(document));
  const reader = isSwagger2(document) ? new Swagger2Reader(document, texts) : new OpenApi3Reader(texts);
  const messages = pathsOf(document).flatMap(([path, item]) => {
    const resolved = texts.resolved(item);
    return operationsIn(resolved).map(([verb, operation]) => {
      const parameters = mergedParameters(resolved['parameters'], operation['parameters'], texts);
      return [`${verb.toUpperCase()} ${path}`, reader.messages(operation, parameters)] as const;
    });
  });
  return { validation: { schemas: texts.shared }, messages: Object.fromEntries(messages) };
};

const dialectOf = (document: JsonObject): Dialect => {
  if (isSwagger2(document)) return 'swagger-2.0';
  return textAt(document, 'openapi')?.startsWith('3.0') ? 'openapi-3.0' : 'openapi-3.1';
};

/** An operation's own parameters take the place of those of its path. */
const mergedParameters = (ofPath: unknown, own: unknown, texts: SchemaTexts): readonly JsonObject[] => {
  const merged = new Map<string, JsonObject>();
  for (const parameter of [ofPath, own].flatMap((list) => (Array.isArray(list) ? list : []))) {
    const resolved = texts.resolved(parameter);
    merged.set(`${String(resolved['in'])} ${String(resolved['name'])}`, resolved);
  }
  return [...merged.values()];
};

const documentsOf = (parameters: readonly JsonObject[], texts: SchemaTexts, direction: Direction): readonly ParameterDocument[] =>
  parameters.flatMap((parameter) => parameterDocument(parameter, texts, direction) ?? []);

const headersOf = (response: JsonObject, texts: SchemaTexts): readonly ParameterDocument[] =>
  documentsOf(
    Object.entries(objectAt(response, 'headers')).map(([name, header]) => ({ ...texts.resolved(header), name, in: 'header' })),
    texts,
    'response',
  );

/** The answers of an operation; extensions beside them are none. */
const answersOf = (
  operation: JsonObject,
  texts: SchemaTexts,
  contentOf: (response: JsonObject) => readonly ContentDocument[],
): MessagesDocument['responses'] =>
  Object.fromEntries(
    Object.entries(objectAt(operation, 'responses'))
      .filter(([status]) => !status.startsWith('x-'))
      .map(([status, value]): [string, AnswerDocument] => {
        const response = texts.resolved(value);
        return [status, { headers: headersOf(response, texts), content: contentOf(response) }];
      }),
  );

class OpenApi3Reader {
  constructor(private readonly texts: SchemaTexts) {}

  messages(operation: JsonObject, parameters: readonly JsonObject[]): MessagesDocument {
    const body = this.texts.resolved(operation['requestBody']);
    return {
      parameters: documentsOf(parameters, this.texts, 'request'),
      ...('requestBody' in operation && { body: { isRequired: body['required'] === true, content: this.content(body, 'request') } }),
      responses: answersOf(operation, this.texts, (response) => this.content(response, 'response')),
    };
  }

  private content(message: JsonObject, direction: Direction): readonly ContentDocument[] {
    return Object.entries(objectAt(message, 'content')).map(([type, value]) => {
      const schema = isObject(value) ? value['schema'] : undefined;
      return { type, ...(schema !== undefined && { schema: this.texts.text(schema, direction) }) };
    });
  }
}

class Swagger2Reader {
  constructor(
    private readonly document: JsonObject,
    private readonly texts: SchemaTexts,
  ) {}

  messages(operation: JsonObject, parameters: readonly JsonObject[]): MessagesDocument {
    const body = this.body(operation, parameters);
    return {
      parameters: documentsOf(parameters, this.texts, 'request'),
      ...(body && { body }),
      responses: answersOf(operation, this.texts, (response) => this.answerContent(operation, response)),
    };
  }

  private body(operation: JsonObject, parameters: readonly JsonObject[]): MessagesDocument['body'] {
    const whole = parameters.find((parameter) => parameter['in'] === 'body');
    if (whole !== undefined) {
      const schema = this.texts.text(whole['schema'], 'request');
      return { isRequired: whole['required'] === true, content: this.types('consumes', operation).map((type) => ({ type, schema })) };
    }
    const fields = parameters.filter((parameter) => parameter['in'] === 'formData');
    if (fields.length === 0) return undefined;
    const properties = Object.fromEntries(fields.map(({ required: _, ...field }) => [String(field['name']), field]));
    const required = fields.filter((field) => field['required'] === true).map(({ name }) => name);
    const schema = this.texts.text({ type: 'object', properties, required }, 'request');
    const forms = this.types('consumes', operation).filter((type) => FORMS.includes(type));
    return { isRequired: required.length > 0, content: (forms.length > 0 ? forms : FORMS).map((type) => ({ type, schema })) };
  }

  private answerContent(operation: JsonObject, { schema }: JsonObject): readonly ContentDocument[] {
    if (schema === undefined) return [];
    const text = this.texts.text(schema, 'response');
    return this.types('produces', operation).map((type) => ({ type, schema: text }));
  }

  /** The media types of the operation, or of the definition; any, where neither says. */
  private types(keyword: 'consumes' | 'produces', operation: JsonObject): readonly string[] {
    const types = Array.isArray(operation[keyword]) ? textsAt(operation, keyword) : textsAt(this.document, keyword);
    return types.length > 0 ? types : ['*/*'];
  }
}
