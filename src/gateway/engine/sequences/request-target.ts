import { withoutKeys } from '../credentials/api-key-parameter.js';
import type { Exchange } from '../exchange.js';

/** Path and query as the client has sent them, but for an API key in the query: credentials are gone when policies run. */
export const requestTarget = ({ request }: Pick<Exchange, 'request'>): string => {
  const url = request.url ?? '';
  const query = url.indexOf('?');
  if (query < 0) return url;
  const search = withoutKeys(url.slice(query + 1));
  return search === '' ? url.slice(0, query) : `${url.slice(0, query)}?${search}`;
};

/** What of it is below the API's path; what the exchange goes on with where the API was found by another spelling of its path. */
export const resourceTarget = (exchange: Exchange): string => {
  const { api, rest } = exchange;
  if (api === null) return rest;
  const target = requestTarget(exchange);
  const base = [api.document.path, api.document.context].find(
    (path) => target.startsWith(path) && /^[/?]|^$/.test(target.slice(path.length)),
  );
  return base === undefined ? rest : target.slice(base.length);
};
