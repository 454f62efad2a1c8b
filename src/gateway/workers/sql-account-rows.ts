import { ACCOUNTS_KEY } from '../../identity/account-changes.js';
import { AccountRows, type LockRow } from '../../identity/logins/account-rows.js';
import type { Sql } from '../../platform/database/sql.js';
import { FEED_CHANNEL, FEED_LOCK, WRITE_DOCUMENT } from '../../platform/feed/feed.js';

/** The rows of accounts for a gateway without a control plane. */
export class SqlAccountRows extends AccountRows {
  constructor(private readonly sql: Sql) {
    super();
  }

  read<T extends object>(text: string, values: readonly unknown[]): Promise<readonly T[]> {
    return this.sql.query<T>(text, values);
  }

  update<T extends object>(text: string, values: readonly unknown[]): Promise<readonly T[]> {
    return this.sql.query<T>(text, values);
  }

  async lock(organization: string, text: string, values: readonly unknown[]): Promise<LockRow | undefined> {
    const connection = await this.sql.connection();
    let isDone = false;
    try {
      await connection.query('BEGIN');
      const { rows } = await connection.query<LockRow>(text, [...values]);
      if (rows[0]?.unlock_at) {
        const body = JSON.stringify({ changedAt: Date.now() });
        await connection.query('SELECT pg_advisory_xact_lock($1)', [FEED_LOCK]);
        await connection.query(WRITE_DOCUMENT, [organization, 'accounts', ACCOUNTS_KEY, body, FEED_CHANNEL]);
      }
      await connection.query('COMMIT');
      isDone = true;
      return rows[0];
    } finally {
      // A connection with half a transaction is closed, which takes it back.
      connection.release(!isDone);
    }
  }
}
