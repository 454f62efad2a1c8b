import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { ApiRef } from '../../domain/api.js';
import type { User } from '../../domain/user.js';
import { EnvironmentsService } from '../../environments/environments.service.js';
import { Transactions } from '../../platform/database/transactions.js';
import { ApisForChange } from '../apis-for-change.js';
import { DeployedApis } from '../revisions/deployed-apis.js';
import { EnvironmentKeysEntity, type EnvironmentProperties } from './environment-keys.entity.js';

/** What an API is told in one gateway environment alone. All throw ApiNotFound, EnvironmentNotFound (404) and Forbidden (403). */
@Injectable()
export class EnvironmentKeysService {
  constructor(
    @InjectRepository(EnvironmentKeysEntity) private readonly keys: Repository<EnvironmentKeysEntity>,
    private readonly apis: ApisForChange,
    private readonly environments: EnvironmentsService,
    private readonly transactions: Transactions,
    private readonly deployed: DeployedApis,
  ) {}

  async get(caller: User, ref: ApiRef, environmentId: string): Promise<EnvironmentProperties> {
    const { organization, id: apiId } = await this.apis.read(caller, ref);
    await this.environments.get(organization, environmentId);
    return (await this.keys.findOneBy({ organization, apiId, environmentId }))?.properties ?? {};
  }

  /** Replaces the properties. @throws LiveApiNeedsPublisher (403). */
  async put(caller: User, ref: ApiRef, environmentId: string, properties: EnvironmentProperties): Promise<EnvironmentProperties> {
    await this.environments.get(caller.organization, environmentId);
    return this.transactions.run(async (tx) => {
      const { organization, id: apiId } = await this.apis.lock(tx, caller, ref);
      await tx.em.upsert(EnvironmentKeysEntity, { apiId, environmentId, organization, properties }, ['apiId', 'environmentId']);
      await this.deployed.refresh(tx, organization, apiId);
      return properties;
    });
  }
}
