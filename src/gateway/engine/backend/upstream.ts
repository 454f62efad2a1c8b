import { buildConnector, type Dispatcher, Pool } from 'undici';
import type { Exchange } from '../exchange.js';
import { answerHead } from '../front/headers.js';
import type { LinkedEndpoint } from '../link.js';
import type { ProxySettings } from '../messages.js';
import { AnswerTooLarge, BackendFault, NoResource } from '../refusal.js';
import type { CallAnswer } from '../sequences/flow-message.js';
import type { SequenceQuestion } from '../sequences/sequence-deps.js';
import { pathAt, strays } from './backend-path.js';
import { type Answering, Call } from './call.js';
import type { Connections } from './connections.js';
import { cachedLookup } from './dns.js';
import { faultOf } from './faults.js';
import { ForwardProxy } from './forward-proxy.js';
import { guarded, guardedConnector, isRefusedOrigin, screened } from './guarded-connections.js';
import type { TrustedCertificates } from './trusted-certificates.js';

export interface UpstreamSettings {
  readonly connectTimeoutMs: number;
  readonly connectionsPerBackend: number;
  readonly headerBytesMax: number;
  readonly mediatedBodyBytesMax: number;
  /** Whether backends over TLS are offered HTTP/2. */
  readonly backendHttp2: boolean;
  /** Null reaches every backend directly. */
  readonly proxy: ProxySettings | null;
}

const KEEP_ALIVE_MS = 60_000;

/** What connections trust besides what everybody does. */
export type Trust = Pick<TrustedCertificates, 'contextFor'>;

/** Backends' connections, one pool for each origin; over TLS one for each tenant and origin. */
export class Upstream {
  private readonly pools = new Map<string, Connections>();
  /** For requests that leave HTTP, where the others may go by HTTP/2. */
  private readonly upgradePools = new Map<string, Connections>();
  /** Those that policies named since the last housekeeping: no API's document tells of them. */
  private readonly namedPools = new Set<string>();
  private readonly lookup = cachedLookup();
  private readonly proxy: ForwardProxy | null;
  private readonly guardedLookup = guarded(this.lookup);

  constructor(
    private readonly settings: UpstreamSettings,
    private readonly answering: Answering,
    private readonly trust: Trust,
  ) {
    this.proxy = settings.proxy === null ? null : new ForwardProxy(settings.proxy, settings.connectTimeoutMs);
  }

  /** Sends the request on and streams the answer back. */
  forward(exchange: Exchange, endpoint: LinkedEndpoint): void {
    if ((endpoint.isTemplate || exchange.message !== null) && strays(endpoint, exchange.rest, exchange.variables)) {
      this.answering.refuse(exchange, NoResource);
      return;
    }
    exchange.backendStartedAt = performance.now();
    const connections = exchange.tunnel === null ? this.connections(endpoint) : this.upgrading(endpoint);
    new Call(exchange, endpoint, connections, this.answering).send();
  }

  /** Closes idle connections; running requests end first. */
  async close(): Promise<void> {
    await Promise.all(this.all().map((pool) => pool.close()));
  }

  async destroy(): Promise<void> {
    await Promise.all(this.all().map((pool) => pool.destroy()));
  }

  /** Lets go of the pools that no API uses any more and no policy has named since the last time, once their requests have ended. */
  retain(ofApis: ReadonlySet<string>): void {
    this.letGo((key) => !ofApis.has(key) && !this.namedPools.has(key));
    this.namedPools.clear();
  }

  private letGo(isUnused: (poolKey: string) => boolean): void {
    for (const pools of [this.pools, this.upgradePools]) {
      for (const [key, pool] of pools) {
        if (!isUnused(key)) continue;
        pools.delete(key);
        // Its running requests report their own failures.
        pool.close().catch(() => undefined);
      }
    }
  }

  /** New requests of the tenant get new connections: what it trusts has changed. */
  renew(organization: string): void {
    this.letGo((key) => key.startsWith(`${organization} `));
  }

