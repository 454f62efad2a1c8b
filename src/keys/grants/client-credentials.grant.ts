import { Injectable } from '@nestjs/common';
import type { OAuthClient } from '../clients/oauth-client.js';
import type { Grant, GrantParameters, TokenAnswer } from '../engine/grant.js';
import { UnauthorizedClient } from '../oauth-error.js';
import { scopesIn } from '../tokens/scope-grants.js';
import { TokenIssuer } from '../tokens/token-issuer.js';

@Injectable()
export class ClientCredentialsGrant implements Grant {
  readonly name = 'client_credentials';
  readonly parameters = ['scope'];

  constructor(private readonly tokens: TokenIssuer) {}

  async answer(client: OAuthClient, parameters: GrantParameters): Promise<TokenAnswer> {
    // A public client proves nothing about itself, so it gets no token of its own.
    if (client.bypassClientCredentials) throw UnauthorizedClient();
    return this.tokens.forApplication(client, scopesIn(parameters['scope']));
  }
}
