import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The text or the file of a document, in its own table so that lists never load it. */
@Entity('api_document_contents')
export class DocumentContentEntity {
  @PrimaryColumn('uuid', { name: 'document_id' })
  readonly documentId!: string;

  @Column('text')
  readonly organization!: string;

  @Column('text', { name: 'media_type' })
  readonly mediaType!: string;

  @Column('bytea')
  readonly bytes!: Buffer;
}
