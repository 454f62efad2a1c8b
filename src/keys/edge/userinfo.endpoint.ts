import { Injectable } from '@nestjs/common';
import { UserClaims } from '../claims/user-claims.service.js';
import { OAuthClientsService } from '../clients/oauth-clients.service.js';
import { InsufficientScope, InvalidToken } from '../oauth-error.js';
import { LiveTokens } from '../tokens/live-tokens.js';
import { scopesIn } from '../tokens/scope-grants.js';
import type { OAuthEndpoint, OAuthExchange } from './endpoint.js';
import { answerJson } from './oauth-answer.js';

const BEARER = /^Bearer +(\S+)$/i;

/** The claims of the user behind an access token with the scope `openid`. */
@Injectable()
export class UserinfoEndpoint implements OAuthEndpoint {
  readonly access = 'own';
  readonly methods = ['GET', 'POST'];
  readonly paths = ['userinfo'];
  readonly isForScripts = true;

  constructor(
    private readonly live: LiveTokens,
    private readonly claims: UserClaims,
    private readonly clients: OAuthClientsService,
  ) {}

  async answer({ request, response }: OAuthExchange): Promise<void> {
    const [, text] = BEARER.exec(request.headers.authorization ?? '') ?? [];
    const token = text === undefined ? undefined : await this.live.read(text);
    if (token?.kind !== 'access' || !(await this.clients.byClientId(token.clientId))) throw InvalidToken();
    const scopes = scopesIn(token.scope);
    if (!scopes.includes('openid')) throw InsufficientScope();
    const claims = await this.claims.ofId(token.entityId, scopes);
    if (!claims) throw InvalidToken();
    answerJson(response, 200, claims);
  }
}
