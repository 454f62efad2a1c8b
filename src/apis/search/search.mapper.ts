import { PRODUCT_TYPE } from '../../domain/api.js';
import { tenantContext } from '../../domain/organization.js';
import type { ApiListItem } from '../apis.queries.js';
import type {
  APIDefinitionSearchResultDto,
  APIProductSearchResultDto,
  APISearchResultDto,
  DocumentSearchResultDto,
  SearchResultDto,
} from './search.dto.js';
import type { SearchHit } from './search.queries.js';

export const toSearchResult = (hit: SearchHit): SearchResultDto => {
  if (hit.kind === 'DOC') return documentResult(hit);
  if (hit.kind === 'DEFINITION') return definitionResult(hit.api);
  return hit.api.type === PRODUCT_TYPE ? productResult(hit.api) : apiResult(hit.api);
};

const timesOf = ({ createdAt, updatedAt }: { readonly createdAt: Date; readonly updatedAt: Date }) => ({
  createdTime: String(createdAt.getTime()),
  updatedTime: String(updatedAt.getTime()),
});

const apiResult = (api: ApiListItem): APISearchResultDto => ({
  id: api.id,
  name: api.name,
  type: 'API',
  transportType: api.type,
  displayName: api.details.displayName,
  description: api.details.description,
  context: tenantContext(api.organization, api.context),
  contextTemplate: tenantContext(api.organization, api.contextTemplate),
  version: api.version,
  provider: api.provider,
  status: api.status,
  thumbnailUri: thumbnailOf(api, 'apis'),
  advertiseOnly: api.details.advertiseInfo.advertised,
  gatewayVendor: api.details.gatewayVendor,
  gatewayType: api.details.gatewayType,
  ...businessOf(api),
  egress: api.details.egress,
  ...timesOf(api),
});

const productResult = (api: ApiListItem): APIProductSearchResultDto => ({
  id: api.id,
  name: api.name,
  type: 'APIPRODUCT',
  transportType: api.type,
  displayName: api.details.displayName,
  description: api.details.description,
  context: tenantContext(api.organization, api.context),
  version: api.version,
  provider: api.provider,
  status: api.status,
  thumbnailUri: thumbnailOf(api, 'api-products'),
  ...businessOf(api),
  egress: api.details.egress,
  ...timesOf(api),
});

const thumbnailOf = ({ id, details }: ApiListItem, collection: 'apis' | 'api-products'): string | null =>
  details.hasThumbnail ? `/${collection}/${id}/thumbnail` : null;

const businessOf = ({ details: { hasThumbnail, monetization, businessInformation } }: ApiListItem) => ({
  hasThumbnail,
  monetizedInfo: monetization?.['enabled'] === true,
  businessOwner: businessInformation.businessOwner ?? null,
  businessOwnerEmail: businessInformation.businessOwnerEmail ?? null,
  TechnicalOwner: businessInformation.technicalOwner ?? null,
  TechnicalOwnerEmail: businessInformation.technicalOwnerEmail ?? null,
});

const ownerOf = (api: ApiListItem) => ({
  apiName: api.name,
  apiDisplayName: api.details.displayName,
  apiVersion: api.version,
  apiProvider: api.provider,
  apiUUID: api.id,
  associatedType: api.type === PRODUCT_TYPE ? ('APIProduct' as const) : ('API' as const),
});

export const definitionResult = (api: ApiListItem): APIDefinitionSearchResultDto => ({
  id: api.id,
  name: api.name,
  type: 'DEFINITION',
  transportType: api.type,
  ...ownerOf(api),
  apiContext: tenantContext(api.organization, api.context),
  apiType: api.type,
  ...timesOf(api),
});

export const documentResult = ({ api, document }: Extract<SearchHit, { readonly kind: 'DOC' }>): DocumentSearchResultDto => ({
  id: document.id,
  name: document.name,
  type: 'DOC',
  transportType: null,
  docType: document.type,
  summary: document.summary,
  sourceType: document.sourceType,
  sourceUrl: document.sourceUrl,
  otherTypeName: document.otherTypeName || null,
  visibility: document.visibility,
  ...ownerOf(api),
  ...timesOf(document),
});
