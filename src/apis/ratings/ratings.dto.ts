import { ApiProperty } from '@nestjs/swagger';
import { IsInt } from 'class-validator';
import { PaginationDto } from '../../platform/http/page.js';
import { ReadOnly } from '../../platform/http/read-only.js';

export class RatingDto {
  @ReadOnly() ratingId?: string;
  @ReadOnly() apiId?: string;
  @ReadOnly({ maxLength: 50 }) ratedBy?: string;
  /** From 1 to 5; answered as 0 when the user has not rated the API. */
  @ApiProperty({ type: 'integer' }) @IsInt() rating!: number;
}

export class RatingListDto {
  /** With one decimal. */
  avgRating!: string;
  /** 0 for none. */
  @ApiProperty({ type: 'integer', required: false }) userRating!: number;
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [RatingDto], required: false }) list!: readonly RatingDto[];
  @ApiProperty({ type: PaginationDto, required: false }) pagination!: PaginationDto;
}
