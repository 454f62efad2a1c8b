import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { KeyRestrictions, KeyType } from '../domain/gateway-documents.js';

/** An API key without its value, of which only the hash is kept. */
@Entity('api_keys')
@Unique('api_keys_hash', ['organization', 'hash'])
export class ApiKeyEntity {
  @PrimaryColumn('uuid') readonly id!: string;
  @Column('text') readonly organization!: string;
  /** User name inside the organization. */
  @Column('text') owner!: string;
  @Column('text') readonly name!: string;
  @Column('text', { name: 'key_type' }) readonly keyType!: KeyType;
  /** SHA-256 as base64url; see `hashOf`. */
  @Column('text') hash!: string;
  /** Null for the key of an application. */
  @Column('uuid', { name: 'api_id', nullable: true }) readonly apiId!: string | null;
  /** The application it belongs to or, with an API, is associated with. */
  @Column('uuid', { name: 'application_id', nullable: true }) applicationId!: string | null;
  @Column('jsonb') readonly restrictions!: KeyRestrictions;
  /** Seconds; -1 never ends. The driver gives large integers as text. */
  @Column('bigint', { name: 'validity_seconds', transformer: { to: (value: number) => value, from: Number } })
  readonly validitySeconds!: number;
  @Column('timestamptz', { name: 'issued_at' }) issuedAt!: Date;
  @Column('timestamptz', { name: 'expires_at', nullable: true }) expiresAt!: Date | null;
  @Column('timestamptz', { name: 'last_used_at', nullable: true }) lastUsedAt!: Date | null;
}
