import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import type { QueryDeepPartialEntity, Repository } from 'typeorm';
import { type Api, type ApiScope, isAdvertised } from '../../domain/api.js';
import { shownName } from '../../domain/organization.js';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { ApiEntity } from '../api.entity.js';
import { ApiDefinitionEntity } from '../api-definition.entity.js';
import { ApiScopes } from '../api-scopes.js';
import { ApisForChange, maySee } from '../apis-for-change.js';
import { holdTenantApis } from '../tenant-lock.js';
import { DeployedApis } from './deployed-apis.js';
import { DeploymentsQueries, type DeploymentView } from './deployments.queries.js';
import { type ApiSnapshot, RevisionEntity } from './revision.entity.js';
import type { RevisionHead } from './revisions.mapper.js';
import {
  ApiNotFound,
  RevisionDeployed,
  RevisionNotFound,
  RevisionOfThirdPartyApi,
  RevisionOfUnknownApi,
  TooManyRevisions,
} from './revisions.problems.js';

/** Live revisions an API may have at a time (`reference/publisher.md` §5). */
const REVISIONS_MAX = 5;
/** Everything but the snapshot and the definition, which may be large. */
const HEAD = { id: true, apiId: true, number: true, description: true, createdAt: true } as const;

/** Revisions with what is deployed of them. */
export interface RevisionList {
  readonly revisions: readonly RevisionHead[];
  readonly deployments: readonly DeploymentView[];
}

/** Immutable snapshots of an API: made, listed, thrown away, and taken back as the working copy. */
@Injectable()
export class RevisionsService {
  constructor(
    @InjectRepository(RevisionEntity) private readonly revisions: Repository<RevisionEntity>,
    private readonly apis: ApisForChange,
    private readonly deployments: DeploymentsQueries,
    private readonly deployedApis: DeployedApis,
    private readonly scopes: ApiScopes,
    private readonly transactions: Transactions,
  ) {}

  /** Keeps the API and its definition as they are now. @throws RevisionOfUnknownApi, RevisionOfThirdPartyApi, TooManyRevisions. */
  create(caller: User, apiId: string, description: string): Promise<RevisionHead> {
    return this.transactions.run(async (tx) => {
      const api = await this.apis.lock(tx, caller, apiId, RevisionOfUnknownApi);
      if (isAdvertised(api)) throw RevisionOfThirdPartyApi(apiId);
      const { organization } = caller;
      if ((await tx.em.countBy(RevisionEntity, { organization, apiId })) >= REVISIONS_MAX) throw TooManyRevisions(apiId);
      const definition = await tx.em.findOneBy(ApiDefinitionEntity, { organization, apiId });
      const revision = {
        id: randomUUID(),
        organization,
        apiId,
        number: await nextNumber(tx, organization, apiId),
        description,
        createdAt: new Date(),
        createdBy: shownName(caller),
        snapshot: snapshotOf(api),
        definitionKind: definition?.kind ?? null,
        definition: definition?.text ?? null,
      };
      // The partial type of inserts cannot express a document with values of unknown type.
      await tx.em.insert(RevisionEntity, revision as QueryDeepPartialEntity<RevisionEntity>);
      return revision;
    });
  }

  /** All revisions by number; with `deployed` only those that are, or are not, deployed anywhere. An unknown API has none. */
  async list(caller: User, apiId: string, deployed?: boolean): Promise<RevisionList> {
    const api = await this.apis.find(caller, apiId);
    if (api === null || !maySee(caller, api)) return { revisions: [], deployments: [] };
    const { organization } = caller;
    const revisions = await this.revisions.find({ where: { organization, apiId }, select: HEAD, order: { number: 'ASC' } });
    const deployments = await this.deployments.ofApi(organization, apiId);
    const live = new Set(deployments.map(({ revisionId }) => revisionId));
    return { revisions: revisions.filter(({ id }) => deployed === undefined || live.has(id) === deployed), deployments };
  }

  /** @throws RevisionNotFound (900347). */
  async get(caller: User, apiId: string, revisionId: string): Promise<RevisionHead> {
    await this.apis.read(caller, apiId, ApiNotFound);
    const where = { organization: caller.organization, apiId, id: revisionId };
    const revision = isUUID(revisionId) ? await this.revisions.findOne({ where, select: HEAD }) : null;
    return found(revision, RevisionNotFound, revisionId);
  }

