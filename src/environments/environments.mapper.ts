import { type Environment, type EnvironmentContent, OWN_GATEWAY_TYPE, type VHost } from './environment.js';
import type { EnvironmentDto, GatewayInstanceDto, VHostDto } from './environments.dto.js';
import type { GatewayInstance } from './gateway-instances.queries.js';

const DISCOVERY_MINUTES = 60;
const PROVIDER = 'wso2';

/** The `vhost` and the versions belong to platform gateways: no such environment, no such fields. */
export const toEnvironmentDto = (environment: Environment): EnvironmentDto => ({
  id: environment.id,
  name: environment.name,
  displayName: environment.displayName,
  provider: environment.provider,
  type: environment.type,
  gatewayType: environment.gatewayType,
  description: environment.description,
  isReadOnly: environment.isReadOnly,
  mode: environment.mode,
  apiDiscoveryScheduledWindow: environment.discoveryMinutes,
  vhosts: environment.vhosts.map((vhost) => ({ ...vhost })),
  endpointURIs: environment.endpointUris.map(({ protocol, endpointURI }) => ({ protocol, endpointURI })),
  additionalProperties: environment.additionalProperties.map(({ key, value }) => ({ key, value })),
  permissions: { permissionType: environment.permissions.permissionType, roles: [...environment.permissions.roles] },
  status: 'Active',
  platformGatewayVersions: [],
});

export const fromEnvironmentDto = (dto: EnvironmentDto): EnvironmentContent => ({
  name: dto.name,
  displayName: dto.displayName ?? dto.name,
  description: dto.description ?? '',
  provider: dto.provider || PROVIDER,
  type: dto.type ?? 'hybrid',
  gatewayType: dto.gatewayType || OWN_GATEWAY_TYPE,
  mode: dto.mode ?? 'WRITE_ONLY',
  discoveryMinutes: dto.apiDiscoveryScheduledWindow ?? DISCOVERY_MINUTES,
  vhosts: dto.vhosts.map(fromVHostDto),
  endpointUris: (dto.endpointURIs ?? []).map(({ protocol, endpointURI }) => ({ protocol, endpointURI })),
  additionalProperties: (dto.additionalProperties ?? []).map(({ key = '', value = '' }) => ({ key, value })),
  permissions: { permissionType: dto.permissions?.permissionType ?? 'PUBLIC', roles: dto.permissions?.roles ?? [] },
});

const fromVHostDto = ({ host, httpContext, wsHost, wssHost, ...ports }: VHostDto): VHost => ({
  host,
  httpContext: httpContext ?? '',
  ...ports,
  wsHost: wsHost ?? host,
  wssHost: wssHost ?? host,
});

export const toGatewayInstanceDto = ({ gatewayId, lastActive, isActive }: GatewayInstance): GatewayInstanceDto => ({
  gatewayId,
  lastActive: lastActive.toISOString(),
  status: isActive ? 'ACTIVE' : 'EXPIRED',
});
