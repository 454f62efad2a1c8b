import type { ApiScope, CorsConfiguration, EndpointConfig } from '../../domain/api.js';
import { AUTH_TYPES, type AuthType } from '../../domain/gateway-documents.js';
import type { CircuitBreakers, DefinedOperation, DefinedSettings, DefinitionInfo } from './definition.js';
import { isObject, type JsonObject, objectAt, textAt, textsAt } from './json-document.js';
import { DEFAULT_SCHEME, flowsOf, operationsIn, pathsOf, securitySchemesOf, serversOf } from './openapi.js';

export const infoOf = (document: JsonObject): DefinitionInfo => {
  const info = objectAt(document, 'info');
  return {
    name: textAt(info, 'title') ?? '',
    version: textAt(info, 'version') ?? '',
    context: basePathOf(document) ?? '',
    description: textAt(info, 'description') ?? '',
    openAPIVersion: textAt(document, 'openapi') ?? textAt(document, 'swagger') ?? '',
    endpoints: serversOf(document),
  };
};

const basePathOf = (document: JsonObject): string | undefined => textAt(document, 'x-wso2-basePath') ?? textAt(document, 'basePath');

/** Every verb of every path is one operation of the API, in the definition's order. */
export const definedOperations = (document: JsonObject): readonly DefinedOperation[] => {
  const schemes = scopeSchemes(document);
  return pathsOf(document).flatMap(([target, item]) =>
    operationsIn(item).map(([verb, operation]) => operationOf(target, verb, operation, document['security'], schemes)),
  );
};

const operationOf = (
  target: string,
  verb: string,
  operation: JsonObject,
  rootSecurity: unknown,
  schemes: readonly string[],
): DefinedOperation => {
  const timeout = operation['x-amzn-resource-timeout'];
  const encode = operation['x-amzn-resource-content-encode'];
  const resource = textAt(operation, 'x-amzn-resource-name');
  return {
    target,
    verb: verb.toUpperCase(),
    scopes: scopesIn(operation, rootSecurity, schemes),
    authType: operation['x-wso2-disable-security'] === true ? 'None' : authTypeOf(operation['x-auth-type']),
    throttlingPolicy: textAt(operation, 'x-throttling-tier') ?? null,
    ...(resource !== undefined && { amznResourceName: resource }),
    ...(typeof timeout === 'number' && Number.isInteger(timeout) && { amznResourceTimeout: timeout }),
    ...(typeof encode === 'boolean' && { amznResourceContentEncode: encode }),
  };
};

/** The word as operations carry it; null for anything else, `Any` included. */
export const authTypeOf = (word: unknown): AuthType | null => AUTH_TYPES.find((type) => type === word) ?? null;

/** An operation's own requirement replaces the document's; `x-scope` is the older way to say it. */
const scopesIn = (operation: JsonObject, rootSecurity: unknown, schemes: readonly string[]): readonly string[] => {
  const security = operation['security'] ?? rootSecurity;
  const required = Array.isArray(security)
    ? security.filter(isObject).flatMap((entry) => schemes.flatMap((scheme) => textsAt(entry, scheme)))
    : [];
  const older =
    textAt(operation, 'x-scope')
      ?.split(',')
      .map((scope) => scope.trim()) ?? [];
  return [...new Set([...required, ...older.filter((scope) => scope !== '')])];
};

/** The schemes whose scopes are the API's: `default`, or all of type oauth2 where a foreign definition knows no `default`. */
const scopeSchemes = (document: JsonObject): readonly string[] => {
  const schemes = Object.entries(securitySchemesOf(document));
  if (schemes.some(([name]) => name === DEFAULT_SCHEME)) return [DEFAULT_SCHEME];
  return schemes.filter(([, scheme]) => isObject(scheme) && scheme['type'] === 'oauth2').map(([name]) => name);
};

/** The scopes the definition declares, with the roles they are bound to, and those its operations name without declaring. */
export const definedScopes = (document: JsonObject): readonly ApiScope[] => {
  const schemes = securitySchemesOf(document);
  const scopes = new Map<string, ApiScope>();
  for (const name of scopeSchemes(document)) {
    for (const flow of flowsOf(document, objectAt(schemes, name))) {
      const bindings = objectAt(flow, 'x-scopes-bindings');
      for (const [scope, description] of Object.entries(objectAt(flow, 'scopes'))) {
        scopes.set(scope, scopeOf(scope, typeof description === 'string' ? description : '', textAt(bindings, scope) ?? ''));
      }
    }
  }
  for (const scope of definedOperations(document).flatMap((operation) => operation.scopes)) {
    if (!scopes.has(scope)) scopes.set(scope, scopeOf(scope, '', ''));
  }
  return [...scopes.values()];
};

