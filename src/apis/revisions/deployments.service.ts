import { Injectable } from '@nestjs/common';
import type { Api, ApiRef } from '../../domain/api.js';
import { shownName } from '../../domain/organization.js';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { type Environment, mayDeployTo } from '../../environments/environment.js';
import { EnvironmentsService } from '../../environments/environments.service.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { withoutNul } from '../apis.queries.js';
import { ApisForChange } from '../apis-for-change.js';
import { endpointTypeOf, SEQUENCE_BACKEND } from '../endpoint-config.js';
import { DeployedApis } from './deployed-apis.js';
import { DeploymentEntity } from './deployment.entity.js';
import { DeploymentApprovals } from './deployment-approvals.js';
import { type Target, vhostsOf } from './deployment-targets.js';
import { DeploymentsQueries, type DeploymentView } from './deployments.queries.js';
import { type ApiSnapshot, RevisionEntity } from './revision.entity.js';
import {
  DeployingSequenceElsewhere,
  DeploymentNotFound,
  EnvironmentNotFound,
  RevisionNumberNotFound,
  unknownOf,
} from './revisions.problems.js';
import { RevisionsService } from './revisions.service.js';
import { refuseUndeployable } from './undeployable.js';

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
    private readonly approvals: DeploymentApprovals,
    private readonly transactions: Transactions,
  ) {}

  /** The deployments of an API, and the requests for some. @throws ApiNotFound. */
  async withRequests(caller: User, ref: ApiRef): Promise<readonly DeploymentView[]> {
    await this.apis.read(caller, ref, unknownOf(ref));
    return this.queries.withRequests(caller.organization, ref.id);
  }

  /** All deployments of an API that gateways serve. @throws ApiNotFound. */
  async list(caller: User, ref: ApiRef): Promise<readonly DeploymentView[]> {
    await this.apis.read(caller, ref, unknownOf(ref));
    return this.queries.ofApi(caller.organization, ref.id);
  }

  /**
   * Serves the revision in the environments, in place of what they served of this API, or asks for it where that needs an approval. Gives the
   * deployments of the revision. @throws WorkflowPending (409) where the same was asked for already.
   */
  async deploy(caller: User, ref: ApiRef, revisionId: string, targets: readonly Target[]): Promise<readonly DeploymentView[]> {
    const environments = await this.environmentsFor(caller);
    return this.transactions.run(async (tx) => {
      const api = await this.apis.lock(tx, caller, ref, unknownOf(ref));
      await this.put(tx, caller, api, revisionId, environments, targets);
      return this.ofRevision(tx, caller, api.id, revisionId);
    });
  }

  /** As {@link deploy}, of an API that the transaction holds, to `environments` the caller may deploy to. */
  async put(
    tx: Tx,
    caller: User,
    api: Api,
    revisionId: string,
    environments: readonly Environment[],
    targets: readonly Target[],
  ): Promise<void> {
    const apiId = api.id;
    refuseUndeployable(api);
    const revision = await this.revisions.inApi(tx, caller, apiId, revisionId);
    refuseSequenceElsewhere(revision.snapshot);
    const vhosts = vhostsOf(environments, targets);
    const [gone] = await this.environments.hold(tx, api.organization, [...vhosts.keys()]);
    if (gone !== undefined) throw EnvironmentNotFound(gone);
    const now = new Map<string, string>();
    for (const [environment, vhost] of vhosts) {
      const answer = await this.approvals.ask(tx, api, revision, { environment, vhost }, shownName(caller));
      if (answer === 'now') now.set(environment, vhost);
    }
    await this.deployedApis.serve(tx, revision, now);
  }

  /**
   * Stops serving the revision; an environment that serves another one is left alone, and of all of them those to which the caller may not deploy. Gives what
   * is left of its deployments.
   */
  async undeploy(caller: User, ref: ApiRef, what: Undeployment): Promise<readonly DeploymentView[]> {
    const { organization } = caller;
    const known = await this.environments.list(organization);
    const open = known.filter((environment) => mayDeployTo(environment, caller)).map(({ name }) => name);
    const closed = known.map(({ name }) => name).filter((name) => !open.includes(name));
    return this.transactions.run(async (tx) => {
      const { id: apiId } = await this.apis.lock(tx, caller, ref, unknownOf(ref));
      const revisionId = await this.revisionOf(tx, caller, apiId, what);
      const unknown = what.environments.find((name) => !open.includes(name));
      if (!what.allEnvironments && unknown !== undefined) throw EnvironmentNotFound(unknown);
      const places = (await this.ofRevision(tx, caller, apiId, revisionId)).map(({ environment }) => environment);
      const meant = what.allEnvironments ? places.filter((environment) => !closed.includes(environment)) : what.environments;
      const isEverywhere = what.allEnvironments && closed.length === 0;
      await this.approvals.forget(tx, organization, revisionId, isEverywhere ? undefined : meant);
      const served = (await this.ofRevision(tx, caller, apiId, revisionId)).map(({ environment }) => environment);
      const gone = served.filter((environment) => meant.includes(environment));
      await this.deployedApis.remove(tx, organization, apiId, gone);
      return this.ofRevision(tx, caller, apiId, revisionId);
    });
  }

  /** Takes back a request for a deployment. @throws ApiNotFound, RevisionNotFound, WorkflowNotFound (404), WorkflowDecided (400). */
  cancel(caller: User, ref: ApiRef, revisionId: string, environment: string): Promise<void> {
    return this.transactions.run(async (tx) => {
      const { id: apiId } = await this.apis.lock(tx, caller, ref, unknownOf(ref));
      const revision = await this.revisions.inApi(tx, caller, apiId, revisionId);
      await this.approvals.withdraw(tx, caller.organization, revision.id, withoutNul(environment));
    });
  }

  /** Changes a deployment's virtual host, or whether the developer portal shows it. @throws ApiNotFound, DeploymentNotFound, VhostUnknown. */
  async update(
    caller: User,
    ref: ApiRef,
    environment: string,
    change: { readonly vhost?: string; readonly displayOnDevportal: boolean },
  ): Promise<DeploymentView> {
    const environments = await this.environmentsFor(caller);
    return this.transactions.run(async (tx) => {
      const { id: apiId } = await this.apis.lock(tx, caller, ref, unknownOf(ref));
      const where = { organization: caller.organization, apiId, environment: withoutNul(environment) };
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
  async environmentsFor(caller: User): Promise<readonly Environment[]> {
    return (await this.environments.list(caller.organization)).filter((environment) => mayDeployTo(environment, caller));
  }

  private async ofRevision(tx: Tx, caller: User, apiId: string, revisionId: string): Promise<readonly DeploymentView[]> {
    const deployments = await this.queries.withRequests(caller.organization, apiId, tx.em);
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

/** Sequences are run by the classic gateway alone (`reference/publisher.md` §3.3). */
const refuseSequenceElsewhere = ({ id, details }: ApiSnapshot): void => {
  if (details.gatewayType !== 'wso2/synapse' && endpointTypeOf(details.endpointConfig) === SEQUENCE_BACKEND)
    throw DeployingSequenceElsewhere(id);
};
