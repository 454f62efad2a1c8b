import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Properties of an API in one gateway environment, by name. */
export type EnvironmentProperties = Readonly<Record<string, string>>;

@Entity('api_environment_keys')
export class EnvironmentKeysEntity {
  @PrimaryColumn('uuid', { name: 'api_id' })
  readonly apiId!: string;

  @PrimaryColumn('text', { name: 'environment_id' })
  readonly environmentId!: string;

  @Column('text')
  readonly organization!: string;

  @Column('jsonb')
  properties!: EnvironmentProperties;
}
