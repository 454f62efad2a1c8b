import type { Sql } from '../../platform/database/sql.js';
import { FEED_CHANNEL, FEED_LOCK } from '../../platform/feed/feed.js';
import type { UsedToken } from '../engine/mediation/one-time-tokens.js';

/**
 * Revokes tokens as the key manager does, also where there is none in the process: the list that introspection and every gateway look at, and the feed. One
 * statement, hence one transaction; the lock of the feed's writers comes before its number. A token that was revoked before stays as it is.
 */
const REVOKE = `
  WITH used AS (
    SELECT DISTINCT ON (u.organization, u.value) u.type, u.value, u.organization, u."revokedAt" AS revoked_at, u."expiresAt" AS expires_at
    FROM jsonb_to_recordset($1::jsonb) AS u(type text, value text, organization text, "revokedAt" bigint, "expiresAt" bigint)),
  revoked AS (
    INSERT INTO token_revocations (type, value, organization, revoked_at, expires_at, fed)
    SELECT type, value, organization, revoked_at, expires_at, true FROM used
    ON CONFLICT (type, value, organization) DO UPDATE SET fed = true WHERE NOT token_revocations.fed
    RETURNING type, value, organization, revoked_at, expires_at),
  locked AS MATERIALIZED (SELECT pg_advisory_xact_lock($2) FROM revoked LIMIT 1),
  put AS (
    INSERT INTO gateway_document (organization, kind, key, seq, body)
    SELECT organization, 'revoked-token', type || ':' || value, nextval('gateway_document_seq'),
      jsonb_build_object('type', type, 'value', value, 'revokedAt', revoked_at, 'expiresAt', expires_at)
    FROM locked CROSS JOIN revoked
    ON CONFLICT (organization, kind, key)
    DO UPDATE SET seq = excluded.seq, body = excluded.body, deleted = false, changed_at = now() RETURNING seq),
  last AS (SELECT max(seq) AS seq FROM put)
  SELECT pg_notify($3, seq::text) FROM last WHERE seq IS NOT NULL`;

/** Writes down that tokens which are good for one request have been used. */
export class OneTimeRevocations {
  constructor(private readonly sql: Pick<Sql, 'query'>) {}

  async revoke(tokens: readonly UsedToken[]): Promise<void> {
    await this.sql.query(REVOKE, [JSON.stringify(tokens), FEED_LOCK, FEED_CHANNEL]);
  }
}
