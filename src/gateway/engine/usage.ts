import type { KeyType } from '../../domain/gateway-documents.js';
import type { Exchange } from './exchange.js';
import type { Operation } from './link.js';
import type { UsageRecord } from './messages.js';

const MINUTE_MS = 60_000;

/** Figures of one operation, application and key type that have not been reported yet. */
class Row {
  minute = 0;
  hits = 0;
  readonly statuses: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  throttled = 0;
  refused = 0;
  faults = 0;
  aborted = 0;
  latencyMs = 0;
  latencyMaxMs = 0;
  backendLatencyMs = 0;
  backendHits = 0;

  constructor(
    readonly operation: Operation,
    readonly applicationId: string | null,
    readonly keyType: KeyType,
  ) {}

  /** The figures so far, which then begin anew. */
  take(): UsageRecord {
    const { operation, applicationId, keyType } = this;
    const { document, organization } = operation.api;
    const record: UsageRecord = {
      minute: this.minute,
      organization,
      environment: document.environment,
      apiId: document.apiId,
      revisionId: document.revisionId,
      method: operation.method,
      target: operation.target,
      applicationId,
      keyType,
      hits: this.hits,
      statuses: [...this.statuses],
      throttled: this.throttled,
      refused: this.refused,
      faults: this.faults,
      aborted: this.aborted,
      latencyMs: this.latencyMs,
      latencyMaxMs: this.latencyMaxMs,
      backendLatencyMs: this.backendLatencyMs,
      backendHits: this.backendHits,
    };
    this.hits = this.throttled = this.refused = this.faults = this.aborted = 0;
    this.latencyMs = this.latencyMaxMs = this.backendLatencyMs = this.backendHits = 0;
    this.statuses.fill(0);
    return record;
  }
}

/** An operation's rows by application, for each key type. */
export interface OperationUsage {
  readonly generation: number;
  readonly production: Map<string | null, Row>;
  readonly sandbox: Map<string | null, Row>;
}

/**
 * Adds requests up per minute, operation, application and key type. A request costs two look-ups and some additions; rows are kept for the
 * minute, so most requests allocate nothing.
 */
export class Usage {
  private readonly touched: Row[] = [];
  private ready: UsageRecord[] = [];
  private generation = 0;
  private generationMinute = 0;

  record(exchange: Exchange, now: number, latencyMs: number, aborted: boolean): void {
    const { operation } = exchange;
    if (operation === null || exchange.isPreflight) return;
    const minute = now - (now % MINUTE_MS);
    if (minute !== this.generationMinute) {
      // Rows of callers who went away are let go of with the minute.
      this.generation += 1;
      this.generationMinute = minute;
    }
    const row = this.row(operation, exchange.grant?.applicationId ?? null, exchange.keyType);
    if (row.hits === 0) {
      this.touched.push(row);
      row.minute = minute;
    } else if (row.minute !== minute) {
      this.ready.push(row.take());
      row.minute = minute;
    }
    row.hits += 1;
    const statusClass = Math.floor(exchange.status / 100) - 1;
    if (statusClass >= 0 && statusClass < 5) row.statuses[statusClass] = (row.statuses[statusClass] ?? 0) + 1;
    if (exchange.outcome === 'throttled') row.throttled += 1;
    else if (exchange.outcome === 'refused') row.refused += 1;
    else if (exchange.outcome === 'fault') row.faults += 1;
    if (aborted) row.aborted += 1;
    row.latencyMs += latencyMs;
    if (latencyMs > row.latencyMaxMs) row.latencyMaxMs = latencyMs;
    if (exchange.backendStartedAt > 0) {
      row.backendHits += 1;
      row.backendLatencyMs += exchange.backendMs;
    }
  }

  /** Everything recorded since the last call. */
  take(): readonly UsageRecord[] {
    const records = this.ready;
    this.ready = [];
    for (const row of this.touched) if (row.hits > 0) records.push(row.take());
    this.touched.length = 0;
    return records;
  }

  private row(operation: Operation, applicationId: string | null, keyType: KeyType): Row {
    let usage = operation.usage;
    if (usage === null || usage.generation !== this.generation) {
      usage = { generation: this.generation, production: new Map(), sandbox: new Map() };
      operation.usage = usage;
    }
    const rows = keyType === 'PRODUCTION' ? usage.production : usage.sandbox;
    const known = rows.get(applicationId);
    if (known !== undefined) return known;
    const row = new Row(operation, applicationId, keyType);
    rows.set(applicationId, row);
    return row;
  }
}
