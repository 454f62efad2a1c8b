import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ClientSettings } from './oauth-client.js';

@Entity('oauth_clients')
export class OAuthClientEntity {
  @PrimaryColumn('text', { name: 'client_id' })
  clientId!: string;

  @Column('text')
  organization!: string;

  @Column('text')
  name!: string;

  @Column('text', { name: 'display_name' })
  displayName!: string;

  /** The owner's user name, without the tenant. */
  @Column('text')
  owner!: string;

  @Column('text', { name: 'grant_types', array: true })
  grantTypes!: string[];

  @Column('text', { name: 'callback_url' })
  callbackUrl!: string;

  @Column('boolean')
  saas!: boolean;

  @Column('text', { name: 'token_type' })
  tokenType!: string;

  @Column('jsonb')
  settings!: ClientSettings;
}

@Entity('oauth_client_secrets')
export class OAuthClientSecretEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  organization!: string;

  @Column('text', { name: 'client_id' })
  clientId!: string;

  /** Counts up: the highest is the newest. */
  @Column({ type: 'bigint', insert: false, update: false })
  ordinal!: string;

  /** Encrypted; null where only the hash is kept. */
  @Column('text', { nullable: true })
  secret!: string | null;

  /** SHA-256, hexadecimal, of a random secret; argon2id of one that a caller chose. */
  @Column('text')
  hash!: string;

  @Column('text')
  description!: string;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;
}
