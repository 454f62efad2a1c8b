import type { Api } from '../../domain/api.js';
import { orNone, toApiDto, toApiInfoDto } from '../apis.mapper.js';
import type { ApiListItem } from '../apis.queries.js';
import type { APIDto } from '../dto/api.dto.js';
import type { WantedResource } from './product-rules.js';
import type { APIProductDto, APIProductInfoDto, ProductAPIDto } from './products.dto.js';

/** The product object of the contract, every property present. A product is kept as an API is, so what both objects have is mapped there. */
export const toApiProductDto = (product: Api): APIProductDto => {
  const api = toApiDto(product);
  return {
    id: product.id,
    name: api.name,
    displayName: api.displayName,
    context: api.context,
    version: api.version,
    description: api.description,
    provider: api.provider,
    hasThumbnail: api.hasThumbnail,
    state: product.status,
    enableSchemaValidation: api.enableSchemaValidation,
    isDefaultVersion: api.isDefaultVersion,
    isRevision: false,
    revisionedApiProductId: orNone<string>(null),
    revisionId: 0,
    responseCachingEnabled: api.responseCachingEnabled,
    cacheTimeout: api.cacheTimeout,
    visibility: api.visibility,
    visibleRoles: api.visibleRoles,
    visibleTenants: api.visibleTenants,
    accessControl: api.accessControl,
    accessControlRoles: api.accessControlRoles,
    apiType: 'APIPRODUCT',
    transport: api.transport,
    tags: api.tags,
    policies: api.policies,
    apiThrottlingPolicy: api.apiThrottlingPolicy,
    authorizationHeader: api.authorizationHeader,
    apiKeyHeader: api.apiKeyHeader,
    securityScheme: api.securityScheme,
    subscriptionAvailability: api.subscriptionAvailability,
    subscriptionAvailableTenants: api.subscriptionAvailableTenants,
    additionalProperties: api.additionalProperties,
    additionalPropertiesMap: api.additionalPropertiesMap,
    monetization: api.monetization,
    businessInformation: api.businessInformation,
    corsConfiguration: api.corsConfiguration,
    createdTime: api.createdTime,
    lastUpdatedTime: api.lastUpdatedTime,
    lastUpdatedTimestamp: api.lastUpdatedTimestamp,
    gatewayVendor: api.gatewayVendor,
    apis: membersOf(product, api.operations ?? []),
    scopes: api.scopes,
    categories: api.categories,
    workflowStatus: api.workflowStatus,
    audiences: api.audiences,
    egress: api.egress,
  };
};

/** The members in the product's order, each with its own resources; `shown` are the product's operations as the wire has them. */
const membersOf = ({ details }: Api, shown: NonNullable<APIDto['operations']>): ProductAPIDto[] => {
  const byMember = Map.groupBy(shown, (_, at) => details.operations[at]?.apiId);
  return (details.members ?? []).map(({ apiId, name, version }) => ({ name, apiId, version, operations: byMember.get(apiId) ?? [] }));
};

export const toApiProductInfoDto = (product: ApiListItem): APIProductInfoDto => {
  const api = toApiInfoDto(product);
  return {
    id: product.id,
    name: api.name,
    displayName: api.displayName,
    context: api.context,
    description: api.description,
    provider: api.provider,
    version: api.version,
    hasThumbnail: api.hasThumbnail,
    state: product.status,
    securityScheme: api.securityScheme,
    createdTime: api.createdTime,
    updatedTime: api.updatedTime,
    gatewayVendor: api.gatewayVendor,
    audiences: api.audiences,
    monetizedInfo: api.monetizedInfo,
    businessOwner: api.businessOwner,
    businessOwnerEmail: api.businessOwnerEmail,
    TechnicalOwner: api.TechnicalOwner,
    TechnicalOwnerEmail: api.TechnicalOwnerEmail,
    egress: api.egress,
  };
};

/** The product as an API object with no resources of its own, so that the rules and defaults of APIs apply to it. */
export const asApiDto = (sent: APIProductDto, { name, version }: { readonly name: string; readonly version: string }): APIDto => ({
  name,
  version,
  context: sent.context ?? '',
  displayName: sent.displayName,
  description: sent.description,
  enableSchemaValidation: sent.enableSchemaValidation,
  responseCachingEnabled: sent.responseCachingEnabled,
  cacheTimeout: sent.cacheTimeout,
  visibility: sent.visibility,
  visibleRoles: sent.visibleRoles,
  visibleTenants: sent.visibleTenants,
  accessControl: sent.accessControl,
  accessControlRoles: sent.accessControlRoles,
  transport: sent.transport,
  tags: sent.tags,
  policies: sent.policies,
  apiThrottlingPolicy: sent.apiThrottlingPolicy,
  authorizationHeader: sent.authorizationHeader,
  apiKeyHeader: sent.apiKeyHeader,
  securityScheme: sent.securityScheme,
  subscriptionAvailability: sent.subscriptionAvailability ?? 'ALL_TENANTS',
  subscriptionAvailableTenants: sent.subscriptionAvailableTenants,
  additionalProperties: sent.additionalProperties,
  additionalPropertiesMap: sent.additionalPropertiesMap,
  monetization: sent.monetization,
  businessInformation: sent.businessInformation,
  corsConfiguration: sent.corsConfiguration,
  categories: sent.categories,
  audiences: sent.audiences,
  egress: sent.egress ?? false,
});

/** The resources a product object asks for, in its order; what else it says of them is its members' to decide. */
export const wantedOf = ({ apis }: Pick<APIProductDto, 'apis'>): readonly WantedResource[] =>
  (apis ?? []).flatMap(({ apiId, operations }) =>
    (operations ?? []).map(({ target, verb }) => ({ apiId, target: target ?? '', verb: (verb ?? '').toUpperCase() })),
  );
