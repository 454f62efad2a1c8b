import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/transactions.js';

/** Writes what a new tenant starts with; must do nothing to what is there already, as it also runs at every start. */
export type TenantSeed = (tx: Tx, organization: string) => Promise<void>;

/** Does ahead, outside the transaction, what takes long; gives the seed that uses it. */
export type SeedPreparation = (organization: string) => Promise<TenantSeed>;

interface Registered {
  readonly stage: number;
  readonly seed: TenantSeed;
  readonly prepare: SeedPreparation | undefined;
}

/**
 * What modules put into a new tenant. They register in `onModuleInit`; the identity module runs all of them, in the order of their stage, in the one
 * transaction that creates the tenant.
 */
@Injectable()
export class TenantSeeds {
  private readonly seeds: Registered[] = [];

  /** Lower stages run first: 0 roles, 1 keys, 2 everything else. */
  register(stage: 0 | 1 | 2, seed: TenantSeed, prepare?: SeedPreparation): void {
    this.seeds.push({ stage, seed, prepare });
    this.seeds.sort((a, b) => a.stage - b.stage);
  }

  async run(tx: Tx, organization: string): Promise<void> {
    for (const { seed } of this.seeds) await seed(tx, organization);
  }

  /** Prepares all of them for a tenant that is about to be made; what this gives runs them. */
  async prepared(organization: string): Promise<TenantSeed> {
    const seeds = await Promise.all(this.seeds.map(({ seed, prepare }) => prepare?.(organization) ?? seed));
    return async (tx) => {
      for (const seed of seeds) await seed(tx, organization);
    };
  }
}
