import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { DataSource } from 'typeorm';
import { SUPER_TENANT } from '../../domain/organization.js';
import type { User } from '../../domain/user.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import { everythingOf } from '../addressed-tenants.js';
import type { GatewayDeploymentStatusAcknowledgmentDto, NotifyGatewayPayloadDto } from './gateways.dto.js';
import { AcknowledgementsMissing, NotificationInvalid } from './internal-data.problems.js';

export type GatewayNotice = Pick<NotifyGatewayPayloadDto, 'gatewayId' | 'environmentLabels' | 'loadingTenants' | 'gatewayProperties'>;

/**
 * Gateways of others that tell the control plane of themselves as ours do. One belongs to the tenant whose administrator registered it: it is counted
 * among the gateways of that tenant alone, or, of the super tenant, of those tenants that it says it loads (none named: all).
 */
@Injectable()
export class OutsideGateways {
  constructor(
    private readonly database: DataSource,
    private readonly config: ApimConfig,
  ) {}

  /** Gives the gateway's id, a new one unless it has one. @throws NotificationInvalid (400), also for the id of somebody else's gateway. */
  async register(caller: User, { gatewayId, gatewayProperties, ...notice }: GatewayNotice): Promise<string> {
    // What a gateway has nothing to say of may be null.
    const [environmentLabels, loadingTenants] = [notice.environmentLabels ?? [], notice.loadingTenants ?? []];
    if (environmentLabels.length === 0) throw NotificationInvalid('environmentLabels must name an environment.');
    const foreign = loadingTenants.find((tenant) => tenant !== caller.organization && caller.organization !== SUPER_TENANT);
    if (foreign !== undefined) throw NotificationInvalid(`loadingTenants must not name ${foreign}.`);
    const id = gatewayId || randomUUID();
    const tenants = caller.organization === SUPER_TENANT && loadingTenants.length === 0 ? null : [caller.organization, ...loadingTenants];
    const rows: readonly unknown[] = await this.database.query(
      `INSERT INTO gateways (gateway_id, labels, tenants, address, owner) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (gateway_id) DO UPDATE SET labels = excluded.labels, tenants = excluded.tenants, address = excluded.address, stopped = false,
         last_active = now()
       WHERE gateways.owner = excluded.owner RETURNING gateway_id`,
      [id, [...new Set(environmentLabels)], tenants && [...new Set(tenants)], gatewayProperties?.ipAddress ?? null, caller.organization],
    );
    if (rows.length === 0) throw NotificationInvalid(`The gateway id ${id} is taken.`);
    return id;
  }

  /** @throws NotificationInvalid (400) for a gateway that is not registered, or not by the caller's tenant. */
  async heartbeat(caller: User, { gatewayId }: GatewayNotice): Promise<string> {
    if (!gatewayId) throw NotificationInvalid('gatewayId must be given.');
    const [rows]: [readonly unknown[], number] = await this.database.query(
      'UPDATE gateways SET last_active = now(), stopped = false WHERE gateway_id = $1 AND owner = $2 RETURNING gateway_id',
      [gatewayId, caller.organization],
    );
    if (rows.length === 0) throw NotificationInvalid(`The gateway ${gatewayId} is not registered: send REGISTER first.`);
    return gatewayId;
  }

  /**
   * Notes what gateways say of deployments. What is not of a deployment as it is now, or not of a gateway of the caller's, is passed over; whether
   * anything was noted. @throws AcknowledgementsMissing (400).
   */
  async acknowledge(caller: User, list: readonly GatewayDeploymentStatusAcknowledgmentDto[] | null | undefined): Promise<boolean> {
    if (!list || list.length === 0) throw AcknowledgementsMissing();
    if (!this.config.gatewayNotification.enabled) return false;
    const rows = list.flatMap((one, position) =>
      isUUID(one.apiId)
        ? [{ ...one, position, isUndeployed: one.action === 'UNDEPLOY', ok: one.deploymentStatus === 'SUCCESS', error: errorOf(one) }]
        : [],
    );
    const [{ noted }]: [{ noted: number }] = await this.database.query(
      `WITH notices AS (
         SELECT n.*, g.labels, g.tenants
         FROM jsonb_to_recordset($1::jsonb) AS n(position int, "gatewayId" text, "apiId" uuid, "tenantDomain" text, "revisionId" text, ok boolean,
           error text, "isUndeployed" boolean)
         JOIN gateways g ON g.gateway_id = n."gatewayId" AND g.owner = $2
         WHERE $3::text IS NULL OR n."tenantDomain" = $3
       ), told AS (
         SELECT DISTINCT ON (n."gatewayId", d.api_id, d.environment) n."gatewayId" AS gateway_id, d.organization, d.api_id, d.environment, d.revision_id,
           document.seq, n.ok, n.error, n."isUndeployed"
         FROM notices n
         JOIN api_deployments d ON d.api_id = n."apiId" AND d.organization = n."tenantDomain" AND d.environment = ANY (n.labels)
           AND (n.tenants IS NULL OR d.organization = ANY (n.tenants))
           AND (coalesce(n."revisionId", '') = '' OR d.revision_id::text = lower(n."revisionId"))
         LEFT JOIN gateway_document document ON document.organization = d.organization AND document.kind = 'api'
           AND document.key = d.api_id || ':' || d.environment AND NOT document.deleted
         ORDER BY n."gatewayId", d.api_id, d.environment, n.position DESC
       ), deployed AS (
         INSERT INTO gateway_acknowledgements (gateway_id, organization, api_id, environment, revision_id, seq, ok, error)
         SELECT gateway_id, organization, api_id, environment, revision_id, seq, ok, error FROM told WHERE NOT "isUndeployed" AND seq IS NOT NULL
         ON CONFLICT (gateway_id, api_id, environment) DO UPDATE SET revision_id = excluded.revision_id, seq = excluded.seq, ok = excluded.ok,
           error = excluded.error, acknowledged_at = now()
         RETURNING 1
       ), undeployed AS (
         -- Of what is not deployed any more, too: that is when most gateways say so. What the same message says was deployed since stays.
         DELETE FROM gateway_acknowledgements a USING notices n
         WHERE n."isUndeployed" AND n.ok AND a.gateway_id = n."gatewayId" AND a.api_id = n."apiId" AND a.organization = n."tenantDomain"
           AND (coalesce(n."revisionId", '') = '' OR a.revision_id::text = lower(n."revisionId"))
           AND NOT EXISTS (SELECT FROM told WHERE told.gateway_id = a.gateway_id AND told.api_id = a.api_id AND told.environment = a.environment
             AND NOT told."isUndeployed" AND told.seq IS NOT NULL)
         RETURNING 1
       )
       SELECT ((SELECT count(*) FROM deployed) + (SELECT count(*) FROM undeployed))::int AS noted`,
      [JSON.stringify(rows), caller.organization, everythingOf(caller)],
    );
    return noted > 0;
  }
}

const errorOf = ({ deploymentStatus, errorCode, errorMessage }: GatewayDeploymentStatusAcknowledgmentDto): string | null =>
  deploymentStatus === 'SUCCESS' ? null : [errorCode, errorMessage].filter((part) => part !== undefined && part !== null).join(' ');
