import { Injectable } from '@nestjs/common';
import type { Api, ApiScope } from '../domain/api.js';
import { OAuthScopesService } from '../keys/tokens/oauth-scopes.service.js';
import type { Tx } from '../platform/database/transactions.js';
import { ScopeOfOtherApi } from './apis.problems.js';

/** The local scopes of APIs: each belongs to one API, whose versions share it, and the key manager issues it by its roles. */
@Injectable()
export class ApiScopes {
  constructor(private readonly keyManager: OAuthScopesService) {}

  /**
   * Tells the key manager that an API has the scopes `after` in place of `before`; a scope another version still has stays known.
   * @throws ScopeOfOtherApi (400).
   */
  async replace(
    tx: Tx,
    api: Pick<Api, 'id' | 'organization' | 'name'>,
    before: readonly ApiScope[],
    after: readonly ApiScope[],
  ): Promise<void> {
    if ((await this.heldBy(tx, api, 'apis.name <> $3', api.name, after)).length > 0) throw ScopeOfOtherApi();
    const kept = new Set(after.map(({ name }) => name));
    const gone = before.filter(({ name }) => !kept.has(name));
    const shared = new Set(await this.heldBy(tx, api, 'apis.id <> $3', api.id, gone));
    await this.keyManager.remove(
      tx,
      api.organization,
      gone.map(({ name }) => name).filter((name) => !shared.has(name)),
    );
    await this.keyManager.put(
      tx,
      api.organization,
      after.map(({ name, bindings }) => ({ name, roles: bindings })),
    );
  }

  /** Those of the scopes that APIs of the tenant have to which the condition applies. */
  private async heldBy(
    tx: Tx,
    { organization }: Pick<Api, 'organization'>,
    condition: 'apis.name <> $3' | 'apis.id <> $3',
    value: string,
    scopes: readonly ApiScope[],
  ): Promise<readonly string[]> {
    if (scopes.length === 0) return [];
    const names = scopes.map(({ name }) => name);
    const rows: readonly { name: string }[] = await tx.em.query(
      `SELECT DISTINCT scope ->> 'name' AS name FROM apis, jsonb_array_elements(details -> 'scopes') AS scope
       WHERE organization = $1 AND (details -> 'scopes') @> ANY ($2::jsonb[]) AND ${condition}
         AND scope ->> 'name' = ANY ($4::text[])`,
      [organization, names.map((name) => JSON.stringify([{ name }])), value, names],
    );
    return rows.map(({ name }) => name);
  }
}
