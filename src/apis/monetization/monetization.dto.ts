import { ApiProperty } from '@nestjs/swagger';
import { IsObject, IsOptional } from 'class-validator';

const TEXTS = { type: 'object', additionalProperties: { type: 'string' } } as const;

export class APIRevenueDto {
  @ApiProperty(TEXTS) @IsOptional() @IsObject() properties?: Record<string, string>;
}

export class APIMonetizationUsageDto {
  @ApiProperty(TEXTS) @IsOptional() @IsObject() properties?: Record<string, string>;
}

export class PublishStatusDto {
  status?: string;
  message?: string;
}

export class MonetizationUsagePublishInfoDto {
  state?: string;
  status?: string;
  /** Milliseconds since the epoch. */
  startedTime?: string;
  /** Milliseconds since the epoch. The name is spelt so on the wire. */
  lastPublsihedTime?: string;
}
