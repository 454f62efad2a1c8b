import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { durationMs } from '../platform/config/duration.js';
import { ApimConfig } from '../platform/config/sections/apim.config.js';

/** A gateway process of an environment. */
export interface GatewayInstance {
  readonly gatewayId: string;
  readonly lastActive: Date;
  /** Whether it was heard of lately, and was not shut down since. */
  readonly isActive: boolean;
}

/** Reads which gateways run: ours, and those of others that registered. */
@Injectable()
export class GatewayInstancesQueries {
  constructor(
    private readonly database: DataSource,
    private readonly config: ApimConfig,
  ) {}

  /** Those that serve the tenant's APIs in the environment, the one heard of last first. */
  async of(organization: string, environment: string): Promise<readonly GatewayInstance[]> {
    return this.database.query(
      `SELECT gateway_id AS "gatewayId", last_active AS "lastActive",
         (NOT stopped AND last_active > now() - make_interval(secs => $3)) AS "isActive"
       FROM gateways WHERE $2 = ANY (labels) AND (tenants IS NULL OR $1 = ANY (tenants)) ORDER BY last_active DESC, gateway_id`,
      [organization, environment, durationMs(this.config.gatewayNotification.cleanup.expiryTime) / 1_000],
    );
  }
}
