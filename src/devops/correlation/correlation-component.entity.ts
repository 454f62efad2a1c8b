import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CorrelationComponent } from '../../domain/correlation.js';
import type { ComponentState } from './correlation-component.js';

/** The same for every tenant, so it has no organization. */
@Entity('correlation_components')
export class CorrelationComponentEntity implements ComponentState {
  @PrimaryColumn('text')
  readonly name!: CorrelationComponent;

  @Column('boolean')
  readonly enabled!: boolean;

  @Column('text', { name: 'denied_threads', array: true, nullable: true })
  readonly deniedThreads!: readonly string[] | null;
}
