import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { LogLevel, ResourceLogLevel } from '../../domain/api-logging.js';

/** A level other than `OFF`. Of an API as a whole, method and target are empty. */
@Entity('api_log_levels')
export class ApiLogLevelEntity implements ResourceLogLevel {
  @Column('text')
  readonly organization!: string;

  @PrimaryColumn('uuid', { name: 'api_id' })
  readonly apiId!: string;

  @PrimaryColumn('text')
  readonly method!: string;

  @PrimaryColumn('text')
  readonly target!: string;

  @Column('text')
  readonly level!: LogLevel;
}
