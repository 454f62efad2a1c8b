import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../platform/logging/log.js';
import type { TraceRecord } from '../engine/observability/tracing.js';
import { spanLine } from './span-formats.js';
import { spansOf } from './spans.js';

/** The product's file of the log tracer. */
const FILE = 'wso2-apimgt-open-tracing.log';

/** Writes traces to a file, a line for each span. */
export class SpanLog {
  droppedTraces = 0;
  exportedTraces = 0;
  private writing: Promise<void> = Promise.resolve();
  private isReady = false;

  constructor(
    private readonly folder: string,
    private readonly log: Pick<Log, 'warn'>,
  ) {}

  add(traces: readonly TraceRecord[]): void {
    this.writing = this.writing.then(() => this.write(traces));
  }

  async stop(): Promise<void> {
    await this.writing;
  }

  private async write(traces: readonly TraceRecord[]): Promise<void> {
    try {
      if (!this.isReady) await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await appendFile(join(this.folder, FILE), traces.flatMap(spansOf).map(spanLine).join(''), { mode: 0o600 });
      this.exportedTraces += traces.length;
      this.isReady = true;
    } catch (err) {
      if (this.droppedTraces === 0) this.log.warn({ err }, 'traces could not be written to the log tracer’s file and are dropped');
      this.droppedTraces += traces.length;
    }
  }
}
