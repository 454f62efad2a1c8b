import { Pool, type PoolClient, type PoolConfig } from 'pg';
import type { Log } from '../logging/log.js';
import { traceNow } from '../tracing/active-trace.js';
import { statementFacts } from '../tracing/statement-text.js';

const CONNECT_TIMEOUT_MS = 5_000;

/** Plain SQL over a small pool of its own, for parts that run without the entity manager, such as a gateway without a control plane. */
export class Sql {
  private readonly pool: Pool;

  constructor(options: PoolConfig, log: Log) {
    this.pool = new Pool({ connectionTimeoutMillis: CONNECT_TIMEOUT_MS, ...options, application_name: 'gatehouse gateway' });
    // An idle connection that breaks is replaced at its next use.
    this.pool.on('error', (err) => log.debug({ err }, 'database connection lost'));
  }

  async query<T extends object>(text: string, values: readonly unknown[] = []): Promise<readonly T[]> {
    const startedAt = performance.now();
    let isError = true;
    try {
      const { rows } = await this.pool.query<T>(text, [...values]);
      isError = false;
      return rows;
    } finally {
      traceNow()?.add({ ...statementFacts(text), kind: 'client', startedAt, isError });
    }
  }

  /** A connection held by the caller, for `LISTEN`; it must be released with `release(true)`. */
  connection(): Promise<PoolClient> {
    return this.pool.connect();
  }

  end(): Promise<void> {
    return this.pool.end();
  }
}
