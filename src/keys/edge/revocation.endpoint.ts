import { Injectable } from '@nestjs/common';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import { Transactions } from '../../platform/database/transactions.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import { OAuthClientsService } from '../clients/oauth-clients.service.js';
import { InvalidClient, MissingParameters } from '../oauth-error.js';
import { Revocations } from '../revocations/revocations.service.js';
import { lifetimesOf, NEVER_SECONDS } from '../tokens/lifetimes.js';
import { LiveTokens } from '../tokens/live-tokens.js';
import { pairedJti } from '../tokens/token-claims.js';
import { authenticatedClient, credentialsOf } from './client-authentication.js';
import type { OAuthEndpoint, OAuthExchange } from './endpoint.js';
import { readParameters, single } from './oauth-body.js';

/** RFC 7009: a client gives back a token. A valid, a foreign and an unknown token get the same empty answer. */
@Injectable()
export class RevocationEndpoint implements OAuthEndpoint {
  readonly methods = ['POST'];
  readonly paths = ['revoke'];

  constructor(
    private readonly clients: OAuthClientsService,
    private readonly live: LiveTokens,
    private readonly revocations: Revocations,
    private readonly transactions: Transactions,
    private readonly config: OauthConfig,
  ) {}

  async answer({ request, response }: OAuthExchange): Promise<void> {
    const parameters = await readParameters(request);
    const client = await authenticatedClient(this.clients, credentialsOf(request, parameters));
    if (!client) throw InvalidClient();
    const text = single(parameters, 'token');
    if (!text) throw MissingParameters('token');
    await this.revoke(client, text);
    response.writeHead(200, { 'Cache-Control': 'no-store', Pragma: 'no-cache', 'Content-Length': 0 }).end();
  }

  private async revoke(client: OAuthClient, text: string): Promise<void> {
    const token = await this.live.verified(text);
    if (token?.clientId !== client.clientId) return;
    await this.transactions.run(async (tx) => {
      await this.revocations.revokeToken(tx, token.organization, token.jti, token.expiresAt);
      if (token.kind !== 'refresh') return;
      // The access token that came with it.
      const seconds = lifetimesOf(client, this.config).user;
      const end = seconds >= NEVER_SECONDS ? undefined : token.issuedAt + seconds;
      await this.revocations.revokeToken(tx, token.organization, pairedJti(token.jti), end);
    });
  }
}
