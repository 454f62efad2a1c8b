import { Injectable } from '@nestjs/common';
import { type Application, editObstacle } from '../domain/application.js';
import type { ApplicationRight } from '../domain/application-sharing.js';
import type { UserName } from '../domain/organization.js';
import type { User } from '../domain/user.js';
import { onConflict, Transactions, type Tx } from '../platform/database/transactions.js';
import { Feed } from '../platform/feed/feed.js';
import type { ApplicationEntity } from './application.entity.js';
import { ApplicationChecks, type ApplicationContent, type SettledContent } from './application-checks.js';
import { ApplicationOutsiders } from './application-outsiders.js';
import { ApplicationReads } from './application-reads.js';
import { ApplicationRemovals } from './application-removals.js';
import { ApplicationSharing } from './application-sharing.js';
import { toApplicationDocument } from './applications.mapper.js';
import { ApplicationExists, ApplicationNotActive, ApplicationUpdatePending } from './applications.problems.js';
import { ApplicationsQueries, type ApplicationsQuery } from './applications.queries.js';
import { Subscribers } from './subscribers.js';

/** The applications of the developer portal's users. */
@Injectable()
export class ApplicationsService {
  constructor(
    private readonly reads: ApplicationReads,
    private readonly queries: ApplicationsQueries,
    private readonly transactions: Transactions,
    private readonly subscribers: Subscribers,
    private readonly checks: ApplicationChecks,
    private readonly sharing: ApplicationSharing,
    private readonly removals: ApplicationRemovals,
    private readonly outsiders: ApplicationOutsiders,
    private readonly feed: Feed,
  ) {}

  /** A page of the applications that the caller owns or others share with the caller. */
  async list(caller: User, query: ApplicationsQuery): Promise<{ readonly items: readonly Application[]; readonly total: number }> {
    await this.subscribers.welcome(caller);
    return this.queries.usable(caller, await this.sharing.standingOf(caller), query);
  }

  /** @throws 404 when there is none in the caller's tenant, 403 without the right to it. */
  get(caller: User, id: string, right: ApplicationRight = 'use'): Promise<Application> {
    return this.reads.get(caller, id, right);
  }

  /** @throws ApplicationExists (409) and the problems of {@link ApplicationChecks.settled}. */
  async create(caller: User, content: ApplicationContent): Promise<Application> {
    const settled = await this.checks.settled(caller, caller.name, content);
    await this.subscribers.welcome(caller);
    return this.transactions.run((tx) => this.insert(tx, caller, settled));
  }

  /**
   * Replaces what the owner decides; `expects` is called with the current state and may refuse.
   * @throws as {@link create}, and 400 or 409 for an application that is not in use or waits for an approval.
   */
  async update(caller: User, id: string, content: ApplicationContent, expects: (current: Application) => void): Promise<Application> {
    const before = await this.reads.get(caller, id, 'edit');
    const settled = await this.checks.settled(caller, before.owner, content, before);
    return this.transactions.run(async (tx) => {
      const current = await this.reads.lock(tx, caller, id, 'edit');
      expects(current);
      return this.replace(tx, current, settled);
    });
  }

  /** Removes the application with its subscriptions, its keys and their OAuth clients; tokens of those clients stop working. */
  async remove(caller: User, id: string, expects: (current: Application) => void): Promise<void> {
    await this.transactions.run(async (tx) => {
      const application = await this.reads.lock(tx, caller, id, 'own');
      expects(application);
      await this.removals.remove(tx, application);
    });
  }

  /** Stores a new application of the owner that was checked. @throws ApplicationExists (409), TierInvalid (400). */
  insert(tx: Tx, { organization, name: owner }: UserName, settled: SettledContent): Promise<ApplicationEntity> {
    return this.subscribers
      .add(tx, { ...settled, organization, owner })
      .catch(onConflict('applications_owner_name', () => ApplicationExists(settled.name)));
  }

  /** Changes an application that is locked to what was checked. @throws as {@link update}. */
  async replace(tx: Tx, current: ApplicationEntity, settled: SettledContent): Promise<ApplicationEntity> {
    const { organization, id } = current;
    const obstacle = editObstacle(current);
    if (obstacle) throw obstacle === 'update pending' ? ApplicationUpdatePending(current.name) : ApplicationNotActive();
    if (settled.throttlingPolicy !== current.throttlingPolicy) await this.subscribers.holdPolicy(tx, current, settled.throttlingPolicy);
    const changed = Object.assign(current, settled);
    await tx.em.save(changed).catch(onConflict('applications_owner_name', () => ApplicationExists(settled.name)));
    await this.feed.put(tx, organization, 'application', id, toApplicationDocument(changed));
    await this.outsiders.close(tx, changed);
    return changed;
  }
}
