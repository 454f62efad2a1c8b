import { IsInt, Max, Min } from 'class-validator';
import { Setting } from '../setting.js';

/** `[audit]`: the record of every change, see docs/audit.md. */
export class AuditConfig {
  @Setting('Days after which a recorded change is forgotten; 0 keeps all of them for ever.')
  @IsInt()
  @Min(0)
  @Max(36_500)
  readonly retentionDays: number = 730;
}
