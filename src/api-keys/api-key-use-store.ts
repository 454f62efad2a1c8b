import { Injectable } from '@nestjs/common';
import { Sql } from '../platform/database/sql.js';

/** When a key was last used, epoch milliseconds, as a gateway saw it. */
export interface KeyUse {
  readonly keyId: string;
  readonly usedAt: number;
}

/** Notes when API keys were last used, in one statement for a whole batch. */
@Injectable()
export class ApiKeyUseStore {
  constructor(private readonly sql: Sql) {}

  /**
   * Keys that somebody is changing just now are passed over: waiting for them could lock both out, and their next use is noted again.
   * So are uses of a value that was replaced meanwhile.
   */
  async note(uses: readonly KeyUse[]): Promise<void> {
    await this.sql.query(
      `WITH used AS (SELECT "keyId" AS id, to_timestamp(max("usedAt") / 1000.0) AS at
         FROM jsonb_to_recordset($1::jsonb) AS u("keyId" uuid, "usedAt" bigint) GROUP BY "keyId"),
       held AS (SELECT id FROM api_keys WHERE id IN (SELECT id FROM used) FOR NO KEY UPDATE SKIP LOCKED)
       UPDATE api_keys AS key SET last_used_at = greatest(key.last_used_at, used.at)
       FROM used JOIN held USING (id) WHERE key.id = used.id AND used.at >= key.issued_at`,
      [JSON.stringify(uses)],
    );
  }
}
