import type { CorsConfiguration, EndpointConfig } from '../../domain/api.js';
import type { DefinitionSource } from './definition.js';
import { isObject, type JsonObject, objectAt, textAt } from './json-document.js';

const APPLICATION_SCHEMES: readonly string[] = ['oauth2', 'basic_auth', 'api_key'];

/** How callers of the API may identify their application, as `x-wso2-application-security` says it. */
export const applicationSecurity = (securityScheme: readonly string[]): JsonObject => ({
  'security-types': securityScheme.filter((word) => APPLICATION_SCHEMES.includes(word)),
  optional: securityScheme.includes('oauth_basic_auth_api_key_optional'),
});

/** Rewrites the root extensions from the API's settings (`reference/publisher.md` §7.1). */
export const writeSettings = (document: JsonObject, source: DefinitionSource): void => {
  document['x-wso2-auth-header'] = source.authorizationHeader;
  document['x-wso2-api-key-header'] = source.apiKeyHeader;
  setOrDelete(document, 'x-throttling-tier', source.apiThrottlingPolicy);
  delete document['x-wso2-throttling-tier'];
  document['x-wso2-cors'] = corsBlock(source.corsConfiguration);
  setOrDelete(document, 'x-wso2-production-endpoints', endpointsOf(document, source.endpointConfig, 'production'));
  setOrDelete(document, 'x-wso2-sandbox-endpoints', endpointsOf(document, source.endpointConfig, 'sandbox'));
  document['x-wso2-basePath'] = source.basePath;
  document['x-wso2-transports'] = source.transport;
  document['x-wso2-application-security'] = applicationSecurity(source.securityScheme);
  document['x-wso2-response-cache'] = { enabled: source.responseCachingEnabled, cacheTimeoutInSeconds: source.cacheTimeout };
  setOrDelete(document, 'x-wso2-mutual-ssl', mutualSslOf(source.securityScheme));
};

/** In one order, whatever that of what comes from the database: a definition that stays the same is the same text. */
const corsBlock = (cors: CorsConfiguration): JsonObject => ({
  corsConfigurationEnabled: cors.corsConfigurationEnabled,
  accessControlAllowOrigins: cors.accessControlAllowOrigins,
  accessControlAllowCredentials: cors.accessControlAllowCredentials,
  accessControlAllowHeaders: cors.accessControlAllowHeaders,
  accessControlAllowMethods: cors.accessControlAllowMethods,
});

/** Sets a key, or deletes it when there is nothing to say. */
export const setOrDelete = (target: JsonObject, key: string, value: unknown): void => {
  if (value === undefined || value === null || value === '') delete target[key];
  else target[key] = value;
};

const mutualSslOf = (securityScheme: readonly string[]): string | undefined => {
  if (!securityScheme.includes('mutualssl')) return undefined;
  return securityScheme.includes('mutualssl_mandatory') ? 'mandatory' : 'optional';
};

/** The addresses of one key type. Credentials of the endpoints are never part of a definition. */
const endpointsOf = (document: JsonObject, config: EndpointConfig | null, kind: 'production' | 'sandbox'): JsonObject | undefined => {
  if (config === null) return undefined;
  const urls = [...urlsIn(config[`${kind}_endpoints`]), ...urlsIn(config[`${kind}_failovers`])];
  if (urls.length === 0) return undefined;
  const stated = config['endpoint_type'];
  const type = stated === 'load_balance' || stated === 'failover' ? stated : 'http';
  // Circuit breakers are set through the definition alone, so they outlive its rewriting.
  const { advanceEndpointConfig } = objectAt(document, `x-wso2-${kind}-endpoints`);
  return { urls, type, ...(advanceEndpointConfig !== undefined && { advanceEndpointConfig }) };
};

const urlsIn = (value: unknown): readonly string[] => {
  const entries = Array.isArray(value) ? value : [value];
  return entries.filter(isObject).flatMap((entry) => textAt(entry, 'url') ?? []);
};
