import { Column, CreateDateColumn, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { KeyType } from '../../domain/gateway-documents.js';
import type { StoredProperties } from './resident-properties.js';

/** What was asked of the key manager for a client; the wire shows it as it stands here. */
export interface KeySettings {
  readonly grantTypes: readonly string[];
  readonly callbackUrl: string;
  /** The key manager's own properties, as `additionalProperties` carries them. */
  readonly properties: StoredProperties;
}

/** The key mapping: which OAuth client acts for an application with one type of key at one key manager. */
@Entity('application_keys')
@Unique('application_keys_type', ['applicationId', 'keyType', 'keyManagerOrganization', 'keyManager'])
export class ApplicationKeyEntity {
  @PrimaryColumn('uuid') readonly id!: string;
  /** The application's. */
  @Column('text') readonly organization!: string;
  @Column('uuid', { name: 'application_id' }) readonly applicationId!: string;
  @Column('text', { name: 'key_type' }) readonly keyType!: KeyType;
  /** The tenant in which the client lives; another than the application's where its keys are for the APIs of that one. */
  @Column('text', { name: 'key_manager_organization' }) readonly keyManagerOrganization!: string;
  /** The key manager's name. */
  @Column('text', { name: 'key_manager' }) readonly keyManager!: string;
  /** Null while the registration waits for approval. */
  @Column('text', { name: 'consumer_key', nullable: true }) consumerKey!: string | null;
  /** Of a client at an outside key manager, encrypted; null where it is not known or may not be kept. */
  @Column('text', { name: 'client_secret', nullable: true }) clientSecret!: string | null;
  /** `CREATED` by us, or `MAPPED` from a client that existed before. */
  @Column('text') readonly mode!: 'CREATED' | 'MAPPED';
  /** `CREATED` while there is no client yet: its registration runs, was cut off, or waits for approval. */
  @Column('text') state!: 'COMPLETED' | 'CREATED' | 'REJECTED';
  @Column('jsonb') settings!: KeySettings;
  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' }) readonly createdAt!: Date;
}
