import { IsIn } from 'class-validator';
import { Setting } from '../setting.js';

const LEVELS = ['error', 'warn', 'info', 'debug'] as const;

export class LogConfig {
  @Setting('The least level that is written: `error`, `warn`, `info` or `debug`.')
  @IsIn(LEVELS)
  readonly level: (typeof LEVELS)[number] = 'info';
}
