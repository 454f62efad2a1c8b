import { Injectable, type LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import { LogConfig } from '../config/sections/log.config.js';
import { traceNow } from '../tracing/active-trace.js';
import { masked, maskedFields } from './mask.js';

/** What every line of traced work carries, so that it is found from its trace and the other way round. */
const tracedBy = (): object => {
  const trace = traceNow();
  return trace === undefined ? {} : { traceId: trace.traceId, spanId: trace.spanId };
};

/** The server's log: JSON lines with fields, errors as objects under `err`. Never a token, a secret or a body. */
@Injectable()
export class Log implements LoggerService {
  private readonly logger: Logger;

  constructor(config: LogConfig) {
    this.logger = pino(
      { level: config.level, base: null, timestamp: pino.stdTimeFunctions.isoTime, mixin: tracedBy },
      pino.destination({ dest: 2, sync: true }),
    );
  }

  error(fields: object | string, text?: string): void {
    this.write('error', fields, text);
  }

  warn(fields: object | string, text?: string): void {
    this.write('warn', fields, text);
  }

  info(fields: object | string, text?: string): void {
    this.write('info', fields, text);
  }

  debug(fields: object | string, text?: string): void {
    this.write('debug', fields, text);
  }

  /** Nest's own chatter about modules and routes; of use to us only. */
  log(message: unknown, context?: string): void {
    this.write('debug', { context }, String(message));
  }

  private write(level: 'error' | 'warn' | 'info' | 'debug', fields: object | string, text?: string): void {
    if (!this.logger.isLevelEnabled(level)) return;
    if (typeof fields === 'string') this.logger[level](text ? { context: text } : {}, masked(fields));
    else this.logger[level](maskedFields(fields), masked(text ?? ''));
  }
}
