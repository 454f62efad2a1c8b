import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How the developer portal looks to a tenant's visitors. */
@Entity('tenant_themes')
export class TenantThemeEntity {
  @PrimaryColumn('text')
  readonly organization!: string;

  /** A zip archive. */
  @Column('bytea')
  readonly content!: Buffer;
}
