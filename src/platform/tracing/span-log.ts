import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../logging/log.js';
import type { Trace } from './span.js';
import { spanLine } from './span-formats.js';

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

  add(traces: readonly Trace[]): void {
    this.writing = this.writing.then(() => this.write(traces));
  }

  async flush(): Promise<void> {
    await this.writing;
  }

  async stop(): Promise<void> {
    await this.writing;
  }

  private async write(traces: readonly Trace[]): Promise<void> {
    try {
      if (!this.isReady) await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await appendFile(join(this.folder, FILE), linesOf(traces), { mode: 0o600 });
      this.exportedTraces += traces.length;
      this.isReady = true;
    } catch (err) {
      if (this.droppedTraces === 0) this.log.warn({ err }, 'traces could not be written to the log tracer’s file and are dropped');
      this.droppedTraces += traces.length;
    }
  }
}

const linesOf = (traces: readonly Trace[]): string =>
  traces
    .flatMap((trace) => trace())
    .map(spanLine)
    .join('');
