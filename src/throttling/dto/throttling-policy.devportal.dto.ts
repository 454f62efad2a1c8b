import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsInt, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import { PaginationDto } from '../../platform/http/page.js';

export class PlanMonetizationDto {
  @IsOptional() @IsIn(['fixedPrice', 'dynamicRate'] as const) billingType?: 'fixedPrice' | 'dynamicRate';
  @IsOptional() @IsString() billingCycle?: string;
  @IsOptional() @IsString() fixedPrice?: string;
  @IsOptional() @IsString() pricePerRequest?: string;
  @IsOptional() @IsString() currencyType?: string;
}

export class ThrottlingPolicyPermissionInfoDto {
  @IsOptional() @IsIn(['allow', 'deny'] as const) type?: 'allow' | 'deny';
  @IsOptional() @IsArray() @IsString({ each: true }) roles?: string[];
}

export class DevportalThrottlingPolicyDto {
  @IsString() name!: string;
  @IsOptional() @IsString() description?: string;
  @IsOptional() @IsIn(['application', 'subscription'] as const) policyLevel?: 'application' | 'subscription';
  @IsOptional() @IsObject() attributes?: Record<string, string>;
  @ApiProperty({ type: 'integer', format: 'int64' }) @IsInt() requestCount!: number;
  @IsOptional() @IsString() dataUnit?: string;
  @ApiProperty({ type: 'integer', format: 'int64' }) @IsInt() unitTime!: number;
  @IsOptional() @IsString() timeUnit?: string;
  @ApiProperty({ type: 'integer', required: false, default: 0 }) @IsOptional() @IsInt() rateLimitCount?: number = 0;
  @IsOptional() @IsString() rateLimitTimeUnit?: string;
  @IsOptional() @IsIn(['REQUESTCOUNT', 'BANDWIDTHVOLUME'] as const) quotaPolicyType?: 'REQUESTCOUNT' | 'BANDWIDTHVOLUME';
  @IsIn(['FREE', 'COMMERCIAL'] as const) tierPlan!: 'FREE' | 'COMMERCIAL';
  @IsBoolean() stopOnQuotaReach!: boolean;
  @IsOptional() @ValidateNested() @Type(() => PlanMonetizationDto) monetizationAttributes?: PlanMonetizationDto;
  @IsOptional()
  @ValidateNested()
  @Type(() => ThrottlingPolicyPermissionInfoDto)
  throttlingPolicyPermissions?: ThrottlingPolicyPermissionInfoDto;
}

export class DevportalThrottlingPolicyListDto {
  @ApiProperty({ type: 'integer', required: false }) @IsOptional() @IsInt() count?: number;
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => DevportalThrottlingPolicyDto) list?: DevportalThrottlingPolicyDto[];
  @IsOptional() @ValidateNested() @Type(() => PaginationDto) pagination?: PaginationDto;
}
