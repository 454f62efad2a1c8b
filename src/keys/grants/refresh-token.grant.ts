import { Injectable } from '@nestjs/common';
import type { OAuthClient } from '../clients/oauth-client.js';
import type { Grant, GrantParameters, TokenAnswer } from '../engine/grant.js';
import { InvalidGrant, MissingParameters } from '../oauth-error.js';
import { Revocations } from '../revocations/revocations.service.js';
import { TokenSubjects } from '../subjects/token-subjects.service.js';
import { LiveTokens } from '../tokens/live-tokens.js';
import { DEFAULT_SCOPE, scopesIn } from '../tokens/scope-grants.js';
import { successorJti } from '../tokens/token-claims.js';
import { TokenIssuer } from '../tokens/token-issuer.js';

const Refused = () => InvalidGrant('Persisted access token data not found');

/** Refresh tokens are JWTs that nobody stores; each can be used once, and what was used is remembered until it would have ended. */
@Injectable()
export class RefreshTokenGrant implements Grant {
  readonly name = 'refresh_token';
  readonly parameters = ['refresh_token', 'scope'];

  constructor(
    private readonly live: LiveTokens,
    private readonly subjects: TokenSubjects,
    private readonly revocations: Revocations,
    private readonly tokens: TokenIssuer,
  ) {}

  async answer(client: OAuthClient, parameters: GrantParameters): Promise<TokenAnswer> {
    const text = parameters['refresh_token'];
    if (!text) throw MissingParameters('refresh_token');
    const token = await this.live.read(text);
    if (token?.kind !== 'refresh' || token.clientId !== client.clientId) throw Refused();
    const account = await this.subjects.byId(token.entityId);
    if (!account) throw Refused();
    if (!(await this.revocations.consume(token.organization, token.jti, token.expiresAt))) throw Refused();
    return this.tokens.forUser(client, account, requestedOf(parameters['scope'], token.scope), this.name, {
      refreshJti: successorJti(token.jti),
    });
  }
}

/** At most the scopes of the first grant; those that were asked for beyond it are dropped. */
const requestedOf = (asked: string | undefined, granted: string): readonly string[] => {
  const before = scopesIn(granted).filter((scope) => scope !== DEFAULT_SCOPE);
  const wanted = scopesIn(asked);
  return wanted.length === 0 ? before : before.filter((scope) => wanted.includes(scope));
};
