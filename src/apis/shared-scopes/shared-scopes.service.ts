import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import type { Repository } from 'typeorm';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { RolesService } from '../../identity/roles/roles.service.js';
import { OAuthScopesService } from '../../keys/tokens/oauth-scopes.service.js';
import { onConflict, Transactions, type Tx } from '../../platform/database/transactions.js';
import { ApiEntity } from '../api.entity.js';
import { ApiDefinitionEntity } from '../api-definition.entity.js';
import { checkScopeNames } from '../api-rules.js';
import { ReservedScope, ScopeNotFound, ScopeRoleUnknown } from '../apis.problems.js';
import { maySee } from '../apis-for-change.js';
import { sourceOf } from '../definitions/definition-source.js';
import { Definitions } from '../definitions/definitions.service.js';
import { holdTenantApis } from '../tenant-lock.js';
import { SharedScopeEntity } from './shared-scope.entity.js';
import { attachedScope } from './shared-scope-attachments.js';
import { ScopeAttached, ScopeDisplayNameMissing, ScopeExists, ScopeNameMissing } from './shared-scopes.problems.js';
import { type SharedScope, SharedScopesQueries, type SharedScopeUse } from './shared-scopes.queries.js';

/** What a caller says of a shared scope. */
export interface SharedScopeContent {
  readonly name: string;
  readonly displayName?: string | undefined;
  readonly description?: string | undefined;
  readonly bindings?: readonly string[] | undefined;
}

/** The shared scopes of a tenant (`reference/publisher.md` §12). The key manager knows them from the moment they exist. */
@Injectable()
export class SharedScopesService {
  constructor(
    @InjectRepository(SharedScopeEntity) private readonly scopes: Repository<SharedScopeEntity>,
    private readonly queries: SharedScopesQueries,
    private readonly roles: RolesService,
    private readonly keyManager: OAuthScopesService,
    private readonly definitions: Definitions,
    private readonly transactions: Transactions,
  ) {}

  /** @throws ScopeNotFound (404). */
  async get(caller: User, id: string): Promise<SharedScope> {
    return found(await this.queries.byId(caller.organization, id), ScopeNotFound, id);
  }

  /** Adds a scope no API of the tenant has yet. @throws ScopeNameMissing, ReservedScope, ScopeDisplayNameMissing (400), ScopeRoleUnknown (404), ScopeExists (409). */
  async create(caller: User, sent: SharedScopeContent): Promise<SharedScope> {
    const { organization } = caller;
    const { name } = sent;
    checkName(name);
    const content = await this.checked(organization, sent);
    const scope = { id: randomUUID(), name, ...content };
    await this.transactions.run(async (tx) => {
      await holdTenantApis(tx, organization);
      if (await this.queries.isLocal(organization, name, tx.em)) throw ScopeExists(name);
      await tx.em
        .insert(SharedScopeEntity, { organization, ...scope })
        .catch(onConflict('shared_scopes_organization_name', () => ScopeExists(name)));
      await this.keyManager.put(tx, organization, [scope]);
    });
    return { ...scope, usageCount: 0 };
  }

  /**
   * Replaces all of a scope but its name, also where APIs show it; tokens that were issued stay as they are. `unchanged` may refuse on seeing the current one.
   * @throws ScopeNotFound, ScopeRoleUnknown (404), ScopeDisplayNameMissing (400).
   */
  async update(caller: User, id: string, sent: SharedScopeContent, unchanged: (current: SharedScope) => void): Promise<SharedScope> {
    const { organization } = caller;
    await this.get(caller, id);
    const content = await this.checked(organization, sent);
    return this.transactions.run(async (tx) => {
      await holdTenantApis(tx, organization);
      const entity = await this.lock(tx, organization, id);
      const current = found(await this.queries.byId(organization, id, tx.em), ScopeNotFound, id);
      unchanged(current);
      const changed = Object.assign(entity, content);
      await tx.em.save(changed);
      await this.keyManager.put(tx, organization, [changed]);
      await this.rewriteDefinitions(tx, organization, await showInApis(tx, changed));
      return { ...current, ...content };
    });
  }

