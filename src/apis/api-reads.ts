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
}
