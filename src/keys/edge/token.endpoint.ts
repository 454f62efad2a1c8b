import { Injectable } from '@nestjs/common';
import { Accounts } from '../../platform/auth/accounts.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import { OAuthClientsService } from '../clients/oauth-clients.service.js';
import { Grants } from '../grants/grants.js';
import { InvalidClient } from '../oauth-error.js';
import { authenticatedClient, credentialsOf } from './client-authentication.js';
import type { OAuthEndpoint, OAuthExchange } from './endpoint.js';
import { answerJson } from './oauth-answer.js';
import { readParameters } from './oauth-body.js';

/** Tokens for a client that proves who it is; the token URL names no tenant, the client decides. */
@Injectable()
export class TokenEndpoint implements OAuthEndpoint {
  readonly access = 'request';
  readonly methods = ['POST'];
  readonly paths = ['token'];
  readonly isForScripts = true;

  constructor(
    private readonly clients: OAuthClientsService,
    private readonly accounts: Accounts,
    private readonly grants: Grants,
  ) {}

  async answer({ tenant, request, response }: OAuthExchange): Promise<void> {
    const parameters = await readParameters(request);
    const client = await authenticatedClient(this.clients, credentialsOf(request, parameters));
    if (!client || !(await this.mayBeUsed(client, tenant))) throw InvalidClient();
    answerJson(response, 200, await this.grants.answer(client, parameters));
  }

  private async mayBeUsed(client: OAuthClient, tenant: string | undefined): Promise<boolean> {
    return (tenant === undefined || client.saas || client.organization === tenant) && (await this.accounts.isActive(client.organization));
  }
}
