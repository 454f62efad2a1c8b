import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsInt, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';

export class KeyManagerConfigurationDto {
  @IsOptional() @IsString() name?: string;
  @IsOptional() @IsString() label?: string;
  @IsOptional() @IsString() type?: string;
  @IsOptional() @IsBoolean() required?: boolean;
  @IsOptional() @IsBoolean() mask?: boolean;
  @IsOptional() @IsBoolean() multiple?: boolean;
  @IsOptional() @IsString() tooltip?: string;
  /** An object in the contract; portals expect the plain value. */
  @ApiProperty({ type: Object, required: false }) default?: unknown;
  @ApiProperty({ type: 'array', items: { type: 'object' }, required: false }) values?: unknown[];
  @IsOptional() @IsBoolean() updateDisabled?: boolean = false;
}

export class ConfigurationConstraintDto {
  @IsOptional() @IsString() name?: string;
  @IsOptional() @IsString() label?: string;
  @IsOptional() @IsString() type?: string;
  @IsOptional() @IsBoolean() multiple?: boolean;
  @IsOptional() @IsString() tooltip?: string;
  @IsOptional() @IsString() constraintType?: string;
  @IsOptional() @IsArray() @IsObject({ each: true }) values?: Record<string, unknown>[];
  @IsOptional() @IsObject() default?: Record<string, unknown>;
}

export class SettingsKeyManagerConfigurationItemDto {
  @IsOptional() @IsString() type?: string;
  @IsOptional() @IsString() displayName?: string;
  @IsOptional() @IsString() defaultConsumerKeyClaim?: string;
  @IsOptional() @IsString() defaultScopesClaim?: string;
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => KeyManagerConfigurationDto)
  authConfigurations?: KeyManagerConfigurationDto[];
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => KeyManagerConfigurationDto)
  configurations?: KeyManagerConfigurationDto[];
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => KeyManagerConfigurationDto)
  endpointConfigurations?: KeyManagerConfigurationDto[];
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ConfigurationConstraintDto)
  configurationConstraints?: ConfigurationConstraintDto[];
}

export class GatewayConfigurationDto {
  @IsOptional() @IsString() name?: string;
  @IsOptional() @IsString() label?: string;
  @IsOptional() @IsString() type?: string;
  @IsOptional() @IsBoolean() required?: boolean;
  @IsOptional() @IsBoolean() mask?: boolean;
  @IsOptional() @IsBoolean() multiple?: boolean;
  @IsOptional() @IsString() tooltip?: string;
  @IsOptional() @IsObject() default?: Record<string, unknown>;
  @IsOptional() @IsArray() @IsObject({ each: true }) values?: Record<string, unknown>[];
}

export class SettingsGatewayConfigurationItemDto {
  @IsOptional() @IsString() type?: string;
  @IsOptional() @IsString() displayName?: string;
  @IsOptional() @IsArray() @IsString({ each: true }) supportedModes?: string[];
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => GatewayConfigurationDto) configurations?: GatewayConfigurationDto[];
  @IsOptional() @IsString() defaultHostnameTemplate?: string;
}

/** The contract's `Settings` of the admin API. */
export class AdminSettingsDto {
  @IsOptional() @IsArray() @IsString({ each: true }) scopes?: string[];
  @IsOptional() @IsArray() @IsString({ each: true }) gatewayTypes?: string[];
  @IsOptional() @IsBoolean() IsJWTEnabledForLoginTokens?: boolean = false;
  @IsOptional() @IsBoolean() orgAccessControlEnabled?: boolean;
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => SettingsKeyManagerConfigurationItemDto)
  keyManagerConfiguration?: SettingsKeyManagerConfigurationItemDto[];
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => SettingsGatewayConfigurationItemDto)
  gatewayConfiguration?: SettingsGatewayConfigurationItemDto[];
  @IsOptional() @IsBoolean() analyticsEnabled?: boolean;
  @IsOptional() @IsBoolean() transactionCounterEnable?: boolean;
  @IsOptional() @IsBoolean() isGatewayNotificationEnabled?: boolean = false;
  @IsOptional() @IsArray() @IsString({ each: true }) platformGatewayVersions?: string[];
  @IsOptional() @IsBoolean() consumptionExportEnabled?: boolean;
}

export class TenantInfoDto {
  @IsOptional() @IsString() username?: string;
  @IsOptional() @IsString() tenantDomain?: string;
  @ApiProperty({ type: 'integer', required: false }) @IsOptional() @IsInt() tenantId?: number;
}

export class CustomUrlInfoDevPortalDto {
  url?: string;
}

export class CustomUrlInfoDto {
  tenantDomain?: string;
  /** As this user signs in. */
  tenantAdminUsername?: string;
  /** Whether the tenant has a developer portal at an address of its own. */
  enabled?: boolean;
  devPortal?: CustomUrlInfoDevPortalDto;
}
