import { resolve } from 'node:path';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { correlationLine, logDate } from '../../domain/correlation.js';
import { Installation } from '../config/installation.js';
import { LogConfig } from '../config/sections/log.config.js';
import { originNow } from '../origin/origin.js';
import { DailyLog } from './daily-log.js';
import { Log } from './log.js';

/** What of the control plane is written down. */
export interface CorrelationSwitches {
  readonly http: boolean;
  readonly jdbc: boolean;
  /** Beginnings of the names of threads whose statements are left out. */
  readonly deniedThreads: readonly string[];
}

/** What does the work, in the place of a thread's name: a request's, or the server's own. */
const REQUESTS = 'management';
const BACKGROUND = 'background';
const STATEMENT_LENGTH_MAX = 4_096;

/** The correlation log of this process, `correlation.log` (`reference/operations.md` §8): all parts write to the one file. */
@Injectable()
export class CorrelationLog implements OnApplicationShutdown {
  private switches: CorrelationSwitches = { http: false, jdbc: false, deniedThreads: [] };
  private readonly file: DailyLog;

  constructor({ correlation }: LogConfig, { dataDir }: Installation, log: Log) {
    const { directory, maxDays } = correlation;
    const files = { directory: resolve(dataDir, directory), current: 'correlation.log', prefix: 'correlation_', suffix: '.log', maxDays };
    this.file = new DailyLog(files, log);
  }

  /** Takes effect at once. */
  apply(switches: CorrelationSwitches): void {
    this.switches = switches;
  }

  get isHttpOn(): boolean {
    return this.switches.http;
  }

  /** Whether requests need a correlation id. */
  get isOn(): boolean {
    return this.switches.http || this.switches.jdbc;
  }

  /** Adds whole lines that another thread has made. */
  add(lines: string): void {
    this.file.add(lines);
  }

  /** A request of the management port came, or its answer left. */
  message(
    type: 'HTTP-In-Request' | 'HTTP-In-Response',
    id: string,
    facts: {
      readonly startedAt: number;
      readonly durationMs: number;
      readonly method: string;
      readonly query: string;
      readonly path: string;
    },
  ): void {
    const { startedAt, durationMs, method, query, path } = facts;
    this.file.add(correlationLine([logDate(Date.now()), id, REQUESTS, Math.round(durationMs), type, startedAt, method, query, path]));
  }

  /** A statement was run for the work at hand. Its text alone is written: its values may be secrets. */
  statement(text: string, durationMs: number): void {
    const origin = originNow();
    const thread = origin === undefined ? BACKGROUND : REQUESTS;
    if (!this.switches.jdbc || this.switches.deniedThreads.some((denied) => thread.startsWith(denied))) return;
    const now = Date.now();
    const startedAt = Math.round(now - durationMs);
    const statement = text.replaceAll(/\s+/g, ' ').trim().slice(0, STATEMENT_LENGTH_MAX);
    this.file.add(
      correlationLine([
        logDate(now),
        origin?.correlationId ?? '-',
        thread,
        Math.round(durationMs),
        'jdbc',
        startedAt,
        'query',
        statement,
        'postgresql',
      ]),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.file.flush();
  }
}
