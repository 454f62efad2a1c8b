import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ThemeRow } from './theme-shelf.js';

/** What a tenant shows in the developer portal as its own pages, as its administrator packed it. */
@Entity('org_themes')
export class OrgThemeEntity implements ThemeRow {
  @PrimaryColumn('uuid')
  readonly id!: string;

  @Column('text')
  readonly organization!: string;

  /** In use, or a draft; a tenant has one of each at most. */
  @Column('boolean')
  published!: boolean;

  /** A zip archive; read only where it is asked for. */
  @Column('bytea', { select: false })
  readonly content!: Buffer;
}
