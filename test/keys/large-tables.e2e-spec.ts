import { join } from 'node:path';
import { DataSource, type QueryRunner } from 'typeorm';
import { DeviceCodes } from '../../src/keys/device/device-codes.service.js';
import { EngineRecords } from '../../src/keys/engine/engine-records.js';
import { Revocations } from '../../src/keys/revocations/revocations.service.js';
import { StoredTokens } from '../../src/keys/tokens/stored-tokens.js';
import { UsedAssertions } from '../../src/keys/trusted-issuers/used-assertions.service.js';
import { Config } from '../../src/platform/config/config.js';
import { Installation } from '../../src/platform/config/installation.js';
import { LogConfig } from '../../src/platform/config/sections/log.config.js';
import { Secrets } from '../../src/platform/crypto/secrets.js';
import type { Transactions } from '../../src/platform/database/transactions.js';
import { Feed } from '../../src/platform/feed/feed.js';
import { FeedReader } from '../../src/platform/feed/feed-reader.js';
import { Log } from '../../src/platform/logging/log.js';
import { server } from '../support/server.js';

const ROWS = 4_000;
const ORGANIZATION = 'carbon.super';
const source = new DataSource({ type: 'postgres', host: join(server.dataDir, 'postgres'), username: 'gatehouse', database: 'postgres' });
const log = new Log(new LogConfig());
const secrets = new Secrets(new Installation(new Config(), { name: 'all-in-one', modules: new Set() }, 'ab'.repeat(32)));

beforeAll(() => source.initialize());
afterAll(() => source.destroy());

/** Tables in which nearly everything had ended when they were last analyzed, and then as many live rows came. */
const fill = async (runner: QueryRunner) => {
  const n = `FROM generate_series(1, ${ROWS}) AS n`;
  const each = async (insert: (ends: string, from: number) => string, table: string) => {
    await runner.query(insert("now() - interval '1 day'", 0));
    await runner.query(`ANALYZE ${table}`);
    await runner.query(insert("now() + interval '1 day'", ROWS));
  };
  await each(
    (
      ends,
      from,
    ) => `INSERT INTO oauth_engine_records (kind, id_hash, organization, sealed_id, payload, grant_id, uid, user_code, expires_at)
      SELECT 'Session', 'large-' || n + ${from}, '${ORGANIZATION}', '', '{}', 'g' || n + ${from}, 'u' || n + ${from}, 'c' || n + ${from}, ${ends} ${n}`,
    'oauth_engine_records',
  );
  await each(
    (
      ends,
      from,
    ) => `INSERT INTO oauth_tokens (hash, organization, client_id, kind, holder, subject, entity_id, scope, audiences, jti, issued_at, expires_at, seed)
      SELECT int8send(n + ${from}), '${ORGANIZATION}', 'c' || n % 100, 'access', 'APPLICATION', 's', 'e' || n % 100, 'default', '{}', n, 0,
        extract(epoch FROM ${ends}), 'seed' ${n}`,
    'oauth_tokens',
  );
  await each(
    (ends, from) => `INSERT INTO token_revocations (type, value, organization, revoked_at, expires_at, fed)
      SELECT 'jti', 'large-' || n + ${from}, '${ORGANIZATION}', 0, extract(epoch FROM ${ends}), false ${n}`,
    'token_revocations',
  );
  await each(
    (ends, from) => `INSERT INTO used_assertions (organization, digest, expires_at)
      SELECT '${ORGANIZATION}', 'large-' || n + ${from}, extract(epoch FROM ${ends}) ${n}`,
    'used_assertions',
  );
  await each(
    (_, from) => `INSERT INTO gateway_document (organization, kind, key, seq, body, deleted, changed_at)
      SELECT '${ORGANIZATION}', 'revoked-token', 'large-' || n + ${from}, nextval('gateway_document_seq'), NULL, n % 1000 = 0, now() ${n}`,
    'gateway_document',
  );
};

