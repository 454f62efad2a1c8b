import { Pool } from 'undici';
import { type Answering, Call } from './call.js';
import { cachedLookup } from './dns.js';
import type { Exchange } from './exchange.js';
import type { LinkedEndpoint } from './link.js';
import type { TrustedCertificates } from './trusted-certificates.js';

export interface UpstreamSettings {
  readonly connectTimeoutMs: number;
  readonly connectionsPerBackend: number;
  readonly headerBytesMax: number;
}

const KEEP_ALIVE_MS = 60_000;

/** What connections trust besides what everybody does. */
export type Trust = Pick<TrustedCertificates, 'contextFor'>;

/** Backends' connections, one pool for each origin; over TLS one for each tenant and origin. */
export class Upstream {
  private readonly pools = new Map<string, Pool>();
  private readonly lookup = cachedLookup();

  constructor(
    private readonly settings: UpstreamSettings,
    private readonly answering: Answering,
    private readonly trust: Trust,
  ) {}

  /** Sends the request on and streams the answer back. */
  forward(exchange: Exchange, endpoint: LinkedEndpoint): void {
    exchange.backendStartedAt = performance.now();
    new Call(exchange, endpoint, this.pool(endpoint), this.answering).send();
  }

  /** Closes idle connections; running requests end first. */
  async close(): Promise<void> {
    await Promise.all(Array.from(this.pools.values(), (pool) => pool.close()));
  }

  async destroy(): Promise<void> {
    await Promise.all(Array.from(this.pools.values(), (pool) => pool.destroy()));
  }

  /** Lets go of the pools that no API uses any more, once their requests have ended. */
  retain(isUsed: (poolKey: string) => boolean): void {
    for (const [key, pool] of this.pools) {
      if (isUsed(key)) continue;
      this.pools.delete(key);
      // Its running requests report their own failures.
      pool.close().catch(() => undefined);
    }
  }

  /** New requests of the tenant get new connections: what it trusts has changed. */
  renew(organization: string): void {
    this.retain((key) => !key.startsWith(`${organization} `));
  }

  private pool({ organization, origin, poolKey }: LinkedEndpoint): Pool {
    const known = this.pools.get(poolKey);
    if (known !== undefined) return known;
    const { connectionsPerBackend, connectTimeoutMs, headerBytesMax } = this.settings;
    const secureContext = origin.startsWith('https:') ? this.trust.contextFor(organization, origin) : undefined;
    const pool = new Pool(origin, {
      connections: connectionsPerBackend,
      pipelining: 1,
      allowH2: false,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: headerBytesMax,
      connect: { timeout: connectTimeoutMs, lookup: this.lookup, ...(secureContext && { secureContext }) },
    });
    this.pools.set(poolKey, pool);
    return pool;
  }
}
