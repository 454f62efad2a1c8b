import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsDefined, IsIn, IsInt, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import { ThrottleLimitDto } from './throttle-limit.dto.js';
import { ThrottlePolicyDto } from './throttle-policy.dto.js';

export const THROTTLE_CONDITION_TYPES = ['HEADERCONDITION', 'IPCONDITION', 'JWTCLAIMSCONDITION', 'QUERYPARAMETERCONDITION'] as const;

export class HeaderConditionDto {
  @IsString() headerName!: string;
  @IsString() headerValue!: string;
}

export class IPConditionDto {
  @IsOptional() @IsIn(['IPRANGE', 'IPSPECIFIC'] as const) ipConditionType?: 'IPRANGE' | 'IPSPECIFIC';
  @IsOptional() @IsString() specificIP?: string;
  @IsOptional() @IsString() startingIP?: string;
  @IsOptional() @IsString() endingIP?: string;
}

export class JWTClaimsConditionDto {
  @IsString() claimUrl!: string;
  @IsString() attribute!: string;
}

export class QueryParameterConditionDto {
  @IsString() parameterName!: string;
  @IsString() parameterValue!: string;
}

/** The object that belongs to `type` holds what is compared. */
export class ThrottleConditionDto {
  @IsIn(THROTTLE_CONDITION_TYPES) type!: (typeof THROTTLE_CONDITION_TYPES)[number];
  @IsOptional() @IsBoolean() invertCondition?: boolean = false;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => HeaderConditionDto) headerCondition?: HeaderConditionDto;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => IPConditionDto) ipCondition?: IPConditionDto;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => JWTClaimsConditionDto) jwtClaimsCondition?: JWTClaimsConditionDto;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => QueryParameterConditionDto) queryParameterCondition?: QueryParameterConditionDto;
}

export class ConditionalGroupDto {
  @IsOptional() @IsString() description?: string;
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ThrottleConditionDto)
  conditions!: ThrottleConditionDto[];
  @IsDefined() @IsObject() @ValidateNested() @Type(() => ThrottleLimitDto) limit!: ThrottleLimitDto;
}

export class AdvancedThrottlePolicyDto extends ThrottlePolicyDto {
  @IsDefined() @IsObject() @ValidateNested() @Type(() => ThrottleLimitDto) defaultLimit!: ThrottleLimitDto;
  @IsOptional()
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ConditionalGroupDto)
  conditionalGroups?: ConditionalGroupDto[];
}

export class AdvancedThrottlePolicyInfoDto extends ThrottlePolicyDto {
  @IsOptional() @IsObject() @ValidateNested() @Type(() => ThrottleLimitDto) defaultLimit?: ThrottleLimitDto;
}

export class AdvancedThrottlePolicyListDto {
  @ApiProperty({ type: 'integer', required: false }) @IsOptional() @IsInt() count?: number;
  @IsOptional()
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => AdvancedThrottlePolicyInfoDto)
  list?: AdvancedThrottlePolicyInfoDto[];
}
