import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import type { ClientCertificateDocument, KeyType, MockDocument } from '../../domain/gateway-documents.js';
import { servedKeyType } from '../../environments/environment.js';
import { EnvironmentsService } from '../../environments/environments.service.js';
import type { Tx } from '../../platform/database/transactions.js';
import { Feed } from '../../platform/feed/feed.js';
import { ApiEntity } from '../api.entity.js';
import { ClientCertificateEntity } from '../certificates/client/client-certificate.entity.js';
import { DeployedMocks } from '../mocks/deployed-mocks.js';
import { attachedIds } from '../policies/attached-flows.js';
import { deployedAmong } from '../policies/deployed-policies.js';
import { ProductMembers } from '../products/product-members.js';
import { DeployedValidation } from '../validation/deployed-validation.js';
import type { DefinedMessages } from '../validation/message-documents.js';
import { apiDocument, isMock } from './api-document.js';
import { DeployedSequences } from './deployed-sequences.js';
import { DeploymentEntity } from './deployment.entity.js';
import { RevisionEntity } from './revision.entity.js';

export const documentKeyOf = (apiId: string, environment: string): string => `${apiId}:${environment}`;

/** Keeps the gateways' documents of an API in step with its deployments; every call belongs to the transaction of the change it follows. */
@Injectable()
export class DeployedApis {
  constructor(
    private readonly feed: Feed,
    private readonly products: ProductMembers,
    private readonly mocks: DeployedMocks,
    private readonly sequences: DeployedSequences,
    private readonly environments: EnvironmentsService,
    private readonly validation: DeployedValidation,
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
       SET revision_id = excluded.revision_id, vhost = excluded.vhost, display_on_devportal = true, deployed_at = now(), withdrawn = false`,
      [apiId, organization, id, [...vhosts.keys()], [...vhosts.values()]],
    );
    await this.products.keepBackends(tx, revision, [...vhosts.keys()]);
    const deployments = await tx.em.findBy(DeploymentEntity, { organization, apiId, environment: In([...vhosts.keys()]) });
    await this.write(tx, organization, apiId, deployments);
  }

  /** Takes an API off the gateways. Its deployments stay as they are, for {@link restore}. */
  async withdraw(tx: Tx, organization: string, apiId: string): Promise<void> {
    await tx.em.update(DeploymentEntity, { organization, apiId }, { withdrawn: true });
    const deployments = await tx.em.findBy(DeploymentEntity, { organization, apiId });
    for (const { environment } of deployments) await this.feed.remove(tx, organization, 'api', documentKeyOf(apiId, environment));
  }

  /** Has the gateways serve all deployments of an API again, each with a document written anew. */
  async restore(tx: Tx, organization: string, apiId: string): Promise<void> {
    await tx.em.update(DeploymentEntity, { organization, apiId }, { withdrawn: false });
    await this.refresh(tx, organization, apiId);
  }

  /** Writes the documents of the given deployments of one API, but of those that were withdrawn. */
  async write(tx: Tx, organization: string, apiId: string, all: readonly DeploymentEntity[]): Promise<void> {
    const deployments = all.filter(({ withdrawn }) => !withdrawn);
    if (deployments.length === 0) return;
    const api = await tx.em.findOneBy(ApiEntity, { organization, id: apiId });
    if (api === null) return;
    const ids = [...new Set(deployments.map(({ revisionId }) => revisionId))];
    const revisions = await tx.em.find(RevisionEntity, { where: { organization, id: In(ids) }, select: { id: true, snapshot: true } });
    const snapshots = new Map(revisions.map(({ id, snapshot }) => [id, snapshot]));
    const attached = revisions.flatMap(({ snapshot }) => attachedIds(snapshot.details));
    const policies = await deployedAmong(tx, organization, [...new Set(attached)]);
    const mocks = await this.mocksOf(tx, organization, revisions);
    const properties = await this.propertiesOf(tx, organization, apiId);
    const sequences = await this.sequences.of(tx, api, snapshots);
    const clientCertificates = await this.clientCertificatesOf(tx, organization, apiId);
    const messages = await this.messagesOf(tx, organization, revisions);
    for (const deployment of deployments) {
      const snapshot = snapshots.get(deployment.revisionId);
      if (snapshot === undefined) continue;
      await this.feed.put(
        tx,
        organization,
        'api',
        documentKeyOf(apiId, deployment.environment),
        apiDocument(snapshot, api, deployment, {
          attached: policies,
          mocks: mocks.get(deployment.revisionId),
          defined: messages.get(deployment.revisionId),
          ...sequences.get(deployment.revisionId),
          surroundings: {
            ...propertiesIn(properties, deployment.environment),
            ...(snapshot.details.securityScheme.includes('mutualssl') && { clientCertificates }),
            ...(await this.environmentTypeOf(tx, organization, deployment.environment)),
          },
        }),
      );
    }
  }

  /** By environment, what the API is told there. */
  private async propertiesOf(tx: Tx, organization: string, apiId: string): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
    const rows = await tx.em.query<{ environment: string; properties: Readonly<Record<string, string>> }[]>(
      // A configured environment has its name for an id.
      `SELECT coalesce(e.name, k.environment_id) AS environment, k.properties
       FROM api_environment_keys k LEFT JOIN environments e ON e.id::text = k.environment_id AND e.organization = k.organization
       WHERE k.api_id = $1 AND k.organization = $2`,
      [apiId, organization],
    );
    return new Map(rows.map(({ environment, properties }) => [environment, properties]));
  }

  private async clientCertificatesOf(tx: Tx, organization: string, apiId: string): Promise<readonly ClientCertificateDocument[]> {
    const order = { keyType: 'ASC', alias: 'ASC' } as const;
    const certificates = await tx.em.find(ClientCertificateEntity, { where: { organization, apiId }, order });
    return certificates.map(({ alias, keyType, tier, pem }) => ({ alias, keyType, tier, pem }));
  }

  /** Absent for an environment that serves keys of both kinds. */
  private async environmentTypeOf(tx: Tx, organization: string, name: string): Promise<{ readonly environmentType?: KeyType }> {
    const environment = await this.environments.heldByName(tx, organization, name);
    const environmentType = environment && servedKeyType(environment);
    return environmentType ? { environmentType } : {};
  }

  /** By revision, what operations without a backend answer. */
  private async mocksOf(
    tx: Tx,
    organization: string,
    revisions: readonly Pick<RevisionEntity, 'id' | 'snapshot'>[],
  ): Promise<ReadonlyMap<string, ReadonlyMap<string, MockDocument>>> {
    const mocks = revisions.filter(({ snapshot }) => isMock(snapshot.details));
    return readDefinitions(tx, organization, mocks, (definition) => this.mocks.of(definition));
  }

  /** By revision, what the messages of an API that has them checked are like. */
  private async messagesOf(
    tx: Tx,
    organization: string,
    revisions: readonly Pick<RevisionEntity, 'id' | 'snapshot'>[],
  ): Promise<ReadonlyMap<string, DefinedMessages>> {
    const checked = revisions.filter(({ snapshot }) => snapshot.details.enableSchemaValidation);
    return readDefinitions(tx, organization, checked, (definition) => this.validation.of(definition));
  }

  /** Takes an API off the given environments. */
  async remove(tx: Tx, organization: string, apiId: string, environments: readonly string[]): Promise<void> {
    if (environments.length === 0) return;
    await tx.em.delete(DeploymentEntity, { organization, apiId, environment: In([...environments]) });
    for (const environment of environments) await this.feed.remove(tx, organization, 'api', documentKeyOf(apiId, environment));
  }

  /** Has the gateways forget an API that is deleted. */
  async forget(tx: Tx, organization: string, apiId: string): Promise<void> {
    await this.removeAll(tx, organization, apiId);
    await this.feed.remove(tx, organization, 'api-log-level', apiId);
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

/** What the API is told in an environment, if anything. */
const propertiesIn = (
  properties: ReadonlyMap<string, Readonly<Record<string, string>>>,
  environment: string,
): { readonly environmentProperties?: Readonly<Record<string, string>> } => {
  const environmentProperties = properties.get(environment) ?? {};
  return Object.keys(environmentProperties).length > 0 ? { environmentProperties } : {};
};

/** By revision, what its definition says. */
const readDefinitions = async <T>(
  tx: Tx,
  organization: string,
  revisions: readonly Pick<RevisionEntity, 'id'>[],
  read: (definition: string) => Promise<T>,
): Promise<ReadonlyMap<string, T>> => {
  if (revisions.length === 0) return new Map();
  const where = { organization, id: In(revisions.map(({ id }) => id)) };
  const rows = await tx.em.find(RevisionEntity, { where, select: { id: true, definition: true } });
  return new Map(await Promise.all(rows.map(async ({ id, definition }) => [id, await read(definition ?? '{}')] as const)));
};
