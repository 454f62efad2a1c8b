import type { FeedRow } from '../../domain/gateway-documents.js';
import { ResponseCache } from './caching/response-cache.js';
import { ApiKeys } from './credentials/api-keys.js';
import { BackendJwts } from './credentials/backend-jwts.js';
import { CallerClaims } from './credentials/caller-claims.js';
import type { LoggedInUser } from './credentials/direct-caller.js';
import { ForwardedCertificates } from './credentials/forwarded-certificates.js';
import { KeyWishes } from './credentials/key-wishes.js';
import { LoginQuestions } from './credentials/login-questions.js';
import { Signatures } from './credentials/signatures.js';
import { signersOf } from './credentials/signed-api-key.js';
import { TokenQuestions } from './credentials/token-questions.js';
import { Remembered, VerifiedTokens } from './credentials/tokens.js';
import { addressList, clientAddress } from './front/client-address.js';
import { GatewayServer } from './front/server.js';
import { GatewayHandler } from './handler.js';
import { linkApi, linkDestination, type Operation } from './link.js';
import { AttachedPolicies } from './mediation/attached-policies.js';
import { linkMediation } from './mediation/flows.js';
import { MediationLog } from './mediation/mediation-log.js';
import type { Natives } from './mediation/natives.js';
import { OneTimeTokens } from './mediation/one-time-tokens.js';
import { PolicyServers } from './mediation/opa/policy-servers.js';
import type { FromWorker, LoginVerdict, TlsSettings, TokenVerdict, WorkerSettings } from './messages.js';
import { ApiLog } from './observability/api-log.js';
import { Explainer } from './observability/explainer.js';
import { Observer } from './observability/observer.js';
import type { ObservabilitySettings } from './observability/settings.js';
import { Suspensions } from './observability/suspensions.js';
import { pipelineOf } from './pipeline.js';
import { Scripts } from './scripts/script.js';
import type { SequenceDeps } from './sequences/sequence-deps.js';
import { Targets } from './sequences/targets.js';
import { Snapshot } from './snapshot.js';
import { PolicyLinker } from './throttling/conditional-groups.js';
import { CounterTable } from './throttling/counters.js';
import { CustomRules } from './throttling/custom-rules.js';
import { Grants } from './throttling/grants.js';
import { limitMaker } from './throttling/leased-limit.js';
import { type LeaseStores, leaseStores } from './throttling/leases.js';
import type { LimitKind } from './throttling/limits.js';
import { RateLimitHeaders } from './throttling/rate-limit-headers.js';
import { Usage } from './usage.js';

const REPORT_INTERVAL_MS = 1_000;
const HOUSEKEEPING_INTERVAL_MS = 60_000;
/** How long requests wait at most while policies of the gateway reach its APIs. */
const RENEWAL_SLICE_MS = 4;
/** For a gateway that is told nothing of what it should write down. */
const UNOBSERVED: ObservabilitySettings = {
  accessLog: null,
  metrics: false,
  traces: null,
  alwaysCorrelates: false,
  apiLogPayloadBytesMax: 65_536,
};

/** One gateway worker's data plane: give it documents, let it listen, stop it. Reports by `emit`. */
export class Engine {
  private readonly table: CounterTable;
  private readonly snapshot: Snapshot;
  private readonly usage = new Usage();
  private readonly apiKeys: ApiKeys;
  private readonly handler: GatewayHandler;
  private readonly server: GatewayServer;
  private readonly questions: TokenQuestions;
  private readonly signatures: Signatures;
  private readonly policyServers: PolicyServers;
  private readonly suspensions = new Suspensions();
  private readonly observer: Observer;
  private readonly apiLog: ApiLog;
  private readonly logins = new LoginQuestions((id, question) => this.emit({ type: 'login-question', id, question }));
  private readonly responseCache: ResponseCache;
  private readonly leases: LeaseStores;
  private readonly timers: NodeJS.Timeout[] = [];
  private isListening = false;
  private isRenewing = false;

