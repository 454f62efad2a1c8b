import { Injectable } from '@nestjs/common';
import { Sql } from '../platform/database/sql.js';

/** One row of usage, as the gateway counted it (times in milliseconds, sums over the hits). */
export interface UsageRow {
  readonly minute: number;
  readonly organization: string;
  readonly environment: string;
  readonly apiId: string;
  readonly revisionId: string;
  readonly method: string;
  readonly target: string;
  readonly applicationId: string | null;
  readonly keyType: string;
  readonly hits: number;
  readonly statuses: readonly number[];
  readonly throttled: number;
  readonly refused: number;
  readonly faults: number;
  readonly aborted: number;
  readonly latencyMs: number;
  readonly latencyMaxMs: number;
  readonly backendLatencyMs: number;
  readonly backendHits: number;
}

const ADDED =
  `hits status_1xx status_2xx status_3xx status_4xx status_5xx throttled refused faults aborted latency_ms backend_latency_ms backend_hits`.split(
    ' ',
  );

/** For how long a batch is known by its id. */
const KNOWN = '2 days';

/** Adds up usage per minute, in one statement for a whole batch. */
@Injectable()
export class UsageStore {
  constructor(private readonly sql: Sql) {}

  /** A batch that was added before, as its id (a UUID) tells, is passed over. */
  async add(rows: readonly UsageRow[], batch: string): Promise<void> {
    if (rows.length === 0) return;
    await this.sql.query(
      `WITH fresh AS (INSERT INTO usage_batches (id) VALUES ($2) ON CONFLICT DO NOTHING RETURNING id),
         forgotten AS (DELETE FROM usage_batches WHERE written_at < now() - interval '${KNOWN}')
       INSERT INTO usage_minutes (minute, organization, environment, api_id, revision_id, method, target, application_id, key_type, hits, status_1xx, status_2xx,
         status_3xx, status_4xx, status_5xx, throttled, refused, faults, aborted, latency_ms, latency_max_ms, backend_latency_ms, backend_hits)
       SELECT to_timestamp(min(r.minute) / 1000.0), r.organization, r.environment, r."apiId", r."revisionId", r.method, r.target, r."applicationId", r."keyType",
         sum(r.hits), sum((r.statuses->>0)::bigint), sum((r.statuses->>1)::bigint), sum((r.statuses->>2)::bigint), sum((r.statuses->>3)::bigint),
         sum((r.statuses->>4)::bigint), sum(r.throttled), sum(r.refused), sum(r.faults), sum(r.aborted), sum(r."latencyMs"), max(r."latencyMaxMs"),
         sum(r."backendLatencyMs"), sum(r."backendHits")
       FROM jsonb_to_recordset($1::jsonb) AS r(minute bigint, organization text, environment text, "apiId" uuid, "revisionId" uuid, method text, target text,
         "applicationId" uuid, "keyType" text, hits bigint, statuses jsonb, throttled bigint, refused bigint, faults bigint, aborted bigint,
         "latencyMs" float8, "latencyMaxMs" float8, "backendLatencyMs" float8, "backendHits" bigint)
       WHERE EXISTS (SELECT 1 FROM fresh)
       GROUP BY r.minute, r.organization, r.environment, r."apiId", r."revisionId", r.method, r.target, r."applicationId", r."keyType"
       ON CONFLICT ON CONSTRAINT usage_minutes_dimensions DO UPDATE SET
         ${ADDED.map((column) => `${column} = usage_minutes.${column} + excluded.${column}`).join(', ')},
         latency_max_ms = greatest(usage_minutes.latency_max_ms, excluded.latency_max_ms)`,
      [JSON.stringify(rows), batch],
    );
  }
}
