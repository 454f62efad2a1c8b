import { Injectable } from '@nestjs/common';
import { Accounts } from '../../platform/auth/accounts.js';
import { FederatedAccounts } from './federated-accounts.service.js';
import type { TokenSubject } from './token-subject.js';

/** Finds out on whose behalf a token acts, by its `entity_id`. */
@Injectable()
export class TokenSubjects {
  constructor(
    private readonly accounts: Accounts,
    private readonly federated: FederatedAccounts,
  ) {}

  /** Undefined for a user that is gone or locked, and for one whose identity provider is not trusted any more. */
  async byId(id: string): Promise<TokenSubject | undefined> {
    return (await this.accounts.byId(id)) ?? this.federated.byId(id);
  }

  /** Has what is known of the user kept until its token has ended; `end` in epoch seconds. Accounts of the store stay anyway. */
  async neededUntil({ id, subject }: TokenSubject, end: number): Promise<void> {
    if (subject !== undefined) await this.federated.neededUntil(id, end);
  }
}
