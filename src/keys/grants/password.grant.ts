import { Injectable } from '@nestjs/common';
import { Accounts } from '../../platform/auth/accounts.js';
import { loginNameOf } from '../clients/login-name.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import type { Grant, GrantParameters, TokenAnswer } from '../engine/grant.js';
import { InvalidGrant, MissingParameters } from '../oauth-error.js';
import { scopesIn } from '../tokens/scope-grants.js';
import { TokenIssuer } from '../tokens/token-issuer.js';

@Injectable()
export class PasswordGrant implements Grant {
  readonly name = 'password';
  readonly parameters = ['username', 'password', 'scope'];

  constructor(
    private readonly accounts: Accounts,
    private readonly tokens: TokenIssuer,
  ) {}

  async answer(client: OAuthClient, parameters: GrantParameters): Promise<TokenAnswer> {
    const { username, password, scope } = parameters;
    if (!username || !password) throw MissingParameters(...['username', 'password'].filter((name) => !parameters[name]));
    const account = await this.accounts.authenticate(loginNameOf(client, username), password);
    // Only a SaaS application serves the users of other tenants.
    if (!account || !(client.saas || account.organization === client.organization))
      throw InvalidGrant(`Authentication failed for ${username}`);
    return this.tokens.forUser(client, account, scopesIn(scope));
  }
}
