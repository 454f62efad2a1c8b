import { Injectable } from '@nestjs/common';
import { DataSource, type QueryDeepPartialEntity } from 'typeorm';
import { type Api, invocationPath, refOf } from '../domain/api.js';
import { shownName } from '../domain/organization.js';
import { Conflict } from '../domain/problem.js';
import type { User } from '../domain/user.js';
import { onConflict, Transactions, type Tx } from '../platform/database/transactions.js';
import { jsonInTurns } from '../platform/turns/turns.js';
import { ApiEntity } from './api.entity.js';
import { ApiChecks } from './api-checks.js';
import type { ApiContent } from './api-content.js';
import { ApiDefinitionEntity, UNLESS_SAME } from './api-definition.entity.js';
import { ApiScopes } from './api-scopes.js';
import { ApiContextExists, ApiExists } from './apis.problems.js';
import { ApisForChange } from './apis-for-change.js';
import { LifecycleHistory } from './lifecycle/lifecycle-history.js';
import { type ArchivedPolicy, AttachedPolicies } from './policies/attached-policies.js';
import { ProductMembers } from './products/product-members.js';
import { lostUses } from './products/product-rules.js';
import { ResourcesInUse } from './products/products.problems.js';
import { Queues } from './queues.js';
import { DeployedApis } from './revisions/deployed-apis.js';
import { dropSequences } from './sequence-backends/drop-sequences.js';

/** What an API becomes; a null definition leaves the stored one alone. */
export interface ApiChange {
  readonly content: ApiContent;
  readonly definition: string | null;
  /** Works out what depends on other APIs, within the transaction that writes the change. */
  readonly complete?: (tx: Tx, current: ApiEntity) => Promise<ApiChange>;
  /** Policies that an archive brought along for what the content attaches. */
  readonly archived?: readonly ArchivedPolicy[];
}

/** The details come as text: of a large API they are not written in one go. */
const DETAILS = 'CAST(:details AS jsonb)';

/** How often a change is planned anew because somebody else was faster. */
const ATTEMPTS_MAX = 5;

/** Writes APIs with their definitions, one transaction each. */
@Injectable()
export class ApiWriter {
  private readonly queues = new Queues();

  constructor(
    private readonly database: DataSource,
    private readonly transactions: Transactions,
    private readonly apis: ApisForChange,
    private readonly checks: ApiChecks,
    private readonly scopes: ApiScopes,
    private readonly history: LifecycleHistory,
    private readonly deployed: DeployedApis,
    private readonly products: ProductMembers,
    private readonly policies: AttachedPolicies,
  ) {}

  /** @throws ApiExists, ApiNameExists, ApiContextExists (409), ScopeOfOtherApi (400), ScopeNotFound (404). */
  add(caller: User, api: Api, definition: string | null, archived?: readonly ArchivedPolicy[]): Promise<Api> {
    return this.transactions.run(async (tx) => {
      await this.checks.hold(tx, api.organization);
      return this.insert(tx, caller, api, definition, archived);
    });
  }

  /** As {@link add}, within a transaction that holds the tenant's APIs already ({@link ApiChecks.hold}). */
  async insert(tx: Tx, caller: User, api: Api, definition: string | null, archived?: readonly ArchivedPolicy[]): Promise<Api> {
    await this.checks.place(tx, api);
    await this.checks.inCategories(api, tx.em);
    await this.checks.holdKeyManagers(tx, api.organization, api.details.keyManagers);
    await this.checks.holdPolicies(tx, api.organization, api);
    const scopes = await this.scopes.replace(tx, api, [], api.details.scopes);
    if (api.isDefaultVersion) await this.takeDefault(tx, api);
    const details = await this.policies.adopt(tx, api, api.details, archived);
    const entity = Object.assign(new ApiEntity(), api, { path: invocationPath(api), details: { ...details, scopes } });
    await tx.em
      .createQueryBuilder()
      .insert()
      .into(ApiEntity)
      .values({ ...entity, details: () => DETAILS })
      .setParameter('details', await jsonInTurns(entity.details))
      .execute()
      .catch(onConflict('apis_path', () => ApiContextExists(api.context)))
      .catch(onConflict('apis_name_version', ApiExists));
    if (definition !== null) await this.writeDefinition(tx, api, definition);
    await this.history.begin(tx, api, shownName(caller));
    return entity;
  }

