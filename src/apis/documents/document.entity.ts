import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The built-in ones; an installation may have more. */
export const DOCUMENT_TYPES = ['HOWTO', 'SAMPLES', 'PUBLIC_FORUM', 'SUPPORT_FORUM', 'API_MESSAGE_FORMAT', 'SWAGGER_DOC', 'OTHER'] as const;

/** Where the content of a document is: a text kept here, plain or Markdown; an address elsewhere; a file kept here. */
export const DOCUMENT_SOURCE_TYPES = ['INLINE', 'MARKDOWN', 'URL', 'FILE'] as const;
export type DocumentSourceType = (typeof DOCUMENT_SOURCE_TYPES)[number];

export const DOCUMENT_VISIBILITIES = ['OWNER_ONLY', 'PRIVATE', 'API_LEVEL'] as const;
export type DocumentVisibility = (typeof DOCUMENT_VISIBILITIES)[number];

/** What is known of a document without its content. */
@Entity('api_documents')
export class DocumentEntity {
  @PrimaryColumn('uuid')
  readonly id!: string;

  @Column('text')
  readonly organization!: string;

  @Column('uuid', { name: 'api_id' })
  readonly apiId!: string;

  @Column('text')
  name!: string;

  @Column('text')
  type!: string;

  /** Empty unless the type is `OTHER`. */
  @Column('text', { name: 'other_type_name' })
  otherTypeName!: string;

  @Column('text', { nullable: true })
  summary!: string | null;

  @Column('text', { name: 'source_type' })
  sourceType!: DocumentSourceType;

  /** Empty unless the source is `URL`. */
  @Column('text', { name: 'source_url' })
  sourceUrl!: string;

  /** Empty until a file is there. */
  @Column('text', { name: 'file_name' })
  fileName!: string;

  /** What the metadata said; the content proper is written by an operation of its own (`reference/publisher.md` §9). Lists do not load it. */
  @Column('text', { name: 'inline_content' })
  inlineContent!: string;

  @Column('text')
  visibility!: DocumentVisibility;

  @Column('timestamptz', { name: 'created_at' })
  readonly createdAt!: Date;

  @Column('text', { name: 'created_by' })
  readonly createdBy!: string;

  /** Moves with the content too. */
  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;

  @Column('text', { name: 'updated_by' })
  updatedBy!: string;
}

/** A document as lists show it. */
export type ListedDocument = Omit<DocumentEntity, 'inlineContent'>;
