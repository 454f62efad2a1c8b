import { ApiProperty } from '@nestjs/swagger';
import { IsObject, IsOptional } from 'class-validator';

const TEXTS = { type: 'object', additionalProperties: { type: 'string' } } as const;

export class APIRevenueDto {
  @ApiProperty(TEXTS) @IsOptional() @IsObject() properties?: Record<string, string>;
}

export class APIMonetizationUsageDto {
  @ApiProperty(TEXTS) @IsOptional() @IsObject() properties?: Record<string, string>;
}
