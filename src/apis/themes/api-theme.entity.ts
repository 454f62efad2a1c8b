import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ThemeRow } from '../../themes/theme-shelf.js';

/** A look for the pages of an API in the developer portal, as its publisher packed it. */
@Entity('api_themes')
export class ApiThemeEntity implements ThemeRow {
  @PrimaryColumn('uuid')
  readonly id!: string;

  @Column('text')
  readonly organization!: string;

  @Column('uuid', { name: 'api_id' })
  readonly apiId!: string;

  /** In use, or a draft; an API has one of each at most. */
  @Column('boolean')
  published!: boolean;

  /** A zip archive; read only where it is asked for. */
  @Column('bytea', { select: false })
  readonly content!: Buffer;
}
