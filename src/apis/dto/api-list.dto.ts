import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsInt, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import { PaginationDto } from '../../platform/http/page.js';
import { ReadOnly } from '../../platform/http/read-only.js';
import { APIAdditionalPropertiesItemDto, APIAdditionalPropertiesMapValueDto } from './api-parts.dto.js';

export class APIInfoDto {
  @IsOptional() @IsString() id?: string;
  @IsOptional() @IsString() name?: string;
  @IsOptional() @IsString() displayName?: string;
  @IsOptional() @IsString() description?: string;
  @IsOptional() @IsString() context?: string;
  @IsOptional()
  @IsArray()
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
  @IsOptional() @IsString() version?: string;
  @IsOptional() @IsString() provider?: string;
  @IsOptional() @IsString() type?: string;
  @ReadOnly() subtype?: string;
  @IsOptional() @IsIn(['PUBLIC', 'SINGLE'] as const) audience?: 'PUBLIC' | 'SINGLE';
  @IsOptional() @IsArray() @IsString({ each: true }) audiences?: string[];
  @IsOptional() @IsString() lifeCycleStatus?: string;
  @IsOptional() @IsString() workflowStatus?: string;
  @IsOptional() @IsBoolean() hasThumbnail?: boolean;
  @IsOptional() @IsArray() @IsString({ each: true }) securityScheme?: string[];
  @IsOptional() @IsString() createdTime?: string;
  @IsOptional() @IsString() updatedTime?: string;
  @IsOptional() @IsString() updatedBy?: string;
  @IsOptional() @IsString() gatewayVendor?: string;
  @IsOptional() @IsString() gatewayType?: string = 'wso2/synapse';
  @IsOptional() @IsBoolean() advertiseOnly?: boolean;
  @IsOptional() @IsBoolean() monetizedInfo?: boolean;
  @IsOptional() @IsString() businessOwner?: string;
  @IsOptional() @IsString() businessOwnerEmail?: string;
  @IsOptional() @IsString() TechnicalOwner?: string;
  @IsOptional() @IsString() TechnicalOwnerEmail?: string;
  @IsOptional() @IsBoolean() egress?: boolean = false;
  @IsOptional() @IsBoolean() initiatedFromGateway?: boolean = false;
}

export class APIListDto {
  @ApiProperty({ type: 'integer' }) @IsOptional() @IsInt() count?: number;
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => APIInfoDto) list?: APIInfoDto[];
  @IsOptional() @ValidateNested() @Type(() => PaginationDto) pagination?: PaginationDto;
}
