import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { KeyManagerSettings } from './key-manager.js';

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
}
