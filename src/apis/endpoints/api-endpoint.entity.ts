import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { EndpointConfig } from '../../domain/api.js';

export const DEPLOYMENT_STAGES = ['PRODUCTION', 'SANDBOX'] as const;
export type DeploymentStage = (typeof DEPLOYMENT_STAGES)[number];

/** An endpoint of an API, whether it has a row of its own or stands in the API's `endpointConfig`. */
export interface ApiEndpoint {
  readonly id: string;
  readonly name: string;
  readonly deploymentStage: DeploymentStage;
  /** As `endpointConfig` of an API; secrets inside are encrypted. */
  readonly config: EndpointConfig;
  readonly apiDefinition: string | null;
}

@Entity('api_endpoints')
export class ApiEndpointEntity implements ApiEndpoint {
  @PrimaryColumn('uuid', { name: 'api_id' })
  readonly apiId!: string;

  @PrimaryColumn('uuid')
  readonly id!: string;

  @Column('text')
  readonly organization!: string;

  @Column('text')
  name!: string;

  @Column('text', { name: 'deployment_stage' })
  deploymentStage!: DeploymentStage;

  @Column('jsonb')
  config!: EndpointConfig;

  @Column('text', { name: 'api_definition', nullable: true })
  apiDefinition!: string | null;
}
