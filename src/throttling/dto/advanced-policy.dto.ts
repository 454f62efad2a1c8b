import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
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

/** Gateways try one group after the other, for every request: more would hold up all of them. */
const GROUPS_MAX = 200;
const CONDITIONS_MAX = 20;

/** A list of so many items at most; of a longer one no more are looked at than show that it is. */
const AtMost = (max: number): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }) => (Array.isArray(value) ? value.slice(0, max + 1) : (value as unknown))),
    ArrayMaxSize(max),
  );

/** What another type's object says counts for nothing: clients leave it as it was before the type was chosen. */
const Of = (type: (typeof THROTTLE_CONDITION_TYPES)[number]): PropertyDecorator =>
  ValidateIf((condition: ThrottleConditionDto) => condition.type === type);

/** The object that belongs to `type` holds what is compared. */
export class ThrottleConditionDto {
  @IsIn(THROTTLE_CONDITION_TYPES) type!: (typeof THROTTLE_CONDITION_TYPES)[number];
  @IsOptional() @IsBoolean() invertCondition?: boolean = false;
  @Of('HEADERCONDITION')
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => HeaderConditionDto)
  headerCondition?: HeaderConditionDto;
  @Of('IPCONDITION') @IsOptional() @IsObject() @ValidateNested() @Type(() => IPConditionDto) ipCondition?: IPConditionDto;
  @Of('JWTCLAIMSCONDITION')
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => JWTClaimsConditionDto)
  jwtClaimsCondition?: JWTClaimsConditionDto;
  @Of('QUERYPARAMETERCONDITION')
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => QueryParameterConditionDto)
  queryParameterCondition?: QueryParameterConditionDto;
}

export class ConditionalGroupDto {
  @IsOptional() @IsString() description?: string;
  @IsArray()
  @AtMost(CONDITIONS_MAX)
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
  @AtMost(GROUPS_MAX)
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
