import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import type { QueryDeepPartialEntity, Repository } from 'typeorm';
import { CategoriesService } from '../../categories/categories.service.js';
import { type Api, type ApiRef, type ApiScope, isAdvertised, PRODUCT_TYPE } from '../../domain/api.js';
import { shownName } from '../../domain/organization.js';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { TenantConfigs } from '../../identity/tenant-config/tenant-configs.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { ApiEntity } from '../api.entity.js';
import { ApiDefinitionEntity } from '../api-definition.entity.js';
import { ApiScopes } from '../api-scopes.js';
import { ApisForChange, maySee } from '../apis-for-change.js';
import { AttachedPolicies } from '../policies/attached-policies.js';
import { ProductMembers } from '../products/product-members.js';
import { lostUses, resourcesOf } from '../products/product-rules.js';
import { RestoreLosesResources } from '../products/products.problems.js';
import { holdTenantApis } from '../tenant-lock.js';
import { ApiTables } from './api-tables.js';
import { DeployedApis } from './deployed-apis.js';
import { DeploymentApprovals } from './deployment-approvals.js';
import { DeploymentsQueries, type DeploymentView } from './deployments.queries.js';
import { type ApiSnapshot, RevisionEntity } from './revision.entity.js';
import type { RevisionHead } from './revisions.mapper.js';
import {
  RevisionDeployed,
  RevisionNotFound,
  RevisionOfThirdPartyApi,
  RevisionOfUnknownApi,
  TooManyRevisions,
  unknownOf,
} from './revisions.problems.js';

