import { Pool } from 'undici';
import { type Answering, Call } from './call.js';
import { cachedLookup } from './dns.js';
import type { Exchange } from './exchange.js';
import type { LinkedEndpoint } from './link.js';

export interface UpstreamSettings {
  readonly connectTimeoutMs: number;
  readonly connectionsPerBackend: number;
  readonly headerBytesMax: number;
}

const KEEP_ALIVE_MS = 60_000;

/** Backends' connections, one pool for each origin. */
export class Upstream {
  private readonly pools = new Map<string, Pool>();
  private readonly lookup = cachedLookup();

  constructor(
    private readonly settings: UpstreamSettings,
    private readonly answering: Answering,
  ) {}

  /** Sends the request on and streams the answer back. */
  forward(exchange: Exchange, endpoint: LinkedEndpoint): void {
    exchange.backendStartedAt = performance.now();
    new Call(exchange, endpoint, this.pool(endpoint.origin), this.answering).send();
  }

  /** Closes idle connections; running requests end first. */
  async close(): Promise<void> {
    await Promise.all(Array.from(this.pools.values(), (pool) => pool.close()));
  }

  async destroy(): Promise<void> {
    await Promise.all(Array.from(this.pools.values(), (pool) => pool.destroy()));
  }

  /** Lets go of the pools of origins that no API uses any more, once their requests have ended. */
  retain(isUsed: (origin: string) => boolean): void {
    for (const [origin, pool] of this.pools) {
      if (isUsed(origin)) continue;
      this.pools.delete(origin);
      // Its running requests report their own failures.
      pool.close().catch(() => undefined);
    }
  }

  private pool(origin: string): Pool {
    const known = this.pools.get(origin);
    if (known !== undefined) return known;
    const { connectionsPerBackend, connectTimeoutMs, headerBytesMax } = this.settings;
    const pool = new Pool(origin, {
      connections: connectionsPerBackend,
      pipelining: 1,
      allowH2: false,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: headerBytesMax,
      connect: { timeout: connectTimeoutMs, lookup: this.lookup },
    });
    this.pools.set(origin, pool);
    return pool;
  }
}
