import type { ApiScope } from '../../domain/api.js';
import { parseDocument } from '../definitions/exact-json.js';
import { isObject, type JsonObject, objectIn } from '../definitions/json-document.js';
import { DEFAULT_SCHEME, isSwagger2, operationsIn, pathsOf, securitySchemesOf } from '../definitions/openapi.js';

/** What the publisher keeps in a definition and no subscriber is shown (`reference/publisher.md` §7.1). */
const ROOT_EXTENSIONS = [
  'x-wso2-cors',
  'x-wso2-auth-header',
  'x-wso2-throttling-tier',
  'x-wso2-production-endpoints',
  'x-wso2-sandbox-endpoints',
  'x-wso2-basePath',
  'x-wso2-transports',
  'x-wso2-application-security',
  'x-wso2-response-cache',
  'x-wso2-mutual-ssl',
  'x-throttling-tier',
] as const;
const OPERATION_EXTENSIONS = [
  'x-wso2-application-security',
  'x-wso2-production-endpoints',
  'x-wso2-sandbox-endpoints',
  'x-wso2-disable-security',
  'x-wso2-throttling-tier',
  'x-mediation-script',
] as const;

const API_KEY_SCHEME = 'api_key';
/** Nobody is sent there: the flow only names the scopes. */
const AUTHORIZATION_URL = 'https://test.com';

export interface PortalDefinitionInput {
  /** The publisher's definition as JSON. */
  readonly content: string;
  /** Where the API answers, https first; empty while it is deployed nowhere. */
  readonly servers: readonly string[];
  readonly scopes: readonly ApiScope[];
  /** Header for API keys; undefined where the API takes none. */
  readonly apiKeyHeader?: string | undefined;
}

/** The definition as subscribers see it: servers are the gateway's, the product's settings are gone, and the schemes `default` and `api_key` say how to authenticate. */
export const portalDefinition = ({ content, servers, scopes, apiKeyHeader }: PortalDefinitionInput): string => {
  const document = parseDocument(content);
  for (const key of ROOT_EXTENSIONS) delete document[key];
  for (const [, item] of pathsOf(document)) {
    delete item['servers'];
    for (const [, operation] of operationsIn(item)) {
      delete operation['servers'];
      for (const key of OPERATION_EXTENSIONS) delete operation[key];
    }
  }
  writeServers(document, servers);
  writeScheme(document, scopes);
  if (apiKeyHeader !== undefined) writeApiKeyScheme(document, apiKeyHeader);
  return JSON.stringify(document);
};

/** OpenAPI 3 names one server; Swagger 2.0 one host with its schemes. */
const writeServers = (document: JsonObject, servers: readonly string[]): void => {
  if (!isSwagger2(document)) {
    document['servers'] = servers.slice(0, 1).map((url) => ({ url }));
    return;
  }
  const [first] = servers.map((server) => new URL(server));
  if (first === undefined) {
    for (const key of ['host', 'basePath', 'schemes']) delete document[key];
    return;
  }
  document['host'] = first.host;
  document['basePath'] = first.pathname;
  const onThisHost = servers.filter((server) => new URL(server).host === first.host);
  document['schemes'] = onThisHost.map((server) => new URL(server).protocol.replace(':', ''));
};

/** Definitions kept before they had the scheme get it here. */
const writeScheme = (document: JsonObject, scopes: readonly ApiScope[]): void => {
  if (isObject(securitySchemesOf(document)[DEFAULT_SCHEME])) return;
  const flow = {
    authorizationUrl: AUTHORIZATION_URL,
    scopes: Object.fromEntries(scopes.map(({ name, description }) => [name, description])),
  };
  if (isSwagger2(document)) objectIn(document, 'securityDefinitions')[DEFAULT_SCHEME] = { type: 'oauth2', flow: 'implicit', ...flow };
  else objectIn(objectIn(document, 'components'), 'securitySchemes')[DEFAULT_SCHEME] = { type: 'oauth2', flows: { implicit: flow } };
};

/** Where a token opens an operation a key does too. A scheme of this name that the author put there is the author's. */
const writeApiKeyScheme = (document: JsonObject, header: string): void => {
  const schemes = isSwagger2(document)
    ? objectIn(document, 'securityDefinitions')
    : objectIn(objectIn(document, 'components'), 'securitySchemes');
  if (API_KEY_SCHEME in schemes) return;
  schemes[API_KEY_SCHEME] = { type: 'apiKey', in: 'header', name: header };
  const operations = pathsOf(document).flatMap(([, item]) => operationsIn(item).map(([, operation]) => operation));
  for (const { security } of [document, ...operations]) {
    if (!Array.isArray(security) || !security.some((entry) => isObject(entry) && DEFAULT_SCHEME in entry)) continue;
    security.push({ [API_KEY_SCHEME]: [] });
  }
};
