import type { Policy } from '../pipeline.js';

const API_KEY_PARAMETER = /(^|&)apikey=[^&]*/gi;

/** Keeps the caller's API key from the backend, before policies of the API may send one of their own. */
export const apiKeyParameter: Policy = (exchange) => {
  const { rest } = exchange;
  const query = rest.indexOf('?');
  if (query < 0 || !/apikey=/i.test(rest)) return undefined;
  const search = rest
    .slice(query + 1)
    .replace(API_KEY_PARAMETER, '')
    .replace(/^&/, '');
  exchange.rest = search === '' ? rest.slice(0, query) : `${rest.slice(0, query)}?${search}`;
  return undefined;
};
