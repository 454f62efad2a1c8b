import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { KeyType } from '../../domain/gateway-documents.js';

/** A mediation sequence that answers the calls of one key type in place of a backend. */
@Entity('api_sequence_backends')
export class SequenceBackendEntity {
  @PrimaryColumn('uuid', { name: 'api_id' })
  readonly apiId!: string;

  @PrimaryColumn('text')
  readonly type!: KeyType;

  @Column('text')
  readonly organization!: string;

  /** The XML as it was sent: one sequence, or mediators side by side. */
  @Column('text')
  content!: string;
}
