import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { LoggedResource, LogLevel } from '../../domain/api-logging.js';

/** The level of an API as a whole, where method and target are empty, or of one of its resources. */
export interface LoggedApi extends LoggedResource {
  readonly apiId: string;
  /** Where the API answers at the gateway. */
  readonly context: string;
  readonly level: LogLevel;
}

interface Wanted {
  readonly apiId?: string;
  readonly level?: LogLevel | undefined;
}

/** APIs and products with the levels that are set for them. */
@Injectable()
export class ApiLogsQueries {
  constructor(private readonly database: DataSource) {}

  /** Every API of a tenant and each of its resources, in one statement; a resource stands once, whatever it is listed with. */
  list(organization: string, { apiId, level }: Wanted, em: EntityManager = this.database.manager): Promise<readonly LoggedApi[]> {
    return em.query(
      `WITH chosen AS (SELECT id, path, details FROM apis WHERE organization = $1 AND ($2::uuid IS NULL OR id = $2)),
       parts AS (
         SELECT id, path, 0 AS position, '' AS method, '' AS target FROM chosen
         UNION ALL
         SELECT id, path, min(resource.position), upper(resource.value ->> 'verb') AS method, resource.value ->> 'target' AS target
         FROM chosen CROSS JOIN LATERAL jsonb_array_elements(details -> 'operations') WITH ORDINALITY AS resource (value, position)
         GROUP BY 1, 2, 4, 5)
       SELECT parts.id AS "apiId", path AS context, parts.method, parts.target, coalesce(set.level, 'OFF') AS level
       FROM parts LEFT JOIN api_log_levels set
         ON set.organization = $1 AND set.api_id = parts.id AND set.method = parts.method AND set.target = parts.target
       WHERE $3::text IS NULL OR coalesce(set.level, 'OFF') = $3
       ORDER BY path, parts.id, position`,
      [organization, apiId ?? null, level ?? null],
    );
  }

  /** What is set for the APIs of a tenant, or of all: one row for an API of which nothing is set, and one for each level that is. */
  configured(organization: string | undefined): Promise<readonly LoggedApi[]> {
    return this.database.query(
      `SELECT api.id AS "apiId", api.path AS context, coalesce(set.method, '') AS method, coalesce(set.target, '') AS target, coalesce(set.level, 'OFF') AS level
       FROM apis AS api LEFT JOIN api_log_levels AS set ON set.organization = api.organization AND set.api_id = api.id
       WHERE $1::text IS NULL OR api.organization = $1 ORDER BY api.path, api.id, set.method, set.target`,
      [organization ?? null],
    );
  }

  /** The tenant of an API. Locked inside a transaction, so that its levels are written one after the other; undefined for an unknown one. */
  async tenantOf(apiId: string, tx?: EntityManager): Promise<string | undefined> {
    const rows: readonly { organization: string }[] = await (tx ?? this.database.manager).query(
      `SELECT organization FROM apis WHERE id = $1${tx === undefined ? '' : ' FOR NO KEY UPDATE'}`,
      [apiId],
    );
    return rows[0]?.organization;
  }
}
