import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  Allow,
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
  MinLength,
  ValidateNested,
} from 'class-validator';
import { API_TYPES } from '../../domain/api.js';
import { ReadOnly } from '../../platform/http/read-only.js';
import { APIOperationPoliciesDto, APIOperationsDto, APIScopeDto, OperationPolicyDto } from './api-operations.dto.js';
import {
  AdvertiseInfoDto,
  APIAdditionalPropertiesItemDto,
  APIAdditionalPropertiesMapValueDto,
  APIBusinessInformationDto,
  APICorsConfigurationDto,
  APIMaxTpsDto,
  APIMonetizationInfoDto,
  APIServiceInfoDto,
  APIThreatProtectionPoliciesDto,
  MediationPolicyDto,
  OrganizationPoliciesDto,
  SubtypeConfigurationDto,
  WebsubSubscriptionConfigurationDto,
  WSDLInfoDto,
} from './api-parts.dto.js';

export const API_VISIBILITIES = ['PUBLIC', 'PRIVATE', 'RESTRICTED'] as const;
export const API_SUBSCRIPTION_AVAILABILITIES = ['CURRENT_TENANT', 'ALL_TENANTS', 'SPECIFIC_TENANTS'] as const;
export const API_ENDPOINT_IMPLEMENTATION_TYPES = ['INLINE', 'ENDPOINT', 'MOCKED_OAS'] as const;

