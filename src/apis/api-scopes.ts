import { Injectable } from '@nestjs/common';
import { type Api, type ApiScope, PRODUCT_TYPE } from '../domain/api.js';
import { OAuthScopesService } from '../keys/tokens/oauth-scopes.service.js';
import type { Tx } from '../platform/database/transactions.js';
import { ScopeOfOtherApi } from './apis.problems.js';
import { SharedScopeAttachments } from './shared-scopes/shared-scope-attachments.js';

/**
 * The scopes of APIs, which the key manager issues by their roles. A local scope belongs to one API, whose versions share it; a shared one to the
 * tenant, and APIs only attach it. Those of a product are its members'.
 */
@Injectable()
export class ApiScopes {
  constructor(
    private readonly keyManager: OAuthScopesService,
    private readonly shared: SharedScopeAttachments,
  ) {}

  /** The scopes, once each, those that are shared as the tenant has them. @throws ScopeNotFound (404) for one said to be shared that is not. */
  resolved(organization: string, scopes: readonly ApiScope[]): Promise<readonly ApiScope[]> {
    return this.shared.resolved(organization, scopes);
  }

  /**
   * Gives an API the scopes `wanted` in place of `before`: the key manager learns of local ones, and forgets those no other version has; shared
   * ones are attached. Gives the scopes as they are to be stored.
   * @throws ScopeOfOtherApi (400), ScopeNotFound (404).
   */
  async replace(
    tx: Tx,
    api: Pick<Api, 'id' | 'organization' | 'name' | 'type'>,
    before: readonly ApiScope[],
    wanted: readonly ApiScope[],
  ): Promise<readonly ApiScope[]> {
    if (api.type === PRODUCT_TYPE) return wanted;
    const stored = await this.shared.replace(tx, api, wanted);
    const after = stored.filter(({ shared }) => !shared);
    if ((await this.heldBy(tx, api, 'apis.name <> $3', api.name, after)).length > 0) throw ScopeOfOtherApi();
    const kept = new Set(after.map(({ name }) => name));
    const gone = before.filter(({ name, shared }) => !shared && !kept.has(name));
    const elsewhere = new Set([
      ...(await this.heldBy(tx, api, 'apis.id <> $3', api.id, gone)),
      ...(await this.heldByRevisions(tx, api, gone)),
    ]);
    await this.keyManager.remove(
      tx,
      api.organization,
      gone.map(({ name }) => name).filter((name) => !elsewhere.has(name)),
    );
    await this.keyManager.put(
      tx,
      api.organization,
      after.map(({ name, bindings }) => ({ name, roles: bindings })),
    );
    return stored;
  }

  /** Those that a revision of the API, or of a product, has: a scope the key manager forgot would be open to everyone at the gateway that serves the revision. */
  private async heldByRevisions(
    tx: Tx,
    { organization, id }: Pick<Api, 'organization' | 'id'>,
    scopes: readonly ApiScope[],
  ): Promise<readonly string[]> {
    if (scopes.length === 0) return [];
    const rows: readonly { name: string }[] = await tx.em.query(
      `SELECT DISTINCT scope ->> 'name' AS name FROM api_revisions, jsonb_array_elements(snapshot -> 'details' -> 'scopes') AS scope
       WHERE organization = $1 AND (api_id = $2 OR api_id IN (SELECT id FROM apis WHERE organization = $1 AND type = '${PRODUCT_TYPE}'))
         AND scope ->> 'name' = ANY ($3::text[])`,
      [organization, id, scopes.map(({ name }) => name)],
    );
    return rows.map(({ name }) => name);
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
       WHERE organization = $1 AND type <> '${PRODUCT_TYPE}' AND (details -> 'scopes') @> ANY ($2::jsonb[]) AND ${condition}
         AND scope ->> 'name' = ANY ($4::text[])`,
      [organization, names.map((name) => JSON.stringify([{ name }])), value, names],
    );
    return rows.map(({ name }) => name);
  }
}
