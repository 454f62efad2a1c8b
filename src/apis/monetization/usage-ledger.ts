import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { startOf } from '../../analytics/days.js';
import type { UsageReport } from './monetization-provider.js';

/** A stretch of time, from the beginning of a day in UTC. */
export interface UsageWindow {
  /** As `2026-11-22`. */
  readonly fromDay: string;
  readonly until: Date;
}

type Row = Omit<UsageReport, 'requests' | 'total'> & { readonly requests: string; readonly total: string };

/** What of the usage of paid APIs was reported, and what was not. */
@Injectable()
export class UsageLedger {
  constructor(private readonly database: DataSource) {}

  /** Up to `limit` subscriptions to these plans with requests that were not reported yet: neither throttled nor refused, to APIs that are sold. */
  async due(
    organization: string,
    plans: readonly string[],
    { fromDay, until }: UsageWindow,
    limit: number,
  ): Promise<readonly UsageReport[]> {
    const rows: readonly Row[] = await this.database.query(
      `WITH used AS (
         SELECT api_id, application_id, (minute AT TIME ZONE 'UTC')::date AS day, sum(hits - throttled - refused) AS total FROM usage_minutes
         WHERE organization = $1 AND minute >= ${startOf('$2')} AND minute < $3
           AND api_id IN (SELECT id FROM apis WHERE organization = $1 AND details #>> '{monetization,enabled}' = 'true')
         GROUP BY api_id, application_id, day)
       SELECT subscription.api_organization AS organization, used.api_id AS "apiId", subscription.id AS "subscriptionId",
         used.application_id AS "applicationId", subscription.policy AS plan, used.day::text AS day,
         used.total, used.total - coalesce(told.requests, 0) AS requests
       FROM used JOIN subscriptions AS subscription ON subscription.api_organization = $1 AND subscription.api_id = used.api_id
         AND subscription.application_id = used.application_id AND subscription.policy = ANY ($4)
       LEFT JOIN published_usage AS told ON told.organization = $1 AND told.day = used.day AND told.api_id = used.api_id
         AND told.application_id = used.application_id
       WHERE used.total > coalesce(told.requests, 0) ORDER BY used.day, subscription.id LIMIT $5`,
      [organization, fromDay, until, plans, limit],
    );
    return rows.map(({ requests, total, ...report }) => ({ ...report, requests: Number(requests), total: Number(total) }));
  }

  /** Remembers that these were reported. A run that was slow, and was taken for dead, takes back nothing of what another one has reported since. */
  async note(organization: string, reports: readonly UsageReport[]): Promise<void> {
    await this.database.query(
      `INSERT INTO published_usage (organization, api_id, application_id, day, requests)
       SELECT $1, told."apiId", told."applicationId", told.day, told.total
       FROM jsonb_to_recordset($2::jsonb) AS told("apiId" uuid, "applicationId" uuid, day date, total bigint)
       ON CONFLICT (organization, day, api_id, application_id) DO UPDATE SET requests = greatest(published_usage.requests, excluded.requests)`,
      [organization, JSON.stringify(reports)],
    );
  }

  /** Forgets days that are never looked at again. */
  async forgetBefore(organization: string, day: string): Promise<void> {
    await this.database.query('DELETE FROM published_usage WHERE organization = $1 AND day < $2', [organization, day]);
  }
}
