import { Injectable } from '@nestjs/common';
import { ApiKeyRows } from '../../api-keys/api-key-rows.js';
import { type Application, isInUse } from '../../domain/application.js';
import { parseUserName, SUPER_TENANT } from '../../domain/organization.js';
import { found } from '../../domain/problem.js';
import { isAdmin, type User } from '../../domain/user.js';
import { TenantsService } from '../../identity/tenants/tenants.service.js';
import { UsersService } from '../../identity/users/users.service.js';
import { onConflict, Transactions, type Tx } from '../../platform/database/transactions.js';
import { Feed } from '../../platform/feed/feed.js';
import type { ApplicationEntity } from '../application.entity.js';
import { ApplicationApprovals } from '../application-approvals.js';
import { ApplicationOutsiders } from '../application-outsiders.js';
import { ApplicationReads } from '../application-reads.js';
import { ApplicationSharing } from '../application-sharing.js';
import { ApplicationWrites } from '../application-writes.js';
import { toApplicationDocument } from '../applications.mapper.js';
import { ApplicationExists } from '../applications.problems.js';
import { ApplicationKeysService } from '../keys/application-keys.service.js';
import { ForeignTenant, OwnerInAnotherTenant, OwnerUnknown, TenantUnknown } from './administered-applications.problems.js';
import { type AdministeredApplication, AdministeredApplications, type AdministeredQuery } from './administered-applications.queries.js';

/** The applications of a tenant, whoever owns them, for its administrators (`reference/admin.md` §8). */
@Injectable()
export class ApplicationAdministration {
  constructor(
    private readonly queries: AdministeredApplications,
    private readonly reads: ApplicationReads,
    private readonly writes: ApplicationWrites,
    private readonly approvals: ApplicationApprovals,
    private readonly outsiders: ApplicationOutsiders,
    private readonly sharing: ApplicationSharing,
    private readonly keys: ApplicationKeysService,
    private readonly apiKeys: ApiKeyRows,
    private readonly users: UsersService,
    private readonly tenants: TenantsService,
    private readonly feed: Feed,
    private readonly transactions: Transactions,
  ) {}

  /** A page of a tenant's applications: the caller's, or, for an administrator of the super tenant, any. @throws ForeignTenant (403), TenantUnknown (400). */
  async list(
    caller: User,
    tenant: string,
    query: AdministeredQuery,
  ): Promise<{ readonly items: readonly AdministeredApplication[]; readonly total: number }> {
    if (tenant !== caller.organization) {
      if (caller.organization !== SUPER_TENANT || !isAdmin(caller)) throw ForeignTenant(tenant);
      found(await this.tenants.byDomain(tenant), TenantUnknown, tenant);
    }
    return this.queries.list(tenant, query);
  }

  /** @throws ApplicationNotFound (404). */
  get({ organization }: User, id: string): Promise<Application> {
    return this.reads.any(organization, id);
  }

  /** Removes any application of the tenant, with its subscriptions and its keys. @throws ApplicationNotFound (404). */
  remove({ organization }: User, id: string): Promise<void> {
    return this.transactions.run(async (tx) => this.writes.remove(tx, await this.reads.lockAny(tx, organization, id)));
  }

  /**
   * Makes another user of the tenant the application's owner. Its subscriptions and keys stay as they are: OAuth clients that were made for it, and the API keys
   * that the owner before has with it, go over as well.
   * @throws ApplicationNotFound (404), OwnerInAnotherTenant, OwnerUnknown (400), ApplicationExists (409).
   */
  async changeOwner({ organization }: User, id: string, named: string): Promise<Application> {
    await this.reads.any(organization, id);
    const { name, organization: theirs } = parseUserName(named);
    if (named.includes('@') && theirs !== organization) throw OwnerInAnotherTenant();
    const { name: owner } = found(await this.users.byName(organization, name), OwnerUnknown, named);
    return this.transactions.run(async (tx) => {
      const application = await this.reads.lockAny(tx, organization, id);
      const { owner: before } = application;
      if (owner === before) return application;
      // A change that waits was the other owner's wish.
      await this.approvals.withdraw(tx, application);
      const changed = Object.assign(application, { owner, ...(await this.sharingUnder(tx, application, owner)) });
      await tx.em.save(changed).catch(onConflict('applications_owner_name', () => ApplicationExists(changed.name)));
      await this.keys.handOver(tx, changed);
      await this.apiKeys.handOver(tx, changed, before, owner);
      await this.outsiders.close(tx, changed);
      await this.approvals.handOver(tx, changed);
      // One that waits for its approval is unknown to the gateways.
      if (isInUse(changed)) await this.feed.put(tx, organization, 'application', id, toApplicationDocument(changed));
      tx.raise('audited', {
        organization,
        type: 'Application',
        action: 'updated',
        info: { applicationId: id, owner: before, newOwner: owner },
      });
      return changed;
    });
  }

  /** An owner shares with groups and the consumer organization of one's own: what the new one could not share with is shared with no more. */
  private async sharingUnder(
    tx: Tx,
    { organization, groups, visibility }: ApplicationEntity,
    owner: string,
  ): Promise<Pick<ApplicationEntity, 'groups' | 'consumerOrganization'>> {
    const standing = await this.sharing.standingOf({ organization, name: owner }, tx.em);
    return {
      groups: this.sharing.hasGroups ? groups.filter((group) => standing.groups.includes(group)) : groups,
      consumerOrganization: visibility === 'SHARED_WITH_ORG' ? standing.consumerOrganization : '',
    };
  }
}
