import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import { PaginationDto } from '../../platform/http/page.js';
import { APIOperationPoliciesDto } from '../dto/api-operations.dto.js';

export class GatewayPolicyMappingsDto {
  /** Given by the server; what is sent is ignored. */
  @IsOptional() @IsString() id?: string;
  @IsObject() @ValidateNested() @Type(() => APIOperationPoliciesDto) policyMapping!: APIOperationPoliciesDto;
  @IsOptional() @IsString() description?: string;
  @IsString() displayName!: string;
  /** Changed by deploying; what is sent is ignored. */
  @IsOptional() @IsArray() @IsString({ each: true }) appliedGatewayLabels?: string[];
}

export class GatewayPolicyMappingInfoDto {
  @ApiProperty({ required: false }) id!: string;
  @ApiProperty({ required: false }) description!: string;
  @ApiProperty({ required: false }) displayName!: string;
}

export class GatewayPolicyMappingDeploymentInfoDto {
  @ApiProperty({ required: false }) id!: string;
  @ApiProperty({ required: false }) description!: string;
  @ApiProperty({ required: false }) displayName!: string;
  @ApiProperty({ type: [String], required: false }) appliedGatewayLabels!: readonly string[];
}

export class GatewayPolicyMappingDataListDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [GatewayPolicyMappingDeploymentInfoDto], required: false }) list!: readonly GatewayPolicyMappingDeploymentInfoDto[];
  @ApiProperty({ type: PaginationDto, required: false }) pagination!: PaginationDto;
}

export class GatewayPolicyDeploymentDto {
  @IsString() gatewayLabel!: string;
  /** False takes the mapping off the gateway. */
  @IsBoolean() gatewayDeployment!: boolean;
  @IsOptional() @IsString() mappingUUID?: string;
}
