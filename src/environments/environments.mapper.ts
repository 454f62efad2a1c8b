import { type Environment, type EnvironmentContent, OWN_GATEWAY_TYPE, PLATFORM_GATEWAY_TYPE, type VHost } from './environment.js';
import type { EnvironmentDto, GatewayInstanceDto, VHostDto } from './environments.dto.js';
import type { GatewayInstance } from './gateway-instances.queries.js';

const DISCOVERY_MINUTES = 60;
const PROVIDER = 'wso2';

export const toEnvironmentDto = (environment: Environment, platformGatewayVersions: readonly string[]): EnvironmentDto => ({
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
  ...gatewayFacts(environment, platformGatewayVersions),
});

/** The address, the connection and the versions are those of platform gateways alone. */
const gatewayFacts = (
  { gatewayType, additionalProperties }: Environment,
  versions: readonly string[],
): Pick<EnvironmentDto, 'status' | 'vhost' | 'platformGatewayVersions'> => {
  if (gatewayType !== PLATFORM_GATEWAY_TYPE) return { status: 'Active', platformGatewayVersions: [] };
  const property = (name: string) => additionalProperties.find(({ key }) => key === name)?.value ?? '';
  return {
    status: property('isActive') === 'true' ? 'Active' : 'Inactive',
    vhost: property('platformGatewayBaseUrl'),
    platformGatewayVersions: [...versions],
  };
};

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
  // Portals say null of a port that is not set.
  ...Object.fromEntries(Object.entries(ports).filter(([, port]) => port !== null)),
  wsHost: wsHost ?? host,
  wssHost: wssHost ?? host,
});

export const toGatewayInstanceDto = ({ gatewayId, lastActive, isActive }: GatewayInstance): GatewayInstanceDto => ({
  gatewayId,
  lastActive: lastActive.toISOString(),
  status: isActive ? 'ACTIVE' : 'EXPIRED',
});