const scopeOf = (name: string, description: string, roles: string): ApiScope => ({
  name,
  displayName: name,
  description,
  bindings: roles
    .split(',')
    .map((role) => role.trim())
    .filter((role) => role !== ''),
  shared: false,
});

/** API settings in the root extensions of a definition (`reference/publisher.md` §7.1). */
export const definedSettings = (document: JsonObject): DefinedSettings => {
  const cache = objectAt(document, 'x-wso2-response-cache');
  const transports = textsAt(document, 'x-wso2-transports');
  const security = securitySchemeOf(document);
  const cors = corsOf(document['x-wso2-cors']);
  const endpoints = endpointsOf(document);
  const seconds = cache['cacheTimeoutInSeconds'];
  const settings: { -readonly [K in keyof DefinedSettings]?: DefinedSettings[K] | undefined } = {
    basePath: basePathOf(document),
    authorizationHeader: textAt(document, 'x-wso2-auth-header'),
    apiKeyHeader: textAt(document, 'x-wso2-api-key-header'),
    apiThrottlingPolicy: textAt(document, 'x-wso2-throttling-tier') ?? textAt(document, 'x-throttling-tier'),
    transport: transports.length > 0 ? transports : undefined,
    securityScheme: security.length > 0 ? security : undefined,
    corsConfiguration: cors,
    endpointConfig: endpoints,
    responseCachingEnabled: typeof cache['enabled'] === 'boolean' ? cache['enabled'] : undefined,
    cacheTimeout: typeof seconds === 'number' && Number.isInteger(seconds) ? seconds : undefined,
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
};

const securitySchemeOf = (document: JsonObject): readonly string[] => {
  const security = objectAt(document, 'x-wso2-application-security');
  const types = textsAt(security, 'security-types');
  const mutual = textAt(document, 'x-wso2-mutual-ssl');
  return [
    ...types,
    ...(types.length > 0
      ? [security['optional'] === true ? 'oauth_basic_auth_api_key_optional' : 'oauth_basic_auth_api_key_mandatory']
      : []),
    ...(mutual === undefined ? [] : ['mutualssl', mutual === 'mandatory' ? 'mutualssl_mandatory' : 'mutualssl_optional']),
  ];
};

const corsOf = (cors: unknown): CorsConfiguration | undefined =>
  isObject(cors)
    ? {
        corsConfigurationEnabled: cors['corsConfigurationEnabled'] === true,
        accessControlAllowOrigins: textsAt(cors, 'accessControlAllowOrigins'),
        accessControlAllowCredentials: cors['accessControlAllowCredentials'] === true,
        accessControlAllowHeaders: textsAt(cors, 'accessControlAllowHeaders'),
        accessControlAllowMethods: textsAt(cors, 'accessControlAllowMethods'),
      }
    : undefined;

/** The `advanceEndpointConfig` of either key type (`reference/publisher.md` §3.3). */
export const definedCircuitBreakers = (document: JsonObject): CircuitBreakers => {
  const [production, sandbox] = ['production', 'sandbox'].map(
    (kind) => objectAt(document, `x-wso2-${kind}-endpoints`)['advanceEndpointConfig'],
  );
  return { ...(isObject(production) && { production }), ...(isObject(sandbox) && { sandbox }) };
};

/** One address, a load-balanced group or a fail-over chain, for each of the two key types. */
const endpointsOf = (document: JsonObject): EndpointConfig | undefined => {
  const production = objectAt(document, 'x-wso2-production-endpoints');
  const sandbox = objectAt(document, 'x-wso2-sandbox-endpoints');
  const groups = [
    ['production', textsAt(production, 'urls')],
    ['sandbox', textsAt(sandbox, 'urls')],
  ] as const;
  if (groups.every(([, urls]) => urls.length === 0)) return undefined;
  const stated = textAt(production, 'type') ?? textAt(sandbox, 'type') ?? 'http';
  const type = stated === 'load_balance' || stated === 'failover' ? stated : 'http';
  const config: JsonObject = { endpoint_type: type };
  for (const [name, urls] of groups) {
    const [first, ...others] = urls.map((url) => ({ url }));
    if (first === undefined) continue;
    config[`${name}_endpoints`] = type === 'load_balance' ? [first, ...others] : first;
    if (type === 'failover') config[`${name}_failovers`] = others;
  }
  return config;
};
