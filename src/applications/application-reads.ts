import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import { In, type Repository } from 'typeorm';
import type { Application } from '../domain/application.js';
import { found } from '../domain/problem.js';
import type { User } from '../domain/user.js';
import type { Tx } from '../platform/database/transactions.js';
import { ApplicationEntity } from './application.entity.js';
import { ApplicationNotFound, NotYourApplication } from './applications.problems.js';

/** Finds applications for this module and others, and decides who may see them. */
@Injectable()
export class ApplicationReads {
  constructor(@InjectRepository(ApplicationEntity) private readonly applications: Repository<ApplicationEntity>) {}

  /** The caller's own application. @throws 404 when it does not exist in the caller's tenant, 403 when it is somebody else's. */
  async get(caller: User, id: string): Promise<ApplicationEntity> {
    const { organization } = caller;
    const row = isUUID(id) ? await this.applications.findOneBy({ organization, id }) : null;
    const application = found(row, ApplicationNotFound, id);
    if (application.owner !== caller.name) throw NotYourApplication(id);
    return application;
  }

  /** The applications of these ids that exist in the tenant, whoever owns them. */
  async byIds(organization: string, ids: readonly string[]): Promise<ReadonlyMap<string, Application>> {
    if (ids.length === 0) return new Map();
    const rows = await this.applications.findBy({ organization, id: In([...ids]) });
    return new Map(rows.map((row) => [row.id, row]));
  }

  /**
   * The caller's own application, kept from being changed or deleted until the transaction ends. Whoever writes its keys or subscriptions calls
   * this first: so their rows are locked in one order, and a deletion never meets a change half-way. @throws ApplicationNotFound (404).
   */
  async hold(tx: Tx, caller: User, id: string): Promise<ApplicationEntity> {
    const where = { organization: caller.organization, owner: caller.name, id };
    return found(await tx.em.findOne(ApplicationEntity, { where, lock: { mode: 'pessimistic_read' } }), ApplicationNotFound, id);
  }

  /** As {@link hold}, whoever owns it: for publishers, who change subscriptions of others. @throws ApplicationNotFound (404). */
  async holdAny(tx: Tx, organization: string, id: string): Promise<ApplicationEntity> {
    const where = { organization, id };
    return found(await tx.em.findOne(ApplicationEntity, { where, lock: { mode: 'pessimistic_read' } }), ApplicationNotFound, id);
  }
}
