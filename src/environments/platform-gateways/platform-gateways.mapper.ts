import type { EnvironmentEntity } from '../environment.entity.js';
import { type EnvironmentContent, PLATFORM_GATEWAY_TYPE } from '../environment.js';
import type { PlatformGatewayEntity } from './platform-gateway.entity.js';
import { type NewPlatformGateway, type PlatformGateway, vhostAt } from './platform-gateway.js';
import type { CreatePlatformGatewayRequestDto, PlatformGatewayResponseDto } from './platform-gateways.dto.js';

const DISCOVERY_MINUTES = 60;

export const toPlatformGatewayDto = ({ url, createdAt, updatedAt, ...gateway }: PlatformGateway): PlatformGatewayResponseDto => ({
  id: gateway.id,
  name: gateway.name,
  displayName: gateway.displayName,
  description: gateway.description,
  properties: gateway.properties,
  vhost: url,
  isActive: gateway.isActive,
  permissions: { permissionType: gateway.permissions.permissionType, roles: [...gateway.permissions.roles] },
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

export const fromPlatformGatewayDto = (dto: CreatePlatformGatewayRequestDto): NewPlatformGateway => ({
  name: dto.name,
  vhost: dto.vhost,
  displayName: dto.displayName,
  description: dto.description ?? '',
  properties: dto.properties ?? {},
  permissions: { permissionType: dto.permissions?.permissionType ?? 'PUBLIC', roles: dto.permissions?.roles ?? [] },
});

/** No gateway connects yet, so none is active. */
export const toPlatformGateway = (
  environment: Pick<EnvironmentEntity, 'id' | 'name' | 'displayName' | 'description' | 'permissions'>,
  { url, properties, createdAt, updatedAt }: PlatformGatewayEntity,
): PlatformGateway => ({
  id: environment.id,
  name: environment.name,
  displayName: environment.displayName,
  description: environment.description,
  permissions: environment.permissions,
  url,
  properties,
  isActive: false,
  createdAt,
  updatedAt,
});

/** The environment that a gateway is (`reference/federation.md` §5.1). */
export const toGatewayEnvironment = (organization: string, gateway: PlatformGateway): EnvironmentContent => ({
  name: gateway.name,
  displayName: gateway.displayName,
  description: gateway.description,
  provider: 'wso2',
  type: 'hybrid',
  gatewayType: PLATFORM_GATEWAY_TYPE,
  mode: 'WRITE_ONLY',
  discoveryMinutes: DISCOVERY_MINUTES,
  vhosts: [vhostAt(gateway.url)],
  endpointUris: [],
  additionalProperties: [
    { key: 'platformGatewayId', value: gateway.id },
    { key: 'platformGatewayBaseUrl', value: gateway.url },
    { key: 'organization', value: organization },
    { key: 'isActive', value: String(gateway.isActive) },
    { key: 'createdAt', value: gateway.createdAt.toISOString() },
    { key: 'updatedAt', value: gateway.updatedAt.toISOString() },
    { key: 'properties', value: JSON.stringify(gateway.properties) },
  ],
  permissions: gateway.permissions,
});
