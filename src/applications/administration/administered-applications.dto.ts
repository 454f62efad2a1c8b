import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString } from 'class-validator';
import { ScopeInfoDto } from '../../apis/portal/portal-apis.dto.js';
import { AdminKeyManagerInfoDto } from '../../keys/managers/admin/key-managers.admin.dto.js';
import { PaginationDto } from '../../platform/http/page.js';

const APPLICATION_TOKEN_TYPES = ['OAUTH', 'JWT'] as const;

export class AdminApplicationInfoDto {
  applicationId?: string;
  name?: string;
  owner?: string;
  @ApiProperty({ enum: APPLICATION_TOKEN_TYPES, required: false }) tokenType?: (typeof APPLICATION_TOKEN_TYPES)[number];
  /** Milliseconds since the epoch. */
  @ApiProperty({ required: false, readOnly: true }) createdTime?: string;
  /** Those of which it has keys. */
  keyManagers?: AdminKeyManagerInfoDto[];
  status?: string;
  /** The groups it is shared with, separated by commas. */
  groupId?: string;
}

export class AdminApplicationListDto {
  @ApiProperty({ type: 'integer', required: false }) count?: number;
  list?: AdminApplicationInfoDto[];
  pagination?: PaginationDto;
}

/** The contract's `Application` of the admin API: no keys, for those are the owner's. */
export class AdminApplicationDto {
  applicationId?: string;
  name?: string;
  throttlingPolicy?: string;
  description?: string;
  @ApiProperty({ enum: APPLICATION_TOKEN_TYPES, required: false, default: 'JWT' }) tokenType?: (typeof APPLICATION_TOKEN_TYPES)[number];
  @ApiProperty({ required: false, default: '' }) status?: string;
  groups?: string[];
  @ApiProperty({ type: 'integer', required: false }) subscriptionCount?: number;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } }) attributes?: Readonly<Record<string, string>>;
  subscriptionScopes?: ScopeInfoDto[];
  owner?: string;
}

export class ApplicationUpdateRequestDto {
  /** The new owner's user name. */
  @IsOptional() @IsString() owner?: string;
  /** Every application has JWTs already. */
  @IsOptional() @IsIn(['JWT'] as const) tokenType?: 'JWT';
}
