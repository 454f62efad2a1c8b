import type { Api, ApiOperation, ApiProperty, ApiScope, AttachedPolicy, CorsConfiguration, PolicyFlows } from '../domain/api.js';
import { mapInTurns } from '../platform/turns/turns.js';
import { checkOperations, distinctOperations, isPropertyAllowed, refusedProperties } from './api-rules.js';
import { KeyManagersNoList, NoOperations } from './apis.problems.js';
import type { Definition } from './definitions/definition.js';
import { authTypeOf } from './definitions/read-openapi.js';
import type { APIDto } from './dto/api.dto.js';
import type { APIOperationPoliciesDto, APIOperationsDto, APIScopeDto, OperationPolicyDto } from './dto/api-operations.dto.js';
import type { APICorsConfigurationDto } from './dto/api-parts.dto.js';
import { securitySchemeOf } from './security-scheme.js';

/** What a caller decides about an API, with every default filled in. */
export type ApiContent = Pick<
  Api,
  'isDefaultVersion' | 'visibility' | 'visibleRoles' | 'accessControlRoles' | 'tags' | 'policies' | 'categories' | 'details'
>;

/** Defaults that depend on the installation or the tenant. */
export interface ContentDefaults {
  readonly provider: string;
  readonly cors: Omit<CorsConfiguration, 'corsConfigurationEnabled'>;
  readonly authorizationHeader: string;
  /** The advanced policy of an operation that names none. */
  readonly operationPolicy: string;
}

/** Operations and scopes that come from a definition rather than from the API object. */
export type DefinedContent = Pick<ApiContent['details'], 'operations' | 'scopes'>;

const DEFAULT_VERBS: readonly string[] = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'];
const CACHE_TIMEOUT_SECONDS = 300;
const WEBSUB = { enable: false, secret: '', signingAlgorithm: 'SHA1', signatureHeader: 'x-hub-signature' };
const NO_POLICIES: PolicyFlows = { request: [], response: [], fault: [] };

/**
 * An API object as it is kept, every default of `reference/publisher.md` §3.2 filled in; `defined` are its operations and scopes, see {@link sentContent}.
 * @throws problems (400) for what no default can mend.
 */
export const contentOf = (dto: APIDto, defaults: ContentDefaults, { operations, scopes }: DefinedContent): ApiContent => {
  const visibleRoles = lowerCased(dto.visibleRoles);
  const accessControlRoles = lowerCased(dto.accessControlRoles);
  return {
    isDefaultVersion: dto.isDefaultVersion ?? false,
    visibility: dto.visibility ?? 'PUBLIC',
    visibleRoles,
    accessControlRoles,
    tags: distinct(dto.tags),
    policies: distinct(dto.policies),
    categories: distinct(dto.categories),
    details: {
      displayName: dto.displayName || dto.name,
      description: dto.description ?? '',
      responseCachingEnabled: dto.responseCachingEnabled ?? false,
      cacheTimeout: dto.cacheTimeout ?? CACHE_TIMEOUT_SECONDS,
      hasThumbnail: false,
      enableSchemaValidation: dto.enableSchemaValidation ?? false,
      enableSubscriberVerification: dto.enableSubscriberVerification ?? false,
      audience: dto.audience ?? 'PUBLIC',
      audiences: dto.audiences?.length ? distinct(dto.audiences) : ['all'],
      transport: dto.transport?.length ? distinct(dto.transport) : ['http', 'https'],
      organizationPolicies: (dto.organizationPolicies ?? []).map(({ organizationID, policies }) => ({
        organizationID,
        policies: policies ?? [],
      })),
      apiThrottlingPolicy: dto.apiThrottlingPolicy || null,
      authorizationHeader: dto.authorizationHeader || defaults.authorizationHeader,
      apiKeyHeader: dto.apiKeyHeader || 'ApiKey',
      securityScheme: securitySchemeOf(dto.securityScheme, dto.egress ?? false),
      maxTps: dto.maxTps ? { ...dto.maxTps } : null,
      visibleTenants: dto.visibleTenants ?? [],
      visibleOrganizations: dto.visibleOrganizations?.length ? dto.visibleOrganizations : ['none'],
      mediationPolicies: (dto.mediationPolicies ?? []).map((policy) => ({ ...policy })),
      apiPolicies: flowsOf(dto.apiPolicies),
      apiHubPolicies: (dto.apiHubPolicies ?? []).map(policyOf),
      subscriptionAvailability: dto.subscriptionAvailability ?? 'CURRENT_TENANT',
      subscriptionAvailableTenants: dto.subscriptionAvailableTenants ?? [],
      additionalProperties: propertiesOf(dto),
      monetization: dto.monetization ? { ...dto.monetization } : null,
      businessInformation: { ...dto.businessInformation },
      corsConfiguration: corsOf(dto.corsConfiguration, defaults.cors),
      websubSubscriptionConfiguration: { ...WEBSUB, ...dto.websubSubscriptionConfiguration },
      endpointConfig: dto.endpointConfig ?? null,
      primaryProductionEndpointId: dto.primaryProductionEndpointId ?? null,
      primarySandboxEndpointId: dto.primarySandboxEndpointId ?? null,
      endpointImplementationType: dto.endpointImplementationType ?? 'ENDPOINT',
      subtypeConfiguration: dto.subtypeConfiguration ? { ...dto.subtypeConfiguration } : null,
      scopes,
      operations,
      threatProtectionPolicies: dto.threatProtectionPolicies ? { ...dto.threatProtectionPolicies } : null,
      keyManagers: keyManagersOf(dto.keyManagers),
      serviceInfo: dto.serviceInfo ? { ...dto.serviceInfo } : null,
      advertiseInfo: {
        ...dto.advertiseInfo,
        advertised: dto.advertiseInfo?.advertised ?? false,
        apiOwner: dto.advertiseInfo?.apiOwner || defaults.provider,
        vendor: dto.advertiseInfo?.vendor ?? 'WSO2',
      },
      gatewayVendor: gatewayVendorOf(dto.gatewayType ?? SYNAPSE),
      gatewayType: dto.gatewayType ?? SYNAPSE,
      asyncTransportProtocols: dto.asyncTransportProtocols ?? [],
      egress: dto.egress ?? false,
      wsdlInfo: null,
      workflowStatus: null,
    },
  };
};

