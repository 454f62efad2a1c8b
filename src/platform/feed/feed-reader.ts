import type { FeedRow } from '../../domain/gateway-documents.js';
import { problem } from '../../domain/problem.js';
import type { Sql } from '../database/sql.js';

/** How long a deletion can still be read as such. */
const TOMBSTONE_DAYS = 30;

/** A follower's cursor is older than the oldest deletion kept: it has to start anew from 0. */
export const CursorTooOld = problem(410, 410, 'Gone', 'The cursor is too old. Reload all documents from the beginning.');

type Row = { organization: string; kind: FeedRow['kind']; key: string; seq: string; body: unknown };

/** Reads the feed in order, a batch at a time. */
export class FeedReader {
  constructor(private readonly sql: Sql) {}

  /** Up to `limit` documents after the cursor, in order. Cursor 0 reads everything alive and leaves deletions out. @throws CursorTooOld */
  async since(cursor: number, limit: number): Promise<readonly FeedRow[]> {
    if (cursor > 0 && cursor < (await this.purgedUpTo())) throw CursorTooOld();
    return this.after(cursor, limit);
  }

  /**
   * All documents from the beginning, `limit` at a time. However old the forgotten deletions are that lie between two batches: whoever begins here has
   * read nothing that they deleted.
   */
  async *everything(limit: number): AsyncGenerator<readonly FeedRow[]> {
    let rows = await this.after(0, limit);
    for (let last = rows.at(-1); last; last = rows.at(-1)) {
      yield rows;
      rows = await this.after(last.seq, limit);
    }
  }

  /** The identity of this database's feed; a copy of another one is worth nothing. */
  async identity(): Promise<string> {
    const [row] = await this.sql.query<{ id: string }>('SELECT id FROM feed_identity LIMIT 1');
    return row?.id ?? '';
  }

  /** Forgets deletions older than 30 days and remembers up to which number. */
  async purge(): Promise<void> {
    await this.sql.query(
      `WITH gone AS (DELETE FROM gateway_document WHERE deleted AND changed_at < now() - make_interval(days => $1) RETURNING seq)
       INSERT INTO feed_purge (id, seq) SELECT 1, max(seq) FROM gone HAVING max(seq) IS NOT NULL
       ON CONFLICT (id) DO UPDATE SET seq = greatest(feed_purge.seq, excluded.seq)`,
      [TOMBSTONE_DAYS],
    );
  }

  /** Up to which number deletions are forgotten: a follower that begins anew has passed it, however low the last number is that it reads. */
  async purgedUpTo(): Promise<number> {
    const [row] = await this.sql.query<{ seq: string }>('SELECT seq FROM feed_purge WHERE id = 1');
    return Number(row?.seq ?? 0);
  }

  private async after(cursor: number, limit: number): Promise<readonly FeedRow[]> {
    const rows = await this.sql.query<Row>(
      'SELECT organization, kind, key, seq, body FROM gateway_document WHERE seq > $1 AND ($1 > 0 OR NOT deleted) ORDER BY seq LIMIT $2',
      [cursor, limit],
    );
    // The writer's types guarantee that body and kind fit.
    return rows.map((row) => ({ ...row, seq: Number(row.seq) }) as FeedRow);
  }
}
