import type { ComplexType, ComplexTypes, Field, MessageRoot, SoapOperation, ValueType } from './rest-model.js';

type JsonSchema = Readonly<Record<string, unknown>>;

/** The OpenAPI definition of the REST face: one resource for each operation, asked with POST and JSON. */
export const restDefinition = (name: string, version: string, operations: readonly SoapOperation[], types: ComplexTypes): string =>
  JSON.stringify({
    openapi: '3.0.1',
    info: { title: name, version },
    servers: [{ url: '/' }],
    paths: Object.fromEntries(operations.map((operation) => [operation.path, { post: restOperation(operation) }])),
    components: { schemas: Object.fromEntries([...types].map(([key, type]) => [key, schemaOf(type)])) },
  });

const restOperation = ({ name, description, request, response }: SoapOperation): JsonSchema => ({
  operationId: name,
  ...(description && { description }),
  requestBody: { required: request !== null, content: { 'application/json': { schema: bodyOf(request) } } },
  responses: {
    200: { description: 'OK', ...(response !== undefined && { content: { 'application/json': { schema: bodyOf(response) } } }) },
    default: { description: 'What the service says went wrong.' },
  },
});

/** The root is the only property: so does the gateway translate in both directions. */
const bodyOf = (root: MessageRoot): JsonSchema =>
  root === null ? { type: 'object' } : { type: 'object', properties: { [root.name]: valueSchema(root.type) } };

const valueSchema = (type: ValueType): JsonSchema => {
  if (type === 'any') return {};
  return 'simple' in type ? type.simple : { $ref: `#/components/schemas/${type.complex}` };
};

const schemaOf = ({ fields, text }: ComplexType): JsonSchema => {
  const required = fields.filter(({ isRequired }) => isRequired).map(propertyOf);
  const properties = fields.map((field) => [propertyOf(field), fieldSchema(field)] as const);
  return {
    type: 'object',
    properties: Object.fromEntries(text === undefined ? properties : [...properties, ['$', text]]),
    ...(required.length > 0 && { required: [...new Set(required)] }),
  };
};

const propertyOf = ({ name, isAttribute }: Field): string => (isAttribute ? `@${name}` : name);

const fieldSchema = ({ type, isMany, isNillable }: Field): JsonSchema => {
  const value = valueSchema(type);
  if (isMany) return { type: 'array', items: value };
  // Beside a reference nothing else counts.
  return isNillable && !('$ref' in value) ? { ...value, nullable: true } : value;
};