const SYNAPSE = 'wso2/synapse';
const OWN_GATEWAYS: readonly string[] = [SYNAPSE, 'wso2/apk', 'APIPlatform'];

const gatewayVendorOf = (gatewayType: string): string => (OWN_GATEWAYS.includes(gatewayType) ? 'wso2' : 'external');

const distinct = (words: readonly string[] | null | undefined): readonly string[] => [...new Set(words ?? [])];
const lowerCased = (words: readonly string[] | null | undefined): readonly string[] => distinct(words?.map((word) => word.toLowerCase()));

const scopeOf = ({ scope, shared }: APIScopeDto): ApiScope => ({
  name: scope.name,
  displayName: scope.displayName || scope.name,
  description: scope.description ?? '',
  bindings: scope.bindings ?? [],
  shared: shared ?? false,
});

const policyOf = ({ policyName, policyVersion, policyType, policyId, parameters }: OperationPolicyDto): AttachedPolicy => ({
  policyName,
  policyVersion: policyVersion ?? 'v1',
  ...(policyType && { policyType }),
  ...(policyId && { policyId }),
  ...(parameters && { parameters }),
});

const flowsOf = (flows: APIOperationPoliciesDto | null | undefined): PolicyFlows =>
  flows
    ? {
        request: (flows.request ?? []).map(policyOf),
        response: (flows.response ?? []).map(policyOf),
        fault: (flows.fault ?? []).map(policyOf),
      }
    : NO_POLICIES;

/** Given but without lists: the lists become empty; not given: the server's own rules, switched off. */
const corsOf = (cors: APICorsConfigurationDto | null | undefined, server: ContentDefaults['cors']): CorsConfiguration =>
  cors
    ? {
        corsConfigurationEnabled: cors.corsConfigurationEnabled ?? false,
        accessControlAllowOrigins: cors.accessControlAllowOrigins ?? [],
        accessControlAllowCredentials: cors.accessControlAllowCredentials ?? false,
        accessControlAllowHeaders: cors.accessControlAllowHeaders ?? [],
        accessControlAllowMethods: cors.accessControlAllowMethods ?? [],
      }
    : { corsConfigurationEnabled: false, ...server };

const keyManagersOf = (sent: unknown): readonly string[] => {
  if (sent === undefined || sent === null) return ['all'];
  if (!Array.isArray(sent) || !sent.every((name) => typeof name === 'string')) throw KeyManagersNoList();
  return sent.length > 0 ? [...new Set<string>(sent)] : ['all'];
};

/** The key under which a property with `display` appears in the map. */
export const DISPLAY_SUFFIX = '__display';

