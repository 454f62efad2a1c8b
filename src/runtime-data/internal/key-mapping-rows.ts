import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Listed, listed, type Window } from '../listed.js';

export interface KeyMappingBody {
  readonly applicationId: number;
  readonly applicationUUID: string;
  readonly consumerKey: string;
  readonly keyType: string;
  readonly keyManager: string;
}

export interface ScopeBody {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly roles: readonly string[];
}

/** Which OAuth clients act for which applications, as gateways are told, and which roles open which scopes: one statement each. */
@Injectable()
export class KeyMappingRows {
  constructor(private readonly database: DataSource) {}

  find(
    filter: { readonly organization: string | null; readonly consumerKey?: string | undefined; readonly keyManager?: string | undefined },
    window: Window,
  ): Promise<Listed<KeyMappingBody>> {
    return listed(
      this.database,
      `SELECT a.number AS "applicationId", a.id AS "applicationUUID", d.body->>'consumerKey' AS "consumerKey", d.body->>'keyType' AS "keyType",
         d.body->>'keyManager' AS "keyManager"
       -- The application may be of another tenant than the key manager.
       FROM gateway_document d JOIN applications a ON a.id = (d.body->>'applicationId')::uuid
       WHERE d.kind = 'key-mapping' AND NOT d.deleted AND ($1::text IS NULL OR d.organization = $1)
         AND ($2::text IS NULL OR d.body->>'consumerKey' = $2) AND ($3::text IS NULL OR d.body->>'keyManager' = $3)`,
      [filter.organization, filter.consumerKey ?? null, filter.keyManager ?? null],
      window,
      '"applicationUUID", "keyManager", "consumerKey"',
    );
  }

  /** Those of a tenant that APIs share, and those that single APIs have. */
  scopes(filter: { readonly organization: string | null; readonly name?: string | undefined }, window: Window): Promise<Listed<ScopeBody>> {
    return listed(
      this.database,
      `SELECT name, "displayName", description, roles FROM (
         SELECT organization, name, display_name AS "displayName", description, to_jsonb(roles) AS roles FROM shared_scopes
         UNION ALL
         SELECT DISTINCT ON (a.organization, s.scope->>'name') a.organization, s.scope->>'name', s.scope->>'displayName', s.scope->>'description', s.scope->'bindings'
         FROM apis a CROSS JOIN LATERAL jsonb_array_elements(a.details->'scopes') AS s(scope) WHERE NOT coalesce((s.scope->>'shared')::boolean, false)
       ) known
       WHERE ($1::text IS NULL OR organization = $1) AND ($2::text IS NULL OR name = $2)`,
      [filter.organization, filter.name ?? null],
      window,
      'name, "displayName"',
    );
  }
}
