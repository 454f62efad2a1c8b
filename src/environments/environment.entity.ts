import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Environment, EnvironmentMode, EnvironmentPermissions, VHost } from './environment.js';

/** An environment made by an administrator. */
@Entity('environments')
export class EnvironmentEntity implements Environment {
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

  @Column('text')
  provider!: string;

  @Column('text')
  type!: string;

  @Column('text', { name: 'gateway_type' })
  gatewayType!: string;

  @Column('text')
  mode!: EnvironmentMode;

  @Column('double precision', { name: 'discovery_minutes' })
  discoveryMinutes!: number;

  @Column('jsonb')
  vhosts!: readonly VHost[];

  @Column('jsonb', { name: 'endpoint_uris' })
  endpointUris!: readonly { protocol: string; endpointURI: string }[];

  @Column('jsonb', { name: 'additional_properties' })
  additionalProperties!: readonly { key: string; value: string }[];

  @Column('jsonb')
  permissions!: EnvironmentPermissions;

  /** Only those of the configuration file are read-only. */
  get isReadOnly(): boolean {
    return false;
  }
}