  constructor(
    settings: WorkerSettings,
    private readonly emit: (message: FromWorker) => void,
  ) {
    this.table = new CounterTable(settings.counters);
    this.leases = leaseStores(settings.leases, (store, questions) => emit({ type: 'lease-questions', store, questions }));
    const keyWishes = new KeyWishes(({ organization, document }) => emit({ type: 'key-wanted', organization, keyManager: document.name }));
    const log = new MediationLog(({ text, detail }) => emit({ type: 'policy-log', text, detail }));
    const address = clientAddress(settings.trustedProxies);
    const observability = settings.observability ?? UNOBSERVED;
    this.observer = new Observer(observability, address);
    this.apiLog = new ApiLog(observability.apiLogPayloadBytesMax, address);
    const natives: Natives = {
      oneTimeTokens: { use: (token) => oneTimeTokens.use(token) },
      opa: {
        servers: {
          ask: (organization, server, body) => this.policyServers.ask(organization, server, body),
          failed: (server, reason) => this.policyServers.failed(server, reason),
        },
        clientAddress: address,
        application: (uuid) => this.snapshot.application(uuid),
      },
    };
    const scripts = new Scripts(settings.scripts);
    const sequences: SequenceDeps = {
      log,
      natives,
      mediatedBodyBytesMax: settings.mediatedBodyBytesMax,
      scripts,
      targets: new Targets((organization, document) => linkDestination(organization, document, { ...endpointSettings, isGuarded: true })),
      ask: (endpoint, question, signal) => this.handler.upstream.ask(endpoint, question, signal),
      assertionOf: settings.backendJwt === undefined ? null : (exchange) => deps.backendJwts?.ofCaller(exchange) ?? null,
      ports: { http: settings.httpPort, https: settings.httpsPort },
      applicationName: (id) => this.snapshot.application(id)?.name,
    };
    const linkSettings = { ...settings, warn: this.warn, log, sequences, natives, rested: this.suspensions.rested };
    const endpointSettings = { ...settings, warn: this.warn, rested: this.suspensions.rested };
    // Claims are those of tokens for backends (`reference/throttling.md` §5).
    const conditions = { ...settings.conditions, claims: settings.conditions.claims && settings.backendJwt !== undefined };
    const policyLinker = new PolicyLinker(conditions, address, ({ name }, error) =>
      this.warn('a conditional limit of a throttling policy cannot be used', { policy: name, error }),
    );
    const checksOf = (operation: Operation) => pipelineOf(operation, deps);
    this.snapshot = new Snapshot(
      {
        labels: settings.labels,
        link: (organization, key, document, gatewayPolicies) =>
          linkApi(organization, key, document, { ...linkSettings, gatewayPolicies }, checksOf),
        logApi: (api, document) => this.apiLog.attach(api, document),
        linkPolicy: (document) => policyLinker.link(document),
        applyRule: (id, document) => customRules.apply(id, document),
        checkPolicies: (document) => linkMediation(new AttachedPolicies().of(document.policies, document), undefined, linkSettings),
      },
      {
        ack: (ack) => emit({ type: 'ack', ...ack }),
        warn: this.warn,
        trustChanged: (organization) => {
          this.handler.upstream.renew(organization);
          this.policyServers.renew(organization);
        },
        correlationChanged: (isOn) => this.correlate(isOn),
        keyManagerChanged: (keyManager) => keyWishes.changed(keyManager),
      },
    );
    this.policyServers = new PolicyServers(this.snapshot.certificates, this.warn);
    const oneTimeTokens = new OneTimeTokens(this.snapshot, (token) => emit({ type: 'token-used', token }));
    this.apiKeys = new ApiKeys(this.snapshot, signersOf(settings.apiKeySigners), settings.apiKeysMax);
    this.questions = new TokenQuestions((id, organization, keyManager, token) =>
      emit({ type: 'token-question', id, organization, keyManager, token }),
    );
    this.signatures = new Signatures((id, request) => emit({ type: 'sign-question', id, request }));
    this.responseCache = new ResponseCache(settings.responseCacheBytesMax);
    const backendJwts = settings.backendJwt === undefined ? null : new BackendJwts(settings.backendJwt, this.snapshot, this.signatures);
    const customRules = new CustomRules(limitMaker(this.table, this.leases), {
      snapshot: this.snapshot,
      addressOf: address,
      conditions: settings.conditions,
    });
    const deps = {
      apiKeys: this.apiKeys,
      snapshot: this.snapshot,
      tokens: new VerifiedTokens(settings.verifiedTokensMax),
      questions: this.questions,
      logins: this.logins,
      users: new Remembered<LoggedInUser>(settings.verifiedTokensMax),
      forwardedCertificates: new ForwardedCertificates(settings.clientCertificates, addressList(settings.trustedProxies)),
      keyWishes,
      verdictMs: settings.verdictMs,
      grants: new Grants(this.snapshot, this.table, this.leases),
      clientAddress: address,
      enableOutboundAuthHeader: settings.enableOutboundAuthHeader,
      scripts,
      log,
      backendJwts,
      callerClaims: backendJwts && new CallerClaims(backendJwts),
      customRules,
      rateLimitHeaders: RateLimitHeaders.of(settings.rateLimitHeaders),
      responseCache: this.responseCache,
      mediatedBodyBytesMax: settings.mediatedBodyBytesMax,
    };
    this.handler = new GatewayHandler(
      this.snapshot,
      this.usage,
      settings,
      (error) => emit({ type: 'warning', message: 'a request failed unexpectedly', detail: { error: textOf(error) } }),
      new Explainer(this.snapshot, this.signatures),
      this.observer.isIdle ? null : this.observer,
    );
    this.server = new GatewayServer(settings, this.handler);
  }

