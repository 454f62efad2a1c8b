import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An organization inside a tenant whose people use the tenant's APIs. */
@Entity('consumer_organizations')
export class ConsumerOrganizationEntity {
  /** What APIs name in `visibleOrganizations` and `organizationPolicies`. */
  @PrimaryColumn('uuid')
  readonly id!: string;

  /** The tenant. */
  @Column('text')
  readonly organization!: string;

  /** What the claim of its members holds. */
  @Column('text', { name: 'external_id' })
  externalId!: string;

  /** What the claim of those holds who keep this entry; empty where they have no such claim. */
  @Column('text', { name: 'parent_id' })
  readonly parentId!: string;

  @Column('text', { name: 'display_name' })
  displayName!: string;

  @Column('text')
  description!: string;
}
