import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { durationMs } from '../../platform/config/duration.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import type { WorkflowEntity } from '../../workflows/workflow.entity.js';
import { Workflows } from '../../workflows/workflows.service.js';
import type { DeploymentStatus } from './revisions.dto.js';

/** A deployment with what the gateways of its environment said about it. */
export interface DeploymentView {
  readonly revisionId: string;
  readonly environment: string;
  /** `CREATED` waits for an approval and `REJECTED` was refused it: only `APPROVED` ones reach a gateway. */
  readonly status: DeploymentStatus;
  readonly vhost: string;
  readonly displayOnDevportal: boolean;
  readonly deployedAt: Date;
  /** When a gateway last confirmed it; null while none has. */
  readonly confirmedAt: Date | null;
  /** Gateways of the environment that are alive; those that serve the deployment; those that refused it. */
  readonly live: number;
  readonly deployed: number;
  readonly failed: number;
}

/** Reads deployments together with the acknowledgements of the gateways (`reference/operations.md` §4). */
@Injectable()
export class DeploymentsQueries {
  constructor(
    private readonly database: DataSource,
    private readonly config: ApimConfig,
    private readonly workflows: Workflows,
  ) {}

  /** As {@link ofApi}, and after them the requests for deployments that wait or were refused: the last one of a revision and an environment. */
  async withRequests(organization: string, apiId: string, em: EntityManager = this.database.manager): Promise<readonly DeploymentView[]> {
    const requests = await this.workflows.of(organization, { type: 'REVISION_DEPLOYMENT', apiId }, em);
    const latest = new Map(requests.map((request) => [request.subject, request]));
    return [...(await this.ofApi(organization, apiId, em)), ...[...latest.values()].flatMap(toRequestView)];
  }

  /** All deployments of an API that gateways serve, by environment; inside a transaction when its manager is given. */
  async ofApi(organization: string, apiId: string, em: EntityManager = this.database.manager): Promise<readonly DeploymentView[]> {
    const { enabled, cleanup } = this.config.gatewayNotification;
    // An acknowledgement counts when it is of this very deployment: same revision, and not left over from an earlier one.
    return em.query<DeploymentView[]>(
      `SELECT d.revision_id AS "revisionId", d.environment, 'APPROVED' AS status, d.vhost, d.display_on_devportal AS "displayOnDevportal", d.deployed_at AS "deployedAt",
         greatest(max(a.acknowledged_at) FILTER (WHERE a.ok), max(reported.reported_at)) AS "confirmedAt", count(g.gateway_id)::int AS live,
         (count(*) FILTER (WHERE a.ok))::int AS deployed, (count(*) FILTER (WHERE NOT a.ok))::int AS failed
       FROM api_deployments d
       LEFT JOIN gateways g ON $3 AND d.environment = ANY (g.labels) AND NOT g.stopped
         AND (g.tenants IS NULL OR d.organization = ANY (g.tenants)) AND g.last_active > now() - make_interval(secs => $4)
       LEFT JOIN gateway_acknowledgements a ON a.gateway_id = g.gateway_id AND a.api_id = d.api_id AND a.environment = d.environment
         AND a.revision_id = d.revision_id AND a.acknowledged_at >= d.deployed_at
       LEFT JOIN deployed_revisions reported ON reported.api_id = d.api_id AND reported.environment = d.environment
         AND reported.revision_id = d.revision_id AND reported.reported_at >= d.deployed_at
       WHERE d.organization = $1 AND d.api_id = $2
       GROUP BY d.api_id, d.environment ORDER BY d.environment`,
      [organization, apiId, enabled, durationMs(cleanup.expiryTime) / 1_000],
    );
  }
}

/** No gateway knows of it; an approved one is a deployment of its own. */
const toRequestView = ({ revisionId, input, status, createdAt }: WorkflowEntity): readonly DeploymentView[] => {
  const { environment = '', vhost = '' } = input;
  if (status === 'APPROVED' || revisionId === null) return [];
  const counts = { live: 0, deployed: 0, failed: 0 };
  return [{ revisionId, environment, status, vhost, displayOnDevportal: false, deployedAt: createdAt, confirmedAt: null, ...counts }];
};
