import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PictureType } from './picture.js';

/** The picture of an API. */
@Entity('api_thumbnails')
export class ThumbnailEntity {
  @PrimaryColumn('uuid', { name: 'api_id' })
  readonly apiId!: string;

  @Column('text')
  readonly organization!: string;

  @Column('text', { name: 'media_type' })
  readonly mediaType!: PictureType;

  @Column('bytea')
  readonly content!: Buffer;
}
