import type { LinkedEndpoint } from '../link.js';
import { filledIn, type PathVariables } from '../routing/path-variables.js';
import { comparablePath } from '../routing/router.js';

/** The backend's path for what follows the API's route: appended to the endpoint's own path, with both queries. */
export const pathAt = (linked: LinkedEndpoint, rest: string, variables: PathVariables | null): string => {
  const endpoint = linked.isTemplate ? filledInAddress(linked, variables) : linked;
  const query = rest.indexOf('?');
  if (query < 0 && endpoint.search === '') return endpoint.basePath + rest || '/';
  const path = endpoint.basePath + (query < 0 ? rest : rest.slice(0, query)) || '/';
  let search = query < 0 ? '' : rest.slice(query + 1);
  if (endpoint.search !== '') search = search === '' ? endpoint.search : `${endpoint.search}&${search}`;
  return search === '' ? path : `${path}?${search}`;
};

/**
 * Whether what a request puts into a backend's address, by its variables or by policies, leads somewhere else than where the address says: a backend would
 * resolve dot segments, and values of a query or of half a segment have not been looked at before.
 */
export const strays = (linked: LinkedEndpoint, rest: string, variables: PathVariables | null): boolean =>
  comparablePath(pathAt(linked, rest, variables).split('?', 1)[0] ?? '') === undefined;

const NO_VARIABLES: PathVariables = new Map();

const filledInAddress = (
  { basePath, search }: LinkedEndpoint,
  variables: PathVariables | null,
): Pick<LinkedEndpoint, 'basePath' | 'search'> => ({
  basePath: filledIn(basePath, variables ?? NO_VARIABLES, '?'),
  search: filledIn(search, variables ?? NO_VARIABLES, '#'),
});
