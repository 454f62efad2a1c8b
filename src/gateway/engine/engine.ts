import type { FeedRow } from '../../domain/gateway-documents.js';
import { ApiKeys } from './api-keys.js';
import { clientAddress } from './client-address.js';
import { CounterTable } from './counters.js';
import { Grants } from './grants.js';
import { GatewayHandler } from './handler.js';
import { KeyWishes } from './key-wishes.js';
import { linkApi } from './link.js';
import { MediationLog } from './mediation/mediation-log.js';
import type { FromWorker, TokenVerdict, WorkerSettings } from './messages.js';
import { pipelineOf } from './pipeline.js';
import { GatewayServer } from './server.js';
import { signersOf } from './signed-api-key.js';
import { Snapshot } from './snapshot.js';
import { TokenQuestions } from './token-questions.js';
import { VerifiedTokens } from './tokens.js';
import { Usage } from './usage.js';

const REPORT_INTERVAL_MS = 1_000;
const HOUSEKEEPING_INTERVAL_MS = 60_000;

/** One gateway worker's data plane: give it documents, let it listen, stop it. Reports by `emit`. */
export class Engine {
  private readonly table: CounterTable;
  private readonly snapshot: Snapshot;
  private readonly usage = new Usage();
  private readonly apiKeys: ApiKeys;
  private readonly handler: GatewayHandler;
  private readonly server: GatewayServer;
  private readonly questions: TokenQuestions;
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(
    settings: WorkerSettings,
    private readonly emit: (message: FromWorker) => void,
  ) {
    this.table = new CounterTable(settings.counters);
    const keyWishes = new KeyWishes(({ organization, document }) => emit({ type: 'key-wanted', organization, keyManager: document.name }));
    const log = new MediationLog(({ text, detail }) => emit({ type: 'policy-log', text, detail }));
    const linkSettings = { ...settings, warn: this.warn, log };
    this.snapshot = new Snapshot(
      {
        labels: settings.labels,
        link: (organization, key, document) =>
          linkApi(organization, key, document, linkSettings, (operation) => pipelineOf(operation, deps)),
      },
      {
        ack: (ack) => emit({ type: 'ack', ...ack }),
        warn: this.warn,
        trustChanged: (organization) => this.handler.upstream.renew(organization),
        keyManagerChanged: (keyManager) => keyWishes.changed(keyManager),
      },
    );
    this.apiKeys = new ApiKeys(this.snapshot, signersOf(settings.apiKeySigners), settings.apiKeysMax);
    this.questions = new TokenQuestions((id, organization, keyManager, token) =>
      emit({ type: 'token-question', id, organization, keyManager, token }),
    );
    const deps = {
      apiKeys: this.apiKeys,
      snapshot: this.snapshot,
      tokens: new VerifiedTokens(settings.verifiedTokensMax),
      questions: this.questions,
      keyWishes,
      verdictMs: settings.verdictMs,
      grants: new Grants(this.snapshot, this.table),
      clientAddress: clientAddress(settings.trustedProxies),
      enableOutboundAuthHeader: settings.enableOutboundAuthHeader,
    };
    this.handler = new GatewayHandler(this.snapshot, this.usage, settings, (error) =>
      emit({ type: 'warning', message: 'a request failed unexpectedly', detail: { error: textOf(error) } }),
    );
    this.server = new GatewayServer(settings, (request, reply, secure) => this.handler.handle(request, reply, secure));
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
  }

  /** Takes the answer to a question about a token. */
  answered(id: number, verdict: TokenVerdict): void {
    this.questions.answered(id, verdict);
  }

  /** Opens the ports; rejects when that fails. */
  async listen(): Promise<void> {
    const ports = await this.server.listen();
    this.every(REPORT_INTERVAL_MS, () => this.report(false));
    this.every(HOUSEKEEPING_INTERVAL_MS, () => {
      this.snapshot.forgetExpired(Date.now());
      this.handler.upstream.retain((key) => this.snapshot.usesPool(key));
    });
    this.emit({ type: 'listening', ...ports });
  }

  /** New connections to the HTTPS port get this certificate. */
  renewCertificate(tls: NonNullable<WorkerSettings['tls']>): void {
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
    await this.handler.upstream.destroy();
    for (const interval of this.timers) clearInterval(interval);
    this.report(true);
    this.emit({ type: 'drained' });
  }

  private readonly warn = (message: string, detail: Readonly<Record<string, unknown>>): void =>
    this.emit({ type: 'warning', message, detail });

  /** `last`: there is no later report. */
  private report(last: boolean): void {
    const records = this.usage.take();
    if (records.length > 0) this.emit({ type: 'usage', records });
    const uses = this.apiKeys.takeUses(Date.now(), last);
    if (uses.length > 0) this.emit({ type: 'key-uses', uses });
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
