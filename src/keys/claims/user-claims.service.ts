import { Injectable } from '@nestjs/common';
import { UsersService } from '../../identity/users/users.service.js';
import { type Account, Accounts } from '../../platform/auth/accounts.js';
import { claimsOf } from './user-claims.js';

/** Reads what OpenID Connect clients may know of a user. */
@Injectable()
export class UserClaims {
  constructor(
    private readonly users: UsersService,
    private readonly accounts: Accounts,
  ) {}

  /** The claims that the scopes show; `sub` always. Undefined for a user who is gone or locked. */
  async ofId(id: string, scopes: readonly string[]): Promise<Readonly<Record<string, unknown>> | undefined> {
    const account = await this.accounts.byId(id);
    return account && this.of(account, scopes);
  }

  /** As {@link ofId}, of an account that was found already. */
  async of(account: Account, scopes: readonly string[]): Promise<Readonly<Record<string, unknown>> | undefined> {
    const user = await this.users.byId(account.id);
    return user && { sub: account.id, ...claimsOf({ account, user }, scopes) };
  }
}
