import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Tx } from '../platform/database/transactions.js';

/** A module whose data name categories. */
export interface CategoryUse {
  /** Lets nobody name a category anew until the transaction ends. Called before any row is locked. */
  hold(tx: Tx, organization: string): Promise<void>;
  /** How often each name is used in the tenant; names without use may be left out. */
  counts(em: EntityManager, organization: string): Promise<ReadonlyMap<string, number>>;
  /** Follows a category that gets another name. */
  rename(tx: Tx, organization: string, from: string, to: string): Promise<void>;
}

/** Such modules register here in `onModuleInit`. */
@Injectable()
export class CategoryUses {
  private readonly uses: CategoryUse[] = [];

  register(use: CategoryUse): void {
    this.uses.push(use);
  }

  async hold(tx: Tx, organization: string): Promise<void> {
    for (const use of this.uses) await use.hold(tx, organization);
  }

  async counts(em: EntityManager, organization: string): Promise<ReadonlyMap<string, number>> {
    const sums = new Map<string, number>();
    for (const use of this.uses) {
      for (const [name, count] of await use.counts(em, organization)) sums.set(name, (sums.get(name) ?? 0) + count);
    }
    return sums;
  }

  async rename(tx: Tx, organization: string, from: string, to: string): Promise<void> {
    for (const use of this.uses) await use.rename(tx, organization, from, to);
  }
}
