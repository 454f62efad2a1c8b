import type { DeploymentView } from './deployments.queries.js';
import type { RevisionEntity } from './revision.entity.js';
import type { APIRevisionDeploymentDto, APIRevisionDto, APIRevisionListDto } from './revisions.dto.js';

/** A revision without its snapshot, as lists read it. */
export type RevisionHead = Pick<RevisionEntity, 'id' | 'apiId' | 'number' | 'description' | 'createdAt'>;

export const toRevisionDto = (revision: RevisionHead, deployments: readonly DeploymentView[]): APIRevisionDto => ({
  displayName: `Revision ${revision.number}`,
  id: revision.id,
  description: revision.description,
  createdTime: revision.createdAt.toISOString(),
  apiInfo: { id: revision.apiId },
  deploymentInfo: deployments.filter(({ revisionId }) => revisionId === revision.id).map(toDeploymentDto),
});

export const toRevisionListDto = (revisions: readonly RevisionHead[], deployments: readonly DeploymentView[]): APIRevisionListDto => ({
  count: revisions.length,
  list: revisions.map((revision) => toRevisionDto(revision, deployments)),
});

export const toDeploymentDto = (deployment: DeploymentView): APIRevisionDeploymentDto => ({
  revisionUuid: deployment.revisionId,
  name: deployment.environment,
  status: deployment.status,
  vhost: deployment.vhost,
  displayOnDevportal: deployment.displayOnDevportal,
  deployedTime: deployment.deployedAt.toISOString(),
  successDeployedTime: deployment.confirmedAt?.toISOString() ?? null,
  liveGatewayCount: deployment.live,
  deployedGatewayCount: deployment.deployed,
  failedGatewayCount: deployment.failed,
});