/** Live revisions an API may have at a time, unless its tenant says otherwise (`reference/publisher.md` §5). */
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
    private readonly approvals: DeploymentApprovals,
    private readonly scopes: ApiScopes,
    private readonly configs: TenantConfigs,
    private readonly tables: ApiTables,
    private readonly products: ProductMembers,
    private readonly transactions: Transactions,
    private readonly policies: AttachedPolicies,
    private readonly categories: CategoriesService,
  ) {}

  /** Keeps the API and its definition as they are now. @throws RevisionOfUnknownApi, RevisionOfThirdPartyApi, TooManyRevisions. */
  create(caller: User, ref: ApiRef, description: string): Promise<RevisionHead> {
    return this.transactions.run(async (tx) =>
      this.add(tx, caller, await this.apis.lock(tx, caller, ref, RevisionOfUnknownApi), description),
    );
  }

  /** As {@link create}, of an API that the transaction holds. */
  async add(tx: Tx, caller: User, api: ApiEntity, description: string): Promise<RevisionHead> {
    const apiId = api.id;
    if (isAdvertised(api)) throw RevisionOfThirdPartyApi(apiId);
    const { organization } = caller;
    if ((await tx.em.countBy(RevisionEntity, { organization, apiId })) >= (await this.mostOf(tx, organization)))
      throw TooManyRevisions(apiId);
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
    await this.tables.keep(tx, api, revision.id);
    return revision;
  }

  /** Makes room for one more revision of an API that the transaction holds: where it has as many as it may, the oldest are undeployed and thrown away. */
  async makeRoom(tx: Tx, api: Api): Promise<void> {
    const { organization, id: apiId } = api;
    const revisions = await tx.em.find(RevisionEntity, { where: { organization, apiId }, select: HEAD, order: { number: 'ASC' } });
    const gone = revisions.slice(0, Math.max(0, revisions.length - (await this.mostOf(tx, organization)) + 1));
    for (const { id } of gone) {
      await this.approvals.forget(tx, organization, id);
      const deployments = await this.deployments.ofApi(organization, apiId, tx.em);
      const served = deployments.filter(({ revisionId }) => revisionId === id).map(({ environment }) => environment);
      await this.deployedApis.remove(tx, organization, apiId, served);
      await tx.em.delete(RevisionEntity, { organization, apiId, id });
    }
    if (gone.length > 0) await this.policies.prune(tx, api);
  }

  private async mostOf(tx: Tx, organization: string): Promise<number> {
    return (await this.configs.of(organization, tx.em)).ApiMaxRevisionCount ?? REVISIONS_MAX;
  }

  /** All revisions by number; with `deployed` only those that are, or are not, deployed or about to be. An unknown API has none. */
  async list(caller: User, ref: ApiRef, deployed?: boolean): Promise<RevisionList> {
    const api = await this.apis.find(caller, ref);
    const apiId = ref.id;
    if (api === null || !maySee(caller, api)) return { revisions: [], deployments: [] };
    const { organization } = caller;
    const revisions = await this.revisions.find({ where: { organization, apiId }, select: HEAD, order: { number: 'ASC' } });
    const deployments = await this.deployments.withRequests(organization, apiId);
    const live = new Set(deployments.filter(isUnrefused).map(({ revisionId }) => revisionId));
    return { revisions: revisions.filter(({ id }) => deployed === undefined || live.has(id) === deployed), deployments };
  }

  /** @throws RevisionNotFound (900347). */
  async get(caller: User, ref: ApiRef, revisionId: string): Promise<RevisionHead> {
    const { id: apiId } = await this.apis.read(caller, ref, unknownOf(ref));
    const where = { organization: caller.organization, apiId, id: revisionId };
    const revision = isUUID(revisionId) ? await this.revisions.findOne({ where, select: HEAD }) : null;
    return found(revision, RevisionNotFound, revisionId);
  }

  /** @throws ApiNotFound, RevisionNotFound, RevisionDeployed. */
  delete(caller: User, ref: ApiRef, revisionId: string): Promise<void> {
    return this.transactions.run(async (tx) => {
      const api = await this.apis.lock(tx, caller, ref, unknownOf(ref));
      const apiId = api.id;
      const revision = await this.inApi(tx, caller, apiId, revisionId);
      const deployments = (await this.deployments.withRequests(caller.organization, apiId, tx.em)).filter(isUnrefused);
      if (deployments.some((deployment) => deployment.revisionId === revision.id)) throw RevisionDeployed(revisionId);
      await tx.em.delete(RevisionEntity, { organization: caller.organization, apiId, id: revision.id });
      await this.policies.prune(tx, api);
    });
  }

  /**
   * Makes the working copy what the revision is. Its state, its owner and what gateways serve stay; categories that are gone do not come back.
   * @throws ApiNotFound, RevisionNotFound, RestoreLosesResources (900364), of a product RestoreLacksResources (900365).
   */
  restore(caller: User, ref: ApiRef, revisionId: string): Promise<Api> {
    return this.transactions.run(async (tx) => {
      await holdTenantApis(tx, caller.organization);
      const api = await this.apis.lock(tx, caller, ref, unknownOf(ref));
      const apiId = api.id;
      const { snapshot, definition, definitionKind } = await this.restorable(tx, api, await this.inApi(tx, caller, apiId, revisionId));
      const uses = await this.products.uses(tx, api);
      if (lostUses(uses, snapshot.details.operations).length > 0) throw RestoreLosesResources(api.name, api.version);
      const scopes = await this.scopes.replace(tx, api, api.details.scopes, snapshot.details.scopes);
      const gone = await this.categories.missing(caller.organization, snapshot.categories, tx.em);
      const categories = snapshot.categories.filter((name) => !gone.includes(name));
      // Later than the last change in any case, so that whoever plans another one notices.
      const updatedAt = new Date(Math.max(Date.now(), api.updatedAt.getTime() + 1));
      await tx.em.save(Object.assign(api, workingCopyOf(snapshot, api, scopes), { categories, updatedAt, updatedBy: shownName(caller) }));
      await this.policies.prune(tx, api);
      if (definition !== null && definitionKind !== null) {
        await tx.em.update(ApiDefinitionEntity, { organization: caller.organization, apiId }, { kind: definitionKind, text: definition });
      }
      await this.tables.restore(tx, api, revisionId);
      await this.products.follow(tx, caller.organization, uses);
      await this.deployedApis.refresh(tx, caller.organization, apiId);
      return api;
    });
  }

  /** A product's revision with what its members make of it now; any other as it is. */
  private async restorable(
    tx: Tx,
    api: ApiEntity,
    revision: RevisionEntity,
  ): Promise<Pick<RevisionEntity, 'snapshot' | 'definition' | 'definitionKind'>> {
    if (api.type !== PRODUCT_TYPE) return revision;
    const { snapshot } = revision;
    const { parts, definition } = await this.products.reassemble(tx, { ...api, ...snapshot }, resourcesOf(snapshot.details));
    await this.products.record(tx, api, parts);
    return { snapshot: { ...snapshot, details: { ...snapshot.details, ...parts } }, definition, definitionKind: 'OPENAPI' };
  }

  /** Closes an API or product that is on no gateway any more and is not to come back: of an API the revisions go, of a product the requests for them. */
  async close(tx: Tx, { organization, id, type }: Pick<Api, 'organization' | 'id' | 'type'>): Promise<void> {
    if (type === PRODUCT_TYPE) await this.approvals.withdrawAll(tx, organization, id);
    else await tx.em.delete(RevisionEntity, { organization, apiId: id });
  }

  /** The whole revision. @throws RevisionNotFound (900347). */
  async inApi(tx: Tx, caller: User, apiId: string, revisionId: string): Promise<RevisionEntity> {
    const where = { organization: caller.organization, apiId, id: revisionId };
    return found(isUUID(revisionId) ? await tx.em.findOneBy(RevisionEntity, where) : null, RevisionNotFound, revisionId);
  }
}

/** Deployed, or waiting for it. */
const isUnrefused = ({ status }: DeploymentView): boolean => status !== 'REJECTED';

/** What a restored revision gives back; the picture and what approvers decided belong to the API, not to its revisions. */
const workingCopyOf = (
  { visibility, visibleRoles, accessControlRoles, tags, policies, details }: ApiSnapshot,
  current: Api,
  scopes: readonly ApiScope[],
) => ({
  visibility,
  visibleRoles: [...visibleRoles],
  accessControlRoles: [...accessControlRoles],
  tags: [...tags],
  policies: [...policies],
  details: { ...details, scopes, hasThumbnail: current.details.hasThumbnail, workflowStatus: current.details.workflowStatus },
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
