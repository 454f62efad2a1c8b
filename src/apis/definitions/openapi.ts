import { isObject, type JsonObject, objectAt, textAt } from './json-document.js';

/** Verbs of a path item that become operations of an API, in the form definitions write them. */
export const OPENAPI_VERBS: readonly string[] = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];

export const isSwagger2 = (document: JsonObject): boolean => typeof document['swagger'] === 'string';

/** The name of the security scheme that carries an API's scopes (`reference/publisher.md` §7.1). */
export const DEFAULT_SCHEME = 'default';

/** Paths and their items in the order of the definition; items that are no objects are left out. */
export const pathsOf = (document: JsonObject): readonly (readonly [string, JsonObject])[] =>
  Object.entries(objectAt(document, 'paths')).filter(
    (entry): entry is [string, JsonObject] => entry[0].startsWith('/') && isObject(entry[1]),
  );

/** The operations of a path item, by lower-case verb, in the order of the definition. */
export const operationsIn = (item: JsonObject): readonly (readonly [string, JsonObject])[] =>
  Object.entries(item).filter((entry): entry is [string, JsonObject] => OPENAPI_VERBS.includes(entry[0]) && isObject(entry[1]));

/** Security schemes by name, wherever this version of OpenAPI keeps them. */
export const securitySchemesOf = (document: JsonObject): JsonObject =>
  isSwagger2(document) ? objectAt(document, 'securityDefinitions') : objectAt(objectAt(document, 'components'), 'securitySchemes');

/** The flows of an oauth2 scheme; Swagger 2.0 has one, written into the scheme. */
export const flowsOf = (document: JsonObject, scheme: JsonObject): readonly JsonObject[] =>
  isSwagger2(document) ? [scheme] : Object.values(objectAt(scheme, 'flows')).filter(isObject);

/** Addresses of the servers a definition names. */
export const serversOf = (document: JsonObject): readonly string[] => {
  if (!isSwagger2(document)) {
    const { servers } = document;
    return Array.isArray(servers) ? servers.filter(isObject).flatMap((server) => textAt(server, 'url') ?? []) : [];
  }
  const host = textAt(document, 'host');
  const { schemes } = document;
  const protocols = Array.isArray(schemes) && schemes.length > 0 ? schemes : ['https'];
  return host === undefined ? [] : protocols.map((protocol) => `${protocol}://${host}${textAt(document, 'basePath') ?? ''}`);
};