  /** Puts rows into force, in their order. What cannot be used is reported and leaves what was served before. */
  apply(rows: readonly FeedRow[]): void {
    for (const row of rows) {
      try {
        this.snapshot.apply(row);
      } catch (err) {
        const { seq, organization, kind, key } = row;
        this.emit({ type: 'warning', message: 'a document cannot be used', detail: { seq, organization, kind, key, error: textOf(err) } });
      }
    }
    this.renewSoon();
  }

  /** Takes the answer to a question about a token. */
  answered(id: number, verdict: TokenVerdict): void {
    this.questions.answered(id, verdict);
  }

  /** Takes the signature that was asked for. */
  signed(id: number, jws: string | null): void {
    this.signatures.signed(id, jws);
  }

  /** Takes the answer to a question about a name and a password. */
  loggedIn(id: number, verdict: LoginVerdict): void {
    this.logins.answered(id, verdict);
  }

  /** Units of shared limits were granted, or are not to be had. */
  leased(store: LimitKind, ids: readonly number[]): void {
    this.leases[store]?.answered(ids);
  }

  /** Opens the ports; rejects when that fails. */
  async listen(): Promise<void> {
    this.snapshot.renew(Number.POSITIVE_INFINITY);
    this.isListening = true;
    const ports = await this.server.listen();
    this.every(REPORT_INTERVAL_MS, () => this.report(false));
    this.every(HOUSEKEEPING_INTERVAL_MS, () => {
      this.snapshot.forgetExpired(Date.now());
      this.responseCache.forgetStale(Date.now());
      this.policyServers.forgetIdle();
      this.handler.upstream.retain(this.snapshot.poolKeys());
    });
    this.emit({ type: 'listening', ...ports });
  }

  /** New connections to the HTTPS port get this certificate. */
  renewCertificate(tls: TlsSettings): void {
    this.server.renewCertificate(tls);
  }

  /** Takes no more connections, lets running requests end for at most `deadlineMs`, then cuts what is left. */
  async stop(deadlineMs: number): Promise<void> {
    this.handler.drain();
    const closed = this.server.close();
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, deadlineMs);
    });
    await Promise.race([closed, deadline]);
    clearTimeout(timer);
    this.server.destroy();
    await Promise.all([this.handler.upstream.destroy(), this.policyServers.destroy()]);
    for (const interval of this.timers) clearInterval(interval);
    this.report(true);
    this.emit({ type: 'drained' });
  }

  /** Brings APIs in step with the policies of their gateway, between requests: there may be thousands. */
  private renewSoon(): void {
    if (!this.isListening || this.isRenewing || !this.snapshot.hasOutdated) return;
    this.isRenewing = true;
    setImmediate(() => {
      this.isRenewing = false;
      this.snapshot.renew(RENEWAL_SLICE_MS);
      this.renewSoon();
    });
  }

  private readonly warn = (message: string, detail: Readonly<Record<string, unknown>>): void =>
    this.emit({ type: 'warning', message, detail });

  private correlate(isOn: boolean): void {
    this.observer.correlates = isOn;
    this.handler.observer = this.observer.isIdle ? null : this.observer;
  }

  /** `last`: there is no later report. */
  private report(last: boolean): void {
    const records = this.usage.take();
    if (records.length > 0) this.emit({ type: 'usage', records });
    const uses = this.apiKeys.takeUses(Date.now(), last);
    if (uses.length > 0) this.emit({ type: 'key-uses', uses });
    this.observer.report(this.emit, last);
    const logged = this.apiLog.take(last);
    if (logged !== undefined) this.emit({ type: 'log-lines', log: 'api', ...logged });
    const suspended = this.suspensions.take(performance.now());
    if (suspended !== undefined) this.emit({ type: 'suspended', endpoints: suspended });
    if (this.table.admittedUncounted > 0) {
      this.emit({ type: 'warning', message: 'the counter table is full', detail: { admittedUncounted: this.table.admittedUncounted } });
      this.table.admittedUncounted = 0;
    }
  }

  private every(ms: number, run: () => void): void {
    this.timers.push(setInterval(run, ms).unref());
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
