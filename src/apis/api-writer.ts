import { Injectable } from '@nestjs/common';
import { DataSource, type QueryDeepPartialEntity } from 'typeorm';
import { type Api, invocationPath } from '../domain/api.js';
import { shownName } from '../domain/organization.js';
import { Conflict } from '../domain/problem.js';
import type { User } from '../domain/user.js';
import { onConflict, Transactions, type Tx } from '../platform/database/transactions.js';
import { ApiEntity } from './api.entity.js';
import { ApiChecks } from './api-checks.js';
import type { ApiContent } from './api-content.js';
import { ApiDefinitionEntity } from './api-definition.entity.js';
import { ApiScopes } from './api-scopes.js';
import { ApiContextExists, ApiExists, ApiNotFound } from './apis.problems.js';
import { ApisForChange } from './apis-for-change.js';
import { LifecycleHistory } from './lifecycle/lifecycle-history.js';
import { DeployedApis } from './revisions/deployed-apis.js';

/** What an API becomes; a null definition leaves the stored one alone. */
export interface ApiChange {
  readonly content: ApiContent;
  readonly definition: string | null;
}

/** How often a change is planned anew because somebody else was faster. */
const ATTEMPTS_MAX = 5;

/** Writes APIs with their definitions, one transaction each. */
@Injectable()
export class ApiWriter {
  constructor(
    private readonly database: DataSource,
    private readonly transactions: Transactions,
    private readonly apis: ApisForChange,
    private readonly checks: ApiChecks,
    private readonly scopes: ApiScopes,
    private readonly history: LifecycleHistory,
    private readonly deployed: DeployedApis,
  ) {}

  /** @throws ApiExists, ApiNameExists, ApiContextExists (409), ScopeOfOtherApi (400), ScopeNotFound (404). */
  add(caller: User, api: Api, definition: string | null): Promise<Api> {
    return this.transactions.run(async (tx) => {
      await this.checks.hold(tx, api.organization);
      return this.insert(tx, caller, api, definition);
    });
  }

  /** As {@link add}, within a transaction that holds the tenant's APIs already ({@link ApiChecks.hold}). */
  async insert(tx: Tx, caller: User, api: Api, definition: string | null): Promise<Api> {
    await this.checks.place(tx, api);
    const scopes = await this.scopes.replace(tx, api, [], api.details.scopes);
    if (api.isDefaultVersion) await this.takeDefault(tx, api);
    const entity = Object.assign(new ApiEntity(), api, { path: invocationPath(api), details: { ...api.details, scopes } });
    await tx.em
      .save(entity)
      .catch(onConflict('apis_path', () => ApiContextExists(api.context)))
      .catch(onConflict('apis_name_version', ApiExists));
    if (definition !== null) await this.writeDefinition(tx, api, definition);
    await this.history.begin(tx, api, shownName(caller));
    return entity;
  }

  /**
   * Plans a change without holding the API, then writes it unless the API changed meanwhile, in which case it is planned anew.
   * `read` finds the API as the caller may see it; `plan` gets it with its definition (JSON text, or null).
   */
  async change(
    caller: User,
    read: () => Promise<ApiEntity>,
    plan: (current: ApiEntity, definition: string | null) => Promise<ApiChange>,
  ): Promise<Api> {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const current = await read();
      const planned = await plan(current, await this.definitionOf(current));
      const written = await this.transactions.run((tx) => this.write(tx, caller, current, planned));
      if (written) return written;
    }
    throw Conflict('The API is being changed by others. Read it again and repeat the change.');
  }

  /** The definition as JSON text; null for an API without one. */
  async definitionOf(api: Pick<Api, 'organization' | 'id'>): Promise<string | null> {
    const row = await this.database.manager.findOneBy(ApiDefinitionEntity, { organization: api.organization, apiId: api.id });
    return row?.text ?? null;
  }

  private async write(tx: Tx, caller: User, seen: ApiEntity, { content, definition }: ApiChange): Promise<Api | undefined> {
    if (content.isDefaultVersion || content.details.scopes.length > 0) await this.checks.hold(tx, seen.organization);
    const api = await this.apis.lock(tx, caller, seen.id, ApiNotFound);
    if (api.updatedAt.getTime() !== seen.updatedAt.getTime()) return undefined;
    const scopes = await this.scopes.replace(tx, api, api.details.scopes, content.details.scopes);
    if (content.isDefaultVersion && !api.isDefaultVersion) await this.takeDefault(tx, api);
    const reachesGateway = content.isDefaultVersion !== api.isDefaultVersion || content.policies.join() !== api.policies.join();
    // Two changes in one millisecond must not look like one.
    const updatedAt = new Date(Math.max(Date.now(), api.updatedAt.getTime() + 1));
    const changed = { ...content, details: { ...content.details, scopes }, updatedAt, updatedBy: shownName(caller) };
    // The driver's type for a partial row knows no readonly lists.
    await tx.em.update(ApiEntity, { organization: api.organization, id: api.id }, changed as unknown as QueryDeepPartialEntity<ApiEntity>);
    if (definition !== null) await this.writeDefinition(tx, api, definition);
    if (reachesGateway) await this.deployed.refresh(tx, api.organization, api.id);
    return { ...api, ...changed };
  }

  private async writeDefinition(tx: Tx, { organization, id }: Pick<Api, 'organization' | 'id'>, text: string): Promise<void> {
    await tx.em.upsert(ApiDefinitionEntity, { apiId: id, organization, kind: 'OPENAPI', text }, ['apiId']);
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
