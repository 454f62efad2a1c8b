import { Injectable } from '@nestjs/common';
import { problem } from '../../domain/problem.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import { OAuthClientsService } from '../clients/oauth-clients.service.js';
import type { TokenAnswer } from '../engine/grant.js';
import { TOKEN_EXCHANGE } from '../engine/served-grants.js';
import { Grants } from '../grants/grants.js';
import { OAuthError, UnauthorizedClient } from '../oauth-error.js';
import { TokenIssuer } from './token-issuer.js';

/** The key manager's refusal of a request that came through a portal. */
export const ClientRefused = problem(400, 900967, 'Bad Request', 'Client credentials are invalid.');
const TokenRequestRefused = problem(400, 900967, 'Bad Request', '%s');

export interface ApplicationToken {
  readonly accessToken: string;
  readonly scopes: readonly string[];
  /** Seconds. */
  readonly expiresIn: number;
}

/** A client of this key manager, for which a portal asks on behalf of its owner. */
export interface PortalClient {
  readonly organization: string;
  readonly clientId: string;
  /** Undefined where the owner need not prove to know it. */
  readonly clientSecret: string | undefined;
}

const CLIENT_CREDENTIALS = 'client_credentials';
const JWT_TOKEN = 'urn:ietf:params:oauth:token-type:jwt';

/** Tokens that developers ask for in the portal instead of at the token endpoint; the same rules hold. */
@Injectable()
export class PortalTokens {
  constructor(
    private readonly clients: OAuthClientsService,
    private readonly issuer: TokenIssuer,
    private readonly grants: Grants,
  ) {}

  /** An application's own token. `validitySeconds` overrides the client's setting; a negative one never ends. @throws ClientRefused and 400 */
  clientCredentials(client: PortalClient, scopes: readonly string[], validitySeconds?: number): Promise<ApplicationToken> {
    return this.asked(client, async (known) => {
      if (!known.grantTypes.includes(CLIENT_CREDENTIALS)) throw UnauthorizedClient();
      return this.issuer.forApplication(known, scopes, validitySeconds);
    });
  }

  /** A token of ours for one that an outside issuer gave a user. Its life is the client's setting, as at the token endpoint. @throws ClientRefused and 400 */
  exchange(client: PortalClient, subjectToken: string, scopes: readonly string[]): Promise<ApplicationToken> {
    const parameters = { grant_type: TOKEN_EXCHANGE, subject_token: subjectToken, subject_token_type: JWT_TOKEN, scope: scopes.join(' ') };
    return this.asked(client, (known) => this.grants.answer(known, parameters));
  }

  private async asked(
    { organization, clientId, clientSecret }: PortalClient,
    answer: (client: OAuthClient) => Promise<TokenAnswer>,
  ): Promise<ApplicationToken> {
    const client = await this.clients.find(organization, clientId);
    if (!client || (clientSecret !== undefined && !(await this.clients.secretMatches(clientId, clientSecret)))) throw ClientRefused();
    try {
      const { access_token: accessToken, scope, expires_in: expiresIn } = await answer(client);
      return { accessToken, scopes: scope.split(' '), expiresIn };
    } catch (err) {
      throw err instanceof OAuthError ? TokenRequestRefused(err.error_description) : err;
    }
  }
}
