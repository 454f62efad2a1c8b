import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsObject, IsOptional, ValidateIf, ValidateNested } from 'class-validator';
import type { QUOTA_TYPES, QuotaType } from '../../domain/throttling.js';
import { IsAiAmount, IsAmount, IsDataUnit, IsTimeUnit, IsUnitTime } from './quota-rules.js';

export const THROTTLE_LIMIT_TYPES = [
  'REQUESTCOUNTLIMIT',
  'BANDWIDTHLIMIT',
  'EVENTCOUNTLIMIT',
  'AIAPIQUOTALIMIT',
] as const satisfies typeof QUOTA_TYPES;

export class RequestCountLimitDto {
  @IsTimeUnit() timeUnit!: string;
  @ApiProperty({ type: 'integer' }) @IsUnitTime() unitTime!: number;
  @ApiProperty({ type: 'integer', format: 'int64' }) @IsAmount(1) requestCount!: number;
}

export class BandwidthLimitDto {
  @IsTimeUnit() timeUnit!: string;
  @ApiProperty({ type: 'integer' }) @IsUnitTime() unitTime!: number;
  @ApiProperty({ type: 'integer', format: 'int64' }) @IsAmount(1) dataAmount!: number;
  /** `KB` or `MB`. */
  @IsDataUnit() dataUnit!: string;
}

export class EventCountLimitDto {
  @IsTimeUnit() timeUnit!: string;
  @ApiProperty({ type: 'integer' }) @IsUnitTime() unitTime!: number;
  @ApiProperty({ type: 'integer', format: 'int64' }) @IsAmount(1) eventCount!: number;
}

export class AIAPIQuotaLimitDto {
  @IsTimeUnit() timeUnit!: string;
  @ApiProperty({ type: 'integer' }) @IsUnitTime() unitTime!: number;
  @ApiProperty({ type: 'integer', format: 'int64' }) @IsAiAmount() requestCount!: number;
  @ApiProperty({ type: 'integer', format: 'int64', required: false }) @IsOptional() @IsAmount(0) totalTokenCount?: number;
  @ApiProperty({ type: 'integer', format: 'int64', required: false }) @IsOptional() @IsAmount(0) promptTokenCount?: number;
  @ApiProperty({ type: 'integer', format: 'int64', required: false }) @IsOptional() @IsAmount(0) completionTokenCount?: number;
}

/** What another type's object says counts for nothing: clients leave it as it was before the type was chosen. */
const Of = (type: QuotaType): PropertyDecorator => ValidateIf((limit: ThrottleLimitDto) => limit.type === type);

/** A quota: the object that belongs to `type` holds it. */
export class ThrottleLimitDto {
  @IsIn(THROTTLE_LIMIT_TYPES) type!: (typeof THROTTLE_LIMIT_TYPES)[number];
  @Of('REQUESTCOUNTLIMIT')
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => RequestCountLimitDto)
  requestCount?: RequestCountLimitDto;
  @Of('BANDWIDTHLIMIT') @IsOptional() @IsObject() @ValidateNested() @Type(() => BandwidthLimitDto) bandwidth?: BandwidthLimitDto;
  @Of('EVENTCOUNTLIMIT') @IsOptional() @IsObject() @ValidateNested() @Type(() => EventCountLimitDto) eventCount?: EventCountLimitDto;
  @Of('AIAPIQUOTALIMIT') @IsOptional() @IsObject() @ValidateNested() @Type(() => AIAPIQuotaLimitDto) aiApiQuota?: AIAPIQuotaLimitDto;
}
