import type { PoolClient } from 'pg';
import type { FeedRow } from '../../domain/gateway-documents.js';
import { Problem } from '../../domain/problem.js';
import type { Sql } from '../../platform/database/sql.js';
import { CursorTooOld, FeedReader } from '../../platform/feed/feed-reader.js';
import type { Log } from '../../platform/logging/log.js';
import { nextTurn } from '../../platform/turns/turns.js';
import type { DocumentCopy } from './document-copy.js';

export const FEED_CHANNEL = 'gatehouse_feed';
const BATCH = 1_000;
/** Besides notifications, so that a lost one costs seconds at most. */
const POLL_MS = 5_000;

/** Takes what the follower read. With `anew` it is everything there is, and what was known before is void. */
export type Deliver = (rows: readonly FeedRow[], anew: boolean) => void;

/**
 * Follows the feed: reads on from the last number when woken by this process, by `NOTIFY`, or by the clock, keeps the copy on disk, and hands the rows on
 * in order. The database may be away for as long as it likes.
 */
export class FeedFollower {
  private readonly reader: FeedReader;
  private cursor = 0;
  private feed = '';
  private running: Promise<void> | undefined;
  private again = false;
  private listener: PoolClient | undefined;
  private timer: NodeJS.Timeout | undefined;
  private away = false;
  private stopped = false;
  private readAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly sql: Sql,
    private readonly copy: DocumentCopy,
    private readonly deliver: Deliver,
    private readonly log: Log,
    /** Whether everything in the rows of a copy can still be used; otherwise the feed is read anew as soon as it can be. */
    private readonly isUsable: (rows: readonly FeedRow[]) => boolean,
  ) {
    this.reader = new FeedReader(sql);
  }

  /** Number of the last row that was read. */
  get sequence(): number {
    return this.cursor;
  }

  /** How long ago the end of the feed was seen, milliseconds; infinite before that. */
  get ageMs(): number {
    return performance.now() - this.readAt;
  }

  /** Delivers the copy on disk, catches up as far as the database can be reached, and goes on following. */
  async start(): Promise<void> {
    const { feed, cursor, rows } = await this.copy.read();
    // A copy may be older than a change of the key that its secrets are sealed with.
    this.feed = this.isUsable(rows) ? feed : '';
    this.cursor = cursor;
    if (rows.length > 0) this.deliver(rows, false);
    await this.wake();
    this.timer = setInterval(() => void this.wake(), POLL_MS);
  }

  /** Reads on. Calls while it runs make it run once more. */
  wake(): Promise<void> {
    this.again = true;
    this.running ??= this.readOn().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  /** Forgets old deletions; any follower may do it, as it is one statement and nobody minds it twice. */
  async purge(): Promise<void> {
    try {
      await this.reader.purge();
    } catch (err) {
      this.log.debug({ err }, 'old deletions were not forgotten');
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.running;
    const { listener } = this;
    this.listener = undefined;
    listener?.release(true);
  }

  private async readOn(): Promise<void> {
    while (this.again && !this.stopped) {
      this.again = false;
      try {
        await this.connect();
        await this.catchUp();
        this.readAt = performance.now();
        if (this.away) this.log.info('the gateway follows the feed again');
        this.away = false;
      } catch (err) {
        if (!this.away) this.log.warn({ err, cursor: this.cursor }, 'the feed cannot be read; the gateway goes on with what it knows');
        this.away = true;
      }
    }
  }

  private async connect(): Promise<void> {
    if (this.listener) return;
    const client = await this.sql.connection();
    const lost = () => {
      if (this.listener !== client) return;
      this.listener = undefined;
      client.release(true);
    };
    client.on('error', lost);
    client.on('notification', () => void this.wake());
    this.listener = client;
    try {
      await client.query(`LISTEN ${FEED_CHANNEL}`);
      const feed = await this.reader.identity();
      if (feed !== this.feed) await this.reload(feed);
    } catch (err) {
      lost();
      throw err;
    }
  }

  /** Reads the whole feed before it replaces what is known: a database that goes away meanwhile leaves the last copy in force. */
  private async reload(feed: string): Promise<void> {
    // Asked before the rows are read: what is written later has a higher number.
    const purgedUpTo = await this.reader.purgedUpTo();
    const rows: FeedRow[] = [];
    for await (const batch of this.reader.everything(BATCH)) rows.push(...batch);
    this.feed = feed;
    this.cursor = Math.max(rows.at(-1)?.seq ?? 0, purgedUpTo);
    this.copy.write({ feed, cursor: this.cursor, rows });
    this.deliver(rows, true);
  }

  private async catchUp(): Promise<void> {
    for (;;) {
      const rows = await this.batch();
      const last = rows.at(-1);
      if (!last) break;
      this.copy.append(rows);
      this.cursor = last.seq;
      await nextTurn();
      this.deliver(rows, false);
    }
    await this.copy.compact();
  }

  private async batch(): Promise<readonly FeedRow[]> {
    try {
      return await this.reader.since(this.cursor, BATCH);
    } catch (err) {
      if (!(err instanceof Problem && err.code === CursorTooOld.code)) throw err;
      await this.reload(this.feed);
      return [];
    }
  }
}
