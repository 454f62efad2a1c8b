import { resolve } from 'node:path';
import { Injectable } from '@nestjs/common';
import { StartError } from '../../platform/config/config-error.js';
import { Installation } from '../../platform/config/installation.js';
import { GatewayConfig } from '../../platform/config/sections/gateway.config.js';
import { CorrelationLog } from '../../platform/logging/correlation-log.js';
import { DailyLog } from '../../platform/logging/daily-log.js';
import { Log } from '../../platform/logging/log.js';
import { Traces } from '../../platform/tracing/traces.js';
import type { FromWorker } from '../engine/messages.js';
import { accessPattern } from '../engine/observability/access-pattern.js';
import type { ObservabilitySettings } from '../engine/observability/settings.js';
import type { TraceRecord } from '../engine/observability/tracing.js';
import { ApiMetrics } from './api-metrics.js';
import { spansOf } from './spans.js';
import { SuspendedEndpoints } from './suspended-endpoints.js';

/** What the workers write down, as the main thread gathers and passes it on: access lines, figures, traces, endpoints that rest. */
@Injectable()
export class GatewayObservability {
  readonly settings: ObservabilitySettings;
  readonly suspended = new SuspendedEndpoints();
  /** Null while metrics are switched off. */
  readonly apis: ApiMetrics | null;
  /** Lines and traces that a worker had no room for. */
  droppedInWorkers = 0;
  private readonly accessLog: DailyLog | null;
  private readonly apiLog: DailyLog;

  /** @throws StartError for an access log pattern that cannot be written. */
  constructor(
    { accessLog, apiLog, metrics, alwaysCorrelate }: GatewayConfig,
    private readonly traces: Traces,
    { dataDir }: Installation,
    private readonly log: Log,
    private readonly correlationLog: CorrelationLog,
  ) {
    const { enable, format, pattern } = accessLog;
    if (enable && format === 'pattern') checked(pattern);
    this.accessLog = enable ? new DailyLog({ ...accessLog, directory: resolve(dataDir, accessLog.directory) }, log) : null;
    const { maxDays } = apiLog;
    const files = { directory: resolve(dataDir, apiLog.directory), current: 'api.log', prefix: 'api_', suffix: '.log', maxDays };
    this.apiLog = new DailyLog(files, log);
    this.apis = metrics.enable ? new ApiMetrics(metrics.seriesMax) : null;
    this.settings = {
      accessLog: enable ? { format, pattern } : null,
      metrics: metrics.enable,
      traces: traces.ratio === null ? null : { ratio: traces.ratio },
      alwaysCorrelates: alwaysCorrelate,
      apiLogPayloadBytesMax: apiLog.payloadBytesMax,
    };
  }

  /** Takes what is its own among a worker's messages. */
  received(message: FromWorker, worker: number): void {
    if (message.type === 'access-lines') {
      this.accessLog?.add(message.text);
      this.noteDropped(message.dropped, worker);
    } else if (message.type === 'log-lines') {
      if (message.text !== '') (message.log === 'api' ? this.apiLog : this.correlationLog).add(message.text);
      this.noteDropped(message.dropped, worker);
    } else if (message.type === 'figures') this.apis?.add(message.figures);
    else if (message.type === 'traces') {
      const records: readonly TraceRecord[] = JSON.parse(message.traces); // a worker of this very version wrote them
      this.traces.add(records.map((record) => () => spansOf(record)));
      this.noteDropped(message.dropped, worker);
    } else if (message.type === 'suspended') this.suspended.set(worker, message.endpoints);
    else if (message.type === 'listening') this.suspended.forget(worker);
  }

  async stop(): Promise<void> {
    await this.traces.flush();
    await this.accessLog?.flush();
    await this.apiLog.flush();
  }

  private noteDropped(count: number, worker: number): void {
    if (count === 0) return;
    this.droppedInWorkers += count;
    this.log.warn({ dropped: count, worker }, 'a worker had no room for all log lines or traces of a second');
  }
}

const checked = (pattern: string): void => {
  try {
    accessPattern(pattern);
  } catch (err) {
    throw new StartError(`gateway.access_log.pattern: ${(err as Error).message}`, { cause: err }); // it throws errors only
  }
};
