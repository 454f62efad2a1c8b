import type { AuthType } from './gateway-documents.js';
import { tenantContext } from './organization.js';

/** What the `type` of an API may be; a product has a collection of its own. */
export const API_TYPES = ['HTTP', 'WS', 'SOAPTOREST', 'SOAP', 'GRAPHQL', 'WEBSUB', 'SSE', 'WEBHOOK', 'ASYNC'] as const;
export const PRODUCT_TYPE = 'APIPRODUCT';
export type ApiType = (typeof API_TYPES)[number] | typeof PRODUCT_TYPE;

const ASYNC_TYPES: readonly ApiType[] = ['WS', 'SSE', 'WEBSUB', 'WEBHOOK', 'ASYNC'];
/** Whether the operations of such an API are topics. */
export const isAsync = (type: ApiType): boolean => ASYNC_TYPES.includes(type);

/** The collections of the publisher whose members have a life cycle, revisions, documents and subscriptions. They share one table and one space of names and contexts. */
export type ApiKind = 'api' | 'product';

/** A member of one of the collections, where an id of another collection's member is unknown; `any` leaves open of which. */
export interface ApiRef {
  readonly kind: ApiKind | 'any';
  readonly id: string;
}

export const apiRef = (id: string): ApiRef => ({ kind: 'api', id });
export const productRef = (id: string): ApiRef => ({ kind: 'product', id });
export const anyRef = (id: string): ApiRef => ({ kind: 'any', id });
export const kindOf = (type: ApiType): ApiKind => (type === PRODUCT_TYPE ? 'product' : 'api');
export const refOf = (api: Pick<Api, 'id' | 'type'>): ApiRef => ({ kind: kindOf(api.type), id: api.id });

/** The states of the default life cycle in the upper case the wire shows. */
export const API_STATUSES = ['CREATED', 'PROTOTYPED', 'PUBLISHED', 'BLOCKED', 'DEPRECATED', 'RETIRED'] as const;
/** One of them, or a state of a tenant's own life cycle. */
export type ApiStatus = (typeof API_STATUSES)[number] | (string & Record<never, never>);

export type Visibility = 'PUBLIC' | 'PRIVATE' | 'RESTRICTED';

/** The placeholder a context template puts in the version's place. */
export const VERSION_PARAMETER = '{version}';

export interface AttachedPolicy {
  readonly policyName: string;
  readonly policyVersion?: string;
  readonly policyType?: string;
  /** Of the API's own copy, whose content never changes. */
  readonly policyId?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Names of parameters whose values are encrypted at rest. */
  readonly secrets?: readonly string[];
}

export interface PolicyFlows {
  readonly request: readonly AttachedPolicy[];
  readonly response: readonly AttachedPolicy[];
  readonly fault: readonly AttachedPolicy[];
}

/** One resource of an API: a path template and a verb, with what the gateway enforces on it. */
export interface ApiOperation {
  readonly target: string;
  readonly verb: string;
  readonly authType: AuthType;
  readonly throttlingPolicy: string;
  readonly scopes: readonly string[];
  readonly operationPolicies: PolicyFlows;
  readonly operationHubPolicies: readonly AttachedPolicy[];
  readonly amznResourceName?: string;
  readonly amznResourceTimeout?: number;
  readonly amznResourceContentEncode?: boolean;
  readonly payloadSchema?: string;
  readonly uriMapping?: string;
  /** Of a product's resource: the API it comes from. */
  readonly apiId?: string;
}

/** An API whose resources a product offers; neither its name nor its version ever changes. */
export interface ProductMember {
  readonly apiId: string;
  readonly name: string;
  readonly version: string;
}

/** A resource of an API, and a product that offers it. */
export interface ProductUse extends Pick<ApiOperation, 'target' | 'verb'> {
  readonly productId: string;
}

/** A scope named by operations; `shared` ones live in the tenant's own collection. */
export interface ApiScope {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  /** Roles that may ask for it. */
  readonly bindings: readonly string[];
  readonly shared: boolean;
}

export interface ApiProperty {
  readonly name: string;
  readonly value: string;
  /** Shown in the developer portal. */
  readonly display: boolean;
}

export interface CorsConfiguration {
  readonly corsConfigurationEnabled: boolean;
  readonly accessControlAllowOrigins: readonly string[];
  readonly accessControlAllowCredentials: boolean;
  readonly accessControlAllowHeaders: readonly string[];
  readonly accessControlAllowMethods: readonly string[];
}

export interface BusinessInformation {
  readonly businessOwner?: string;
  readonly businessOwnerEmail?: string;
  readonly technicalOwner?: string;
  readonly technicalOwnerEmail?: string;
}

export interface AdvertiseInfo {
  readonly advertised: boolean;
  readonly apiExternalProductionEndpoint?: string;
  readonly apiExternalSandboxEndpoint?: string;
  readonly originalDevPortalUrl?: string;
  readonly apiOwner?: string;
  readonly vendor: 'WSO2' | 'AWS';
}

export interface OrganizationPolicies {
  readonly organizationID: string;
  readonly policies: readonly string[];
}

