import { ApiHideProperty, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  AdditionalPropertyDto,
  ENVIRONMENT_MODES,
  EnvironmentPermissionsDto,
  GatewayEnvironmentProtocolURIDto,
} from '../../environments/environments.dto.js';

/** Only ever answered. Addresses of an environment. */
export class SettingsVHostDto {
  host?: string;
  httpContext?: string;
  @ApiProperty({ type: 'integer', required: false, nullable: true }) httpPort!: number | null;
  @ApiProperty({ type: 'integer', required: false, nullable: true }) httpsPort!: number | null;
  @ApiProperty({ type: 'integer', required: false, nullable: true }) wsPort!: number | null;
  wsHost?: string;
  @ApiProperty({ type: 'integer', required: false, nullable: true }) wssPort!: number | null;
  wssHost?: string;
  @ApiProperty({ type: 'integer', required: false, nullable: true }) websubHttpPort!: number | null;
  @ApiProperty({ type: 'integer', required: false, nullable: true }) websubHttpsPort!: number | null;
}

export class SettingsEnvironmentDto {
  id!: string;
  name!: string;
  displayName?: string;
  type!: string;
  gatewayType?: string;
  mode?: (typeof ENVIRONMENT_MODES)[number];
  serverUrl!: string;
  provider?: string;
  showInApiConsole!: boolean;
  vhosts?: SettingsVHostDto[];
  endpointURIs?: GatewayEnvironmentProtocolURIDto[];
  additionalProperties?: AdditionalPropertyDto[];
  permissions?: EnvironmentPermissionsDto;
}

export class GatewayFeatureCatalogDto {
  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'object' } })
  gatewayFeatures!: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } })
  apiTypes!: Readonly<Record<string, readonly string[]>>;
}

export class MonetizationAttributeDto {
  required?: boolean;
  name?: string;
  displayName?: string;
  description?: string;
  hidden?: boolean;
  default?: string;
}

export class SettingsCustomPropertiesItemDto {
  name?: string;
  description?: string;
  required?: boolean;
}

export class PublisherSettingsDto {
  devportalUrl?: string;
  environment?: SettingsEnvironmentDto[];
  gatewayTypes?: string[];
  @ApiProperty({ type: GatewayFeatureCatalogDto, required: false }) GatewayFeatureCatalog!: GatewayFeatureCatalogDto;
  /** The same once more, as the web pages spell it; not in the contract. */
  @ApiHideProperty() gatewayFeatureCatalog!: GatewayFeatureCatalogDto;
  scopes?: string[];
  monetizationAttributes?: MonetizationAttributeDto[];
  @ApiPropertyOptional({ type: 'object', additionalProperties: true }) subscriberContactAttributes!: Record<string, unknown>;
  @ApiPropertyOptional({ type: 'object', additionalProperties: true }) securityAuditProperties!: Record<string, unknown>;
  externalStoresEnabled?: boolean;
  docVisibilityEnabled?: boolean;
  portalConfigurationOnlyModeEnabled?: boolean = false;
  retryCallWithNewOAuthTokenEnabled?: boolean = true;
  crossTenantSubscriptionEnabled?: boolean = false;
  defaultAdvancePolicy?: string;
  defaultSubscriptionPolicy?: string;
  authorizationHeader?: string;
  IsJWTEnabledForLoginTokens?: boolean = false;
  orgAccessControlEnabled?: boolean;
  allowSubscriptionValidationDisabling?: boolean = true;
  designAssistantEnabled?: boolean = true;
  aiAuthTokenProvided?: boolean = false;
  isGatewayNotificationEnabled?: boolean = false;
  isMCPSupportEnabled?: boolean = true;
  customProperties?: SettingsCustomPropertiesItemDto[];
}
