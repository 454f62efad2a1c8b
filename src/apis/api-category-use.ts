import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type CategoryUse, CategoryUses } from '../categories/category-uses.js';
import type { Tx } from '../platform/database/transactions.js';
import { holdTenantApis } from './tenant-lock.js';

/** The categories that APIs and products are in. */
@Injectable()
export class ApiCategoryUse implements CategoryUse, OnModuleInit {
  constructor(private readonly uses: CategoryUses) {}

  onModuleInit(): void {
    this.uses.register(this);
  }

  async counts(em: EntityManager, organization: string): Promise<ReadonlyMap<string, number>> {
    const rows: readonly { name: string; count: number }[] = await em.query(
      'SELECT category AS name, count(*)::int AS count FROM apis, unnest(categories) AS category WHERE organization = $1 GROUP BY category',
      [organization],
    );
    return new Map(rows.map(({ name, count }) => [name, count]));
  }

  /** Whoever names categories holds the tenant's APIs and looks at the categories again. */
  hold(tx: Tx, organization: string): Promise<void> {
    return holdTenantApis(tx, organization);
  }

  /** Whoever is about to change one of the APIs notices and begins again. */
  async rename(tx: Tx, organization: string, from: string, to: string): Promise<void> {
    await tx.em.query('SELECT 1 FROM apis WHERE organization = $1 AND $2 = ANY (categories) ORDER BY id FOR UPDATE', [organization, from]);
    await tx.em.query(
      `UPDATE apis SET categories = array_replace(categories, $2, $3), updated_at = greatest(now(), updated_at + interval '1 millisecond')
       WHERE organization = $1 AND $2 = ANY (categories)`,
      [organization, from, to],
    );
  }
}