/** `endpointConfig` as the wire has it; its shape depends on `endpoint_type` (`reference/publisher.md` §3.3). Secrets inside are encrypted at rest. */
export type EndpointConfig = Readonly<Record<string, unknown>>;

/** What is neither queried nor constrained: kept as one document beside the columns of an {@link Api}. */
export interface ApiDetails {
  readonly displayName: string;
  readonly description: string;
  readonly responseCachingEnabled: boolean;
  /** Seconds. */
  readonly cacheTimeout: number;
  readonly hasThumbnail: boolean;
  readonly enableSchemaValidation: boolean;
  readonly enableSubscriberVerification: boolean;
  readonly audience: 'PUBLIC' | 'SINGLE';
  readonly audiences: readonly string[];
  readonly transport: readonly string[];
  readonly organizationPolicies: readonly OrganizationPolicies[];
  readonly apiThrottlingPolicy: string | null;
  readonly authorizationHeader: string;
  readonly apiKeyHeader: string;
  readonly securityScheme: readonly string[];
  readonly maxTps: Readonly<Record<string, unknown>> | null;
  readonly visibleTenants: readonly string[];
  readonly visibleOrganizations: readonly string[];
  readonly mediationPolicies: readonly Readonly<Record<string, unknown>>[];
  readonly apiPolicies: PolicyFlows;
  readonly apiHubPolicies: readonly AttachedPolicy[];
  readonly subscriptionAvailability: 'CURRENT_TENANT' | 'ALL_TENANTS' | 'SPECIFIC_TENANTS';
  readonly subscriptionAvailableTenants: readonly string[];
  readonly additionalProperties: readonly ApiProperty[];
  readonly monetization: Readonly<Record<string, unknown>> | null;
  readonly businessInformation: BusinessInformation;
  readonly corsConfiguration: CorsConfiguration;
  readonly websubSubscriptionConfiguration: Readonly<Record<string, unknown>>;
  readonly endpointConfig: EndpointConfig | null;
  readonly primaryProductionEndpointId: string | null;
  readonly primarySandboxEndpointId: string | null;
  readonly endpointImplementationType: 'INLINE' | 'ENDPOINT' | 'MOCKED_OAS';
  readonly subtypeConfiguration: Readonly<Record<string, unknown>> | null;
  readonly scopes: readonly ApiScope[];
  readonly operations: readonly ApiOperation[];
  readonly threatProtectionPolicies: Readonly<Record<string, unknown>> | null;
  readonly keyManagers: readonly string[];
  readonly serviceInfo: Readonly<Record<string, unknown>> | null;
  readonly advertiseInfo: AdvertiseInfo;
  readonly gatewayVendor: string;
  readonly gatewayType: string;
  readonly asyncTransportProtocols: readonly string[];
  readonly egress: boolean;
  /** Whether it has a WSDL, and of which form. */
  readonly wsdlInfo: { readonly type: 'WSDL' | 'ZIP' } | null;
  readonly workflowStatus: string | null;
  /** Of a product, in its order. */
  readonly members?: readonly ProductMember[];
}

export interface Api {
  readonly id: string;
  readonly organization: string;
  /** The owner's name as the wire shows it. */
  readonly provider: string;
  readonly name: string;
  readonly version: string;
  /** Without the tenant prefix and without a `/{version}` at the end. */
  readonly context: string;
  /** Without the tenant prefix; always holds `{version}`. */
  readonly contextTemplate: string;
  readonly type: ApiType;
  readonly status: ApiStatus;
  readonly isDefaultVersion: boolean;
  readonly visibility: Visibility;
  readonly visibleRoles: readonly string[];
  /** Empty: everybody with a publisher scope may see it. */
  readonly accessControlRoles: readonly string[];
  readonly tags: readonly string[];
  /** Names of subscription policies. */
  readonly policies: readonly string[];
  readonly categories: readonly string[];
  readonly details: ApiDetails;
  /** Which products offer its resources; known of an API that was read, and null when there are none. */
  readonly productUses?: readonly ProductUse[] | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly updatedBy: string;
}

/** The part of a context that comes before a `/{version}` at its end, as the wire shows it. */
export const shownContext = (contextTemplate: string): string =>
  contextTemplate.endsWith(`/${VERSION_PARAMETER}`) ? contextTemplate.slice(0, -VERSION_PARAMETER.length - 1) : contextTemplate;

/** Where an API answers at the gateway: tenant prefix, context and version. */
export const invocationPath = (api: Pick<Api, 'organization' | 'contextTemplate' | 'version'>): string =>
  tenantContext(api.organization, api.contextTemplate.replace(VERSION_PARAMETER, api.version));

/** Revisions and deployments are refused for APIs that are only advertised. */
export const isAdvertised = (api: { readonly details: Pick<ApiDetails, 'advertiseInfo'> }): boolean => api.details.advertiseInfo.advertised;

/** States in which a caller without publish rights may no longer change an API (`reference/publisher.md` §1, code 900380). */
export const isLive = (status: ApiStatus): boolean => status === 'PUBLISHED' || status === 'DEPRECATED';
