import { IsIn, IsInt, IsString, Min, MinLength } from 'class-validator';
import { Section, Setting } from '../setting.js';

const LEVELS = ['error', 'warn', 'info', 'debug'] as const;

class AuditLogConfig {
  @Setting('Whether logins, password changes, key and secret changes are recorded.')
  readonly enable: boolean = true;

  @Setting('File for the audit log, below `server.data_dir` unless it is absolute; only ever appended to. Empty: the server’s own log.')
  @IsString()
  readonly file: string = '';
}

class CorrelationLogConfig {
  @Setting('Folder of `correlation.log`, below `server.data_dir` unless it is absolute.')
  @MinLength(1)
  readonly directory: string = 'logs';

  @Setting('For how many days files are kept; 0 keeps them all.')
  @IsInt()
  @Min(0)
  readonly maxDays: number = 30;
}

export class LogConfig {
  @Setting('The least level that is written: `error`, `warn`, `info` or `debug`.')
  @IsIn(LEVELS)
  readonly level: (typeof LEVELS)[number] = 'info';

  @Section(AuditLogConfig, 'The audit log: JSON lines of the logger `AUDIT_LOG`, whatever the level.')
  readonly audit = new AuditLogConfig();

  @Section(CorrelationLogConfig, 'The correlation log, which the DevOps API switches on; see docs/api-logging.md.')
  readonly correlation = new CorrelationLogConfig();
}
