import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn } from 'typeorm';
import type { WorkflowStatus, WorkflowType } from './workflow-types.js';

/** One attribute that a change would replace. */
export interface AttributeUpdate {
  readonly attributeName: string;
  readonly current: string;
  readonly expected: string;
}

/** What an approver is shown: texts, and of a change the list of replaced attributes. */
export type WorkflowProperties = Readonly<Record<string, string | readonly AttributeUpdate[]>>;

/** What a completion needs to know beside the ids; its shape is the affair of the type's owner. */
export type WorkflowInput = Readonly<Record<string, string>>;

/** A change that waits for a decision, or was decided. It goes with the last of what it is about. */
@Entity('workflows')
export class WorkflowEntity {
  /** The external reference. */
  @PrimaryColumn('uuid') readonly id!: string;
  @Column('text') readonly organization!: string;
  @Column('text') readonly type!: WorkflowType;
  @Column('text') readonly status!: WorkflowStatus;
  /** What is decided about; one undecided workflow of a type at a time. */
  @Column('text') readonly subject!: string;
  @Column('uuid', { name: 'api_id', nullable: true }) readonly apiId!: string | null;
  @Column('uuid', { name: 'application_id', nullable: true }) readonly applicationId!: string | null;
  @Column('uuid', { name: 'subscription_id', nullable: true }) readonly subscriptionId!: string | null;
  @Column('uuid', { name: 'revision_id', nullable: true }) readonly revisionId!: string | null;
  /** Whose sign-up it is. */
  @Column('uuid', { name: 'user_id', nullable: true }) readonly userId!: string | null;
  /** Which keys wait for their client. */
  @Column('uuid', { name: 'key_mapping_id', nullable: true }) readonly keyMappingId!: string | null;
  /** Whether an outside system was asked. */
  @Column('boolean', { name: 'is_outside' }) readonly isOutside!: boolean;
  @Column('jsonb') readonly properties!: WorkflowProperties;
  @Column('jsonb') readonly input!: WorkflowInput;
  @Column('text') readonly description!: string;
  @Column('text', { name: 'decided_by', nullable: true }) readonly decidedBy!: string | null;
  @Column('text', { nullable: true }) readonly note!: string | null;
  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' }) readonly createdAt!: Date;
  @UpdateDateColumn({ type: 'timestamptz', name: 'updated_at' }) readonly updatedAt!: Date;
}
