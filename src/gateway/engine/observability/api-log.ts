import { type ApiLogLevelDocument, type LogLevel, levelOf } from '../../../domain/api-logging.js';
import type { BackendDocument, EndpointDocument } from '../../../domain/gateway-documents.js';
import { correlate } from '../front/headers.js';
import { checksOf, type LinkedApi } from '../link.js';
import type { Policy } from '../pipeline.js';
import { apiLogLine, type FlowRecord } from './api-log-line.js';
import { correlationIds } from './correlation.js';
import { LineQueue } from './line-queue.js';
import { type ApiLogDeps, LoggedExchange } from './logged-exchange.js';
import { Payloads } from './payloads.js';
import { named, nameOf } from './step-names.js';

/** The name of the step that begins the lines of a call. An operation of which nothing is written has no such step. */
export const API_LOG_STEP = 'api-log';

/** The calls of one worker to APIs that are to be logged (`reference/operations.md` §8). */
export class ApiLog {
  private readonly queue = new LineQueue<FlowRecord>(apiLogLine, ({ payload }) => payload?.release());
  private readonly deps: ApiLogDeps;
  private readonly nextId = correlationIds();

  constructor(payloadBytesMax: number, addressOf: ApiLogDeps['addressOf']) {
    this.deps = { queue: this.queue, payloads: new Payloads(payloadBytesMax), addressOf };
  }

  /** Has the API's operations written down as the document says, in place of what was so before. Running requests end as they began. */
  attach(api: LinkedApi, document: ApiLogLevelDocument | undefined): void {
    const credentials = backendCredentials(api);
    for (const operation of api.operations) {
      const bare = checksOf(operation).filter((step) => nameOf(step) !== API_LOG_STEP);
      const step = this.step(levelOf(document, operation), credentials);
      operation.pipeline = step === null ? bare : [step, ...bare];
    }
    api.unmatchedLog = this.step(document?.level ?? 'OFF', credentials);
  }

  take(isLast: boolean): ReturnType<LineQueue<FlowRecord>['take']> {
    return this.queue.take(isLast);
  }

  private step(level: LogLevel, credentials: readonly string[]): Policy | null {
    if (level === 'OFF') return null;
    return named(API_LOG_STEP, (exchange) => {
      if (exchange.correlationId === null) {
        exchange.correlationId = this.nextId();
        correlate(exchange.outbound, exchange.correlationId);
      }
      exchange.apiLog = new LoggedExchange(exchange, level, credentials, this.deps);
      return undefined;
    });
  }
}

/** Names of the headers in which the API's backends get their keys, in lower case. */
const backendCredentials = ({ document }: LinkedApi): readonly string[] => {
  const endpoints = [document.endpoints, ...(document.backends ?? [])].flatMap(({ production, sandbox }: BackendDocument) => [
    production,
    sandbox,
  ]);
  return [...new Set(endpoints.flatMap(keyHeaderOf))];
};

const keyHeaderOf = (endpoint: EndpointDocument | null): readonly string[] => {
  const security = endpoint?.security;
  return security?.type === 'apikey' && security.place === 'header' ? [security.name.toLowerCase()] : [];
};
