import { ApiProperty } from '@nestjs/swagger';
import { Transform, TransformationType, Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsInt, IsObject, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';

export const API_MAX_TPS_PRODUCTION_TIME_UNITS = ['SECOND', 'MINUTE', 'HOUR'] as const;

export class WSDLInfoDto {
  @IsOptional() @IsIn(['WSDL', 'ZIP'] as const) type?: 'WSDL' | 'ZIP';
}

export class OrganizationPoliciesDto {
  @IsString() organizationID!: string;
  @IsOptional() @IsArray() @IsString({ each: true }) policies?: string[];
}

export class APIMaxTpsTokenBasedThrottlingConfigurationDto {
  @ApiProperty({ type: 'integer', format: 'int64' }) @IsOptional() @IsInt() productionMaxPromptTokenCount?: number;
  @ApiProperty({ type: 'integer', format: 'int64' }) @IsOptional() @IsInt() productionMaxCompletionTokenCount?: number;
  @ApiProperty({ type: 'integer', format: 'int64' }) @IsOptional() @IsInt() productionMaxTotalTokenCount?: number;
  @ApiProperty({ type: 'integer', format: 'int64' }) @IsOptional() @IsInt() sandboxMaxPromptTokenCount?: number;
  @ApiProperty({ type: 'integer', format: 'int64' }) @IsOptional() @IsInt() sandboxMaxCompletionTokenCount?: number;
  @ApiProperty({ type: 'integer', format: 'int64' }) @IsOptional() @IsInt() sandboxMaxTotalTokenCount?: number;
  @IsBoolean() isTokenBasedThrottlingEnabled: boolean = false;
}

export class APIMaxTpsDto {
  @ApiProperty({ type: 'integer', format: 'int64' }) @IsOptional() @IsInt() production?: number;
  @IsOptional() @IsIn(API_MAX_TPS_PRODUCTION_TIME_UNITS) productionTimeUnit?: (typeof API_MAX_TPS_PRODUCTION_TIME_UNITS)[number] = 'SECOND';
  @ApiProperty({ type: 'integer', format: 'int64' }) @IsOptional() @IsInt() sandbox?: number;
  @IsOptional() @IsIn(API_MAX_TPS_PRODUCTION_TIME_UNITS) sandboxTimeUnit?: (typeof API_MAX_TPS_PRODUCTION_TIME_UNITS)[number] = 'SECOND';
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => APIMaxTpsTokenBasedThrottlingConfigurationDto)
  tokenBasedThrottlingConfiguration?: APIMaxTpsTokenBasedThrottlingConfigurationDto;
}

export class MediationPolicyDto {
  @IsOptional() @IsString() id?: string;
  @IsString() name!: string;
  @IsOptional() @IsString() type?: string;
  @IsOptional() @IsBoolean() shared?: boolean;
}

export class APIAdditionalPropertiesItemDto {
  @IsOptional() @IsString() name?: string;
  @IsOptional() @IsString() value?: string;
  @IsOptional() @IsBoolean() display?: boolean;
}

export class APIAdditionalPropertiesMapValueDto {
  @IsOptional() @IsString() name?: string;
  @IsOptional() @IsString() value?: string;
  @IsOptional() @IsBoolean() display?: boolean = false;
}

export class APIMonetizationInfoDto {
  @IsBoolean() enabled!: boolean;
  @IsOptional() @IsObject() properties?: Record<string, string>;
}

export class APIBusinessInformationDto {
  @IsOptional() @MaxLength(120) businessOwner?: string;
  @IsOptional() @IsString() businessOwnerEmail?: string;
  @IsOptional() @MaxLength(120) technicalOwner?: string;
  @IsOptional() @IsString() technicalOwnerEmail?: string;
}

export class APICorsConfigurationDto {
  @IsOptional() @IsBoolean() corsConfigurationEnabled?: boolean = false;
  @IsOptional() @IsArray() @IsString({ each: true }) accessControlAllowOrigins?: string[];
  @IsOptional() @IsBoolean() accessControlAllowCredentials?: boolean = false;
  @IsOptional() @IsArray() @IsString({ each: true }) accessControlAllowHeaders?: string[];
  @IsOptional() @IsArray() @IsString({ each: true }) accessControlAllowMethods?: string[];
}

export class WebsubSubscriptionConfigurationDto {
  @IsOptional() @IsBoolean() enable?: boolean = false;
  @IsOptional() @IsString() secret?: string;
  @IsOptional() @IsString() signingAlgorithm?: string;
  @IsOptional() @IsString() signatureHeader?: string;
}

export class SubtypeConfigurationDto {
  /** Read-only in the contract by mistake: nothing else could make an AI API. Any other word is what an API is anyway. */
  @ApiProperty({ required: false, readOnly: true })
  @Transform(({ value, type }) => (type === TransformationType.PLAIN_TO_CLASS && value !== 'AIAPI' ? undefined : value))
  @IsOptional()
  @IsString()
  subtype?: string;
  @IsOptional() @IsObject() configuration?: Record<string, unknown>;
}

export class APIThreatProtectionPoliciesListItemDto {
  @IsOptional() @IsString() policyId?: string;
  @ApiProperty({ type: 'integer' }) @IsOptional() @IsInt() priority?: number;
}

export class APIThreatProtectionPoliciesDto {
  @IsOptional()
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => APIThreatProtectionPoliciesListItemDto)
  list?: APIThreatProtectionPoliciesListItemDto[];
}

export class APIServiceInfoDto {
  @IsOptional() @IsString() key?: string;
  @IsOptional() @IsString() name?: string;
  @IsOptional() @IsString() version?: string;
  @IsOptional() @IsBoolean() outdated?: boolean;
}

export class AdvertiseInfoDto {
  @IsOptional() @IsBoolean() advertised?: boolean;
  @IsOptional() @IsString() apiExternalProductionEndpoint?: string;
  @IsOptional() @IsString() apiExternalSandboxEndpoint?: string;
  @IsOptional() @IsString() originalDevPortalUrl?: string;
  @IsOptional() @IsString() apiOwner?: string;
  @IsOptional() @IsIn(['WSO2', 'AWS'] as const) vendor?: 'WSO2' | 'AWS' = 'WSO2';
}
