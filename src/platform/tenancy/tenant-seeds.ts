import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/transactions.js';

/** Writes what a new tenant starts with; must do nothing to what is there already, as it also runs at every start. */
export type TenantSeed = (tx: Tx, organization: string) => Promise<void>;

/**
 * What modules put into a new tenant. They register in `onModuleInit`; the identity module runs all of them, in the order of their stage, in the one
 * transaction that creates the tenant.
 */
@Injectable()
export class TenantSeeds {
  private readonly seeds: { readonly stage: number; readonly seed: TenantSeed }[] = [];

  /** Lower stages run first: 0 roles, 1 keys, 2 everything else. */
  register(stage: 0 | 1 | 2, seed: TenantSeed): void {
    this.seeds.push({ stage, seed });
    this.seeds.sort((a, b) => a.stage - b.stage);
  }

  async run(tx: Tx, organization: string): Promise<void> {
    for (const { seed } of this.seeds) await seed(tx, organization);
  }
}
