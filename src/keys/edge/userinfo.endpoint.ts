import { Injectable } from '@nestjs/common';
import { shownName } from '../../domain/organization.js';
import type { UserEntity } from '../../identity/users/user.entity.js';
import { UsersService } from '../../identity/users/users.service.js';
import type { Account } from '../../platform/auth/accounts.js';
import { OAuthClientsService } from '../clients/oauth-clients.service.js';
import { InsufficientScope, InvalidToken } from '../oauth-error.js';
import type { TokenSubject } from '../subjects/token-subject.js';
import { TokenSubjects } from '../subjects/token-subjects.service.js';
import { LiveTokens } from '../tokens/live-tokens.js';
import { scopesIn } from '../tokens/scope-grants.js';
import type { OAuthEndpoint, OAuthExchange } from './endpoint.js';
import { answerJson } from './oauth-answer.js';

const BEARER = /^Bearer +(\S+)$/i;

/** What each scope shows of a user (OpenID Connect Core §5.4); the values of local claims by their short names. */
const CLAIMS_BY_SCOPE: Readonly<Record<string, (account: Account, claims: UserEntity['claims']) => Readonly<Record<string, unknown>>>> = {
  profile: (account, claims) => ({
    preferred_username: shownName(account),
    given_name: claims['givenname'],
    family_name: claims['lastname'],
  }),
  email: (_, claims) => ({ email: claims['emailaddress'] }),
  groups: ({ roles }) => ({ groups: roles }),
};

/** The same of a user without an account here: what its identity provider calls by the standard names. */
const remoteClaims = (scope: string, { roles, claims = {} }: TokenSubject): Readonly<Record<string, unknown>> => {
  if (scope === 'groups') return { groups: claims['groups'] ?? roles };
  const names = REMOTE_CLAIMS_BY_SCOPE[scope] ?? [];
  return Object.fromEntries(names.filter((name) => Object.hasOwn(claims, name)).map((name) => [name, claims[name]]));
};

const REMOTE_CLAIMS_BY_SCOPE: Readonly<Record<string, readonly string[]>> = {
  profile: ['preferred_username', 'name', 'given_name', 'family_name'],
  email: ['email', 'email_verified'],
};

/** The claims of the user behind an access token with the scope `openid`. */
@Injectable()
export class UserinfoEndpoint implements OAuthEndpoint {
  readonly methods = ['GET', 'POST'];
  readonly paths = ['userinfo'];

  constructor(
    private readonly live: LiveTokens,
    private readonly subjects: TokenSubjects,
    private readonly users: UsersService,
    private readonly clients: OAuthClientsService,
  ) {}

  async answer({ request, response }: OAuthExchange): Promise<void> {
    const [, text] = BEARER.exec(request.headers.authorization ?? '') ?? [];
    const token = text === undefined ? undefined : await this.live.read(text);
    if (token?.kind !== 'access' || !(await this.clients.byClientId(token.clientId))) throw InvalidToken();
    const scopes = scopesIn(token.scope);
    if (!scopes.includes('openid')) throw InsufficientScope();
    const [account, user] = await Promise.all([this.subjects.byId(token.entityId), this.users.byId(token.entityId)]);
    if (!account) throw InvalidToken();
    const parts = scopes.map((scope) => (user ? CLAIMS_BY_SCOPE[scope]?.(account, user.claims) : remoteClaims(scope, account)));
    answerJson(response, 200, Object.assign({ sub: token.subject }, ...parts));
  }
}
