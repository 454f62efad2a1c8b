import { randomBytes } from 'node:crypto';
import { Pool } from 'pg';

export interface OwnDatabase {
  readonly url: string;
  create(): Promise<void>;
  drop(): Promise<void>;
}

const address = process.env['DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** Whether there is an external Postgres; in CI there must be one. */
export const hasExternalPostgres = async (): Promise<boolean> => {
  const pool = new Pool({ connectionString: address, max: 1, connectionTimeoutMillis: 2_000 });
  const isReachable = await pool.query('SELECT 1').then(
    () => true,
    () => false,
  );
  await pool.end();
  return isReachable || process.env['CI'] !== undefined;
};

/** A database of a test's own at the external Postgres. */
export const ownDatabase = (): OwnDatabase => {
  const name = `gatehouse_${randomBytes(6).toString('hex')}`;
  const own = new URL(address);
  own.pathname = `/${name}`;
  const execute = async (statement: string): Promise<void> => {
    const pool = new Pool({ connectionString: address, max: 1, connectionTimeoutMillis: 2_000 });
    await pool.query(statement).finally(() => pool.end());
  };
  return {
    url: own.toString(),
    create: () => execute(`CREATE DATABASE ${name}`),
    drop: () => execute(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
};
