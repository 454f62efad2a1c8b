import { Injectable } from '@nestjs/common';
import type { PolicyLevel } from '../domain/throttling.js';
import type { Tx } from '../platform/database/transactions.js';

/** Whether anything of the module refers to the policy; asked inside the transaction that would delete it. */
export type PolicyUse = (tx: Tx, organization: string, name: string) => Promise<boolean>;

/** Modules whose data name throttling policies register here in `onModuleInit`, so that no policy in use is deleted. */
@Injectable()
export class PolicyUses {
  private readonly uses: { readonly level: PolicyLevel; readonly use: PolicyUse }[] = [];

  register(level: PolicyLevel, use: PolicyUse): void {
    this.uses.push({ level, use });
  }

  async isUsed(tx: Tx, organization: string, level: PolicyLevel, name: string): Promise<boolean> {
    for (const each of this.uses) {
      if (each.level === level && (await each.use(tx, organization, name))) return true;
    }
    return false;
  }
}
