import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Api } from '../../../domain/api.js';
import type { User } from '../../../domain/user.js';
import { Parameters, visibleTo } from '../../apis.queries.js';

/** An API as the list of uses shows it. */
export type UsingApi = Pick<Api, 'id' | 'organization' | 'name' | 'context' | 'version' | 'provider'>;

/** A page beyond the end is one row with the number alone. */
type UsageRow = (UsingApi | { readonly id: null }) & { readonly total: string };

/** All addresses in a configuration, wherever a list of endpoints or a single one has them. */
const addressesIn = (config: string) => `jsonb_path_query(${config}, 'lax $.*[*].url') #>> '{}'`;

/** `host:port` of an address; kept in step with `serverOf`. */
const SERVER = `CASE WHEN host ~ ':[0-9]+$' THEN host WHEN url ~* '^\\s*(https|wss):' THEN host || ':443' ELSE host || ':80' END`;

/** Finds what uses the certificates of backends. */
@Injectable()
export class CertificateUsage {
  constructor(private readonly database: DataSource) {}

  /** One page, by name, of the APIs of which an endpoint is on the server, and how many there are: one statement, whatever the size. */
  async of(
    caller: User,
    server: string,
    { limit, offset }: { readonly limit: number; readonly offset: number },
  ): Promise<{ readonly items: readonly UsingApi[]; readonly total: number }> {
    const parameters = new Parameters();
    const organization = parameters.next(caller.organization);
    const wanted = parameters.next(server);
    const where = [`organization = ${organization}`, 'id IN (SELECT api_id FROM using_apis)', ...visibleTo(caller, parameters)].join(
      ' AND ',
    );
    const page = `LIMIT ${parameters.next(limit)} OFFSET ${parameters.next(offset)}`;
    const rows: readonly UsageRow[] = await this.database.query(
      `WITH addresses AS (
         SELECT id AS api_id, ${addressesIn("details -> 'endpointConfig'")} AS url FROM apis WHERE organization = ${organization}
         UNION ALL SELECT api_id, ${addressesIn('config')} FROM api_endpoints WHERE organization = ${organization}
       ), hosts AS (
         SELECT api_id, url, regexp_replace(lower(substring(url FROM '^\\s*[^:/?#]+://([^/?#\\s]+)')), '^.*@', '') AS host FROM addresses
       ), using_apis AS (
         SELECT api_id FROM hosts WHERE ${wanted} IN (${SERVER}, regexp_replace(${SERVER}, ':[0-9]+$', ''))
       ), visible AS (
         SELECT id, organization, name, context, version, provider FROM apis WHERE ${where}
       )
       SELECT listed.*, counted.total FROM (SELECT count(*) AS total FROM visible) AS counted
       LEFT JOIN (SELECT * FROM visible ORDER BY lower(name), version, id ${page}) AS listed ON true
       ORDER BY lower(listed.name), listed.version, listed.id`,
      parameters.values,
    );
    return { items: rows.flatMap((row) => (row.id === null ? [] : [row])), total: Number(rows[0]?.total ?? 0) };
  }
}
