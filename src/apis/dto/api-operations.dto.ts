import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsInt, IsObject, IsOptional, IsString, Length, MaxLength, ValidateNested } from 'class-validator';
import { ReadOnly } from '../../platform/http/read-only.js';

export class OperationPolicyDto {
  @IsString() policyName!: string;
  @IsOptional() @IsString() policyVersion?: string = 'v1';
  @IsOptional() @IsString() policyType?: string;
  @IsOptional() @IsString() policyId?: string;
  @IsOptional() @IsObject() parameters?: Record<string, unknown>;
}

export class APIOperationPoliciesDto {
  @IsOptional()
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => OperationPolicyDto)
  request?: OperationPolicyDto[];
  @IsOptional()
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => OperationPolicyDto)
  response?: OperationPolicyDto[];
  @IsOptional()
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => OperationPolicyDto)
  fault?: OperationPolicyDto[];
}

export class APIOperationsDto {
  @IsOptional() @IsString() id?: string;
  @IsOptional() @IsString() target?: string;
  @IsOptional() @IsString() verb?: string;
  @IsOptional() @IsString() authType?: string = 'Any';
  @IsOptional() @IsString() throttlingPolicy?: string;
  @IsOptional() @IsArray() @IsString({ each: true }) scopes?: string[];
  @IsOptional() @IsArray() @IsString({ each: true }) usedProductIds?: string[];
  @IsOptional() @IsString() amznResourceName?: string;
  @ApiProperty({ type: 'integer' }) @IsOptional() @IsInt() amznResourceTimeout?: number;
  @IsOptional() @IsBoolean() amznResourceContentEncode?: boolean;
  @IsOptional() @IsString() payloadSchema?: string;
  @IsOptional() @IsString() uriMapping?: string;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => APIOperationPoliciesDto) operationPolicies?: APIOperationPoliciesDto;
  @IsOptional()
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => OperationPolicyDto)
  operationHubPolicies?: OperationPolicyDto[];
}

export class ScopeDto {
  @ReadOnly() id?: string;
  @Length(1, 255) name!: string;
  @IsOptional() @MaxLength(255) displayName?: string;
  @IsOptional() @MaxLength(512) description?: string;
  @IsOptional() @IsArray() @IsString({ each: true }) bindings?: string[];
  @ReadOnly({ type: 'integer' }) usageCount?: number;
}

export class APIScopeDto {
  @IsObject() @ValidateNested() @Type(() => ScopeDto) scope!: ScopeDto;
  @IsOptional() @IsBoolean() shared?: boolean;
}
