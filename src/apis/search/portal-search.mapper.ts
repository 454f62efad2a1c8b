import { PRODUCT_TYPE } from '../../domain/api.js';
import { tenantContext } from '../../domain/organization.js';
import type { ApiListItem } from '../apis.queries.js';
import { advertiseInfoOf, businessInformationOf } from '../portal/portal-apis.mapper.js';
import { averageText } from '../ratings/ratings.mapper.js';
import type { DevportalAPISearchResultDto, PortalSearchResultDto } from './search.dto.js';
import { definitionResult, documentResult } from './search.mapper.js';
import type { SearchHit } from './search.queries.js';

/** A hit as the developer portal shows it; definitions and documents are shown as in the publisher. */
export const toPortalSearchResult = (hit: SearchHit, averages: ReadonlyMap<string, number>): PortalSearchResultDto => {
  if (hit.kind === 'DOC') return documentResult(hit);
  return hit.kind === 'DEFINITION' ? definitionResult(hit.api) : apiResult(hit.api, averages.get(hit.api.id) ?? 0);
};

/** Products are opened like APIs, so their pictures have the same address. */
const apiResult = (api: ApiListItem, rating: number): DevportalAPISearchResultDto => ({
  id: api.id,
  name: api.name,
  type: api.type === PRODUCT_TYPE ? 'APIPRODUCT' : 'API',
  transportType: api.type,
  displayName: api.details.displayName,
  description: api.details.description,
  context: tenantContext(api.organization, api.context),
  version: api.version,
  provider: api.provider,
  status: api.status,
  thumbnailUri: api.details.hasThumbnail ? `/apis/${api.id}/thumbnail` : null,
  businessInformation: businessInformationOf(api),
  avgRating: averageText(rating),
  monetizedInfo: api.details.monetization?.['enabled'] === true,
  advertiseInfo: advertiseInfoOf(api),
});
