import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Api } from '../../domain/api.js';
import type { DefinitionKind } from '../definitions/definition.js';

/** What a revision keeps of the API: everything but its life-cycle state and its dates, which belong to the working copy. */
export type ApiSnapshot = Omit<Api, 'status' | 'isDefaultVersion' | 'createdAt' | 'updatedAt' | 'updatedBy'>;

/** An API and its definition as they were at one moment. Written once, never changed. */
@Entity('api_revisions')
export class RevisionEntity {
  @PrimaryColumn('uuid')
  readonly id!: string;

  @Column('text')
  readonly organization!: string;

  @Column('uuid', { name: 'api_id' })
  readonly apiId!: string;

  /** Counted per API and never given twice. */
  @Column('int')
  readonly number!: number;

  @Column('text')
  readonly description!: string;

  @Column('timestamptz', { name: 'created_at' })
  readonly createdAt!: Date;

  @Column('text', { name: 'created_by' })
  readonly createdBy!: string;

  @Column('jsonb')
  readonly snapshot!: ApiSnapshot;

  /** Null, as is the text, for API types without a definition. */
  @Column('text', { name: 'definition_kind', nullable: true })
  readonly definitionKind!: DefinitionKind | null;

  @Column('text', { nullable: true })
  readonly definition!: string | null;
}
