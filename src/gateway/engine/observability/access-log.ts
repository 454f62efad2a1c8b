import type { Exchange } from '../exchange.js';
import type { ClientAddress } from '../front/client-address.js';
import { accessPattern, isCredentialHeader } from './access-pattern.js';
import type { AccessRecord } from './access-record.js';
import { maskedUrl } from './masked-url.js';
import type { AccessLogFormat } from './settings.js';

/** Lines that wait at most; the main thread is told how many more there were. */
const WAITING_MAX = 50_000;

/** The access lines of one worker, gathered until somebody takes them. */
export class AccessLog {
  private lines: string[] = [];
  private dropped = 0;
  private readonly line: (exchange: Exchange, durationMs: number, aborted: boolean) => string;

  /** @throws Error that says what in the pattern cannot be written. */
  constructor({ format, pattern }: AccessLogFormat, addressOf: ClientAddress) {
    const write = format === 'pattern' ? accessPattern(pattern) : null;
    this.line = (exchange, durationMs, aborted) => {
      const record = recordOf(exchange, durationMs, addressOf(exchange));
      return write === null ? jsonLine(record, exchange, aborted) : write(record);
    };
  }

  add(exchange: Exchange, durationMs: number, aborted: boolean): void {
    if (this.lines.length >= WAITING_MAX) this.dropped += 1;
    else this.lines.push(this.line(exchange, durationMs, aborted));
  }

  /** Everything since the last call, each line with its end; undefined when there is nothing. */
  take(): { readonly text: string; readonly dropped: number } | undefined {
    if (this.lines.length === 0) return undefined;
    const taken = { text: `${this.lines.join('\n')}\n`, dropped: this.dropped };
    this.lines = [];
    this.dropped = 0;
    return taken;
  }
}

const recordOf = (exchange: Exchange, durationMs: number, client: string): AccessRecord => {
  const { request, api } = exchange;
  return {
    client,
    user: exchange.token?.subject || null,
    at: exchange.now,
    method: request.method ?? '',
    url: maskedUrl(request.url ?? ''),
    httpVersion: request.httpVersion,
    status: exchange.status,
    bytes: exchange.sentBytes,
    durationMs,
    host: exchange.host,
    port: request.socket.localPort ?? 0,
    secure: exchange.secure,
    header: (name) => {
      // The API may take its credentials in headers of other names.
      if (isCredentialHeader(name) || name === api?.authHeader || name === api?.apiKeyHeader) return undefined;
      const value = request.headers[name];
      const text = Array.isArray(value) ? value.join(', ') : value;
      return text !== undefined && name === 'referer' ? maskedUrl(text) : text;
    },
  };
};

const rounded = (ms: number): number => Math.round(ms * 1_000) / 1_000;

/** JSON escapes what could end a line. */
const jsonLine = (record: AccessRecord, exchange: Exchange, aborted: boolean): string => {
  const { api, operation, grant } = exchange;
  return JSON.stringify({
    time: new Date(record.at).toISOString(),
    correlationId: exchange.correlationId,
    ...(exchange.trace !== null && { traceId: exchange.trace.traceId }),
    client: record.client,
    method: record.method,
    url: record.url,
    protocol: `${record.secure ? 'https' : 'http'}/${record.httpVersion}`,
    host: record.host,
    status: record.status,
    bytes: record.bytes,
    durationMs: rounded(record.durationMs),
    backendMs: exchange.backendStartedAt > 0 ? rounded(exchange.backendMs) : null,
    outcome: aborted ? 'aborted' : OUTCOMES[exchange.outcome],
    ...(exchange.isOverQuota && { overQuota: true }),
    ...(api !== null && { organization: api.organization, api: api.document.name, version: api.document.version }),
    ...(operation !== null && { resource: operation.target }),
    ...(grant?.applicationId != null && { applicationId: grant.applicationId }),
    ...(record.user !== null && { user: record.user }),
    userAgent: record.header('user-agent') ?? null,
    referer: record.header('referer') ?? null,
  });
};

const OUTCOMES = { other: 'answered', refused: 'refused', throttled: 'throttled', fault: 'fault' } as const;
