import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('tenants')
export class TenantEntity {
  /** The domain. */
  @PrimaryColumn('text')
  organization!: string;

  /** Names the tenant in its REST API. */
  @Column('uuid')
  id!: string;

  /** The small number in tokens and gateway data; the super tenant is −1234, the first created one 1. */
  @Column('int', { name: 'tenant_id' })
  tenantId!: number;

  @Column('text')
  name!: string;

  @Column('boolean')
  active!: boolean;

  /** Null only in a super tenant whose administrator is not to be created. */
  @Column('uuid', { name: 'owner_id', nullable: true })
  ownerId!: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
