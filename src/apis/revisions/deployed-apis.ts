import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import type { MockDocument } from '../../domain/gateway-documents.js';
import type { Tx } from '../../platform/database/transactions.js';
import { Feed } from '../../platform/feed/feed.js';
import { ApiEntity } from '../api.entity.js';
import { DeployedMocks } from '../mocks/deployed-mocks.js';
import { attachedIds } from '../policies/attached-flows.js';
import { builtInAmong } from '../policies/deployed-policies.js';
import { ProductMembers } from '../products/product-members.js';
import { apiDocument, isMock } from './api-document.js';
import { DeploymentEntity } from './deployment.entity.js';
import { RevisionEntity } from './revision.entity.js';

const keyOf = (apiId: string, environment: string): string => `${apiId}:${environment}`;

/** Keeps the gateways' documents of an API in step with its deployments; every call belongs to the transaction of the change it follows. */
@Injectable()
export class DeployedApis {
  constructor(
    private readonly feed: Feed,
    private readonly products: ProductMembers,
    private readonly mocks: DeployedMocks,
  ) {}

  /** Rewrites the documents of all deployments of an API from their revisions and the API's current state. */
  async refresh(tx: Tx, organization: string, apiId: string): Promise<void> {
    const deployments = await tx.em.findBy(DeploymentEntity, { organization, apiId });
    await this.write(tx, organization, apiId, deployments);
  }

  /** Serves the revision in the environments, each on its virtual host, in place of what they served of the API. */
  async serve(tx: Tx, revision: Pick<RevisionEntity, 'organization' | 'apiId' | 'id'>, vhosts: ReadonlyMap<string, string>): Promise<void> {
    const { organization, apiId, id } = revision;
    // The time is the database's, so that it compares with the times of acknowledgements.
    await tx.em.query(
      `INSERT INTO api_deployments (api_id, environment, organization, revision_id, vhost, display_on_devportal, deployed_at)
       SELECT $1, t.environment, $2, $3, t.vhost, true, now() FROM unnest($4::text[], $5::text[]) AS t(environment, vhost)
       ON CONFLICT (api_id, environment) DO UPDATE
       SET revision_id = excluded.revision_id, vhost = excluded.vhost, display_on_devportal = true, deployed_at = now()`,
      [apiId, organization, id, [...vhosts.keys()], [...vhosts.values()]],
    );
    await this.products.keepBackends(tx, revision, [...vhosts.keys()]);
    const deployments = await tx.em.findBy(DeploymentEntity, { organization, apiId, environment: In([...vhosts.keys()]) });
    await this.write(tx, organization, apiId, deployments);
  }

  /** Writes the documents of the given deployments of one API. */
  async write(tx: Tx, organization: string, apiId: string, deployments: readonly DeploymentEntity[]): Promise<void> {
    if (deployments.length === 0) return;
    const api = await tx.em.findOneBy(ApiEntity, { organization, id: apiId });
    if (api === null) return;
    const ids = [...new Set(deployments.map(({ revisionId }) => revisionId))];
    const revisions = await tx.em.find(RevisionEntity, { where: { organization, id: In(ids) }, select: { id: true, snapshot: true } });
    const snapshots = new Map(revisions.map(({ id, snapshot }) => [id, snapshot]));
    const attached = revisions.flatMap(({ snapshot }) => attachedIds(snapshot.details));
    const builtIn = await builtInAmong(tx, organization, [...new Set(attached)]);
    const mocks = await this.mocksOf(tx, organization, revisions);
    for (const deployment of deployments) {
      const snapshot = snapshots.get(deployment.revisionId);
      if (snapshot === undefined) continue;
      await this.feed.put(
        tx,
        organization,
        'api',
        keyOf(apiId, deployment.environment),
        apiDocument(snapshot, api, deployment, builtIn, mocks.get(deployment.revisionId)),
      );
    }
  }

  /** By revision, what operations without a backend answer. */
  private async mocksOf(
    tx: Tx,
    organization: string,
    revisions: readonly Pick<RevisionEntity, 'id' | 'snapshot'>[],
  ): Promise<ReadonlyMap<string, ReadonlyMap<string, MockDocument>>> {
    const ids = revisions.filter(({ snapshot }) => isMock(snapshot.details)).map(({ id }) => id);
    if (ids.length === 0) return new Map();
    const rows = await tx.em.find(RevisionEntity, { where: { organization, id: In(ids) }, select: { id: true, definition: true } });
    const read = rows.map(async ({ id, definition }) => [id, await this.mocks.of(definition ?? '{}')] as const);
    return new Map(await Promise.all(read));
  }

  /** Takes an API off the given environments. */
  async remove(tx: Tx, organization: string, apiId: string, environments: readonly string[]): Promise<void> {
    if (environments.length === 0) return;
    await tx.em.delete(DeploymentEntity, { organization, apiId, environment: In([...environments]) });
    for (const environment of environments) await this.feed.remove(tx, organization, 'api', keyOf(apiId, environment));
  }

  /** Takes an API off every environment; its revisions stay. */
  async removeAll(tx: Tx, organization: string, apiId: string): Promise<void> {
    const deployments = await tx.em.findBy(DeploymentEntity, { organization, apiId });
    await this.remove(
      tx,
      organization,
      apiId,
      deployments.map(({ environment }) => environment),
    );
  }
}
