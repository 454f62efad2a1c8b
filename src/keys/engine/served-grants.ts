import type { OauthConfig } from '../../platform/config/sections/oauth.config.js';

export type ServedGrants = ReadonlySet<string>;

/** The grants that the configuration leaves switched on. */
export const servedGrants = ({ grantType }: OauthConfig): ServedGrants =>
  new Set([
    ...(grantType.authorizationCode.enable ? ['authorization_code'] : []),
    ...(grantType.implicit.enable ? ['implicit'] : []),
    ...(grantType.password.enable ? ['password'] : []),
    ...(grantType.clientCredentials.enable ? ['client_credentials'] : []),
    ...(grantType.refreshToken.enable ? ['refresh_token'] : []),
    ...(grantType.deviceCode.enable ? ['urn:ietf:params:oauth:grant-type:device_code'] : []),
  ]);
