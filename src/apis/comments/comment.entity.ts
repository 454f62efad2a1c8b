import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Where a comment was written; both faces show the comments of both. */
export type CommentEntryPoint = 'PUBLISHER' | 'DEVPORTAL';

/** A comment on an API, or a reply to one. */
@Entity('api_comments')
export class CommentEntity {
  @PrimaryColumn('uuid')
  readonly id!: string;

  @Column('text')
  readonly organization!: string;

  @Column('uuid', { name: 'api_id' })
  readonly apiId!: string;

  /** Null for a comment on the API itself. */
  @Column('uuid', { name: 'parent_id', nullable: true })
  readonly parentId!: string | null;

  @Column('text', { name: 'entry_point' })
  readonly entryPoint!: CommentEntryPoint;

  @Column('text')
  category!: string;

  @Column('text')
  content!: string;

  /** Who wrote it, maybe a user of another tenant; the row outlives the user. */
  @Column('uuid', { name: 'author_id' })
  readonly authorId!: string;

  /** The author's name as the wire shows it. */
  @Column('text')
  readonly author!: string;

  @Column('timestamptz', { name: 'created_at' })
  readonly createdAt!: Date;

  /** Null until it is changed. */
  @Column('timestamptz', { name: 'updated_at', nullable: true })
  updatedAt!: Date | null;
}