  /** Asks an endpoint in the middle of a flow, and takes its answer in. Rejects with a `BackendFault`. */
  async ask(endpoint: LinkedEndpoint, question: SequenceQuestion, signal: AbortSignal): Promise<CallAnswer> {
    try {
      return await this.answerTo(endpoint, question, signal);
    } catch (err) {
      throw err instanceof BackendFault ? err : faultOf(err);
    }
  }

  private async answerTo(
    endpoint: LinkedEndpoint,
    { method, rest, headers, body }: SequenceQuestion,
    signal: AbortSignal,
  ): Promise<CallAnswer> {
    const { timeoutMs } = endpoint;
    const answer = await this.connections(endpoint).request({
      path: pathAt(endpoint, rest, null),
      // Any method that a request can be made with; undici takes them all.
      method: method as Dispatcher.HttpMethod,
      headers,
      body,
      signal,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      responseHeaders: 'raw',
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of answer.body) {
      bytes += chunk.length;
      if (bytes > this.settings.mediatedBodyBytesMax) throw AnswerTooLarge;
      chunks.push(chunk);
    }
    // Asked for as raw, they are names and values in turn.
    const raw = answer.headers as unknown as readonly (Buffer | string)[];
    return { status: answer.statusCode, headers: answerHead(raw, () => endpoint.origin, null).headers, body: Buffer.concat(chunks) };
  }

  private all(): readonly Connections[] {
    return [...this.pools.values(), ...this.upgradePools.values()];
  }

  private connections(endpoint: LinkedEndpoint): Connections {
    if (endpoint.isGuarded) this.namedPools.add(endpoint.poolKey);
    const known = this.pools.get(endpoint.poolKey);
    if (known !== undefined) return known;
    const made = this.connect(endpoint, this.settings.backendHttp2);
    this.pools.set(endpoint.poolKey, made);
    return made;
  }

  private upgrading(endpoint: LinkedEndpoint): Connections {
    const isProxied = this.proxy?.appliesTo(endpoint.origin) ?? false;
    if (!this.settings.backendHttp2 && !isProxied) return this.connections(endpoint);
    if (endpoint.isGuarded) this.namedPools.add(endpoint.poolKey);
    const made = this.upgradePools.get(endpoint.poolKey) ?? this.connect(endpoint, false, true);
    this.upgradePools.set(endpoint.poolKey, made);
    return made;
  }

  /** `leavesHttp`: a proxy must not take part, so that a tunnel through it is needed without TLS too. */
  private connect({ organization, origin, isGuarded }: LinkedEndpoint, allowH2: boolean, leavesHttp = false): Connections {
    const { connectionsPerBackend, connectTimeoutMs, headerBytesMax } = this.settings;
    const isSecure = origin.startsWith('https:');
    const secureContext = isSecure ? this.trust.contextFor(organization, origin) : undefined;
    const options = { connections: connectionsPerBackend, pipelining: 1, keepAliveTimeout: KEEP_ALIVE_MS, maxHeaderSize: headerBytesMax };
    const lookup = isGuarded ? this.guardedLookup : this.lookup;
    const connect = { timeout: connectTimeoutMs, lookup, allowH2, ...(secureContext && { secureContext }) };
    // A proxy must not lead where the gateway itself would not go.
    const isRefused = isGuarded && isRefusedOrigin(origin);
    const proxy = this.proxy?.appliesTo(origin) && !isRefused ? this.proxy : null;
    if (proxy === null) return new Pool(origin, { ...options, allowH2, connect: isGuarded ? guardedConnector(connect) : connect });
    const toProxy = (connector: buildConnector.connector) => (isGuarded ? screened(origin, this.lookup, connector) : connector);
    if (isSecure || leavesHttp) return new Pool(origin, { ...options, allowH2, connect: toProxy(proxy.tunnel(connect)) });
    return proxy.relay(origin, { ...options, connect: toProxy(buildConnector(connect)) });
  }
}
