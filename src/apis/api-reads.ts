import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import { type EntityManager, In, type Repository } from 'typeorm';
import type { Api } from '../domain/api.js';
import type { Subscription } from '../domain/subscription.js';
import { ApiEntity } from './api.entity.js';

/** How people name an API. */
export interface ApiPlace {
  readonly name: string;
  readonly version: string;
}

/** APIs as other modules need them; who may see them is the asker's business. */
@Injectable()
export class ApiReads {
  constructor(@InjectRepository(ApiEntity) private readonly apis: Repository<ApiEntity>) {}

  /** Undefined for an unknown id, one of another tenant and one that is no UUID. */
  async byId(organization: string, id: string): Promise<Api | undefined> {
    return isUUID(id) ? ((await this.apis.findOneBy({ organization, id })) ?? undefined) : undefined;
  }

  /** Those that exist, of whatever tenants, in no particular order, in one statement; inside a transaction when its manager is given. */
  async byRefs(
    refs: readonly Pick<Subscription, 'apiOrganization' | 'apiId'>[],
    em: EntityManager = this.apis.manager,
  ): Promise<readonly Api[]> {
    const ids = Map.groupBy(refs, ({ apiOrganization }) => apiOrganization);
    if (ids.size === 0) return [];
    return em.findBy(
      ApiEntity,
      [...ids].map(([organization, its]) => ({ organization, id: In(its.map(({ apiId }) => apiId)) })),
    );
  }

  /** Those of the ids that exist, in no particular order, in one statement. */
  async byIds(organization: string, ids: readonly string[], em: EntityManager = this.apis.manager): Promise<readonly Api[]> {
    const known = [...new Set(ids)].filter((id) => isUUID(id));
    return known.length > 0 ? em.findBy(ApiEntity, { organization, id: In(known) }) : [];
  }

  /** The ids of APIs and products by name and version, in any letter case as they are unique; those that do not exist are left out. One statement. */
  async idsOf(organization: string, places: readonly ApiPlace[]): Promise<(place: ApiPlace) => string | undefined> {
    const rows: readonly (ApiPlace & { readonly id: string })[] = await this.apis.query(
      `SELECT id, lower(name) AS name, lower(version) AS version FROM apis WHERE organization = $1
         AND (lower(name), lower(version)) IN (SELECT lower(name), lower(version) FROM unnest($2::text[], $3::text[]) AS asked (name, version))`,
      [organization, places.map(({ name }) => name), places.map(({ version }) => version)],
    );
    const keyOf = ({ name, version }: ApiPlace) => JSON.stringify([name.toLowerCase(), version.toLowerCase()]);
    const ids = new Map(rows.map((row) => [keyOf(row), row.id]));
    return (place) => ids.get(keyOf(place));
  }
}
