import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { DataSource, type EntityManager } from 'typeorm';
import type { ApiStatus } from '../../domain/api.js';
import { hasRole, isAdmin, type User } from '../../domain/user.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import type { Tx } from '../../platform/database/transactions.js';
import type { PageQuery } from '../../platform/http/page.js';
import { ApiEntity } from '../api.entity.js';
import { likePattern, parseQuery, type SearchTerm } from '../api-query.js';
import { type ApiListItem, condition, LIST_COLUMNS, Parameters, withoutNul } from '../apis.queries.js';

/** Who looks at which tenant's portal; a guest has no caller. */
export interface Viewer {
  readonly organization: string;
  readonly caller: User | undefined;
}

const LISTED: readonly ApiStatus[] = ['PUBLISHED', 'PROTOTYPED'];
const PUBLISHER_ROLE = 'Internal/publisher';

/** Reads APIs as the developer portal shows them (`reference/devportal.md` §1): what a viewer may not see is not found. */
@Injectable()
export class PortalApisQueries {
  constructor(
    private readonly database: DataSource,
    private readonly config: ApimConfig,
  ) {}

  /** One page by name, and how many there are. Without a query only the newest version of each name, unless all are configured to be shown. */
  async list(
    viewer: Viewer,
    query: string,
    { limit, offset }: PageQuery,
  ): Promise<{ readonly items: readonly ApiListItem[]; readonly total: number }> {
    const parameters = new Parameters();
    const listed = [
      ...visibleTo(viewer, parameters),
      `status = ANY (${parameters.next(this.statuses)}::text[])`,
      ...parseQuery(withoutNul(query)).map((term) => portalCondition(term, parameters)),
    ].join(' AND ');
    const where = query === '' && !this.config.devportal.displayMultipleVersions ? newestOf(listed) : listed;
    const [counted]: readonly { total: string }[] = await this.database.query(
      `SELECT count(*) AS total FROM apis WHERE ${where}`,
      parameters.values,
    );
    const page = `LIMIT ${parameters.next(limit)} OFFSET ${parameters.next(offset)}`;
    const items: readonly ApiListItem[] = await this.database.query(
      `SELECT ${LIST_COLUMNS} FROM apis WHERE ${where} ORDER BY lower(name), version COLLATE api_version_order, id ${page}`,
      parameters.values,
    );
    return { items, total: Number(counted?.total ?? 0) };
  }

  /** As {@link byId}, and kept as it is until the transaction ends. */
  async hold(tx: Tx, viewer: Viewer, id: string): Promise<ApiEntity | null> {
    if (!isUUID(id)) return null;
    await tx.em.query('SELECT 1 FROM apis WHERE organization = $1 AND id = $2 FOR SHARE', [viewer.organization, id]);
    return this.byId(viewer, id, tx.em);
  }

  /** The API in any state, or null when the viewer may not see it; inside a transaction when its manager is given. */
  async byId(viewer: Viewer, id: string, em: EntityManager = this.database.manager): Promise<ApiEntity | null> {
    if (!isUUID(id)) return null;
    const parameters = new Parameters();
    const where = [`id = ${parameters.next(id)}`, ...visibleTo(viewer, parameters)].join(' AND ');
    const seen: readonly unknown[] = await em.query(`SELECT 1 FROM apis WHERE ${where}`, parameters.values);
    return seen.length === 0 ? null : em.findOneBy(ApiEntity, { id, organization: viewer.organization });
  }

  private get statuses(): readonly ApiStatus[] {
    return this.config.devportal.displayDeprecatedApis ? [...LISTED, 'DEPRECATED'] : LISTED;
  }
}

/** The newest version of each name among the APIs that fulfil the condition. */
const newestOf = (listed: string): string =>
  `id IN (SELECT DISTINCT ON (name) id FROM apis WHERE ${listed} ORDER BY name, version COLLATE api_version_order DESC, created_at DESC)`;

/** Guests and other tenants see public APIs; members what is public, private or open to one of their roles; publishers everything. */
const visibleTo = ({ organization, caller }: Viewer, parameters: Parameters): readonly string[] => {
  const own = `organization = ${parameters.next(organization)}`;
  if (caller === undefined || caller.organization !== organization) return [own, "visibility = 'PUBLIC'"];
  if (isAdmin(caller) || hasRole(caller, PUBLISHER_ROLE)) return [own];
  const roles = parameters.next(caller.roles.map((role) => role.toLowerCase()));
  return [
    own,
    `(visibility <> 'RESTRICTED' OR EXISTS (SELECT 1 FROM unnest(visible_roles) AS role WHERE lower(role) = ANY (${roles}::text[])))`,
  ];
};

/** As in the publisher, but states cannot be searched for, and of the custom properties only those the portal shows. */
const portalCondition = (term: SearchTerm, parameters: Parameters): string => {
  if (term.field !== 'property' && term.field !== 'status') return condition(term, parameters);
  const name = parameters.next(term.field === 'status' ? 'status' : term.property.toLowerCase());
  const patterns = parameters.next(term.values.map(likePattern));
  return `EXISTS (SELECT 1 FROM jsonb_array_elements(details -> 'additionalProperties') AS property WHERE lower(property ->> 'name') = ${name}
    AND property -> 'display' = 'true'::jsonb AND lower(property ->> 'value') LIKE ANY (${patterns}::text[]))`;
};
