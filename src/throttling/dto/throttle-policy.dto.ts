import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { IsTextMap } from '../../platform/http/is-text-map.js';
import { ReadOnly } from '../../platform/http/read-only.js';
import { IsAmount, IsBillingPlan, IsBurstCount } from './quota-rules.js';
import { ThrottleLimitDto } from './throttle-limit.dto.js';

export class ThrottlePolicyDetailsDto {
  @ReadOnly({ type: 'integer' }) policyId?: number;
  @ReadOnly() uuid?: string;
  @Length(1, 60) policyName!: string;
  @IsOptional() @MaxLength(512) displayName?: string;
  @IsOptional() @MaxLength(1024) description?: string;
  @IsOptional() @IsBoolean() isDeployed?: boolean = false;
  @IsOptional() @IsString() type?: string;
}

export class ThrottlePolicyDetailsListDto {
  @ApiProperty({ type: 'integer', required: false }) @IsOptional() @IsInt() count?: number;
  @IsOptional()
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ThrottlePolicyDetailsDto)
  list?: ThrottlePolicyDetailsDto[];
}

/** What the policies of all levels have in common. */
export class ThrottlePolicyDto {
  @ReadOnly() policyId?: string;
  @Length(1, 60) policyName!: string;
  @IsOptional() @MaxLength(512) displayName?: string;
  @IsOptional() @MaxLength(1024) description?: string;
  @IsOptional() @IsBoolean() isDeployed?: boolean = false;
  @IsOptional() @IsString() type?: string;
}

export class BurstLimitDto {
  @ApiProperty({ type: 'integer', required: false }) @IsOptional() @IsBurstCount() rateLimitCount?: number;
  @IsOptional() @IsString() rateLimitTimeUnit?: string;
}

export class ApplicationThrottlePolicyDto extends ThrottlePolicyDto {
  @IsDefined() @IsObject() @ValidateNested() @Type(() => ThrottleLimitDto) defaultLimit!: ThrottleLimitDto;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => BurstLimitDto) burstLimit?: BurstLimitDto;
}

export class ApplicationThrottlePolicyListDto {
  @ApiProperty({ type: 'integer', required: false }) @IsOptional() @IsInt() count?: number;
  @IsOptional()
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ApplicationThrottlePolicyDto)
  list?: ApplicationThrottlePolicyDto[];
}

export class MonetizationInfoDto {
  @IsOptional() @IsIn(['FIXEDRATE', 'DYNAMICRATE'] as const) monetizationPlan?: 'FIXEDRATE' | 'DYNAMICRATE';
  @IsTextMap() properties!: Record<string, string>;
}

export class CustomAttributeDto {
  @IsString() name!: string;
  @IsString() value!: string;
}

export class SubscriptionThrottlePolicyPermissionDto {
  @IsIn(['ALLOW', 'DENY'] as const) permissionType!: 'ALLOW' | 'DENY';
  @IsArray() @IsString({ each: true }) roles!: string[];
}

export class SubscriptionThrottlePolicyDto extends ThrottlePolicyDto {
  @ApiProperty({ type: 'integer', required: false }) @IsOptional() @IsAmount(0) graphQLMaxComplexity?: number;
  @ApiProperty({ type: 'integer', required: false }) @IsOptional() @IsAmount(0) graphQLMaxDepth?: number;
  @IsDefined() @IsObject() @ValidateNested() @Type(() => ThrottleLimitDto) defaultLimit!: ThrottleLimitDto;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => MonetizationInfoDto) monetization?: MonetizationInfoDto;
  @ApiProperty({ type: 'integer', required: false }) @IsOptional() @IsBurstCount() rateLimitCount?: number;
  @IsOptional() @IsString() rateLimitTimeUnit?: string;
  @ApiProperty({ type: 'integer', required: false }) @IsOptional() @IsAmount(0) subscriberCount?: number;
  @IsOptional()
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => CustomAttributeDto)
  customAttributes?: CustomAttributeDto[];
  @IsOptional() @IsBoolean() stopOnQuotaReach?: boolean = false;
  @IsOptional() @IsString() @IsBillingPlan() billingPlan?: string;
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => SubscriptionThrottlePolicyPermissionDto)
  permissions?: SubscriptionThrottlePolicyPermissionDto;
}

export class SubscriptionThrottlePolicyListDto {
  @ApiProperty({ type: 'integer', required: false }) @IsOptional() @IsInt() count?: number;
  @IsOptional()
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => SubscriptionThrottlePolicyDto)
  list?: SubscriptionThrottlePolicyDto[];
}
