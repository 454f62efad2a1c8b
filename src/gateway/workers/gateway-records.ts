import type { Sql } from '../../platform/database/sql.js';
import type { ApiAck } from '../engine/messages.js';

/** What a gateway tells the control plane about itself: heartbeats and acknowledgements of deployments. */
export class GatewayRecords {
  constructor(
    private readonly sql: Sql,
    private readonly gatewayId: string,
    private readonly labels: readonly string[],
    /** After how long without a word a gateway is forgotten. */
    private readonly retentionMs: number,
  ) {}

  /** Registers the gateway, or says that it is still here; forgets those that have been silent for long, with all that they said. */
  async heartbeat(): Promise<void> {
    await this.sql.query(
      `INSERT INTO gateways (gateway_id, labels) VALUES ($1, $2)
       ON CONFLICT (gateway_id) DO UPDATE SET labels = excluded.labels, last_active = now(), stopped = false`,
      [this.gatewayId, [...this.labels]],
    );
    await this.sql.query(
      `WITH gone AS (DELETE FROM gateways WHERE last_active < now() - make_interval(secs => $1) RETURNING gateway_id)
       DELETE FROM gateway_acknowledgements WHERE gateway_id IN (SELECT gateway_id FROM gone)`,
      [this.retentionMs / 1_000],
    );
  }

  /** Nobody waits for its acknowledgements any more. */
  async stopped(): Promise<void> {
    await this.sql.query('UPDATE gateways SET stopped = true WHERE gateway_id = $1', [this.gatewayId]);
  }

  /** Keeps the newest acknowledgement of each API and environment; of several with one number, from several workers, a refusal. */
  async acknowledge(acks: readonly ApiAck[]): Promise<void> {
    await this.sql.query(
      `INSERT INTO gateway_acknowledgements (gateway_id, organization, api_id, environment, revision_id, seq, ok, error)
       SELECT DISTINCT ON (a."apiId", a.environment) $1, a.organization, a."apiId", a.environment, a."revisionId", a.seq, a.ok, a.error
       FROM jsonb_to_recordset($2::jsonb) AS a(organization text, "apiId" uuid, environment text, "revisionId" uuid, seq bigint, ok boolean, error text)
       WHERE a."revisionId" IS NOT NULL
       ORDER BY a."apiId", a.environment, a.seq DESC, a.ok
       ON CONFLICT (gateway_id, api_id, environment) DO UPDATE SET revision_id = excluded.revision_id, seq = excluded.seq, ok = excluded.ok,
         error = excluded.error, acknowledged_at = now()
       WHERE excluded.seq > gateway_acknowledgements.seq OR (excluded.seq = gateway_acknowledgements.seq AND NOT excluded.ok)`,
      [this.gatewayId, JSON.stringify(acks.filter(({ revisionId }) => revisionId !== null))],
    );
    const undeployed = acks.filter(({ revisionId, ok }) => revisionId === null && ok);
    if (undeployed.length === 0) return;
    await this.sql.query(
      `DELETE FROM gateway_acknowledgements g USING jsonb_to_recordset($2::jsonb) AS a("apiId" uuid, environment text, seq bigint)
       WHERE g.gateway_id = $1 AND g.api_id = a."apiId" AND g.environment = a.environment AND g.seq <= a.seq`,
      [this.gatewayId, JSON.stringify(undeployed)],
    );
  }
}
