import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Values by the local claim's name, the part after `http://wso2.org/claims/` (`reference/identity.md` §5). */
export type Claims = Readonly<Record<string, string>>;

@Entity('users')
export class UserEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  organization!: string;

  /** Without the tenant; unique in it without regard to case. */
  @Column('text')
  name!: string;

  /** Read only where passwords are checked. */
  @Column('text', { name: 'password_hash', nullable: true, select: false })
  passwordHash!: string | null;

  @Column('jsonb')
  claims!: Claims;

  /** Set by an administrator, without an end. */
  @Column('boolean')
  locked!: boolean;

  @Column('boolean')
  disabled!: boolean;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'modified_at' })
  modifiedAt!: Date;
}
