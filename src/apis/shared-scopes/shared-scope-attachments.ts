import { Injectable } from '@nestjs/common';
import { DataSource, type FindManyOptions, In } from 'typeorm';
import type { Api, ApiScope } from '../../domain/api.js';
import type { Tx } from '../../platform/database/transactions.js';
import { ScopeNotFound } from '../apis.problems.js';
import { SharedScopeEntity } from './shared-scope.entity.js';

/** Which scopes of an API are shared ones. The name alone decides: what else the API says of such a scope gives way to the shared one. */
@Injectable()
export class SharedScopeAttachments {
  constructor(private readonly database: DataSource) {}

  /** The scopes, once each, the shared ones as the tenant has them. @throws ScopeNotFound (404) for one said to be shared that is not. */
  async resolved(organization: string, scopes: readonly ApiScope[]): Promise<readonly ApiScope[]> {
    if (scopes.length === 0) return scopes;
    return withShared(scopes, await this.database.manager.find(SharedScopeEntity, named(organization, scopes)));
  }

  /** Attaches to the API the shared ones among its scopes, and no others; gives the scopes as {@link resolved}. @throws ScopeNotFound (404). */
  async replace(tx: Tx, { organization, id }: Pick<Api, 'organization' | 'id'>, scopes: readonly ApiScope[]): Promise<readonly ApiScope[]> {
    // Kept from being deleted until the commit.
    const query: FindManyOptions<SharedScopeEntity> = { ...named(organization, scopes), lock: { mode: 'for_key_share' } };
    const shared = scopes.length > 0 ? await tx.em.find(SharedScopeEntity, query) : [];
    const attached = withShared(scopes, shared);
    const names = shared.map(({ name }) => name);
    await tx.em.query('DELETE FROM api_shared_scopes WHERE organization = $1 AND api_id = $2 AND NOT scope = ANY ($3::text[])', [
      organization,
      id,
      names,
    ]);
    if (names.length > 0) {
      await tx.em.query(
        `INSERT INTO api_shared_scopes (organization, api_id, scope) SELECT $1, $2, scope FROM unnest($3::text[]) AS wanted(scope)
         ON CONFLICT DO NOTHING`,
        [organization, id, names],
      );
    }
    return attached;
  }
}

const named = (organization: string, scopes: readonly ApiScope[]) => ({
  // A definition may name what Postgres cannot hold, which then is no shared scope either.
  where: { organization, name: In(scopes.map(({ name }) => name).filter((name) => !name.includes('\0'))) },
  // Everybody locks them in the same order.
  order: { name: 'ASC' as const },
});

/** A shared scope as the APIs that attach it show it. */
export const attachedScope = ({ name, displayName, description, roles }: SharedScopeEntity): ApiScope => ({
  name,
  displayName,
  description,
  bindings: roles,
  shared: true,
});

const withShared = (scopes: readonly ApiScope[], shared: readonly SharedScopeEntity[]): readonly ApiScope[] => {
  const known = new Map(shared.map((scope) => [scope.name, attachedScope(scope)]));
  const distinct = new Map(scopes.map((scope) => [scope.name, scope]));
  return [...distinct.values()].map((scope) => {
    const attached = known.get(scope.name);
    if (attached === undefined && scope.shared) throw ScopeNotFound(scope.name);
    return attached ?? scope;
  });
};
