import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TenantConfig } from './tenant-config.js';

/** What a tenant's administrator configured; a key that is absent has its default. */
@Entity('tenant_configs')
export class TenantConfigEntity {
  @PrimaryColumn('text')
  readonly organization!: string;

  @Column('jsonb')
  readonly document!: TenantConfig;
}
