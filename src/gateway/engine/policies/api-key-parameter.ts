import { withoutKeys } from '../credentials/api-key-parameter.js';
import type { Policy } from '../pipeline.js';

/** Keeps the caller's API key from the backend, before policies of the API may send one of their own. */
export const apiKeyParameter: Policy = (exchange) => {
  const { rest } = exchange;
  const query = rest.indexOf('?');
  if (query < 0) return undefined;
  const before = rest.slice(query + 1);
  const search = withoutKeys(before);
  if (search !== before) exchange.rest = search === '' ? rest.slice(0, query) : `${rest.slice(0, query)}?${search}`;
  return undefined;
};