/** Properties come as a list and as a map, each repeating the other; the map wins, being what the portals edit. */
const propertiesOf = (dto: APIDto): readonly ApiProperty[] => {
  const properties = new Map<string, ApiProperty>();
  const add = (property: { readonly name?: unknown; readonly value?: unknown; readonly display?: unknown }) => {
    if (!isPropertyAllowed(property)) throw refusedProperties(dto);
    const { name, value, display } = property;
    properties.set(`${name}${display ? DISPLAY_SUFFIX : ''}`, { name, value, display });
  };
  for (const property of dto.additionalProperties ?? []) add(property);
  for (const [key, entry] of Object.entries(dto.additionalPropertiesMap ?? {})) {
    if (typeof entry !== 'object' || entry === null) throw refusedProperties(dto);
    const shown = key.endsWith(DISPLAY_SUFFIX);
    add({ name: shown ? key.slice(0, -DISPLAY_SUFFIX.length) : key, value: entry.value, display: shown || (entry.display ?? false) });
  }
  return [...properties.values()];
};

/** Operations and scopes of an API object, which may have very many. @throws as {@link contentOf}. */
export const sentContent = async (dto: APIDto, defaultPolicy: string): Promise<DefinedContent> => {
  const scopes = (dto.scopes ?? []).map(scopeOf);
  const operations = await operationsOf(dto, scopes, defaultPolicy);
  return { operations, scopes };
};

const operationsOf = async (dto: APIDto, scopes: readonly ApiScope[], defaultPolicy: string): Promise<readonly ApiOperation[]> => {
  const sent = dto.operations?.length ? dto.operations : DEFAULT_VERBS.map((verb) => ({ target: '/*', verb }) as APIOperationsDto); // the rest is optional
  checkOperations(dto.type ?? 'HTTP', sent);
  const known = new Set(scopes.map(({ name }) => name));
  return distinctOperations(await mapInTurns(sent, (operation) => operationOf(operation, known, defaultPolicy)));
};

/**
 * Operations and scopes of an API whose definition was read: what the definition does not say is kept from the API's `known` operations and scopes.
 * @throws NoOperations (404) when the definition has none.
 */
export const definedContent = async (
  definition: Pick<Definition, 'operations' | 'scopes'>,
  known: DefinedContent,
  defaultPolicy: string,
): Promise<DefinedContent> => {
  if (definition.operations.length === 0) throw NoOperations();
  const operations = new Map(known.operations.map((operation) => [`${operation.verb} ${operation.target}`, operation]));
  const scopes = new Map(known.scopes.map((scope) => [scope.name, scope]));
  return {
    operations: await mapInTurns(definition.operations, ({ authType, throttlingPolicy, ...operation }) => ({
      operationPolicies: NO_POLICIES,
      operationHubPolicies: [],
      ...operations.get(`${operation.verb} ${operation.target}`),
      ...operation,
      authType: authType ?? ANY_AUTH,
      throttlingPolicy: throttlingPolicy ?? defaultPolicy,
    })),
    scopes: definition.scopes.map((scope) => {
      const before = scopes.get(scope.name);
      if (before === undefined) return scope;
      return {
        ...before,
        description: scope.description || before.description,
        bindings: scope.bindings.length > 0 ? scope.bindings : before.bindings,
      };
    }),
  };
};

const ANY_AUTH = 'Application & Application User';

const operationOf = (operation: APIOperationsDto, scopes: ReadonlySet<string>, defaultPolicy: string): ApiOperation => ({
  target: operation.target ?? '',
  verb: (operation.verb ?? '').toUpperCase(),
  authType: authTypeOf(operation.authType) ?? ANY_AUTH,
  throttlingPolicy: operation.throttlingPolicy || defaultPolicy,
  // Scopes the API does not have are dropped, as the product does.
  scopes: distinct(operation.scopes).filter((scope) => scopes.has(scope)),
  operationPolicies: flowsOf(operation.operationPolicies),
  operationHubPolicies: (operation.operationHubPolicies ?? []).map(policyOf),
  ...(operation.amznResourceName && { amznResourceName: operation.amznResourceName }),
  ...(typeof operation.amznResourceTimeout === 'number' && { amznResourceTimeout: operation.amznResourceTimeout }),
  ...(typeof operation.amznResourceContentEncode === 'boolean' && { amznResourceContentEncode: operation.amznResourceContentEncode }),
  ...(operation.payloadSchema && { payloadSchema: operation.payloadSchema }),
  ...(operation.uriMapping && { uriMapping: operation.uriMapping }),
});
