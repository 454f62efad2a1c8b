import type { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import { CLAIM_NAMES_BY_SCOPE } from '../claims/user-claims.js';
import { listedResponseTypes } from '../engine/response-types.js';
import { type ServedGrants, servedGrants } from '../engine/served-grants.js';
import type { KeyManagerUrls } from '../key-manager-urls.js';

const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';
const AUTHORIZATION_CODE = 'authorization_code';

/** Claims of ID tokens that are not about the user. */
const TOKEN_CLAIMS = ['iss', 'aud', 'azp', 'exp', 'iat', 'nbf', 'jti', 'nonce', 'auth_time', 'at_hash', 'c_hash', 'sid', 'amr'];

/**
 * The discovery document of a tenant (OpenID Connect Discovery, RFC 8414), in which only what works is listed. Members without a value are left out,
 * as the specifications ask.
 * Token, revocation and introspection URLs name no tenant: there the client decides (`reference/key-manager.md` §1).
 */
export const discoveryDocument = (urls: KeyManagerUrls, config: OauthConfig, organization: string) => {
  const served = servedGrants(config);
  return {
    issuer: urls.issuer(organization),
    ...(hasAuthorization(served) && authorization(urls, organization, served)),
    token_endpoint: urls.token,
    userinfo_endpoint: `${urls.base}/oauth2/userinfo`,
    registration_endpoint: urls.tenant(organization, '/keymanager-operations/dcr/register'),
    jwks_uri: urls.tenant(organization, '/oauth2/jwks'),
    revocation_endpoint: urls.revoke,
    introspection_endpoint: `${urls.base}/oauth2/introspect`,
    ...(served.has(DEVICE_CODE) && { device_authorization_endpoint: `${urls.base}/oauth2/device_authorize` }),
    scopes_supported: Object.keys(CLAIM_NAMES_BY_SCOPE),
    claims_supported: [...TOKEN_CLAIMS, ...Object.values(CLAIM_NAMES_BY_SCOPE).flat()],
    claim_types_supported: ['normal'],
    response_types_supported: listedResponseTypes(served),
    grant_types_supported: [...served],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    userinfo_signing_alg_values_supported: ['none'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    revocation_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    claims_parameter_supported: false,
    backchannel_logout_supported: false,
    backchannel_logout_session_supported: false,
  };
};

const hasAuthorization = (served: ServedGrants): boolean => listedResponseTypes(served).length > 0;

const authorization = (urls: KeyManagerUrls, organization: string, served: ServedGrants) => ({
  authorization_endpoint: urls.tenant(organization, '/oauth2/authorize'),
  end_session_endpoint: urls.tenant(organization, '/oidc/logout'),
  check_session_iframe: urls.tenant(organization, '/oidc/checksession'),
  response_modes_supported: ['query', 'fragment', 'form_post'],
  authorization_response_iss_parameter_supported: true,
  ...(served.has(AUTHORIZATION_CODE) && { code_challenge_methods_supported: ['S256', 'plain'] }),
});
