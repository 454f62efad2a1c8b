import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import type { ApiStatus } from '../../domain/api.js';

/** One change of an API's state, or its creation. */
@Entity('api_lifecycle_events')
export class LifecycleEventEntity {
  @PrimaryColumn('uuid')
  readonly id!: string;

  @Column('text')
  readonly organization!: string;

  @Column('uuid', { name: 'api_id' })
  readonly apiId!: string;

  /** Null for the entry made at the API's creation. */
  @Column('text', { name: 'previous_state', nullable: true })
  readonly previousState!: ApiStatus | null;

  @Column('text', { name: 'post_state' })
  readonly postState!: ApiStatus;

  /** The user's name as the wire shows it. */
  @Column('text', { name: 'user_name' })
  readonly user!: string;

  /** Given by the database as it writes the row, so that two events of one transaction keep their order. */
  @CreateDateColumn({ type: 'timestamptz', name: 'happened_at' })
  readonly happenedAt!: Date;
}
