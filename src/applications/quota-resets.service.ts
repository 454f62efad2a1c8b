import { Injectable } from '@nestjs/common';
import { isInUse } from '../domain/application.js';
import { parseUserName } from '../domain/organization.js';
import { withResets } from '../domain/quota-resets.js';
import type { User } from '../domain/user.js';
import { UsersService } from '../identity/users/users.service.js';
import { Transactions, type Tx } from '../platform/database/transactions.js';
import { Feed } from '../platform/feed/feed.js';
import { ThrottlingPoliciesService } from '../throttling/throttling-policies.service.js';
import { ApplicationEntity } from './application.entity.js';
import { ApplicationReads } from './application-reads.js';
import { toApplicationDocument } from './applications.mapper.js';
import { UserNameEmpty, UserNameTooLong } from './applications.problems.js';
import { ApplicationKeyEntity } from './keys/application-key.entity.js';

/** Of names with and without their tenant. What is kept of each reset goes to every gateway. */
const USER_NAME_LENGTH_MAX = 255;

/** Gives users of an application their quotas anew (`reference/throttling.md` §9). */
@Injectable()
export class QuotaResetsService {
  constructor(
    private readonly reads: ApplicationReads,
    private readonly policies: ThrottlingPoliciesService,
    private readonly users: UsersService,
    private readonly transactions: Transactions,
    private readonly feed: Feed,
  ) {}

  /**
   * Has the user's requests to the application, their bytes and its burst counted from nothing at the gateways. Calls of the application itself count as
   * its owner's. Users of outside identity providers are named as their tokens do; a name that nobody has changes nothing.
   * @throws ApplicationNotFound (404), NotYourApplication (403), UserNameEmpty, UserNameTooLong (400).
   */
  async reset(caller: User, id: string, userName: string): Promise<void> {
    const { throttlingPolicy } = await this.reads.get(caller, id);
    if (userName.trim() === '') throw UserNameEmpty();
    if (userName.length > USER_NAME_LENGTH_MAX) throw UserNameTooLong(USER_NAME_LENGTH_MAX);
    const { organization } = caller;
    const suffix = `@${organization}`;
    const bare = parseUserName(`${userName.endsWith(suffix) ? userName.slice(0, -suffix.length) : userName}${suffix}`).name;
    const policy = await this.policies.find(organization, 'application', throttlingPolicy);
    const account = await this.users.byName(organization, bare);
    // Nothing is counted where there is no limit.
    if (!policy) return;
    await this.transactions.run(async (tx) => {
      const application = await this.reads.lock(tx, caller, id, 'use');
      // The gateways do not know it.
      if (!isInUse(application)) return;
      const own = account?.name === application.owner ? await this.consumers(tx, application) : [];
      const subjects = new Set([bare, ...(account ? [account.id, account.name] : [])]);
      const users = [...new Set([...[...subjects].map((subject) => `${subject}${suffix}`), ...own])];
      application.quotaResets = withResets(application.quotaResets, users, policy, Date.now());
      await tx.em.update(ApplicationEntity, { organization, id }, { quotaResets: application.quotaResets });
      await this.feed.put(tx, organization, 'application', id, toApplicationDocument(application));
    });
  }

  /** What the tokens of the application itself have for a subject, with the tenant whose APIs they are for. */
  private async consumers({ em }: Tx, { organization, id }: ApplicationEntity): Promise<readonly string[]> {
    const keys = await em.findBy(ApplicationKeyEntity, { organization, applicationId: id });
    return keys.flatMap(({ consumerKey, keyManagerOrganization }) =>
      consumerKey === null ? [] : `${consumerKey}@${keyManagerOrganization}`,
    );
  }
}
