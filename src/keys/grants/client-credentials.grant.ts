import { Injectable } from '@nestjs/common';
import type { OAuthClient } from '../clients/oauth-client.js';
import type { Grant, GrantParameters, TokenAnswer } from '../engine/grant.js';
import { InvalidRequest, UnauthorizedClient } from '../oauth-error.js';
import { endless } from '../tokens/lifetimes.js';
import { scopesIn } from '../tokens/scope-grants.js';
import { TokenIssuer } from '../tokens/token-issuer.js';

@Injectable()
export class ClientCredentialsGrant implements Grant {
  readonly name = 'client_credentials';
  readonly parameters = ['scope', 'validity_period'];

  constructor(private readonly tokens: TokenIssuer) {}

  async answer(client: OAuthClient, parameters: GrantParameters): Promise<TokenAnswer> {
    // A public client proves nothing about itself, so it gets no token of its own.
    if (client.bypassClientCredentials) throw UnauthorizedClient();
    return this.tokens.forApplication(client, scopesIn(parameters['scope']), validityOf(client, parameters['validity_period']));
  }
}

/** Seconds, -1 for a token that never ends; never longer than the application itself was given. @throws OAuthError for anything else */
const validityOf = ({ lifetimes }: OAuthClient, text: string | undefined): number | undefined => {
  if (text === undefined || text === '') return undefined;
  const seconds = Number(text);
  if (!Number.isSafeInteger(seconds) || (seconds < 1 && seconds !== -1)) throw InvalidRequest('validity_period is no number of seconds.');
  return lifetimes.application === null ? seconds : Math.min(endless(seconds), endless(lifetimes.application));
};
