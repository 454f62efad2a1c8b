import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import { In, type Repository } from 'typeorm';
import type { Api } from '../domain/api.js';
import type { Subscription } from '../domain/subscription.js';
import { ApiEntity } from './api.entity.js';

/** APIs as other modules need them; who may see them is the asker's business. */
@Injectable()
export class ApiReads {
  constructor(@InjectRepository(ApiEntity) private readonly apis: Repository<ApiEntity>) {}

  /** Undefined for an unknown id, one of another tenant and one that is no UUID. */
  async byId(organization: string, id: string): Promise<Api | undefined> {
    return isUUID(id) ? ((await this.apis.findOneBy({ organization, id })) ?? undefined) : undefined;
  }

  /** Those that exist, of whatever tenants, in no particular order, in one statement. */
  async byRefs(refs: readonly Pick<Subscription, 'apiOrganization' | 'apiId'>[]): Promise<readonly Api[]> {
    const ids = Map.groupBy(refs, ({ apiOrganization }) => apiOrganization);
    if (ids.size === 0) return [];
    return this.apis.findBy([...ids].map(([organization, its]) => ({ organization, id: In(its.map(({ apiId }) => apiId)) })));
  }

  /** Those of the ids that exist, in no particular order, in one statement. */
  async byIds(organization: string, ids: readonly string[]): Promise<readonly Api[]> {
    const known = [...new Set(ids)].filter((id) => isUUID(id));
    return known.length > 0 ? this.apis.findBy({ organization, id: In(known) }) : [];
  }
}
