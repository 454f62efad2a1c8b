import { Injectable } from '@nestjs/common';
import { parseUserName } from '../../domain/organization.js';
import { found } from '../../domain/problem.js';
import type { UserEntity } from '../../identity/users/user.entity.js';
import { UsersService } from '../../identity/users/users.service.js';
import { Accounts } from '../../platform/auth/accounts.js';
import { OAuthClientsService } from '../clients/oauth-clients.service.js';
import { LiveTokens } from '../tokens/live-tokens.js';
import { TokenRevocation } from '../tokens/token-revocation.js';
import { type Claim, claimsIn, LOCAL_DIALECT } from './claim-dialects.js';
import { DialectUnknown, TokenOfAnother, UserNameMissing, UserUnknown } from './operations.problems.js';

export interface ClaimsQuestion {
  readonly username: string | undefined;
  /** The domain of a user store; there is one. */
  readonly domain: string | undefined;
  readonly dialect: string | undefined;
  /** Names the user where no name is given. */
  readonly accessToken: string | undefined;
}

const PRIMARY = 'PRIMARY';

/** What is known of a user, and the end of tokens that are good for one use, for other servers that ask (`reference/key-manager.md` §1). */
@Injectable()
export class UserClaimsService {
  constructor(
    private readonly users: UsersService,
    private readonly accounts: Accounts,
    private readonly live: LiveTokens,
    private readonly clients: OAuthClientsService,
    private readonly revocation: TokenRevocation,
  ) {}

  /** @throws UserNameMissing, DialectUnknown, TokenOfAnother (400), UserUnknown (404) */
  async claims(organization: string, { username, domain, dialect, accessToken }: ClaimsQuestion): Promise<readonly Claim[]> {
    const user = username
      ? found(await this.named(organization, username, domain), UserUnknown, username)
      : await this.ofToken(organization, accessToken);
    if (accessToken && (await this.subjectOf(organization, accessToken)) !== user.id) throw TokenOfAnother();
    const roles = (await this.accounts.byId(user.id))?.roles.join(',') ?? '';
    const known = { ...user.claims, username: user.name, userid: user.id, roles, role: roles };
    const wanted = dialect || LOCAL_DIALECT;
    return found(claimsIn(wanted, known), DialectUnknown, wanted);
  }

  /** Ends a token of the tenant; what is none, or not the named client's, is left alone. */
  async revoke(organization: string, text: string, consumerKey: string | undefined): Promise<void> {
    const token = await this.live.verified(text);
    if (token?.organization !== organization || (consumerKey && token.clientId !== consumerKey)) return;
    const client = await this.clients.find(organization, token.clientId);
    if (client) await this.revocation.revoke(client, text);
  }

  private async named(organization: string, username: string, domain: string | undefined): Promise<UserEntity | undefined> {
    if (domain && domain.toUpperCase() !== PRIMARY) return undefined;
    const named = username.includes('@') ? parseUserName(username) : { ...parseUserName(username), organization };
    return named.organization === organization ? this.users.byName(organization, named.name) : undefined;
  }

  private async ofToken(organization: string, accessToken: string | undefined): Promise<UserEntity> {
    if (!accessToken) throw UserNameMissing();
    const id = await this.subjectOf(organization, accessToken);
    const user = id === undefined ? undefined : await this.users.byId(id);
    if (user?.organization !== organization) throw TokenOfAnother();
    return user;
  }

  /** The user behind a live access token of the tenant. */
  private async subjectOf(organization: string, accessToken: string): Promise<string | undefined> {
    const token = await this.live.read(accessToken);
    return token?.organization === organization && token.user === 'APPLICATION_USER' ? token.subject : undefined;
  }
}
