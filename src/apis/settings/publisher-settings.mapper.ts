import type { Environment, VHost } from '../../environments/environment.js';
import type { SettingsEnvironmentDto, SettingsVHostDto } from './publisher-settings.dto.js';

/** What an environment does not know about itself. */
export interface EnvironmentSurroundings {
  readonly serverUrl: string;
  readonly showInApiConsole: boolean;
}

export const toSettingsEnvironment = (
  environment: Environment,
  { serverUrl, showInApiConsole }: EnvironmentSurroundings,
): SettingsEnvironmentDto => ({
  id: environment.id,
  name: environment.name,
  displayName: environment.displayName,
  type: environment.type,
  gatewayType: environment.gatewayType,
  mode: environment.mode,
  serverUrl,
  provider: environment.provider,
  showInApiConsole,
  vhosts: environment.vhosts.map(toSettingsVHost),
  endpointURIs: environment.endpointUris.map(({ protocol, endpointURI }) => ({ protocol, endpointURI })),
  additionalProperties: environment.additionalProperties.map(({ key, value }) => ({ key, value })),
  permissions: { permissionType: environment.permissions.permissionType, roles: [...environment.permissions.roles] },
});

/** WebSub has no ports yet. */
const toSettingsVHost = (vhost: VHost): SettingsVHostDto => ({
  host: vhost.host,
  httpContext: vhost.httpContext,
  httpPort: vhost.httpPort ?? null,
  httpsPort: vhost.httpsPort ?? null,
  wsPort: vhost.wsPort ?? null,
  wsHost: vhost.wsHost,
  wssPort: vhost.wssPort ?? null,
  wssHost: vhost.wssHost,
  websubHttpPort: null,
  websubHttpsPort: null,
});
