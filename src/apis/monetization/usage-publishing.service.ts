import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Log } from '../../platform/logging/log.js';
import { ThrottlingPoliciesService } from '../../throttling/throttling-policies.service.js';
import { priceOf } from './billing.js';
import { MonetizationProvider } from './monetization-provider.js';
import { UsageLedger, type UsageWindow } from './usage-ledger.js';

const REPORTS_AT_ONCE = 500;
/** How long a run may go without a sign of life: a batch of reports takes far less. */
const ALIVE = '5 minutes';
/** Days before the last publication that are looked at again, for requests that gateways told of late. */
const LATE_DAYS = 7;

/** How the job stands, in the words of the wire (`reference/admin.md` §11). */
export interface PublishingState {
  readonly state: 'INITIATED' | 'RUNNING' | 'COMPLETED';
  readonly status: 'INPROGRESS' | 'SUCCESSFULL' | 'FAILED';
  readonly startedAt: Date;
  /** Null until a run succeeded. */
  readonly lastPublishedAt: Date | null;
}

/** Reports the usage of a tenant's paid APIs to the billing service, at most one run at a time on all servers. */
@Injectable()
export class UsagePublishing implements OnModuleDestroy {
  private readonly runs = new Set<Promise<void>>();
  private isStopping = false;

  constructor(
    private readonly database: DataSource,
    private readonly ledger: UsageLedger,
    private readonly policies: ThrottlingPoliciesService,
    private readonly provider: MonetizationProvider,
    private readonly log: Log,
  ) {}

  /** A run that is cut off here says so itself, so that the next one need not wait until it counts as dead. */
  async onModuleDestroy(): Promise<void> {
    this.isStopping = true;
    await Promise.all(this.runs);
  }

  /** Starts a run and answers without waiting for it; false while one is running. A run whose server died hinders nobody for long. */
  async start(organization: string): Promise<boolean> {
    const run = randomUUID();
    const until = new Date();
    const rows: readonly { fromDay: string }[] = await this.database.query(
      `INSERT INTO usage_publishing AS job (organization, run, state, status, started_at, alive_until, first_day)
       VALUES ($1, $2, 'INITIATED', 'INPROGRESS', $3, now() + interval '${ALIVE}', ($3::timestamptz AT TIME ZONE 'UTC')::date - 1)
       ON CONFLICT (organization) DO UPDATE SET run = excluded.run, state = excluded.state, status = excluded.status, started_at = excluded.started_at,
         alive_until = excluded.alive_until
       WHERE job.state = 'COMPLETED' OR job.alive_until < now()
       RETURNING greatest(first_day, (last_published_at AT TIME ZONE 'UTC')::date - ${LATE_DAYS})::text AS "fromDay"`,
      [organization, run, until],
    );
    const [started] = rows;
    if (started === undefined) return false;
    const running = this.run(organization, run, { fromDay: started.fromDay, until });
    this.runs.add(running);
    void running.finally(() => this.runs.delete(running));
    return true;
  }

  /** How the last run stands; undefined when there never was one. */
  async stateOf(organization: string): Promise<PublishingState | undefined> {
    const rows: readonly PublishingState[] = await this.database.query(
      `SELECT CASE WHEN died THEN 'COMPLETED' ELSE state END AS state, CASE WHEN died THEN 'FAILED' ELSE status END AS status,
         started_at AS "startedAt", last_published_at AS "lastPublishedAt"
       FROM (SELECT *, state <> 'COMPLETED' AND alive_until < now() AS died FROM usage_publishing WHERE organization = $1) AS job`,
      [organization],
    );
    return rows[0];
  }

  /** Never fails: how it ended stands in the job's row. */
  private async run(organization: string, run: string, window: UsageWindow): Promise<void> {
    try {
      await this.publish(organization, run, window);
      await this.complete(organization, run, 'SUCCESSFULL', window.until);
      await this.ledger.forgetBefore(organization, window.fromDay);
    } catch (err) {
      this.log.warn({ err, organization }, 'the usage of paid APIs could not be published; the next run does it');
      await this.complete(organization, run, 'FAILED', null).catch((failure: unknown) =>
        this.log.warn({ err: failure, organization }, 'the state of a publication could not be written; it counts as failed soon'),
      );
    }
  }

  private async publish(organization: string, run: string, window: UsageWindow): Promise<void> {
    const policies = await this.policies.list(organization, 'subscription');
    const plans = policies.filter((policy) => priceOf(policy)?.kind === 'DYNAMICRATE').map(({ name }) => name);
    for (;;) {
      await this.keepAlive(organization, run);
      const reports = await this.ledger.due(organization, plans, window, REPORTS_AT_ONCE);
      if (reports.length === 0) return;
      await this.provider.publish(reports);
      await this.ledger.note(organization, reports);
    }
  }

  /** @throws when another run has taken over, or this server stops. */
  private async keepAlive(organization: string, run: string): Promise<void> {
    if (this.isStopping) throw new Error('the server stops');
    const [, affected]: [unknown, number] = await this.database.query(
      `UPDATE usage_publishing SET state = 'RUNNING', alive_until = now() + interval '${ALIVE}' WHERE organization = $1 AND run = $2`,
      [organization, run],
    );
    if (affected === 0) throw new Error('another run has taken over');
  }

  private async complete(organization: string, run: string, status: PublishingState['status'], publishedAt: Date | null): Promise<void> {
    await this.database.query(
      `UPDATE usage_publishing SET state = 'COMPLETED', status = $3, last_published_at = coalesce($4, last_published_at)
       WHERE organization = $1 AND run = $2`,
      [organization, run, status, publishedAt],
    );
  }
}
