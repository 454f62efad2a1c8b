import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { DocumentCopy } from '../../src/gateway/workers/document-copy.js';
import { FeedFollower } from '../../src/gateway/workers/feed-follower.js';
import { LogConfig } from '../../src/platform/config/sections/log.config.js';
import { Sql } from '../../src/platform/database/sql.js';
import { Transactions } from '../../src/platform/database/transactions.js';
import { Events } from '../../src/platform/events/events.js';
import { Feed } from '../../src/platform/feed/feed.js';
import { FeedReader } from '../../src/platform/feed/feed-reader.js';
import { Log } from '../../src/platform/logging/log.js';
import { server } from '../support/server.js';

const address = { host: join(server.dataDir, 'postgres'), user: 'gatehouse', database: 'postgres' };
const log = new Log(new LogConfig());
const source = new DataSource({ type: 'postgres', ...address, username: address.user });
const watcher = new Pool({ ...address, max: 1 });
const sql = new Sql(address, log);
const reader = new FeedReader(sql);
const feed = new Feed();
const transactions = new Transactions(source, new Events(log));

beforeAll(() => source.initialize());
afterAll(() => Promise.all([source.destroy(), watcher.end(), sql.end()]));

const put = (organization: string, key: string, hold: Promise<void>) =>
  transactions.run(async (tx) => {
    await feed.put(tx, organization, 'organization', key, { active: true });
    tx.atEnd(() => hold);
  });

const keysSince = async (cursor: number, organization: string) =>
  (await reader.since(cursor, 1_000)).filter((row) => row.organization === organization).map(({ key }) => key);

const until = async (check: () => Promise<boolean>) => {
  while (!(await check())) await turn();
};

const waiting = async () => {
  const { rows } = await watcher.query("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
  return rows.length > 0;
};

it('never shows a later change before an earlier one, although the earlier one commits last', async () => {
  const organization = `feed-${randomUUID()}`;
  const cursor = (await reader.since(0, 100_000)).at(-1)?.seq ?? 0;
  let release = () => {};
  const earlier = put(organization, 'earlier', new Promise((resolve) => (release = resolve)));
  await until(async () => (await watcher.query("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted")).rows.length > 0);
  const later = put(organization, 'later', Promise.resolve());
  await until(waiting);

  const meanwhile = await keysSince(cursor, organization);
  release();
  await Promise.all([earlier, later]);

  expect(meanwhile).toEqual([]);
  expect(await keysSince(cursor, organization)).toEqual(['earlier', 'later']);
});

it('leaves nothing of a transaction that failed', async () => {
  const organization = `feed-${randomUUID()}`;

  await expect(put(organization, 'a', Promise.reject(new Error('no')))).rejects.toThrow('no');

  expect(await keysSince(0, organization)).toEqual([]);
});

it('shows a deletion to a follower and not to a newcomer', async () => {
  const organization = `feed-${randomUUID()}`;
  await put(organization, 'a', Promise.resolve());
  const seen = (await reader.since(0, 100_000)).at(-1)?.seq ?? 0;

  await transactions.run((tx) => feed.remove(tx, organization, 'organization', 'a'));

  expect((await reader.since(seen, 1_000)).filter((row) => row.organization === organization)).toMatchObject([{ key: 'a', body: null }]);
  expect(await keysSince(0, organization)).toEqual([]);
});

it('tells a follower with a forgotten cursor to start anew', async () => {
  const organization = `feed-${randomUUID()}`;
  const before = (await reader.since(0, 100_000)).at(-1)?.seq ?? 0;
  await put(organization, 'a', Promise.resolve());
  await transactions.run((tx) => feed.remove(tx, organization, 'organization', 'a'));
  await sql.query("UPDATE gateway_document SET changed_at = now() - interval '31 days' WHERE organization = $1", [organization]);

  await reader.purge();

  await expect(reader.since(Math.max(1, before), 10)).rejects.toMatchObject({ status: 410 });
  expect(await keysSince(0, organization)).toEqual([]);
});

it('gives a newcomer everything, although deletions between its batches are forgotten', async () => {
  const organization = `feed-${randomUUID()}`;
  for (const key of ['a', 'b', 'c']) await put(organization, key, Promise.resolve());
  await transactions.run((tx) => feed.remove(tx, organization, 'organization', 'c'));
  await sql.query("UPDATE gateway_document SET changed_at = now() - interval '31 days' WHERE organization = $1", [organization]);
  await reader.purge();

  const keys: string[] = [];
  for await (const batch of reader.everything(1))
    keys.push(...batch.filter((row) => row.organization === organization).map(({ key }) => key));

  expect(keys).toEqual(['a', 'b']);
});

it('begins anew once, and not at every wake, when the newest change of all is a forgotten deletion', async () => {
  // In tables of its own: the shared server's changes would be newer.
  const schema = `feed_${randomUUID().replaceAll('-', '')}`;
  await sql.query(`CREATE SCHEMA ${schema}`, []);
  for (const table of ['gateway_document', 'feed_purge', 'feed_identity'])
    await sql.query(`CREATE TABLE ${schema}.${table} (LIKE public.${table} INCLUDING ALL)`, []);
  const own = new Sql({ ...address, options: `-c search_path=${schema}` }, log);
  await own.query('INSERT INTO feed_identity SELECT * FROM public.feed_identity', []);
  await own.query(
    `INSERT INTO gateway_document (organization, kind, key, seq, body, deleted, changed_at)
     VALUES ('acme.com', 'organization', 'a', 7, '{"active":true}', false, now()), ('acme.com', 'organization', 'b', 8, NULL, true, now() - interval '31 days')`,
    [],
  );
  await new FeedReader(own).purge();
  const folder = mkdtempSync(join(tmpdir(), 'feed-'));
  const deliveries: { keys: string[]; anew: boolean }[] = [];
  const follower = new FeedFollower(
    own,
    new DocumentCopy(join(folder, 'copy')),
    (rows, anew) => deliveries.push({ keys: rows.map(({ key }) => key), anew }),
    log,
    () => true,
  );

  await follower.start();
  await follower.wake();
  await follower.wake();

  expect(deliveries).toEqual([{ keys: ['a'], anew: true }]);
  expect(follower.sequence).toBe(8);
  await follower.stop();
  await own.end();
  await sql.query(`DROP SCHEMA ${schema} CASCADE`, []);
  rmSync(folder, { recursive: true });
});
