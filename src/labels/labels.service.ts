import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import { Any, type Repository } from 'typeorm';
import { found } from '../domain/problem.js';
import { onConflict, Transactions, type Tx } from '../platform/database/transactions.js';
import { LabelEntity } from './label.entity.js';
import { type Labelled, LabelUses } from './label-uses.js';
import { LabelAttached, LabelExists, LabelNameBlank, LabelNotFound } from './labels.problems.js';

/** What an administrator decides of a label. */
export type LabelContent = Pick<LabelEntity, 'name' | 'description'>;

/** May refuse on seeing the label as it is before a change. */
type Unchanged = (current: LabelEntity) => void;

/** The labels of the tenants. */
@Injectable()
export class LabelsService {
  constructor(
    @InjectRepository(LabelEntity) private readonly labels: Repository<LabelEntity>,
    private readonly uses: LabelUses,
    private readonly transactions: Transactions,
  ) {}

  /** By name. */
  list(organization: string): Promise<readonly LabelEntity[]> {
    return this.labels.find({ where: { organization }, order: { name: 'ASC' } });
  }

  /** What carries the label. @throws LabelNotFound (404). */
  async usage(organization: string, id: string): Promise<readonly Labelled[]> {
    found(isUUID(id) ? await this.labels.findOneBy({ organization, id }) : null, LabelNotFound, id);
    return this.uses.of(this.labels.manager, organization, id);
  }

  /** Those of the ids that are labels of the tenant, kept from being deleted until the transaction ends. */
  async hold({ em }: Tx, organization: string, ids: readonly string[]): Promise<readonly string[]> {
    const possible = ids.filter((id) => isUUID(id));
    if (possible.length === 0) return [];
    const where = { organization, id: Any(possible) };
    const held = await em.find(LabelEntity, { where, select: { id: true }, order: { id: 'ASC' }, lock: { mode: 'pessimistic_read' } });
    return held.map(({ id }) => id);
  }

  /** @throws LabelExists (409), LabelNameBlank (400). */
  create(organization: string, content: LabelContent): Promise<LabelEntity> {
    return this.transactions.run(async (tx) => {
      const label = { ...named(content), id: randomUUID(), organization };
      await tx.em.insert(LabelEntity, label).catch(onConflict('labels_organization_name', () => LabelExists(label.name)));
      return label;
    });
  }

  /** @throws LabelNotFound (404), LabelExists (409), LabelNameBlank (400). */
  update(organization: string, id: string, content: LabelContent, unchanged: Unchanged): Promise<LabelEntity> {
    return this.transactions.run(async (tx) => {
      const current = await lock(tx, organization, id);
      unchanged(current);
      const change = named(content);
      await tx.em
        .update(LabelEntity, { organization, id }, change)
        .catch(onConflict('labels_organization_name', () => LabelExists(change.name)));
      return { ...current, ...change };
    });
  }

  /** @throws LabelNotFound (404), LabelAttached (409). */
  async remove(organization: string, id: string, unchanged: Unchanged): Promise<void> {
    await this.transactions.run(async (tx) => {
      unchanged(await lock(tx, organization, id));
      if ((await this.uses.of(tx.em, organization, id)).length > 0) throw LabelAttached();
      await tx.em.delete(LabelEntity, { organization, id });
    });
  }
}

const named = ({ name, description }: LabelContent): LabelContent => {
  const trimmed = name.trim();
  if (trimmed === '') throw LabelNameBlank();
  return { name: trimmed, description };
};

const lock = async ({ em }: Tx, organization: string, id: string): Promise<LabelEntity> => {
  const options = { where: { organization, id }, lock: { mode: 'pessimistic_write' } } as const;
  return found(isUUID(id) ? await em.findOne(LabelEntity, options) : null, LabelNotFound, id);
};
