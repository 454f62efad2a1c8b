import type { API_TYPES, Api, ApiDetails, ApiOperation, ApiProperty, ApiScope, EndpointConfig, ProductUse } from '../domain/api.js';
import { tenantContext } from '../domain/organization.js';
import { DISPLAY_SUFFIX } from './api-content.js';
import type { ApiListItem } from './apis.queries.js';
import type { APIDto } from './dto/api.dto.js';
import type { APIInfoDto } from './dto/api-list.dto.js';
import type { APIOperationsDto, APIScopeDto } from './dto/api-operations.dto.js';
import type { APIAdditionalPropertiesItemDto, APIAdditionalPropertiesMapValueDto } from './dto/api-parts.dto.js';
import { hideSecrets } from './endpoint-secrets.js';
import { shownFlows } from './policies/shown-flows.js';

/** A property without a value is written as null, which keeps it in the answer; the wire classes say "optional" for that. */
const none = null as unknown as undefined; // JSON has no undefined

export const orNone = <T>(value: T | null | undefined): T | undefined => value ?? none;

/** Where the product keeps the WSDL of an API, in its tenant; clients take it for a sign that there is one. */
const wsdlUrlOf = ({ organization, provider, name, version, details: { wsdlInfo } }: Api): string | undefined => {
  if (wsdlInfo === null) return none;
  const file = `${provider.replaceAll('@', '-AT-')}--${name}${version}`;
  const path = wsdlInfo.type === 'ZIP' ? `archives/${file}.zip` : `${file}.wsdl`;
  return tenantContext(organization, `/apimgt/applicationdata/wsdls/${path}`);
};

/** The API object of the contract, every property present; `shown` decides how much is seen of the endpoints' secrets. */
export const toApiDto = (api: Api, shown: (config: EndpointConfig) => EndpointConfig = hideSecrets): APIDto => {
  const { details } = api;
  return {
    id: api.id,
    name: api.name,
    displayName: details.displayName,
    description: details.description,
    context: tenantContext(api.organization, api.context),
    version: api.version,
    provider: api.provider,
    lifeCycleStatus: api.status,
    wsdlInfo: orNone(details.wsdlInfo),
    wsdlUrl: wsdlUrlOf(api),
    responseCachingEnabled: details.responseCachingEnabled,
    cacheTimeout: details.cacheTimeout,
    hasThumbnail: details.hasThumbnail,
    isDefaultVersion: api.isDefaultVersion,
    isRevision: false,
    revisionedApiId: none,
    revisionId: 0,
    enableSchemaValidation: details.enableSchemaValidation,
    enableSubscriberVerification: details.enableSubscriberVerification,
    type: api.type as (typeof API_TYPES)[number], // products have a mapper of their own
    audience: details.audience,
    audiences: [...details.audiences],
    transport: [...details.transport],
    tags: [...api.tags],
    policies: [...api.policies],
    organizationPolicies: details.organizationPolicies.map(({ organizationID, policies }) => ({ organizationID, policies: [...policies] })),
    apiThrottlingPolicy: orNone(details.apiThrottlingPolicy),
    authorizationHeader: details.authorizationHeader,
    apiKeyHeader: details.apiKeyHeader,
    securityScheme: [...details.securityScheme],
    maxTps: orNone(details.maxTps as APIDto['maxTps'] | null), // kept as it came in, validated then
    visibility: api.visibility,
    visibleRoles: [...(details.visibleTenants.length > 0 ? details.visibleTenants : api.visibleRoles)], // the product's answer, odd as it is
    visibleTenants: [...details.visibleTenants],
    visibleOrganizations: [...details.visibleOrganizations],
    mediationPolicies: details.mediationPolicies as unknown as NonNullable<APIDto['mediationPolicies']>, // as above
    apiPolicies: shownFlows(details.apiPolicies),
    apiHubPolicies: details.apiHubPolicies as unknown as NonNullable<APIDto['apiHubPolicies']>, // readonly lists
    subscriptionAvailability: details.subscriptionAvailability,
    subscriptionAvailableTenants: [...details.subscriptionAvailableTenants],
    additionalProperties: propertyList(details.additionalProperties),
    additionalPropertiesMap: propertyMap(details.additionalProperties),
    monetization: orNone(details.monetization as APIDto['monetization'] | null), // as above
    accessControl: api.accessControlRoles.length > 0 ? 'RESTRICTED' : 'NONE',
    accessControlRoles: [...api.accessControlRoles],
    businessInformation: {
      businessOwner: orNone(details.businessInformation.businessOwner),
      businessOwnerEmail: orNone(details.businessInformation.businessOwnerEmail),
      technicalOwner: orNone(details.businessInformation.technicalOwner),
      technicalOwnerEmail: orNone(details.businessInformation.technicalOwnerEmail),
    },
    corsConfiguration: {
      corsConfigurationEnabled: details.corsConfiguration.corsConfigurationEnabled,
      accessControlAllowOrigins: [...details.corsConfiguration.accessControlAllowOrigins],
      accessControlAllowCredentials: details.corsConfiguration.accessControlAllowCredentials,
      accessControlAllowHeaders: [...details.corsConfiguration.accessControlAllowHeaders],
      accessControlAllowMethods: [...details.corsConfiguration.accessControlAllowMethods],
    },
    websubSubscriptionConfiguration: details.websubSubscriptionConfiguration,
    workflowStatus: orNone(details.workflowStatus),
    createdTime: String(api.createdAt.getTime()),
    lastUpdatedTimestamp: String(api.updatedAt.getTime()),
    lastUpdatedTime: dateTime(api.updatedAt),
    endpointConfig: details.endpointConfig ? shown(details.endpointConfig) : none,
    primaryProductionEndpointId: orNone(details.primaryProductionEndpointId),
    primarySandboxEndpointId: orNone(details.primarySandboxEndpointId),
    endpointImplementationType: details.endpointImplementationType,
    subtypeConfiguration: { subtype: 'DEFAULT', configuration: {}, ...details.subtypeConfiguration },
    scopes: details.scopes.map(scopeDto),
    operations: operationDtos(details.operations, api.productUses ?? []),
    threatProtectionPolicies: orNone(details.threatProtectionPolicies as APIDto['threatProtectionPolicies'] | null), // as above
    categories: [...api.categories],
    keyManagers: details.keyManagers,
    serviceInfo: orNone(details.serviceInfo as APIDto['serviceInfo'] | null), // as above
    advertiseInfo: {
      advertised: details.advertiseInfo.advertised,
      apiExternalProductionEndpoint: orNone(details.advertiseInfo.apiExternalProductionEndpoint),
      apiExternalSandboxEndpoint: orNone(details.advertiseInfo.apiExternalSandboxEndpoint),
      originalDevPortalUrl: orNone(details.advertiseInfo.originalDevPortalUrl),
      apiOwner: orNone(details.advertiseInfo.apiOwner),
      vendor: details.advertiseInfo.vendor,
    },
    gatewayVendor: details.gatewayVendor,
    gatewayType: details.gatewayType,
    initiatedFromGateway: false,
    asyncTransportProtocols: [...details.asyncTransportProtocols],
    egress: details.egress,
  };
};

