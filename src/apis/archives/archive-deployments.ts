import { Injectable } from '@nestjs/common';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import type { Environment } from '../../environments/environment.js';
import type { Tx } from '../../platform/database/transactions.js';
import type { ApiEntity } from '../api.entity.js';
import { DeploymentEntity } from '../revisions/deployment.entity.js';
import { DeploymentsService } from '../revisions/deployments.service.js';
import { RevisionsService } from '../revisions/revisions.service.js';
import { EnvironmentUnknown, NoVhosts } from './api-archives.problems.js';
import type { DeploymentTarget } from './environment-parameters.js';

/** A target that exists, its host settled. */
export interface Deployment {
  readonly environment: Environment;
  readonly vhost: string;
  readonly displayOnDevportal: boolean;
}

/** Brings imported APIs to the environments their archives name. */
@Injectable()
export class ArchiveDeployments {
  constructor(
    private readonly revisions: RevisionsService,
    private readonly deployments: DeploymentsService,
  ) {}

  /** @throws EnvironmentUnknown (903233) for one the caller may not deploy to either, NoVhosts (903232). */
  async planned(caller: User, targets: readonly DeploymentTarget[]): Promise<readonly Deployment[]> {
    if (targets.length === 0) return [];
    const environments = await this.deployments.environmentsFor(caller);
    return targets.map(({ environment: name, vhost, displayOnDevportal }) => {
      const known = environments.find((one) => one.name === name);
      const environment = found(known, EnvironmentUnknown, name);
      return { environment, vhost: vhost ?? found(environment.vhosts[0], NoVhosts, name).host, displayOnDevportal };
    });
  }

  /**
   * Makes a revision of an API, held by the transaction, and deploys it; gives its number, or null where nothing is to be deployed. With `rotate`
   * the oldest of too many revisions goes. @throws the problems of revisions and deployments.
   */
  async put(tx: Tx, caller: User, api: ApiEntity, deployments: readonly Deployment[], rotate: boolean): Promise<number | null> {
    if (deployments.length === 0) return null;
    if (rotate) await this.revisions.makeRoom(tx, api);
    const { id, number } = await this.revisions.add(tx, caller, api, '');
    const environments = deployments.map(({ environment }) => environment);
    const targets = deployments.map(({ environment: { name }, vhost }) => ({ name, vhost }));
    await this.deployments.put(tx, caller, api, id, environments, targets);
    for (const { environment, displayOnDevportal } of deployments) {
      if (displayOnDevportal) continue;
      const where = { organization: api.organization, apiId: api.id, environment: environment.name };
      await tx.em.update(DeploymentEntity, where, { displayOnDevportal });
    }
    return number;
  }
}