  /**
   * Plans a change without holding the API, then writes it unless the API changed meanwhile, in which case it is planned anew. Changes of one API wait
   * for one another in this process, so that it takes another one's haste to make a plan stale.
   * `read` finds the API of the id as the caller may see it; `plan` gets it with its definition (JSON text, or null). Products that offer resources of
   * the API change along. @throws ResourcesInUse (409) when it would lose one of those.
   */
  change(
    caller: User,
    id: string,
    read: () => Promise<ApiEntity>,
    plan: (current: ApiEntity, definition: string | null) => Promise<ApiChange>,
  ): Promise<Api> {
    return this.queues.run(id, () => this.planAndWrite(caller, read, plan));
  }

  private async planAndWrite(
    caller: User,
    read: () => Promise<ApiEntity>,
    plan: (current: ApiEntity, definition: string | null) => Promise<ApiChange>,
  ): Promise<Api> {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const current = await read();
      const planned = await plan(current, await this.definitionOf(current));
      const written = await this.transactions.run((tx) => this.replace(tx, caller, current, planned));
      if (written) return written;
    }
    throw Conflict('The API is being changed by others. Read it again and repeat the change.');
  }

  /** The definition as JSON text; null for an API without one. */
  async definitionOf(api: Pick<Api, 'organization' | 'id'>): Promise<string | null> {
    const row = await this.database.manager.findOneBy(ApiDefinitionEntity, { organization: api.organization, apiId: api.id });
    return row?.text ?? null;
  }

  /**
   * Writes a planned change within the given transaction; undefined when the API is no longer the one that was `seen`.
   * @throws ResourcesInUse (409) where a product would lose what it offers.
   */
  async replace(tx: Tx, caller: User, seen: ApiEntity, planned: ApiChange): Promise<Api | undefined> {
    await this.checks.hold(tx, seen.organization);
    const api = await this.apis.lock(tx, caller, refOf(seen));
    if (api.updatedAt.getTime() !== seen.updatedAt.getTime()) return undefined;
    const { content, definition, archived } = (await planned.complete?.(tx, api)) ?? planned;
    await this.checks.inCategories({ ...api, categories: content.categories }, tx.em);
    await this.checks.holdKeyManagers(tx, api.organization, content.details.keyManagers, api.details.keyManagers);
    await this.checks.holdPolicies(tx, api.organization, content, api);
    const uses = await this.products.uses(tx, api);
    if (lostUses(uses, content.details.operations).length > 0) throw ResourcesInUse(api.name, api.version);
    const scopes = await this.scopes.replace(tx, api, api.details.scopes, content.details.scopes);
    if (content.isDefaultVersion && !api.isDefaultVersion) await this.takeDefault(tx, api);
    const reachesGateway = content.isDefaultVersion !== api.isDefaultVersion || content.policies.join() !== api.policies.join();
    // Two changes in one millisecond must not look like one.
    const updatedAt = new Date(Math.max(Date.now(), api.updatedAt.getTime() + 1));
    const details = await this.policies.adopt(tx, api, content.details, archived);
    const changed = { ...content, details: { ...details, scopes }, updatedAt, updatedBy: shownName(caller) };
    await tx.em
      .createQueryBuilder()
      .update(ApiEntity)
      // The driver's type for a partial row knows no readonly lists.
      .set({ ...changed, details: () => DETAILS } as unknown as QueryDeepPartialEntity<ApiEntity>)
      .where({ organization: api.organization, id: api.id })
      .setParameter('details', await jsonInTurns(changed.details))
      .execute();
    if (definition !== null) await this.writeDefinition(tx, api, definition);
    await dropSequences(tx, api, changed.details.endpointConfig);
    if (reachesGateway) await this.deployed.refresh(tx, api.organization, api.id);
    await this.products.follow(tx, api.organization, uses);
    return { ...api, ...changed };
  }

  private async writeDefinition(tx: Tx, { organization, id }: Pick<Api, 'organization' | 'id'>, text: string): Promise<void> {
    await tx.em.upsert(ApiDefinitionEntity, { apiId: id, organization, kind: 'OPENAPI', text }, UNLESS_SAME);
  }

  /** One version of a name is the default: the one that was gives it up, at the gateways too. */
  private async takeDefault(tx: Tx, { organization, name }: Pick<Api, 'organization' | 'name'>): Promise<void> {
    const former = await tx.em.findBy(ApiEntity, { organization, name, isDefaultVersion: true });
    for (const api of former) {
      await tx.em.update(ApiEntity, { organization, id: api.id }, { isDefaultVersion: false });
      await this.deployed.refresh(tx, organization, api.id);
    }
  }
}
