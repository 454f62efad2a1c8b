import { Injectable, type LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import { LogConfig } from '../config/sections/log.config.js';

/** Fields that never reach the log, wherever they stand in a logged object. */
const SECRETS = ['password', 'secret', 'clientSecret', 'client_secret', 'consumerSecret', 'access_token', 'refresh_token', 'authorization'];

/** The server's log: JSON lines with fields, errors as objects under `err`. Never a token, a secret or a body. */
@Injectable()
export class Log implements LoggerService {
  private readonly logger: Logger;

  constructor(config: LogConfig) {
    this.logger = pino(
      {
        level: config.level,
        base: null,
        redact: [...SECRETS.flatMap((name) => [name, `*.${name}`]), 'err.parameters', 'err.cause.parameters'],
        timestamp: pino.stdTimeFunctions.isoTime,
      },
      pino.destination({ dest: 2, sync: true }),
    );
  }

  error(fields: object | string, text?: string): void {
    this.logger.error(...parts(fields, text));
  }

  warn(fields: object | string, text?: string): void {
    this.logger.warn(...parts(fields, text));
  }

  info(fields: object | string, text?: string): void {
    this.logger.info(...parts(fields, text));
  }

  debug(fields: object | string, text?: string): void {
    this.logger.debug(...parts(fields, text));
  }

  /** Nest's own chatter about modules and routes; of use to us only. */
  log(message: unknown, context?: string): void {
    this.logger.debug({ context }, String(message));
  }
}

const parts = (fields: object | string, text?: string): [object, string] =>
  typeof fields === 'string' ? [text ? { context: text } : {}, fields] : [fields, text ?? ''];
