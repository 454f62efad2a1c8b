import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMinSize,
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
import { ReadOnly } from '../platform/http/read-only.js';

export const ENVIRONMENT_MODES = ['READ_ONLY', 'READ_WRITE', 'WRITE_ONLY'] as const;
export const ENVIRONMENT_PERMISSION_TYPES = ['PUBLIC', 'ALLOW', 'DENY'] as const;

/** The contract's nested repetition, `[a-z-]*` between two letters repeated, takes exponential time; this says the same in linear time. */
const CONTRACT_PATTERN = '^\\/?([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\\-]*[a-zA-Z0-9])*$';
const HTTP_CONTEXT = /^\/?([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)?$/;

export class VHostDto {
  @Length(1, 255) host!: string;
  @ApiProperty({ required: false, pattern: CONTRACT_PATTERN }) @IsOptional() @Length(0, 255) @Matches(HTTP_CONTEXT) httpContext?: string;
  @ApiProperty({ type: 'integer', required: false }) @IsOptional() @IsInt() httpPort?: number;
  @ApiProperty({ type: 'integer', required: false }) @IsOptional() @IsInt() httpsPort?: number;
  @ApiProperty({ type: 'integer', required: false }) @IsOptional() @IsInt() wsPort?: number;
  @IsOptional() @IsString() wsHost?: string;
  @ApiProperty({ type: 'integer', required: false }) @IsOptional() @IsInt() wssPort?: number;
  @IsOptional() @IsString() wssHost?: string;
}

export class GatewayEnvironmentProtocolURIDto {
  @IsString() protocol!: string;
  @IsString() endpointURI!: string;
}

export class AdditionalPropertyDto {
  @IsOptional() @IsString() key?: string;
  @IsOptional() @IsString() value?: string;
}

export class EnvironmentPermissionsDto {
  @IsOptional()
  @IsIn(ENVIRONMENT_PERMISSION_TYPES)
  permissionType?: (typeof ENVIRONMENT_PERMISSION_TYPES)[number] = 'PUBLIC';
  @IsOptional() @IsArray() @IsString({ each: true }) roles?: string[];
}

export class EnvironmentDto {
  @ReadOnly() id?: string;
  @Length(1, 255) @Matches(/^[a-zA-Z0-9_-]+$/) name!: string;
  @IsOptional() @Length(1, 255) displayName?: string;
  @IsOptional() @IsString() provider?: string;
  @IsOptional() @IsString() type?: string = 'hybrid';
  @IsOptional() @IsString() gatewayType?: string = 'Regular';
  @IsOptional() @MaxLength(1023) description?: string;
  @IsOptional() @IsBoolean() isReadOnly?: boolean = false;
  @IsOptional() @IsIn(ENVIRONMENT_MODES) mode?: (typeof ENVIRONMENT_MODES)[number] = 'WRITE_ONLY';
  /** Minutes. */
  @ApiProperty({ type: 'integer', required: false, default: 60 })
  @IsOptional()
  @IsInt()
  apiDiscoveryScheduledWindow?: number = 60;
  @ArrayMinSize(1) @IsArray() @IsObject({ each: true }) @ValidateNested({ each: true }) @Type(() => VHostDto) vhosts!: VHostDto[];
  @IsOptional()
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => GatewayEnvironmentProtocolURIDto)
  endpointURIs?: GatewayEnvironmentProtocolURIDto[];
  @IsOptional()
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => AdditionalPropertyDto)
  additionalProperties?: AdditionalPropertyDto[];
  @IsOptional() @IsObject() @ValidateNested() @Type(() => EnvironmentPermissionsDto) permissions?: EnvironmentPermissionsDto;
  @ReadOnly({ type: 'string', enum: ['Active', 'Inactive'] }) status?: 'Active' | 'Inactive';
  @ReadOnly({ format: 'uri', type: 'string' }) vhost?: string;
  @ReadOnly({ type: [String] }) platformGatewayVersions?: string[];
}

export class EnvironmentListDto {
  @ApiProperty({ type: 'integer', required: false }) @IsOptional() @IsInt() count?: number;
  @IsOptional() @IsArray() @IsObject({ each: true }) @ValidateNested({ each: true }) @Type(() => EnvironmentDto) list?: EnvironmentDto[];
}

export class GatewayInstanceDto {
  gatewayId!: string;
  lastActive?: string;
  @ApiProperty({ enum: ['ACTIVE', 'EXPIRED'], default: 'ACTIVE', required: false }) status?: 'ACTIVE' | 'EXPIRED';
}

export class GatewayInstanceListDto {
  @ApiProperty({ type: 'integer', required: false }) count?: number;
  @ApiProperty({ type: [GatewayInstanceDto], required: false }) list?: GatewayInstanceDto[];
}
