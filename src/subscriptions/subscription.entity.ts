import { Column, CreateDateColumn, Entity, PrimaryColumn, Unique, UpdateDateColumn } from 'typeorm';
import type { SubscriptionState } from '../domain/gateway-documents.js';
import type { Subscription } from '../domain/subscription.js';

@Entity('subscriptions')
@Unique('subscriptions_pair', ['applicationId', 'apiId'])
export class SubscriptionEntity implements Subscription {
  @PrimaryColumn('uuid') readonly id!: string;
  @Column('text') readonly organization!: string;
  @Column('text', { name: 'api_organization' }) readonly apiOrganization!: string;
  @Column('uuid', { name: 'api_id' }) readonly apiId!: string;
  @Column('uuid', { name: 'application_id' }) readonly applicationId!: string;
  @Column('text') policy!: string;
  @Column('text', { name: 'requested_policy' }) requestedPolicy!: string;
  @Column('text') state!: SubscriptionState;
  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' }) readonly createdAt!: Date;
  @UpdateDateColumn({ type: 'timestamptz', name: 'updated_at' }) updatedAt!: Date;
}
