import { Injectable } from '@nestjs/common';
import { SUPER_TENANT } from '../../domain/organization.js';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import { listedResponseTypes } from '../engine/response-types.js';
import { servedGrants } from '../engine/served-grants.js';
import { KeyManagerUrls } from '../key-manager-urls.js';
import type { OAuthEndpoint, OAuthExchange } from './endpoint.js';
import { answerJson, PUBLIC_DOCUMENT } from './oauth-answer.js';

/** The discovery document: what is listed works. */
@Injectable()
export class DiscoveryEndpoint implements OAuthEndpoint {
  readonly methods = ['GET'];
  readonly paths = ['token/.well-known/openid-configuration', 'oidcdiscovery/.well-known/openid-configuration'];

  constructor(
    private readonly urls: KeyManagerUrls,
    private readonly config: OauthConfig,
  ) {}

  async answer({ tenant = SUPER_TENANT, response }: OAuthExchange): Promise<void> {
    answerJson(response, 200, this.document(tenant), PUBLIC_DOCUMENT);
  }

  private document(organization: string) {
    const served = servedGrants(this.config);
    return {
      issuer: this.urls.issuer(organization),
      authorization_endpoint: this.urls.tenant(organization, '/oauth2/authorize'),
      token_endpoint: this.urls.token,
      userinfo_endpoint: `${this.urls.base}/oauth2/userinfo`,
      jwks_uri: this.urls.tenant(organization, '/oauth2/jwks'),
      revocation_endpoint: this.urls.revoke,
      introspection_endpoint: `${this.urls.base}/oauth2/introspect`,
      scopes_supported: ['openid', 'profile', 'email', 'groups'],
      claims_supported: [
        'iss',
        'sub',
        'aud',
        'azp',
        'exp',
        'iat',
        'jti',
        'preferred_username',
        'given_name',
        'family_name',
        'email',
        'groups',
      ],
      response_types_supported: listedResponseTypes(served),
      response_modes_supported: ['query', 'fragment', 'form_post'],
      grant_types_supported: [...served],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      code_challenge_methods_supported: ['S256', 'plain'],
      authorization_response_iss_parameter_supported: true,
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      request_parameter_supported: false,
      claims_parameter_supported: false,
    };
  }
}
