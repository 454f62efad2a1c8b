import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ConditionalGroup } from '../domain/conditional-groups.js';
import type { Burst, PolicyLevel, Quota } from '../domain/throttling.js';
import type { Plan, ThrottlingPolicy } from './throttling-policy.js';

@Entity('throttling_policies')
export class ThrottlingPolicyEntity implements ThrottlingPolicy {
  @PrimaryColumn('uuid')
  readonly id!: string;

  @Column('text')
  readonly organization!: string;

  @Column('text')
  readonly level!: PolicyLevel;

  @Column('text')
  readonly name!: string;

  @Column('text', { name: 'display_name' })
  displayName!: string;

  @Column('text')
  description!: string;

  @Column('jsonb')
  quota!: Quota;

  @Column('jsonb', { nullable: true })
  burst!: Burst | null;

  @Column('boolean', { name: 'stop_on_quota_reach' })
  stopOnQuotaReach!: boolean;

  @Column('jsonb', { nullable: true })
  plan!: Plan | null;

  @Column('jsonb', { name: 'conditional_groups' })
  conditionalGroups!: readonly ConditionalGroup[];
}
