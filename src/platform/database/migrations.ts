import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';

/** Any two of our servers that start on one database agree on this number. */
const LOCK = 4_207_849_484;

/**
 * Runs the SQL files of the folder that this database has not seen yet, in the order of their names, each in a transaction with its row in `migrations`,
 * under an advisory lock, so that several servers may start at once. Returns the names that were run.
 */
export const migrate = async (database: DataSource, folder: string): Promise<readonly string[]> => {
  const runner = database.createQueryRunner();
  const ran: string[] = [];
  await runner.connect();
  await runner.query('SELECT pg_advisory_lock($1)', [LOCK]);
  try {
    await runner.query('CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, ran_at timestamptz NOT NULL DEFAULT now())');
    const rows: readonly { name: string }[] = await runner.query('SELECT name FROM migrations');
    const known = new Set(rows.map(({ name }) => name));
    for (const name of readdirSync(folder)
      .filter((file) => file.endsWith('.sql') && !known.has(file))
      .sort()) {
      await runner.startTransaction();
      try {
        await runner.query(readFileSync(join(folder, name), 'utf8'));
        await runner.query('INSERT INTO migrations (name) VALUES ($1)', [name]);
        await runner.commitTransaction();
      } catch (err) {
        await runner.rollbackTransaction();
        throw new Error(`migration ${name} failed`, { cause: err });
      }
      ran.push(name);
    }
  } finally {
    await runner.query('SELECT pg_advisory_unlock($1)', [LOCK]);
    await runner.release();
  }
  return ran;
};
