import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { SUPER_TENANT } from '../../domain/organization.js';
import type { User } from '../../domain/user.js';
import { Transactions } from '../../platform/database/transactions.js';
import { Feed } from '../../platform/feed/feed.js';
import { InvalidPermission } from '../devops.problems.js';
import { CorrelationComponentEntity } from './correlation-component.entity.js';
import { allComponents, type ComponentState, changedComponents, type SentComponent, switchesOf } from './correlation-component.js';

const KEY = 'gateway';

/** Which parts of the server write correlation lines (`reference/operations.md` §7). They are the same for every tenant. */
@Injectable()
export class CorrelationService {
  constructor(
    @InjectRepository(CorrelationComponentEntity) private readonly components: Repository<CorrelationComponentEntity>,
    private readonly transactions: Transactions,
    private readonly feed: Feed,
  ) {}

  /** Every component, those that were never switched on included. */
  async list(): Promise<readonly ComponentState[]> {
    return allComponents(await this.components.find());
  }

  /**
   * Switches the components that are named and tells the gateways; the others stay as they are.
   * @throws InvalidPermission (403) for everybody of another tenant than the super tenant, and the refusals of {@link changedComponents} (400).
   */
  set(caller: User, sent: readonly SentComponent[]): Promise<readonly ComponentState[]> {
    if (caller.organization !== SUPER_TENANT) throw InvalidPermission();
    return this.transactions.run(async (tx) => {
      // Two at a time could tell the gateways what neither of them left.
      await tx.em.query('LOCK TABLE correlation_components IN SHARE ROW EXCLUSIVE MODE');
      const changed = changedComponents(sent, await tx.em.find(CorrelationComponentEntity));
      // The driver takes the list for changeable; it changes none.
      await tx.em.upsert(CorrelationComponentEntity, changed as ComponentState[], ['name']);
      const all = allComponents(await tx.em.find(CorrelationComponentEntity));
      await this.feed.putIfChanged(tx, SUPER_TENANT, 'correlation', KEY, { http: switchesOf(all).http });
      tx.raise('correlation.changed', {});
      const info = Object.fromEntries(changed.map(({ name, enabled }) => [name, enabled]));
      tx.raise('audited', { organization: SUPER_TENANT, type: 'CorrelationConfig', action: 'updated', info });
      return all;
    });
  }
}
