import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import type { QUOTA_TYPES } from '../../domain/throttling.js';

export const THROTTLE_LIMIT_TYPES = [
  'REQUESTCOUNTLIMIT',
  'BANDWIDTHLIMIT',
  'EVENTCOUNTLIMIT',
  'AIAPIQUOTALIMIT',
] as const satisfies typeof QUOTA_TYPES;

export class RequestCountLimitDto {
  @IsString() timeUnit!: string;
  @ApiProperty({ type: 'integer' }) @IsInt() unitTime!: number;
  @ApiProperty({ type: 'integer', format: 'int64' }) @IsInt() requestCount!: number;
}

export class BandwidthLimitDto {
  @IsString() timeUnit!: string;
  @ApiProperty({ type: 'integer' }) @IsInt() unitTime!: number;
  @ApiProperty({ type: 'integer', format: 'int64' }) @IsInt() dataAmount!: number;
  /** `KB` or `MB`. */
  @IsString() dataUnit!: string;
}

export class EventCountLimitDto {
  @IsString() timeUnit!: string;
  @ApiProperty({ type: 'integer' }) @IsInt() unitTime!: number;
  @ApiProperty({ type: 'integer', format: 'int64' }) @IsInt() eventCount!: number;
}

export class AIAPIQuotaLimitDto {
  @IsString() timeUnit!: string;
  @ApiProperty({ type: 'integer' }) @IsInt() unitTime!: number;
  @ApiProperty({ type: 'integer', format: 'int64' }) @IsInt() requestCount!: number;
  @ApiProperty({ type: 'integer', format: 'int64', required: false }) @IsOptional() @IsInt() totalTokenCount?: number;
  @ApiProperty({ type: 'integer', format: 'int64', required: false }) @IsOptional() @IsInt() promptTokenCount?: number;
  @ApiProperty({ type: 'integer', format: 'int64', required: false }) @IsOptional() @IsInt() completionTokenCount?: number;
}

/** A quota: the object that belongs to `type` holds it. */
export class ThrottleLimitDto {
  @IsIn(THROTTLE_LIMIT_TYPES) type!: (typeof THROTTLE_LIMIT_TYPES)[number];
  @IsOptional() @IsObject() @ValidateNested() @Type(() => RequestCountLimitDto) requestCount?: RequestCountLimitDto;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => BandwidthLimitDto) bandwidth?: BandwidthLimitDto;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => EventCountLimitDto) eventCount?: EventCountLimitDto;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => AIAPIQuotaLimitDto) aiApiQuota?: AIAPIQuotaLimitDto;
}
