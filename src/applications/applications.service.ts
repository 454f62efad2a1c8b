import { Injectable } from '@nestjs/common';
import { type Application, editObstacle, isInUse } from '../domain/application.js';
import type { ApplicationRight } from '../domain/application-sharing.js';
import type { UserName } from '../domain/organization.js';
import { found } from '../domain/problem.js';
import type { User } from '../domain/user.js';
import { onConflict, Transactions, type Tx } from '../platform/database/transactions.js';
import type { WorkflowEntity } from '../workflows/workflow.entity.js';
import { ApplicationEntity } from './application.entity.js';
import { ApplicationApprovals } from './application-approvals.js';
import { ApplicationChecks, type ApplicationContent, type SettledContent } from './application-checks.js';
import { ApplicationReads } from './application-reads.js';
import { ApplicationSharing } from './application-sharing.js';
import { ApplicationWrites } from './application-writes.js';
import {
  ApplicationExists,
  ApplicationNotActive,
  ApplicationUpdatePending,
  DeletionPending,
  NothingPending,
  NotYourApplication,
} from './applications.problems.js';
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
    private readonly approvals: ApplicationApprovals,
    private readonly writes: ApplicationWrites,
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
      return this.replace(tx, caller, current, settled);
    });
  }

  /**
   * Removes the application with its subscriptions, its keys and their OAuth clients, or asks for it where that needs an approval: `pending` leaves it in use.
   * What was never approved goes at once; a change that waits is given up. @throws DeletionPending (400).
   */
  async remove(caller: User, id: string, expects: (current: Application) => void): Promise<'now' | 'pending'> {
    return this.transactions.run(async (tx) => {
      const application = await this.reads.lock(tx, caller, id, 'own');
      expects(application);
      if (application.status === 'DELETE_PENDING') throw DeletionPending(application.name);
      await this.approvals.withdraw(tx, application);
      if (isInUse(application) && (await this.approvals.askDeletion(tx, caller, application)) === 'pending') return 'pending';
      await this.writes.remove(tx, application);
      return 'now';
    });
  }

  /** Where an outside system sends whoever has just asked for the deletion, as JSON of the wire; empty for nowhere. */
  redirection(id: string): Promise<string> {
    return this.approvals.redirection(id);
  }

  /** What is asked about the application and not decided yet. @throws NothingPending (404), and 404 and 403 as {@link get}. */
  async pendingChange(caller: User, id: string): Promise<WorkflowEntity> {
    return found(await this.approvals.pending(await this.reads.get(caller, id)), NothingPending);
  }

  /**
   * Takes back a change that waits, as whoever may change the application; a deletion, as its owner. It is what it was before.
   * @throws NothingPending (404), and 404 and 403 as {@link get}.
   */
  async withdraw(caller: User, id: string): Promise<Application> {
    await this.reads.get(caller, id, 'edit');
    return this.transactions.run(async (tx) => {
      const application = await this.reads.lock(tx, caller, id, 'edit');
      if (application.status === 'DELETE_PENDING' && application.owner !== caller.name) throw NotYourApplication(id);
      if (!(await this.approvals.withdraw(tx, application))) throw NothingPending();
      return application;
    });
  }

  /** Stores a new application of the owner that was checked; it waits where its creation needs an approval. @throws ApplicationExists (409), TierInvalid (400). */
  async insert(tx: Tx, owner: UserName, settled: SettledContent): Promise<ApplicationEntity> {
    const application = await this.subscribers
      .add(tx, { ...settled, organization: owner.organization, owner: owner.name })
      .catch(onConflict('applications_owner_name', () => ApplicationExists(settled.name)));
    if ((await this.approvals.askCreation(tx, owner, application)) === 'now') await this.writes.admit(tx, application);
    return application;
  }

  /** Changes an application that is locked to what was checked, or lets the change wait for its approval. @throws as {@link update}. */
  async replace(tx: Tx, by: UserName, current: ApplicationEntity, settled: SettledContent): Promise<ApplicationEntity> {
    const obstacle = editObstacle(current);
    if (obstacle) throw obstacle === 'update pending' ? ApplicationUpdatePending(current.name) : ApplicationNotActive();
    const { organization, owner } = current;
    const isTaken = settled.name !== current.name && (await tx.em.existsBy(ApplicationEntity, { organization, owner, name: settled.name }));
    // Said now, and not to whoever approves.
    if (isTaken) throw ApplicationExists(settled.name);
    if ((await this.approvals.askUpdate(tx, by, current, settled)) === 'pending') return current;
    return this.writes.apply(tx, current, settled);
  }
}
