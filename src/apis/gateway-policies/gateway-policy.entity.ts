import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PolicyFlows } from '../../domain/api.js';

/** A named set of common policies that gateways run for every API of the tenant. */
@Entity('gateway_policies')
export class GatewayPolicyEntity {
  @PrimaryColumn('uuid')
  readonly id!: string;

  @Column('text')
  readonly organization!: string;

  @Column('text', { name: 'display_name' })
  displayName!: string;

  @Column('text')
  description!: string;

  /** Each policy by the id of the common one, its secrets encrypted. */
  @Column('jsonb')
  flows!: PolicyFlows;

  @Column('timestamptz', { name: 'created_at' })
  readonly createdAt!: Date;
}

/** Which set the gateways of a label run: one at most. */
@Entity('gateway_policy_deployments')
export class GatewayPolicyDeploymentEntity {
  @PrimaryColumn('text')
  readonly organization!: string;

  /** The name of an environment. */
  @PrimaryColumn('text')
  readonly label!: string;

  @Column('uuid', { name: 'mapping_id' })
  readonly mappingId!: string;

  @Column('timestamptz', { name: 'deployed_at' })
  readonly deployedAt!: Date;
}
