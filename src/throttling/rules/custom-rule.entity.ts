import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CustomRule } from './custom-rule.js';

@Entity('custom_rules')
export class CustomRuleEntity implements CustomRule {
  @PrimaryColumn('uuid')
  readonly id!: string;

  @Column('text')
  readonly organization!: string;

  @Column('text')
  readonly name!: string;

  @Column('text', { name: 'display_name' })
  displayName!: string;

  @Column('text')
  description!: string;

  @Column('text', { name: 'siddhi_query' })
  siddhiQuery!: string;

  @Column('text', { name: 'key_template' })
  keyTemplate!: string;
}
