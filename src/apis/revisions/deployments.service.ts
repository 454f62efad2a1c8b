import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { type Api, isAdvertised } from '../../domain/api.js';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { type Environment, mayDeployTo } from '../../environments/environment.js';
import { EnvironmentsService } from '../../environments/environments.service.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { ApisForChange } from '../apis-for-change.js';
import { DeployedApis } from './deployed-apis.js';
import { DeploymentEntity } from './deployment.entity.js';
import { DeploymentsQueries, type DeploymentView } from './deployments.queries.js';
import { RevisionEntity } from './revision.entity.js';
import {
  ApiNotFound,
  DeployingRetiredApi,
  DeployingThirdPartyApi,
  DeploymentNotFound,
  EnvironmentNotFound,
  EnvironmentReadOnly,
  RevisionNumberNotFound,
  VhostMissing,
  VhostUnknown,
} from './revisions.problems.js';
import { RevisionsService } from './revisions.service.js';

/** Where a revision goes. */
export interface Target {
  readonly name?: string;
  readonly vhost?: string;
}

/** What is undeployed: a revision by id or number, from the named environments or from all. */
export interface Undeployment {
  readonly revisionId?: string;
  readonly revisionNumber?: string;
  readonly allEnvironments: boolean;
  readonly environments: readonly string[];
}

/** Brings revisions to environments and takes them off. */
@Injectable()
export class DeploymentsService {
  constructor(
    private readonly apis: ApisForChange,
    private readonly revisions: RevisionsService,
    private readonly queries: DeploymentsQueries,
    private readonly environments: EnvironmentsService,
    private readonly deployedApis: DeployedApis,
    private readonly transactions: Transactions,
  ) {}

  /** All deployments of an API. @throws ApiNotFound. */
  async list(caller: User, apiId: string): Promise<readonly DeploymentView[]> {
    await this.apis.read(caller, apiId, ApiNotFound);
    return this.queries.ofApi(caller.organization, apiId);
  }

  /** Serves the revision in the environments, in place of what they served of this API. Gives the deployments of the revision. */
  async deploy(caller: User, apiId: string, revisionId: string, targets: readonly Target[]): Promise<readonly DeploymentView[]> {
    const environments = await this.environmentsFor(caller);
    return this.transactions.run(async (tx) => {
      refuseUndeployable(await this.apis.lock(tx, caller, apiId, ApiNotFound));
      const revision = await this.revisions.inApi(tx, caller, apiId, revisionId);
      const vhosts = vhostsOf(environments, targets);
      await put(tx, revision, vhosts);
      const deployments = await tx.em.findBy(DeploymentEntity, { apiId, environment: In([...vhosts.keys()]) });
      await this.deployedApis.write(tx, caller.organization, apiId, deployments);
      return this.ofRevision(tx, caller, apiId, revisionId);
    });
  }

  /** Stops serving the revision; an environment that serves another one is left alone. Gives what is left of its deployments. */
  async undeploy(caller: User, apiId: string, what: Undeployment): Promise<readonly DeploymentView[]> {
    const environments = await this.environmentsFor(caller);
    return this.transactions.run(async (tx) => {
      await this.apis.lock(tx, caller, apiId, ApiNotFound);
      const revisionId = await this.revisionOf(tx, caller, apiId, what);
      const unknown = what.environments.find((name) => !environments.some((environment) => environment.name === name));
      if (!what.allEnvironments && unknown !== undefined) throw EnvironmentNotFound(unknown);
      const served = (await this.ofRevision(tx, caller, apiId, revisionId)).map(({ environment }) => environment);
      const gone = what.allEnvironments ? served : served.filter((environment) => what.environments.includes(environment));
      await this.deployedApis.remove(tx, caller.organization, apiId, gone);
      return this.ofRevision(tx, caller, apiId, revisionId);
    });
  }

