import { Injectable } from '@nestjs/common';
import { Accounts } from '../../platform/auth/accounts.js';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import { isReachedThrough } from '../clients/client-tenant.js';
import { OAuthClientsService } from '../clients/oauth-clients.service.js';
import { authenticatedClient, credentialsOf } from '../edge/client-authentication.js';
import type { OAuthEndpoint, OAuthExchange } from '../edge/endpoint.js';
import { answerJson } from '../edge/oauth-answer.js';
import { readParameters, single } from '../edge/oauth-body.js';
import { DEVICE_CODE, servedGrants } from '../engine/served-grants.js';
import { KeyManagerUrls } from '../key-manager-urls.js';
import { InvalidClient, InvalidScope, UnauthorizedClient, UnsupportedGrantType } from '../oauth-error.js';
import { scopesIn } from '../tokens/scope-grants.js';
import { DEVICE_CODE_SECONDS, DeviceCodes, INTERVAL_SECONDS } from './device-codes.service.js';
import { shownUserCode } from './user-code.js';

const SCOPES_MAX = 200;

/** Where a device without a browser begins (RFC 8628 §3.1). A public client names itself, any other one brings its secret. */
@Injectable()
export class DeviceAuthorizationEndpoint implements OAuthEndpoint {
  readonly access = 'request';
  readonly methods = ['POST'];
  readonly paths = ['device_authorize'];
  readonly isForScripts = true;

  constructor(
    private readonly clients: OAuthClientsService,
    private readonly accounts: Accounts,
    private readonly codes: DeviceCodes,
    private readonly urls: KeyManagerUrls,
    private readonly config: OauthConfig,
  ) {}

  async answer({ tenant, request, response }: OAuthExchange): Promise<void> {
    const parameters = await readParameters(request);
    const client = await authenticatedClient(this.clients, credentialsOf(request, parameters));
    if (!client || !isReachedThrough(tenant, client) || !(await this.accounts.isActive(client.organization))) throw InvalidClient();
    if (!servedGrants(this.config).has(DEVICE_CODE)) throw UnsupportedGrantType();
    if (!client.grantTypes.includes(DEVICE_CODE)) throw UnauthorizedClient();
    const scopes = scopesIn(single(parameters, 'scope'));
    if (scopes.length > SCOPES_MAX) throw InvalidScope();
    const { deviceCode, userCode } = await this.codes.create(client, scopes);
    // The user's page is the tenant's own: the code alone names no tenant.
    const page = this.urls.tenant(client.organization, '/oauth2/device');
    answerJson(response, 200, {
      device_code: deviceCode,
      user_code: shownUserCode(userCode),
      verification_uri: page,
      verification_uri_complete: `${page}?user_code=${shownUserCode(userCode)}`,
      expires_in: DEVICE_CODE_SECONDS,
      interval: INTERVAL_SECONDS,
    });
  }
}