interface Asked {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** What the stores ask, in a transaction that leaves nothing behind. */
const asked = async (runner: QueryRunner): Promise<readonly Asked[]> => {
  const statements: Asked[] = [];
  const query = (text: string, values: readonly unknown[] = []) => {
    statements.push({ text, values });
    return runner.query(text, [...values]);
  };
  // As far as the stores use it.
  const database = { query, manager: { query } } as unknown as DataSource;
  const transactions = { run: (work: (tx: object) => unknown) => work({ em: { query }, atEnd: () => undefined, raise: () => undefined }) };
  const records = new EngineRecords(database, secrets, log);
  const revocations = new Revocations(database, transactions as unknown as Transactions, new Feed(), log);
  const tokens = new StoredTokens(database, log);
  const devices = new DeviceCodes(database);
  await records.find('Session', 'x');
  await records.findByUid(ORGANIZATION, 'Session', 'x');
  await records.findByUserCode(ORGANIZATION, 'Session', 'x');
  await records.consume(ORGANIZATION, 'Session', 'x');
  await records.remove(ORGANIZATION, 'Session', 'x');
  await records.removeByGrant(ORGANIZATION, 'Session', 'x');
  await revocations.isRevoked(ORGANIZATION, { jti: 'x', iat: 0, azp: 'c', entity_id: 'e' });
  await revocations.consume(ORGANIZATION, 'x', undefined);
  await tokens.find('x');
  await tokens.reusable('c1', 'e1', ['default']);
  await new UsedAssertions(database, log).use(ORGANIZATION, 'issuer', 'x', 0);
  await devices.waiting(ORGANIZATION, 'x');
  await devices.poll('c', 'x');
  await devices.take('c', 'x');
  await new FeedReader({ query: (text: string, values: readonly unknown[]) => query(text, values) } as unknown as ConstructorParameters<
    typeof FeedReader
  >[0]).purge();
  return statements;
};

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

const nodesOf = (plan: Plan): readonly Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

it('reads no more rows for a login, a token or a revocation than it needs, however many there are and whatever the database believes', async () => {
  const runner = source.createQueryRunner();
  await runner.startTransaction();
  try {
    await fill(runner);

    const read: Record<string, number> = {};
    for (const { text, values } of await asked(runner)) {
      const [{ 'QUERY PLAN': plans }]: [{ 'QUERY PLAN': [{ Plan: Plan }] }] = await runner.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, [
        ...values,
      ]);
      const nodes = nodesOf(plans[0].Plan);
      read[text] = nodes.reduce((most, node) => Math.max(most, node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)), 0);
    }

    expect(Object.keys(read).length).toBeGreaterThan(14);
    expect(Object.entries(read).filter(([, rows]) => rows > 200)).toEqual([]);
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
});

it('purges by the end, the oldest first, in batches', async () => {
  const runner = source.createQueryRunner();
  await runner.startTransaction();
  try {
    await fill(runner);
    const statements: string[] = [];
    const query = (text: string, values: readonly unknown[] = []) => {
      statements.push(text);
      return runner.query(text, [...values]);
    };
    const database = { query } as unknown as DataSource; // as far as the stores use it
    const steps: (() => Promise<void>)[] = [];
    const transactions = {
      run: (work: (tx: object) => unknown) =>
        work({ em: { query }, atEnd: (step: () => Promise<void>) => steps.push(step), raise: () => undefined }),
    };
    await runner.query("UPDATE token_revocations SET fed = true WHERE value LIKE 'large-%'");

    await new EngineRecords(database, secrets, log).purge();
    await new UsedAssertions(database, log).purge();
    await new StoredTokens(database, log).purge();
    await new Revocations(database, transactions as unknown as Transactions, new Feed(), log).purge();

    for (const table of ['oauth_engine_records', 'used_assertions', 'oauth_tokens', 'token_revocations']) {
      const deletes = statements.filter((text) => text.startsWith(`DELETE FROM ${table}`));
      expect(deletes.length).toBeGreaterThanOrEqual(ROWS / 1_000);
      const [{ n }]: [{ n: number }] = await runner.query(`SELECT count(*)::int AS n FROM ${table}`);
      expect(n).toBeGreaterThanOrEqual(ROWS);
      expect(n).toBeLessThan(2 * ROWS);
    }
    // Of each batch the feed is told once, so that nobody who writes to it waits for long.
    expect(steps.length).toBeLessThanOrEqual(statements.filter((text) => text.startsWith('DELETE FROM token_revocations')).length);
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
});
