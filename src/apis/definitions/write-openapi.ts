import type { ApiOperation, ApiScope } from '../../domain/api.js';
import type { DefinitionSource } from './definition.js';
import { isObject, type JsonObject, objectAt, objectIn } from './json-document.js';
import { DEFAULT_SCHEME, isSwagger2, operationsIn, pathsOf } from './openapi.js';
import { applicationSecurity, setOrDelete, writeSettings } from './write-settings.js';

/** Nobody is sent there: the flow only carries the scopes. The address is the one existing clients know. */
const AUTHORIZATION_URL = 'https://test.com';

export type OpenApiVersion = 'v2' | 'v3';

/** A definition for an API that was made without one. */
export const emptyOpenApi = (source: Pick<DefinitionSource, 'name' | 'version' | 'description'>, version: OpenApiVersion): JsonObject => {
  const info = { title: source.name, ...(source.description && { description: source.description }), version: source.version };
  return version === 'v2'
    ? { swagger: '2.0', info, security: [{ [DEFAULT_SCHEME]: [] }], paths: {} }
    : { openapi: '3.0.1', info, servers: [{ url: '/' }], security: [{ [DEFAULT_SCHEME]: [] }], paths: {} };
};

/**
 * Brings a definition in step with its API: operations that the API no longer has go, new ones are added at the end, and the product's
 * extensions are rewritten. Everything else stays as it is and where it is.
 */
export const writeOpenApi = (document: JsonObject, source: DefinitionSource): void => {
  removeOthers(document, source.operations);
  const paths = objectIn(document, 'paths');
  for (const operation of source.operations) writeOperation(document, paths, operation, source);
  writeScopes(document, source.scopes);
  writeSettings(document, source);
};

const keyOf = (target: string, verb: string): string => `${verb.toUpperCase()} ${target}`;

const removeOthers = (document: JsonObject, operations: readonly ApiOperation[]): void => {
  const kept = new Set(operations.map(({ target, verb }) => keyOf(target, verb)));
  const paths = objectAt(document, 'paths');
  for (const [target, item] of pathsOf(document)) {
    const verbs = operationsIn(item).map(([verb]) => verb);
    const gone = verbs.filter((verb) => !kept.has(keyOf(target, verb)));
    for (const verb of gone) delete item[verb];
    if (verbs.length > 0 && gone.length === verbs.length) delete paths[target];
  }
};

const writeOperation = (document: JsonObject, paths: JsonObject, operation: ApiOperation, source: DefinitionSource): void => {
  const item = objectIn(paths, operation.target);
  const verb = operation.verb.toLowerCase();
  const known = item[verb];
  const written = isObject(known) ? known : newOperation(document, item, operation.target);
  item[verb] = written;
  written['security'] = securityOf(written['security'], operation.scopes);
  written['x-auth-type'] = operation.authType;
  written['x-throttling-tier'] = operation.throttlingPolicy;
  written['x-wso2-application-security'] = applicationSecurity(source.securityScheme);
  // The scopes stand in the security requirement alone: two places would contradict one another after the next edit.
  delete written['x-scope'];
  delete written['x-wso2-disable-security'];
  if (operation.authType === 'None') written['x-wso2-disable-security'] = true;
  setOrDelete(written, 'x-amzn-resource-name', operation.amznResourceName);
  setOrDelete(written, 'x-amzn-resource-timeout', operation.amznResourceTimeout);
  setOrDelete(written, 'x-amzn-resource-content-encode', operation.amznResourceContentEncode);
};

/** The requirement for the API's scopes; alternatives the definition has for other schemes stay. */
const securityOf = (known: unknown, scopes: readonly string[]): readonly unknown[] => {
  const entries: readonly unknown[] = Array.isArray(known) ? known : [];
  const own = { [DEFAULT_SCHEME]: [...scopes] };
  const has = entries.some((entry) => isObject(entry) && DEFAULT_SCHEME in entry);
  if (has) return entries.map((entry) => (isObject(entry) && DEFAULT_SCHEME in entry ? { ...entry, ...own } : entry));
  return [...entries, own];
};

const newOperation = (document: JsonObject, item: JsonObject, target: string): JsonObject => {
  const shared = Array.isArray(item['parameters']) && item['parameters'].length > 0;
  const names = shared ? [] : [...target.matchAll(/\{([^{}]+)\}/g)].flatMap(([, name]) => name ?? []);
  const type = isSwagger2(document) ? { type: 'string' } : { schema: { type: 'string' } };
  const parameters = [...new Set(names)].map((name) => ({ name, in: 'path', required: true, ...type }));
  return { ...(parameters.length > 0 && { parameters }), responses: { 200: { description: 'OK' } } };
};

const writeScopes = (document: JsonObject, scopes: readonly ApiScope[]): void => {
  const flow = {
    authorizationUrl: AUTHORIZATION_URL,
    scopes: Object.fromEntries(scopes.map(({ name, description }) => [name, description])),
    'x-scopes-bindings': Object.fromEntries(scopes.map(({ name, bindings }) => [name, bindings.join(',')])),
  };
  if (isSwagger2(document)) objectIn(document, 'securityDefinitions')[DEFAULT_SCHEME] = { type: 'oauth2', flow: 'implicit', ...flow };
  else objectIn(objectIn(document, 'components'), 'securitySchemes')[DEFAULT_SCHEME] = { type: 'oauth2', flows: { implicit: flow } };
};
