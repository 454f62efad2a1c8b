import { Injectable } from '@nestjs/common';
import { anyRef } from '../../domain/api.js';
import { parseUserName, shownName } from '../../domain/organization.js';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { UsersService } from '../../identity/users/users.service.js';
import { Transactions } from '../../platform/database/transactions.js';
import { ApiEntity } from '../api.entity.js';
import { ApiNotFound } from '../apis.problems.js';
import { ApisForChange } from '../apis-for-change.js';
import { DeployedApis } from '../revisions/deployed-apis.js';
import { ProviderUnknown, TenantMismatch } from './providers.problems.js';

/** Hands APIs over to other owners. */
@Injectable()
export class ProvidersService {
  constructor(
    private readonly apis: ApisForChange,
    private readonly users: UsersService,
    private readonly deployed: DeployedApis,
    private readonly transactions: Transactions,
  ) {}

  /**
   * Makes another user of the tenant the API's owner; everything else of it stays, and gateways learn the new name.
   * @throws ApiNotFound (404), Forbidden, TenantMismatch (400), ProviderUnknown (400).
   */
  async change(caller: User, apiId: string, named: string): Promise<void> {
    const { organization } = caller;
    await this.apis.read(caller, anyRef(apiId));
    const { name, organization: theirs } = parseUserName(named);
    if (named.includes('@') && theirs !== organization) throw TenantMismatch();
    const user = found(await this.users.byName(organization, name), ProviderUnknown, named);
    await this.transactions.run(async (tx) => {
      const where = { organization, id: apiId };
      const api = found(await tx.em.findOne(ApiEntity, { where, lock: { mode: 'pessimistic_write' } }), ApiNotFound, apiId);
      // Later than the last change in any case, so that whoever plans another one notices.
      const updatedAt = new Date(Math.max(Date.now(), api.updatedAt.getTime() + 1));
      await tx.em.update(ApiEntity, where, { provider: shownName(user), updatedAt, updatedBy: shownName(caller) });
      await this.deployed.refresh(tx, organization, apiId);
    });
  }
}
