import { Injectable } from '@nestjs/common';
import type { ProblemKind } from '../domain/problem.js';
import type { Tx } from '../platform/database/transactions.js';
import { EnvironmentInUse } from './environments.problems.js';

/** Whether anything is deployed to the environment of this name; asked inside the transaction that would delete it. */
export type EnvironmentUse = (tx: Tx, organization: string, environment: string) => Promise<boolean>;

/** Modules that deploy to environments register here in `onModuleInit`, so that no environment in use is deleted. */
@Injectable()
export class EnvironmentUses {
  private readonly uses: { readonly isUsed: EnvironmentUse; readonly refusal: ProblemKind }[] = [];

  /** `refusal` is told the id of the environment. */
  register(isUsed: EnvironmentUse, refusal: ProblemKind = EnvironmentInUse): void {
    this.uses.push({ isUsed, refusal });
  }

  /** What speaks against deleting the environment, if anything. */
  async refusal(tx: Tx, organization: string, environment: string): Promise<ProblemKind | undefined> {
    for (const { isUsed, refusal } of this.uses) if (await isUsed(tx, organization, environment)) return refusal;
    return undefined;
  }
}
