import { ApiProperty } from '@nestjs/swagger';
import { IsArray, IsIn, IsInt, IsObject, IsOptional, IsString, Length, MaxLength, MinLength } from 'class-validator';
import { ScopeInfoDto } from '../apis/portal/portal-apis.dto.js';
import { PaginationDto } from '../platform/http/page.js';
import { ReadOnly } from '../platform/http/read-only.js';
import { ApplicationKeyDto } from './keys/application-keys.dto.js';

export class ApplicationDto {
  @ReadOnly() applicationId?: string;
  @Length(1, 100) name!: string;
  @MinLength(1) throttlingPolicy!: string;
  @IsOptional() @MaxLength(512) description?: string;
  @IsOptional() @IsIn(['OAUTH', 'JWT'] as const) tokenType?: 'OAUTH' | 'JWT' = 'JWT';
  @ReadOnly() status?: string;
  @IsOptional() @IsArray() @IsString({ each: true }) groups?: string[];
  @ReadOnly({ type: 'integer' }) subscriptionCount?: number;
  @ReadOnly({ type: [ApplicationKeyDto] }) keys?: ApplicationKeyDto[];
  @IsOptional() @IsObject() attributes?: Record<string, string>;
  /** Scopes of the APIs subscribed to; what a request says of them is ignored. */
  @ApiProperty({ type: [ScopeInfoDto], required: false })
  @IsOptional()
  @IsArray()
  @IsObject({ each: true })
  subscriptionScopes?: ScopeInfoDto[];
  @ReadOnly() owner?: string;
  @ReadOnly() hashEnabled?: boolean;
  /** Milliseconds since the epoch. */
  @ReadOnly() createdTime?: string;
  /** Milliseconds since the epoch. */
  @ReadOnly() updatedTime?: string;
  @IsOptional() @IsIn(['PRIVATE', 'SHARED_WITH_ORG'] as const) visibility?: 'PRIVATE' | 'SHARED_WITH_ORG';
}

export class DevportalApplicationInfoDto {
  @IsOptional() @IsString() applicationId?: string;
  @IsOptional() @IsString() name?: string;
  @IsOptional() @IsString() throttlingPolicy?: string;
  @IsOptional() @IsString() description?: string;
  @IsOptional() @IsString() status?: string = '';
  @IsOptional() @IsArray() @IsString({ each: true }) groups?: string[];
  @ApiProperty({ type: 'integer' }) @IsOptional() @IsInt() subscriptionCount?: number;
  @IsOptional() @IsObject() attributes?: Record<string, unknown>;
  @IsOptional() @IsString() owner?: string;
  @IsOptional() @IsString() tokenType?: string;
  @ReadOnly() createdTime?: string;
  @ReadOnly() updatedTime?: string;
}

export class ApplicationThrottleResetDto {
  /** Whose calls are counted anew. */
  @IsOptional() @IsString() userName?: string;
}

export class ApplicationListDto {
  @ApiProperty({ type: 'integer' }) count?: number;
  list?: DevportalApplicationInfoDto[];
  pagination?: PaginationDto;
}
