import { SUPER_TENANT } from '../domain/organization.js';
import { BadRequest } from '../domain/problem.js';
import type { TenantQueries } from '../identity/tenants/tenants.queries.js';
import { type PageQuery, page } from '../platform/http/page.js';

export const TENANT_STATES = ['active', 'inactive'] as const;

/**
 * A page of the tenants in the state that the query parameter names, `active` by itself. Where there is nothing to choose it is empty: not even the
 * super tenant is listed. @throws BadRequest (400) for another word.
 */
export const tenantPage = async (tenants: TenantQueries, query: PageQuery, text: string | readonly string[] | undefined) => {
  // A repeated parameter arrives as a list; the first counts.
  const [word] = [text].flat();
  const state = TENANT_STATES.find((each) => each === (word || 'active').toLowerCase());
  if (!state) throw BadRequest('Invalid value for the query parameter state');
  const created = await tenants.domains(state === 'active');
  const domains = state === 'active' && created.length > 0 ? [SUPER_TENANT, ...created] : created;
  const list = domains.slice(query.offset, query.offset + query.limit).map((domain) => ({ domain, status: state }));
  return { ...page(list, domains.length, query), list };
};
