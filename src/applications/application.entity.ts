import { Column, CreateDateColumn, Entity, PrimaryColumn, Unique, UpdateDateColumn } from 'typeorm';
import type { Application, ApplicationStatus, ApplicationVisibility, TokenType } from '../domain/application.js';
import type { QuotaResets } from '../domain/quota-resets.js';

@Entity('applications')
@Unique('applications_owner_name', ['organization', 'owner', 'name'])
@Unique('applications_number', ['organization', 'number'])
export class ApplicationEntity implements Application {
  @PrimaryColumn('uuid') readonly id!: string;
  @Column('text') readonly organization!: string;
  @Column('int') readonly number!: number;
  @Column('text') name!: string;
  @Column('text') owner!: string;
  @Column('text') status!: ApplicationStatus;
  @Column('text', { name: 'throttling_policy' }) throttlingPolicy!: string;
  @Column('text') description!: string;
  @Column('text', { name: 'token_type' }) tokenType!: TokenType;
  @Column('text') visibility!: ApplicationVisibility;
  @Column('text', { name: 'consumer_organization' }) consumerOrganization!: string;
  @Column('text', { array: true }) groups!: string[];
  @Column('jsonb') attributes!: Record<string, string>;
  @Column('jsonb', { name: 'quota_resets' }) quotaResets!: QuotaResets;
  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' }) readonly createdAt!: Date;
  @UpdateDateColumn({ type: 'timestamptz', name: 'updated_at' }) updatedAt!: Date;
}
