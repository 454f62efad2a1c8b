import { resolve } from 'node:path';
import { Injectable } from '@nestjs/common';
import { boundedState, isTraced, traceParent } from '../../domain/trace-context.js';
import { Installation } from '../config/installation.js';
import { OpenTelemetryConfig } from '../config/sections/open-telemetry.config.js';
import { Log } from '../logging/log.js';
import { metric } from '../metrics/prometheus-text.js';
import { ActiveTrace, traceNow, withTrace } from './active-trace.js';
import type { Trace } from './span.js';
import { resourceOf } from './span-formats.js';
import { SpanLog } from './span-log.js';
import { TraceExporter } from './trace-exporter.js';
import { spanTarget } from './trace-target.js';

/** Where everything that this process traces goes: the requests of the management port, jobs, and what the gateway's workers gather. */
@Injectable()
export class Traces {
  /** Share of the requests that are traced, of those whose caller has not decided; null while nothing is traced. */
  readonly ratio: number | null;
  private readonly tracer: TraceExporter | SpanLog | null;

  /** @throws StartError for a collector's address that is none. */
  constructor(telemetry: OpenTelemetryConfig, { dataDir }: Installation, log: Log) {
    this.tracer = tracerOf(telemetry, resolve(dataDir, 'logs'), log);
    this.ratio = this.tracer === null ? null : telemetry.samplingRatio;
  }

  /** Begins the trace of a request; undefined where it is not to be traced. */
  begin(traceparent: string | undefined, tracestate: string | undefined): ActiveTrace | undefined {
    if (this.ratio === null) return undefined;
    const parent = traceParent(traceparent);
    if (!isTraced(parent, this.ratio)) return undefined;
    return new ActiveTrace(parent, parent && boundedState(tracestate), (trace) => this.add([trace]));
  }

  /** Runs a job of the server's own as a trace, when chance has it traced; as a part of the request that caused it where there is one. */
  async job<T>(name: string, work: () => Promise<T>): Promise<T> {
    const trace = traceNow() === undefined ? this.begin(undefined, undefined) : undefined;
    if (trace === undefined) return work();
    let isError = true;
    try {
      const result = await withTrace(trace, work);
      isError = false;
      return result;
    } finally {
      trace.end(name, 'internal', {}, isError);
    }
  }

  add(traces: readonly Trace[]): void {
    this.tracer?.add(traces);
  }

  /** Sends what waits. */
  async flush(): Promise<void> {
    await this.tracer?.flush();
  }

  /** Sends what is left, as far as a few seconds allow. */
  async stop(): Promise<void> {
    await this.tracer?.stop();
  }

  /** For `/metrics`. */
  render(): string {
    const { exportedTraces = 0, droppedTraces = 0 } = this.tracer ?? {};
    return [
      metric('apim_traces_exported_total', 'counter', 'Traces handed to the tracer.', [[{}, exportedTraces]]),
      metric('apim_traces_dropped_total', 'counter', 'Traces that the tracer did not take.', [[{}, droppedTraces]]),
    ].join('');
  }
}

/** Only one tracer at a time (`reference/operations.md` §10): the remote one before the log. */
const tracerOf = (telemetry: OpenTelemetryConfig, logs: string, log: Log): TraceExporter | SpanLog | null => {
  const { remoteTracer, logTracer, resourceAttributes, otelResourceAttributes } = telemetry;
  if (remoteTracer.enable) return new TraceExporter(spanTarget(remoteTracer, resourceOf(resourceAttributes, otelResourceAttributes)), log);
  return logTracer.enable ? new SpanLog(logs, log) : null;
};
