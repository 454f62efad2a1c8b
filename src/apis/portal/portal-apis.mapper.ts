import type { ApiProperty } from '../../domain/api.js';
import { tenantContext } from '../../domain/organization.js';
import type { ThrottlingPolicy } from '../../throttling/throttling-policy.js';
import { orNone, propertyList } from '../apis.mapper.js';
import type { ApiListItem } from '../apis.queries.js';
import type { AdvertiseInfoDto, APIBusinessInformationDto } from '../dto/api-parts.dto.js';
import { averageText } from '../ratings/ratings.mapper.js';
import type { ListedPortalApi, PortalApi } from './portal-api.js';
import type { APITiersItemDto, DevportalAPIDto, DevportalAPIInfoDto } from './portal-apis.dto.js';

/** Without the plans nothing is said about what it costs. */
export const toDevportalApiInfo = (
  api: ListedPortalApi,
  isSubscriptionAvailable: boolean,
  plans?: readonly ThrottlingPolicy[],
): DevportalAPIInfoDto => ({
  id: api.id,
  name: api.name,
  displayName: api.details.displayName,
  description: api.details.description,
  context: tenantContext(api.organization, api.context),
  version: api.version,
  type: api.type,
  createdTime: epochText(api.createdAt),
  provider: api.provider,
  lifeCycleStatus: api.status,
  thumbnailUri: api.details.hasThumbnail ? `/apis/${api.id}/thumbnail` : null,
  avgRating: averageText(api.rating),
  throttlingPolicies: [...api.policies],
  advertiseInfo: advertiseInfoOf(api),
  businessInformation: businessInformationOf(api),
  isSubscriptionAvailable,
  monetizationLabel: plans ? monetizationLabelOf(api, plans) : null,
  gatewayType: api.details.gatewayType,
  gatewayVendor: api.details.gatewayVendor,
  additionalProperties: shown(api.details.additionalProperties),
  monetizedInfo: api.details.monetization?.['enabled'] === true,
  egress: api.details.egress,
  subtype: subtypeOf(api),
});

export const toDevportalApi = ({
  api,
  endpoints,
  plans,
  definition,
  subscriptions,
  rating,
  isSubscriptionAvailable,
}: PortalApi): DevportalAPIDto => ({
  id: api.id,
  name: api.name,
  displayName: api.details.displayName,
  description: api.details.description,
  context: tenantContext(api.organization, api.context),
  version: api.version,
  provider: api.provider,
  apiDefinition: definition,
  wsdlUri: api.details.wsdlInfo === null ? null : `/apis/${api.id}/wsdl`,
  lifeCycleStatus: api.status,
  isDefaultVersion: api.isDefaultVersion,
  type: api.type,
  transport: [...api.details.transport],
  operations: api.details.operations.map(({ target, verb }) => ({ id: '', target, verb })),
  authorizationHeader: api.details.authorizationHeader,
  apiKeyHeader: api.details.apiKeyHeader,
  securityScheme: [...api.details.securityScheme],
  tags: [...api.tags],
  tiers: api.policies.map((name) => tierOf(name, plans)),
  hasThumbnail: api.details.hasThumbnail,
  additionalProperties: shown(api.details.additionalProperties),
  monetization: { enabled: api.details.monetization?.['enabled'] === true },
  endpointURLs: endpoints.map(({ environment, urls, defaultVersionUrls }) => ({
    environmentName: environment.name,
    environmentDisplayName: environment.displayName,
    environmentType: environment.type,
    URLs: urls,
    defaultVersionURLs: defaultVersionUrls,
  })),
  businessInformation: businessInformationOf(api),
  environmentList: endpoints.map(({ environment }) => environment.name),
  scopes: api.details.scopes.map(({ name, displayName, bindings, description }) => ({
    key: name,
    name: displayName,
    roles: [...bindings],
    description,
  })),
  avgRating: averageText(rating),
  subscriptions,
  advertiseInfo: advertiseInfoOf(api),
  isSubscriptionAvailable,
  initiatedFromGateway: false,
  categories: [...api.categories],
  keyManagers: api.details.keyManagers,
  createdTime: epochText(api.createdAt),
  lastUpdatedTime: epochText(api.updatedAt),
  gatewayType: api.details.gatewayType,
  gatewayVendor: api.details.gatewayVendor,
  asyncTransportProtocols: [...api.details.asyncTransportProtocols],
  egress: api.details.egress,
  subtype: subtypeOf(api),
});

/** Epoch milliseconds as a text. */
const epochText = (date: Date): string => String(date.getTime());

const shown = (properties: readonly ApiProperty[]) => propertyList(properties.filter(({ display }) => display));

export const advertiseInfoOf = ({ details: { advertiseInfo: info } }: ApiListItem): AdvertiseInfoDto => ({
  advertised: info.advertised,
  apiExternalProductionEndpoint: orNone(info.apiExternalProductionEndpoint),
  apiExternalSandboxEndpoint: orNone(info.apiExternalSandboxEndpoint),
  originalDevPortalUrl: orNone(info.originalDevPortalUrl),
  apiOwner: orNone(info.apiOwner),
  vendor: info.vendor,
});

export const businessInformationOf = ({ details: { businessInformation: people } }: ApiListItem): APIBusinessInformationDto => ({
  businessOwner: orNone(people.businessOwner),
  businessOwnerEmail: orNone(people.businessOwnerEmail),
  technicalOwner: orNone(people.technicalOwner),
  technicalOwnerEmail: orNone(people.technicalOwnerEmail),
});

const subtypeOf = ({ details: { subtypeConfiguration } }: ApiListItem): string => {
  const subtype = subtypeConfiguration?.['subtype'];
  return typeof subtype === 'string' ? subtype : 'DEFAULT';
};

/** By the plans the viewer may choose from; null where there is none. */
const monetizationLabelOf = ({ policies }: ApiListItem, plans: readonly ThrottlingPolicy[]): string | null => {
  const kinds = new Set(policies.map((name) => tierOf(name, plans).tierPlan));
  if (kinds.size > 1) return 'FREEMIUM';
  if (kinds.has('COMMERCIAL')) return 'PAID';
  return kinds.has('FREE') ? 'FREE' : null;
};

/** A plan is free unless it says otherwise; one that is gone keeps its name. */
const tierOf = (tierName: string, plans: readonly ThrottlingPolicy[]): APITiersItemDto => {
  const plan = plans.find(({ name }) => name === tierName)?.plan;
  const { fixedPrice = '', pricePerRequest = '', currencyType = '', billingCycle = '' } = plan?.monetization?.properties ?? {};
  return {
    tierName,
    tierPlan: plan?.billingPlan === 'COMMERCIAL' ? 'COMMERCIAL' : 'FREE',
    monetizationAttributes: { fixedPrice, pricePerRequest, currencyType, billingCycle },
  };
};
