import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString, Length, MaxLength } from 'class-validator';
import { ReadOnly } from '../platform/http/read-only.js';

/** A category as publishers and visitors of the portal see it: only ever answered. */
export class APICategoryDto {
  id?: string;
  name!: string;
  description?: string;
}

export class APICategoryListDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [APICategoryDto], required: false }) list!: readonly APICategoryDto[];
}

export class AdminAPICategoryDto {
  @ReadOnly() id?: string;
  @Length(1, 255) name!: string;
  @IsOptional() @IsString() @MaxLength(1024) description?: string;
  @ReadOnly({ type: 'integer' }) numberOfAPIs?: number;
}

export class AdminAPICategoryListDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [AdminAPICategoryDto], required: false }) list!: readonly AdminAPICategoryDto[];
}
