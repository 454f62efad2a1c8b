import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString, Length, MaxLength } from 'class-validator';
import { PaginationDto } from '../platform/http/page.js';
import { ReadOnly } from '../platform/http/read-only.js';

export class LabelDto {
  @ReadOnly() id?: string;
  @Length(1, 255) name!: string;
  @IsOptional() @IsString() @MaxLength(1024) description?: string;
}

export class LabelListDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [LabelDto], required: false }) list!: readonly LabelDto[];
  @ApiProperty({ type: PaginationDto, required: false }) pagination!: PaginationDto;
}

export class LabelledApiDto {
  provider?: string;
  name?: string;
  version?: string;
  id?: string;
}

export class LabelUsageApisDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [LabelledApiDto], required: false }) list!: readonly LabelledApiDto[];
}

export class LabelUsageDto {
  @ApiProperty({ type: LabelUsageApisDto, required: false }) apis!: LabelUsageApisDto;
}
