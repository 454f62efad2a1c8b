import type { OauthConfig } from '../../platform/config/sections/oauth.config.js';

export const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
export const SAML_BEARER = 'urn:ietf:params:oauth:grant-type:saml2-bearer';
export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

export type ServedGrants = ReadonlySet<string>;

/** The grants that the configuration leaves switched on. */
export const servedGrants = ({ grantType }: OauthConfig): ServedGrants =>
  new Set([
    ...(grantType.authorizationCode.enable ? ['authorization_code'] : []),
    ...(grantType.implicit.enable ? ['implicit'] : []),
    ...(grantType.password.enable ? ['password'] : []),
    ...(grantType.clientCredentials.enable ? ['client_credentials'] : []),
    ...(grantType.refreshToken.enable ? ['refresh_token'] : []),
    ...(grantType.jwtBearer.enable ? [JWT_BEARER] : []),
    ...(grantType.samlBearer.enable ? [SAML_BEARER] : []),
    ...(grantType.tokenExchange.enable ? [TOKEN_EXCHANGE] : []),
  ]);
