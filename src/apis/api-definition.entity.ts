import { Column, Entity, PrimaryColumn, type UpsertOptions } from 'typeorm';
import type { DefinitionKind } from './definitions/definition.js';

/** The definition of an API, in its own table so that lists never load it. */
@Entity('api_definitions')
export class ApiDefinitionEntity {
  @PrimaryColumn('uuid', { name: 'api_id' })
  readonly apiId!: string;

  @Column('text')
  readonly organization!: string;

  @Column('text')
  kind!: DefinitionKind;

  /** As it was given (JSON or YAML), with the product's extensions rewritten. */
  @Column('text')
  text!: string;
}

/** For upserts: a definition that stays as it is costs nothing, above all no search for its words. */
export const UNLESS_SAME: UpsertOptions<ApiDefinitionEntity> = { conflictPaths: ['apiId'], skipUpdateIfNoValuesChanged: true };