export class APIDto {
  @ReadOnly() id?: string;
  @MinLength(1) @Matches(/(^[^~!@#;:%^*()+={}|\\<>"',&$[\]/]*$)/) name!: string;
  @IsOptional() @IsString() displayName?: string;
  @IsOptional() @MaxLength(32766) description?: string;
  @Length(1, 232) context!: string;
  @Length(1, 30) @Matches(/^[^~!@#;:%^*()+={}|\\<>"',&/$[\]\s+/]+$/) version!: string;
  @IsOptional() @MaxLength(200) provider?: string;
  @IsOptional() @IsString() lifeCycleStatus?: string;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => WSDLInfoDto) wsdlInfo?: WSDLInfoDto;
  @ReadOnly() wsdlUrl?: string;
  @IsOptional() @IsBoolean() responseCachingEnabled?: boolean;
  @ApiProperty({ type: 'integer' }) @IsOptional() @IsInt() cacheTimeout?: number;
  @IsOptional() @IsBoolean() hasThumbnail?: boolean;
  @IsOptional() @IsBoolean() isDefaultVersion?: boolean;
  @IsOptional() @IsBoolean() isRevision?: boolean;
  @ReadOnly() revisionedApiId?: string;
  @ApiProperty({ type: 'integer' }) @IsOptional() @IsInt() revisionId?: number;
  @IsOptional() @IsBoolean() enableSchemaValidation?: boolean;
  @IsOptional() @IsBoolean() enableSubscriberVerification?: boolean;
  @IsOptional() @IsIn(API_TYPES) type?: (typeof API_TYPES)[number] = 'HTTP';
  @IsOptional() @IsIn(['PUBLIC', 'SINGLE'] as const) audience?: 'PUBLIC' | 'SINGLE';
  @IsOptional() @IsArray() @IsString({ each: true }) audiences?: string[];
  @IsOptional() @IsArray() @IsString({ each: true }) transport?: string[];
  @IsOptional() @IsArray() @IsString({ each: true }) tags?: string[];
  @IsOptional() @IsArray() @IsString({ each: true }) policies?: string[];
  @IsOptional()
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => OrganizationPoliciesDto)
  organizationPolicies?: OrganizationPoliciesDto[];
  @IsOptional() @IsString() apiThrottlingPolicy?: string;
  @IsOptional() @Matches(/(^[^~!@#;:%^*()+={}|\\<>"',&$\s+]*$)/) authorizationHeader?: string;
  @IsOptional() @Matches(/(^[^~!@#;:%^*()+={}|\\<>"',&$\s+]*$)/) apiKeyHeader?: string;
  @IsOptional() @IsArray() @IsString({ each: true }) securityScheme?: string[];
  @IsOptional() @IsObject() @ValidateNested() @Type(() => APIMaxTpsDto) maxTps?: APIMaxTpsDto;
  @IsOptional() @IsIn(API_VISIBILITIES) visibility?: (typeof API_VISIBILITIES)[number] = 'PUBLIC';
  @IsOptional() @IsArray() @IsString({ each: true }) visibleRoles?: string[];
  @IsOptional() @IsArray() @IsString({ each: true }) visibleTenants?: string[];
  @IsOptional() @IsArray() @IsString({ each: true }) visibleOrganizations?: string[];
  @IsOptional()
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => MediationPolicyDto)
  mediationPolicies?: MediationPolicyDto[];
  @IsOptional() @IsObject() @ValidateNested() @Type(() => APIOperationPoliciesDto) apiPolicies?: APIOperationPoliciesDto;
  @IsOptional()
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => OperationPolicyDto)
  apiHubPolicies?: OperationPolicyDto[];
  @IsOptional()
  @IsIn(API_SUBSCRIPTION_AVAILABILITIES)
  subscriptionAvailability?: (typeof API_SUBSCRIPTION_AVAILABILITIES)[number] = 'CURRENT_TENANT';
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
  @IsOptional() @IsIn(['NONE', 'RESTRICTED'] as const) accessControl?: 'NONE' | 'RESTRICTED' = 'NONE';
  @IsOptional() @IsArray() @IsString({ each: true }) accessControlRoles?: string[];
  @IsOptional() @IsObject() @ValidateNested() @Type(() => APIBusinessInformationDto) businessInformation?: APIBusinessInformationDto;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => APICorsConfigurationDto) corsConfiguration?: APICorsConfigurationDto;
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => WebsubSubscriptionConfigurationDto)
  websubSubscriptionConfiguration?: WebsubSubscriptionConfigurationDto;
  @IsOptional() @IsString() workflowStatus?: string;
  @IsOptional() @IsString() createdTime?: string;
  @IsOptional() @IsString() lastUpdatedTimestamp?: string;
  @IsOptional() @IsString() lastUpdatedTime?: string;
  @IsOptional() @IsObject() endpointConfig?: Record<string, unknown>;
  @IsOptional() @IsString() primaryProductionEndpointId?: string;
  @IsOptional() @IsString() primarySandboxEndpointId?: string;
  @IsOptional()
  @IsIn(API_ENDPOINT_IMPLEMENTATION_TYPES)
  endpointImplementationType?: (typeof API_ENDPOINT_IMPLEMENTATION_TYPES)[number] = 'ENDPOINT';
  @IsOptional() @IsObject() @ValidateNested() @Type(() => SubtypeConfigurationDto) subtypeConfiguration?: SubtypeConfigurationDto;
  @IsOptional() @IsArray() @IsObject({ each: true }) @ValidateNested({ each: true }) @Type(() => APIScopeDto) scopes?: APIScopeDto[];
  @IsOptional()
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => APIOperationsDto)
  operations?: APIOperationsDto[];
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => APIThreatProtectionPoliciesDto)
  threatProtectionPolicies?: APIThreatProtectionPoliciesDto;
  @IsOptional() @IsArray() @IsString({ each: true }) categories?: string[];
  // The contract says read-only and object; the product reads and answers a list of names.
  @ApiProperty({ type: 'object', additionalProperties: true, readOnly: true }) @Allow() keyManagers?: unknown;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => APIServiceInfoDto) serviceInfo?: APIServiceInfoDto;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => AdvertiseInfoDto) advertiseInfo?: AdvertiseInfoDto;
  @IsOptional() @IsString() gatewayVendor?: string;
  @IsOptional() @IsString() gatewayType?: string = 'wso2/synapse';
  @ReadOnly() initiatedFromGateway?: boolean;
  @IsOptional() @IsArray() @IsString({ each: true }) asyncTransportProtocols?: string[];
  @IsOptional() @IsBoolean() egress?: boolean = false;
}
