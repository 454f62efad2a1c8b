import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { DataSource, type EntityManager } from 'typeorm';
import { Forbidden } from '../../domain/problem.js';
import { mayOpen, plansFor } from '../../identity/consumer-organizations/membership.js';
import { Memberships } from '../../identity/consumer-organizations/memberships.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import type { Tx } from '../../platform/database/transactions.js';
import type { PageQuery } from '../../platform/http/page.js';
import { ApiEntity } from '../api.entity.js';
import { parseQuery } from '../api-query.js';
import { type ApiListItem, DEFAULT_ORDER, listPage, Parameters, searchPage, withoutNul } from '../apis.queries.js';
import { searching } from '../search/searching.js';
import { type Viewer, visibleTo } from './portal-sight.js';
import { PortalSights } from './portal-sights.js';

/** What may not be opened although it is known (`reference/devportal.md` §1). */
export const HiddenApi = () => Forbidden('User is not authorized to access the API');

/** Reads APIs as the developer portal shows them (`reference/devportal.md` §1): what a viewer may not see is not found. */
@Injectable()
export class PortalApisQueries {
  constructor(
    private readonly database: DataSource,
    private readonly config: ApimConfig,
    private readonly memberships: Memberships,
    private readonly sights: PortalSights,
  ) {}

  /** One page by name, and how many there are. Without a query only the newest version of each name, unless all are configured to be shown. */
  async list(
    viewer: Viewer,
    query: string,
    { limit, offset }: PageQuery,
  ): Promise<{ readonly items: readonly ApiListItem[]; readonly total: number }> {
    const { sight, membership } = await this.sights.of(viewer);
    const parameters = new Parameters();
    const terms = parseQuery(withoutNul(query));
    const organization = parameters.next(viewer.organization);
    const listed = [
      `organization = ${organization}`,
      ...sight.apis(parameters, organization),
      ...terms.map((term) => sight.term(term, parameters, organization)),
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
    const organization = parameters.next(viewer.organization);
    const where = [`id = ${parameters.next(id)}`, `organization = ${organization}`, ...visibleTo(viewer, parameters, organization)].join(
      ' AND ',
    );
    const seen: readonly unknown[] = await em.query(`SELECT 1 FROM apis WHERE ${where}`, parameters.values);
    const api = seen.length === 0 ? null : await em.findOneBy(ApiEntity, { id, organization: viewer.organization });
    if (api === null) return null;
    const membership = await this.memberships.of(viewer.organization, viewer.caller, em);
    if (!mayOpen(membership, api)) throw HiddenApi();
    return Object.assign(api, { policies: plansFor(membership, api) });
  }
}

/** The newest version of each name among the APIs that fulfil the condition. */
const newestOf = (listed: string): string =>
  `id IN (SELECT DISTINCT ON (name) id FROM apis WHERE ${listed} ORDER BY name, version COLLATE api_version_order DESC, created_at DESC)`;
