import { Injectable } from '@nestjs/common';
import { Accounts } from '../../platform/auth/accounts.js';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import { isCallbackAllowed } from '../clients/callback-rule.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import { OAuthClientsService } from '../clients/oauth-clients.service.js';
import type { OAuthParameters } from '../edge/oauth-body.js';
import { Engines } from '../engine/engines.js';
import { responseTypesOf } from '../engine/response-types.js';
import { servedGrants } from '../engine/served-grants.js';
import { OAuthError } from '../oauth-error.js';
import { type AuthorizationParameters, authorizationParameters, responseTypeOf, withHashedChallenge } from './authorization-parameters.js';
import { type Asked, type Step, stepTo } from './authorizations.js';
import { errorPage } from './page-urls.js';
import { isRedirectUri, redirectBack } from './redirect-back.js';

/** A request that ends before the engine sees it. */
export interface Refused {
  readonly refused: Step;
}

const toErrorPage = (code: string, text: string): Refused => ({ refused: stepTo(errorPage(code, text)) });

/**
 * Finds out who asks and where the answer may go. Until both are known nothing is redirected to the redirect URI (RFC 6749 §4.1.2.1): the browser
 * gets our error page.
 */
@Injectable()
export class AuthorizationOpening {
  constructor(
    private readonly clients: OAuthClientsService,
    private readonly accounts: Accounts,
    private readonly engines: Engines,
    private readonly config: OauthConfig,
  ) {}

  async open(tenant: string | undefined, sent: OAuthParameters): Promise<Asked | Refused> {
    const read = parsed(sent);
    if ('refused' in read) return read;
    const { parameters } = read;
    const { client_id: clientId, redirect_uri: redirectUri } = parameters;
    if (clientId === undefined) return toErrorPage('invalid_request', 'The request has no client_id.');
    const client = await this.clients.byClientId(clientId);
    if (!client || !(await this.mayBeUsed(client, tenant)))
      return toErrorPage('invalid_client', 'There is no application of this client_id.');
    if (redirectUri === undefined) return toErrorPage('invalid_request', 'The request has no redirect_uri.');
    if (!this.mayReceive(client, redirectUri))
      return toErrorPage('invalid_callback', 'The redirect_uri is not the callback the application registered.');
    return this.checked(client, parameters);
  }

  /** What the product refuses in words of its own; all the rest is the engine's to judge. */
  private async checked(client: OAuthClient, parameters: AuthorizationParameters): Promise<Asked | Refused> {
    const engine = await this.engines.of(client.organization);
    const back = (error: string, text: string): Refused => ({
      refused: {
        departure: redirectBack(parameters, { error, error_description: text, iss: engine.provider.issuer }),
        cookies: [],
      },
    });
    const asked = responseTypeOf(parameters);
    const type = asked === 'token' ? 'id_token token' : asked;
    const served = servedGrants(this.config);
    const opens = (grants: Iterable<string>) => responseTypesOf(grants).some((open) => open === type);
    if (type !== '' && !opens(served)) return back('unsupported_response_type', 'The server does not serve this response_type.');
    if (type !== '' && !opens(client.grantTypes))
      return back('unauthorized_client', 'The application is not authorized to ask for this response_type.');
    try {
      return { client, engine, parameters: withHashedChallenge(parameters, client.pkceSupportPlain) };
    } catch (err) {
      if (err instanceof OAuthError) return back(err.error, err.error_description);
      throw err;
    }
  }

  private async mayBeUsed(client: OAuthClient, tenant: string | undefined): Promise<boolean> {
    return (tenant === undefined || client.saas || client.organization === tenant) && (await this.accounts.isActive(client.organization));
  }

  private mayReceive({ callbackUrl }: OAuthClient, redirectUri: string): boolean {
    return isRedirectUri(redirectUri) && isCallbackAllowed(callbackUrl, redirectUri, this.config.callback.enforceLiteralCharacters);
  }
}

const parsed = (sent: OAuthParameters): Pick<Asked, 'parameters'> | Refused => {
  try {
    return { parameters: authorizationParameters(sent) };
  } catch (err) {
    if (err instanceof OAuthError) return toErrorPage(err.error, err.error_description);
    throw err;
  }
};
