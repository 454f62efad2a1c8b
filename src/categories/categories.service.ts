import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import { Any, type EntityManager, type Repository } from 'typeorm';
import { found } from '../domain/problem.js';
import { onConflict, Transactions, type Tx } from '../platform/database/transactions.js';
import { CategoryExists, CategoryInUse, CategoryNotFound } from './categories.problems.js';
import { CategoryEntity } from './category.entity.js';
import type { CategoryContent } from './category-rules.js';
import { CategoryUses } from './category-uses.js';

/** A category with the number of APIs in it. */
export type CountedCategory = CategoryContent & { readonly id: string; readonly numberOfApis: number };

/** May refuse on seeing the category as it is before a change. */
type Unchanged = (current: CountedCategory) => void;

/** The API categories of the tenants. */
@Injectable()
export class CategoriesService {
  constructor(
    @InjectRepository(CategoryEntity) private readonly categories: Repository<CategoryEntity>,
    private readonly uses: CategoryUses,
    private readonly transactions: Transactions,
  ) {}

  /** By name. */
  list(organization: string): Promise<readonly CategoryEntity[]> {
    return this.categories.find({ where: { organization }, order: { name: 'ASC' } });
  }

  async counted(organization: string): Promise<readonly CountedCategory[]> {
    const counts = await this.uses.counts(this.categories.manager, organization);
    return (await this.list(organization)).map((category) => ({ ...category, numberOfApis: counts.get(category.name) ?? 0 }));
  }

  /** Those of the names that are no categories of the tenant. Within a transaction, give its entity manager. */
  async missing(organization: string, names: readonly string[], em: EntityManager = this.categories.manager): Promise<readonly string[]> {
    if (names.length === 0) return [];
    const known = new Set((await em.findBy(CategoryEntity, { organization, name: Any([...names]) })).map(({ name }) => name));
    return names.filter((name) => !known.has(name));
  }

  /** @throws CategoryExists (409). */
  create(organization: string, content: CategoryContent): Promise<CountedCategory> {
    return this.transactions.run(async (tx) => {
      const category = { ...content, id: randomUUID(), organization };
      await tx.em
        .insert(CategoryEntity, category)
        .catch(onConflict('api_categories_organization_name', () => CategoryExists(content.name)));
      return { ...category, numberOfApis: 0 };
    });
  }

  /** Replaces name and description; the APIs in the category stay in it under its new name. @throws CategoryNotFound (404), CategoryExists (409). */
  update(organization: string, id: string, content: CategoryContent, unchanged: Unchanged): Promise<CountedCategory> {
    return this.transactions.run(async (tx) => {
      await this.uses.hold(tx, organization);
      const current = await this.lock(tx, organization, id);
      unchanged(current);
      await tx.em
        .update(CategoryEntity, { organization, id }, content)
        .catch(onConflict('api_categories_organization_name', () => CategoryExists(content.name)));
      if (content.name !== current.name) await this.uses.rename(tx, organization, current.name, content.name);
      return { ...current, ...content };
    });
  }

  /** @throws CategoryNotFound (404), CategoryInUse (409) while an API is in it. */
  async remove(organization: string, id: string, unchanged: Unchanged): Promise<void> {
    await this.transactions.run(async (tx) => {
      await this.uses.hold(tx, organization);
      const current = await this.lock(tx, organization, id);
      unchanged(current);
      if (current.numberOfApis > 0) throw CategoryInUse();
      await tx.em.delete(CategoryEntity, { organization, id });
    });
  }

  private async lock({ em }: Tx, organization: string, id: string): Promise<CountedCategory> {
    const options = { where: { organization, id }, lock: { mode: 'pessimistic_write' } } as const;
    const category = found(isUUID(id) ? await em.findOne(CategoryEntity, options) : null, CategoryNotFound, id);
    return { ...category, numberOfApis: (await this.uses.counts(em, organization)).get(category.name) ?? 0 };
  }
}
