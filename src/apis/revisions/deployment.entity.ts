import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { BackendDocument } from '../../domain/gateway-documents.js';

/** The one revision of an API that an environment serves. */
@Entity('api_deployments')
export class DeploymentEntity {
  @PrimaryColumn('uuid', { name: 'api_id' })
  readonly apiId!: string;

  /** The environment's name. */
  @PrimaryColumn('text')
  readonly environment!: string;

  @Column('text')
  readonly organization!: string;

  @Column('uuid', { name: 'revision_id' })
  readonly revisionId!: string;

  @Column('text')
  vhost!: string;

  @Column('boolean', { name: 'display_on_devportal' })
  displayOnDevportal!: boolean;

  @Column('timestamptz', { name: 'deployed_at' })
  readonly deployedAt!: Date;

  /** Taken off the gateways by an operator; a new deployment serves again. */
  @Column('boolean', { default: false })
  withdrawn!: boolean;

  /** Of a product: where each of its members led when it was deployed. */
  @Column('jsonb', { nullable: true })
  readonly backends!: readonly BackendDocument[] | null;
}
