import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { PaginationDto } from '../../platform/http/page.js';
import { ReadOnly } from '../../platform/http/read-only.js';
import { API_SUBSCRIPTION_AVAILABILITIES, API_VISIBILITIES } from '../dto/api.dto.js';
import { APIOperationsDto, APIScopeDto } from '../dto/api-operations.dto.js';
import {
  APIAdditionalPropertiesItemDto,
  APIAdditionalPropertiesMapValueDto,
  APICorsConfigurationDto,
  APIMonetizationInfoDto,
} from '../dto/api-parts.dto.js';

/** A member of a product, with those of its resources that the product offers. */
export class ProductAPIDto {
  @IsOptional() @IsString() name?: string;
  @IsString() apiId!: string;
  @IsOptional() @IsString() version?: string;
  @IsOptional()
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => APIOperationsDto)
  operations?: APIOperationsDto[];
}

export class APIProductBusinessInformationDto {
  @IsOptional() @MaxLength(120) businessOwner?: string;
  @IsOptional() @IsString() businessOwnerEmail?: string;
  @IsOptional() @MaxLength(120) technicalOwner?: string;
  @IsOptional() @IsString() technicalOwnerEmail?: string;
}

export class APIProductDto {
  @ReadOnly() id?: string;
  @Length(1, 50) name!: string;
  @IsOptional() @IsString() displayName?: string;
  @IsOptional() @Length(1, 60) context?: string;
  @IsOptional() @Length(1, 30) @Matches(/^[^~!@#;:%^*()+={}|\\<>"',&/$[\]\s+/]+$/) version?: string;
  @IsOptional() @IsString() description?: string;
  @IsOptional() @MaxLength(50) provider?: string;
  @IsOptional() @IsBoolean() hasThumbnail?: boolean;
  @IsOptional() @IsString() state?: string = 'CREATED';
  @IsOptional() @IsBoolean() enableSchemaValidation?: boolean;
  @IsOptional() @IsBoolean() isDefaultVersion?: boolean;
  @IsOptional() @IsBoolean() isRevision?: boolean;
  @ReadOnly() revisionedApiProductId?: string;
  @ApiProperty({ type: 'integer' }) @IsOptional() @IsInt() revisionId?: number;
  @IsOptional() @IsBoolean() responseCachingEnabled?: boolean;
  @ApiProperty({ type: 'integer' }) @IsOptional() @IsInt() cacheTimeout?: number;
  @IsOptional() @IsIn(API_VISIBILITIES) visibility?: (typeof API_VISIBILITIES)[number] = 'PUBLIC';
  @IsOptional() @IsArray() @IsString({ each: true }) visibleRoles?: string[];
  @IsOptional() @IsArray() @IsString({ each: true }) visibleTenants?: string[];
  @IsOptional() @IsIn(['NONE', 'RESTRICTED'] as const) accessControl?: 'NONE' | 'RESTRICTED' = 'NONE';
  @IsOptional() @IsArray() @IsString({ each: true }) accessControlRoles?: string[];
  @IsOptional() @IsIn(['API', 'APIPRODUCT'] as const) apiType?: 'API' | 'APIPRODUCT';
  @IsOptional() @IsArray() @IsString({ each: true }) transport?: string[];
  @IsOptional() @IsArray() @IsString({ each: true }) tags?: string[];
  @IsOptional() @IsArray() @IsString({ each: true }) policies?: string[];
  @IsOptional() @IsString() apiThrottlingPolicy?: string;
  @IsOptional() @IsString() authorizationHeader?: string;
  @IsOptional() @IsString() apiKeyHeader?: string;
  @IsOptional() @IsArray() @IsString({ each: true }) securityScheme?: string[];
  @IsOptional()
  @IsIn(API_SUBSCRIPTION_AVAILABILITIES)
  subscriptionAvailability?: (typeof API_SUBSCRIPTION_AVAILABILITIES)[number] = 'ALL_TENANTS';
  @IsOptional() @IsArray() @IsString({ each: true }) subscriptionAvailableTenants?: string[];
  @IsOptional()
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => APIAdditionalPropertiesItemDto)
  additionalProperties?: APIAdditionalPropertiesItemDto[];
  @ApiProperty({
    type: 'object',
    additionalProperties: {
      type: 'object',
      properties: { name: { type: 'string' }, value: { type: 'string' }, display: { type: 'boolean', default: false } },
    },
  })
  @IsOptional()
  @IsObject()
  additionalPropertiesMap?: Record<string, APIAdditionalPropertiesMapValueDto>;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => APIMonetizationInfoDto) monetization?: APIMonetizationInfoDto;
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => APIProductBusinessInformationDto)
  businessInformation?: APIProductBusinessInformationDto;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => APICorsConfigurationDto) corsConfiguration?: APICorsConfigurationDto;
  @IsOptional() @IsString() createdTime?: string;
  @IsOptional() @IsString() lastUpdatedTime?: string;
  @IsOptional() @IsString() lastUpdatedTimestamp?: string;
  @IsOptional() @IsString() gatewayVendor?: string;
  @IsOptional() @IsArray() @IsObject({ each: true }) @ValidateNested({ each: true }) @Type(() => ProductAPIDto) apis?: ProductAPIDto[];
  /** Those of the resources; what is sent is ignored. */
  @IsOptional() @IsArray() @IsObject({ each: true }) @ValidateNested({ each: true }) @Type(() => APIScopeDto) scopes?: APIScopeDto[];
  @IsOptional() @IsArray() @IsString({ each: true }) categories?: string[];
  @IsOptional() @IsString() workflowStatus?: string;
  @IsOptional() @IsArray() @IsString({ each: true }) audiences?: string[];
  @IsOptional() @IsBoolean() egress?: boolean = false;
}

/** Only ever answered, as are the two below. */
export class APIProductInfoDto {
  @ReadOnly() id?: string;
  name?: string;
  displayName?: string;
  context?: string;
  description?: string;
  provider?: string;
  version?: string;
  hasThumbnail?: boolean;
  state?: string;
  securityScheme?: string[];
  createdTime?: string;
  updatedTime?: string;
  gatewayVendor?: string;
  audiences?: string[];
  monetizedInfo?: boolean;
  businessOwner?: string;
  businessOwnerEmail?: string;
  TechnicalOwner?: string;
  TechnicalOwnerEmail?: string;
  egress?: boolean = false;
}

export class APIProductListDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [APIProductInfoDto], required: false }) list!: readonly APIProductInfoDto[];
  @ApiProperty({ type: PaginationDto, required: false }) pagination!: PaginationDto;
}

export class APIProductOutdatedStatusDto {
  isOutdated?: boolean;
}
