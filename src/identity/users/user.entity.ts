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

  /** Failed logins in a row. */
  @Column('int', { name: 'failed_logins' })
  failedLogins!: number;

  /** How often failed logins locked the account since the last success. */
  @Column('int')
  lockouts!: number;

  /** Failed logins keep the account locked until then. */
  @Column('timestamptz', { name: 'unlock_at', nullable: true })
  unlockAt!: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'modified_at' })
  modifiedAt!: Date;
}
