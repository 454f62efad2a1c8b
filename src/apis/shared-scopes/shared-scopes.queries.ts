import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { DataSource, type EntityManager } from 'typeorm';
import type { Api, ApiOperation } from '../../domain/api.js';

/** A shared scope with the number of APIs that have it. */
export interface SharedScope {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly roles: readonly string[];
  readonly usageCount: number;
}

/** An API, or a revision of it, that has a shared scope. */
export interface SharedScopeUse
  extends Pick<Api, 'organization' | 'name' | 'version' | 'context' | 'provider' | 'type' | 'accessControlRoles'> {
  /** Null for the working copy. */
  readonly revision: number | null;
  /** The operations that ask for the scope. */
  readonly operations: readonly Pick<ApiOperation, 'target' | 'verb'>[];
}

/** The scopes as they are, and the APIs that have them: attached to the working copy, or kept in a revision that may be deployed or restored. */
const SCOPES = `SELECT s.id, s.name, s.display_name AS "displayName", s.description, s.roles, (
    SELECT count(*)::int FROM (
      SELECT u.api_id FROM api_shared_scopes u WHERE u.organization = s.organization AND u.scope = s.name
      UNION
      SELECT r.api_id FROM api_revisions r WHERE r.organization = s.organization
        AND (r.snapshot -> 'details' -> 'scopes') @> jsonb_build_array(jsonb_build_object('name', s.name, 'shared', true))
    ) AS used
  ) AS "usageCount" FROM shared_scopes s WHERE s.organization = $1`;

const operationsWith = (details: string) => `COALESCE((
    SELECT jsonb_agg(jsonb_build_object('target', o.operation -> 'target', 'verb', o.operation -> 'verb') ORDER BY o.place)
    FROM jsonb_array_elements(${details} -> 'operations') WITH ORDINALITY AS o(operation, place) WHERE (o.operation -> 'scopes') ? $2
  ), '[]') AS operations`;

const API = `a.organization, a.name, a.version, a.context, a.provider, a.type, a.access_control_roles AS "accessControlRoles"`;

/** What the publisher shows of shared scopes; each is one statement, however many there are. */
@Injectable()
export class SharedScopesQueries {
  constructor(private readonly database: DataSource) {}

  /** A page of the tenant's shared scopes by name, and how many there are. */
  async list(organization: string, { limit, offset }: { readonly limit: number; readonly offset: number }) {
    const items: readonly SharedScope[] = await this.database.manager.query(`${SCOPES} ORDER BY s.name LIMIT $2 OFFSET $3`, [
      organization,
      limit,
      offset,
    ]);
    const [{ total }]: [{ total: number }] = await this.database.manager.query(
      'SELECT count(*)::int AS total FROM shared_scopes WHERE organization = $1',
      [organization],
    );
    return { items, total };
  }

  /** The shared scope of this id, if the tenant has it. */
  async byId(organization: string, id: string, em: EntityManager = this.database.manager): Promise<SharedScope | undefined> {
    if (!isUUID(id)) return undefined;
    const rows: readonly SharedScope[] = await em.query(`${SCOPES} AND s.id = $2`, [organization, id]);
    return rows[0];
  }

  /** Every working copy and every revision that has the scope. */
  async uses(organization: string, name: string): Promise<readonly SharedScopeUse[]> {
    return this.database.manager.query(
      `SELECT ${API}, NULL::int AS revision, ${operationsWith('a.details')}
       FROM api_shared_scopes u JOIN apis a ON a.id = u.api_id AND a.organization = u.organization
       WHERE u.organization = $1 AND u.scope = $2
       UNION ALL
       SELECT ${API}, r.number, ${operationsWith("r.snapshot -> 'details'")}
       FROM api_revisions r JOIN apis a ON a.id = r.api_id AND a.organization = r.organization
       WHERE r.organization = $1 AND (r.snapshot -> 'details' -> 'scopes') @> jsonb_build_array(jsonb_build_object('name', $2::text, 'shared', true))
       ORDER BY name, version, revision NULLS FIRST`,
      [organization, name],
    );
  }

  /** Whether an API of the tenant has a scope of its own by this name. */
  async isLocal(organization: string, name: string, em: EntityManager = this.database.manager): Promise<boolean> {
    const rows: readonly unknown[] = await em.query(
      `SELECT 1 FROM apis WHERE organization = $1
       AND (details -> 'scopes') @> jsonb_build_array(jsonb_build_object('name', $2::text, 'shared', false)) LIMIT 1`,
      [organization, name],
    );
    return rows.length > 0;
  }
}
