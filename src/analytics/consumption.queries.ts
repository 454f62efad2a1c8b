import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { startOf } from './days.js';

/** What one application did with one API on one day; counts are texts because they may be larger than a number holds exactly. */
export interface Consumption {
  readonly day: string;
  readonly apiId: string;
  /** Empty for an API that is gone, as all that is said of one. */
  readonly apiName: string;
  readonly apiVersion: string;
  readonly apiProvider: string;
  readonly environment: string;
  /** Empty for calls without an application, as all that is said of one that is gone. */
  readonly applicationId: string;
  readonly applicationName: string;
  readonly applicationOwner: string;
  readonly applicationTenant: string;
  readonly keyType: string;
  readonly requests: string;
  readonly successful: string;
  readonly clientErrors: string;
  readonly serverErrors: string;
  readonly throttled: string;
  readonly refused: string;
}

/** Days from the first to the last, both in UTC and included. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

/** What the gateways counted. */
@Injectable()
export class ConsumptionQueries {
  constructor(private readonly database: DataSource) {}

  /**
   * How many requests the gateways answered from the one time until before the other, so that periods that follow one another share none; a minute of which a part
   * is meant counts as a whole. Those of all tenants when none is given, with what gateways of others have recorded.
   */
  async transactions(organization: string | undefined, from: Date, to: Date): Promise<number> {
    const [row]: readonly { count: string }[] = await this.database.query(
      `SELECT (SELECT coalesce(sum(hits), 0) FROM usage_minutes
         WHERE ($1::text IS NULL OR organization = $1) AND minute >= date_trunc('minute', $2::timestamptz) AND minute < $3)
       + (SELECT coalesce(sum(count), 0) FROM transaction_records WHERE $1::text IS NULL AND recorded_at >= $2 AND recorded_at < $3) AS count`,
      [organization ?? null, from, to],
    );
    return Number(row?.count ?? 0);
  }

  /** The use of a tenant's APIs by day, API, application and kind of key: up to as many lines as `limit`. */
  daily(organization: string, { from, to }: Days, limit: number): Promise<readonly Consumption[]> {
    return this.database.query(
      `WITH used AS (
         SELECT (minute AT TIME ZONE 'UTC')::date AS day, api_id, environment, application_id, key_type, sum(hits) AS requests,
           sum(status_1xx + status_2xx + status_3xx) AS successful, sum(status_4xx) AS client_errors, sum(status_5xx) AS server_errors,
           sum(throttled) AS throttled, sum(refused) AS refused
         FROM usage_minutes WHERE organization = $1 AND minute >= ${startOf('$2')} AND minute < ${startOf('($3::date + 1)')}
         GROUP BY day, api_id, environment, application_id, key_type)
       SELECT used.day::text AS day, used.api_id AS "apiId", coalesce(api.name, '') AS "apiName", coalesce(api.version, '') AS "apiVersion",
         coalesce(api.provider, '') AS "apiProvider", used.environment, coalesce(used.application_id::text, '') AS "applicationId",
         coalesce(application.name, '') AS "applicationName", coalesce(application.owner, '') AS "applicationOwner",
         coalesce(application.organization, '') AS "applicationTenant", used.key_type AS "keyType", used.requests, used.successful,
         used.client_errors AS "clientErrors", used.server_errors AS "serverErrors", used.throttled, used.refused
       FROM used LEFT JOIN apis AS api ON api.organization = $1 AND api.id = used.api_id
       LEFT JOIN applications AS application ON application.id = used.application_id
       ORDER BY used.day, api.sought_name, api.version, used.api_id, application.name, used.application_id, used.environment, used.key_type
       LIMIT $4`,
      [organization, from, to, limit],
    );
  }
}
