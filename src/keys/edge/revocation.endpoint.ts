import { Injectable } from '@nestjs/common';
import { fullName } from '../../domain/organization.js';
import { Accounts } from '../../platform/auth/accounts.js';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import { type OAuthClient, ownerOf } from '../clients/oauth-client.js';
import { OAuthClientsService } from '../clients/oauth-clients.service.js';
import { InvalidClient, MissingParameters } from '../oauth-error.js';
import type { OurToken } from '../tokens/live-tokens.js';
import { TokenRevocation } from '../tokens/token-revocation.js';
import { authenticatedClient, credentialsOf } from './client-authentication.js';
import type { OAuthEndpoint, OAuthExchange } from './endpoint.js';
import { readParameters, single } from './oauth-body.js';

/** RFC 7009: a client gives back a token. A valid, a foreign and an unknown token get the same empty answer. */
@Injectable()
export class RevocationEndpoint implements OAuthEndpoint {
  readonly access = 'request';
  readonly methods = ['POST'];
  readonly paths = ['revoke'];
  readonly isForScripts = true;

  constructor(
    private readonly clients: OAuthClientsService,
    private readonly accounts: Accounts,
    private readonly tokens: TokenRevocation,
    private readonly config: OauthConfig,
  ) {}

  async answer({ request, response }: OAuthExchange): Promise<void> {
    const parameters = await readParameters(request);
    const client = await authenticatedClient(this.clients, credentialsOf(request, parameters));
    if (!client) throw InvalidClient();
    const text = single(parameters, 'token');
    if (!text) throw MissingParameters('token');
    const token = await this.tokens.revoke(client, text);
    const named = token && this.config.revokedTokenHeadersInResponse.enable ? await this.headers(client, token, text) : {};
    response.writeHead(200, { 'Cache-Control': 'no-store', Pragma: 'no-cache', 'Content-Length': 0, ...named }).end();
  }

  /** What was revoked, for proxies that keep tokens in a cache of their own (`oauth.revoked_token_headers_in_response`). */
  private async headers(client: OAuthClient, token: OurToken, text: string): Promise<Readonly<Record<string, string>>> {
    const user = token.user === 'APPLICATION' ? ownerOf(client) : await this.accounts.byId(token.subject);
    return {
      [token.kind === 'refresh' ? 'RevokedRefreshToken' : 'RevokedAccessToken']: text,
      ...(user && { AuthorizedUser: encodeURI(fullName(user)) }),
    };
  }
}
