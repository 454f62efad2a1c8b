import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import { In, type Repository } from 'typeorm';
import type { Api } from '../domain/api.js';
import { ApiEntity } from './api.entity.js';

/** APIs as other modules need them; who may see them is the asker's business. */
@Injectable()
export class ApiReads {
  constructor(@InjectRepository(ApiEntity) private readonly apis: Repository<ApiEntity>) {}

  /** Undefined for an unknown id, one of another tenant and one that is no UUID. */
  async byId(organization: string, id: string): Promise<Api | undefined> {
    return isUUID(id) ? ((await this.apis.findOneBy({ organization, id })) ?? undefined) : undefined;
  }

  /** Those of the ids that exist, in no particular order, in one statement. */
  async byIds(organization: string, ids: readonly string[]): Promise<readonly Api[]> {
    const known = [...new Set(ids)].filter((id) => isUUID(id));
    return known.length > 0 ? this.apis.findBy({ organization, id: In(known) }) : [];
  }

  /** The roles each of the tenant's local scopes is bound to, by scope name; scopes nobody declares are left out. */
  async scopeBindings(organization: string, scopes: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    if (scopes.length === 0) return new Map();
    const rows: readonly { name: string; bindings: string[] }[] = await this.apis.query(
      `SELECT DISTINCT ON (scope ->> 'name') scope ->> 'name' AS name, scope -> 'bindings' AS bindings
       FROM apis, jsonb_array_elements(details -> 'scopes') AS scope
       WHERE organization = $1 AND (details -> 'scopes') @> ANY ($2::jsonb[]) AND scope ->> 'name' = ANY ($3::text[])
       ORDER BY scope ->> 'name', updated_at DESC`,
      [organization, scopes.map((name) => JSON.stringify([{ name }])), scopes],
    );
    return new Map(rows.map(({ name, bindings }) => [name, bindings]));
  }
}
