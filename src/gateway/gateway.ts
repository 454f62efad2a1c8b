import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { UsageStore } from '../analytics/usage-store.js';
import { ApiKeyUseStore } from '../api-keys/api-key-use-store.js';
import type { FeedRow } from '../domain/gateway-documents.js';
import { durationMs } from '../platform/config/duration.js';
import { Installation } from '../platform/config/installation.js';
import { ApimConfig } from '../platform/config/sections/apim.config.js';
import { ApimJwtConfig, backendJwtSettings } from '../platform/config/sections/apim-jwt.config.js';
import { apiKeySigners, GatewayConfig } from '../platform/config/sections/gateway.config.js';
import { MutualSslConfig } from '../platform/config/sections/mutual-ssl.config.js';
import { ApimOauthConfig } from '../platform/config/sections/oauth.config.js';
import { proxySettings } from '../platform/config/sections/proxy.config.js';
import { ServerConfig } from '../platform/config/sections/server.config.js';
import { Secrets } from '../platform/crypto/secrets.js';
import { Sql } from '../platform/database/sql.js';
import { Events } from '../platform/events/events.js';
import { Log } from '../platform/logging/log.js';
import { HostCertificates } from '../platform/tls/host-certificates.js';
import { ServerCertificate } from '../platform/tls/server-certificate.js';
import type { UsedToken } from './engine/mediation/one-time-tokens.js';
import type { ApiAck, ApiKeyUse, FromWorker, ToWorker, UsageRecord, WorkerSettings } from './engine/messages.js';
import { SharedCounters } from './leases/shared-counters.js';
import { GatewayObservability } from './observability/gateway-observability.js';
import type { GatewayState } from './observability/metrics-text.js';
import { DocumentCopy } from './workers/document-copy.js';
import { FeedFollower } from './workers/feed-follower.js';
import { GatewayRecords } from './workers/gateway-records.js';
import { LoginVerdicts } from './workers/login-verdicts.js';
import { OneTimeRevocations } from './workers/one-time-revocations.js';
import { areOpenable, openedDocuments } from './workers/opened-documents.js';
import { Outbox } from './workers/outbox.js';
import { SavedCounterTable } from './workers/saved-counters.js';
import { TenantSignatures } from './workers/tenant-signatures.js';
import { TokenVerdicts } from './workers/token-verdicts.js';
import { WorkerSupervisor } from './workers/worker-supervisor.js';

type TokenQuestion = Extract<FromWorker, { readonly type: 'token-question' }>;
type SignQuestion = Extract<FromWorker, { readonly type: 'sign-question' }>;

type LoginAsked = Extract<FromWorker, { readonly type: 'login-question' }>;

const FLUSH_MS = 1_000;
const PURGE_MS = 3_600_000;
/** Since Node 22.12, and on Linux only. */
const SHARES_PORTS = process.platform === 'linux';

