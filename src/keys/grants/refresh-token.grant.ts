import { Injectable } from '@nestjs/common';
import { Transactions } from '../../platform/database/transactions.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import type { Grant, GrantParameters, TokenAnswer } from '../engine/grant.js';
import { InvalidGrant, MissingParameters } from '../oauth-error.js';
import { Revocations } from '../revocations/revocations.service.js';
import { TokenFamilies } from '../revocations/token-families.js';
import { TokenSubjects } from '../subjects/token-subjects.service.js';
import { epochSeconds } from '../tokens/lifetimes.js';
import { LiveTokens, type OurToken } from '../tokens/live-tokens.js';
import { DEFAULT_SCOPE, scopesIn } from '../tokens/scope-grants.js';
import { familyOf, newFamily } from '../tokens/token-family.js';
import { TokenIssuer } from '../tokens/token-issuer.js';

const Refused = () => InvalidGrant('Persisted access token data not found');

/**
 * For this long a second use of a refresh token is taken for the client's own, which asked twice at once or never saw the first answer. It is refused
 * all the same. Only for clients that prove who they are: of a public one nobody knows who asks (RFC 9700 §4.14.2).
 */
const RETRY_SECONDS = 10;

/** Each refresh token is used once; whoever uses one again ends the whole family, as one of the two users is a thief. */
@Injectable()
export class RefreshTokenGrant implements Grant {
  readonly name = 'refresh_token';
  readonly parameters = ['refresh_token', 'scope'];

  constructor(
    private readonly live: LiveTokens,
    private readonly subjects: TokenSubjects,
    private readonly revocations: Revocations,
    private readonly tokens: TokenIssuer,
    private readonly transactions: Transactions,
    private readonly families: TokenFamilies,
  ) {}

  async answer(client: OAuthClient, parameters: GrantParameters): Promise<TokenAnswer> {
    const text = parameters['refresh_token'];
    if (!text) throw MissingParameters('refresh_token');
    const token = await this.live.refreshable(text);
    if (!token || token.clientId !== client.clientId) throw Refused();
    const account = await this.subjects.byId(token.entityId);
    if (!account) throw Refused();
    const use = await this.revocations.consume(token.organization, token.jti, token.expiresAt);
    if (use !== 'used') {
      if (use !== 'revoked' && !(isRetry(use) && !client.bypassClientCredentials)) await this.endFamily(client, token);
      throw Refused();
    }
    // A token from before there were families begins one of its own.
    const family = familyOf(token.jti) || newFamily();
    return this.tokens.forUser(client, account, requestedOf(parameters['scope'], token.scope), { family });
  }

  private async endFamily(client: OAuthClient, token: OurToken): Promise<void> {
    await this.transactions.run((tx) => this.families.end(tx, client, token.jti, token.expiresAt));
  }
}

const isRetry = (firstUse: number): boolean => epochSeconds() - firstUse <= RETRY_SECONDS;

/** At most the scopes of the first grant; those that were asked for beyond it are dropped. */
const requestedOf = (asked: string | undefined, granted: string): readonly string[] => {
  const before = scopesIn(granted).filter((scope) => scope !== DEFAULT_SCOPE);
  const wanted = scopesIn(asked);
  return wanted.length === 0 ? before : before.filter((scope) => wanted.includes(scope));
};
