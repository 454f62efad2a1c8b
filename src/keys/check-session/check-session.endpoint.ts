import { Injectable } from '@nestjs/common';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import { isCallbackAllowed } from '../clients/callback-rule.js';
import { isReachedThrough } from '../clients/client-tenant.js';
import { OAuthClientsService } from '../clients/oauth-clients.service.js';
import type { OAuthEndpoint, OAuthExchange } from '../edge/endpoint.js';
import { queryParameters, single } from '../edge/oauth-body.js';
import { InvalidRequest, MissingParameters } from '../oauth-error.js';
import { frameHeaders, sessionFrame } from './session-frame.js';

const FRAMING = /^https?:$/;

/** The frame in which a client's page asks whether the user is still signed in (`reference/identity.md` §6). */
@Injectable()
export class CheckSessionEndpoint implements OAuthEndpoint {
  readonly access = 'anonymous';
  readonly methods = ['GET'];
  readonly base = 'oidc';
  readonly paths = ['checksession'];

  constructor(
    private readonly clients: OAuthClientsService,
    private readonly config: OauthConfig,
  ) {}

  async answer({ tenant, request, response }: OAuthExchange): Promise<void> {
    const parameters = queryParameters(request);
    const [clientId, redirectUri] = [single(parameters, 'client_id'), single(parameters, 'redirect_uri')];
    if (!clientId || !redirectUri) throw MissingParameters(...(clientId ? [] : ['client_id']), ...(redirectUri ? [] : ['redirect_uri']));
    const origin = await this.originOf(tenant, clientId, redirectUri);
    // Whoever may not frame it learns no more than that.
    if (origin === undefined) throw InvalidRequest('The client and its callback URL do not belong together.');
    const page = sessionFrame(clientId, origin);
    response.writeHead(200, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Length': Buffer.byteLength(page),
      'Cache-Control': 'no-store',
      ...frameHeaders(origin),
    });
    response.end(page);
  }

  /** The origin of a callback URL of the client; undefined for any other one, and for one that is no web page's. */
  private async originOf(tenant: string | undefined, clientId: string, redirectUri: string): Promise<string | undefined> {
    const client = await this.clients.byClientId(clientId);
    if (!client || !isReachedThrough(tenant, client)) return undefined;
    if (!isCallbackAllowed(client.callbackUrl, redirectUri, this.config.callback.enforceLiteralCharacters)) return undefined;
    const url = URL.parse(redirectUri);
    return url && FRAMING.test(url.protocol) ? url.origin : undefined;
  }
}
