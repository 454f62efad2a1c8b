import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsInt, IsObject, IsOptional, IsString, Length, MaxLength, ValidateNested } from 'class-validator';
import { PaginationDto } from '../../platform/http/page.js';
import { BandwidthLimitDto, EventCountLimitDto, RequestCountLimitDto } from './throttle-limit.dto.js';
import { CustomAttributeDto, SubscriptionThrottlePolicyPermissionDto } from './throttle-policy.dto.js';

export const QUOTA_POLICY_TYPES = ['REQUESTCOUNT', 'BANDWIDTHVOLUME', 'AIAPIQUOTA'] as const;
export const STREAMING_LIMIT_TYPES = ['REQUESTCOUNTLIMIT', 'BANDWIDTHLIMIT', 'EVENTCOUNTLIMIT'] as const;

export class ThrottlingPolicyDto {
  @IsString() name!: string;
  @IsOptional() @IsString() description?: string;
  @IsOptional() @IsIn(['subscription', 'api'] as const) policyLevel?: 'subscription' | 'api';
  @IsOptional() @IsString() displayName?: string;
  @IsOptional() @IsObject() attributes?: Record<string, string>;
  @ApiProperty({ type: 'integer', format: 'int64' }) @IsInt() requestCount!: number;
  @IsOptional() @IsString() dataUnit?: string;
  @ApiProperty({ type: 'integer', format: 'int64', required: false }) @IsOptional() @IsInt() totalTokenCount?: number;
  @ApiProperty({ type: 'integer', format: 'int64', required: false }) @IsOptional() @IsInt() promptTokenCount?: number;
  @ApiProperty({ type: 'integer', format: 'int64', required: false }) @IsOptional() @IsInt() completionTokenCount?: number;
  @ApiProperty({ type: 'integer', format: 'int64' }) @IsInt() unitTime!: number;
  @IsOptional() @IsString() timeUnit?: string;
  @ApiProperty({ type: 'integer', required: false, default: 0 }) @IsOptional() @IsInt() rateLimitCount?: number = 0;
  @IsOptional() @IsString() rateLimitTimeUnit?: string;
  @IsOptional() @IsIn(QUOTA_POLICY_TYPES) quotaPolicyType?: (typeof QUOTA_POLICY_TYPES)[number];
  @IsIn(['FREE', 'COMMERCIAL'] as const) tierPlan!: 'FREE' | 'COMMERCIAL';
  @IsBoolean() stopOnQuotaReach!: boolean;
  @IsOptional()
  @IsObject()
  monetizationProperties?: Record<string, string>;
}

export class ThrottlingPolicyListDto {
  @ApiProperty({ type: 'integer', required: false }) @IsOptional() @IsInt() count?: number;
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => ThrottlingPolicyDto) list?: ThrottlingPolicyDto[];
  @IsOptional() @ValidateNested() @Type(() => PaginationDto) pagination?: PaginationDto;
}

/** The publisher's own form of a quota: without tokens. */
export class StreamingThrottleLimitDto {
  @IsIn(STREAMING_LIMIT_TYPES) type!: (typeof STREAMING_LIMIT_TYPES)[number];
  @IsOptional() @ValidateNested() @Type(() => RequestCountLimitDto) requestCount?: RequestCountLimitDto;
  @IsOptional() @ValidateNested() @Type(() => BandwidthLimitDto) bandwidth?: BandwidthLimitDto;
  @IsOptional() @ValidateNested() @Type(() => EventCountLimitDto) eventCount?: EventCountLimitDto;
}

export class SubscriptionPolicyDto {
  @ApiProperty({ type: 'integer', required: false }) @IsOptional() @IsInt() policyId?: number;
  @IsOptional() @IsString() uuid?: string;
  @IsOptional() @Length(1, 60) policyName?: string;
  @IsOptional() @MaxLength(512) displayName?: string;
  @IsOptional() @MaxLength(1024) description?: string;
  @IsOptional() @IsBoolean() isDeployed?: boolean = false;
  @ApiProperty({ type: 'integer', required: false }) @IsOptional() @IsInt() tenantId?: number;
  @IsOptional() @IsString() tenantDomain?: string;
  @ValidateNested() @Type(() => StreamingThrottleLimitDto) defaultLimit!: StreamingThrottleLimitDto;
  @ApiProperty({ type: 'integer', required: false }) @IsOptional() @IsInt() rateLimitCount?: number;
  @IsOptional() @IsString() rateLimitTimeUnit?: string;
  @ApiProperty({ type: 'integer', required: false }) @IsOptional() @IsInt() subscriberCount?: number;
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => CustomAttributeDto) customAttributes?: CustomAttributeDto[];
  @IsOptional() @IsBoolean() stopOnQuotaReach?: boolean = false;
  @IsOptional() @IsString() billingPlan?: string;
  @IsOptional()
  @ValidateNested()
  @Type(() => SubscriptionThrottlePolicyPermissionDto)
  permissions?: SubscriptionThrottlePolicyPermissionDto;
}

export class SubscriptionPolicyListDto {
  @ApiProperty({ type: 'integer', required: false }) @IsOptional() @IsInt() count?: number;
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => SubscriptionPolicyDto) list?: SubscriptionPolicyDto[];
  @IsOptional() @ValidateNested() @Type(() => PaginationDto) pagination?: PaginationDto;
}