  /** Changes a deployment's virtual host, or whether the developer portal shows it. @throws ApiNotFound, DeploymentNotFound, VhostUnknown. */
  async update(
    caller: User,
    apiId: string,
    environment: string,
    change: { readonly vhost?: string; readonly displayOnDevportal: boolean },
  ): Promise<DeploymentView> {
    const environments = await this.environmentsFor(caller);
    return this.transactions.run(async (tx) => {
      await this.apis.lock(tx, caller, apiId, ApiNotFound);
      const where = { organization: caller.organization, apiId, environment };
      const deployment = found(await tx.em.findOneBy(DeploymentEntity, where), DeploymentNotFound, environment);
      const vhost = change.vhost ?? deployment.vhost;
      vhostsOf(environments, [{ name: environment, vhost }]);
      await tx.em.update(DeploymentEntity, where, { vhost, displayOnDevportal: change.displayOnDevportal });
      if (vhost !== deployment.vhost) await this.deployedApis.refresh(tx, caller.organization, apiId);
      const views = await this.queries.ofApi(caller.organization, apiId, tx.em);
      return found(
        views.find((view) => view.environment === environment),
        DeploymentNotFound,
        environment,
      );
    });
  }

  /** The environments the caller may deploy to; the others do not exist for this caller. */
  private async environmentsFor(caller: User): Promise<readonly Environment[]> {
    return (await this.environments.list(caller.organization)).filter((environment) => mayDeployTo(environment, caller));
  }

  private async ofRevision(tx: Tx, caller: User, apiId: string, revisionId: string): Promise<readonly DeploymentView[]> {
    const deployments = await this.queries.ofApi(caller.organization, apiId, tx.em);
    return deployments.filter((deployment) => deployment.revisionId === revisionId);
  }

  private async revisionOf(tx: Tx, caller: User, apiId: string, { revisionId, revisionNumber }: Undeployment): Promise<string> {
    if (revisionId !== undefined) return (await this.revisions.inApi(tx, caller, apiId, revisionId)).id;
    const number = Number(revisionNumber);
    const where = { organization: caller.organization, apiId, number };
    const revision = isRevisionNumber(number) ? await tx.em.findOne(RevisionEntity, { where, select: { id: true } }) : null;
    return found(revision, RevisionNumberNotFound, String(revisionNumber)).id;
  }
}

const INT_MAX = 2_147_483_647;
const isRevisionNumber = (number: number): boolean => Number.isInteger(number) && number > 0 && number <= INT_MAX;

const refuseUndeployable = (api: Api): void => {
  if (api.status === 'RETIRED') throw DeployingRetiredApi(api.id);
  if (isAdvertised(api)) throw DeployingThirdPartyApi(api.id);
};

/** The virtual host for each environment, every one checked; the last of several entries for one environment counts. */
const vhostsOf = (environments: readonly Environment[], targets: readonly Target[]): ReadonlyMap<string, string> => {
  const vhosts = new Map<string, string>();
  for (const { name = '', vhost } of targets) {
    const environment = environments.find((known) => known.name === name);
    if (environment === undefined) throw EnvironmentNotFound(name);
    if (environment.mode === 'READ_ONLY') throw EnvironmentReadOnly(name);
    if (!vhost) throw VhostMissing();
    if (!environment.vhosts.some((known) => known.host === vhost || known.wsHost === vhost)) throw VhostUnknown();
    vhosts.set(name, vhost);
  }
  return vhosts;
};

/** The time is the database's, so that it compares with the times of acknowledgements. */
const put = async (tx: Tx, { organization, apiId, id }: RevisionEntity, vhosts: ReadonlyMap<string, string>): Promise<void> => {
  await tx.em.query(
    `INSERT INTO api_deployments (api_id, environment, organization, revision_id, vhost, display_on_devportal, deployed_at)
     SELECT $1, t.environment, $2, $3, t.vhost, true, now() FROM unnest($4::text[], $5::text[]) AS t(environment, vhost)
     ON CONFLICT (api_id, environment) DO UPDATE
     SET revision_id = excluded.revision_id, vhost = excluded.vhost, display_on_devportal = true, deployed_at = now()`,
    [apiId, organization, id, [...vhosts.keys()], [...vhosts.values()]],
  );
};
