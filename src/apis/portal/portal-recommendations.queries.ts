import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { User } from '../../domain/user.js';
import { TenantConfigs } from '../../identity/tenant-config/tenant-configs.js';
import { Parameters } from '../apis.queries.js';
import { OFFERED, PortalSights } from './portal-sights.js';

export interface Recommendation {
  readonly id: string;
  readonly name: string;
}

/** More would not be read. */
const RECOMMENDED_MAX = 10;

/** Recommends APIs to somebody who has subscriptions, from what the tenant knows itself (`reference/devportal.md` §12). */
@Injectable()
export class PortalRecommendationsQueries {
  constructor(
    private readonly database: DataSource,
    private readonly tenants: TenantConfigs,
    private readonly sights: PortalSights,
  ) {}

  /**
   * First what most of the people use who subscribed to the same APIs, then what has most tags in common with those APIs; of each name the newest version,
   * nothing the caller has a subscription to, and nothing the caller may not subscribe to. Empty unless the tenant configuration has `EnableRecommendation`.
   */
  async of(caller: User): Promise<readonly Recommendation[]> {
    if ((await this.tenants.of(caller.organization))['EnableRecommendation'] !== true) return [];
    const { sight } = await this.sights.of({ organization: caller.organization, caller }, OFFERED);
    const parameters = new Parameters();
    const organization = parameters.next(caller.organization);
    const owner = parameters.next(caller.name);
    const visible = [`organization = ${organization}`, ...sight.apis(parameters, organization)].join(' AND ');
    return this.database.query(
      `WITH used AS (
         SELECT subscription.api_id, application.owner FROM subscriptions AS subscription JOIN applications AS application ON application.id = application_id
         WHERE subscription.organization = ${organization} AND state <> 'REJECTED'),
       own AS MATERIALIZED (SELECT sought_name, sought_tags FROM apis WHERE id IN (SELECT api_id FROM used WHERE owner = ${owner})),
       peers AS (
         SELECT DISTINCT owner FROM used WHERE owner <> ${owner} AND api_id IN (SELECT api_id FROM used WHERE owner = ${owner})),
       together AS MATERIALIZED (SELECT api_id, count(DISTINCT owner) AS people FROM used WHERE owner IN (SELECT owner FROM peers) GROUP BY api_id),
       tags AS MATERIALIZED (SELECT tag, count(*) AS weight FROM own, unnest(sought_tags) AS tag GROUP BY tag),
       candidates AS (
         SELECT api_id AS candidate FROM together UNION
         SELECT id FROM apis WHERE organization = ${organization} AND sought_tags && (SELECT array_agg(tag) FROM tags)),
       ranked AS (
         SELECT DISTINCT ON (sought_name) id, name, sought_name, coalesce(people, 0) AS people,
           (SELECT coalesce(sum(weight), 0) FROM tags WHERE tag = ANY (sought_tags)) AS alike
         FROM apis JOIN candidates ON candidate = id LEFT JOIN together ON api_id = id
         WHERE ${visible} AND sought_name NOT IN (SELECT sought_name FROM own)
         ORDER BY sought_name, version COLLATE api_version_order DESC, created_at DESC)
       SELECT id, name FROM ranked ORDER BY people DESC, alike DESC, sought_name LIMIT ${RECOMMENDED_MAX}`,
      parameters.values,
    );
  }
}
