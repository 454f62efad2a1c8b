import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Api, ApiDetails, ApiStatus, ApiType, Visibility } from '../domain/api.js';

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
}
