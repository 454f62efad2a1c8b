import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import { type EntityManager, In, type Repository } from 'typeorm';
import type { Application } from '../domain/application.js';
import { type ApplicationRight, isSharedWith } from '../domain/application-sharing.js';
import { found } from '../domain/problem.js';
import type { User } from '../domain/user.js';
import type { Tx } from '../platform/database/transactions.js';
import { ApplicationEntity } from './application.entity.js';
import { ApplicationSharing } from './application-sharing.js';
import { ApplicationNotFound, NotYourApplication } from './applications.problems.js';

/** Finds applications for this module and others, and decides who may do what with them. */
@Injectable()
export class ApplicationReads {
  constructor(
    @InjectRepository(ApplicationEntity) private readonly applications: Repository<ApplicationEntity>,
    private readonly sharing: ApplicationSharing,
  ) {}

  /** An application that the caller owns, or that is shared with the caller. @throws 404 when it does not exist in the caller's tenant, 403 without the right. */
  async get(caller: User, id: string, right: ApplicationRight = 'use'): Promise<ApplicationEntity> {
    return this.admitted(caller, await this.any(caller.organization, id), right);
  }

  /** An application of the tenant, whoever owns it: for administrators. @throws ApplicationNotFound (404). */
  async any(organization: string, id: string): Promise<ApplicationEntity> {
    return found(isUUID(id) ? await this.applications.findOneBy({ organization, id }) : null, ApplicationNotFound, id);
  }

  /** Whether the caller may use the application, as {@link get} has it. */
  async isUsable(caller: User, application: Application): Promise<boolean> {
    return this.holds(caller, application, 'use');
  }

  /** The applications of these ids that exist in the tenant, whoever owns them. */
  async byIds(organization: string, ids: readonly string[]): Promise<ReadonlyMap<string, Application>> {
    if (ids.length === 0) return new Map();
    const rows = await this.applications.findBy({ organization, id: In([...ids]) });
    return new Map(rows.map((row) => [row.id, row]));
  }

  /**
   * As {@link get}, and kept from being changed or deleted until the transaction ends. Whoever writes its keys or subscriptions calls
   * this first: so their rows are locked in one order, and a deletion never meets a change half-way.
   */
  async hold(tx: Tx, caller: User, id: string, right: ApplicationRight = 'use'): Promise<ApplicationEntity> {
    return this.admitted(caller, await this.holdAny(tx, caller.organization, id), right, tx.em);
  }

  /** As {@link hold}, whoever owns it: for publishers, who change subscriptions of others. @throws ApplicationNotFound (404). */
  async holdAny(tx: Tx, organization: string, id: string): Promise<ApplicationEntity> {
    const where = { organization, id };
    return found(await tx.em.findOne(ApplicationEntity, { where, lock: { mode: 'pessimistic_read' } }), ApplicationNotFound, id);
  }

  /** As {@link hold}, for a change of the application itself. */
  async lock(tx: Tx, caller: User, id: string, right: ApplicationRight): Promise<ApplicationEntity> {
    return this.admitted(caller, await this.lockAny(tx, caller.organization, id), right, tx.em);
  }

  /** As {@link lock}, whoever owns it: for administrators. @throws ApplicationNotFound (404). */
  async lockAny(tx: Tx, organization: string, id: string): Promise<ApplicationEntity> {
    const where = { organization, id };
    const row = isUUID(id) ? await tx.em.findOne(ApplicationEntity, { where, lock: { mode: 'pessimistic_write' } }) : null;
    return found(row, ApplicationNotFound, id);
  }

  private async admitted(
    caller: User,
    application: ApplicationEntity,
    right: ApplicationRight,
    em?: EntityManager,
  ): Promise<ApplicationEntity> {
    if (!(await this.holds(caller, application, right, em))) throw NotYourApplication(application.id);
    return application;
  }

  private async holds(caller: User, application: Application, right: ApplicationRight, em?: EntityManager): Promise<boolean> {
    if (application.owner === caller.name) return true;
    if (right === 'own' || (right === 'edit' && !this.sharing.isEditable)) return false;
    return isSharedWith(application, await this.sharing.standingOf(caller, em));
  }
}
