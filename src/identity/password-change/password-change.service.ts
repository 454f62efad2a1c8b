import { Injectable } from '@nestjs/common';
import { fullName } from '../../domain/organization.js';
import type { User } from '../../domain/user.js';
import { Accounts } from '../../platform/auth/accounts.js';
import { IdentityMgtConfig } from '../../platform/config/sections/identity-mgt.config.js';
import { Transactions } from '../../platform/database/transactions.js';
import { isPassword } from '../users/user-rules.js';
import { UsersService } from '../users/users.service.js';
import { CurrentPasswordIncorrect, NewPasswordInvalid, PasswordChangeDisabled } from './password-change.problems.js';

/** Lets users change their own password. */
@Injectable()
export class PasswordChangeService {
  constructor(
    private readonly accounts: Accounts,
    private readonly users: UsersService,
    private readonly transactions: Transactions,
    private readonly config: IdentityMgtConfig,
  ) {}

  /**
   * Sets the new password; all tokens and sessions of the user end. A wrong current one counts as a failed login.
   * @throws PasswordChangeDisabled (901450), CurrentPasswordIncorrect (901451), NewPasswordInvalid (901452), TooManyRequests (429).
   */
  async change(caller: User, current: string, next: string): Promise<void> {
    if (!this.config.passwordChange.enable) throw PasswordChangeDisabled();
    const account = await this.accounts.authenticate(fullName(caller), current);
    if (account?.id !== caller.id) throw CurrentPasswordIncorrect();
    if (!isPassword(next)) throw NewPasswordInvalid();
    const passwordHash = await this.users.hash(next);
    await this.transactions.run((tx) => this.users.change(tx, caller.organization, caller.id, () => ({ passwordHash })));
  }
}
