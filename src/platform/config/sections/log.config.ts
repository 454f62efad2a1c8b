import { IsIn, IsString } from 'class-validator';
import { Section, Setting } from '../setting.js';

const LEVELS = ['error', 'warn', 'info', 'debug'] as const;

class AuditLogConfig {
  @Setting('Whether logins, password changes, key and secret changes are recorded.')
  readonly enable: boolean = true;

  @Setting('File for the audit log, below `server.data_dir` unless it is absolute; only ever appended to. Empty: the server’s own log.')
  @IsString()
  readonly file: string = '';
}

export class LogConfig {
  @Setting('The least level that is written: `error`, `warn`, `info` or `debug`.')
  @IsIn(LEVELS)
  readonly level: (typeof LEVELS)[number] = 'info';

  @Section(AuditLogConfig, 'The audit log: JSON lines of the logger `AUDIT_LOG`, whatever the level.')
  readonly audit = new AuditLogConfig();
}
