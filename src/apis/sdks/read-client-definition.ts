import { atPointer, isObject, type JsonObject, objectAt } from '../definitions/json-document.js';
import { DEFAULT_SCHEME, pathsOf, securitySchemesOf, serversOf } from '../definitions/openapi.js';
import type { ClientDefinition, ClientOperation, ClientSecurityScheme } from './client-definition.js';
import { ClientOperations } from './client-operations.js';
import { ClientSchemas } from './client-schemas.js';
import { lineOf } from './client-texts.js';

const API_KEY_SCHEME = 'api_key';
const HEADER_NAME = /^[\w-]{1,100}$/;

export interface DefinitionToRead {
  /** A definition of any version, as JSON, with the gateway's servers. */
  readonly text: string;
  /** Where the API answers if the definition does not tell. */
  readonly server?: string | undefined;
  readonly name: string;
  readonly version: string;
}

/** What clients are generated from. Throws for a text that is no JSON object. */
export const readClientDefinition = ({ text, server, name, version }: DefinitionToRead): ClientDefinition => {
  const document: unknown = JSON.parse(text);
  if (!isObject(document)) throw new TypeError('The definition is no object.');
  const securitySchemes = schemesOf(document);
  const schemas = new ClientSchemas(document);
  const operations = new ClientOperations(document, schemas, Object.keys(securitySchemes));
  const paths = new Map<string, Record<string, ClientOperation>>();
  for (const [template, item] of pathsOf(document)) {
    const { path, operations: read } = operations.of(template, itemBehind(document, item));
    // Two templates may come to one path; the first of two operations counts.
    if (Object.keys(read).length > 0) paths.set(path, { ...read, ...paths.get(path) });
  }
  const [url = server] = serversOf(document).filter(isHttp);
  return {
    openapi: '3.0.3',
    info: { title: lineOf(name) ?? 'API', version: version.replace(/[^\w.+-]+/g, '-') },
    servers: url !== undefined && isHttp(url) ? [{ url: addressOf(url) }] : [],
    paths: Object.fromEntries(paths),
    components: { schemas: schemas.named(), securitySchemes },
  };
};

/** What the gateway asks for: a token and, where it takes them, a key. Other schemes of a definition are its backend's. */
const schemesOf = (document: JsonObject): Readonly<Record<string, ClientSecurityScheme>> => {
  const header = objectAt(securitySchemesOf(document), API_KEY_SCHEME)['name'];
  return {
    [DEFAULT_SCHEME]: { type: 'oauth2', flows: { implicit: { authorizationUrl: 'https://localhost/oauth2/authorize', scopes: {} } } },
    ...(typeof header === 'string' &&
      HEADER_NAME.test(header) && { [API_KEY_SCHEME]: { type: 'apiKey', in: 'header', name: header } as const }),
  };
};

/** A path item may be a reference to another one of the document. */
const itemBehind = (document: JsonObject, item: JsonObject): JsonObject => {
  const { $ref } = item;
  const referred = typeof $ref === 'string' && $ref.startsWith('#/') ? atPointer(document, $ref) : item;
  return isObject(referred) ? referred : {};
};

/** Without a slash at the end, and without what means something within a text of some language. */
const addressOf = (url: string): string =>
  new URL(url).href.replace(/\/$/, '').replace(/['"`$\\{}<>*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

const isHttp = (url: string): boolean => URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol);