/** The data plane as the main thread sees it: workers, the feed they follow, and what they report. */
@Injectable()
export class Gateway implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly folder: string;
  private readonly id: string;
  private readonly copy: DocumentCopy;
  private readonly counters: SavedCounterTable;
  private readonly follower: FeedFollower;
  private readonly records: GatewayRecords;
  private readonly usage: Outbox<UsageRecord>;
  private readonly keyUses: Outbox<ApiKeyUse>;
  private readonly acks: Outbox<ApiAck & { readonly worker: number }>;
  private readonly usedTokens: Outbox<UsedToken>;
  private readonly signatures: TenantSignatures;
  private readonly timers: NodeJS.Timeout[] = [];
  private supervisor: WorkerSupervisor | undefined;

  constructor(
    private readonly config: GatewayConfig,
    private readonly server: ServerConfig,
    private readonly oauth: ApimOauthConfig,
    private readonly installation: Installation,
    private readonly events: Events,
    private readonly sql: Sql,
    private readonly tls: ServerCertificate,
    private readonly hostCertificates: HostCertificates,
    private readonly jwt: ApimJwtConfig,
    private readonly log: Log,
    private readonly verdicts: TokenVerdicts,
    private readonly apim: ApimConfig,
    private readonly secrets: Secrets,
    readonly observability: GatewayObservability,
    private readonly logins: LoginVerdicts,
    private readonly mutualSsl: MutualSslConfig,
    private readonly shared: SharedCounters,
    usageStore: UsageStore,
    keyUseStore: ApiKeyUseStore,
  ) {
    this.folder = join(installation.dataDir, 'gateway');
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    this.copy = new DocumentCopy(join(this.folder, 'documents.jsonl'));
    this.counters = new SavedCounterTable(join(this.folder, 'counters.json'), log);
    const { gatewayId, cleanup } = apim.gatewayNotification;
    this.id = gatewayId || ownId(this.folder);
    this.records = new GatewayRecords(sql, this.id, config.labels, durationMs(cleanup.dataRetentionPeriod));
    this.signatures = new TenantSignatures(sql, secrets, log);
    this.usage = new Outbox('usage', (rows, batch) => usageStore.add(rows, batch), log);
    this.keyUses = new Outbox('uses of API keys', (uses) => keyUseStore.note(uses), log);
    this.acks = new Outbox('acknowledgements', (acks) => this.records.acknowledge(acks), log);
    const revocations = new OneTimeRevocations(sql);
    this.usedTokens = new Outbox('used one-time tokens', (tokens) => revocations.revoke(tokens), log);
    this.follower = new FeedFollower(
      sql,
      this.copy,
      (rows, anew) => {
        // Before the workers are told, so that whatever they ask from then on is asked by the new settings.
        if (anew || rows.some(({ kind }) => kind === 'key-manager')) this.verdicts.forget();
        for (const { kind, organization } of rows) if (kind === 'accounts') this.events.emit('accounts.changed', { organization });
        if (anew || rows.some(({ kind }) => kind === 'correlation')) this.events.emit('correlation.changed', {});
        if (anew) void this.supervisor?.replace();
        else this.supervisor?.deliver(this.opened(rows));
      },
      log,
      (rows) => areOpenable(rows, this.decrypt),
    );
  }

  /** Whether every worker listens. */
  get isReady(): boolean {
    return this.supervisor !== undefined && this.supervisor.listening === this.workers;
  }

  /** A worker listens once it knows what the follower does; that one must have heard of the feed, now or at an earlier start. */
  get isLoaded(): boolean {
    return this.isReady && (this.follower.sequence > 0 || Number.isFinite(this.follower.ageMs));
  }

  /** Whether backends rest at some worker; for probes, which tell nobody which ones. */
  get hasSuspendedEndpoints(): boolean {
    return this.observability.suspended.list().length > 0;
  }

  /** Whether each gateway keeps to its share of the limits, because their counters cannot be reached; undefined where no limit is shared. */
  get areCountersAway(): boolean | undefined {
    return this.shared.areAway;
  }

  get state(): GatewayState {
    const { slots, used } = this.counters.fill();
    return {
      workers: this.workers,
      workersListening: this.supervisor?.listening ?? 0,
      feedSequence: this.follower.sequence,
      feedAgeMs: this.follower.ageMs,
      counterSlots: slots,
      counterSlotsUsed: used,
      sharedCounters: this.shared.state,
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    const settings = await this.workerSettings();
    await this.follower.start();
    this.counters.start();
    await this.shared.start(this.counters.buffer, this.id, this.folder);
    this.supervisor = new WorkerSupervisor(
      this.workers,
      settings,
      async () => this.opened((await this.copy.read()).rows),
      (message, worker, answer) => this.received(message, worker, answer),
      this.log,
    );
    this.tls.onChange(() => void this.renewCertificates());
    this.hostCertificates.onChange(() => void this.renewCertificates());
    this.events.on('feed.changed', () => this.follower.wake());
    await this.supervisor.start();
    // Documents that were committed while the workers started.
    await this.follower.wake();
    this.every(FLUSH_MS, () => this.usage.flush());
    this.every(FLUSH_MS, () => this.keyUses.flush());
    // Acknowledgements are written as they come; what the database refused then is tried again.
    this.every(FLUSH_MS, () => this.acks.flush());
    this.every(FLUSH_MS, () => this.usedTokens.flush());
    this.every(durationMs(this.apim.gatewayNotification.heartbeat.notifyInterval), () => this.heartbeat());
    this.every(PURGE_MS, () => this.follower.purge());
    await this.heartbeat();
  }

  /** Lets running requests end, then writes what was counted. */
  async onApplicationShutdown(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await this.supervisor?.stop(this.config.drainMs);
    await this.follower.stop();
    await this.shared.stop();
    this.counters.stop();
    await this.observability.stop();
    await this.usage.flush();
    await this.keyUses.flush();
    await this.acks.flush();
    await this.usedTokens.flush();
    await this.told(() => this.records.stopped());
    await this.sql.end();
  }

  private readonly decrypt = (sealed: string): string => this.secrets.decrypt(sealed);

  private opened(rows: readonly FeedRow[]): readonly FeedRow[] {
    return openedDocuments(rows, this.decrypt);
  }

  private get workers(): number {
    if (!SHARES_PORTS) return 1;
    return this.config.workers === 'auto' ? Math.max(1, availableParallelism() - 1) : Number(this.config.workers);
  }

  private async renewCertificates(): Promise<void> {
    const { certificate, key } = await this.tls.files();
    this.supervisor?.renewCertificate({ cert: certificate, key, hosts: await this.hostCertificates.all() });
  }

  private async workerSettings(): Promise<WorkerSettings> {
    const { certificate, key } = await this.tls.files();
    const { config } = this;
    return {
      host: this.server.bindAddress,
      httpPort: this.installation.gatewayHttpPort,
      httpsPort: this.installation.gatewayHttpsPort,
      tls: { key, cert: certificate, hosts: await this.hostCertificates.all() },
      http2: config.http2,
      http2StreamsMax: config.http2StreamsMax,
      reusePort: SHARES_PORTS,
      labels: config.labels,
      headerBytesMax: config.headerBytesMax,
      clientIdleMs: config.clientIdleMs,
      upstreamTimeoutMs: config.upstreamTimeoutMs,
      connectTimeoutMs: config.connectTimeoutMs,
      connectionsPerBackend: config.connectionsPerBackend,
      backendHttp2: config.backendHttp2,
      proxy: proxySettings(this.apim.proxyConfig),
      conditions: {
        headers: this.apim.throttling.enableHeaderBasedThrottling,
        queryParameters: this.apim.throttling.enableQueryParamBasedThrottling,
        claims: this.apim.throttling.enableJwtClaimBasedThrottling,
      },
      rateLimitHeaders: { xRateLimit: config.rateLimitHeaders.xRateLimit, rateLimit: config.rateLimitHeaders.rateLimit },
      trustedProxies: config.trustedProxies,
      authHeader: this.oauth.authHeader,
      enableOutboundAuthHeader: this.oauth.enableOutboundAuthHeader,
      verifiedTokensMax: config.verifiedTokensMax,
      apiKeysMax: config.apiKeysMax,
      memoryMb: config.workerMemory,
      apiKeySigners: apiKeySigners(config),
      servesJwks: this.jwt.enableJwksApi,
      verdictMs: this.apim.cache.gatewayToken.enable ? this.apim.cache.gatewayToken.expiryTime * 1_000 : 0,
      retriesWithNewToken: this.apim.mediatorConfig.oauth.enableRetryCallWithNewToken,
      awsLambdaUrl: config.aws.lambdaUrl,
      awsStsUrl: config.aws.stsUrl,
      scripts: { cpuMs: config.scripts.cpuMs, memoryBytesMax: config.scripts.memoryBytesMax },
      ...(this.jwt.enable && { backendJwt: backendJwtSettings(this.jwt) }),
      clientCertificates: {
        header: this.mutualSsl.certificateHeader,
        validatesClients: this.mutualSsl.enableClientValidation,
        isEncoded: this.mutualSsl.clientCertificateEncode,
        isForwarded: this.mutualSsl.forwardClientCertificateHeader,
        followsChains: this.mutualSsl.enableCertificateChainValidation,
        trustedProxies: this.mutualSsl.trustedProxyCertificates,
      },
      mediatedBodyBytesMax: config.mediatedBodyBytesMax,
      // One bound for the process, whatever the number of its workers.
      responseCacheBytesMax: Math.floor(config.responseCacheBytesMax / this.workers),
      counters: this.counters.buffer,
      ...(this.shared.settings && { leases: this.shared.settings }),
      observability: this.observability.settings,
    };
  }

  private received(message: FromWorker, worker: number, answer: (message: ToWorker) => void): void {
    if (message.type === 'usage') this.usage.add(message.records);
    else if (message.type === 'key-uses') this.keyUses.add(message.uses);
    else if (message.type === 'token-question') void this.judge(message, answer);
    else if (message.type === 'sign-question') void this.sign(message, answer);
    else if (message.type === 'login-question') void this.login(message, answer);
    else if (message.type === 'lease-questions') this.shared.ask(message, answer);
    else if (message.type === 'token-used') this.useUp(message.token);
    else if (message.type === 'warning') this.log.warn({ ...message.detail, worker }, message.message);
    else if (message.type === 'policy-log') this.log.info({ ...message.detail, worker }, message.text);
    else if (message.type === 'key-wanted') {
      this.events.emit('key-manager.key-wanted', { organization: message.organization, name: message.keyManager });
    } else if (message.type === 'ack') {
      if (!message.ok) {
        const { apiKey, revisionId, error } = message;
        this.log.error({ apiKey, revisionId, error, worker }, 'a deployed API cannot be served');
        this.copy.refuse(message.seq);
      }
      this.acks.add([{ ...message, worker }]);
      void this.acks.flush();
    } else this.observability.received(message, worker);
  }

  /** Tells the other workers at once, and everybody else by the feed. */
  private useUp({ organization, ...token }: UsedToken): void {
    const key = `${token.type}:${token.value}`;
    this.supervisor?.deliver([{ seq: this.follower.sequence, organization, kind: 'revoked-token', key, body: token }]);
    this.usedTokens.add([{ ...token, organization }]);
    void this.usedTokens.flush();
  }

  private async judge({ id, organization, keyManager, token }: TokenQuestion, answer: (message: ToWorker) => void): Promise<void> {
    answer({ type: 'token-verdict', id, verdict: await this.verdicts.verdict(organization, keyManager, token) });
  }

  private async sign({ id, request }: SignQuestion, answer: (message: ToWorker) => void): Promise<void> {
    answer({ type: 'signed', id, jws: await this.signatures.sign(request) });
  }

  private async login({ id, question }: LoginAsked, answer: (message: ToWorker) => void): Promise<void> {
    answer({ type: 'login-verdict', id, verdict: await this.logins.verdict(question) });
  }

  private heartbeat(): Promise<void> {
    return this.told(() => this.records.heartbeat());
  }

  /** The database may be away: the gateway goes on, or ends, all the same. */
  private async told(tell: () => Promise<void>): Promise<void> {
    try {
      await tell();
    } catch (err) {
      this.log.debug({ err }, 'the gateway could not say how it is');
    }
  }

  private every(ms: number, work: () => Promise<void>): void {
    this.timers.push(setInterval(() => void work(), ms));
  }
}

/** Names this gateway in acknowledgements and heartbeats, for as long as its data folder lives. */
const ownId = (folder: string): string => {
  const file = join(folder, 'id');
  if (!existsSync(file)) writeFileSync(file, `${randomUUID()}\n`);
  return readFileSync(file, 'utf8').trim();
};
