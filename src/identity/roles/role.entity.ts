import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('roles')
export class RoleEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  organization!: string;

  /** `admin`, `Internal/creator`, `Application/x`, …; unique in the tenant without regard to case. */
  @Column('text')
  name!: string;

  /** Permission paths such as `/permission/admin/login`; scopes are mapped elsewhere. */
  @Column('text', { array: true })
  permissions!: readonly string[];

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'modified_at' })
  modifiedAt!: Date;
}

@Entity('user_roles')
export class UserRoleEntity {
  @PrimaryColumn('text')
  organization!: string;

  @PrimaryColumn('uuid', { name: 'user_id' })
  userId!: string;

  @PrimaryColumn('uuid', { name: 'role_id' })
  roleId!: string;
}

@Entity('scope_roles')
export class ScopeRolesEntity {
  @PrimaryColumn('text')
  organization!: string;

  @PrimaryColumn('text')
  scope!: string;

  @Column('text', { array: true })
  roles!: readonly string[];
}
