import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { stop } from './processes.mjs';
import { call, startServer } from './server.mjs';
import { median, spread } from './statistics.mjs';

const CLIENTS = 50;
const CONNECTIONS = 32;
const REVOKED = 1_000_000;
const EXPIRED = 10_000_000;
/** Of the kernel's process times. */
const TICKS_PER_SECOND = 100;
/** Gigabytes were just written: until the disk has them, the system writes beside whatever is measured. */
const SETTLE_MS = 25_000;

const peer = (name) => new URL(`./peers/${name}`, import.meta.url).pathname;

/**
 * What a JWT of the client credentials grant costs at the token endpoint: processor time of the server's process against that of one RS256 signature,
 * measured in turn, and the 99th percentile at half load. First with empty tables, then with a million revoked and ten million expired tokens in them.
 */
export const tokens = async ({ rounds, seconds }) => {
  const server = await startServer({ env: { APIM_LOG__LEVEL: 'warn' } });
  const clients = await Promise.all(Array.from({ length: CLIENTS }, (_, index) => registered(server, index)));
  const subject = { server, clients, seconds, rounds };
  await drive(subject, { seconds: Math.max(3, seconds) });
  const rows = [await measured(subject, 'empty tables')];
  const filledS = await fill(server);
  await pause(SETTLE_MS);
  rows.push(await measured(subject, 'a million revoked, ten million expired'));
  await stop(server.child);
  return { rows, filledS, settings: { rounds, seconds, clients: CLIENTS, connections: CONNECTIONS } };
};

const registered = (server, index) =>
  call(server, 'POST', '/client-registration/v0.17/register', {
    basic: 'admin:admin',
    body: { clientName: `bench${index}`, owner: 'admin', grantType: 'client_credentials', saasApp: true, callbackUrl: '' },
  });

const measured = async (subject, name) => {
  const runs = [];
  for (let round = 0; round < subject.rounds; round += 1) {
    const signatureUs = Number(await outputOf('rs256.mjs', String(subject.seconds / 2)));
    const before = cpuSeconds(subject.server.child.pid);
    const { requests, failures, ms } = await drive(subject);
    const tokenUs = ((cpuSeconds(subject.server.child.pid) - before) * 1e6) / requests;
    runs.push({ signatureUs, tokenUs, ratio: tokenUs / signatureUs, perSecond: (requests * 1_000) / ms, failures });
  }
  const of = (key) => median(runs.map((run) => run[key]));
  const perSecond = of('perSecond') / 2;
  const half = await drive(subject, { perSecond, seconds: subject.seconds * 2 });
  return {
    name,
    'signature, µs of CPU': Math.round(of('signatureUs')),
    'token, µs of CPU': Math.round(of('tokenUs')),
    ratio: Number(of('ratio').toFixed(2)),
    spread: spread(runs.map(({ ratio }) => ratio)),
    'tokens/s': Math.round(of('perSecond')),
    'half load, tokens/s': Math.round((half.requests * 1_000) / half.ms),
    'half load, p50 ms': Number(half.p50Ms.toFixed(1)),
    'half load, p99 ms': Number(half.p99Ms.toFixed(1)),
    failures: runs.reduce((sum, { failures }) => sum + failures, half.failures),
  };
};

const drive = async ({ server, clients, seconds }, { perSecond, seconds: other = seconds } = {}) =>
  JSON.parse(
    await outputOf(
      'token-client.mjs',
      JSON.stringify({ port: 9443 + server.offset, seconds: other, connections: CONNECTIONS, perSecond, clients }),
    ),
  );

/** User and system time of the whole process, all its threads included. */
const cpuSeconds = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
};

const outputOf = (name, parameter) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [peer(name), parameter], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (text) => {
      output += text;
    });
    child.once('exit', (code) => (code === 0 ? resolve(output) : reject(new Error(`${name} ended with ${code}`))));
  });

/**
 * Writes the rows as they would be after years: revocations that still hold, and tokens that ended yesterday. Each table gets its indexes back as they were,
 * but after its rows, and both are left as the database keeps them: frozen, analyzed and on disk, so that nothing of the filling goes on while it is measured.
 */
const fill = async ({ dataDir }) => {
  const began = performance.now();
  const database = new pg.Client({ host: join(dataDir, 'postgres'), user: 'gatehouse', database: 'postgres' });
  await database.connect();
  const run = async (...statements) => {
    for (const statement of statements) await database.query(statement);
  };
  await run("ALTER SYSTEM SET max_wal_size = '16GB'", 'SELECT pg_reload_conf()');
  await run("SET maintenance_work_mem = '512MB'", 'SET synchronous_commit = off');
  await run('SET max_parallel_maintenance_workers = 0', 'SET max_parallel_workers_per_gather = 0');
  await withIndexesLast(run, database, 'token_revocations', REVOCATIONS);
  await withIndexesLast(run, database, 'oauth_tokens', TOKENS);
  await run('VACUUM (FREEZE, ANALYZE) token_revocations', 'VACUUM (FREEZE, ANALYZE) oauth_tokens');
  await run('ALTER SYSTEM RESET max_wal_size', 'SELECT pg_reload_conf()', 'CHECKPOINT');
  await database.end();
  return Math.round((performance.now() - began) / 1_000);
};

const REVOCATIONS = `
  INSERT INTO token_revocations (type, value, organization, revoked_at, expires_at, fed)
  SELECT 'jti', gen_random_uuid()::text, 'carbon.super', extract(epoch FROM now()), extract(epoch FROM now()) + 86400 + n % 86400, false
  FROM generate_series(1, ${REVOKED}) AS n`;
const TOKENS = `
  INSERT INTO oauth_tokens (hash, organization, client_id, kind, holder, subject, entity_id, scope, audiences, jti, issued_at, expires_at, seed)
  SELECT sha256(int8send(n)), 'carbon.super', 'client' || n % 1000, 'access', 'APPLICATION_USER', 'user' || n % 10000, 'user' || n % 10000, 'default', '{}',
    gen_random_uuid()::text, extract(epoch FROM now()) - 172800, extract(epoch FROM now()) - 86400 + n % 3600, CASE WHEN n % 10 = 0 THEN 'seed' END
  FROM generate_series(1, ${EXPIRED}::bigint) AS n`;

/** One index that is built from all rows costs a fraction of one that grows with each. */
const withIndexesLast = async (run, database, table, insert) => {
  const { rows: indexes } = await database.query('SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE tablename = $1', [
    table,
  ]);
  const { rows: keys } = await database.query(
    "SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conrelid = $1::regclass AND contype IN ('p', 'u')",
    [table],
  );
  const others = indexes.filter(({ name }) => !keys.some((key) => key.name === name));
  await run(
    'BEGIN',
    ...keys.map(({ name }) => `ALTER TABLE ${table} DROP CONSTRAINT ${name}`),
    ...others.map(({ name }) => `DROP INDEX ${name}`),
  );
  await run(insert, ...keys.map(({ name, definition }) => `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`));
  await run(...others.map(({ definition }) => definition), 'COMMIT');
};