  /** @throws ScopeNotFound (404), ScopeAttached (409) while an API or one of its revisions has the scope. */
  async remove(caller: User, id: string, unchanged: (current: SharedScope) => void): Promise<void> {
    const { organization } = caller;
    await this.transactions.run(async (tx) => {
      await holdTenantApis(tx, organization);
      await this.lock(tx, organization, id);
      const current = found(await this.queries.byId(organization, id, tx.em), ScopeNotFound, id);
      unchanged(current);
      // A deployed revision whose scope nobody knows any more would be open to everyone.
      if (current.usageCount > 0) throw ScopeAttached(current.name);
      await tx.em.delete(SharedScopeEntity, { organization, id });
      await this.keyManager.remove(tx, organization, [current.name]);
    });
  }

  /** Whether the name is taken, by a shared scope or by an API's own. */
  async isTaken(organization: string, name: string): Promise<boolean> {
    return (await this.scopes.existsBy({ organization, name })) || (await this.queries.isLocal(organization, name));
  }

  /** The scope and what has it, as far as the caller may see it. @throws ScopeNotFound (404). */
  async usage(caller: User, id: string): Promise<{ readonly scope: SharedScope; readonly uses: readonly SharedScopeUse[] }> {
    const scope = await this.get(caller, id);
    const uses = await this.queries.uses(caller.organization, scope.name);
    return { scope, uses: uses.filter((use) => maySee(caller, use)) };
  }

  /** The definitions of APIs name the roles of their scopes. One after the other: they share a connection. */
  private async rewriteDefinitions(tx: Tx, organization: string, apiIds: readonly string[]): Promise<void> {
    for (const apiId of apiIds) {
      const stored = await tx.em.findOneBy(ApiDefinitionEntity, { organization, apiId });
      const api = stored && (await tx.em.findOneBy(ApiEntity, { organization, id: apiId }));
      if (!api) continue;
      const text = await this.definitions.write({ content: stored.text, version: 'v3', source: sourceOf(api) });
      await tx.em.update(ApiDefinitionEntity, { organization, apiId }, { text });
    }
  }

  private async checked(organization: string, { displayName, description, bindings }: SharedScopeContent) {
    if (!displayName?.trim()) throw ScopeDisplayNameMissing();
    const roles = [...new Set(bindings ?? [])];
    const [missing] = await this.roles.missing(organization, roles);
    if (missing !== undefined) throw ScopeRoleUnknown(missing);
    return { displayName, description: description ?? '', roles };
  }

  /** Held so that nobody attaches or changes it until the commit. @throws ScopeNotFound (404). */
  private async lock(tx: Tx, organization: string, id: string): Promise<SharedScopeEntity> {
    const where = { organization, id };
    const scope = isUUID(id) ? await tx.em.findOne(SharedScopeEntity, { where, lock: { mode: 'pessimistic_write' } }) : null;
    return found(scope, ScopeNotFound, id);
  }
}

/** A scope with a blank in it could not be asked for: a request lists scopes between blanks. @throws ScopeNameMissing, ReservedScope (400). */
const checkName = (name: string): void => {
  if (!name.trim()) throw ScopeNameMissing();
  if (/\s/.test(name)) throw ReservedScope();
  checkScopeNames([name]);
};

/** Rewrites the copies in the working copies of APIs, each of which then counts as changed; gives the ids of those APIs. */
const showInApis = async (tx: Tx, scope: SharedScopeEntity): Promise<readonly string[]> => {
  const [rows]: readonly [readonly { id: string }[]] = await tx.em.query(
    `UPDATE apis SET
       details = jsonb_set(details, '{scopes}', (
         SELECT jsonb_agg(CASE WHEN s.scope ->> 'name' = $2 THEN $3::jsonb ELSE s.scope END ORDER BY s.place)
         FROM jsonb_array_elements(details -> 'scopes') WITH ORDINALITY AS s(scope, place)
       )),
       updated_at = greatest(date_trunc('milliseconds', clock_timestamp()), updated_at + interval '1 millisecond')
     WHERE organization = $1 AND (details -> 'scopes') @> jsonb_build_array(jsonb_build_object('name', $2::text, 'shared', true))
     RETURNING id`,
    [scope.organization, scope.name, JSON.stringify(attachedScope(scope))],
  );
  return rows.map(({ id }) => id);
};
