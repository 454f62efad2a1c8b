import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ConditionType } from '../../domain/deny-rules.js';
import type { ConditionValue, DenyPolicy } from './deny-policy.js';

@Entity('deny_policies')
export class DenyPolicyEntity implements DenyPolicy {
  @PrimaryColumn('uuid')
  readonly id!: string;

  @Column('text')
  readonly organization!: string;

  @Column('text')
  readonly type!: ConditionType;

  @Column('json')
  readonly value!: ConditionValue;

  @Column('text')
  readonly subject!: string;

  @Column('boolean')
  active!: boolean;

  @Column('timestamptz', { name: 'created_at' })
  readonly createdAt!: Date;
}
