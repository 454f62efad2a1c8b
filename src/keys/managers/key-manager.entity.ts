import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { KeyManagerSettings, OutsideKey } from './key-manager.js';

@Entity('key_managers')
export class KeyManagerEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  organization!: string;

  @Column('text')
  name!: string;

  @Column('text', { name: 'display_name' })
  displayName!: string;

  @Column('text')
  type!: string;

  @Column('text')
  description!: string;

  @Column('boolean')
  enabled!: boolean;

  /** The resident one's follows the installation's host name and port, and is written anew when they change. */
  @Column('text')
  issuer!: string;

  @Column('jsonb')
  settings!: KeyManagerSettings;

  /** Masked properties of the connection by name, each encrypted. */
  @Column('jsonb', { default: {} })
  secrets!: Readonly<Record<string, string>>;

  /** Public signing keys: those last fetched, or the certificate's. Empty for the resident one, which has its own. */
  @Column('jsonb', { default: [] })
  keys!: readonly OutsideKey[];

  @Column('timestamptz', { name: 'keys_fetched_at', nullable: true })
  keysFetchedAt!: Date | null;

  /** Why the last attempt to fetch the keys failed; empty after a success. */
  @Column('text', { name: 'keys_error', default: '' })
  keysError!: string;
}