  /** @throws ApiNotFound, RevisionNotFound, RevisionDeployed. */
  delete(caller: User, apiId: string, revisionId: string): Promise<void> {
    return this.transactions.run(async (tx) => {
      await this.apis.lock(tx, caller, apiId, ApiNotFound);
      const revision = await this.inApi(tx, caller, apiId, revisionId);
      const deployments = await this.deployments.ofApi(caller.organization, apiId, tx.em);
      if (deployments.some((deployment) => deployment.revisionId === revision.id)) throw RevisionDeployed(revisionId);
      await tx.em.delete(RevisionEntity, { organization: caller.organization, apiId, id: revision.id });
    });
  }

  /** Makes the working copy what the revision is. Its state, its owner and what gateways serve stay. @throws ApiNotFound, RevisionNotFound. */
  restore(caller: User, apiId: string, revisionId: string): Promise<Api> {
    return this.transactions.run(async (tx) => {
      await holdTenantApis(tx, caller.organization);
      const api = await this.apis.lock(tx, caller, apiId, ApiNotFound);
      const { snapshot, definition, definitionKind } = await this.inApi(tx, caller, apiId, revisionId);
      const scopes = await this.scopes.replace(tx, api, api.details.scopes, snapshot.details.scopes);
      // Later than the last change in any case, so that whoever plans another one notices.
      const updatedAt = new Date(Math.max(Date.now(), api.updatedAt.getTime() + 1));
      await tx.em.save(Object.assign(api, workingCopyOf(snapshot, api, scopes), { updatedAt, updatedBy: shownName(caller) }));
      if (definition !== null && definitionKind !== null) {
        await tx.em.update(ApiDefinitionEntity, { organization: caller.organization, apiId }, { kind: definitionKind, text: definition });
      }
      await this.deployedApis.refresh(tx, caller.organization, apiId);
      return api;
    });
  }

  /** Throws away all revisions of an API that is on no gateway any more. */
  async removeAll(tx: Tx, organization: string, apiId: string): Promise<void> {
    await tx.em.delete(RevisionEntity, { organization, apiId });
  }

  /** The whole revision. @throws RevisionNotFound (900347). */
  async inApi(tx: Tx, caller: User, apiId: string, revisionId: string): Promise<RevisionEntity> {
    const where = { organization: caller.organization, apiId, id: revisionId };
    return found(isUUID(revisionId) ? await tx.em.findOneBy(RevisionEntity, where) : null, RevisionNotFound, revisionId);
  }
}

/** What a restored revision gives back; the picture belongs to the API, not to its revisions. */
const workingCopyOf = (
  { visibility, visibleRoles, accessControlRoles, tags, policies, categories, details }: ApiSnapshot,
  current: Api,
  scopes: readonly ApiScope[],
) => ({
  visibility,
  visibleRoles: [...visibleRoles],
  accessControlRoles: [...accessControlRoles],
  tags: [...tags],
  policies: [...policies],
  categories: [...categories],
  details: { ...details, scopes, hasThumbnail: current.details.hasThumbnail },
});

/** Counts on, also past revisions that are gone. */
const nextNumber = async (tx: Tx, organization: string, apiId: string): Promise<number> => {
  const rows: readonly { last_number: number }[] = await tx.em.query(
    `INSERT INTO api_revision_counters (api_id, organization, last_number) VALUES ($1, $2, 1)
     ON CONFLICT (api_id) DO UPDATE SET last_number = api_revision_counters.last_number + 1 RETURNING last_number`,
    [apiId, organization],
  );
  return rows[0]?.last_number ?? 1;
};

const snapshotOf = (api: ApiEntity): ApiSnapshot => ({
  id: api.id,
  organization: api.organization,
  provider: api.provider,
  name: api.name,
  version: api.version,
  context: api.context,
  contextTemplate: api.contextTemplate,
  type: api.type,
  visibility: api.visibility,
  visibleRoles: api.visibleRoles,
  accessControlRoles: api.accessControlRoles,
  tags: api.tags,
  policies: api.policies,
  categories: api.categories,
  details: api.details,
});
