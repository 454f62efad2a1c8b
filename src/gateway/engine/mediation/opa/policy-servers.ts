import { Pool } from 'undici';
import { cachedLookup } from '../../backend/dns.js';
import { guarded, guardedConnector } from '../../backend/guarded-connections.js';
import type { TrustedCertificates } from '../../backend/trusted-certificates.js';
import type { Warn } from '../../link.js';

/** How a policy server is to be asked. */
export interface PolicyServer {
  readonly url: URL;
  /** Sent as it is; null: no header. */
  readonly authorization: string | null;
  readonly connections: number;
  /** For the whole question, milliseconds. */
  readonly timeoutMs: number;
}

interface Held {
  readonly pool: Pool;
  /** Monotonic milliseconds. */
  usedAt: number;
}

const ANSWER_BYTES_MAX = 65_536;
const KEEP_ALIVE_MS = 60_000;
const IDLE_MS = 600_000;
const TOLD_EVERY_MS = 5_000;

/** @throws Error that quotes nothing of the answer */
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('the policy server did not answer with JSON');
  }
};

/** Connections to policy servers, kept open between requests; each tenant has its own, as each trusts what it likes. */
export class PolicyServers {
  private readonly pools = new Map<string, Held>();
  private readonly lookup = guarded(cachedLookup());
  private toldAt = Number.NEGATIVE_INFINITY;
  private untold = 0;

  constructor(
    private readonly trust: Pick<TrustedCertificates, 'contextFor'>,
    private readonly warn: Warn,
  ) {}

  /** The JSON answered with status 200. @throws Error when the server cannot be asked in time, or answers anything else */
  async ask(organization: string, server: PolicyServer, body: string): Promise<unknown> {
    const { url, authorization, timeoutMs } = server;
    const answer = await this.pool(organization, server).request({
      method: 'POST',
      path: url.pathname + url.search,
      headers: { 'content-type': 'application/json', accept: 'application/json', ...(authorization !== null && { authorization }) },
      body,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      // Waiting for a connection counts, too.
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`the policy server answered ${answer.statusCode}`);
    return parsed(text);
  }

  /** A server gave no decision. However many questions fail, the log says so every few seconds at most. */
  failed({ url }: PolicyServer, reason: string): void {
    const now = performance.now();
    if (now - this.toldAt < TOLD_EVERY_MS) {
      this.untold += 1;
      return;
    }
    this.warn('a policy server gave no decision', { server: url.origin, reason, untold: this.untold });
    this.toldAt = now;
    this.untold = 0;
  }

  /** Lets go of what nobody has used for a while. */
  forgetIdle(): void {
    this.release(({ usedAt }) => performance.now() - usedAt > IDLE_MS);
  }

  /** New questions of the tenant get new connections: what it trusts has changed. */
  renew(organization: string): void {
    this.release((_, key) => key.startsWith(`${organization} `));
  }

  async destroy(): Promise<void> {
    await Promise.all(Array.from(this.pools.values(), ({ pool }) => pool.destroy()));
  }

  private release(isDone: (held: Held, key: string) => boolean): void {
    for (const [key, held] of this.pools) {
      if (!isDone(held, key)) continue;
      this.pools.delete(key);
      // Questions that are open end first, and report their own failures.
      held.pool.close().catch(() => undefined);
    }
  }

  private pool(organization: string, { url, connections, timeoutMs }: PolicyServer): Pool {
    const key = `${organization} ${url.origin} ${connections} ${timeoutMs}`;
    const known = this.pools.get(key);
    if (known !== undefined) {
      known.usedAt = performance.now();
      return known.pool;
    }
    const secureContext = url.protocol === 'https:' ? this.trust.contextFor(organization, url.origin) : undefined;
    const pool = new Pool(url.origin, {
      connections,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxResponseSize: ANSWER_BYTES_MAX,
      connect: guardedConnector({ timeout: timeoutMs, lookup: this.lookup, ...(secureContext && { secureContext }) }),
    });
    this.pools.set(key, { pool, usedAt: performance.now() });
    return pool;
  }
}
