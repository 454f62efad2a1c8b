import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { startOf } from '../../analytics/days.js';
import { BY_PERIOD } from '../../analytics/usage-reads.js';
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

  /**
   * Up to `limit` subscriptions with requests under these plans that were not reported yet: neither throttled nor refused, to APIs that are sold. A subscription
   * that was under another plan then, or has ended since, is told of as it was.
   */
  async due(
    organization: string,
    plans: readonly string[],
    { fromDay, until }: UsageWindow,
    limit: number,
  ): Promise<readonly UsageReport[]> {
    const rows: readonly Row[] = await this.database.query(
      `WITH used AS (
         SELECT period.subscription_id, period.plan, usage.api_id, usage.application_id, (usage.minute AT TIME ZONE 'UTC')::date AS day,
           sum(usage.hits - usage.throttled - usage.refused) AS total
         FROM usage_minutes AS usage JOIN subscription_periods AS period ON ${BY_PERIOD}
         WHERE usage.organization = $1 AND usage.minute >= ${startOf('$2')} AND usage.minute < $3 AND period.plan = ANY ($4)
           AND usage.api_id IN (SELECT id FROM apis WHERE organization = $1 AND details #>> '{monetization,enabled}' = 'true')
         GROUP BY period.subscription_id, period.plan, usage.api_id, usage.application_id, day)
       SELECT $1 AS organization, used.api_id AS "apiId", used.subscription_id AS "subscriptionId", used.application_id AS "applicationId", used.plan,
         used.day::text AS day, used.total, used.total - coalesce(told.requests, 0) AS requests
       FROM used LEFT JOIN published_usage AS told ON told.organization = $1 AND told.day = used.day
         AND told.subscription_id = used.subscription_id AND told.plan = used.plan
       WHERE used.total > coalesce(told.requests, 0) ORDER BY used.day, used.subscription_id, used.plan LIMIT $5`,
      [organization, fromDay, until, plans, limit],
    );
    return rows.map(({ requests, total, ...report }) => ({ ...report, requests: Number(requests), total: Number(total) }));
  }

  /** Remembers that these were reported. A run that was slow, and was taken for dead, takes back nothing of what another one has reported since. */
  async note(organization: string, reports: readonly UsageReport[]): Promise<void> {
    await this.database.query(
      `INSERT INTO published_usage (organization, subscription_id, plan, day, requests)
       SELECT $1, told."subscriptionId", told.plan, told.day, told.total
       FROM jsonb_to_recordset($2::jsonb) AS told("subscriptionId" uuid, plan text, day date, total bigint)
       ON CONFLICT (organization, day, subscription_id, plan) DO UPDATE SET requests = greatest(published_usage.requests, excluded.requests)`,
      [organization, JSON.stringify(reports)],
    );
  }

  /** Forgets days that are never looked at again. */
  async forgetBefore(organization: string, day: string): Promise<void> {
    await this.database.query('DELETE FROM published_usage WHERE organization = $1 AND day < $2', [organization, day]);
  }
}
