import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Api } from '../../domain/api.js';
import { found } from '../../domain/problem.js';
import { EnvironmentUses } from '../../environments/environment-uses.js';
import { EnvironmentsService } from '../../environments/environments.service.js';
import type { Tx } from '../../platform/database/transactions.js';
import { WorkflowEntity } from '../../workflows/workflow.entity.js';
import { WorkflowDecided, WorkflowNotFound } from '../../workflows/workflows.problems.js';
import { Workflows } from '../../workflows/workflows.service.js';
import { ApiEntity } from '../api.entity.js';
import { DeployedApis } from './deployed-apis.js';
import { vhostsOf } from './deployment-targets.js';
import { RevisionEntity } from './revision.entity.js';
import { ApiNotFound, RevisionNotFound } from './revisions.problems.js';
import { refuseUndeployable } from './undeployable.js';

const TYPE = 'REVISION_DEPLOYMENT';

/** One place a revision is to go to. */
export interface Place {
  readonly environment: string;
  readonly vhost: string;
}

const subjectOf = (revisionId: string, environment: string): string => `${revisionId}:${environment}`;

/** Asks approvers about deployments and carries out what they decide. Until then the environment serves what it served. */
@Injectable()
export class DeploymentApprovals implements OnModuleInit {
  constructor(
    private readonly workflows: Workflows,
    private readonly deployedApis: DeployedApis,
    private readonly environments: EnvironmentsService,
    private readonly uses: EnvironmentUses,
  ) {}

  onModuleInit(): void {
    this.workflows.register(TYPE, {
      hold: async (tx, { organization, apiId }) => {
        await tx.em.query('SELECT 1 FROM apis WHERE organization = $1 AND id = $2 FOR UPDATE', [organization, apiId]);
      },
      approve: async (tx, { organization, revisionId, input }) => {
        const where = { organization, id: revisionId ?? '' };
        const revision = found(await tx.em.findOneBy(RevisionEntity, where), RevisionNotFound, where.id);
        const api = await tx.em.findOneBy(ApiEntity, { organization, id: revision.apiId });
        refuseUndeployable(found(api, ApiNotFound, revision.apiId));
        const { environment = '', vhost = '' } = input;
        await this.deployedApis.serve(tx, revision, await this.stillThere(tx, organization, environment, vhost));
      },
      // The request itself shows that it was refused.
      reject: async () => undefined,
    });
    this.uses.register(async (tx, organization, environment) => {
      const waiting = tx.em.createQueryBuilder(WorkflowEntity, 'workflow').where({ organization, type: TYPE, status: 'CREATED' });
      return waiting.andWhere("workflow.input ->> 'environment' = :environment", { environment }).getExists();
    });
  }

  /** The environment may have been changed since it was asked for. @throws EnvironmentNotFound, EnvironmentReadOnly, VhostUnknown (400). */
  private async stillThere(tx: Tx, organization: string, name: string, vhost: string): Promise<ReadonlyMap<string, string>> {
    await this.environments.hold(tx, organization, [name]);
    return vhostsOf(await this.environments.list(organization), [{ name, vhost }]);
  }

  /** `pending`: the deployment waits for somebody's decision. What was decided about the same deployment before is forgotten. @throws WorkflowPending (409). */
  async ask(tx: Tx, api: Api, revision: RevisionEntity, { environment, vhost }: Place, invoker: string): Promise<'now' | 'pending'> {
    const { organization } = api;
    const subject = subjectOf(revision.id, environment);
    await this.workflows.drop(tx, organization, { type: TYPE, subject }, ['APPROVED', 'REJECTED']);
    return this.workflows.start(tx, {
      ...{ organization, type: TYPE, subject, apiId: api.id, revisionId: revision.id, input: { environment, vhost } },
      properties: {
        revisionId: revision.id,
        apiName: api.name,
        apiVersion: api.version,
        environment,
        apiProvider: api.provider,
        invoker,
        revisionDescription: revision.description,
        tenantDomain: organization,
      },
      description: `Deployment of revision ${revision.number} of ${api.name} ${api.version} to ${environment}, asked for by ${invoker}`,
    });
  }

  /** Takes back a request that waits. @throws WorkflowDecided (400), WorkflowNotFound (404). */
  async withdraw(tx: Tx, organization: string, revisionId: string, environment: string): Promise<void> {
    const filter = { type: TYPE, subject: subjectOf(revisionId, environment) } as const;
    if ((await this.workflows.drop(tx, organization, filter)) > 0) return;
    throw (await this.workflows.of(organization, filter, tx.em)).length > 0 ? WorkflowDecided() : WorkflowNotFound();
  }

  /** Takes back all requests that wait for an API. */
  async withdrawAll(tx: Tx, organization: string, apiId: string): Promise<void> {
    await this.workflows.drop(tx, organization, { type: TYPE, apiId });
  }

  /** Forgets all requests for a revision: in the named environments, or in any. */
  async forget(tx: Tx, organization: string, revisionId: string, environments?: readonly string[]): Promise<void> {
    const all = ['CREATED', 'APPROVED', 'REJECTED'] as const;
    if (environments === undefined) await this.workflows.drop(tx, organization, { type: TYPE, revisionId }, all);
    for (const environment of environments ?? []) {
      await this.workflows.drop(tx, organization, { type: TYPE, subject: subjectOf(revisionId, environment) }, all);
    }
  }
}
