import { ApiProperty } from '@nestjs/swagger';
import { PaginationDto } from '../../platform/http/page.js';

export class ResourcePathDto {
  /** The place of the operation in the API, from 1. */
  @ApiProperty({ type: 'integer' }) id!: number;
  @ApiProperty({ required: false }) resourcePath!: string;
  @ApiProperty({ required: false }) httpVerb!: string;
}

export class ResourcePathListDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [ResourcePathDto], required: false }) list!: readonly ResourcePathDto[];
  @ApiProperty({ type: PaginationDto, required: false }) pagination!: PaginationDto;
}
