import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/transactions.js';

/** Whether anything is deployed to the environment of this name; asked inside the transaction that would delete it. */
export type EnvironmentUse = (tx: Tx, organization: string, environment: string) => Promise<boolean>;

/** Modules that deploy to environments register here in `onModuleInit`, so that no environment in use is deleted. */
@Injectable()
export class EnvironmentUses {
  private readonly uses: EnvironmentUse[] = [];

  register(use: EnvironmentUse): void {
    this.uses.push(use);
  }

  async isUsed(tx: Tx, organization: string, environment: string): Promise<boolean> {
    for (const use of this.uses) if (await use(tx, organization, environment)) return true;
    return false;
  }
}
