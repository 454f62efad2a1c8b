import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** SQL: joins `subscription_periods AS period` to `usage_minutes AS usage`, so that a request belongs to the plan of its time. */
export const BY_PERIOD = `period.organization = usage.organization AND period.api_id = usage.api_id AND period.application_id = usage.application_id
           AND usage.minute >= period.began_at AND (period.ended_at IS NULL OR usage.minute < period.ended_at)`;

/** Which requests count: those under a plan, since a time. */
export interface PlanUse {
  readonly apiId: string;
  readonly plan: string;
  readonly since: Date;
  /** Of one subscription; of all, also of those that have ended, when it is left out. */
  readonly subscriptionId?: string;
}

/** Reads the usage that gateways reported. */
@Injectable()
export class UsageReads {
  constructor(private readonly database: DataSource) {}

  /** How many requests to an API were let through under a plan: neither throttled nor refused. */
  async admitted(organization: string, { apiId, plan, since, subscriptionId }: PlanUse): Promise<number> {
    const [row]: readonly { count: string }[] = await this.database.query(
      `SELECT coalesce(sum(usage.hits - usage.throttled - usage.refused), 0) AS count
       FROM usage_minutes AS usage JOIN subscription_periods AS period ON ${BY_PERIOD}
       WHERE usage.organization = $1 AND usage.api_id = $2 AND usage.minute >= $3 AND period.plan = $4
         AND ($5::uuid IS NULL OR period.subscription_id = $5)`,
      [organization, apiId, since, plan, subscriptionId ?? null],
    );
    return Number(row?.count ?? 0);
  }
}
