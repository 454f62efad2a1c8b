import { Column, Entity, PrimaryColumn, VirtualColumn } from 'typeorm';
import type { Api, ApiDetails, ApiStatus, ApiType, ProductUse, Visibility } from '../domain/api.js';

const PRODUCT_USES = `SELECT jsonb_agg(jsonb_build_object('productId', used.product_id, 'target', used.target, 'verb', used.verb) ORDER BY used.product_id)
  FROM api_product_resources used WHERE used.api_id`;

@Entity('apis')
export class ApiEntity implements Api {
  @PrimaryColumn('uuid')
  readonly id!: string;

  @Column('text')
  readonly organization!: string;

  @Column('text')
  provider!: string;

  @Column('text')
  readonly name!: string;

  @Column('text')
  readonly version!: string;

  @Column('text')
  readonly context!: string;

  @Column('text', { name: 'context_template' })
  readonly contextTemplate!: string;

  /** Where the API answers, tenant prefix and version included; unique over all tenants. */
  @Column('text')
  readonly path!: string;

  @Column('text')
  readonly type!: ApiType;

  @Column('text')
  status!: ApiStatus;

  @Column('boolean', { name: 'is_default_version' })
  isDefaultVersion!: boolean;

  @Column('text')
  visibility!: Visibility;

  @Column('text', { name: 'visible_roles', array: true })
  visibleRoles!: readonly string[];

  @Column('text', { name: 'access_control_roles', array: true })
  accessControlRoles!: readonly string[];

  @Column('text', { array: true })
  tags!: readonly string[];

  @Column('text', { array: true })
  policies!: readonly string[];

  @Column('text', { array: true })
  categories!: readonly string[];

  @Column('jsonb')
  details!: ApiDetails;

  @Column('timestamptz', { name: 'created_at' })
  readonly createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;

  @Column('text', { name: 'updated_by' })
  updatedBy!: string;

  /** Read along in the same statement, never written. */
  @VirtualColumn({ type: 'jsonb', query: (apis) => `${PRODUCT_USES} = ${apis}.id` })
  readonly productUses?: readonly ProductUse[] | null;
}
