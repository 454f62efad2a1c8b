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

/** Tables of its own: followers of the tested server must not hear of what is forgotten here, nor this file of what others change. */
const schema = `feed_${randomUUID().replaceAll('-', '')}`;
const address = { host: join(server.dataDir, 'postgres'), user: 'gatehouse', database: 'postgres' };
const options = `-c search_path=${schema},public`;
const log = new Log(new LogConfig());
const source = new DataSource({ type: 'postgres', ...address, username: address.user, extra: { options } });
const watcher = new Pool({ ...address, max: 1 });
const sql = new Sql({ ...address, options }, log);
const reader = new FeedReader(sql);
const feed = new Feed();
const transactions = new Transactions(source, new Events(log));

beforeAll(async () => {
  await watcher.query(`CREATE SCHEMA ${schema}`);
  for (const table of ['gateway_document', 'feed_purge', 'feed_identity'])
    await watcher.query(`CREATE TABLE ${schema}.${table} (LIKE public.${table} INCLUDING ALL)`);
  await watcher.query(`INSERT INTO ${schema}.feed_identity SELECT * FROM public.feed_identity`);
  await source.initialize();
});
beforeEach(() => watcher.query(`TRUNCATE ${schema}.gateway_document, ${schema}.feed_purge`));
afterAll(async () => {
  await Promise.all([source.destroy(), sql.end()]);
  await watcher.query(`DROP SCHEMA ${schema} CASCADE`);
  await watcher.end();
});

const put = (organization: string, key: string, hold: Promise<void>, written?: (pid: number) => void) =>
  transactions.run(async (tx) => {
    await feed.put(tx, organization, 'organization', key, { active: true });
    const [row]: { pid: number }[] = await tx.em.query('SELECT pg_backend_pid() AS pid');
    if (row) written?.(row.pid);
    tx.atEnd(() => hold);
  });

const keysSince = async (cursor: number, organization: string) =>
  (await reader.since(cursor, 1_000)).filter((row) => row.organization === organization).map(({ key }) => key);

const until = async (check: () => Promise<boolean>) => {
  while (!(await check())) await turn();
};

/** Whether anybody waits for the connection's transaction to end. */
const isWaitedFor = async (pid: number) => {
  const { rows } = await watcher.query('SELECT 1 FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid))', [pid]);
  return rows.length > 0;
};

it('writes the documents of a transaction in their order, of one name the last, and what is removed in between', async () => {
  const organization = `feed-${randomUUID()}`;
  const large = { active: true, note: 'x'.repeat(100_000) };
  await transactions.run(async (tx) => {
    for (const key of ['a', 'b', 'c', 'a']) await feed.put(tx, organization, 'organization', key, { active: key === 'c' });
    await feed.put(tx, organization, 'organization', 'large', large);
    await feed.put(tx, organization, 'organization', 'd', { active: true });
    await feed.remove(tx, organization, 'organization', 'b');
    await feed.put(tx, organization, 'organization', 'e', { active: true });
    await feed.put(tx, organization, 'organization', 'c', { active: false });
    tx.atEnd(() => feed.put(tx, organization, 'organization', 'at the end', { active: true }));
  });

  const rows = (await reader.since(0, 1_000)).filter((row) => row.organization === organization);

  expect(rows.map(({ key, body }) => [key, body])).toEqual([
    ['a', { active: false }],
    ['large', large],
    ['d', { active: true }],
    ['e', { active: true }],
    ['c', { active: false }],
    ['at the end', { active: true }],
  ]);
});

it('writes a document after what was set in all of them before', async () => {
  const organization = `feed-${randomUUID()}`;
  await put(organization, 'a', Promise.resolve());
  await transactions.run(async (tx) => {
    await feed.put(tx, organization, 'organization', 'first', { active: true });
    await feed.setAll(tx, 'organization', { organization, keyEnd: 'a' }, 'active', 'changed');
    await feed.put(tx, organization, 'organization', 'a', { active: false });
  });

  const rows = (await reader.since(0, 1_000)).filter((row) => row.organization === organization);

  expect(rows.map(({ key, body }) => [key, body])).toEqual([
    ['first', { active: true }],
    ['a', { active: false }],
  ]);
});

it('never shows a later change before an earlier one, although the earlier one commits last', async () => {
  const organization = `feed-${randomUUID()}`;
  const cursor = (await reader.since(0, 100_000)).at(-1)?.seq ?? 0;
  let release = () => {};
  let earlier = Promise.resolve();
  const pid = await new Promise<number>((written) => {
    earlier = put(organization, 'earlier', new Promise((resolve) => (release = resolve)), written);
  });
  const later = put(organization, 'later', Promise.resolve());
  await until(() => isWaitedFor(pid));

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
  await put('acme.com', 'a', Promise.resolve());
  await put('acme.com', 'b', Promise.resolve());
  await transactions.run((tx) => feed.remove(tx, 'acme.com', 'organization', 'b'));
  await sql.query("UPDATE gateway_document SET changed_at = now() - interval '31 days' WHERE key = 'b'", []);
  const [newest] = await sql.query<{ seq: string }>('SELECT max(seq) AS seq FROM gateway_document', []);
  await reader.purge();
  const folder = mkdtempSync(join(tmpdir(), 'feed-'));
  const deliveries: { keys: string[]; anew: boolean }[] = [];
  const follower = new FeedFollower(
    sql,
    new DocumentCopy(join(folder, 'copy')),
    (rows, anew) => deliveries.push({ keys: rows.map(({ key }) => key), anew }),
    log,
    () => true,
  );

  await follower.start();
  await follower.wake();
  await follower.wake();

  expect(deliveries).toEqual([{ keys: ['a'], anew: true }]);
  expect(follower.sequence).toBe(Number(newest?.seq));
  await follower.stop();
  rmSync(folder, { recursive: true });
});
