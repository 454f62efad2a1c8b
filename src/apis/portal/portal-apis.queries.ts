import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { DataSource, type EntityManager } from 'typeorm';
import type { ApiStatus } from '../../domain/api.js';
import { Forbidden } from '../../domain/problem.js';
import { hasRole, isAdmin, type User } from '../../domain/user.js';
import { type Membership, mayOpen, openingWords, plansFor } from '../../identity/consumer-organizations/membership.js';
import { Memberships } from '../../identity/consumer-organizations/memberships.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import type { Tx } from '../../platform/database/transactions.js';
import type { PageQuery } from '../../platform/http/page.js';
import { ApiEntity } from '../api.entity.js';
import { parseQuery, type SearchTerm } from '../api-query.js';
import {
  type ApiListItem,
  condition,
  DEFAULT_ORDER,
  listPage,
  Parameters,
  propertyCondition,
  searchPage,
  withoutNul,
} from '../apis.queries.js';
import { searching } from '../search/searching.js';
import { documentsCondition } from '../search/word-conditions.js';

/** Who looks at which tenant's portal; a guest has no caller. */
export interface Viewer {
  readonly organization: string;
  readonly caller: User | undefined;
}

/** What may not be opened although it is known (`reference/devportal.md` §1). */
export const HiddenApi = () => Forbidden('User is not authorized to access the API');

const LISTED: readonly ApiStatus[] = ['PUBLISHED', 'PROTOTYPED'];
const PUBLISHER_ROLE = 'Internal/publisher';

/** Reads APIs as the developer portal shows them (`reference/devportal.md` §1): what a viewer may not see is not found. */
@Injectable()
export class PortalApisQueries {
  constructor(
    private readonly database: DataSource,
    private readonly config: ApimConfig,
    private readonly memberships: Memberships,
  ) {}

  /** One page by name, and how many there are. Without a query only the newest version of each name, unless all are configured to be shown. */
  async list(
    viewer: Viewer,
    query: string,
    { limit, offset }: PageQuery,
  ): Promise<{ readonly items: readonly ApiListItem[]; readonly total: number }> {
    const parameters = new Parameters();
    const membership = await this.memberships.of(viewer.organization, viewer.caller);
    const terms = parseQuery(withoutNul(query));
    const organization = parameters.next(viewer.organization);
    const listed = [
      ...visibleTo(viewer, organization, parameters),
      ...openTo(membership, parameters),
      `status = ANY (${parameters.next(this.statuses)}::text[])`,
      ...terms.map((term) => portalCondition(term, parameters, organization)),
    ].join(' AND ');
    const where = query === '' && !this.config.devportal.displayMultipleVersions ? newestOf(listed) : listed;
    const listing = { where, order: DEFAULT_ORDER, limit, offset };
    const { items, total } =
      terms.length > 0
        ? await searching(this.database, terms, (em) => searchPage(em, parameters, listing))
        : await listPage(this.database.manager, parameters, listing);
    return { items: items.map((api) => ({ ...api, policies: plansFor(membership, api) })), total };
  }

  /** As {@link byId}, and kept as it is until the transaction ends. */
  async hold(tx: Tx, viewer: Viewer, id: string): Promise<ApiEntity | null> {
    if (!isUUID(id)) return null;
    await tx.em.query('SELECT 1 FROM apis WHERE organization = $1 AND id = $2 FOR SHARE', [viewer.organization, id]);
    return this.byId(viewer, id, tx.em);
  }

  /**
   * The API in any state, with the plans it offers to the viewer, or null when the viewer may not see it; inside a transaction when its manager is given.
   * @throws HiddenApi (403) for one that is closed to the viewer's consumer organization.
   */
  async byId(viewer: Viewer, id: string, em: EntityManager = this.database.manager): Promise<ApiEntity | null> {
    if (!isUUID(id)) return null;
    const parameters = new Parameters();
    const where = [`id = ${parameters.next(id)}`, ...visibleTo(viewer, parameters.next(viewer.organization), parameters)].join(' AND ');
    const seen: readonly unknown[] = await em.query(`SELECT 1 FROM apis WHERE ${where}`, parameters.values);
    const api = seen.length === 0 ? null : await em.findOneBy(ApiEntity, { id, organization: viewer.organization });
    if (api === null) return null;
    const membership = await this.memberships.of(viewer.organization, viewer.caller, em);
    if (!mayOpen(membership, api)) throw HiddenApi();
    return Object.assign(api, { policies: plansFor(membership, api) });
  }

  private get statuses(): readonly ApiStatus[] {
    return this.config.devportal.displayDeprecatedApis ? [...LISTED, 'DEPRECATED'] : LISTED;
  }
}

/** The newest version of each name among the APIs that fulfil the condition. */
const newestOf = (listed: string): string =>
  `id IN (SELECT DISTINCT ON (name) id FROM apis WHERE ${listed} ORDER BY name, version COLLATE api_version_order DESC, created_at DESC)`;

/** Guests and other tenants see public APIs; members what is public, private or open to one of their roles; publishers everything. */
const visibleTo = ({ organization, caller }: Viewer, placeholder: string, parameters: Parameters): readonly string[] => {
  const own = `organization = ${placeholder}`;
  if (caller === undefined || caller.organization !== organization) return [own, "visibility = 'PUBLIC'"];
  if (isAdmin(caller) || hasRole(caller, PUBLISHER_ROLE)) return [own];
  const roles = parameters.next(caller.roles.map((role) => role.toLowerCase()));
  return [
    own,
    `(visibility <> 'RESTRICTED' OR EXISTS (SELECT 1 FROM unnest(visible_roles) AS role WHERE lower(role) = ANY (${roles}::text[])))`,
  ];
};

/** What consumer organizations leave open to the viewer. */
const openTo = (membership: Membership, parameters: Parameters): readonly string[] => {
  const words = openingWords(membership);
  return words === undefined ? [] : [`visible_organizations ?| ${parameters.next(words)}::text[]`];
};

/**
 * As in the publisher, but states cannot be searched for, and only what everybody who sees an API may read counts: of the custom properties those the
 * portal shows, of the documents those without a visibility of their own.
 */
const portalCondition = (term: SearchTerm, parameters: Parameters, organization: string): string => {
  if (term.field === 'doc') {
    const found = documentsCondition(term.values, organization, (value) => parameters.next(value));
    return `id IN (SELECT document.api_id FROM api_documents AS document JOIN search_texts AS texts ON texts.kind = 'DOC' AND texts.id = document.id
      WHERE document.organization = ${organization} AND document.visibility = 'API_LEVEL' AND ${found})`;
  }
  if (term.field !== 'property' && term.field !== 'status') return condition(term, parameters, organization);
  return propertyCondition(term.field === 'status' ? 'status' : term.property, term.values, 'y', parameters);
};