const scopeDto = ({ name, displayName, description, bindings, shared }: ApiScope): APIScopeDto => ({
  scope: { id: none, name, displayName, description, bindings: [...bindings], usageCount: none },
  shared,
});

const keyOf = ({ target, verb }: Pick<ApiOperation, 'target' | 'verb'>): string => `${verb} ${target}`;

/** The operations as the wire has them, each with the products that offer it. */
export const operationDtos = (operations: readonly ApiOperation[], uses: readonly ProductUse[]): APIOperationsDto[] => {
  const byResource = Map.groupBy(uses, keyOf);
  return operations.map((operation) => operationDto(operation, byResource.get(keyOf(operation)) ?? []));
};

const operationDto = (operation: ApiOperation, uses: readonly ProductUse[]): APIOperationsDto => ({
  id: '',
  target: operation.target,
  verb: operation.verb,
  authType: operation.authType,
  throttlingPolicy: operation.throttlingPolicy,
  scopes: [...operation.scopes],
  usedProductIds: uses.map(({ productId }) => productId),
  amznResourceName: orNone(operation.amznResourceName),
  amznResourceTimeout: orNone(operation.amznResourceTimeout),
  amznResourceContentEncode: orNone(operation.amznResourceContentEncode),
  payloadSchema: orNone(operation.payloadSchema),
  uriMapping: orNone(operation.uriMapping),
  operationPolicies: shownFlows(operation.operationPolicies),
  operationHubPolicies: operation.operationHubPolicies as unknown as NonNullable<APIOperationsDto['operationHubPolicies']>, // readonly lists
});

/** Custom properties as a list. */
export const propertyList = (properties: readonly ApiProperty[]): APIAdditionalPropertiesItemDto[] =>
  properties.map(({ name, value, display }) => ({ name, value, display }));

/** The same as a map. A displayed property keeps the suffix in its key and says `display: false`: clients send it back that way. */
export const propertyMap = (properties: readonly ApiProperty[]): Record<string, APIAdditionalPropertiesMapValueDto> =>
  Object.fromEntries(
    properties.map(({ name, value, display }) => {
      const key = display ? `${name}${DISPLAY_SUFFIX}` : name;
      return [key, { name: key, value, display: false }];
    }),
  );

const two = (value: number): string => String(value).padStart(2, '0');

/** `yyyy-MM-dd HH:mm:ss.SS` in UTC. */
const dateTime = (time: Date): string =>
  `${time.toISOString().slice(0, 10)} ${time.toISOString().slice(11, 19)}.${two(time.getUTCMilliseconds())}`;

/** The short form of the API lists. */
export const toApiInfoDto = (api: ApiListItem): APIInfoDto => {
  const { details } = api;
  return {
    id: api.id,
    name: api.name,
    displayName: details.displayName,
    description: details.description,
    context: tenantContext(api.organization, api.context),
    additionalProperties: propertyList(details.additionalProperties),
    additionalPropertiesMap: propertyMap(details.additionalProperties),
    version: api.version,
    provider: api.provider,
    type: api.type,
    subtype: subtypeOf(details),
    audience: details.audience,
    audiences: [...details.audiences],
    lifeCycleStatus: api.status,
    workflowStatus: orNone(details.workflowStatus),
    hasThumbnail: details.hasThumbnail,
    securityScheme: [...details.securityScheme],
    createdTime: String(api.createdAt.getTime()),
    updatedTime: String(api.updatedAt.getTime()),
    updatedBy: api.updatedBy,
    gatewayVendor: details.gatewayVendor,
    gatewayType: details.gatewayType,
    advertiseOnly: details.advertiseInfo.advertised,
    monetizedInfo: details.monetization?.['enabled'] === true,
    businessOwner: orNone(details.businessInformation.businessOwner),
    businessOwnerEmail: orNone(details.businessInformation.businessOwnerEmail),
    TechnicalOwner: orNone(details.businessInformation.technicalOwner),
    TechnicalOwnerEmail: orNone(details.businessInformation.technicalOwnerEmail),
    egress: details.egress,
    initiatedFromGateway: false,
  };
};

const subtypeOf = ({ subtypeConfiguration }: Pick<ApiDetails, 'subtypeConfiguration'>): string =>
  typeof subtypeConfiguration?.['subtype'] === 'string' ? subtypeConfiguration['subtype'] : 'DEFAULT';
