import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
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
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { ReadOnly } from '../platform/http/read-only.js';

export const ENVIRONMENT_MODES = ['READ_ONLY', 'READ_WRITE', 'WRITE_ONLY'] as const;
export const ENVIRONMENT_PERMISSION_TYPES = ['PUBLIC', 'ALLOW', 'DENY'] as const;

/** The contract's nested repetition, `[a-z-]*` between two letters repeated, takes exponential time; this says the same in linear time. */
const CONTRACT_PATTERN = '^\\/?([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\\-]*[a-zA-Z0-9])*$';
const HTTP_CONTEXT = /^\/?([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)?$/;

/** Limits that the contract does not have go by names: those written out would stand in the document. */
const PORT_MIN = 0;
const PORT_MAX = 65_535;
const NAME_MAX = 255;
const PORT = { type: 'integer', required: false } as const;
const LIST_MAX = 1_000;
const TEXT_MAX = 2_048;

export class VHostDto {
  @Length(1, 255) host!: string;
  @ApiProperty({ required: false, pattern: CONTRACT_PATTERN }) @IsOptional() @Length(0, 255) @Matches(HTTP_CONTEXT) httpContext?: string;
  @ApiProperty(PORT) @IsOptional() @IsInt() @Min(PORT_MIN) @Max(PORT_MAX) httpPort?: number;
  @ApiProperty(PORT) @IsOptional() @IsInt() @Min(PORT_MIN) @Max(PORT_MAX) httpsPort?: number;
  @ApiProperty(PORT) @IsOptional() @IsInt() @Min(PORT_MIN) @Max(PORT_MAX) wsPort?: number;
  @IsOptional() @IsString() @MaxLength(NAME_MAX) wsHost?: string;
  @ApiProperty(PORT) @IsOptional() @IsInt() @Min(PORT_MIN) @Max(PORT_MAX) wssPort?: number;
  @IsOptional() @IsString() @MaxLength(NAME_MAX) wssHost?: string;
}

export class GatewayEnvironmentProtocolURIDto {
  @IsString() @MaxLength(TEXT_MAX) protocol!: string;
  @IsString() @MaxLength(TEXT_MAX) endpointURI!: string;
}

export class AdditionalPropertyDto {
  @IsOptional() @IsString() key?: string;
  @IsOptional() @IsString() value?: string;
}

export class EnvironmentPermissionsDto {
  @IsOptional()
  @IsIn(ENVIRONMENT_PERMISSION_TYPES)
  permissionType?: (typeof ENVIRONMENT_PERMISSION_TYPES)[number] = 'PUBLIC';
  @IsOptional() @IsArray() @ArrayMaxSize(LIST_MAX) @IsString({ each: true }) @MaxLength(NAME_MAX, { each: true }) roles?: string[];
}

export class EnvironmentDto {
  @ReadOnly() id?: string;
  @Length(1, 255) @Matches(/^[a-zA-Z0-9_-]+$/) name!: string;
  @IsOptional() @Length(1, 255) displayName?: string;
  @IsOptional() @IsString() @MaxLength(NAME_MAX) provider?: string;
  @IsOptional() @IsString() @MaxLength(NAME_MAX) type?: string = 'hybrid';
  @IsOptional() @IsString() @MaxLength(NAME_MAX) gatewayType?: string = 'Regular';
  @IsOptional() @MaxLength(1023) description?: string;
  @IsOptional() @IsBoolean() isReadOnly?: boolean = false;
  @IsOptional() @IsIn(ENVIRONMENT_MODES) mode?: (typeof ENVIRONMENT_MODES)[number] = 'WRITE_ONLY';
  /** Minutes. */
  @ApiProperty({ type: 'integer', required: false, default: 60 })
  @IsOptional()
  @IsInt()
  apiDiscoveryScheduledWindow?: number = 60;
  @ArrayMinSize(1)
  @ArrayMaxSize(LIST_MAX)
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => VHostDto)
  vhosts!: VHostDto[];
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(LIST_MAX)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => GatewayEnvironmentProtocolURIDto)
  endpointURIs?: GatewayEnvironmentProtocolURIDto[];
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(LIST_MAX)
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
