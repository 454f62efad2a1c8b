import { Injectable } from '@nestjs/common';
import { SUPER_TENANT } from '../../domain/organization.js';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import { KeyManagerUrls } from '../key-manager-urls.js';
import { discoveryDocument } from './discovery-document.js';
import type { OAuthEndpoint, OAuthExchange } from './endpoint.js';
import { answerJson, PUBLIC_DOCUMENT } from './oauth-answer.js';

/** The discovery document, at the paths of OpenID Connect and of RFC 8414 alike. */
@Injectable()
export class DiscoveryEndpoint implements OAuthEndpoint {
  readonly access = 'anonymous';
  readonly methods = ['GET'];
  readonly paths = [
    'token/.well-known/openid-configuration',
    'token/.well-known/oauth-authorization-server',
    'oidcdiscovery/.well-known/openid-configuration',
  ];
  readonly isForScripts = true;

  constructor(
    private readonly urls: KeyManagerUrls,
    private readonly config: OauthConfig,
  ) {}

  async answer({ tenant = SUPER_TENANT, response }: OAuthExchange): Promise<void> {
    answerJson(response, 200, discoveryDocument(this.urls, this.config, tenant), PUBLIC_DOCUMENT);
  }
}
