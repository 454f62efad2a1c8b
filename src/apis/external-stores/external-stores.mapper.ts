import type { ExternalStore, PublishedApi } from './external-store.js';
import type { APIExternalStoreListDto, ExternalStoreDto } from './external-stores.dto.js';

/** Without the account. */
export const toExternalStoreDto = ({ id, displayName, type, endpoint }: ExternalStore): ExternalStoreDto => ({
  id,
  displayName,
  type,
  endpoint,
});

export const toAPIExternalStoreListDto = (published: readonly PublishedApi[]): APIExternalStoreListDto => ({
  count: published.length,
  list: published.map(({ storeId, updatedAt }) => ({ id: storeId, lastUpdatedTime: updatedAt.toISOString().replace('Z', '') })),
});
